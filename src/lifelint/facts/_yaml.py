"""YAML with 1.2 semantics and a line for every value, read through libyaml's parser.

Plain scalars follow ruamel.yaml's YAML 1.2 resolver (``on`` is a string, ``0o17`` an int, ``1e-3`` a float), because
DVC reads its files that way; timestamps stay strings, and so do plain scalars of 32 or more hex digits, which are
digests even when all digits are decimal. Duplicate keys are an error, ``<<`` merges, aliases are shared and bounded.
"""

from __future__ import annotations

import re
from typing import Any

from lifelint.facts._source import Unreadable

MAX_NODES = 1_000_000
MAX_DEPTH = 200

_INT = re.compile(r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)")
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_DIGEST = re.compile(r"[0-9a-fA-F]{32,}")
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_STARTS_NUMBER = frozenset("+-.0123456789")


class Map(dict[Any, Any]):
    """A mapping; ``line`` is its own, ``lines[key]`` that of a key, ``value_lines[key]`` that of the key's value."""

    __slots__ = ("line", "lines", "value_lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}
        self.value_lines: dict[Any, int] = {}


class Seq(list[Any]):
    """A sequence; ``line`` is its own, ``lines[i]`` that of item ``i``."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def load(data: bytes) -> Any:
    """The one document of ``data`` (``None`` when empty) as ``Map``, ``Seq`` and scalars.

    Raises:
        Unreadable: not UTF-8, not YAML, several documents, duplicate or unusable keys, nesting or aliases past the
            bounds. It carries the line.
    """
    documents = load_all(data)
    if len(documents) > 1:
        raise Unreadable("holds several YAML documents where one was expected")
    return documents[0] if documents else None


def load_all(data: bytes) -> list[Any]:
    """Every document of ``data``. Raises ``Unreadable`` as ``load`` does."""
    from _ruamel_yaml import YAMLError

    text = decode(data)
    try:
        _check_depth(text)
        parser = _parser_class()(text)
        made = []
        while parser.check_node():
            made.append(_Builder().build(parser.get_node()))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "context", None) or str(error)
        raise Unreadable(f"is not valid YAML: {problem}", mark.line + 1 if mark else 0) from None
    return made


def decode(data: bytes) -> str:
    """UTF-8 text without its byte-order mark. Raises ``Unreadable`` with the line of the first bad byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None


def scalar(text: str) -> Any:
    """The value of a plain scalar by the 1.2 resolver described above."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_NUMBER or _DIGEST.fullmatch(text):
        return text
    if _INT.fullmatch(text):
        return _integer(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        number = text.replace("_", "").lower()
        if number[-3:] in ("inf", "nan"):
            return float(number.replace(".", ""))
        return float(number)
    return text


def _integer(text: str) -> int:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-")
    base = {"0b": 2, "0o": 8, "0x": 16}.get(digits[:2])
    return sign * (int(digits[2:], base) if base else int(digits))


def _parser_class() -> Any:
    # Built on first use: importing the C module costs nothing to commands that read no YAML.
    global _PARSER  # noqa: PLW0603
    if _PARSER is None:
        from _ruamel_yaml import CParser

        class Parser(CParser):  # type: ignore[misc]
            def descend_resolver(self, *_: object) -> None:
                """Paths are not resolved."""

            def ascend_resolver(self) -> None:
                """Paths are not resolved."""

            def resolve(self, _kind: object, _value: object, implicit: Any) -> str:
                # implicit[0] is true for plain scalars without a tag; that is all scalar() needs to know.
                plain = implicit[0] if isinstance(implicit, tuple) else False
                return "plain" if plain else "quoted"

        _PARSER = Parser
    return _PARSER


_PARSER: Any = None


def _check_depth(text: str) -> None:
    # libyaml's composer recurses in C. Only flow and compact nesting can go deep in few bytes, so only a document
    # with many of those is walked event by event (which does not recurse) before it is composed.
    if sum(map(text.count, ("[", "{", "- -", "? ?", "- ?", "? -"))) <= MAX_DEPTH and len(text) < MAX_DEPTH**2:
        return
    import _ruamel_yaml as c

    parser, depth = _parser_class()(text), 0
    opening, closing = (c.MappingStartEvent, c.SequenceStartEvent), (c.MappingEndEvent, c.SequenceEndEvent)
    while parser.check_event():
        event = parser.get_event()
        depth += isinstance(event, opening) - isinstance(event, closing)
        if depth > MAX_DEPTH:
            raise Unreadable(f"is nested more than {MAX_DEPTH} levels deep", event.start_mark.line + 1)


class _Builder:
    """Turns one document's nodes into values. Aliased nodes are built once and counted each time they are used."""

    def __init__(self) -> None:
        self._done: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()

    def build(self, node: Any) -> Any:
        return self._build(node)[0]

    def _build(self, node: Any) -> tuple[Any, int]:
        value = node.value
        if isinstance(value, str):
            plain = node.tag == "plain" or node.tag.endswith((":int", ":float", ":bool", ":null"))
            return (scalar(value) if plain else value), 1
        known = self._done.get(id(node))
        if known is not None:
            return known
        line = node.start_mark.line + 1
        if id(node) in self._open:
            raise Unreadable("holds an alias that contains itself", line)
        self._open.add(id(node))
        is_map = type(node).__name__ == "MappingNode"
        made, weight = self._map(value, line) if is_map else self._seq(value, line)
        self._open.discard(id(node))
        if weight > MAX_NODES:
            raise Unreadable(f"expands to more than {MAX_NODES} values", line)
        self._done[id(node)] = made, weight
        return made, weight

    def _seq(self, nodes: Any, line: int) -> tuple[Seq, int]:
        made, weight = Seq(line), 1
        for node in nodes:
            value, more = self._build(node)
            made.append(value)
            made.lines.append(node.start_mark.line + 1)
            weight += more
        return made, weight

    def _map(self, pairs: Any, line: int) -> tuple[Map, int]:
        made, weight, merged = Map(line), 1, []
        for key_node, value_node in pairs:
            at = key_node.start_mark.line + 1
            value, more = self._build(value_node)
            weight += more + 1
            if key_node.value == "<<" and key_node.tag == "plain":
                merged += self._sources(value, at)
                continue
            key = self._build(key_node)[0]
            if isinstance(key, (Map, Seq)):
                raise Unreadable("uses a collection as a mapping key", at)
            if key in made:
                raise Unreadable(f"has the key {key!r} twice", at)
            made[key] = value
            made.lines[key] = at
            made.value_lines[key] = value_node.start_mark.line + 1
        for source in merged:
            for key in source:
                if key not in made:
                    made[key] = source[key]
                    made.lines[key], made.value_lines[key] = source.lines[key], source.value_lines[key]
        return made, weight

    @staticmethod
    def _sources(value: Any, line: int) -> list[Map]:
        maps = value if isinstance(value, Seq) else [value]
        if not all(isinstance(m, Map) for m in maps):
            raise Unreadable("merges (<<) something that is not a mapping", line)
        return list(maps)
