"""Every place that states which Python the project runs on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._images import Image, beside
from lifelint.facts._installs import parse_installs
from lifelint.facts._source import Source
from lifelint.facts._yaml import Map, Seq, load
from lifelint.facts.containers import dockerfiles
from lifelint.facts.environment import roles
from lifelint.facts.environment.nouns import Lock, Manifest
from lifelint.facts.environment.pip_files import decoded
from lifelint.facts.run_images import clusters

KNOWN = tuple(range(6, 16))
"""The minor versions of Python 3 that are told apart."""

_TAG = lazy(r"(?:^|[-_.])(?:python|py|cp)-?3\.?(\d{1,2})(?:\.\d+)?(?=$|[-_.])", re.IGNORECASE)
_VERSION = lazy(r"(?:cpython-|python-?)?3\.(\d{1,2})(?:\.(?:\d+|x|\*))?(?:[a-z]+\d*)?(?:-[\w-]+)?")


@dataclass(frozen=True)
class PythonVersion:
    """One statement of the Python version.

    ``where`` says what states it (``.python-version``, ``requires-python``, ``image``, ``workflow``, ``model``, …),
    ``text`` is as written, ``minors`` are the versions among 3.6 to 3.15 that it admits. ``kind`` is
    ``fixed`` (one version), ``range``, ``matrix`` (a set that must contain the version, such as what CI tests with), or
    ``unknown``: an expression that cannot be resolved here, which has no ``minors``.
    """

    path: str
    line: int
    where: str
    text: str
    minors: tuple[str, ...]
    kind: str
    role: str = "runtime"


def python_versions(
    source: Source, manifests: Sequence[Manifest], locks: Sequence[Lock], images: Sequence[Image]
) -> Iterator[PythonVersion]:
    """Every statement whose meaning is certain."""
    found = [
        *_files(source),
        *_manifests(manifests),
        *_locks(locks),
        *_images(images),
        *_installed(source),
        *_images(list(clusters(source))),
        *_workflows(source),
    ]
    return iter(sorted((f for f in found if f.minors or f.kind == "unknown"), key=lambda f: (f.path, f.line, f.text)))


def _names(minors: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"3.{minor}" for minor in sorted(set(minors)) if minor in KNOWN)


def _fixed(text: str) -> tuple[str, ...]:
    match = _VERSION.fullmatch(text.strip())
    return _names([int(match[1])]) if match else ()


@lru_cache(1024)
def _range(text: str) -> tuple[str, ...]:
    """The minors that a PEP 440 range, or a caret of Poetry, admits any release of."""
    from packaging.specifiers import SpecifierSet

    if "||" in text:
        return _names([int(m.split(".")[1]) for part in text.split("||") for m in _range(part.strip())])
    clauses = []
    for clause in text.split(","):
        caret = re.fullmatch(r"\s*\^\s*(3(?:\.\d+)*)\s*", clause)
        tilde = re.fullmatch(r"\s*~\s*(3\.\d+)(?:\.\d+)*\s*", clause)
        bare = re.fullmatch(r"\s*(3\.\d+)(\.\d+|\.\*)*\s*", clause)
        clauses.append(f">={caret[1]},<4" if caret else f"=={(tilde or bare)[1]}.*" if tilde or bare else clause)  # type: ignore[index]
    try:
        allowed = SpecifierSet(",".join(clauses))
    except ValueError:
        return ()
    micros = [0, *range(1, 30)]
    return _names([minor for minor in KNOWN if any(allowed.contains(f"3.{minor}.{m}") for m in micros)])


def _statement(path: str, line: int, where: str, text: str, minors: tuple[str, ...], role: str) -> PythonVersion:
    return PythonVersion(path, line, where, text, minors, "fixed" if len(minors) == 1 else "range", role)


class _Line(NamedTuple):
    line: int
    text: str


def parse_version_file(data: bytes) -> tuple[_Line, ...]:
    """The lines of ``.python-version`` (pyenv, uv) or ``runtime.txt`` (Heroku) that are not comments."""
    lines = enumerate(decoded(data).splitlines(), 1)
    return tuple(_Line(n, text.strip()) for n, text in lines if text.strip() and not text.lstrip().startswith("#"))


def _files(source: Source) -> Iterator[PythonVersion]:
    for path in source.named(".python-version", "runtime.txt"):
        lines = source.parse(path, parse_version_file) or ()
        name = path.rsplit("/", 1)[-1]
        # pyenv takes several versions, the first of which is the default.
        for line in lines[:1]:
            if name == ".python-version" or line.text.startswith("python-"):
                yield _statement(path, line.line, name, line.text, _fixed(line.text), roles.of_path(f"{path}/x"))


def _manifests(manifests: Sequence[Manifest]) -> Iterator[PythonVersion]:
    for m in manifests:
        if not m.requires_python:
            continue
        where, read = _MANIFEST.get(m.tool, ("requires-python", _range))
        where = "model" if m.role == "model" else where
        yield _statement(m.path, m.requires_python_line, where, m.requires_python, read(m.requires_python), m.role)


def _conda(text: str) -> tuple[str, ...]:
    fixed = re.fullmatch(r"={0,2}\s*(3\.\d{1,2})(?:[.=].*|\*)?", text.strip())
    return _fixed(fixed[1]) if fixed else _range(text.replace("*", "") if "==" not in text else text)


_MANIFEST: Mapping[str, tuple[str, Callable[[str], tuple[str, ...]]]] = {
    **dict.fromkeys(("conda", "pixi", "pipenv"), ("python", _conda)),
    "cog": ("cog", _fixed),
    "bentoml": ("bentofile", _fixed),
    "mlflow": ("mlflow", _fixed),
}
"""What reads a manifest → the word for its statement, and how it is read; all others state a range."""


def _installed(source: Source) -> Iterator[PythonVersion]:
    """What a Dockerfile installs with conda: ``conda install python=3.11.7``."""
    for path in dockerfiles(source):
        for found in source.parse(path, parse_installs) or ():
            if found.tool == "conda" and found.name == "python" and found.exact is not False:
                minors = _conda(found.written.removeprefix("python").strip())
                yield _statement(path, found.line, "image", found.written, minors, roles.of_path(beside(path)))


def _locks(locks: Sequence[Lock]) -> Iterator[PythonVersion]:
    for lock in locks:
        if lock.requires_python:
            minors = _fixed(lock.requires_python) or _range(lock.requires_python)
            role = roles.of_path(f"{lock.path.rpartition('/')[0]}/x")
            yield _statement(lock.path, lock.requires_python_line, "lock", lock.requires_python, minors, role)


def _images(images: Sequence[Image]) -> Iterator[PythonVersion]:
    for image in images:
        last = image.name.rsplit("/", 1)[-1]
        match = re.match(r"3\.(\d{1,2})(?:\.\d+)?(?=$|-)", image.tag) if last == "python" else _TAG.search(image.tag)
        if match and image.instruction in ("FROM", "devcontainer", "anyscale"):
            where = "devcontainer" if image.instruction == "devcontainer" else "image"
            yield _statement(image.path, image.line, where, image.reference, _names([int(match[1])]), image.role)


def parse_document(data: bytes) -> Any:
    """A YAML document as it is."""
    return load(data)


def _text(value: Any) -> str:
    # Unquoted 3.10 is the number 3.1 to YAML, and to everything that reads it: the statement is not certain.
    return "" if value in (3.1, 3.2) else str(value)


# A workflow named so checks or ships text: with which Python it does says nothing of what the code runs on.
_CHORES = lazy(r"lint|format|style|pre-commit|docs?\b|spell|release|publish", re.IGNORECASE)
# A job that neither installs nor tests anything runs a script of its own: it says as little.
_INSTALLS = lazy(
    r"\b(?:pip3?|uv|poetry|pdm|pipenv|conda|mamba|micromamba|pixi|hatch|tox|nox|make|just|mise|task|invoke|pytest)\b"
    r"|unittest|setup\.py|\.sh\b"
)
# What installs packages by their names alone serves a script of the job; the project is not installed.
_BY_NAME = lazy(
    r"\b(?:uv\s+)?pip3?\s+install(?:[ \t]+[\"']?[A-Za-z0-9](?:[\w.\[\]=<>!~,\"'-]|\\\n)*)+[ \t]*(?=$|[\n&|;#])"
)
# The Python of an environment that conda makes is the one that runs, whatever was set up before.
_CONDA = lazy(r"\b(?:conda|mamba|micromamba)\s+(?:env\s+(?:create|update)|create|activate|run)\b")


def _workflows(source: Source) -> Iterator[PythonVersion]:
    paths = [p for p in source.under(".github/workflows") if p.endswith((".yml", ".yaml")) and p.count("/") == 2]
    source.prefetch(paths)
    for path in paths:
        document = source.parse(path, parse_document) if b"python-version" in (source.bytes(path) or b"") else None
        jobs = document.get("jobs") if isinstance(document, Map) else None
        environment = document.get("env") if isinstance(document, Map) else None
        for job in jobs.values() if isinstance(jobs, Map) else ():
            if isinstance(job, Map):
                yield from _job(path, job, environment if isinstance(environment, Map) else {})


def _job(path: str, job: Map, environment: Mapping[str, Any]) -> Iterator[PythonVersion]:
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, Map) else None
    own = job.get("env")
    known = {**environment, **(own if isinstance(own, Map) else {})}
    steps = job.get("steps")
    for step in steps if isinstance(steps, Seq) else ():
        given = step.get("with") if isinstance(step, Map) else None
        if not isinstance(given, Map) or "python-version" not in given:
            continue
        texts = list(_values(given["python-version"], matrix, known))
        versions = [m for text in texts for m in _fixed(text)]
        certain = bool(texts) and all("$" not in text for text in texts)
        minors = _names([int(m.split(".")[1]) for m in versions]) if certain else ()
        kind = ("fixed" if len(texts) == 1 else "matrix") if minors else "unknown"
        line = given.lines["python-version"]
        idle = not _works(job) or (_sets_up(step) and _runs(job, _CONDA))
        role = "dev" if _CHORES.search(path.rpartition("/")[2]) or idle else "test"
        yield PythonVersion(path, line, "workflow", ", ".join(texts), minors, kind, role)


def _works(job: Map) -> bool:
    """Whether a job may install or test the project: by its commands, or by an action that nobody has read here."""
    steps = job.get("steps")
    for step in steps if isinstance(steps, Seq) else ():
        if isinstance(step, Map) and (
            _INSTALLS.search(_BY_NAME.sub("", _text(step.get("run", "")))) or _is_other(_text(step.get("uses", "")))
        ):
            return True
    return False


def _runs(job: Map, command: re.Pattern[str]) -> bool:
    steps = job.get("steps")
    return any(
        isinstance(step, Map) and command.search(_text(step.get("run", ""))) is not None
        for step in (steps if isinstance(steps, Seq) else ())
    )


def _sets_up(step: Map) -> bool:
    return _text(step.get("uses", "")).startswith("actions/setup-python@")


def _is_other(action: str) -> bool:
    known = ("actions/checkout@", "actions/setup-python@", "actions/cache@", "astral-sh/setup-uv@")
    return action != "" and not action.startswith(known)


def _values(value: Any, matrix: Any, environment: Mapping[str, Any]) -> Iterator[str]:
    """The versions that a ``python-version`` input takes on; an expression that is not resolved stays as it is."""
    text = _text(value)
    if "${{" not in text:
        yield from text.split()
        return
    expression = re.fullmatch(r"\s*\$\{\{\s*(matrix|env)\.([\w-]+)\s*\}\}\s*", text)
    found: Any = None
    if expression:
        scope = matrix if expression[1] == "matrix" else environment
        found = scope.get(expression[2]) if isinstance(scope, Mapping) else None
    if isinstance(found, Seq):
        yield from (_text(item) for item in found)
    else:
        yield _text(found) if found is not None and not isinstance(found, Map) else text
