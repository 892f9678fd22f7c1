"""What several commands take: which state of which repository, with which configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, TypeVar

import click

from lifelint.catalog import Catalog, RuleError
from lifelint.config import BASELINE, FILES, Config, ConfigError, parse
from lifelint.governance import configuration, rules_of
from lifelint.snapshot import SnapshotError
from lifelint.snapshot._open import Opened, open_snapshot

LISTED = (*FILES, BASELINE)
"""Files at the top of a repository that are looked at also where only some others are judged."""

F = TypeVar("F", bound=Callable[..., Any])

MISTAKES = (SnapshotError, ConfigError, RuleError)
"""What a person can mend: told in one message, exit code 2."""


def state_options(command: F) -> F:
    """``--rev`` and ``--staged``."""
    rev = click.option("--rev", default="", metavar="REV", help="Judge a revision, without checking it out.")
    staged = click.option("--staged", is_flag=True, help="Judge what a commit would hold now (the index).")
    return rev(staged(command))


def config_option(command: F) -> F:
    """``--config``."""
    meaning = "Use this configuration, not the repository's."
    return click.option("--config", "config_file", type=click.Path(), metavar="FILE", help=meaning)(command)


def opened(paths: Sequence[str], rev: str, staged: bool) -> Opened:
    """The snapshot that the arguments mean; without a path, the repository around the current folder."""
    if rev and staged:
        raise click.UsageError("--rev and --staged exclude each other")
    result = open_snapshot(paths or ["."], rev=rev, staged=staged, also=LISTED)
    return result if paths else result._replace(folder="")


def configured(state: Opened, config_file: str | None) -> Config:
    """The configuration of the inspected state, or of the file that ``--config`` names."""
    if config_file is None:
        return configuration(state.snapshot)
    try:
        with click.open_file(config_file, "rb") as file:
            data: bytes = file.read()
    except OSError as error:
        raise ConfigError(f"{config_file}: cannot be read ({error.strerror})") from None
    config = parse(config_file, data)
    if config is None:
        raise ConfigError(f"{config_file}:1: holds no [tool.lifelint] table")
    return config


def rules_in_force(state: Opened, config: Config, *, examples: bool = True) -> Catalog:
    """The built-in rules and the configuration's own."""
    if not (state.files and config.rules):
        return rules_of(state.snapshot, config, examples=examples)
    # Only the named files were listed; the rule files that the configuration names lie elsewhere in the repository.
    subject = state.snapshot.subject
    rev = subject.revision if subject.kind == "revision" else ""
    whole = open_snapshot([subject.path], rev=rev, staged=subject.kind == "index")
    with closing(whole.snapshot):
        return rules_of(whole.snapshot, config, examples=examples)


def overridden(config: Config, **given: Any) -> Config:
    """``config`` with the values that the command line gives."""
    return config._replace(**{key: value for key, value in given.items() if value})
