"""The badge: the least level of all projects, honestly, in a picture that loads nothing."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from lifelint.model import LEVELS
from lifelint.report import badge, endpoint

SVG = "{http://www.w3.org/2000/svg}"


def report(*levels: tuple[int, int], waived: int = 0) -> dict[str, Any]:
    cards = [{"level": level, "strict_level": strict, "counts": {"waived": waived}} for level, strict in levels]
    return {"projects": [{"scorecard": card} for card in cards] or [{"scorecard": None}]}


@pytest.mark.parametrize("level", range(len(LEVELS)))
def test_it_says_the_level_and_its_name(level: int) -> None:
    assert endpoint.badge(report((level, level))).message == f"level {level} {LEVELS[level]}"


def test_the_least_project_counts() -> None:
    assert endpoint.badge(report((3, 3), (1, 1))).message == "level 1 agreed"


def test_what_is_waived_is_said_where_it_makes_a_difference() -> None:
    assert endpoint.badge(report((2, 1), waived=3)).message == "level 2 traceable (strict 1, 3 waived)"
    assert endpoint.badge(report((2, 2), waived=3)).message == "level 2 traceable"


def test_single_files_have_no_level() -> None:
    assert endpoint.badge(report()).message == "not judged"


def test_the_endpoint_has_what_shields_reads() -> None:
    assert endpoint.render(report((2, 2))) == (
        '{"schemaVersion": 1, "label": "ML maturity", "message": "level 2 traceable", "color": "846700"}\n'
    )


def test_the_picture_is_svg_that_names_itself_and_loads_nothing() -> None:
    root = ElementTree.fromstring(badge.render(report((2, 1), waived=1)))
    texts = [text.text for text in root.iter(f"{SVG}text")]

    assert root.tag == f"{SVG}svg"
    assert texts == ["ML maturity", "level 2 traceable (strict 1, 1 waived)"]
    assert root.get("aria-label") == "ML maturity: level 2 traceable (strict 1, 1 waived)"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg",
        "title",
        "clipPath",
        "rect",
        "g",
        "text",
    }


@pytest.mark.parametrize("level", range(len(LEVELS)))
def test_white_letters_can_be_read_on_every_colour(level: int) -> None:
    colour = endpoint.badge(report((level, level))).colour
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    assert 1.05 / (luminance + 0.05) >= 4.5
