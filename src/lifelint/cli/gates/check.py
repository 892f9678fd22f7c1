"""``lifelint gates check``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lifelint.cli import FINDINGS, OK
from lifelint.cli._documents import dumped, facts_of, format_option, rooted
from lifelint.cli._inputs import config_option, state_options
from lifelint.cli._look import look
from lifelint.facts import Facts, Unreadable
from lifelint.facts.evaluation.document import Demand
from lifelint.facts.evaluation.found import parse_gates_file
from lifelint.facts.evaluation.joined import joined
from lifelint.facts.evaluation.noun import Evaluation, Gate
from lifelint.release.measured import measured
from lifelint.report import evaluations as report

EPILOG = (
    "Exit codes: 0 all gates are met, 1 one is not, or is not shown to be, 2 wrong usage or no gates, 3 internal error."
)


@click.command("check", epilog=EPILOG)
@click.option("--report", "reports", multiple=True, metavar="FILE", help="Only this report, in git or not; repeatable.")
@click.option("--gates", "files", multiple=True, metavar="FILE", help="Only the gates of this file; repeatable.")
@state_options
@config_option
@format_option
def command(
    reports: Sequence[str], files: Sequence[str], rev: str, staged: bool, config_file: str | None, format_: str
) -> int:
    """Compute gates again from the reports: no result that is written down is believed.

    Each gate is joined with the newest report near it that holds its metric. With --report it is one of these files,
    which need not be in git: a pipeline can stop right after its evaluation. Missing values, NaN and infinity do not
    meet a gate, and neither does what cannot be told.

    \b
    lifelint gates check
    lifelint gates check --report out/metrics.json       # figures that were just measured
    lifelint gates check --rev v1.4.0 --format json
    """
    with facts_of(rev, staged, config_file) as facts:
        found = _joined(facts, [_read(facts, name) for name in reports]) if reports else facts["gates"].items
        names = [rooted(facts.source.snapshot.subject.path, name) for name in files]
        meant = [gate for gate in found if not files or gate.path in names]
        broken = [u for u in facts["gates"].unread if not files or u.path in names]
        unfilled = [one for one in facts["unfilled_gates"].items if not files or one.path in names]
    if broken:
        raise click.ClickException(f"{broken[0].path}:{broken[0].line} {broken[0].message}")
    if unfilled:
        one = unfilled[0]
        raise click.ClickException(
            f"{one.path}:{one.line} the gate {one.metric} is to be filled in: it says {one.mark}"
        )
    there = list(dict.fromkeys(gate.path for gate in found))
    if not there:
        raise click.ClickException("there is no file of gates (schema: gates/v1) here; docs/evaluation.md shows one")
    lost = [name for name in names if name not in there]
    if lost:
        raise click.ClickException(f"{lost[0]} holds no gates; there are: {', '.join(there)}")
    if format_ == "json":
        click.echo(dumped({"schema_version": 1, "gates": [report.gate_document(gate) for gate in meant]}))
    else:
        click.echo(report.gates(meant, look()), nl=False, color=True)
    return OK if all(gate.holds for gate in meant) else FINDINGS


def _read(facts: Facts, name: str) -> Evaluation:
    """A report: as it is known in git, else as it lies on the disk."""
    plain = rooted(facts.source.snapshot.subject.path, name)
    known: Evaluation | None = next(
        (e for e in facts["evaluations"].items if e.kept and plain == e.path and e.metrics), None
    )
    if known is not None:
        return known
    try:
        data = facts.source.bytes(plain) if facts.source.is_file(plain) else Path(name).read_bytes()
        return measured(plain, data or b"")
    except OSError as error:
        raise click.ClickException(f"{name}: cannot be read ({error.strerror})") from None
    except Unreadable as error:
        raise click.ClickException(f"{name}: {error.message}") from None


def _joined(facts: Facts, reports: Sequence[Evaluation]) -> Sequence[Gate]:
    """The gates of the state, joined with these reports only."""
    found = []
    for path in dict.fromkeys(gate.path for gate in facts["gates"].items):
        demands = facts.source.parse(path, parse_gates_file) or ()
        history = facts.source.snapshot.history
        found += [joined(demand, path, reports, history) for demand in demands if isinstance(demand, Demand)]
    return found
