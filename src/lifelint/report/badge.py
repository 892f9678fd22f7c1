"""A badge as SVG, to be committed or served: it loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from lifelint.report.endpoint import LABEL, badge

_HEIGHT, _PADDING, _BASELINE = 20, 6, 14
_NARROW, _WIDE = frozenset("ijltfrI ,.()1"), frozenset("mwMW")


def render(document: Mapping[str, Any]) -> str:
    """The level of the repository as a picture with a text for those who do not see it."""
    message, colour = badge(document)
    left, right = _width(LABEL), _width(message)
    text = escape(f"{LABEL}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" '
        f'aria-label="{text}">\n<title>{text}</title>\n'
        f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>\n'
        f'<g clip-path="url(#r)"><rect width="{left}" height="{_HEIGHT}" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{colour}"/></g>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">\n'
        f"{_line(LABEL, 0, left)}\n{_line(message, left, right)}\n</g>\n</svg>\n"
    )


def _width(text: str) -> int:
    """Pixels of ``text`` in Verdana at 11 pixels, nearly: the text is then fitted to it, whatever the font."""
    letters = sum(4 if letter in _NARROW else 10 if letter in _WIDE else 7 for letter in text)
    return letters + 2 * _PADDING


def _line(text: str, start: int, width: int) -> str:
    fitted = f'textLength="{width - 2 * _PADDING}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{start + _PADDING}" y="{_BASELINE}" {fitted}>{escape(text)}</text>'
