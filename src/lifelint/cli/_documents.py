"""What commands about documents have in common: the state they read, the format they print, how they write."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from lifelint.cli._inputs import MISTAKES, configured, opened
from lifelint.facts import Facts, Source
from lifelint.facts.releases.document import ROLES
from lifelint.projects import Share, Shares, declared
from lifelint.snapshot._open import open_snapshot
from lifelint.states import projects_of

F = TypeVar("F", bound=Callable[..., Any])


def format_option(command: F) -> F:
    """``--format``."""
    formats = click.Choice(["text", "json"])
    return click.option("--format", "format_", type=formats, default="text", help="What to print (default: text).")(
        command
    )


def dirty_option(command: F) -> F:
    """``--allow-dirty``."""
    told = "Also change files with changes that are in no commit."
    return click.option("--allow-dirty", is_flag=True, help=told)(command)


def templates_option(command: F) -> F:
    """``--templates``."""
    folder = click.Path(exists=True, file_okay=False)
    return click.option("--templates", type=folder, metavar="DIR", help="Templates that come before ours.")(command)


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


def around(folder: str, roots: Sequence[str]) -> str:
    """The innermost of these projects around a folder, or the only one there is.

    Raises:
        click.ClickException: there are several, and the folder is in none of them.
    """
    found = [root for root in roots if f"{folder}/".startswith(f"{root}/") or not root]
    if not found and len(roots) > 1:
        raise click.ClickException(f"there are several projects: go to one of them (-C {' or -C '.join(roots)})")
    return max(found or roots, key=len)


@contextmanager
def project_at(rev: str, config_file: str | None) -> Iterator[Project]:
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
            root = around(state.folder, roots)
            share = Shares(facts, declared(roots)).of(declared([root])[0])
            yield Project(facts, share, state.snapshot.subject.path, root, config.exclude)
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None


def dumped(document: Mapping[str, Any]) -> str:
    """JSON text as all commands print it."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def role_and_place(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> Sequence[tuple[str, str]]:
    """The values of ``--data``."""
    pairs = []
    for value in values:
        role, equals, place = value.partition("=")
        if not (equals and place) or role not in ROLES:
            raise click.BadParameter(f"{value!r} is not ROLE=PLACE with ROLE one of {', '.join(ROLES)}")
        pairs.append((role, place))
    return pairs


def rooted(root: str, name: str) -> str:
    """A path as it is written in the current folder, as it is called in the repository at ``root``.

    What is no file here (``dvc.lock#train:model.onnx``, an artifact that was not fetched) is taken as it is called
    there, if the current folder is ``root``, or no such file is below it.
    """
    here = Path(os.path.realpath(Path(name).parent), Path(name).name)
    path = os.path.relpath(here, os.path.realpath(root))
    if path == os.pardir or path.startswith(f"{os.pardir}{os.sep}") or not os.path.lexists(name.partition("#")[0]):
        return name.removeprefix("./")
    return path.replace(os.sep, "/")


def inside(root: str, name: str) -> str:
    """A path to write to, as it is written in the current folder, as it is called in the repository at ``root``.

    Raises:
        click.ClickException: it lies elsewhere.
    """
    path = os.path.relpath(Path(os.path.realpath(Path(name).parent), Path(name).name), os.path.realpath(root))
    if path == os.pardir or path.startswith(f"{os.pardir}{os.sep}"):
        raise click.ClickException(f"{name} is not inside {root}")
    return path.replace(os.sep, "/")


def named_in(root: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Options that name places, with these as they are called in the repository at ``root``."""
    made = dict(asked)
    for key in ("models", "environment", "reports", "gates", "paths"):
        if key in made:
            made[key] = [rooted(root, name) for name in made[key]]
    return {**made, "data": [(role, rooted(root, name)) for role, name in made["data"]]}


def write(root: str, name: str, text: str, *, over: bool = False) -> None:
    """Writes a document of the repository at ``root``; what is there is kept unless it is to be written ``over``.

    No symbolic link is followed: one in the repository may lead anywhere.
    """
    path = Path(root, name)
    if path.resolve() != Path(root).resolve() / name:
        raise click.ClickException(f"cannot write {name}: there is a symbolic link on the way")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if over else "x", encoding="utf-8", newline="\n") as opened_file:
            opened_file.write(text)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from None
