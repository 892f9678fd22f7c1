"""What a team has written down that a release candidate has to have, and whether it names what can be looked up."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts._taskfiles import parse_makefile
from lifelint.facts._text import decode
from lifelint.facts.data.formats import words

if TYPE_CHECKING:
    from lifelint.facts.documents.noun import Document

_HEADING = re.compile(
    r"releas(?:e|ing)[- ](?:candidates?|checklists?|criteria|requirements?|process|gates?)|releasing|how to release"
    r"|(?:cutting|making|preparing) a release|definition of (?:done|ready)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]?\]\s+)?(?P<text>\S.*)")
_TITLE = re.compile(r"(?P<level>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_CODE = re.compile(r"(`+)(?!`)(?P<text>.+?)(?<!`)\1(?!`)")
_LINK = re.compile(r"\[[^\]]*\]\((?P<text>[^)\s]+)\)")
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile")
_PROGRAMS = words("""
    dvc lifelint pytest tox nox git gh glab mlflow docker podman kubectl helm argocd flux pre-commit twine mypy
    ruff hatch uv poetry pdm pipenv gto cml great_expectations dbt bentoml cosign model_signing lm_eval
    evidently
""")
_RUNNERS = {"python": ".py", "python3": ".py", "bash": ".sh", "sh": ".sh", "Rscript": ".R"}
_WRITTEN = (".py", ".sh", ".md", ".yaml", ".yml", ".toml", ".ipynb", ".dvc")
_PATH = re.compile(r"[\w.@+-]+(?:/[\w.@+-]+)*/?")


class Criterion(NamedTuple):
    """An item of a checklist for releases.

    ``names`` are the files and commands in it that can be looked up here, ``missing`` those of them that are not there.
    An item with neither is prose.
    """

    path: str
    line: int
    text: str
    names: tuple[str, ...]
    missing: tuple[str, ...]


def release_criteria(source: Source, documents: Sequence[Document]) -> Iterator[Criterion]:
    """The items of documents about releases, and of sections about them in CONTRIBUTING, README and runbooks."""
    whole = {document.path for document in documents if document.role == "release"}
    parts = {document.path for document in documents if document.role in ("readme", "runbook", "handoff")}
    parts |= set(source.named("CONTRIBUTING.md")) | {"README.md"}
    for path in sorted(whole | parts):
        items = source.parse(path, _items) if source.is_file(path) and path.endswith((".md", ".markdown")) else None
        for line, text, inside in items or ():
            if inside or path in whole:
                yield _criterion(source, path, line, text)


def _items(data: bytes) -> tuple[tuple[int, str, bool], ...]:
    """The items of lists, and whether a heading about releases stands above each."""
    found: list[tuple[int, str, bool]] = []
    within, fenced = 0, False
    for number, line in enumerate(decode(data).split("\n"), 1):
        if _FENCE.match(line):
            fenced = not fenced
        title = None if fenced else _TITLE.match(line)
        item = None if fenced else _ITEM.match(line)
        if title:
            level = len(title["level"])
            if within and level <= within:
                within = 0
            if not within and _HEADING.search(title["text"]):
                within = level
        elif item:
            found.append((number, item["text"].strip(), bool(within)))
        elif found and line.startswith((" ", "\t")) and line.strip() and not fenced:
            at, text, inside = found[-1]
            found[-1] = at, f"{text} {line.strip()}", inside
    return tuple(found)


def _criterion(source: Source, path: str, line: int, text: str) -> Criterion:
    said = [match["text"].strip() for pattern in (_CODE, _LINK) for match in pattern.finditer(text)]
    told = [(name, there) for name in dict.fromkeys(said) if (there := _there(source, path, name)) is not None]
    names = tuple(name for name, _ in told)
    return Criterion(path, line, text, names, tuple(name for name, there in told if not there))


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
