"""Whether a change leaves the guards of the lifecycle standing: gates, and the checks that jobs run.

A check is known by what is run, not by where: a job that was renamed or moved to another file or system guards as
before. Whether a failure counts is asked of the job that ran it, where that is still there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lifelint.checks._ran import JUDGES, Check, alike, leads, run_by, scripts
from lifelint.checks.controls import OPEN, about, added, bound, names, paired, subject
from lifelint.facts.ci import ALL, UNKNOWN
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.ci import Command
    from lifelint.facts.decisions import Decision
    from lifelint.facts.evaluation.noun import Gate

T = TypeVar("T")


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
    was, here = [check for check in run_by(before) if not check.command.ignored], list(run_by(now))
    known, left = {old.tool for old in was}, {command.path for command in now}
    new = [check for check in here if check.tool not in known and not check.command.ignored]
    of_job, of_tool = _by(here, lambda check: check.job), _by(here, lambda check: check.tool)
    of_file = _by(was, lambda check: check.command.path)
    told: set[str] = set()
    common: set[str] = set()
    alike: dict[tuple[str, str, _Fate], list[tuple[Check, str, Command | None]]] = {}
    for old in was:
        same = of_job.get(old.job, [])
        where = _where(old, [old] if old.command.path in left else of_file[old.command.path])
        found_now = same or of_tool.get(old.tool, [])
        fate, at = _standing(old, where, sorted(found_now, key=lambda check: not check.sure))
        if not same and fate.ok is False and at is None:
            fate = _missing(old, fate, new, now, before, records)
        if fate.ok is False and not old.sure:
            fate = fate.as_well(None, "; whether it was run for this project is not known")
        elif fate.ok and old.sure and at is not None and at.reach == UNKNOWN:
            fate = fate.as_well(None, "; whether it still is for this project is not known")
        name = f"{old.command.path}:{old.command.job}:{old.tool}" if same else f"ci:{old.tool}"
        if fate.ok and old.command.reach == ALL:
            common.add(name)  # each project of a collection would tell it again
        elif name not in told:
            told.add(name)
            alike.setdefault((old.command.path, where, fate), []).append((old, name, at))
    for (path, _, fate), found in alike.items():
        first = min((at for _, _, at in found if at), key=lambda at: (at.path, at.line), default=None)
        tools = [old.tool for old, _, _ in found]
        name = f"{found[0][1]}{''.join(f'+{tool}' for tool in tools[1:])}"
        yield Observation(fate.ok, name, fate.told(tools), first.path if first else path, first.line if first else 0)
    if common:
        said = f"{len(common)} checks" if len(common) > 1 else "a check"
        yield Observation(True, "ci", f"{said} that jobs run for all projects still guard{'s' * (len(common) == 1)}")


def _by(checks: Iterable[Check], key: Callable[[Check], T]) -> Mapping[T, list[Check]]:
    found: dict[T, list[Check]] = {}
    for check in checks:
        found.setdefault(key(check), []).append(check)
    return found


class _Fate(NamedTuple):
    """What became of a check: the words before its name, and those behind one name and behind several."""

    ok: bool | None
    before: str
    one: str
    many: str

    def told(self, tools: Sequence[str]) -> str:
        names_ = f"{', '.join(tools[:-1])} and {tools[-1]}" if len(tools) > 1 else tools[0]
        return f"{self.before}{names_}{self.many if len(tools) > 1 else self.one}"

    def as_well(self, ok: bool | None, why: str) -> _Fate:
        return _Fate(ok, self.before, f"{self.one}{why}", f"{self.many}{why}")


def _where(old: Check, alike: Sequence[Check]) -> str:
    """What ran a check: its job, or its file where that is gone with several."""
    jobs = {one.command.job for one in alike}
    return f"the job {old.command.job}" if old.command.job and len(jobs) == 1 else old.command.path


def _standing(old: Check, where: str, found: Sequence[Check]) -> tuple[_Fate, Command | None]:
    """Whether a check still guards, given where it is run now."""
    active = [new for new in found if not new.command.ignored]
    guarding = [new for new in active if new.proposed or not old.proposed]
    if guarding:
        fate = _Fate(True, "", " is run, and its failure counts", " are run, and their failures count")
        return fate, guarding[0].command
    if active:
        on = ", ".join(active[0].command.on)
        said = f" started by a change ({where}) and"
        fate = _Fate(False, "", f" was{said} is started by {on} only", f" were{said} are started by {on} only")
        return fate, active[0].command
    if found:
        why = found[0].command.why
        said = f" counted ({where}) and"
        fate = _Fate(False, "", f"{said} does not any longer: {why}", f"{said} do not any longer: {why}")
        return fate, found[0].command
    return _Fate(False, f"{where} ran ", ", and no job does now", ", and no job does now"), None


def _new_script(old: Check, now: Sequence[Command], before: Sequence[Command]) -> tuple[str, str] | None:
    """A script that the file of a script's job runs now and did not: it may have been renamed."""
    if not old.tool.startswith("python "):
        return None
    known = {name for command in before for name in scripts(command)}
    here = [command for command in now if command.path == old.command.path and not command.ignored]
    return next(((name, c.path) for c in here for name in scripts(c) if name not in known), None)


def _missing(
    old: Check,
    fate: _Fate,
    new: Sequence[Check],
    now: Sequence[Command],
    before: Sequence[Command],
    records: Sequence[Decision],
) -> _Fate:
    """What is said of a check that no job names: something that is new may do as much, or a record may say why."""
    record = next((record for record in records if old.tool.rpartition(" ")[2] in record.text), None)
    if record is not None:
        return fate.as_well(True, f", as {record.path} decides")
    heir = next(((one.tool, one.command.path) for one in new if alike(one.tool, old.tool)), None)
    heir = heir or _new_script(old, now, before)
    if heir is not None:
        return fate.as_well(None, f" by its name; {heir[0]} is new ({heir[1]}), and may check the same")
    known = {command.text for command in before}
    lines = [(c, line) for c in now if not c.ignored for line in leads(c)]
    opaque = next((line for c, line in lines if c.text not in known or JUDGES.search(line)), None)
    if opaque is None:
        return fate
    return fate.as_well(None, f" by its name; what `{opaque.strip()[:80]}` runs is not known here")
