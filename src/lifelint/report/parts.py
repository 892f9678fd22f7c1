"""Pieces of GitHub's Markdown that the summary of a run and the comment on a change share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lifelint.model import PHASES, PRINCIPLES
from lifelint.report.amounts import difference, moved, value
from lifelint.report.escaping import code

SHOWN = 30
"""Rows of a table; those beyond are counted."""


def table(heads: Iterable[str], rows: Sequence[str], total: int) -> str:
    """An HTML table, which may stand where Markdown is not read; ``total`` counts the rows that there would be."""
    cells = [f'<th align="left">{head}</th>' for head in heads]
    more = [f'<tr><td colspan="{len(cells)}">and {total - len(rows)} more in the full report</td></tr>']
    return "\n".join(["<table>", f"<tr>{''.join(cells)}</tr>", *rows, *(more if total > len(rows) else ()), "</table>"])


def level(number: int | None) -> str:
    """A level. What should be a number is made one: in a stranger's report it may be a text."""
    return "none" if number is None else str(int(number))


def matrix(scored: Sequence[Mapping[str, Any]]) -> str:
    """The phases and principles as a table, with the level of each and how much of it is proven."""
    cells = {(cell["phase"], cell["principle"]): cell for cell in scored}
    lines = [f"| | {' | '.join(PRINCIPLES)} |", f"|---|{'---|' * len(PRINCIPLES)}"]
    for phase in PHASES:
        row = [_cell(cells.get((phase, principle))) for principle in PRINCIPLES]
        lines.append(f"| **{phase}** | {' | '.join(row)} |")
    return "\n".join(lines)


def _cell(cell: Mapping[str, Any] | None) -> str:
    if cell is None or cell["level"] is None:
        return "·"
    return f"level {int(cell['level'])}, {int(cell['proven'])}/{int(cell['applicable'])}"


def not_evaluated(change: Mapping[str, Any]) -> bool:
    """Whether the model changed and its evaluation, which there is, did not."""
    kinds = {one["kind"] for one in change["altered"]}
    return "model" in kinds and "evaluation" not in kinds and bool(change["unchanged_evaluations"])


def also(one: Mapping[str, Any]) -> str:
    """The other rules that fail for the same reason as a problem of a change."""
    rules = dict.fromkeys(other["rule"] for other in one.get("also", ()))
    return f" (so {', '.join(map(code, rules))} too)" if rules else ""


def settings(differing: Sequence[Mapping[str, str]]) -> str:
    """The settings that differ, before and after."""
    rows = [f"<li>{code(one['key'])}: {code(moved(one['before'], one['after']))}</li>" for one in differing[:SHOWN]]
    rest = [f"<li>and {len(differing) - len(rows)} more</li>"] if len(differing) > len(rows) else []
    return "\n".join(["<ul>", *rows, *rest, "</ul>"])


def metrics(measured: Sequence[Mapping[str, Any]]) -> str:
    """The metrics that differ, before and after."""
    rows = [
        f"<tr><td>{code(one['name'])}{''.join(f' {code(one[key])}' for key in ('slice', 'dataset') if one[key])}</td>"
        f"<td>{code(one['report'])}</td><td>{value(one['before'])}</td><td>{value(one['after'])}</td>"
        f"<td>{difference(one['before'], one['after'], one['better'])}</td></tr>"
        for one in measured[:SHOWN]
    ]
    return table(("Metric", "Report", "Before", "After", "Difference"), rows, len(measured))


def folded(summary: str, content: str, *, opened: bool = False) -> str:
    """A section that can be folded away."""
    return f"<details{' open' if opened else ''}><summary><b>{summary}</b></summary>\n\n{content}\n\n</details>"
