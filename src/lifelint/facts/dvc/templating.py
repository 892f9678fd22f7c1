"""``${…}`` in ``dvc.yaml``: the values it can name, and the text it becomes. Follows dvc's ``parsing/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lifelint._patterns import lazy

_EXPRESSION = lazy(r"(?<!\\)\${(.*?)}")
_NAME = lazy(r"[^.\[\]]+(?:\.[^.\[\]]+|\[[^.\[\]]+\])*")
DEFAULT_PARAMS = "params.yaml"


class Unresolved(ValueError):
    """A template that cannot be resolved from what is tracked, or that DVC refuses."""


Load = Callable[[str], Any]
"""Gives the content of a parameter file by its path in the repository. Raises ``Unresolved``; ``None`` if absent."""


@dataclass
class Context:
    """The values that templates of one ``dvc.yaml`` can name. ``loaded`` remembers which keys came from which file."""

    values: dict[str, Any] = field(default_factory=dict)
    loaded: dict[str, list[str] | None] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()

    def copy(self) -> Context:
        return Context(_plain(self.values), {k: v and [*v] for k, v in self.loaded.items()}, self.reserved)

    def with_item(self, values: Mapping[str, Any]) -> Context:
        """A context for one generated stage: ``item`` and ``key`` hide what had these names."""
        # Not a deep copy: adding vars, the only thing that changes nested values, starts from ``copy``.
        hidden = {key: _plain(value) for key, value in values.items()}
        return Context({**self.values, **hidden}, self.loaded, frozenset(values))

    def add_vars(self, entries: Sequence[Any], folder: str, load: Load, default: str = "") -> None:
        """Loads a ``vars`` list: file names, ``file:key,key`` and inline mappings, after the implicit ``default``."""
        if default:
            found = load(_join(folder, default))
            if found is not None:
                self._add_file(default, folder, load)
        for entry in entries:
            if any(_EXPRESSION.search(text) for text in _texts(entry)):
                raise Unresolved("vars cannot be templated")
            if isinstance(entry, str):
                self._add_file(entry, folder, load)
            elif isinstance(entry, Mapping):
                self._merge(entry)
            else:
                raise Unresolved("vars holds something that is neither a file nor a mapping")

    def _add_file(self, item: str, folder: str, load: Load) -> None:
        name, _, wanted = item.partition(":")
        path = _join(folder, name)
        keys = [key for key in wanted.split(",") if key] or None
        if path in self.loaded:
            before = self.loaded[path]
            if before is None and keys is None:
                return
            if before is None or keys is None or set(before) & set(keys):
                raise Unresolved(f"{item} is loaded twice")
        values = load(path)
        if not isinstance(values, Mapping):
            raise Unresolved(f"{path} is not tracked or holds no mapping")
        if keys:
            absent = [key for key in keys if key not in values]
            if absent:
                raise Unresolved(f"{path} has no key {absent[0]}")
            values = {key: values[key] for key in keys}
        self._merge(values)
        self.loaded[path] = [*(self.loaded.get(path) or ()), *keys] if keys else None

    def _merge(self, values: Mapping[Any, Any]) -> None:
        taken = sorted(self.reserved.intersection(k for k in values if isinstance(k, str)))
        if taken:
            raise Unresolved(f"vars redefines the reserved name {taken[0]}")
        _merge(self.values, _plain(values))

    def select(self, expression: str) -> Any:
        """The value that ``a.b[0]`` names.

        Raises:
            Unresolved: it names nothing.
        """
        value: Any = self.values
        for part in expression.replace("[", ".").replace("]", "").split("."):
            try:
                value = value[int(part) if isinstance(value, list) else part.strip()]
            except (LookupError, TypeError, ValueError):
                raise Unresolved(f"${{{expression}}} is not defined in any tracked file it could come from") from None
        return value

    def resolve(self, value: Any, key: str = "", flags: Mapping[str, str] | None = None) -> Any:
        """``value`` with every template in it resolved. ``key`` is the stage's key it stands under.

        Raises:
            Unresolved: a template names nothing, or something that cannot become text there.
        """
        if isinstance(value, Mapping):
            return {self._key(k, key, flags): self.resolve(v, key, flags) for k, v in value.items()}
        if isinstance(value, list):
            return [self.resolve(item, key, flags) for item in value]
        if not isinstance(value, str) or "${" not in value:
            return value
        matches = list(_EXPRESSION.finditer(value))
        if len(matches) == 1 and matches[0][0] == value:
            return self._value(matches[0][1], key)
        made, end = "", 0
        for match in matches:
            made += value[end : match.start()] + to_text(self._value(match[1], key), flags)
            end = match.end()
        return (made + value[end:]).replace("\\${", "${")

    def _key(self, name: Any, key: str, flags: Mapping[str, str] | None) -> Any:
        made = self.resolve(name, key, flags)
        if isinstance(made, (dict, list)):
            raise Unresolved(f"{name} is a collection and cannot be a key")
        return made

    def _value(self, expression: str, key: str) -> Any:
        if not _NAME.fullmatch(expression):
            raise Unresolved(f"${{{expression}}} is not a name")
        value = self.select(expression)
        # As dvc's validate_value: only cmd takes a mapping, only foreach and matrix take any collection.
        if (
            isinstance(value, (dict, list))
            and key not in ("", "foreach")
            and not (key == "cmd" and isinstance(value, dict))
        ):
            raise Unresolved(f"${{{expression}}} is a collection and cannot stand in {key}")
        return value


def to_text(value: Any, flags: Mapping[str, str] | None = None) -> str:
    """What a value becomes inside a longer text: dvc's ``to_str``, with mappings as command line options."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _options(value, flags or {})
    return str(value)


def _options(values: dict[str, Any], flags: Mapping[str, str]) -> str:
    from shlex import quote

    made: list[str] = []
    for key, value in _flat(values, ""):
        if isinstance(value, bool):
            if value:
                made.append(f"--{key}")
            elif flags.get("bool") == "boolean_optional":
                made.append(f"--no-{key}")
        elif isinstance(value, list):
            if any(isinstance(item, (list, dict)) for item in value):
                raise Unresolved(f"{key} holds a collection inside a list")
            texts = [quote(item) if isinstance(item, str) else str(item) for item in value]
            if flags.get("list") == "append":
                made += [f"--{key} {text}" for text in texts]
            elif texts:
                made.append(f"--{key} {' '.join(texts)}")
        else:
            made.append(f"--{key} {quote(value) if isinstance(value, str) else value}")
    return " ".join(made).rstrip()


def _flat(values: dict[str, Any], prefix: str) -> list[tuple[str, Any]]:
    made: list[tuple[str, Any]] = []
    for key, value in values.items():
        made += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", value)]
    return made


def _plain(value: Any) -> Any:
    # Keys that are not text cannot be named by a template, and DVC leaves them out.
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if isinstance(k, str)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _merge(into: dict[str, Any], values: dict[str, Any]) -> None:
    for key, value in values.items():
        if key not in into:
            into[key] = value
        elif isinstance(into[key], dict) and isinstance(value, dict):
            _merge(into[key], value)
        else:
            raise Unresolved(f"vars redefines {key}")


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for item in [*value, *value.values()] for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def _join(folder: str, path: str) -> str:
    from posixpath import join, normpath

    return normpath(join(folder, path))
