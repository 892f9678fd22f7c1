"""Files and commands that people name in a text, and whether they are there."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts._taskfiles import parse_makefile
from lifelint.facts.data.formats import words

_CODE = lazy(r"(?<!`)(`++)(?P<text>.+?)(?<!`)\1(?!`)")
_LINK = lazy(r"\]\((?P<text>[^()\s]+)\)")
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile")
_RUNNERS = {"python": ".py", "python3": ".py", "bash": ".sh", "sh": ".sh", "Rscript": ".R"}
_WRITTEN = (".py", ".sh", ".md", ".yaml", ".yml", ".toml", ".ipynb", ".dvc")
_PATH = lazy(r"[\w.@+-]+(?:/[\w.@+-]+)*/?")


_PROGRAMS = words("""
    dvc lifelint pytest tox nox git gh glab mlflow docker podman kubectl helm argocd flux pre-commit twine mypy
    ruff hatch uv poetry pdm pipenv gto cml great_expectations dbt bentoml cosign model_signing lm_eval
    evidently
""")


def looked_up(
    source: Source, path: str, text: str, commands: Iterable[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the code and the links in a text of the file ``path`` name that can be looked up, and what of it is missing.

    ``commands`` are lines of a shell that belong to the text.
    """
    said = [match["text"].strip() for pattern in (_CODE, _LINK) for match in pattern.finditer(text)]
    told = [
        (name, there) for name in dict.fromkeys([*said, *commands]) if (there := _there(source, path, name)) is not None
    ]
    return tuple(name for name, _ in told), tuple(name for name, there in told if not there)


def _there(source: Source, path: str, said: str) -> bool | None:
    """Whether what is named is here; ``None`` for what is no file or command, or cannot be looked up."""
    try:
        given = shlex.split(said.removeprefix("$ "))
    except ValueError:
        return None
    if not given or any(mark in said for mark in "<>{}$*…"):
        return None
    program, rest = given[0], [word for word in given[1:] if not word.startswith("-")]
    if not rest:
        written = _PATH.fullmatch(said) and ("/" in said or re.search(r"\w\.[A-Za-z]\w{0,9}$", said))
        return _file(source, path, said) if written else None
    if program in ("make", "just"):
        return _target(source, rest[0])
    if program in _RUNNERS and rest[0].endswith(_RUNNERS[program]):
        return _file(source, path, rest[0])
    return True if program in _PROGRAMS else None  # what it does is its own affair


def _file(source: Source, path: str, name: str) -> bool | None:
    places = (posixpath.normpath(place) for place in (name, posixpath.join(posixpath.dirname(path), name)))
    if any(place in source.entries or source.is_folder(place) for place in places):
        return True
    bare = name.removeprefix("./")
    if any(other.endswith(f"/{bare}") for other in source.named(posixpath.basename(bare))):
        return True  # it is told without the folder that everybody knows
    # What is made on the way is not in git, and a bare name may be anything: only what people write is missed
    return False if "/" in bare and name[0] not in "/." and name.endswith(_WRITTEN) else None


def _target(source: Source, name: str) -> bool | None:
    files = [path for path in _MAKEFILES if source.is_file(path)]
    if not files:
        return False
    for path in files:
        made = source.parse(path, parse_makefile)
        data = source.bytes(path) or b""
        if made is None or b"include" in data or b"$(" in data.partition(b":")[0]:
            return True if made and name in made else None
        if name in made:
            return True
    return False
