"""Whether pipelines are declared, complete, recorded, and still what was run.

One cause, one finding: ``fresh`` judges command, parameters and what git holds of a stage's inputs. Inputs that a stage
or a pointer makes are judged by ``chain.consistent``, outputs by ``outputs_kept``, absent inputs by ``inputs_exist``,
and pipelines without any lock by ``recorded``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts.data import places
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Change, Stage

_SHOWN = 5


def fresh(stages: Sequence[Stage]) -> Iterator[Observation]:
    """Each recorded stage was run with the command, the parameters and the tracked inputs that are there now."""
    seen = []
    for stage in _defined(stages):
        ok, detail, path, line = _freshness(stage) if stage.lock else (None, "", "", 0)
        if detail:
            seen.append((stage, Observation(ok, subject(stage), detail, path, line)))
    yield from _families(seen)


def _freshness(stage: Stage) -> tuple[bool | None, str, str, int]:
    if stage.state == "never-run":
        return False, f"{stage.lock} records no run of it", stage.path, stage.line
    if _unresolved(stage):
        return None, stage.why, stage.path, stage.line
    changes = [change for change in stage.changes if _counts(change, stage)]
    certain = [change for change in changes if change.certain]
    if certain:
        return False, _told(certain), certain[0].path, certain[0].line
    if changes:
        return None, _told(changes), changes[0].path, changes[0].line
    if stage.state == "always":
        return None, "", "", 0  # it runs every time: its record proves nothing and refutes nothing
    inputs = f"{_some(len(stage.deps), 'input')} and {_some(len(stage.params), 'parameter')}"
    return True, f"its command, {inputs} are as recorded", stage.lock, stage.lock_line


def _some(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _counts(change: Change, stage: Stage) -> bool:
    if change.kind == "out":
        return not change.was  # an output the lock does not know; other contents are for outputs_kept
    if change.kind == "param":
        return all(param.held != "absent" for param in stage.params if param.path == change.name)
    if change.kind == "dep":
        dep = next(dep for dep in stage.deps if dep.path == change.name)
        if not dep.lock_line:
            return dep.held != "absent"
        return not dep.by and dep.held not in ("absent", "outside")
    return True


def _told(changes: Sequence[Change]) -> str:
    parts = [_one(change) for change in changes[:_SHOWN]]
    more = len(changes) - _SHOWN
    return "; ".join([*parts, f"and {more} more"] if more > 0 else parts)


_OF_THE_FILE = lazy(r"its |\S*dvc\.lock ")
"""How it is told of a whole file of parameters why it is not as recorded."""


def _one(change: Change) -> str:
    why = change.why.removeprefix("it ")
    if change.kind == "cmd":
        return "the command is not the one that was run"
    if change.kind == "param":
        return f"{change.name}{':' if _OF_THE_FILE.match(why) else ''} {why}"
    if change.certain and change.was:
        return f"{change.name} had the digest {_short(change.was)} and now {why}"
    return f"{change.name}: {why}"


def _short(digest: str) -> str:
    return f"{digest[:6]}…{'.dir' if digest.endswith('.dir') else ''}"


def recorded(stages: Sequence[Stage]) -> Iterator[Observation]:
    """Each pipeline has its lock in git."""
    pipelines: dict[str, list[Stage]] = {}
    for stage in _defined(stages):
        if stage.lock != stage.path:  # an old .dvc stage is its own record
            pipelines.setdefault(stage.path, []).append(stage)
    for path, found in pipelines.items():
        lock = found[0].lock
        count = f"{len(found)} {'stage' if len(found) == 1 else 'stages'}"
        if lock:
            yield Observation(True, path, f"{lock} records its runs", lock)
        else:
            wanted = path.removesuffix("yaml") + "lock"
            yield Observation(False, path, f"it defines {count} and {wanted} is not in git", path, found[0].line)


def outputs_kept(stages: Sequence[Stage]) -> Iterator[Observation]:
    """Each output that git holds is the one the recorded run made."""
    seen: set[str] = set()
    for stage in _defined(stages):
        changes = {change.name: change for change in stage.changes if change.kind == "out" and change.was}
        for out in stage.outs:
            if not (out.in_git and out.digest) or out.path in seen:
                continue
            seen.add(out.path)
            change = changes.get(out.path)
            place = stage.lock, out.lock_line
            if change is None:
                yield Observation(True, out.path, f"is what {stage.name} made: {_short(out.digest)}", *place)
            elif change.certain:
                made = f"{stage.name} made {_short(out.digest)} and {change.why.removeprefix('it ')}"
                yield Observation(False, out.path, made, *place)
            else:
                yield Observation(None, out.path, change.why, *place)


def uncached_kept(stages: Sequence[Stage], *, kinds: Sequence[str] = ("metric",)) -> Iterator[Observation]:
    """Each output of some kinds (``metric``, ``plot``, ``out``) that DVC leaves to git is in git."""
    seen: set[str] = set()
    for stage in _defined(stages):
        for out in stage.outs:
            if out.cache or out.kind not in kinds or not out.digest or _outside(out.path) or out.path in seen:
                continue
            seen.add(out.path)
            detail = f"{stage.name} makes it with cache: false, and it {'is' if out.in_git else 'is not'} in git"
            yield Observation(out.in_git, out.path, detail, stage.path, out.line)


def _outside(path: str) -> bool:
    return "://" in path or path.startswith(("/", ".."))


def inputs_exist(stages: Sequence[Stage]) -> Iterator[Observation]:
    """Each script, setting and parameter file that a stage reads is in git or made by a stage.

    Data and models among the inputs are left to the rules about data.
    """
    readers: dict[str, list[tuple[Stage, int, str]]] = {}
    for stage in _defined(stages):
        if _unresolved(stage):
            yield Observation(None, subject(stage), stage.why, stage.path, stage.line)
        if stage.frozen:
            continue
        items = [(dep.path, dep.line, dep.held) for dep in stage.deps if places.kind_of(dep.path) == "unknown"]
        for path, line, held in [*items, *((param.path, param.line, param.held) for param in stage.params)]:
            if held not in ("outside", "link"):
                readers.setdefault(path, []).append((stage, line, held))
    for path, found in sorted(readers.items()):
        stage, line, held = found[0]
        names = ", ".join(list(dict.fromkeys(reader.name for reader, *_ in found))[:_SHOWN])
        if held == "unknown":
            yield Observation(None, path, "is not in git, and what may make it cannot be read", stage.path, line)
        else:
            state = "is not in git and nothing makes it" if held == "absent" else "is in git or made by a stage"
            yield Observation(held != "absent", path, f"{state}; read by {names}", stage.path, line)


def _unresolved(stage: Stage) -> bool:
    return stage.state == "unknown" and not stage.cmd


def dependencies_complete(stages: Sequence[Stage]) -> Iterator[Observation]:
    """Each stage lists the scripts it runs and the local modules these import."""
    yield from _families([(stage, _listed(stage)) for stage in _defined(stages) if stage.uses])


def _listed(stage: Stage) -> Observation:
    missing = [use for use in stage.uses if not use.declared]
    if missing:
        parts = [f"{use.path} ({f'imported in {use.by}:{use.line}' if use.by else 'run'})" for use in missing]
        more = f" and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
        detail = f"does not list {', '.join(parts[:_SHOWN])}{more}"
        return Observation(False, subject(stage), detail, stage.path, stage.line)
    unread = next((use.unread for use in stage.uses if use.unread), "")
    if unread:
        return Observation(None, subject(stage), f"may import more: {unread}", stage.path, stage.line)
    listed = f"lists {stage.uses[0].path}" if len(stage.uses) == 1 else f"lists all {len(stage.uses)} files"
    return Observation(True, subject(stage), f"{listed} that it runs", stage.path, stage.line)


def _families(seen: Sequence[tuple[Stage, Observation]]) -> Iterator[Observation]:
    """Stages that one ``foreach`` or ``matrix`` made are one thing to say, so that nobody is flooded."""
    families: dict[str, list[Observation]] = {}
    for stage, observation in seen:
        family = subject(stage).rpartition("@")[0] if "@" in stage.name else ""
        families.setdefault(f"{family}@*" if family else observation.subject, []).append(observation)
    for name, members in families.items():
        if len(members) == 1:
            yield members[0]
            continue
        verdict = next(ok for ok in (False, None, True) if any(member.ok is ok for member in members))
        told = [member for member in members if member.ok is verdict]
        details = dict.fromkeys(member.detail for member in told)
        count = f"{len(told)} of {len(members)} stages, such as {told[0].subject.rpartition(':')[2]}"
        detail = f"{'; or '.join([*details][:_SHOWN])} ({count})"
        yield Observation(verdict, name, detail, told[0].path, told[0].line)


def subject(stage: Stage) -> str:
    """The stable name of a stage: ``stage:train``, with its file before it where that is not the one at the root."""
    if stage.path == "dvc.yaml":
        return f"stage:{stage.name}"
    return f"{stage.path}:stage" if stage.address == stage.path else f"{stage.path}:stage:{stage.name}"


def _defined(stages: Sequence[Stage]) -> Iterator[Stage]:
    return (stage for stage in stages if stage.state != "orphan")
