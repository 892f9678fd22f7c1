"""A summary in GitHub's Markdown, for job summaries, merge requests and wikis.

What comes from the inspected repository stands in code spans inside HTML tables without blank lines: there Markdown is
not read, and nobody is mentioned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.model import LEVELS
from lifelint.report.amounts import extents
from lifelint.report.escaping import code
from lifelint.report.parts import also, level, matrix, metrics, not_evaluated, settings
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
        yield f"### ML maturity: level {level(card['level'])} ({LEVELS[card['level']]}), target {int(card['target'])}"
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
        version = code(document["tool"]["version"])
        yield f"<p><sub>lifelint {version} · commit {code(revision[:12])}{edited}</sub></p>"


def _changed(change: Mapping[str, Any] | None) -> Iterator[str]:
    """What the change made better or worse, and which versions differ."""
    if change is None:
        return
    counts = f"{len(change['new'])} new · {len(change['fixed'])} fixed · {int(change['unchanged'])} unchanged"
    yield f"<p><b>{counts}</b> compared with {code(change['base'][:12])}</p>"
    if not_evaluated(change):
        yield "⚠️ **The model changed and its evaluation did not.**"
    if change["configuration_changed"]:
        yield "⚠️ The configuration changed; that of the base judges both."
        yield settings(change.get("configuration", ()))
    levels = [(root, level(change["before"][root]), level(now)) for root, now in change["after"].items()]
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
        yield metrics(change["metrics"])


def _new(one: Mapping[str, Any]) -> str:
    return f"{code(one['rule'])} {code(one['subject'])}: {code(one['detail'])}{also(one)}"


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


def _steps(card: Mapping[str, Any]) -> str:
    steps = card["next_steps"]
    rows = [f"<li>{code(s['title'])} ({code(s['rule'])}, level {level(s['level'])})</li>" for s in steps]
    return "\n".join([f"<b>Next steps from level {level(card['level'])}</b>", "<ol>", *rows, "</ol>"])


def _projects(scored: Sequence[Mapping[str, Any]]) -> str:
    lines = ["<table>", "<tr><th>Project</th><th>Level</th><th>Target</th><th>Proven</th><th>Failed</th></tr>"]
    for project in scored:
        card = project["scorecard"]
        of = f"{int(card['proven'])}/{int(card['applicable'])}"
        numbers = (level(card["level"]), int(card["target"]), of, int(card["counts"]["fail"]))
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
        yield f"<p><sub>Not decidable from git alone: {', '.join(map(code, sorted(rules)))}</sub></p>"
