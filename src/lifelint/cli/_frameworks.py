"""Frameworks by the names that are given on a command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lifelint.frameworks.nouns import Crosswalk, Framework

EVERY = "all"
"""The name that means every framework, where several can be named."""


def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The names that begin so."""
    from lifelint.frameworks import reading

    return [name for name in reading.load().frameworks if name.startswith(incomplete)]


def named(crosswalk: Crosswalk, name: str) -> Framework:
    """The framework of that name.

    Raises:
        ClickException: there is none.
    """
    from lifelint._words import suggest

    framework = crosswalk.frameworks.get(name)
    if framework is None:
        known = ", ".join(crosswalk.frameworks)
        raise click.ClickException(f"there is no framework {name!r}{suggest(name, crosswalk.frameworks)}: {known}")
    return framework


def chosen(names: Sequence[str]) -> Crosswalk:
    """The crosswalk with the frameworks of these names alone, in the order of the crosswalk.

    Raises:
        ClickException: there is none of such a name.
    """
    from lifelint.frameworks import reading
    from lifelint.frameworks.nouns import Crosswalk

    if not names:
        return Crosswalk({}, {})
    crosswalk = reading.load()
    wanted = {*crosswalk.frameworks} if EVERY in names else {named(crosswalk, name).id for name in names}
    return crosswalk._replace(frameworks={key: one for key, one in crosswalk.frameworks.items() if key in wanted})


def built() -> Mapping[str, str]:
    """The titles of the rules that are built, by id."""
    from lifelint import catalog

    return {rule.id: rule.title for rule in catalog.load(examples=False).rules}
