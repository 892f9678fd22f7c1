"""The report for a person at a terminal: what failed and where, then how mature the project is and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lifelint.inspection import OUTSIDE, ProjectReport, Report
from lifelint.model import Finding, Observation, Outcome, Severity
from lifelint.report import change
from lifelint.report.look import Look, safe, wrapped
from lifelint.report.maturity import level_colour, level_lines, scorecard
from lifelint.scorecard import Scorecard

_SHOWN = 5  # observations of one finding before "and n more"; --verbose shows all
_MARKS = {
    Outcome.FAIL: ("✗", "red"),
    Outcome.UNKNOWN: ("?", "magenta"),
    Outcome.BLOCKED: ("↳", "yellow"),
    Outcome.PREMATURE: ("~", "yellow"),
    Outcome.ERROR: ("!", "red"),
    Outcome.PASS: ("✓", "green"),
    Outcome.WAIVED: ("w", "yellow"),
    Outcome.NOT_APPLICABLE: ("-", "bright_black"),
}
_LOUD = (Outcome.ERROR, Outcome.FAIL)
_NORMAL = (*_LOUD, Outcome.BLOCKED, Outcome.PREMATURE, Outcome.UNKNOWN)
_SHOWN_AT = {-1: _LOUD, 0: _NORMAL, 1: (*_NORMAL, Outcome.PASS, Outcome.WAIVED, Outcome.NOT_APPLICABLE)}


def render(report: Report, look: Look) -> str:
    """The report as text for a terminal."""
    lines: list[str] = []
    if look.verbosity >= 0:
        lines += [look.style(_title(report), bold=True), ""]
    if report.change:
        lines += change.render(report.change, look)
        lines += _file_rules(report, look)
        if look.verbosity <= 0:  # what was there before is not what a change is judged by
            report = report._replace(projects=[p._replace(findings=()) for p in report.projects])
    if len(report.projects) == 1:
        lines += _project(report.projects[0], look, changed=report.change is not None)
    else:
        lines += _several(report.projects, look)
    lines += _of_nobody(report, look) if look.verbosity >= 0 else ()
    lines += _ledger(report, look)
    lines += _baseline(report, look)
    if look.verbosity >= 0:
        lines += _notes(report, look)
    for reason in report.reasons:
        lines += wrapped(safe(reason), look, "Does not pass: ", "red", bold=True)
    return "\n".join(lines).rstrip() + "\n"


def _title(report: Report) -> str:
    subject = report.subject
    what = {"revision": "revision", "index": "staged changes on", "worktree": "working tree at"}.get(subject.kind, "")
    parts = [f"{what} {subject.revision[:12]}" if subject.revision else subject.kind]
    if subject.dirty and subject.kind == "worktree":
        parts.append("with uncommitted changes")
    if subject.shallow:
        parts.append("shallow clone")
    folder = f"{safe(report.folder)}, " if report.folder else ""
    return f"lifelint {report.version}: {folder}{', '.join(parts)}"


# Findings ----------------------------------------------------------------------------------------------------------


def _several(projects: Sequence[ProjectReport], look: Look) -> Iterator[str]:
    """The findings of each project that has some to show, then a line for every project."""
    told = _Told({}, set())
    for project in projects:
        findings = list(_findings(project, look, told))
        if findings:
            yield look.style(f"── {safe(project.root) or '.'} ".ljust(look.width, "─"), bold=True)
            yield from findings
        for finding in project.findings:
            if finding.outcome is Outcome.FAIL and (shared := _bad(finding)):
                told.of.setdefault(shared, project.root)
                told.explained.add(finding.rule.id)
    wide = min(max(len(safe(project.root)) for project in projects), look.width - 36)
    yield look.style(f"{'project'.ljust(wide)}  level  target  proven  failed  unknown", bold=True)
    for project in sorted(projects, key=lambda p: (p.scorecard.level if p.scorecard else 0, p.root)):
        if project.scorecard:
            yield _row(safe(project.root) or ".", project.scorecard, wide, look)
    yield ""


def _of_nobody(report: Report, look: Look) -> Iterator[str]:
    for why, count, first in report.left_out:
        if why == OUTSIDE:
            lie = "files lie" if count > 1 else "file lies"
            text = f"{count} {lie} in no project and {'are' if count > 1 else 'is'} not judged, such as {safe(first)};"
            yield from wrapped(f"{text} `projects` in the configuration can name more.", look)
            yield ""


def _row(root: str, card: Scorecard, wide: int, look: Look) -> str:
    name = root if len(root) <= wide else f"…{root[1 - wide :]}"
    proven = f"{card.proven}/{card.applicable}"
    numbers = f"{card.level:5}  {card.target:6}  {proven:>6}  {card.counts['fail']:6}  {card.counts['unknown']:7}"
    return f"{name.ljust(wide)}  {look.style(numbers, level_colour(card))}"


def _project(project: ProjectReport, look: Look, *, changed: bool = False) -> Iterator[str]:
    yield from _findings(project, look)
    if project.scorecard is None:
        if not changed:
            yield _file_summary(project, look)
    elif look.verbosity >= 0:
        yield from scorecard(project.scorecard, look)
    else:
        yield from level_lines(project.scorecard, look)
    yield ""


class _Told(NamedTuple):
    """What was told of the projects before: what failed by what lies in files, of which one, and the rules explained.

    What lies at the top counts for the projects below that have none of their own.
    """

    of: dict[tuple[object, ...], str]
    explained: set[str]


def _bad(finding: Finding) -> tuple[object, ...]:
    """A rule and what it found bad; empty where that lies in no file."""
    bad = [seen for seen in finding.observations if seen.ok is False and not (seen.waived or seen.known)]
    return (finding.rule.id, *bad) if bad and all(seen.path for seen in bad) else ()


def _findings(project: ProjectReport, look: Look, told: _Told | None = None) -> Iterator[str]:
    tried = [] if look.verbosity > 0 else [f for f in project.findings if f.rule.status == "experimental"]
    judged = [f for f in project.findings if f.rule.level <= project.target and f not in tried]
    for outcome in _SHOWN_AT[look.verbosity]:
        expected = _by_severity(f for f in judged if f.outcome is outcome)
        alike = _blind(expected) if look.verbosity == 0 else {}
        for finding in expected:
            first = told.of.get(_bad(finding)) if told and outcome is Outcome.FAIL and look.verbosity <= 0 else None
            if first is not None:
                said = f"{finding.rule.id}: the same as told of {safe(first) or 'the top'}, which counts here too"
                yield from wrapped(said, look, "✗ ", "red")
                yield ""
            elif finding.note not in alike:
                explained = told is not None and finding.rule.id in told.explained
                yield from _finding(finding, look, explained=explained)
        for note, rules in alike.items():
            yield look.style(f"? {len(rules)} rules could not be judged", _MARKS[Outcome.UNKNOWN][1])
            yield from wrapped(", ".join(rules), look, "    ")
            yield from wrapped(safe(note), look, "    because ")
            yield ""
    failed = [f.rule.id for f in tried if f.outcome is Outcome.FAIL and f.rule.level <= project.target]
    if failed and look.verbosity == 0:
        text = f"Experimental, and no part of the level: {', '.join(failed)} (--verbose shows what they saw)"
        yield from wrapped(text, look, "~ ", "bright_black")
        yield ""
    later = [f for f in project.findings if f.rule.level > project.target]
    if later and look.verbosity > 0:
        yield look.style(f"Above the target level {project.target}, for later", bold=True)
        for finding in _by_severity(later):
            yield from _finding(finding, look)


def _blind(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """The rules that saw nothing for the same reason, where several did: one broken file blinds many."""
    rules: dict[str, list[str]] = {}
    for finding in findings:
        if finding.outcome is Outcome.UNKNOWN and finding.note and not finding.observations:
            rules.setdefault(finding.note, []).append(finding.rule.id)
    return {note: names for note, names in rules.items() if len(names) > 1}


def _by_severity(findings: Iterable[Finding]) -> list[Finding]:
    order = list(Severity)
    return sorted(findings, key=lambda f: (order.index(f.rule.severity), f.rule.level, f.rule.id))


def _finding(finding: Finding, look: Look, *, explained: bool = False) -> Iterator[str]:
    mark, colour = _MARKS[finding.outcome]
    rule = finding.rule
    young = "" if rule.status == "stable" else f", {rule.status}: no part of the level"
    tail = f"{rule.id} · {rule.severity.value}, level {rule.level}{young}"
    bold = finding.outcome is Outcome.FAIL
    if len(rule.title) + len(tail) + 4 <= look.width:
        yield f"{look.style(f'{mark} {rule.title}', colour, bold=bold)}  {look.style(tail, dim=True)}"
    else:
        yield from wrapped(rule.title, look, f"{mark} ", colour, bold=bold)
        yield "    " + look.style(tail, dim=True)
    if finding.note:
        yield from wrapped(safe(finding.note), look, "    ")
    accepted = [o for o in finding.observations if o.waived or o.known]
    told = [o for o in finding.observations if look.verbosity > 0 or not (o.ok or o.waived or o.known)]
    shown = told if look.verbosity > 0 else told[:_SHOWN]
    if finding.outcome is not Outcome.BLOCKED or look.verbosity > 0:
        for observation in shown:
            yield from _observation(observation, look)
        if len(told) > len(shown):
            yield look.style(f"    and {len(told) - len(shown)} more (--verbose shows all)", dim=True)
        if accepted and look.verbosity <= 0:
            yield look.style(f"    {_accepted(accepted)} (--verbose shows them)", dim=True)
    if finding.outcome is Outcome.FAIL and look.verbosity >= 0 and not explained:
        yield from wrapped(rule.advice, look, "    → ", "cyan")
    if finding.outcome is not Outcome.NOT_APPLICABLE:
        yield ""


def _accepted(observations: Sequence[Observation]) -> str:
    known = sum(o.known for o in observations)
    counts = ((len(observations) - known, "waived"), (known, "known from the baseline"))
    return "and " + ", ".join(f"{count} {word}" for count, word in counts if count)


def _observation(observation: Observation, look: Look) -> Iterator[str]:
    place = safe(observation.path) + (f":{observation.line}" if observation.line else "")
    prefix = {True: "✓ ", False: "", None: "? "}[observation.ok] if look.verbosity > 0 or observation.ok is None else ""
    subject = safe(observation.subject)
    bare = subject.removeprefix(f"{observation.path}:").removeprefix("pointer:")
    named = "" if not place or bare in (observation.path, "") or bare in observation.detail else f"  {subject}"
    yield "    " + prefix + look.style(place or subject, bold=True) + look.style(named, dim=True)
    yield from wrapped(safe(observation.detail), look, "      ")
    if observation.waived:
        yield from wrapped(safe(observation.waived), look, "      ")
    if observation.known:
        yield look.style("      known: in the baseline", dim=True)


# What stands beside the findings -----------------------------------------------------------------------------------


_STATES = {
    "lapsed": ("lapsed on", "red"),
    "lapsing": ("lapses soon, on", "yellow"),
    "unused": ("matches no failure; it would lapse on", "yellow"),
    "in-force": ("is in force until", ""),
    "proposed": ("counts once the base has it; it lapses on", "yellow"),
}


def _ledger(report: Report, look: Look) -> Iterator[str]:
    """The waivers that want attention; with --verbose all of them."""
    shown = [s for s in report.waivers if s.state != "in-force" or look.verbosity > 0]
    for waiver, state in shown:
        place = f"{waiver.path}:{waiver.line}"
        if state == "malformed":
            yield from wrapped(safe(f"{place} this waiver is not understood: {waiver.reason}"), look, "w ", "red")
            continue
        said, colour = _STATES[state]
        about = f" for {waiver.subject} ({waiver.owner})" if waiver.owner else ""
        text = f"{place} the waiver of {waiver.rule}{about} {said} {waiver.expires}"
        yield from wrapped(safe(text), look, "w ", colour)
    if shown:
        yield ""


def _baseline(report: Report, look: Look) -> Iterator[str]:
    """How much of the baseline is left, and what may leave it."""
    if report.baseline is None:
        return
    entries, gone = report.baseline
    more = f", {len(gone)} of them gone: `lifelint baseline prune` takes them out" if gone else ""
    yield from wrapped(f"Baseline: {entries} known problem{'s' * (entries != 1)}{more}", look)
    for one in gone if look.verbosity > 0 else ():
        yield from wrapped(
            f"{one.rule} {safe(one.subject)}{f' ({safe(one.project)})' if one.project else ''}", look, "  "
        )
    yield ""


def _file_rules(report: Report, look: Look) -> Iterator[str]:
    """Of a change of which only files were judged, what that means."""
    if look.verbosity >= 0 and all(project.scorecard is None for project in report.projects):
        rules = len(report.projects[0].findings)
        text = f"Judged by the {rules} rules that need no more than a file; a check of the whole repository asks all."
        yield from wrapped(text, look)


def _file_summary(project: ProjectReport, look: Look) -> str:
    findings = [finding for finding in project.findings if finding.rule.level <= project.target]
    failed = sum(f.outcome is Outcome.FAIL for f in findings)
    judged = sum(f.outcome is not Outcome.NOT_APPLICABLE for f in findings)
    text = f"{judged} rules judged the named files, {failed} failed"
    return look.style(text, "red" if failed else "green", bold=True)


def _notes(report: Report, look: Look) -> Iterator[str]:
    if report.diagnostics:
        yield look.style("What could not be read", bold=True)
        limit = len(report.diagnostics) if look.verbosity > 0 else 10
        for diagnostic in report.diagnostics[:limit]:
            place = safe(diagnostic.path) + (f":{diagnostic.line}" if diagnostic.line else "")
            yield from wrapped(f"{place} {safe(diagnostic.message)}".strip(), look, "  ")
        if len(report.diagnostics) > limit:
            yield look.style(f"  and {len(report.diagnostics) - limit} more (--verbose shows all)", dim=True)
        yield ""
    if report.left_out and look.verbosity > 0:
        yield look.style("Left out", bold=True)
        for why, count, first in report.left_out:
            if why == OUTSIDE:
                continue
            yield f"  {count} files as {why}, such as {safe(first)}"
