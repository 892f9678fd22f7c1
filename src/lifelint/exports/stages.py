"""The stages that made the models of a release, as ``dvc.lock`` recorded them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.facts import Source
from lifelint.facts.dvc.lockfile import parse_lock
from lifelint.facts.dvc.record import Record
from lifelint.facts.releases.document import Part


class Ran(NamedTuple):
    """What ``dvc.lock`` recorded of a stage that made a model or what it was made from: command, parameters by file."""

    address: str
    command: str | tuple[str, ...]
    params: Mapping[str, Mapping[str, Any]]


def ran(source: Source, commit: str, models: Sequence[Part]) -> Iterator[Ran]:
    """What led to the models that are outputs of stages: their stages, and those before them."""
    then = source.at(commit) if commit else None
    wanted: dict[str, list[str]] = {}
    for lock, hash_, address in (part.place.partition("#") for part in models):
        wanted.setdefault(lock, []).extend([address.partition(":")[0]] if hash_ else [])
    for lock, stages in wanted.items():
        records = then.parse(lock, parse_lock) if then is not None and stages and then.is_file(lock) else None
        for name in _with_sources(records or {}, stages):
            record = (records or {})[name]
            yield Ran(f"{lock}#{name}", record.cmd, record.params)


def _with_sources(records: Mapping[str, Record], stages: Sequence[str]) -> list[str]:
    """The stages, and those before them that made by digest what they read, in the order of the lock."""
    makers = {
        (out.hash_name, out.digest): name for name, record in records.items() for out in record.outs if out.digest
    }
    found: dict[str, None] = {}
    left = [stage for stage in stages if stage in records]
    while left:
        stage = left.pop()
        if stage not in found:
            found[stage] = None
            left += [maker for dep in records[stage].deps if (maker := makers.get((dep.hash_name, dep.digest)))]
    return [name for name in records if name in found]
