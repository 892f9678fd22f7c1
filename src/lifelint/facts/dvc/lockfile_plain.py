"""A fast reader for ``dvc.lock`` as DVC writes it: one command a stage, files with an md5, parameters not nested.

It gives what the full reader gives, or declines. A property test holds the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._yaml_values import scalar
from lifelint.facts.dvc.pointerfile import Dep, Out
from lifelint.facts.dvc.record import Record

_HEAD = "schema: '2.0'\nstages:\n"
_PATH = r"(?:\.{1,2}/)*+[A-Za-z_/][A-Za-z0-9_./-]*+"
_ENTRY = (
    rf"    - path: ({_PATH})\n(      hash: md5\n)?+      md5: ([0-9a-f]{{32}}+(?:\.dir)?+)\n"
    r"(?:      size: (0|[1-9][0-9]{0,17}+)\n)?+(?:      nfiles: (0|[1-9][0-9]{0,17}+)\n)?+"
)
_PARAM = r"        ([A-Za-z_][A-Za-z0-9_./-]*+): ([A-Za-z0-9_./][A-Za-z0-9_./+-]*+)\n"
_FILE = rf"      ({_PATH}):\n((?:{_PARAM})++)"
_STAGE = lazy(
    rf"  ([A-Za-z_][A-Za-z0-9_./@-]*+):\n    cmd: ([A-Za-z_][ !-~]*+)\n"
    rf"(?:    deps:\n((?:{_ENTRY})++))?+(?:    params:\n((?:{_FILE})++))?+(?:    outs:\n((?:{_ENTRY})++))?+"
)
_DEPS, _PARAMS, _OUTS = 3, 9, 14  # groups of a stage: those of an entry and of a file stand between them
_ENTRIES, _FILES, _PARAMETERS = lazy(_ENTRY), lazy(_FILE), lazy(_PARAM)


class _Declined(Exception):
    """The text is not of the simple kind."""


def read(text: str) -> Mapping[str, Record] | None:
    """The records of a lock by stage, or ``None``: then the full reader has to look."""
    if not text.startswith(_HEAD):
        return None
    found: dict[str, Record] = {}
    at, line = len(_HEAD), 3
    try:
        while stage := _STAGE.match(text, at):
            name = _name(stage[1])
            if name in found:
                return None
            found[name] = _record(stage, line)
            line += text.count("\n", at, stage.end())
            at = stage.end()
    except _Declined:
        return None
    return found if found and at == len(text) else None


def _record(stage: re.Match[str], line: int) -> Record:
    command = _name(stage[2])
    if ": " in command or " #" in command or command[-1] in ": ":
        raise _Declined
    at = line + 2
    deps, at = _listed(stage[_DEPS], at, Dep)
    params, lines, at = _parameters(stage[_PARAMS], at)
    outs, _ = _listed(stage[_OUTS], at, Out)
    return Record(command, deps, outs, params, lines, line, line + 1)


def _listed(text: str | None, at: int, make: Any) -> tuple[tuple[Any, ...], int]:
    """The entries of a list whose key stands on line ``at``, and the line after them."""
    if text is None:
        return (), at
    found, at = [], at + 1
    for path, hashed, digest, size, nfiles in _fields(text):
        name, digest_line = ("md5", at + 2) if hashed else ("md5-dos2unix", at + 1)
        counts = int(size) if size else None, int(nfiles) if nfiles else None
        found.append(make(_name(path), name, digest, *counts, line=at, digest_line=digest_line))
        at = digest_line + 1 + (size is not None) + (nfiles is not None)
    return tuple(found), at


def _fields(text: str) -> Iterator[tuple[str | Any, ...]]:
    return (entry.groups() for entry in _ENTRIES.finditer(text))


def _parameters(
    text: str | None, at: int
) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[tuple[str, str], int], int]:
    """Values and lines of parameters whose key stands on line ``at``, and the line after them."""
    params: dict[str, Mapping[str, Any]] = {}
    lines: dict[tuple[str, str], int] = {}
    if text is None:
        return params, lines, at
    at += 1
    for file in _FILES.finditer(text):
        name = _name(file[1])
        pairs = _PARAMETERS.findall(file[2])
        values = {_name(key): scalar(value) for key, value in pairs}
        if name in params or len(values) < len(pairs):
            raise _Declined
        params[name] = values
        lines |= {(name, key): number for number, key in enumerate(values, at + 1)}
        at += 1 + len(pairs)
    return params, lines, at


def _name(text: str | Any) -> str:
    if scalar(text) is not text:
        raise _Declined
    return str(text)
