"""A summary in GitHub's Markdown, for job summaries, merge requests and wikis.

What comes from the inspected repository stands in code spans inside HTML tables without blank lines: there Markdown is
not read, and nobody is mentioned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.model import LEVELS, PHASES, PRINCIPLES
from lifelint.report.amounts import difference, extents, moved, value
from lifelint.report.escaping import code
from lifelint.report.problems import Problem, problems, target

LIMIT = 900_000
"""Characters: a job summary may have 1 MiB (docs.github.com, job summaries)."""

_ENDING = 200  # characters for the row that counts those left out, and for the end of the table
_ALTERED = 30  # items of a change that are listed
_SIGNS = {"error": "🔴 error", "warning": "🟠 warning", "info": "🔵 info"}


def render(document: Mapping[str, Any], limit: int = LIMIT) -> str:
    """The report as Markdown of at most ``limit`` characters; rows that do not fit are counted."""
    head, open_ = [*_changed(document["change"]), *_head(document)], [*_unknown(document)]
    room = limit - sum(len(part) + 2 for part in (*head, *open_)) - _ENDING
    return "\n\n".join([*head, *_failures(problems(document), room), *open_]) + "\n"


def _head(document: Mapping[str, Any]) -> Iterator[str]:
    scored = [project for project in document["projects"] if project["scorecard"]]
    if len(scored) == 1:
        card = scored[0]["scorecard"]
        yield f"### ML maturity: level {_level(card['level'])} ({LEVELS[card['level']]}), target {int(card['target'])}"
        yield f"{int(card['proven'])} of {int(card['applicable'])} expected rules proven · {_counts(card['counts'])}"
        yield matrix(card["matrix"])
        if card["next_steps"]:
            yield _steps(card)
    elif scored:
        yield f"### ML maturity of {len(scored)} projects"
        yield _projects(scored)
    else:
        yield "### lifelint: single files"
    revision = document["subject"]["revision"]
    if revision:
        edited = " with uncommitted changes" if document["subject"]["dirty"] else ""
        yield f"<sub>lifelint {document['tool']['version']} · commit {code(revision[:12])}{edited}</sub>"


def _changed(change: Mapping[str, Any] | None) -> Iterator[str]:
    """What the change made better or worse, and which versions differ."""
    if change is None:
        return
    counts = f"{len(change['new'])} new · {len(change['fixed'])} fixed · {int(change['unchanged'])} unchanged"
    yield f"**{counts}** compared with {code(change['base'][:12])}"
    kinds = {one["kind"] for one in change["altered"]}
    if "model" in kinds and "evaluation" not in kinds and change["unchanged_evaluations"]:
        yield "⚠️ **The model changed and its evaluation did not.**"
    if change["configuration_changed"]:
        yield "⚠️ The configuration changed; that of the base judges both."
        yield _settings(change.get("configuration", ()))
    levels = [(root, _level(change["before"][root]), _level(level)) for root, level in change["after"].items()]
    risen = [f"<li>level of {code(root)}: {before} → {after}</li>" for root, before, after in levels if before != after]
    altered = [f"<li>{_altered(one)}</li>" for one in change["altered"][:_ALTERED]]
    more = len(change["altered"]) - len(altered)
    rest = [f"<li>and {more} more versions</li>"] if more else []
    fixed = [f"<li>fixed: {code(one['rule'])} {code(one['subject'])}</li>" for one in change["fixed"][:_ALTERED]]
    new = [f"<li>new: {_new(one)}</li>" for one in change["new"]]
    items = [*new[:_ALTERED], *fixed, *risen, *altered, *rest]
    if items:
        yield "\n".join(["<ul>", *items, "</ul>"])
    if change.get("metrics"):
        yield _metrics(change["metrics"])


def _settings(settings: Sequence[Mapping[str, str]]) -> str:
    rows = [f"<li>{code(one['key'])}: {code(moved(one['before'], one['after']))}</li>" for one in settings[:_ALTERED]]
    rest = [f"<li>and {len(settings) - len(rows)} more</li>"] if len(settings) > len(rows) else []
    return "\n".join(["<ul>", *rows, *rest, "</ul>"])


def _new(one: Mapping[str, Any]) -> str:
    rules = dict.fromkeys(other["rule"] for other in one.get("also", ()))
    also = f" (so {', '.join(map(code, rules))} too)" if rules else ""
    return f"{code(one['rule'])} {code(one['subject'])}: {code(one['detail'])}{also}"


def _metrics(metrics: Sequence[Mapping[str, Any]]) -> str:
    """The metrics that differ, before and after."""
    rows = [
        f"<tr><td>{code(one['name'])}{''.join(f' {code(one[key])}' for key in ('slice', 'dataset') if one[key])}</td>"
        f"<td>{code(one['report'])}</td><td>{value(one['before'])}</td><td>{value(one['after'])}</td>"
        f"<td>{difference(one['before'], one['after'], one['better'])}</td></tr>"
        for one in metrics[:_ALTERED]
    ]
    more = len(metrics) - len(rows)
    rest = [f'<tr><td colspan="5">and {more} more</td></tr>'] if more else []
    head = "<tr><th>Metric</th><th>Report</th><th>Before</th><th>After</th><th>Difference</th></tr>"
    return "\n".join(["<table>", head, *rows, *rest, "</table>"])


def _altered(one: Mapping[str, Any]) -> str:
    """A thing whose version differs, and which it was and is."""
    about = f"{code(one['kind'])} {code(one['name'])}"
    if not one["before"] or not one["after"]:
        return f"{about} {'removed' if one['before'] else 'added'}"
    before, after = (version.rpartition(":")[2][:8] for version in (one["before"], one["after"]))
    extent = ", ".join(extents(one["kind"], one.get("sizes", (None,)), one.get("counts", (None,))))
    return f"{about} {code(before)} → {code(after)}{f' ({extent})' if extent else ''}"


def _counts(counts: Mapping[str, int]) -> str:
    named = (("pass", "passed"), ("fail", "failed"), ("unknown", "unknown"), ("not_applicable", "not applicable"))
    return " · ".join(f"{int(counts[key])} {word}" for key, word in named)


def _level(level: int | None) -> str:
    """A level. What should be a number is made one: in a stranger's report it may be a text."""
    return "none" if level is None else str(int(level))


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


def _steps(card: Mapping[str, Any]) -> str:
    steps = card["next_steps"]
    rows = [f"<li>{code(s['title'])} ({code(s['rule'])}, level {_level(s['level'])})</li>" for s in steps]
    return "\n".join([f"<b>Next steps from level {_level(card['level'])}</b>", "<ol>", *rows, "</ol>"])


def _projects(scored: Sequence[Mapping[str, Any]]) -> str:
    lines = ["<table>", "<tr><th>Project</th><th>Level</th><th>Target</th><th>Proven</th><th>Failed</th></tr>"]
    for project in scored:
        card = project["scorecard"]
        of = f"{int(card['proven'])}/{int(card['applicable'])}"
        numbers = (_level(card["level"]), int(card["target"]), of, int(card["counts"]["fail"]))
        lines.append(f"<tr><td>{code(project['root'])}</td>{''.join(f'<td>{n}</td>' for n in numbers)}</tr>")
    return "\n".join([*lines, "</table>"])


def _failures(found: Sequence[Problem], room: int) -> Iterator[str]:
    if not found:
        yield "No rule at or below the target level fails."
        return
    known = sum(problem.known for problem in found)
    many = f"{len(found)} problem{'' if len(found) == 1 else 's'}{f', {known} of them known' if known else ''}"
    lines = [f"<b>{many}</b>", "<table>", "<tr><th>Rule</th><th>Where</th><th>What was seen</th></tr>"]
    used = sum(map(len, lines))
    for number, problem in enumerate(found):
        row = _row(problem)
        used += len(row) + 1
        if used > room:
            lines.append(f'<tr><td colspan="3">and {len(found) - number} more in the full report</td></tr>')
            break
        lines.append(row)
    yield "\n".join([*lines, "</table>"])


def _row(problem: Problem) -> str:
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path or problem.subject
    rule = f"{_SIGNS[problem.severity]}<br>{code(problem.rule)}"
    rule += "<br>known" if problem.known else ""
    return f"<tr><td>{rule}</td><td>{code(place)}</td><td>{code(problem.detail)}</td></tr>"


def _unknown(document: Mapping[str, Any]) -> Iterator[str]:
    rules = {
        finding["rule"]
        for project in document["projects"]
        for finding in project["findings"]
        if finding["outcome"] == "unknown" and finding["level"] <= target(document, project)
    }
    if rules:
        yield f"<sub>Not decidable from git alone: {', '.join(code(rule) for rule in sorted(rules))}</sub>"
