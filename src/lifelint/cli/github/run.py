"""``lifelint github run``: results first, then annotations, then the comment; the exit code is the check's."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from lifelint.cli import EPILOG, FINDINGS, INTERNAL, OK, USAGE, check, internal
from lifelint.cli._comments import comment_of, comment_options
from lifelint.cli._inputs import MISTAKES, configured, opened
from lifelint.cli.github._publishing import output, token_option, told
from lifelint.config import FAIL_ON
from lifelint.forge import actions, commands, github, history
from lifelint.forge.sticky import Published, publish
from lifelint.report.escaping import command_data

_ZERO: Mapping[str, str | int] = {
    "level": "",
    "level-before": "",
    "proven": 0,
    "expected": 0,
    "total": 0,
    "new": 0,
    "fixed": 0,
}


@click.command("run", epilog=EPILOG)
@click.option("--path", default=".", envvar="LIFELINT_PATH", help="The folder to judge.")
@click.option("--config", "config_file", envvar="LIFELINT_CONFIG", help="Use this configuration, not the repository's.")
@click.option("--base", default="", envvar="LIFELINT_BASE", help="The base, instead of the event's; `none` for none.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), envvar="LIFELINT_FAIL_ON", help="As for `check`.")
@click.option("--min-level", type=click.IntRange(1, 5), envvar="LIFELINT_MIN_LEVEL", help="As for `check`.")
@click.option("--no-level-drop", is_flag=True, envvar="LIFELINT_NO_LEVEL_DROP", help="As for `check`.")
@click.option(
    "--annotate",
    type=click.Choice(["new", "all", "off"]),
    default="new",
    envvar="LIFELINT_ANNOTATE",
    help="Which problems to annotate (default: those that the change made).",
)
@click.option("--summary/--no-summary", default=True, envvar="LIFELINT_SUMMARY", help="Write the job summary.")
@comment_options()
@token_option
@click.option("--report-file", default="", envvar="LIFELINT_REPORT_FILE", help="Where to write the JSON report.")
@click.option("--sarif-file", default="", envvar="LIFELINT_SARIF_FILE", help="Where to write the SARIF report.")
@click.pass_context
def command(
    context: click.Context,
    /,
    path: str,
    base: str,
    annotate: str,
    summary: bool,
    when: str,
    comment_key: str,
    token: str,
    report_file: str,
    sarif_file: str,
    **given: Any,
) -> int:
    """Check in a GitHub Actions workflow, and publish what came out.

    Judges HEAD, compared with the commit before the change where the event has one. Writes the reports, the job summary
    and the outputs first, then annotations, then the comment. A comment that cannot be written changes no result.
    """
    run = _run()
    kept = Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir()) / "lifelint"
    report = Path(report_file or kept / "report.json").absolute()
    sarif = Path(sarif_file or kept / "report.sarif").absolute()
    output({**_ZERO, "gate": "error", "comment-status": "skipped", "comment-url": ""})
    try:
        for file in (report, sarif):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
    except OSError as error:
        return _wrong(f"{error.filename}: cannot be written ({error.strerror})")
    compared = _base(run, path, base, token)
    code = _checked(context, path, compared, given, (f"json={report}", f"sarif={sarif}"))
    if not report.exists():
        return code
    document = json.loads(report.read_bytes())
    output(
        {
            **_counted(document),
            "report-file": str(report),
            "sarif-file": str(sarif),
            "gate": _GATES.get(code, "error"),
        }
    )
    if summary:
        _summarise(document)
    if annotate != "off":
        from lifelint.report.github import commands as annotations

        click.echo("".join(f"{line}\n" for line in annotations(document, only_new=annotate == "new")), nl=False)
    published = _published(run, document, when, comment_key, token)
    told(published)
    output({"comment-status": published.status, "comment-url": published.address})
    return code


_GATES = {OK: "pass", FINDINGS: "fail"}
_HALVED = 4  # times that a summary is tried: characters may take four bytes


def _run() -> actions.Run:
    event = os.environ.get("GITHUB_EVENT_PATH", "")
    try:
        return actions.run(os.environ, Path(event).read_bytes() if event else b"")
    except (OSError, ValueError) as error:
        raise click.ClickException(f"GITHUB_EVENT_PATH={event}: cannot be read ({error})") from None


def _base(run: actions.Run, path: str, asked: str, token: str) -> str:
    """The revision to compare with, ``""`` where there is none or it cannot be had."""
    if asked:
        return "" if asked == "none" else asked
    if not Path(path).is_dir():
        return ""  # which the check will tell
    # Pull requests are checked out as their merge with the base. A branch may end in a merge of its own.
    both = history.parents(path, "HEAD") if run.pull else []
    if run.pull and both[1:] == [run.pull.commit]:
        return both[0]
    if not run.base or history.here(path, run.base):
        return run.base
    why = history.fetched(path, run.base, run.server, token)
    if not why:
        return run.base
    hint = f"The base {run.base[:12]} is not here, so everything counts as old: give actions/checkout `fetch-depth: 0`"
    click.echo(f"::warning title=lifelint::{command_data(f'{hint}. {why}')}")
    return ""


def _checked(context: click.Context, path: str, base: str, given: Mapping[str, Any], outputs: Sequence[str]) -> int:
    """``lifelint check``, told to the log and to ``outputs``. What a person can mend is annotated as well."""
    try:
        if not base:
            given = {**given, "no_level_drop": False, "fail_on": _without_base(path, given)}
        with commands.unheard(sys.stdout):
            return _invoked(context, paths=(path,), rev="HEAD", base=base, outputs=outputs, format_="text", **given)
    except (click.ClickException, *MISTAKES) as error:
        message = error.format_message() if isinstance(error, click.ClickException) else str(error)
        return _wrong(message)


def _wrong(message: str) -> int:
    click.echo(f"::error title=lifelint::{command_data(message)}")
    return USAGE


def _invoked(context: click.Context, **given: Any) -> int:
    try:
        code: int = context.invoke(check.command, **given)
    except click.ClickException:
        raise
    except Exception as error:  # noqa: BLE001  (a bug is told where the runner takes no text for a command)
        internal(error)
        return INTERNAL
    return code


def _without_base(path: str, given: Mapping[str, Any]) -> str:
    """What fails where there is nothing to compare with: all that is new counts as old."""
    state = opened([path], "HEAD", staged=False)
    with closing(state.snapshot):
        config = configured(state, given["config_file"])
    fail_on: str = given["fail_on"] or (config.fail_on if "fail-on" in config.lines else "new-error")
    return "never" if fail_on.startswith("new-") else fail_on


def _counted(document: Mapping[str, Any]) -> dict[str, str | int]:
    """The outputs; of several projects the least level, and the sums."""
    from lifelint.report.problems import problems

    change = document["change"] or {"before": {}, "new": (), "fixed": ()}
    cards = [project["scorecard"] for project in document["projects"] if project["scorecard"]]
    return {
        "level": min((card["level"] for card in cards), default=""),
        "level-before": min((number for number in change["before"].values() if number is not None), default=""),
        "proven": sum(card["proven"] for card in cards),
        "expected": sum(card["applicable"] for card in cards),
        "total": len(problems(document)),
        "new": len(change["new"]),
        "fixed": len(change["fixed"]),
    }


def _summarise(document: Mapping[str, Any]) -> None:
    file = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not file:
        return
    from lifelint.report import markdown

    text = "The summary of lifelint is too long for this page: see the report.\n"
    for limit in (markdown.LIMIT >> halved for halved in range(_HALVED)):
        rendered = markdown.render(document, limit)
        if len(rendered.encode("utf-8", "surrogateescape")) <= commands.SUMMARY_LIMIT:
            text = rendered
            break
    with Path(file).open("a", encoding="utf-8", errors="surrogateescape") as out:
        out.write(text)


def _published(run: actions.Run, document: Mapping[str, Any], when: str, key: str, token: str) -> Published:
    from lifelint.report.comment import Where

    if when == "off" or run.pull is None:
        return Published(
            "skipped", why="" if when == "off" else f"a run for {run.event or 'no event'} has no pull request"
        )
    if not token:
        return Published("denied", why="there is no token")
    where = Where(run.server, run.repository, run.pull.commit, run.address)
    made = comment_of(document, where, when, key)
    return publish(
        github.PullThread(run.client(token), run.pull, run.graphql), run.pull.commit, made.body, create=made.create
    )
