"""What the commands about releases have in common: the state they read, and the formats they print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, NamedTuple, TypeVar

import click

from lifelint._words import suggest
from lifelint.cli._inputs import MISTAKES, configured, opened
from lifelint.facts import Facts, Source
from lifelint.facts.releases.document import Release
from lifelint.inspection import projects_of
from lifelint.projects import Share, Shares, declared
from lifelint.release import chosen
from lifelint.snapshot._open import open_snapshot

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


class Project(NamedTuple):
    """A project at a commit: the facts of the whole repository, and its own; the paths are those of the two roots."""

    facts: Facts
    share: Share
    root: str
    project: str
    exclude: Sequence[str]


@contextmanager
def facts_at(rev: str, config_file: str | None) -> Iterator[Project]:
    """The project around the current folder, as a commit holds it.

    Raises:
        click.ClickException: there are several, and the current folder is in none of them.
    """
    try:
        state = open_snapshot(["."], rev=rev)
        with closing(state.snapshot):
            config = configured(state, config_file)
            facts = Facts(Source(state.snapshot, exclude=config.exclude))
            roots = [project.root for project in projects_of(facts, config, "")]
            around = [root for root in roots if f"{state.folder}/".startswith(f"{root}/") or not root]
            if not around and len(roots) > 1:
                raise click.ClickException(
                    f"there are several projects: go to one of them (-C {' or -C '.join(roots)})"
                )
            root = max(around or roots, key=len)
            share = Shares(facts, declared(roots)).of(declared([root])[0])
            yield Project(facts, share, state.snapshot.subject.path, root, config.exclude)
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
