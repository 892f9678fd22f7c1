"""What MLflow writes and reads: ``MLproject``, ``python_env.yaml``, ``MLmodel`` (mlflow.org, "Projects", "Models")."""

from __future__ import annotations

from typing import Any, NamedTuple

from lifelint.facts._yaml import Map, Seq, load
from lifelint.facts.environment.nouns import Requirement
from lifelint.facts.environment.pip_files import BrokenLine, IncludeLine, parse_requirements

_VERSIONS = {
    "sklearn_version": "scikit-learn", "pytorch_version": "torch", "xgb_version": "xgboost", "lgb_version": "lightgbm",
    "keras_version": "keras", "transformers_version": "transformers", "spacy_version": "spacy",
    "catboost_version": "catboost", "statsmodels_version": "statsmodels", "onnx_version": "onnx",
    "fastai_version": "fastai", "prophet_version": "prophet", "sentence_transformers_version": "sentence-transformers",
}  # fmt: skip
"""Key of a flavor → the distribution whose version it records."""


class Project(NamedTuple):
    """The environment that an ``MLproject`` names: a file beside it, or an image."""

    python_env: str = ""
    conda_env: str = ""
    image: str = ""
    line: int = 0


class Listed(NamedTuple):
    """Packages that a YAML file lists, as lines of pip's format, and the Python it states."""

    requirements: tuple[Requirement, ...]
    includes: tuple[IncludeLine, ...]
    broken: tuple[BrokenLine, ...]
    python: str = ""
    python_line: int = 0
    line: int = 0


def parse_mlproject(data: bytes) -> Project:
    """The keys of an ``MLproject`` that name an environment."""
    document = load(data)
    if not isinstance(document, Map):
        return Project()
    docker = document.get("docker_env")
    image = docker.get("image") if isinstance(docker, Map) else None
    texts = {key: value for key in ("python_env", "conda_env") if isinstance(value := document.get(key), str)}
    named = next((key for key in ("python_env", "conda_env", "docker_env") if key in document), "")
    line = docker.lines["image"] if isinstance(docker, Map) and isinstance(image, str) else document.lines.get(named, 0)
    return Project(texts.get("python_env", ""), texts.get("conda_env", ""), str(image or ""), line)


def parse_python_env(data: bytes) -> Listed | None:
    """``python_env.yaml``: ``python``, ``build_dependencies`` and ``dependencies``; ``None`` for some other YAML."""
    document = load(data)
    if not isinstance(document, Map) or not {"python", "dependencies"} & set(document):
        return None
    return listed(document, "dependencies", python="python")


def listed(document: Map, *keys: str, python: str = "") -> Listed:
    """What the lists under ``keys`` ask for."""
    found: list[Requirement] = []
    includes: list[IncludeLine] = []
    broken: list[BrokenLine] = []
    for key in keys:
        items = document.get(key)
        for item, line in zip(items, items.lines, strict=True) if isinstance(items, Seq) else ():
            below = parse_requirements(str(item if item is not None else "").encode())
            found += [r._replace(line=line) for r in below.requirements]
            includes += [include._replace(line=line) for include in below.includes]
            broken += [bad._replace(line=line) for bad in below.broken]
    at = next((document.lines[key] for key in keys if key in document), document.line)
    stated = _version(document.get(python)) if python else ""
    return Listed(tuple(found), tuple(includes), tuple(broken), stated, document.lines.get(python, 0), at)


def _version(value: Any) -> str:
    # Unquoted 3.10 is the number 3.1 to everything that reads YAML: what was meant is not certain.
    return str(value) if isinstance(value, str) or (isinstance(value, float) and value not in (3.1, 3.2)) else ""


class Model(NamedTuple):
    """What an ``MLmodel`` records of the environment its model was made in, and the files that hold the rest."""

    requirements: tuple[Requirement, ...]
    files: tuple[str, ...]
    python: str
    python_line: int


def parse_mlmodel(data: bytes) -> Model:
    """The versions that the flavors of an ``MLmodel`` record."""
    document = load(data)
    flavors = document.get("flavors") if isinstance(document, Map) else None
    found: list[Requirement] = []
    files: list[str] = []
    python, python_line = "", 0
    for flavor in flavors.values() if isinstance(flavors, Map) else ():
        if not isinstance(flavor, Map):
            continue
        for key, value in flavor.items():
            name = _VERSIONS.get(key)
            if name and isinstance(value, str):
                found.append(_recorded(name, value, flavor.lines[key]))
        if "python_version" in flavor:
            python, python_line = _version(flavor["python_version"]), flavor.lines["python_version"]
        env = flavor.get("env")
        values = env.values() if isinstance(env, Map) else (env,)
        files += [value for value in values if isinstance(value, str)]
    return Model(tuple(found), tuple(dict.fromkeys(files)), python, python_line)


def _recorded(name: str, version: str, line: int) -> Requirement:
    written = f"{name}=={version}"
    return Requirement("", line, name, written, specifier=f"=={version}", exact=True, why=f"one version, {version}")
