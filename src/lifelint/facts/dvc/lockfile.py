"""``dvc.lock``: what each stage was run with. Schema 2.0 (dvc/schema.py) and the older one without a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifelint.facts import _yaml
from lifelint.facts._source import Unreadable
from lifelint.facts.dvc import lockfile_plain
from lifelint.facts.dvc.pointerfile import read_dep, read_out
from lifelint.facts.dvc.record import Record


def parse_lock(data: bytes) -> Mapping[str, Record]:
    """The records of a ``dvc.lock``, by stage name.

    Raises:
        Unreadable: not YAML, an unknown schema, or entries of the wrong type.
    """
    quick = lockfile_plain.read(_yaml.decode(data))
    return _parse(data) if quick is None else quick


def _parse(data: bytes) -> Mapping[str, Record]:
    document = _yaml.load(data)
    if document is None:
        return {}
    if not isinstance(document, _yaml.Map):
        raise Unreadable("is not a DVC lock: a mapping was expected", 1)
    stages: Any = document
    if "schema" in document:
        if document["schema"] != "2.0":
            raise Unreadable(f"has the schema {document['schema']!r}, which is not known", document.lines["schema"])
        stages = document.get("stages") or _yaml.Map()
        if not isinstance(stages, _yaml.Map):
            raise Unreadable("has stages that are not a mapping", document.value_lines["stages"])
    return {str(name): _record(entry, stages.lines[name]) for name, entry in stages.items()}


def _record(entry: Any, line: int) -> Record:
    if not isinstance(entry, _yaml.Map) or not isinstance(entry.get("cmd"), (str, list)):
        raise Unreadable("has a stage without cmd", line)
    cmd = entry["cmd"]
    params = entry.get("params") or _yaml.Map()
    if not isinstance(params, _yaml.Map) or not all(isinstance(v, (_yaml.Map, type(None))) for v in params.values()):
        raise Unreadable("has params that are not mappings", entry.value_lines["params"])
    return Record(
        cmd=tuple(map(str, cmd)) if isinstance(cmd, list) else cmd,
        deps=tuple(read_dep(item) for item in _items(entry, "deps")),
        outs=tuple(read_out(item) for item in _items(entry, "outs")),
        params={str(file): values or {} for file, values in params.items()},
        param_lines={
            (str(file), str(key)): values.lines[key] for file, values in params.items() if values for key in values
        },
        line=line,
        cmd_line=entry.lines["cmd"],
    )


def _items(entry: _yaml.Map, key: str) -> list[_yaml.Map]:
    items = entry.get(key) or []
    if not isinstance(items, list) or not all(
        isinstance(i, _yaml.Map) and isinstance(i.get("path"), str) for i in items
    ):
        raise Unreadable(f"has {key} that are not a list of entries with a path", entry.value_lines[key])
    return items
