"""Stages as the scripts of a repository tell of them: what each reads, and what it writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath, relpath
from shlex import quote
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._stepwords import PREPARE, words_in
from lifelint.facts.documents.marks import MARK
from lifelint.facts.steps.scripts import Script
from lifelint.fix.yaml_places import plain

_ROLES = ("prepare", "train", "evaluate")
_PARAMETERS = ("params.yaml", "params.json", "params.toml")
_SCORES = lazy(r"(?:metric|score|result|report|eval)[^/]*\.(?:json|ya?ml|toml)$")


class Ground(NamedTuple):
    """What is known of the paths of a project: which git or a ``.dvc`` file has, and which of them each does."""

    there: Callable[[str], bool]
    tracked: Callable[[str], bool]
    pointed: frozenset[str]


class Stage(NamedTuple):
    """A stage as it is to be written; its paths are YAML. ``shared`` are outputs that several scripts write."""

    name: str
    path: str
    cmd: str
    asks: bool
    wdir: str
    deps: Sequence[str]
    params: Sequence[str]
    outs: Sequence[tuple[str, bool]]
    metrics: Sequence[str]
    shared: Sequence[str]


class _Part(NamedTuple):
    """A script with the folder that it is run in, and its paths as the project calls them."""

    script: Script
    wdir: str
    reads: Sequence[str]
    writes: Sequence[str]


def drafted(scripts: Sequence[Script], ground: Ground) -> Sequence[Stage]:
    """A stage of each script, in an order in which none depends on a later one."""
    written = frozenset(path for one in scripts for path in one.writes)
    parts = list(_ordered([_placed(one, ground, written) for one in scripts]))
    names = dict(zip([part.script.path for part in parts], _names(parts), strict=True))
    shared = {path for part in parts for path in part.writes if _elsewhere(path, part, parts)}
    return [_stage(part, names[part.script.path], parts[number:], shared, ground) for number, part in enumerate(parts)]


def _elsewhere(path: str, part: _Part, parts: Sequence[_Part]) -> bool:
    """Whether another script writes a path, or something in it or around it."""
    return any(_meets(path, other.writes) for other in parts if other is not part)


def _placed(script: Script, ground: Ground, written: frozenset[str]) -> _Part:
    """Scripts are run at the top of the project, unless only what they read beside themselves is there."""
    folder = dirname(script.path)

    def known(base: str) -> bool:
        places = [normpath(join(base, path)) for path in script.reads]
        return any(ground.there(place) for place in places) or not written.isdisjoint(places)

    wdir = folder if folder and script.reads and known(folder) and not known("") else ""
    reads, writes = ([normpath(join(wdir, path)) for path in paths] for paths in (script.reads, script.writes))
    return _Part(script, wdir, reads, writes)


def _ordered(parts: Sequence[_Part]) -> Iterator[_Part]:
    """By what scripts are for, and then by what they read of each other."""
    for role in _ROLES:
        rest = sorted((part for part in parts if part.script.role == role), key=_usual)
        while rest:
            first = next((part for part in rest if not _waits(part, rest)), rest[0])
            rest.remove(first)
            yield first


def _usual(part: _Part) -> tuple[int, str]:
    """Where a script usually stands among those of its kind."""
    found = words_in(part.script.path.rpartition("/")[2])
    return next((at for at, word in enumerate(PREPARE) if word in found), len(PREPARE)), part.script.path


def _waits(part: _Part, others: Sequence[_Part]) -> bool:
    """Whether a script reads what another one writes."""
    return any(_elsewhere(read, part, others) for read in part.reads)


def _names(parts: Sequence[_Part]) -> Iterator[str]:
    """What scripts are called, with the folder where several are called alike."""
    stems = [_name(part.script.path.rpartition("/")[2]) for part in parts]
    for part, stem in zip(parts, stems, strict=True):
        yield stem if stems.count(stem) == 1 else _name(part.script.path)


def _name(path: str) -> str:
    return re.sub(r"[^\w-]+", "_", path.removesuffix(".py")).strip("_") or "stage"


def _meets(path: str, others: Sequence[str]) -> bool:
    """Whether a path is one of others, lies in one of them, or holds one."""
    return any(path == other or path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in others)


def _stage(part: _Part, name: str, later: Sequence[_Part], shared: set[str], ground: Ground) -> Stage:
    script, wdir = part.script, part.wdir

    def told(place: str) -> str:
        return plain(relpath(place, wdir or "."))

    parameters = [path for path in part.reads if path.rpartition("/")[2] in _PARAMETERS]
    made = [path for one in later for path in one.writes]
    reads = [path for path in part.reads if path not in parameters and not _meets(path, made)]
    own = [path for path in part.writes if path not in shared and not _meets(path, [*ground.pointed, script.path])]
    own = [path for path in own if not any(path != other and path.startswith(f"{other}/") for other in own)]
    metrics = [path for path in own if script.role != "prepare" and _SCORES.search(path.rpartition("/")[2].lower())]
    command = f"python -m {MARK}" if script.relative else f"python {quote(relpath(script.path, wdir or '.'))}"
    if script.asks and not script.relative:
        command += f" {MARK}"
    return Stage(
        plain(name),
        script.path,
        command if re.fullmatch(r"python [\w./ -]+", command, re.ASCII) else plain(command),
        script.asks or script.relative,
        plain(wdir) if wdir else "",
        [*map(told, dict.fromkeys([script.path, *script.modules, *reads]))],
        [*map(told, parameters)],
        [(told(path), not ground.tracked(path)) for path in own if path not in metrics],
        [*map(told, metrics)],
        sorted(shared.intersection(part.writes)),
    )


def within(scripts: Sequence[Script], root: str) -> Sequence[Script]:
    """Scripts with their paths as a project calls them; modules outside it are left out."""
    top = f"{root}/" if root else ""
    return [
        one._replace(
            path=one.path.removeprefix(top),
            modules=tuple(path.removeprefix(top) for path in one.modules if path.startswith(top)),
        )
        for one in scripts
    ]


def values(stages: Sequence[Stage]) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What the template is filled with."""
    return {"stages": [stage._asdict() for stage in stages]}
