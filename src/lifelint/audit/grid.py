"""How change is evaluated before and after a release: kinds of change by times, with what acts in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.audit.nouns import Control, Moment
from lifelint.checks._ran import JUDGES, Check, leads, run_by
from lifelint.engine import HOLDS
from lifelint.model import Finding, Outcome
from lifelint.projects import Share

if TYPE_CHECKING:
    from lifelint.facts.ci import Command

CHANGES = (
    "code", "parameters", "training data", "evaluation data", "base model or dependency", "environment", "threshold",
    "infrastructure", "nothing",
)  # fmt: skip
"""What may change. That nothing does is one of them: a model gets worse while the world goes on."""

TIMES = ("on a change", "at release", "after release", "way back")

_AT_RELEASE: Mapping[str, Sequence[str]] = {
    "code": ("manifest-resolves", "evaluation-fresh", "pipeline-lock-fresh"),
    "parameters": ("manifest-resolves", "pipeline-lock-fresh"),
    "training data": ("manifest-resolves", "data-chain-consistent", "lineage-to-source"),
    "evaluation data": ("manifest-evaluation-bound", "evaluation-subject-resolves", "not-evaluated-on-training-data"),
    "base model or dependency": ("no-mutable-model-refs", "environment-pinned"),
    "environment": ("manifest-resolves", "lock-fresh"),
    "threshold": ("manifest-evaluation-bound", "gates-pass"),
    "infrastructure": ("deployment-pins-release", "base-image-by-digest"),
}
_ON_CHANGE: Mapping[str, Sequence[str]] = {
    "code": ("model-changed-unexplained", "report-edited-by-hand"),
    "parameters": ("params-changed-lock-not",),
    "training data": ("data-changed-evaluation-not", "pointer-became-blob"),
    "evaluation data": ("comparison-broken", "data-changed-evaluation-not"),
    "base model or dependency": ("unpinned",),
    "environment": ("manifest-changed-lock-not", "unpinned"),
    "threshold": ("threshold-loosened", "metric-regressed"),
    "infrastructure": ("control-removed",),
}
_WAY_BACK: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(CHANGES[:6], ("rollback-target-resolves", "rollback-procedure", "manifest-immutable")),
    "threshold": ("manifest-immutable",),
    "infrastructure": ("rollback-procedure", "deployment-pins-release"),
    "nothing": ("rollback-target-resolves", "rollback-procedure"),
}
_RECORDED = ("code", "parameters", "training data", "evaluation data", "environment")
"""What a run of a pipeline with a record of its inputs (DVC) meets; other jobs are known to run code."""

_SHOWN = 60
"""Characters of a line of a job that are shown."""


def grid(share: Share, findings: Sequence[Finding]) -> Iterator[Moment]:
    """Each kind of change at each time."""
    found = {finding.rule.id: finding for finding in findings}
    commands = share.get("ci_commands")
    jobs = [check for check in run_by(commands.items) if check.proposed and not check.command.ignored]
    unsaid = list(_unsaid(commands.items, jobs))
    unread = [Control("job", Outcome.UNKNOWN, one.message, one.path, one.line) for one in commands.unread]
    for change in CHANGES:
        acting = [*_jobs(jobs, change)] or (unsaid if change in _RECORDED else [])
        on_change = [*acting, *unread, *_rules(_ON_CHANGE.get(change, ()), found)]
        at_release = [*_rules(_AT_RELEASE.get(change, ()), found)]
        way_back = [*_rules(_WAY_BACK[change], found)]
        nothing = change == "nothing"
        yield Moment(change, TIMES[0], "not-applicable" if nothing else _state(on_change), on_change)
        yield Moment(change, TIMES[1], "not-applicable" if nothing else _state(at_release), at_release)
        yield Moment(change, TIMES[2], "not-assessed")  # no rule looks at monitoring yet
        yield Moment(change, TIMES[3], _state(way_back), way_back)


def _state(controls: Sequence[Control]) -> str:
    outcomes = {control.outcome for control in controls}
    if not outcomes & {*HOLDS}:
        return "unknown" if Outcome.UNKNOWN in outcomes else "uncontrolled"
    return "controlled" if outcomes <= {*HOLDS} else "partly"


def _rules(names: Sequence[str], found: Mapping[str, Finding]) -> Iterator[Control]:
    """What these rules say, each with the first place that decided; what does not apply acts on nothing."""
    for name in names:
        finding = found.get(name)
        if finding is None or finding.outcome in (Outcome.NOT_APPLICABLE, Outcome.PREMATURE):
            continue
        good = finding.outcome is Outcome.PASS
        seen = next((one for one in finding.observations if (one.ok is True) is good), None)
        place = (seen.path, seen.line) if seen else ("", 0)
        alike = sum((one.ok is True) is good for one in finding.observations)
        more = f" (and {alike - 1} more)" if alike > 1 else ""
        yield Control(name, finding.outcome, f"{seen.detail if seen else finding.note}{more}", *place)


def _jobs(jobs: Sequence[Check], change: str) -> Iterator[Control]:
    """The jobs that a change starts and whose failure counts, by what they run, each once."""
    told = set()
    for check in jobs:
        command = check.command
        name = f"{check.tool}{f' in the job {command.job}' if command.job else ''}"
        if change in _acts_on(check.tool) and (name, command.path) not in told:
            told.add((name, command.path))
            outcome = Outcome.PASS if check.sure else Outcome.UNKNOWN
            text = name if check.sure else f"{name}: whether it is run for this project is not known"
            yield Control("job", outcome, text, command.path, command.line)


def _unsaid(commands: Sequence[Command], jobs: Sequence[Check]) -> Iterator[Control]:
    """The first line of jobs that is called a check and leads elsewhere: which checks it runs is not said here."""
    known = {check.command for check in jobs}
    acting = [one for one in commands if one not in known and not one.ignored and Check("", one).proposed]
    lines = [(line, command) for command in acting for line in filter(JUDGES.search, leads(command))]
    for line, command in lines[:1]:
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        text = f"what `{' '.join(line.split())[:_SHOWN]}` runs is not known here{more}"
        yield Control("job", Outcome.UNKNOWN, text, command.path, command.line)


def _acts_on(tool: str) -> Sequence[str]:
    if tool.startswith("lifelint"):
        return CHANGES[:-1]
    return _RECORDED if tool == "the pipeline of dvc" else ("code",)
