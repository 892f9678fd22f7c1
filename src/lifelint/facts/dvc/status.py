"""One stage held against its record in ``dvc.lock`` and the tree: the rules of ``dvc status``, without the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import join, normpath
from typing import Any

from lifelint.facts._source import Source
from lifelint.facts.dvc import paramfile
from lifelint.facts.dvc.definition import Draft, DraftOut
from lifelint.facts.dvc.ignore import Ignore
from lifelint.facts.dvc.pathnames import placed
from lifelint.facts.dvc.pointerfile import Dep, Out
from lifelint.facts.dvc.record import Record
from lifelint.facts.dvc.stage import Change, Stage, StageDep, StageOut, StageParam
from lifelint.facts.dvc.templating import DEFAULT_PARAMS
from lifelint.facts.dvc.verdict import Verdict
from lifelint.facts.dvc.workspace import Workspace, is_outside


@dataclass(frozen=True)
class Planned:
    """A draft with its place: the file that defines it, the lock that records it, and what its project ignores."""

    path: str
    address: str
    draft: Draft
    lock: str
    record: Record | None
    ignore: Ignore

    @cached_property
    def folder(self) -> str:
        """Where the stage runs: the folder that its paths start from."""
        return normpath(join(self.path.rpartition("/")[0], self.draft.wdir))

    def place(self, written: str) -> str:
        """The path in the repository of a path as the stage writes it."""
        return placed(self.folder, written)

    @cached_property
    def recorded_deps(self) -> dict[str, Dep]:
        """What the lock recorded for each dependency, by path in the repository."""
        return {self.place(dep.path): dep for dep in self.record.deps} if self.record else {}

    @cached_property
    def recorded_outs(self) -> dict[str, Out]:
        """What the lock recorded for each output, by path in the repository."""
        return {self.place(out.path): out for out in self.record.outs} if self.record else {}


def judge(plan: Planned, workspace: Workspace, source: Source) -> Stage:
    """The stage, with all that changed since its record was written."""
    draft, record = plan.draft, plan.record
    status = _Status(plan, workspace, source)
    params = tuple(StageParam(path, k, at, workspace.locate(path)[0]) for path, _, k, at in status.param_keys())
    changes: list[Change] = []
    if record and not draft.why:
        changes = [*status.cmd_change(), *(() if draft.frozen else status.input_changes()), *status.out_changes()]
    stage = Stage(
        path=plan.path,
        line=draft.line,
        name=draft.name,
        address=plan.address,
        cmd=draft.cmd,
        wdir=plan.folder,
        deps=tuple(dep for dep, _ in status.deps),
        outs=tuple(out for out, _ in status.outs),
        params=params,
        frozen=draft.frozen,
        always_changed=draft.always_changed,
        lock=plan.lock,
        lock_line=record.line if record else 0,
        state="unknown",
        changes=tuple(changes),
        why=draft.why,
        inputs=record.inputs if record else "",
    )
    state, why = _state(stage, record)
    return stage._replace(state=state, why=why)


def orphan(path: str, address: str, name: str, lock: str, record: Record) -> Stage:
    """A record whose stage is defined no longer. DVC keeps it in the lock and never looks at it."""
    return Stage(
        path, 0, name, address, record.cmd, "", (), (), (), False, False, lock, record.line, "orphan", (),
        "dvc.yaml no longer defines it",
    )  # fmt: skip


def _state(stage: Stage, record: Record | None) -> tuple[str, str]:
    if stage.why:
        return "unknown", stage.why
    if record is None:
        return "never-run", f"{stage.lock or 'no dvc.lock'} records no run of it"
    if any(change.certain for change in stage.changes):
        return "changed", ""
    if stage.always_changed or not (stage.deps or stage.outs or stage.params):
        return "always", "it runs every time"
    doubts = [f"{change.name}: {change.why}" for change in stage.changes]
    return ("unknown", "; ".join(doubts[:3])) if doubts else ("clean", "")


class _Status:
    """The parts of one stage's comparison. Made once per stage, thrown away after it."""

    def __init__(self, plan: Planned, workspace: Workspace, source: Source) -> None:
        self._plan, self._workspace, self._source = plan, workspace, source
        self._draft = plan.draft
        self._recorded_deps, self._recorded_outs = plan.recorded_deps, plan.recorded_outs
        self.deps = [self._dep(written, line) for written, line in plan.draft.deps]
        self.outs = [self._out(out) for out in plan.draft.outs]

    def _change(
        self, kind: str, name: str, values: tuple[str, str], lines: tuple[int, int], verdict: Verdict
    ) -> Change:
        # ``values`` are the recorded and the present one, ``lines`` those in the lock (0: none) and in the definition.
        path = self._plan.lock if lines[0] else self._plan.path
        return Change(kind, name, *values, path, lines[0] or lines[1], verdict.same is False, verdict.why)

    def cmd_change(self) -> Iterator[Change]:
        record = self._plan.record
        if record and record.cmd != self._draft.cmd:
            values = paramfile.as_text(record.cmd), paramfile.as_text(self._draft.cmd)
            verdict = Verdict(False, why="the command is another one")
            yield self._change("cmd", "cmd", values, (record.cmd_line, self._draft.line), verdict)

    def _dep(self, written: str, line: int) -> tuple[StageDep, Verdict]:
        path = self._place(written)
        held, by = self._workspace.locate(path)
        recorded = self._recorded_deps.get(path)
        if recorded is None:
            return StageDep(path, line, held, by), Verdict(False, why=f"{self._plan.lock} records no digest of it")
        verdict = self._workspace.compare(path, held, recorded, self._plan.ignore)
        dep = StageDep(
            path,
            line,
            held,
            by,
            recorded.hash_name,
            recorded.digest,
            recorded.size,
            recorded.nfiles,
            recorded.digest_line or recorded.line,
            verdict.now,
        )
        return dep, verdict

    def _place(self, written: str) -> str:
        path = self._plan.place(written)
        if "\\" not in written or self._source.is_file(path):
            return path
        # dvc.yaml written by hand on Windows: DVC reads both separators there.
        other = self._plan.place(written.replace("\\", "/"))
        return path if is_outside(other) else other

    def _out(self, out: DraftOut) -> tuple[StageOut, Verdict]:
        path = self._plan.place(out.path)
        in_git = path in self._source.entries or (not out.cache and self._source.is_folder(path))
        made = StageOut(path, out.line, out.kind, out.cache, out.persist, in_git)
        recorded = self._recorded_outs.get(path)
        if recorded is None:
            return made, Verdict(False, why=f"{self._plan.lock} records no output of it")
        held = self._workspace.locate(path)[0]
        verdict = Verdict(True)
        if in_git and held in ("git", "folder") and recorded.digest:
            verdict = self._workspace.compare(path, held, recorded, self._plan.ignore)
        made = made._replace(
            hash_name=recorded.hash_name,
            digest=recorded.digest,
            nfiles=recorded.nfiles,
            lock_line=recorded.digest_line or recorded.line,
            now=verdict.now,
        )
        return made, verdict

    def input_changes(self) -> Iterator[Change]:
        for dep, verdict in self.deps:
            if not verdict.same:
                yield self._change("dep", dep.path, (dep.digest, dep.now), (dep.lock_line, dep.line), verdict)
        yield from self._param_changes()

    def out_changes(self) -> Iterator[Change]:
        for out, verdict in self.outs:
            if not verdict.same:
                yield self._change("out", out.path, (out.digest, out.now), (out.lock_line, out.line), verdict)

    def param_keys(self) -> Iterator[tuple[str, str, str, int]]:
        """Path in the repository, file as written, key, line."""
        for file, key, line in self._draft.params:
            yield self._plan.place(file), normpath(file), key, line

    def _param_changes(self) -> Iterator[Change]:
        record = self._plan.record
        recorded = {normpath(file): values for file, values in record.params.items()} if record else {}
        files: dict[str, list[tuple[str, int]]] = {}
        for _, file, key, line in self.param_keys():
            files.setdefault(file, []).append((key, line))
        for file, keys in files.items():
            path = self._plan.place(file)
            document, why = self._document(path)
            lines = (0, keys[0][1])
            if why:
                yield self._change("param", path, ("", ""), lines, Verdict(None, why=why))
            elif file not in recorded:
                verdict = Verdict(False, why=f"{self._plan.lock} records no values of it")
                yield self._change("param", path, ("", ""), lines, verdict)
            else:
                yield from self._values(file, keys, document, recorded[file])

    def _document(self, path: str) -> tuple[Any, str]:
        if not self._source.is_file(path):
            held = self._workspace.locate(path)[0]
            return None, "it is not tracked" if held == "absent" else f"its content is not in git ({held})"
        document = self._source.parse(path, paramfile.parser_of(path))
        return document, "it cannot be read" if document is None else ""

    def _values(
        self, file: str, keys: list[tuple[str, int]], document: Any, recorded: Mapping[str, Any]
    ) -> Iterator[Change]:
        whole = keys[0][0] == ""
        if whole:
            names = dict.fromkeys([*map(str, document if isinstance(document, Mapping) else ()), *recorded])
            keys = [(name, keys[0][1]) for name in names]
        for key, at in keys:
            was = recorded.get(key, paramfile.ABSENT)
            now = paramfile.top(document, key) if whole else paramfile.select(document, key)
            same, why = paramfile.compare(was, now)
            if not whole and paramfile.is_pattern(key):
                same, why = None, "it is a pattern"
            if not same:
                line = self._plan.record.param_lines.get((file, key), 0) if self._plan.record else 0
                name = key if file == DEFAULT_PARAMS else f"{file}:{key}"
                values = paramfile.as_text(was), paramfile.as_text(now)
                yield self._change("param", name, values, (line, at), Verdict(same, why=why))
