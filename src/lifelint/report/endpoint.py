"""The data of a badge, as Shields.io reads it from an address (shields.io, endpoint badge, schema version 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from lifelint.model import LEVELS

LABEL = "ML maturity"
_COLOURS = ("#b93a24", "#b4490c", "#846700", "#4f6b00", "#1f7a00", "#1f7a00")
"""By level: red, orange, yellow and greens on which white letters have a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3)."""
_NONE = "#6b6b6b"


class Badge(NamedTuple):
    """What a badge says. ``colour`` is six hex digits after ``#``."""

    message: str
    colour: str


def badge(document: Mapping[str, Any]) -> Badge:
    """The least level of all projects, with the strict level and the waivers beside it where they differ."""
    cards = [project["scorecard"] for project in document["projects"] if project["scorecard"]]
    if not cards:
        return Badge("not judged", _NONE)
    level = min(card["level"] for card in cards)
    strict = min(card["strict_level"] for card in cards)
    waived = sum(card["counts"]["waived"] for card in cards)
    note = f" (strict {strict}, {waived} waived)" if strict != level else ""
    return Badge(f"level {level} {LEVELS[level]}{note}", _COLOURS[level])


def render(document: Mapping[str, Any]) -> str:
    """The badge's data as JSON."""
    message, colour = badge(document)
    return (
        json.dumps({"schemaVersion": 1, "label": LABEL, "message": message, "color": colour.removeprefix("#")}) + "\n"
    )
