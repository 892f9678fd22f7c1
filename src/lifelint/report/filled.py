"""Templates filled as Markdown, for a terminal and for files: what stands in them is not escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lifelint import _resources


def filled(template: str, filters: Mapping[str, Callable[..., Any]], **given: Any) -> str:
    """A template of ``templates/``, with all that it names ``given``."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_resources.directory("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  (Markdown, not HTML)
    )
    environment.filters |= filters
    text: str = environment.get_template(template).render(given)
    return text
