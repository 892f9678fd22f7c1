"""DVC projects in a repository: where they start, what they ignore, and every stage and pointer they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from lifelint.facts._source import Source
from lifelint.facts.dvc.definition import Draft, DraftOut, Place, expand, parse_definition
from lifelint.facts.dvc.ignore import Ignore, parse_dvcignore
from lifelint.facts.dvc.lockfile import parse_lock
from lifelint.facts.dvc.paramfile import parser_of
from lifelint.facts.dvc.pointerfile import PointerFile, parse_pointer_file
from lifelint.facts.dvc.record import Record
from lifelint.facts.dvc.stage import Stage, Unfilled
from lifelint.facts.dvc.status import Planned, orphan
from lifelint.facts.dvc.templating import Unresolved
from lifelint.facts.dvc.workspace import ancestors


class Projects:
    """The DVC projects of a repository. One at its root is assumed where no ``.dvc`` folder is tracked."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ignores: dict[str, Ignore] = {}
        self.complete = True  # until something cannot be read or resolved: then more may be produced than is known

    @cached_property
    def _roots(self) -> frozenset[str]:
        marks = self._source.named("config", ".gitignore", ".dvcignore")
        owners = (path.rpartition("/")[0] for path in marks)
        return frozenset(owner[:-5] for owner in owners if owner.endswith("/.dvc"))

    def _root_of(self, path: str) -> str:
        return next((folder for folder in ancestors(path) if folder in self._roots), "")

    def ignore_of(self, path: str) -> Ignore:
        """What the project that ``path`` belongs to ignores."""
        root = self._root_of(path)
        if root not in self._ignores:
            below = frozenset(r for r in self._roots if r != root and (not root or r.startswith(f"{root}/")))
            files = {}
            for name in self._source.named(".dvcignore"):
                if not root or name.startswith(f"{root}/"):
                    files[name.rpartition("/")[0]] = self._source.parse(name, parse_dvcignore) or ()
            self._ignores[root] = Ignore(root, files, below)
        return self._ignores[root]

    def _used(self, path: str) -> bool:
        return not self.ignore_of(path).ignores(path)

    def _flags_of(self, path: str) -> Mapping[str, str]:
        root = self._root_of(path)
        config = f"{root}/.dvc/config" if root else ".dvc/config"
        return (self._source.parse(config, parse_flags) or {}) if self._source.is_file(config) else {}

    def _load(self, path: str) -> Any:
        if not self._source.is_file(path):
            return None
        document = self._source.parse(path, parser_of(path))
        if document is None:
            raise Unresolved(f"{path} cannot be read")
        return document

    def pointers(self) -> Iterator[tuple[str, PointerFile]]:
        """Every ``.dvc`` file that DVC looks at, and the ``Dvcfile`` of its first releases."""
        paths = [p for p in [*self._source.suffixed(".dvc"), *self._source.named("Dvcfile")] if self._used(p)]
        self._source.prefetch(paths)
        for path in paths:
            pointer = self._source.parse(path, parse_pointer_file)
            if pointer:
                yield path, pointer
            else:
                self.complete = False

    @cached_property
    def definitions(self) -> list[str]:
        """Every ``dvc.yaml`` that DVC looks at. Other names, such as ``dvc-old.yaml``, are none to DVC."""
        return [path for path in self._source.named("dvc.yaml") if self._used(path)]

    def defined(self) -> Iterator[Planned | Stage]:
        """The stages of every ``dvc.yaml``, and what its lock still records of stages that are gone."""
        locks = {path: path.removesuffix("yaml") + "lock" for path in self.definitions}
        self._source.prefetch([*locks, *(lock for lock in locks.values() if self._source.is_file(lock))])
        for path, lock in locks.items():
            definition = self._source.parse(path, parse_definition)
            tracked = self._source.is_file(lock) and self._used(lock)
            records: Mapping[str, Record] | None = self._source.parse(lock, parse_lock) if tracked else {}
            if definition is None or records is None:
                self.complete = False  # told as unread: nothing can be said about these stages
                continue
            place = Place(path.rpartition("/")[0], self._load, self._flags_of(path))
            names, whole = set(definition.unfilled), True
            self.complete = self.complete and not definition.unfilled
            for draft in expand(definition, place):
                names.add(draft.name)
                whole = whole and not draft.why
                self.complete = self.complete and whole
                record = records.get(draft.name)
                yield Planned(
                    path, f"{path}:{draft.name}", draft, lock if tracked else "", record, self.ignore_of(path)
                )
            for name, record in records.items():
                if whole and name not in names:
                    yield orphan(path, f"{path}:{name}", name, lock, record)


def unfilled(source: Source) -> Iterator[Unfilled]:
    """The stages that are still to be filled in."""
    for path in Projects(source).definitions:
        definition = source.parse(path, parse_definition)
        for name, (line, mark) in definition.unfilled.items() if definition else ():
            yield Unfilled(path, line, name, mark)


def pointing(source: Source) -> tuple[Projects, Mapping[str, PointerFile]]:
    """The projects of a repository, and every pointer in it."""
    projects = Projects(source)
    return projects, dict(projects.pointers())


def old_stage(path: str, pointer: PointerFile, ignore: Ignore) -> Planned:
    """The stage in a ``.dvc`` file of DVC 0.x or 1.x: definition and record in one."""
    params = tuple(
        (dep.path, str(key), dep.line) for dep in pointer.deps if dep.params is not None for key in dep.params or ("",)
    )
    draft = Draft(
        path.rpartition("/")[2],
        pointer.cmd_line,
        pointer.cmd,
        pointer.wdir,
        tuple((dep.path, dep.line) for dep in pointer.deps if dep.params is None),
        tuple(DraftOut(out.path, "out", out.cache, out.persist, out.line) for out in pointer.outs),
        params,
        pointer.frozen,
        pointer.always_changed,
    )
    record = Record(
        pointer.cmd,
        tuple(dep for dep in pointer.deps if dep.params is None),
        pointer.outs,
        {dep.path: dep.params for dep in pointer.deps if dep.params is not None},
        {(file, key): line for file, key, line in params},
        pointer.cmd_line,
        pointer.cmd_line,
    )
    return Planned(path, path, draft, path, record, ignore)


def parse_flags(data: bytes) -> Mapping[str, str]:
    """The ``[parsing]`` section of ``.dvc/config``; nothing when the file is no INI file."""
    from configparser import ConfigParser, Error

    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(data.decode("utf-8", "replace"))
    except Error:
        return {}
    return dict(parser["parsing"]) if parser.has_section("parsing") else {}
