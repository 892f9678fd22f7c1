"""Whether a change leaves the guards of the lifecycle standing: gates, and the checks that jobs run.

A check is known by what is run, not by where: a job that was renamed or moved to another file or system guards as
before. Whether a failure counts is asked of the job that ran it, where that is still there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.checks.controls import OPEN, about, added, bound, names, paired, subject
from lifelint.checks.steps import RUNNERS
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.ci import Command
    from lifelint.facts.decisions import Decision
    from lifelint.facts.evaluation.noun import Gate

_TOOLS: Mapping[str, re.Pattern[str]] = {
    "pytest": re.compile(r"\bpytest\b"),
    "unittest": re.compile(r"-m\s+unittest\b"),
    "tox": re.compile(r"(?:^|\s)tox\b"),
    "nox": re.compile(r"(?:^|\s)nox\b"),
    "dvc metrics diff": re.compile(r"\bdvc\s+metrics\s+diff\b"),
    "lifelint check": re.compile(r"\blifelint\b.*\bcheck\b|^uses: \S*\blifelint\b"),
    **{f"the pipeline of {tool}": re.compile(pattern) for tool, pattern in RUNNERS.items()},
}
_SCRIPT = re.compile(
    r"\bpython3?\s+(?:-m\s+)?([\w./-]*(?<![a-z])(?:eval|evaluate|evaluation|validate|validation|test|tests)(?![a-z])[\w./-]*)"
)
_TARGET = re.compile(
    r"\bmake\s+(?:-\S+\s+)*([\w-]*(?<![a-z])(?:tests?|eval|evaluate|evaluation|validate)(?![a-z])[\w-]*)"
)
_INSTALLS = re.compile(r"\b(?:install|add|sync)\b")
_LEADS = re.compile(
    r"^.*(?:\b(?:tox|nox|hatch|mise|just|invoke|docker|make|poe|rye|pants|bazel)\b|\b(?:pixi|pdm|npm|conda|mamba)\s+run\b"
    r"|\.sh\b).*$|^uses: (?:\./|\S+/\.github/workflows/).*$",
    re.MULTILINE,
)
"""A line that runs something that is not said here."""

_JUDGES = re.compile(r"(?<![a-z])(?:tests?|testing|eval|evaluate|evaluation|validate|validation|ci)(?![a-z])")

_PROPOSED = frozenset({"pull_request", "push", "merge_group", "pull_request_target", "workflow_call"})


class Check(NamedTuple):
    """A check that a job runs."""

    tool: str
    command: Command

    @property
    def job(self) -> tuple[str, str, str]:
        return self.command.path, self.command.job, self.tool

    @property
    def proposed(self) -> bool:
        return not self.command.on or not _PROPOSED.isdisjoint(self.command.on)


def kept(
    gates: Sequence[Gate],
    ci_commands: Sequence[Command],
    decisions: Sequence[Decision],
    base_gates: Sequence[Gate],
    base_ci_commands: Sequence[Command],
    base_decisions: Sequence[Decision],
) -> Iterator[Observation]:
    """No gate is gone, and each check that a job ran is run, by jobs whose failure counts."""
    records = [one for one in added(decisions, base_decisions) if one.status not in OPEN]
    yield from _gates(gates, base_gates, records)
    yield from _checks(ci_commands, base_ci_commands, records)


def _gates(now: Sequence[Gate], before: Sequence[Gate], records: Sequence[Decision]) -> Iterator[Observation]:
    pairs = list(paired(before, now))
    found, taken = [old for old, _ in pairs], [new for _, new in pairs]
    free = [gate for gate in now if gate not in taken]
    gone = []
    for old in before:
        if old in found or _replaced(old, free, now):
            continue
        record = next((record for record in records if names(record, old, threshold=False)), None)
        if record is None:
            gone.append(old)
        else:
            yield Observation(True, subject(old), f"is gone, as {record.path} decides", record.path, record.line)
    for path in dict.fromkeys(gate.path for gate in taken):
        yield Observation(True, f"gates:{path}", "each gate there was before, or as one that replaces it", path)
    told = [f"{gate.metric}{f' of {gate.slice}' if gate.slice else ''} {gate.op} {gate.threshold:g}" for gate in gone]
    if gone and not now:
        detail = f"all gates are gone: {', '.join(told)}; no decision record that the change adds names them"
        yield Observation(False, "gates", detail, gone[0].path)
    else:
        for gate, text in zip(gone, told, strict=True):
            detail = f"the gate {text} is gone, and no decision record that the change adds names it"
            yield Observation(False, subject(gate), detail, gate.path)


def _replaced(old: Gate, free: Sequence[Gate], now: Sequence[Gate]) -> bool:
    """Whether a gate was renamed (all but the metric is the same), or asks for one value where it asked for a bound."""
    renamed = any((new.op, *about(new)[1:], new.threshold) == (old.op, *about(old)[1:], old.threshold) for new in free)
    return renamed or any(bound(new) == "equal" and about(new)[:3] == about(old)[:3] for new in now)


def _checks(now: Sequence[Command], before: Sequence[Command], records: Sequence[Decision]) -> Iterator[Observation]:
    was, here = [check for check in _run(before) if not check.command.ignored], list(_run(now))
    told: set[str] = set()
    for old in was:
        same = [new for new in here if new.job == old.job]
        ok, detail, place = _standing(old, same or [new for new in here if new.tool == old.tool])
        if not same and ok is False and place is None:
            ok, detail = _missing(old, detail, now, before, records)
        name = f"{old.command.path}:{old.command.job}:{old.tool}" if same else f"ci:{old.tool}"
        if name not in told:
            told.add(name)
            at = place or old.command._replace(line=0)
            yield Observation(ok, name, detail, at.path, at.line)


def _standing(old: Check, found: Sequence[Check]) -> tuple[bool | None, str, Command | None]:
    """Whether a check still guards, given where it is run now."""
    where = f"the job {old.command.job}" if old.command.job else old.command.path
    active = [new for new in found if not new.command.ignored]
    guarding = [new for new in active if new.proposed or not old.proposed]
    if guarding:
        return True, f"{old.tool} is run, and its failure counts", guarding[0].command
    if active:
        on = ", ".join(active[0].command.on)
        return False, f"{old.tool} was started by a change ({where}) and is started by {on} only", active[0].command
    if found:
        why = found[0].command.why
        return False, f"{old.tool} counted ({where}) and does not any longer: {why}", found[0].command
    return False, f"{where} ran {old.tool}, and no job does now", None


def _missing(
    old: Check, detail: str, now: Sequence[Command], before: Sequence[Command], records: Sequence[Decision]
) -> tuple[bool | None, str]:
    """What is said of a check that no job names: something that is new may run it, or a record may say why."""
    record = next((record for record in records if old.tool.rpartition(" ")[2] in record.text), None)
    if record is not None:
        return True, f"{detail}, as {record.path} decides"
    known = {command.text for command in before}
    lines = [(c, line) for c in now if not c.ignored for line in _LEADS.findall(_commands(c))]
    opaque = next((line for c, line in lines if c.text not in known or _JUDGES.search(line)), None)
    if opaque is None:
        return False, detail
    return None, f"{detail} by its name; what `{opaque.strip()[:80]}` runs is not known here"


def _commands(command: Command) -> str:
    """What a command does, without what it installs and what it only remarks."""
    lines = command.text.splitlines()
    return "\n".join(line for line in lines if not _INSTALLS.search(line) and not line.lstrip().startswith("#"))


def _run(commands: Sequence[Command]) -> Iterator[Check]:
    for command in commands:
        text = _commands(command)
        found = [tool for tool, pattern in _TOOLS.items() if pattern.search(text)]
        found += [f"python {match.rpartition('/')[2]}" for match in _SCRIPT.findall(text)]
        found += [f"make {match}" for match in _TARGET.findall(text)]
        yield from (Check(tool, command) for tool in dict.fromkeys(found))
