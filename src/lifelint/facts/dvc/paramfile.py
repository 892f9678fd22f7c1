"""Parameter files, and the values that dotted keys name in them. Follows dvc's ``dependency/param.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts import _json, _toml, _yaml
from lifelint.facts._source import Unreadable

ABSENT = object()
"""What ``select`` gives for a key that is not there."""


def parser_of(path: str) -> Callable[[bytes], Any]:
    """How DVC reads a parameter file of this name: by suffix, YAML by default."""
    suffix = path.rpartition("/")[2].rpartition(".")
    return {"json": parse_json, "toml": parse_toml, "py": parse_python}.get(
        suffix[2].lower() if suffix[1] else "", parse_yaml
    )


def parse_yaml(data: bytes) -> Any:
    """Raises ``Unreadable``."""
    return _yaml.load(data) or {}


def parse_json(data: bytes) -> Any:
    """Raises ``Unreadable``."""
    return _shallow(_json.load(data)) or {}


def parse_toml(data: bytes) -> Any:
    """Raises ``Unreadable``."""
    return _shallow(_toml.load(data))


def _shallow(document: Any) -> Any:
    # Everything below walks values recursively; YAML's reader and Python's parser have such a bound of their own.
    level = [document]
    for _ in range(_yaml.MAX_DEPTH):
        parts = [
            item.values() if isinstance(item, Mapping) else item for item in level if isinstance(item, (dict, list))
        ]
        level = [item for part in parts for item in part]
        if not level:
            return document
    raise Unreadable(f"is nested more than {_yaml.MAX_DEPTH} levels deep")


def parse_python(data: bytes) -> dict[str, Any]:
    """The literal assignments of a Python file, of its classes, and of ``self`` in their ``__init__``.

    Raises:
        Unreadable: not Python.
    """
    from lifelint.facts._python import parse

    return _assigned(parse(_yaml.decode(data)).body, only_self=False)


def _assigned(body: list[Any], only_self: bool) -> dict[str, Any]:
    import ast

    found: dict[str, Any] = {}
    for node in body:
        try:
            if isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                name = _name(targets[0], only_self) if len(targets) == 1 else ""
                if name and node.value is not None:
                    found[name] = ast.literal_eval(node.value)
            elif isinstance(node, ast.ClassDef):
                found[node.name] = _assigned(node.body, only_self=False)
            elif isinstance(node, ast.FunctionDef) and node.name == "__init__":
                found.update(_assigned(node.body, only_self=True))
        except (ValueError, TypeError, RecursionError, MemoryError, SyntaxError):
            continue  # not a literal: DVC leaves it out
    return found


def _name(target: Any, only_self: bool) -> str:
    import ast

    if isinstance(target, ast.Name) and not only_self:
        return target.id
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
        return target.attr
    return ""


def select(document: Any, key: str) -> Any:
    """The value a dotted key names (dpath's rules without globs), or ``ABSENT``."""
    value = document
    for part in key.lstrip(".").split("."):
        value = _step(value, part)
        if value is ABSENT:
            break
    return value


def _step(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        if part in value:
            return value[part]
        return next((v for k, v in value.items() if not isinstance(k, str) and str(k) == part), ABSENT)
    if isinstance(value, (list, tuple)):
        try:
            return value[int(part)]
        except (ValueError, IndexError):
            return ABSENT
    return ABSENT


def is_pattern(key: str) -> bool:
    """Whether DVC would treat the key as a glob."""
    return any(char in key for char in "*?[")


def top(document: Any, key: str) -> Any:
    """The value of a top-level key, or ``ABSENT``: what counts where a stage reads the whole file."""
    if not isinstance(document, Mapping):
        return ABSENT
    return next((value for name, value in document.items() if str(name) == key), ABSENT)


def compare(was: Any, now: Any) -> tuple[bool | None, str]:
    """Whether a parameter still has its recorded value, by Python's ``==`` as in DVC, and why not."""
    if now is ABSENT:
        return False, "it is gone"
    if was is ABSENT:
        return False, "it is new"
    if was == now or (isinstance(now, tuple) and list(now) == was):
        return True, ""
    if not _comparable(now) or (_is_date(was) and _is_date(now)):
        return None, "its type cannot be compared with the recorded text"
    return False, _moved(was, now)


def _comparable(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_comparable, value.values()))
    if isinstance(value, list):
        return all(map(_comparable, value))
    # NaN differs from itself; tuples and sets below the top and TOML dates have no equal in YAML.
    return isinstance(value, (str, int, float, type(None))) and value == value  # noqa: PLR0124


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and _DATE.match(value) is not None


_DATE = lazy(r"\d{4}-\d{1,2}-\d{1,2}")
_LONGEST = 200


def _moved(was: Any, now: Any) -> str:
    """What a value was and is; of two mappings only what differs, by dotted keys."""
    if not (isinstance(was, Mapping) and isinstance(now, Mapping)):
        return f"it was {as_text(was)} and is {as_text(now)}"
    before, after = dict(_leaves(was)), dict(_leaves(now))
    names = [name for name in {**before, **after} if before.get(name, ABSENT) != after.get(name, ABSENT)]
    old, new = (
        as_text(", ".join(f"{name}: {leaves[name]}" for name in names if name in leaves)) for leaves in (before, after)
    )
    if old and new:
        return f"it had {old} and has {new}"
    return f"it has {new} now" if new else f"it has {old} no more"


def _leaves(value: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping) and inner:
            yield from _leaves(inner, f"{above}{key}.")
        else:
            yield f"{above}{key}", inner


def as_text(value: Any) -> str:
    """A parameter or a command as a message quotes it."""
    if value is ABSENT:
        return ""
    if isinstance(value, tuple):
        value = " && ".join(value) if all(isinstance(item, str) for item in value) else list(value)
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
