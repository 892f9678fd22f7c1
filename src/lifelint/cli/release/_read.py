"""What the commands about releases have in common: the state they read, and the formats they print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, TypeVar

import click

from lifelint._words import suggest
from lifelint.cli._inputs import MISTAKES, configured, opened
from lifelint.facts import Facts, Source
from lifelint.facts.releases.document import Release
from lifelint.release import chosen

F = TypeVar("F", bound=Callable[..., Any])


def format_option(command: F) -> F:
    """``--format``."""
    formats = click.Choice(["text", "json"])
    return click.option("--format", "format_", type=formats, default="text", help="What to print (default: text).")(
        command
    )


@contextmanager
def facts_of(rev: str, staged: bool, config_file: str | None) -> Iterator[Facts]:
    """The facts of the state that the options mean. What a person can mend ends the command in one message."""
    try:
        state = opened([], rev, staged)
        with closing(state.snapshot):
            config = configured(state, config_file)
            yield Facts(Source(state.snapshot, exclude=config.exclude))
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None


def wanted(found: Sequence[Release], word: str) -> Sequence[Release]:
    """The releases that ``word`` means: a version, a tag or the path of a manifest.

    Raises:
        click.ClickException: none.
    """
    meant = chosen.called(found, word)
    if not meant:
        there = ", ".join(release.version for release in found[:10])
        near = suggest(word, [name for release in found for name in (release.version, release.tag)])
        raise click.ClickException(f"there is no release {word!r}{near}; {f'there are: {there}' if there else NONE}")
    return meant


NONE = "there is none here: no releases/<version>/release.yaml with schema: release-manifest/v1"


def dumped(document: Mapping[str, Any]) -> str:
    """JSON text as all commands print it."""
    return json.dumps(document, indent=2, ensure_ascii=False)
