"""Markdown: front matter, headings, labelled lines, and the text below each, read with markdown-it-py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import _yaml
from lifelint.facts._source import Unreadable
from lifelint.facts.documents.filling import Written
from lifelint.facts.documents.noun import ITEM, LABEL
from lifelint.facts.documents.outline import Outline
from lifelint.facts.documents.plain import Line, address, pieces

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LARGEST = 256 << 10
"""Characters of a document that are looked at. What is longer is no card."""

_FRONT = lazy(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_COMMENT = lazy(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = lazy(r"</?[A-Za-z][^<>]{0,500}>")
_IMAGE = lazy(r"""<img\b[^<>]{0,500}?\bsrc=["']?([^"'\s<>]{1,500})""", re.IGNORECASE)
_ANCHOR = lazy(r"""<a\b[^<>]{0,500}?\bhref=["']?(https?://[^"'\s<>]{1,500})[^<>]{0,500}>""", re.IGNORECASE)
_LABEL = lazy(r"\W{0,3}([^\W\d_][^:|`\n]{1,48}?)\s*[:\uff1a](?!//)\s*(.*)", re.DOTALL)


class Read(NamedTuple):
    """A document before it is judged. ``why`` tells what keeps its front matter from being read."""

    form: str
    front: Any
    written: tuple[Written, ...]
    why: str = ""


def parse_markdown(data: bytes) -> Read:
    """What a Markdown document says. Bytes that are not UTF-8 are replaced: what people write may be old."""
    text = text_of(data)
    front, why = None, ""
    found = _FRONT.match(text)
    if found:
        try:
            front = _yaml.load(b"\n" + found[1].encode())
        except Unreadable as error:
            why = f"its front matter {error.message} (line {error.line})"
        text = "\n" * found[0].count("\n") + text[found.end() :]
    # Comments go first, each leaving its line ends: they may hold headings.
    return Read("markdown", front if isinstance(front, dict) else {}, _outline(_COMMENT.sub(_ends, text)), why)


def text_of(data: bytes) -> str:
    """The text of a document, as far as it is looked at, in the lines that its sections count."""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")[:LARGEST]


def _ends(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _untagged(html: str) -> str:
    """The text of HTML, with the addresses that it links to."""
    return _TAG.sub(" ", _ANCHOR.sub(r" (\1) ", html))


@cache
def _markdown_it() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def _outline(text: str) -> tuple[Written, ...]:
    outline = Outline()
    for piece in pieces(text):
        if piece.blocks is None:
            _add_parsed(outline, piece.text, piece.before + 1)
        for block in piece.blocks or ():
            if block.level == ITEM:
                for item in block.lines:
                    _add_lines(outline, [item], ITEM)
                outline.close(ITEM)
            elif block.level:
                [heading] = block.lines
                outline.heading(heading.text, block.level, heading.line)
            elif block.lines:
                _add_lines(outline, block.lines, LABEL)
            else:
                outline.text(block.fenced)
    return outline.sections()


def _add_parsed(outline: Outline, text: str, first: int) -> None:
    """Adds what a parser finds in a text of which ``first`` is the number of the first line."""
    line = depth = 0
    inside = ""  # the heading, or the part of a table, that is open
    row: list[Line] = []
    for token in _markdown_it().parse(text):
        line = token.map[0] + first if token.map else line
        match token.type:
            case "heading_open" | "thead_open" | "tbody_open":
                inside = token.tag
            case "heading_close" | "table_close":
                inside = ""
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                outline.close(ITEM)
            case "tr_close":
                _add_row(outline, row, line, labelled=inside == "tbody")
                row = []
            case "fence" | "code_block":
                outline.text(token.content)
            case "html_block":
                outline.text(_untagged(token.content), _IMAGE.findall(token.content))
            case "inline" if inside in ("thead", "tbody"):
                row.append(_joined(list(_lines(token, line)), line))
            case "inline" if inside:
                outline.heading(_joined(list(_lines(token, line)), line).text.strip(), int(inside[1]), line)
            case "inline":
                _add_lines(outline, list(_lines(token, line)), ITEM if depth else LABEL)


def _joined(lines: Sequence[Line], line: int) -> Line:
    marked = tuple(mark for one in lines for mark in one.marked)
    return Line(" ".join(one.text for one in lines), "", marked, line)


def _add_row(outline: Outline, row: Sequence[Line], line: int, *, labelled: bool) -> None:
    """A row of two cells is a label and its value; other rows, and heads of tables, are text."""
    text = " | ".join(cell.text for cell in row)
    marked = [mark for cell in row for mark in cell.marked]
    if labelled and len(row) == 2 and row[0].text.strip():
        outline.heading(row[0].text.strip(" :*"), ITEM, line)
        text = row[1].text
    outline.text(text, marked)
    outline.close(ITEM)


def _add_lines(outline: Outline, lines: Sequence[Line], level: int) -> None:
    for one in lines:
        label, value = _label(one)
        if label:
            outline.heading(label, level, one.line)
        outline.text(value, one.marked)
    outline.end_label()


def _label(line: Line) -> tuple[str, str]:
    """The label that a line starts with, and what follows; without one, nothing and the line."""
    if line.bold:
        rest = line.text[len(line.bold) :].strip()
        bold = line.bold.strip()
        if not rest or rest.startswith((":", "\uff1a")) or bold.endswith((":", "\uff1a", "?")):
            return bold.strip(" :\uff1a."), rest.lstrip(" :\uff1a")
    found = _LABEL.fullmatch(line.text.strip())
    if found is None or found[1].count(" ") >= 5 or found[1].lower() in ("n/a", "not applicable"):
        return "", line.text
    return found[1], found[2]


def _lines(token: Token, line: int) -> Iterator[Line]:
    """The lines of a paragraph. An address that a link leads to is told with it, a path is marked."""
    text = bold = target = ""
    marked: list[str] = []
    strong = False
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            yield Line(text, bold, tuple(marked), line)
            text, bold, marked, line = "", "", [], line + 1
        elif child.type == "strong_open":
            strong = not text.strip()
        elif child.type == "strong_close":
            bold, strong = text if strong else bold, False
        elif child.type == "link_open":
            target = str(child.attrGet("href") or "")
        elif child.type == "link_close":
            text += address(text, target)
            marked.append(target)
        elif child.type == "html_inline":
            text += _untagged(child.content).strip()
            marked.extend(_IMAGE.findall(child.content))
        elif child.type == "image":
            marked.append(str(child.attrGet("src") or ""))
        elif child.type in ("text", "code_inline"):
            text += child.content
            if child.type == "code_inline":
                marked.append(child.content)
    yield Line(text, bold, tuple(marked), line)
