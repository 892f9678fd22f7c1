"""Requirements files of a repository: which files are some, and what they include."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.environment import roles
from lifelint.facts.environment.compiled import read_header
from lifelint.facts.environment.nouns import Broken, Include, Manifest, Requirement
from lifelint.facts.environment.pip_files import IncludeLine, RequirementsFile, parse_requirements

MAX_DEPTH = 20
_WORDS = frozenset({"requirements", "requirement", "reqs", "req"})
_FREEZE = r"(?:^|[-_.])(?:lock|locked|frozen|freeze)(?:[-_.]|$)"
_CONDA_SPEC = r"[\w.-]+=[\w.*!+-]+(?:=[\w.*]+)?"
_CONDA_EXPORT = "may be used to create an environment using"


def candidates(source: Source) -> list[str]:
    """Files that look like requirements files by name or folder: ``requirements-dev.txt``, ``reqs/base.txt``."""
    found = source.names(_is_named)
    beside = [p for p in source.suffixed(".txt", ".in") if p.rpartition("/")[0].rsplit("/", 1)[-1].lower() in _WORDS]
    return sorted({*found, *beside})


def _is_named(name: str) -> bool:
    stem, _, suffix = name.lower().rpartition(".")
    return suffix in ("txt", "in", "pip", "lock") and bool(_WORDS & set(re.split(r"[-_. ]", stem)))


def is_freeze(path: str) -> bool:
    """Whether the name says that the file lists a complete environment."""
    return bool(re.search(_FREEZE, path.rsplit("/", 1)[-1].lower()))


def is_prose(parsed: RequirementsFile) -> bool:
    """Whether most lines are not requirements: a text about requirements, not a list of them."""
    return len(parsed.broken) > len(parsed.requirements) + len(parsed.includes)


def _is_conda(parsed: RequirementsFile) -> bool:
    """Whether all that pip refuses is what ``conda install --file`` takes: ``name=version``."""
    return bool(parsed.broken) and all(re.fullmatch(_CONDA_SPEC, line.written) for line in parsed.broken)


def is_explicit(parsed: RequirementsFile) -> bool:
    """Whether it is conda's explicit list."""
    return any(line.written == "@EXPLICIT" for line in parsed.broken)


def manifests(source: Source) -> Iterator[Manifest]:
    """The requirements files that people write; compiled ones are locks, constraints count where they are included."""
    paths = candidates(source)
    source.prefetch(paths)
    constraints = source.names(_is_constraints_name)
    for path in paths:
        parsed = source.parse(path, parse_requirements)
        if parsed is None or read_header(parsed.header) or is_explicit(parsed) or is_freeze(path):
            continue
        if any(_CONDA_EXPORT in line for line in parsed.header) or _is_conda(parsed):
            from lifelint.facts.environment.conda import parse_exported

            found = source.parse(path, parse_exported) or ()
            yield Manifest(path, 0, "conda", roles.of_path(path), tuple(r._replace(path=path) for r in found))
        elif (parsed.requirements or parsed.includes or parsed.broken) and not (
            is_prose(parsed) or _is_constraints(path)
        ):
            yield _manifest(source, path, parsed, constraints)


def _is_constraints(path: str) -> bool:
    return "constraint" in path.rsplit("/", 1)[-1].lower()


def _manifest(source: Source, path: str, parsed: RequirementsFile, constraints: Sequence[str]) -> Manifest:
    closure = resolve(source, path, parsed)
    hashes, unhashed = _hashes(closure.requirements)
    return Manifest(
        path=path,
        line=0,
        tool="pip",
        role=roles.of_path(path),
        dependencies=_with_loose_constraints(source, path, closure.requirements, constraints),
        includes=closure.includes,
        broken=closure.broken,
        hashes=hashes,
        unhashed=unhashed.name if unhashed else "",
        unhashed_line=unhashed.line if unhashed and unhashed.path == path else 0,
    )


def _hashes(requirements: Sequence[Requirement]) -> tuple[str, Requirement | None]:
    # pip cannot hash what has no archive: version control and folders are refused in this mode, not incomplete.
    judged = [r for r in requirements if not r.url or "sha256=" in r.url or r.hashed]
    without = next((r for r in judged if not r.hashed and "sha256=" not in r.url), None)
    if not any(r.hashed for r in judged):
        return "none", None
    return ("partial", without) if without else ("complete", None)


class Closure(NamedTuple):
    """A requirements file with all it includes, pins of its constraints applied."""

    requirements: tuple[Requirement, ...]
    includes: tuple[Include, ...]
    broken: tuple[Broken, ...]


def resolve(source: Source, path: str, parsed: RequirementsFile) -> Closure:
    """Follows ``-r`` and ``-c``, each file once."""
    found, includes, broken = _own(path, parsed), [], _broken(path, parsed)
    pins: dict[str, Requirement] = {}
    waiting = [(path, line, 1) for line in parsed.includes]
    seen = {path}
    while waiting:
        where, line, depth = waiting.pop(0)
        include = _include(source, where, line)
        if include is None:
            continue
        includes.append(include)
        if not include.found or include.target in seen or depth > MAX_DEPTH or not source.is_file(include.target):
            continue
        seen.add(include.target)
        below = source.parse(include.target, parse_requirements)
        if below is None:
            continue
        broken += _broken(include.target, below)
        waiting += [(include.target, more, depth + 1) for more in below.includes]
        if include.option == "-c":
            pins |= {r.name: r for r in _own(include.target, below) if r.exact}
        else:
            found += _own(include.target, below)
    pinned = (_pinned(r, pins) for r in found) if pins else found
    return Closure(tuple(pinned), tuple(includes), tuple(broken))


def _own(path: str, parsed: RequirementsFile) -> list[Requirement]:
    return [Requirement(path, *r[1:]) for r in parsed.requirements]


def _broken(path: str, parsed: RequirementsFile) -> list[Broken]:
    return [Broken(path, line.line, line.written, line.why) for line in parsed.broken]


def _include(source: Source, path: str, line: IncludeLine) -> Include | None:
    if "://" in line.written or "$" in line.written or line.written.startswith(("/", "~")):
        return None
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), line.written))
    exists = target in source.entries or any(target.startswith(f"{p}/") for p in _links(source, target))
    return Include(path, line.line, line.option, line.written, target, exists)


def _links(source: Source, target: str) -> Iterator[str]:
    # A symlinked folder on the way hides what lies behind it, so nothing can be said about the target.
    parts = target.split("/")
    return (p for p in ("/".join(parts[:end]) for end in range(1, len(parts))) if p in source.entries)


def _pinned(requirement: Requirement, pins: Mapping[str, Requirement]) -> Requirement:
    pin = pins.get(requirement.name)
    if pin is None or requirement.exact or requirement.url:
        return requirement
    return requirement._replace(exact=True, why=f"{pin.path} pins it to {pin.specifier}")


def _with_loose_constraints(
    source: Source, path: str, requirements: Sequence[Requirement], constraints: Sequence[str]
) -> tuple[Requirement, ...]:
    """Requirements that a constraints file pins which no file includes: exact only if pip is told to use it."""
    if not constraints or all(r.exact for r in requirements):
        return tuple(requirements)
    folder = posixpath.dirname(path)
    beside = [p for p in constraints if posixpath.dirname(p) in {folder, ""}]
    pins: dict[str, Requirement] = {}
    for beside_path in beside:
        parsed = source.parse(beside_path, parse_requirements)
        pins |= {r.name: r for r in _own(beside_path, parsed) if r.exact} if parsed else {}
    return tuple(
        r._replace(
            exact=None, why=f"{pins[r.name].path} pins it to {pins[r.name].specifier}, if pip is given that file"
        )
        if r.exact is False and r.name in pins
        else r
        for r in requirements
    )


def _is_constraints_name(name: str) -> bool:
    return "constraint" in name.lower() and name.endswith((".txt", ".in", ".pip"))
