"""``dvc.lock``: what each stage was run with. Schema 2.0 (dvc/schema.py) and the older one without a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lifelint.facts import _yaml
from lifelint.facts._source import Unreadable
from lifelint.facts.dvc.pointerfile import Dep, Out, read_dep, read_out


@dataclass(frozen=True)
class Record:
    """One stage's entry. ``param_lines`` gives the line of ``(file, key)``."""

    cmd: str | tuple[str, ...]
    deps: tuple[Dep, ...] = ()
    outs: tuple[Out, ...] = ()
    params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    param_lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    line: int = 0
    cmd_line: int = 0

    @cached_property
    def inputs(self) -> str:
        """A digest of all that the run took, which tells two runs of the same from two runs of different things."""
        from hashlib import sha256  # only where there is a pipeline: it loads OpenSSL

        deps = sorted((dep.path, dep.hash_name, dep.digest) for dep in self.deps)
        params = sorted(
            (file, key, repr(value)) for file, values in self.params.items() for key, value in values.items()
        )
        return sha256(repr((self.cmd, deps, params)).encode("utf-8", "surrogatepass")).hexdigest()


def parse_lock(data: bytes) -> Mapping[str, Record]:
    """The records of a ``dvc.lock``, by stage name.

    Raises:
        Unreadable: not YAML, an unknown schema, or entries of the wrong type.
    """
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
