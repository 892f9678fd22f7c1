"""``dvc.yaml``: the stages it defines, with templates, ``foreach`` and ``matrix`` expanded. Not what was run.

The format is DVC's ``MULTI_STAGE_SCHEMA`` (dvc/schema.py); the expansion follows dvc's ``parsing/__init__.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from posixpath import join
from typing import Any, NamedTuple

from lifelint.facts import _yaml
from lifelint.facts._source import Unreadable
from lifelint.facts.dvc.templating import DEFAULT_PARAMS, Context, Load, Unresolved, to_text

MAX_GENERATED = 10_000
"""Stages that one ``foreach`` or ``matrix`` may make before it counts as hostile."""


@dataclass(frozen=True)
class Definition:
    """What ``parse_definition`` accepted. ``stages`` keeps the lines of the file.

    ``unfilled`` are the stages that a scaffold's mark still stands in, each with it; they are not among ``stages``.
    """

    vars: tuple[Any, ...]
    stages: _yaml.Map
    unfilled: Mapping[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftOut:
    """An output as written. ``kind`` is ``out``, ``metric`` or ``plot``."""

    path: str
    kind: str
    cache: bool
    persist: bool
    line: int


@dataclass(frozen=True)
class Draft:
    """A stage before it is held against lock and tree. Paths are as written; ``why`` tells what kept it unresolved.

    ``params`` are (file, key, line); the key is empty where the whole file counts.
    """

    name: str
    line: int
    cmd: str | tuple[str, ...] = ""
    wdir: str = "."
    deps: tuple[tuple[str, int], ...] = ()
    outs: tuple[DraftOut, ...] = ()
    params: tuple[tuple[str, str, int], ...] = ()
    frozen: bool = False
    always_changed: bool = False
    why: str = ""


def parse_definition(data: bytes) -> Definition:
    """The stages and variables of a ``dvc.yaml``, unresolved.

    Raises:
        Unreadable: not YAML, or not what DVC accepts.
    """
    document = _yaml.load(data)
    if document is None:
        return Definition((), _yaml.Map())
    if not isinstance(document, _yaml.Map):
        raise Unreadable("is not a DVC pipeline: a mapping was expected", 1)
    stages = document.get("stages") or _yaml.Map()
    if not isinstance(stages, _yaml.Map):
        raise Unreadable("has stages that are not a mapping", document.value_lines["stages"])
    for name, stage in stages.items():
        template = stage.get("do") if isinstance(stage, _yaml.Map) and "foreach" in stage else stage
        if not isinstance(template, _yaml.Map) or not isinstance(template.get("cmd"), (str, list)):
            raise Unreadable(f"has the stage {name} without cmd", stages.lines[name])
        for key in ("deps", "outs", "metrics", "plots", "params", "vars"):
            if template.get(key) is not None and not isinstance(template[key], _yaml.Seq):
                raise Unreadable(f"has {key} that are not a list in the stage {name}", template.lines[key])
    entries = document.get("vars") or []
    if not isinstance(entries, list):
        raise Unreadable("has vars that are not a list", document.value_lines["vars"])
    if b"eeded" not in data and b"EEDED" not in data:
        return Definition(tuple(entries), stages)
    from lifelint.facts.documents.marks import left_open
    from lifelint.facts.evaluation.document import texts

    unfilled = {
        str(name): (stages.lines[name], mark) for name, stage in stages.items() if (mark := left_open(texts(stage)))
    }
    for name in [name for name in stages if str(name) in unfilled]:
        del stages[name]
    return Definition(tuple(entries), stages, unfilled)


class Place(NamedTuple):
    """Where a ``dvc.yaml`` is: its folder, how parameter files are had, ``[parsing]`` options of ``.dvc/config``."""

    folder: str
    load: Load
    flags: Mapping[str, str]


def expand(definition: Definition, place: Place) -> Iterator[Draft]:
    """Every stage of a ``dvc.yaml``.

    A stage that cannot be resolved is one draft with ``why``, also when it would have become several.
    """
    context, why = Context(), ""
    try:
        context.add_vars(definition.vars, place.folder, place.load, default=DEFAULT_PARAMS)
    except Unresolved as error:
        why = str(error)
    for name, stage in definition.stages.items():
        line = definition.stages.lines[name]
        if why:
            yield Draft(str(name), line, why=why)
            continue
        try:
            instances = list(_instances(str(name), stage, context))
        except Unresolved as error:
            yield Draft(str(name), line, why=str(error))
            continue
        template = stage["do"] if "foreach" in stage else stage
        for made, own in instances:
            try:
                yield replace(_draft(made, template, own, place), line=line)
            except Unresolved as error:
                yield Draft(made, line, why=str(error))


def _instances(name: str, stage: Mapping[str, Any], context: Context) -> Iterator[tuple[str, Context]]:
    if "matrix" in stage:
        axes = context.resolve(stage["matrix"])
        if not isinstance(axes, dict) or not all(isinstance(values, list) for values in axes.values()):
            raise Unresolved("matrix is not a mapping of lists")
        if prod(map(len, axes.values())) > MAX_GENERATED:
            raise Unresolved(f"matrix makes more than {MAX_GENERATED} stages")
        for chosen in product(*map(enumerate, axes.values())):
            parts = [
                f"{axis}{n}" if isinstance(v, (dict, list)) else to_text(v)
                for axis, (n, v) in zip(axes, chosen, strict=True)
            ]
            item = {axis: value for axis, (_, value) in zip(axes, chosen, strict=True)}
            yield f"{name}@{'-'.join(parts)}", context.with_item({"key": "-".join(parts), "item": item})
    elif "foreach" in stage:
        items = context.resolve(stage["foreach"])
        if not isinstance(items, (dict, list)):
            raise Unresolved("foreach is neither a list nor a mapping")
        if len(items) > MAX_GENERATED:
            raise Unresolved(f"foreach makes more than {MAX_GENERATED} stages")
        if isinstance(items, dict):
            for key, value in items.items():
                yield f"{name}@{to_text(key)}", context.with_item({"key": to_text(key), "item": value})
            return
        numbered = any(isinstance(value, (dict, list)) for value in items)
        named = {to_text(n if numbered else value): value for n, value in enumerate(items)}
        for key, value in named.items():
            yield f"{name}@{key}", context.with_item({"item": value})
    else:
        yield name, context


def _draft(name: str, template: _yaml.Map, context: Context, place: Place) -> Draft:
    wdir = template.get("wdir") or "."
    wdir = to_text(context.resolve(wdir, "wdir"))
    own = template.get("vars") or []
    if own:
        context = context.copy()
        context.add_vars(own, join(place.folder, wdir), place.load)

    def resolved(key: str) -> Any:
        return context.resolve(template.get(key), key, place.flags)

    cmd = resolved("cmd")
    if not isinstance(cmd, (str, list)):
        raise Unresolved("cmd does not become text")
    return Draft(
        name,
        0,
        tuple(map(str, cmd)) if isinstance(cmd, list) else cmd,
        wdir,
        tuple(_texts(resolved("deps"), template.get("deps"), "deps")),
        tuple(out for kind in _KINDS for out in _outs(resolved(kind), template.get(kind), _KINDS[kind])),
        tuple(_params(resolved("params"), template.get("params"))),
        template.get("frozen") is True,
        template.get("always_changed") is True,
    )


_KINDS = {"outs": "out", "metrics": "metric", "plots": "plot"}


def _texts(values: Any, written: Any, key: str) -> Iterator[tuple[str, int]]:
    for number, value in enumerate(values or ()):
        if not isinstance(value, str):
            raise Unresolved(f"{key} holds something that is not a path")
        yield value, written.lines[number]


def _outs(values: Any, written: Any, kind: str) -> Iterator[DraftOut]:
    for number, value in enumerate(values or ()):
        if not isinstance(value, (str, dict)):
            raise Unresolved("an output is not a path")
        entries = value if isinstance(value, dict) else {value: {}}
        for path, options in entries.items():
            if not isinstance(path, str):
                raise Unresolved("an output is not a path")
            told = options if isinstance(options, dict) else {}
            cache, persist = told.get("cache") is not False, told.get("persist") is True
            yield DraftOut(path, kind, cache, persist, written.lines[number])


def _params(values: Any, written: Any) -> Iterator[tuple[str, str, int]]:
    values = values or []
    whole = {str(file) for value in values if isinstance(value, dict) for file, keys in value.items() if not keys}
    done: set[str] = set()
    for number, value in enumerate(values):
        line = written.lines[number]
        if isinstance(value, str):
            if DEFAULT_PARAMS not in whole:
                yield DEFAULT_PARAMS, value, line
            continue
        if not isinstance(value, dict):
            raise Unresolved("params holds something that is neither a key nor a file")
        for file, keys in value.items():
            if str(file) in whole:
                if str(file) not in done:
                    yield str(file), "", line
                done.add(str(file))
            elif isinstance(keys, list):
                yield from ((str(file), str(key), line) for key in keys)
            else:
                raise Unresolved(f"params of {file} are not a list")
