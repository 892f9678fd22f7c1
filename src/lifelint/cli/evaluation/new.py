"""``lifelint evaluation new``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Any

import click

from lifelint.cli import FINDINGS, OK, USAGE
from lifelint.cli._artifacts import differing
from lifelint.cli._documents import Project, dumped, format_option, inside, named_in, project_at, role_and_place, write
from lifelint.cli._inputs import config_option
from lifelint.cli._look import look
from lifelint.facts import Unreadable
from lifelint.facts.evaluation.document import REPORT
from lifelint.facts.evaluation.foreign import parse_foreign
from lifelint.facts.evaluation.found import SIDECAR
from lifelint.facts.evaluation.noun import Evaluation
from lifelint.facts.proof import Verdict
from lifelint.release.changed import changed
from lifelint.release.draft import Draft
from lifelint.release.measured import figures
from lifelint.release.subject import AskedSubject, Subject, report, subject, verified
from lifelint.report import drafts
from lifelint.snapshot._open import open_snapshot

EPILOG = (
    "Exit codes: 0 written (or it could be, with --dry-run), 1 git would refute it, or what it names is not committed, "
    "2 something is lacking or wrong usage, 3 internal error."
)


def _time(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    try:
        datetime.fromisoformat(value or "2026-01-01")
    except ValueError:
        raise click.BadParameter(f"{value!r} is no time as in 2026-01-31T12:00:00Z") from None
    return value


@click.command("new", epilog=EPILOG)
@click.option("--metrics", multiple=True, required=True, metavar="FILE", help="Figures as JSON or YAML; repeatable.")
@click.option("--model", "models", multiple=True, metavar="PLACE", help="A model. Default: the one that is evaluated.")
@click.option("--data", multiple=True, callback=role_and_place, metavar="ROLE=PLACE", help="Data. Default: by stage.")
@click.option("--environment", multiple=True, metavar="PATH", help="A lock, or IMAGE@sha256:…. Default: the locks.")
@click.option("--paths", multiple=True, metavar="PATH", help="A path that makes the model. Default: by stage.")
@click.option(
    "--created", default="", callback=_time, metavar="TIME", help="When it was measured (ISO 8601). Default: not told."
)
@click.option("-o", "--output", default="eval-report.json", metavar="FILE", help="Default: eval-report.json.")
@click.option("--sidecar", is_flag=True, help="Write the subject beside each file of figures, which stays as it is.")
@click.option("--allow-dirty", is_flag=True, help="Write it although what it names is changed, and say so in it.")
@click.option("--dry-run", is_flag=True, help="Print it and what git would say of it; write nothing.")
@config_option
@format_option
def command(
    metrics: Sequence[str],
    created: str,
    output: str,
    sidecar: bool,
    allow_dirty: bool,
    dry_run: bool,
    config_file: str | None,
    format_: str,
    **asked: Any,
) -> int:
    """Write a report that names what was evaluated: commit, models, data and locks by digest.

    The figures come from files: numbers by name (nested ones are slices), a list `metrics` of items with name and
    value, or results of lm-evaluation-harness. What was evaluated is what HEAD says of it. If it is changed since, or
    a model or a file of data on the disk is not what its pointer says, nothing is written: commit first.

    With --sidecar FILE.subject.json is written beside each file, for reports whose form is another tool's. Results of
    checks on data (Great Expectations, dbt) judge no model: name the data that was checked.

    PLACE is a pointer (`data/test.csv.dvc`), what one stands for (`models/model.onnx`), a tracked file, or
    `dvc.lock#STAGE:PATH`.

    \b
    lifelint evaluation new --metrics metrics.json
    lifelint evaluation new --metrics metrics.json --model models/model.onnx --data test=data/test.csv
    lifelint evaluation new --metrics results_2026.json --sidecar --data test=data/bench.dvc
    lifelint evaluation new --metrics run_results.json --sidecar --data train=data/trips.csv
    """
    judges = _judges(metrics, sidecar=sidecar)
    with project_at("HEAD", config_file) as state:
        about = subject(state.facts, state.share, AskedSubject(**named_in(state.root, asked), judges=judges))
        dirty = list(_dirty(state, about))
        draft = about.draft._replace(document={**about.draft.document, "dirty": bool(dirty)})
        if sidecar:
            files = _sidecars(state.root, metrics, draft)
        else:
            files = _report(state.root, output, metrics, draft, created)
        verdicts = [] if draft.lacking else _verdicts(state, files)
    draft = draft._replace(notes=[*(f"not committed: {one}" for one in dirty), *draft.notes])
    refuted = any(verdict.holds is False for verdict in verdicts)
    hindered = "what it names is not committed (--allow-dirty)" if dirty and not allow_dirty else ""
    written = not (draft.lacking or refuted or hindered or dry_run)
    for path, text in files.items() if written else ():
        write(state.root, path, text, over=True)
    if format_ == "json":
        click.echo(dumped(drafts.document(draft, verdicts, ", ".join(files), written=written)))
    else:
        shown = {os.path.relpath(Path(state.root, path)): text for path, text in files.items()}
        _tell(draft, verdicts, shown, hindered, written=written)
    return USAGE if draft.lacking else FINDINGS if refuted or hindered else OK


def _judges(metrics: Sequence[str], *, sidecar: bool) -> str:
    """What the files judge: ``data`` where all are results of checks on data, whose form only a sidecar keeps."""
    of_data = [name for name in metrics if _of_data(name)]
    if of_data and (len(of_data) < len(metrics) or not sidecar):
        raise click.UsageError(
            f"{of_data[0]} judges data, not a model: name the data with --sidecar, in a run of its own"
        )
    return "data" if of_data else "model"


def _of_data(name: str) -> bool:
    try:
        found = parse_foreign(_bytes(Path(name)))
    except Unreadable as error:
        raise click.ClickException(f"{name}: {error.message}") from None
    return isinstance(found, Evaluation) and found.judges == "data"


def _dirty(state: Project, about: Subject) -> Sequence[str]:
    """What of the subject is not as HEAD has it, in sentences."""
    head = state.facts.source.snapshot
    named = [each.place.partition("#")[0] for each in about.artifacts]
    paths = [*about.draft.document["paths"], *named]
    with closing(open_snapshot([state.root]).snapshot) as now:
        edited = [f"{path} differs from HEAD" for path in changed(head, now, paths)]
    return [*edited, *differing(state.facts.source, about.artifacts)]


def _verdicts(state: Project, files: Mapping[str, str]) -> list[Verdict]:
    """What git would say of the reports, if these files were committed; that they are dirty is told without it."""
    reports = [path.removesuffix(SIDECAR) for path in files]
    added = {path: text.encode() for path, text in files.items()}
    added |= {path: _bytes(Path(state.root, path)) for path in reports if path not in files}
    found = {path: verified(state.facts, path, added, exclude=state.exclude) for path in reports}
    for path, verdicts in found.items():
        if not verdicts:
            why = "is no file that is looked at as a report: give it a name with eval, metric, report, result or score"
            raise click.ClickException(f"{path} {why}, as .json, outside tests and examples")
    return [v for verdicts in found.values() for v in verdicts if v.field != "dirty"]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read ({error.strerror})") from None


def _report(root: str, output: str, metrics: Sequence[str], draft: Draft, created: str) -> Mapping[str, str]:
    found: list[Mapping[str, Any]] = []
    for name in metrics:
        try:
            found += figures(name, _bytes(Path(name)))
        except Unreadable as error:
            raise click.ClickException(f"{name}: {error.message}") from None
    path = inside(root, output)
    there = Path(root, path)
    if os.path.lexists(there) and f'"{REPORT}"'.encode() not in _bytes(there):
        raise click.ClickException(f"{output} is there and is no report of this form: name another file with -o")
    return {path: json.dumps(report(found, draft.document, created), indent=1, ensure_ascii=False) + "\n"}


def _sidecars(root: str, metrics: Sequence[str], draft: Draft) -> Mapping[str, str]:
    text = json.dumps({"subject": draft.document}, indent=1, ensure_ascii=False) + "\n"
    return {inside(root, name) + SIDECAR: text for name in metrics}


def _tell(draft: Draft, verdicts: Sequence[Verdict], files: Mapping[str, str], hindered: str, *, written: bool) -> None:
    if not written and not draft.lacking:
        click.echo("".join(files.values()))
    click.echo(
        drafts.render(draft, verdicts, ", ".join(files), look(), hindered, written=written), nl=False, color=True
    )
    if written:
        click.echo("Next:")
        click.echo(f"  git add {' '.join(map(quote, files))}")
        click.echo("  git commit -m 'Evaluate the model'")
        click.echo(f"  lifelint evaluation verify {' '.join(quote(name.removesuffix(SIDECAR)) for name in files)}")
