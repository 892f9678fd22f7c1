"""conda environment files, exported specs and explicit lists (conda docs, ``user-guide/tasks/manage-environments``)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import Map, Seq, decode, load
from lifelint.facts.environment.nouns import Requirement
from lifelint.facts.environment.pip_files import BrokenLine, IncludeLine, parse_requirements

MAX_SPEC = 500

_BOOTSTRAP = frozenset(
    ("pip", "setuptools", "wheel", "conda", "mamba", "micromamba", "conda-lock", "poetry", "uv", "pipenv", "pdm")
)
_SPEC = lazy(
    r"(?:(?P<channel>[^\s:\[\]=<>!~]+)::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(?P<version>[^\s\[=<>!~][^\s\[]*|(?:===?|!=|~=|[<>]=?|=)[^\[]*)?\s*(?P<rest>\[.*\])?"
)


_PRECISE = lazy(r"[^._]*[._][^._]*[._].*|.*\d[a-z].*|\d{4}.*")


class CondaFile(NamedTuple):
    """What an environment file asks for; ``requirements`` holds both conda's and pip's."""

    name: str
    requirements: tuple[Requirement, ...]
    includes: tuple[IncludeLine, ...]
    broken: tuple[BrokenLine, ...]
    python: str
    python_line: int
    line: int


def parse_conda(data: bytes) -> CondaFile | None:
    """The environment file ``data``, or ``None`` when it is some other YAML."""
    if b"dependencies:" not in data:
        return None
    document = load(data)
    if not isinstance(document, Map) or not isinstance(document.get("dependencies"), Seq):
        return None
    items: Seq = document["dependencies"]
    if not ({"channels", "name", "prefix", "platforms"} & set(document)) or not all(_is_item(i) for i in items):
        return None
    specs = [item for item in items if isinstance(item, str)]
    if "channels" not in document and not all(map(_spec, specs)):
        return None  # a list of something else under the same key
    found: list[Requirement] = []
    includes: list[IncludeLine] = []
    broken: list[BrokenLine] = []
    for item, line in zip(items, items.lines, strict=True):
        if isinstance(item, str):
            found.append(match_spec(item, line))
        elif isinstance(item, Map) and isinstance(item.get("pip"), Seq):
            for text, at in zip(item["pip"], item["pip"].lines, strict=True):
                below = parse_requirements(str(text or "").encode())
                found += [r._replace(line=at, group="pip") for r in below.requirements]
                includes += [include._replace(line=at) for include in below.includes]
                broken += [bad._replace(line=at) for bad in below.broken]
    python = next((r for r in found if r.name == "python" and not r.group), None)
    return CondaFile(
        name=str(document.get("name") or ""),
        requirements=tuple(r for r in found if r is not python),
        includes=tuple(includes),
        broken=tuple(broken),
        python=python.specifier if python else "",
        python_line=python.line if python else 0,
        line=document.lines["dependencies"],
    )


def _is_item(item: Any) -> bool:
    return isinstance(item, str) or (isinstance(item, Map) and set(item) <= {"pip"}) or item is None


def _spec(text: str) -> re.Match[str] | None:
    return _SPEC.fullmatch(text.partition("#")[0].strip()) if len(text) <= MAX_SPEC else None


def match_spec(text: str, line: int) -> Requirement:
    """A conda match specification (``numpy=1.26.4``, ``conda-forge::numpy 1.26.* py311_0``)."""
    text = text.partition("#")[0].strip()
    match = _spec(text)
    if match is None:
        raise Unreadable(f"holds {text[:80]!r}, which is not a conda match specification", line)
    version = re.sub(r"\s*=\s*", "=", (match["version"] or "").strip())
    name = match["name"].lower()
    exact, why = conda_exactness(version)
    if match["rest"] and not exact:
        exact, why = None, f"the bracketed form {match['rest']} is not judged"
    role = "build" if name in _BOOTSTRAP else "runtime"
    return Requirement("", line, name, text, specifier=version, exact=exact, why=why, role=role)


def conda_exactness(version: str) -> tuple[bool | None, str]:
    """Whether the version part of a match specification admits one version.

    ``=1.26`` means ``1.26.*``. With three components or a letter that is one release in practice; with two it depends
    on how the project numbers its releases, so it is left open.
    """
    bare = version.lstrip("=")
    number, _, build = bare.partition("=")
    number = number.split(" ")[0]
    if not number or number == "*":
        return False, "any version"
    if "*" in number or set(bare.replace("=", "", 1)) & set("<>!~,|"):
        return False, "more than one version"
    if version.startswith("==") or (build and "*" not in build) or _PRECISE.fullmatch(number):
        return True, f"one version, {number}"
    if "." not in number:
        return False, f"every version {number}.*"
    return None, f"={number} means {number}.*, which is one version only if the project has no third number"


def parse_exported(data: bytes) -> tuple[Requirement, ...]:
    """The list that ``conda list --export`` writes: ``name=version=build`` by line."""
    found = []
    for number, line in enumerate(decode(data).splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            found.append(match_spec(line.strip(), number))
    return tuple(found)
