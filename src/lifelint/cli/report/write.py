"""``lifelint report write``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import click

from lifelint.cli import INTERNAL, OK, _frameworks
from lifelint.cli._formats import rendered, written
from lifelint.cli._inputs import MISTAKES, config_option, configured, opened, rules_in_force
from lifelint.config import Config
from lifelint.facts import Facts, Memo, Source
from lifelint.governance import accepted
from lifelint.inspection import inspect_facts
from lifelint.triage import gate

if TYPE_CHECKING:
    from datetime import datetime

    from lifelint.audit.nouns import Audit
    from lifelint.frameworks.nouns import Crosswalk
    from lifelint.snapshot import Snapshot

FORMATS = {"html": (".html", ".htm"), "pdf": (".pdf",), "markdown": (".md",), "json": (".json",), "csv": (".csv",)}
"""Each is a module of ``lifelint.report.audit``; the endings of files that mean it."""

EPILOG = "Exit codes: 0 the report was made, whatever it says, 2 wrong usage or configuration, 3 internal error."


@click.command("write", epilog=EPILOG)
@click.argument("path", default="", metavar="[PATH]", type=click.Path())
@click.option("--rev", default="HEAD", metavar="REV", help="The commit to judge (default: HEAD).")
@click.option("--base", default="", metavar="REV", help="Compare with a revision, or where it was left; `auto` in CI.")
@click.option("--format", "format_", type=click.Choice([*FORMATS]), help="Default: by the ending of FILE, else html.")
@click.option("-o", "--output", default="-", metavar="FILE", help="Write to FILE (default: standard output).")
@click.option("--title", default="", metavar="TEXT", help="What it is about (default: the name on the forge).")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day by which waivers lapse.")
@click.option(
    *("--framework", "frameworks"),
    multiple=True,
    metavar="NAME",
    shell_complete=_frameworks.complete,
    help="Tell what the rules answer of a standard, law or guide; repeatable, `all` for every one.",
)
@config_option
def command(
    path: str,
    rev: str,
    base: str,
    format_: str | None,
    output: str,
    title: str,
    today: datetime | None,
    frameworks: Sequence[str],
    config_file: str | None,
) -> int:
    """Write the audit report of a commit: one document, for the person who has to defend the project.

    It says what was judged and what could not be seen, how the level was earned, what has to be reproducible, where
    data and model ownership meet, how change is evaluated, what to do next, and every finding with its evidence: path,
    line, content and commit. HTML is one file that works offline and printed, PDF
    is the same page (pip install 'lifelint[pdf]'); JSON (audit/v1) holds all of it.

    PATH is a folder of the repository that is judged alone (default: the repository around the current folder). The
    configuration's `select` and `ignore` hide nothing here. `lifelint explain --framework` lists the frameworks.

    \b
    lifelint report -o audit.html
    lifelint report --rev v1.4.0 --today 2026-01-31 -o audit.json
    lifelint report --base v1.3.0 -o audit.md
    lifelint report --framework eu-ai-act --framework ml-test-score -o audit.html
    """
    day = today.date().isoformat() if today else time.strftime("%Y-%m-%d")
    asked = _frameworks.chosen(frameworks)
    try:
        made = audited(path, rev, base, config_file, title=title, today=day, asked=asked)
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    written(output, _rendered(made, format_ or _meant(output)))
    return INTERNAL if gate.crashed(made.report.projects) else OK


def audited(
    path: str, rev: str, base: str, config_file: str | None, *, title: str, today: str, asked: Crosswalk
) -> Audit:
    """The audit of a commit, compared with ``base`` if that is given, with the frameworks that are ``asked`` for.

    Raises:
        SnapshotError, ConfigError, RuleError: as ``lifelint check``.
    """
    from lifelint.audit.frameworks import readings
    from lifelint.audit.made import audit
    from lifelint.cli._base import base_of
    from lifelint.config import differences
    from lifelint.snapshot._origin import origin

    with ExitStack() as stack:
        state = opened([path] if path else [], rev, False)
        stack.enter_context(closing(state.snapshot))
        before = base_of(state, base) if base else None
        if before is not None:
            stack.enter_context(closing(before.snapshot))
        own = configured(state, config_file)
        governing = configured(before, config_file) if before else own
        config = governing._replace(select=(), ignore=())
        loaded = rules_in_force(before or state, config, examples=False)
        memo = Memo()
        facts = _facts(state.snapshot, config, memo)
        report = inspect_facts(
            facts,
            config,
            loaded,
            base=_facts(before.snapshot, config, memo, like=facts) if before else None,
            folder=state.folder,
            today=today,
            baseline=accepted((before or state).snapshot),
        )
        if report.change:
            report = report._replace(change=report.change._replace(configuration=differences(governing, own)))
        return audit(
            facts,
            report,
            title=title,
            today=today,
            remote=origin(report.subject.path),
            frameworks=readings(report, asked, _frameworks.built() if asked.frameworks else {}),
        )


def _facts(snapshot: Snapshot, config: Config, memo: Memo, like: Facts | None = None) -> Facts:
    return Facts(Source(snapshot, exclude=config.exclude, memo=memo), like=like)


def _meant(output: str) -> str:
    """The format that the name of a file means."""
    return next((name for name, endings in FORMATS.items() if output.lower().endswith(endings)), "html")


def _rendered(made: Audit, format_: str) -> str | bytes:
    from lifelint.report.audit import json

    return json.render(made) if format_ == "json" else rendered(f"audit.{format_}", json.document(made))
