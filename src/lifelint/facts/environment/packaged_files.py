"""What a model is packaged with to be served: ``cog.yaml`` (cog.run/yaml), ``bentofile.yaml`` (docs.bentoml.com)."""

from __future__ import annotations

from typing import Any, NamedTuple

from lifelint.facts._yaml import Map, load
from lifelint.facts.environment.mlflow_files import Listed, listed
from lifelint.facts.environment.pip_files import IncludeLine


class Packaged(NamedTuple):
    """What is packaged with a model. ``cuda`` is as written, ``conda`` a conda environment file."""

    listed: Listed
    cuda: str = ""
    cuda_line: int = 0
    conda: str = ""
    image: str = ""
    image_line: int = 0


def parse_cog(data: bytes) -> Packaged | None:
    """The ``build`` section of a ``cog.yaml``; ``None`` without one."""
    document = load(data)
    build = document.get("build") if isinstance(document, Map) else None
    if not isinstance(build, Map):
        return None
    made = listed(build, "python_packages", python="python_version")
    made = _with_file(made, build, "python_requirements")
    return Packaged(made._replace(line=document.lines["build"]), _text(build, "cuda"), build.lines.get("cuda", 0))


def parse_bentofile(data: bytes) -> Packaged | None:
    """The ``python``, ``conda`` and ``docker`` sections of a ``bentofile.yaml``; ``None`` for some other YAML."""
    document = load(data)
    if not isinstance(document, Map) or not {"service", "python", "docker", "conda", "include"} & set(document):
        return None
    python, docker, conda = (_section(document, key) for key in ("python", "docker", "conda"))
    made = _with_file(listed(python, "packages"), python, "requirements_txt")
    version = listed(docker, python="python_version")
    line = document.lines.get("python", document.line)
    return Packaged(
        made._replace(python=version.python, python_line=version.python_line, line=line),
        _text(docker, "cuda_version"),
        docker.lines.get("cuda_version", 0),
        _text(conda, "environment_yml"),
        _text(docker, "base_image"),
        docker.lines.get("base_image", 0),
    )


def _section(document: Map, key: str) -> Map:
    found = document.get(key)
    return found if isinstance(found, Map) else Map()


def _text(section: Map, key: str) -> str:
    value: Any = section.get(key)
    return str(value) if isinstance(value, (str, float, int)) and not isinstance(value, bool) else ""


def _with_file(made: Listed, section: Map, key: str) -> Listed:
    name = _text(section, key)
    line = section.lines.get(key, 0)
    return made._replace(includes=(*made.includes, IncludeLine(line, "-r", name))) if name else made
