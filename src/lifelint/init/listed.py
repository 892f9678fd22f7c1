"""Something more in a YAML file, where nothing else is to become another: compared as the parser sees both.

What it sees is a row of events, in which an alias is one: nothing is expanded, however often it is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifelint.fix.noun import CannotFix, Change
from lifelint.fix.texts import changed, set_off
from lifelint.fix.yaml_places import added_to_list, node

_STREAM, _DOCUMENT = 1, 2
"""How many events come before those of a document's content, by themselves and with its start."""


class _Event(NamedTuple):
    """An event of YAML's (yaml.org/spec/1.2.2, 3.1.2) without its place."""

    kind: str
    anchor: str
    tag: str
    value: str


def item_added(path: str, text: str, key: str, lines: Sequence[str]) -> Change:
    """A mapping of these lines, indented as it is by itself, as the last item of the list ``key`` at the top.

    Raises:
        CannotFix: there is no such list, or it is not written as one, an item a line.
    """
    found = node(text, [key])
    if found is None or found.id != "sequence" or found.flow_style or not found.value:
        raise CannotFix(f"{key} is not written as a list in it, an item a line")
    dash = max(found.value[-1].start_mark.column - found.start_mark.column, 2)
    item = "\n".join(f"{' ' * (dash - 2)}{line}" for line in lines)
    change = added_to_list(path, text, [key], [item])
    before, after = _events(text), _events(changed(text, [change]))
    _require_inserted(before, after, _last_of(before, key), _content(_events("\n".join(lines))))
    return change


def key_added(path: str, text: str, key: str, lines: Sequence[str]) -> Change:
    """A key that is not there, behind all others; ``lines`` are what stands below it.

    Raises:
        CannotFix: the file holds no mapping whose last line is that of a key.
    """
    new = "".join(f"{line}\n" for line in (f"{key}:", *lines))
    change = set_off(path, text, new)
    before, after, made = _events(text), _events(changed(text, [change])), _events(new)
    if len(before) == 2 * _STREAM:  # nothing but comments
        _require_inserted(before, after, _STREAM, made[_STREAM:-_STREAM])
    else:
        _require_inserted(before, after, len(before) - _DOCUMENT - 1, _content(made)[1:-1])
    return change


def _require_inserted(before: Sequence[_Event], after: Sequence[_Event], at: int, new: Sequence[_Event]) -> None:
    """Makes sure that these events came at this place, and that all others stayed."""
    if after != [*before[:at], *new, *before[at:]]:
        raise CannotFix("something else in it would be read otherwise")


def _last_of(events: Sequence[_Event], key: str) -> int:
    """Where the list at a key of the outermost mapping ends."""
    depth = 0
    inside = False
    for number, event in enumerate(events):
        if event.kind.endswith("Start"):
            depth += 1
            above = events[number - 1]
            inside = inside or (depth == _DOCUMENT + 2 and (above.kind, above.value) == ("Scalar", key))
        if event.kind.endswith("End"):
            if inside and depth == _DOCUMENT + 2:
                return number
            depth -= 1
    raise CannotFix(f"{key} is not written as a list in it")


def _content(events: Sequence[_Event]) -> Sequence[_Event]:
    return events[_DOCUMENT:-_DOCUMENT]


def _events(text: str) -> list[_Event]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found = list(YAML(typ="safe", pure=True).parse(text))
    except (YAMLError, RecursionError):
        raise CannotFix("it cannot be read as it stands") from None
    return [
        _Event(
            type(one).__name__.removesuffix("Event"),
            *(str(getattr(one, name, None) or "") for name in ("anchor", "tag", "value")),
        )
        for one in found
    ]
