"""Where things stand in a YAML file, so that it is changed there and nowhere else: comments and layout stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lifelint.fix.noun import CannotFix, Change
from lifelint.fix.texts import line_end


def node(text: str, keys: Sequence[str]) -> Any:
    """The node below mappings with these keys, ``None`` where there is none.

    Raises:
        CannotFix: the file is none that can be changed in place.
    """
    found = _composed(text)
    for key in keys:
        found = next((value for name, value in pairs(found) if name.value == key), None)
    return found


def pairs(found: Any) -> Iterator[tuple[Any, Any]]:
    """The keys and values of a mapping node; none for another."""
    if found is not None and found.id == "mapping":
        yield from found.value


def _composed(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if text.startswith("\ufeff"):
        raise CannotFix("the file begins with a byte order mark, behind which places are not told")
    try:
        return YAML(typ="rt", pure=True).compose(text)
    except (YAMLError, RecursionError):
        raise CannotFix("the file cannot be read as it stands") from None


def added_to_list(path: str, text: str, keys: Sequence[str], items: Sequence[str], after: str = "") -> Change:
    """Items at the end of the list at ``keys``; where there is none, a list of that name behind the key ``after``.

    An item of several lines is a block.
    """
    *above, name = keys
    found = node(text, keys)
    if found is not None and found.id == "sequence" and found.anchor:
        raise CannotFix(f"{name} is used in several places")
    if found is not None and found.id == "sequence" and found.flow_style:
        if any("\n" in item for item in items):
            raise CannotFix(f"{name} is written in brackets there")
        return _in_brackets(path, text, found, items)
    if found is not None and found.id == "sequence" and found.value:
        return _lines(path, text, found.value[-1], _dashed(found.start_mark.column, items))
    around = node(text, above)
    before = next((value for key, value in pairs(around) if key.value == after), None)
    if found is not None or before is None or around.flow_style:
        raise CannotFix(f"{name} is not written as a list there")
    indent = " " * around.start_mark.column
    return _lines(path, text, before, [f"{indent}{name}:", *_dashed(around.start_mark.column, items)])


def _dashed(column: int, items: Sequence[str]) -> list[str]:
    indent = " " * column
    return [f"{indent}{'  ' if at else '- '}{line}" for item in items for at, line in enumerate(item.split("\n"))]


def _in_brackets(path: str, text: str, found: Any, items: Sequence[str]) -> Change:
    if not found.value:
        at = found.start_mark.index + 1
        return Change(path, at, at, ", ".join(items))
    at = found.value[-1].end_mark.index
    return Change(path, at, at, "".join(f", {item}" for item in items))


def _lines(path: str, text: str, before: Any, lines: Sequence[str]) -> Change:
    """Lines behind a node and what stands beside it."""
    before = _last(before)
    end, line = line_end(text), before.end_mark.index
    if before.end_mark.column == 0 and line:  # a block that ends with its last line
        while text[:line].endswith(("\n\n", "\n\r\n")):
            line -= 2 if text[:line].endswith("\r\n") else 1
        return Change(path, line, line, "".join(f"{new}{end}" for new in lines))
    at = text.find("\n", line)
    at = len(text) if at < 0 else at - text[:at].endswith("\r")
    return Change(path, at, at, "".join(f"{end}{new}" for new in lines))


def _last(found: Any) -> Any:
    """The last thing written in a node: a block collection itself ends where the next thing begins."""
    while found.id in ("sequence", "mapping") and not found.flow_style and found.value:
        found = found.value[-1] if found.id == "sequence" else found.value[-1][1]
    return found


def plain(value: str) -> str:
    """A path as a YAML scalar, in quotes where it would be read as something else."""
    import json
    import re

    word = value.lower() in ("true", "false", "yes", "no", "on", "off", "y", "n", "null") or not value.strip("._")
    simple = re.fullmatch(r"[A-Za-z_./][\w./-]*", value, re.ASCII) and not re.fullmatch(
        r"\.\d[\d.eE_-]*|\.inf|\.nan", value
    )
    return value if simple and not word else json.dumps(value)
