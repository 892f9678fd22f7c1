"""YAML with 1.2 semantics and a line for every value, built from the events of libyaml's parser.

Plain scalars follow ruamel.yaml's YAML 1.2 resolver (``on`` is a string, ``0o17`` an int, ``1e-3`` a float), because
DVC reads its files that way; timestamps stay strings, and so do plain scalars of 32 or more hex digits, which are
digests even when all digits are decimal. Duplicate keys are an error, ``<<`` merges, aliases are shared and bounded.
Tags outside YAML's own schema (``!Ref``) are dropped and what they stand on is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import _yaml_plain
from lifelint.facts._source import Unreadable
from lifelint.facts._text import MAX_DEPTH, decode
from lifelint.facts._yaml_values import Map, Seq, scalar

__all__ = ["MAX_DEPTH", "Map", "Seq", "decode", "load", "load_all", "scalar"]

MAX_NODES = 1_000_000
_MAX_SECOND_LOOK = 128 * 1024  # characters that are given to the slow parser

_HALF = lazy("[\ud800-\udfff]")
_RESOLVED_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null"))

# Line breaks for libyaml (YAML 1.1) but ordinary characters in YAML 1.2 and for editors, and what stands in for them.
_NO_BREAKS = {0x85: "\ue085", 0x2028: "\ue028", 0x2029: "\ue029"}
_BACK = {ord(stand_in): chr(code) for code, stand_in in _NO_BREAKS.items()}


def load(data: bytes) -> Any:
    """The one document of ``data`` (``None`` when empty) as ``Map``, ``Seq`` and scalars.

    Raises:
        Unreadable: not UTF-8, not YAML, several documents, duplicate or unusable keys, nesting or aliases past the
            bounds. It carries the line.
    """
    simple = _yaml_plain.read(decode(data))
    if simple is not _yaml_plain.DECLINED:
        return simple
    documents = _documents(data)
    if len(documents) > 1:
        raise Unreadable("holds several YAML documents where one was expected", documents[1].line)
    return documents[0].value if documents else None


def load_all(data: bytes) -> list[Any]:
    """Every document of ``data``. Raises ``Unreadable`` as ``load`` does."""
    simple = _yaml_plain.read(decode(data))
    return [document.value for document in _documents(data)] if simple is _yaml_plain.DECLINED else [simple]


# Building ----------------------------------------------------------------------------------------------------------


class _Document(NamedTuple):
    value: Any
    line: int


def _documents(data: bytes) -> list[_Document]:
    text = decode(data)
    try:
        return list(_built(_by_libyaml(text)))
    except _Refused as error:
        refused = error
    # libyaml knows YAML 1.1, in which a flow collection cannot hold x:y or x?y; those are frequent and legal.
    if len(text) <= _MAX_SECOND_LOOK:
        try:
            return list(_built(_by_ruamel(text)))
        except _Refused as error:
            refused = max(refused, error, key=lambda each: each.line)  # who came further knows better
    raise Unreadable(f"is not valid YAML: {refused.why}", refused.line)


def _built(events: Iterator[Any]) -> Iterator[_Document]:
    import _ruamel_yaml as c

    opened: list[_Open] = []
    anchors: dict[str, tuple[Any, int] | None] = {}
    outer = {c.StreamStartEvent, c.DocumentStartEvent, c.DocumentEndEvent, c.StreamEndEvent}
    for event in events:
        kind = type(event)
        if kind is c.DocumentStartEvent:
            anchors = {}
        if kind in outer:
            continue
        line: int = event.start_mark.line + 1
        if kind is c.MappingStartEvent or kind is c.SequenceStartEvent:
            opened.append(_Open(Map(line) if kind is c.MappingStartEvent else Seq(line), event.anchor))
            if event.anchor:
                anchors[event.anchor] = None
            if len(opened) > MAX_DEPTH:
                raise Unreadable(f"is nested more than {MAX_DEPTH} levels deep", line)
            continue
        anchor: str | None = None
        merges = False
        if kind is c.ScalarEvent:
            value, weight, anchor = _value_of(event), 1, event.anchor
            merges = event.value == "<<" and _is_plain(event)
        elif kind is c.AliasEvent:
            value, weight = _aliased(anchors, event.anchor, line)
        else:
            closed = opened.pop()
            closed.merge()
            value, weight, line, anchor = closed.made, closed.weight, closed.made.line, closed.anchor
        if anchor:
            anchors[anchor] = value, weight
        if opened:
            opened[-1].add(value, line, weight, merges)
        else:
            yield _Document(value, line)


class _Refused(Exception):
    """A parser says that the text is not YAML: why, and on which line."""

    def __init__(self, error: Exception, text: str) -> None:
        super().__init__()
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        offset = getattr(error, "position", 0)
        line = mark.line + 1 if mark else text.encode().count(b"\n", 0, offset) + 1
        # The end of the text may lie past its last line.
        self.line = min(line, text.removesuffix("\n").count("\n") + 1)
        self.why: str = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)


def _by_libyaml(text: str) -> Iterator[Any]:
    from _ruamel_yaml import CParser, YAMLError

    odd = not text.isascii() and any(chr(code) in text for code in _NO_BREAKS)
    try:
        parser = CParser(text.translate(_NO_BREAKS) if odd else text)
        if not odd:
            yield from iter(parser.get_event, None)
            return
        while (event := parser.get_event()) is not None:
            if isinstance(getattr(event, "value", None), str):
                event.value = event.value.translate(_BACK)
            yield event
    except YAMLError as error:
        raise _Refused(error, text) from None


def _by_ruamel(text: str) -> Iterator[Any]:
    """The same events from ruamel.yaml's own parser, which knows YAML 1.2 and takes a hundred times longer."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except (YAMLError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
        # Unlike libyaml's, its errors on malformed text are not all of one kind.
        raise _Refused(error, text) from None


def _is_plain(event: Any) -> bool:
    return (event.implicit[0] and event.tag is None) or event.tag == "tag:yaml.org,2002:merge"


def _value_of(event: Any) -> Any:
    tag = event.tag
    if not event.value.isascii() and _HALF.search(event.value):
        raise Unreadable("is not valid YAML: an escape is half a surrogate pair", event.start_mark.line + 1)
    if event.implicit[0] if tag is None else tag in _RESOLVED_TAGS:
        return scalar(event.value)
    return event.value


def _aliased(anchors: Mapping[str, tuple[Any, int] | None], name: str, line: int) -> tuple[Any, int]:
    if name not in anchors:
        raise Unreadable(f"is not valid YAML: the alias *{name} has no anchor", line)
    known = anchors[name]
    if known is None:
        raise Unreadable("holds an alias that contains itself", line)
    return known


_NOTHING: Any = object()
_MERGE: Any = object()


class _Open:
    """A collection that is being read. ``weight`` counts its values, those of aliases each time they are used."""

    __slots__ = ("anchor", "at", "key", "made", "merged", "weight")

    def __init__(self, made: Map | Seq, anchor: str | None) -> None:
        self.made, self.anchor, self.weight = made, anchor, 1
        self.key, self.at = _NOTHING, 0
        self.merged: list[Map] = []

    def add(self, value: Any, line: int, weight: int, merges: bool) -> None:
        """Takes the next item, key or value; ``merges`` says that it is a plain ``<<``."""
        self.weight += weight
        if self.weight > MAX_NODES:
            raise Unreadable(f"expands to more than {MAX_NODES} values", line)
        made = self.made
        if isinstance(made, Seq):
            made.append(value)
            made.lines.append(line)
        elif self.key is _NOTHING:
            if merges:
                value = _MERGE
            elif isinstance(value, (Map, Seq)):
                raise Unreadable("uses a collection as a mapping key", line)
            elif value in made:
                raise Unreadable(f"has the key {value!r} twice", line)
            self.key, self.at = value, line
        else:
            if self.key is _MERGE:
                self._merging(value)
            else:
                made[self.key] = value
                made.lines[self.key] = self.at
                made.value_lines[self.key] = line
            self.key = _NOTHING

    def _merging(self, value: Any) -> None:
        sources = value if isinstance(value, Seq) else [value]
        if not all(isinstance(source, Map) for source in sources):
            raise Unreadable("merges (<<) something that is not a mapping", self.at)
        self.merged += sources

    def merge(self) -> None:
        """Adds the keys merged in. Own keys win over merged ones, and those merged earlier over later ones."""
        made = self.made
        for source in self.merged:
            assert isinstance(made, Map)
            for key in source:
                if key not in made:
                    made[key] = source[key]
                    made.lines[key], made.value_lines[key] = source.lines[key], source.value_lines[key]
