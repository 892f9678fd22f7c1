"""The seam between a snapshot and the facts: finding paths, and parsing each content once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from lifelint.facts._scope import TEMPLATES, left_out
from lifelint.snapshot import MAX_BYTES, SUBMODULE, SYMLINK, Entry, Missing, Snapshot
from lifelint.snapshot._search import WORTHWHILE

T = TypeVar("T")
Parser = Callable[[bytes], T]
Content = bytes | Missing
_Bytes = bytes  # the name is that of a method in the class below

_HELD = 256 * 1024 * 1024  # bytes of content held at most; what goes beyond is read when it is asked for


class Unreadable(ValueError):
    """A file that cannot be understood. Parsers raise it with the line; they never guess."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class Unread(NamedTuple):
    """A file that was wanted and could not be read or understood."""

    path: str
    line: int
    message: str


class Memo:
    """What states of one repository share. It grows as they are read.

    ``parsed`` holds what a parser made of a content, by its id and the parser's name; ``silent`` the ids of contents in
    which a search found none of some words, by the words.
    """

    def __init__(self) -> None:
        self.parsed: dict[tuple[str, str], Any] = {}
        self.silent: dict[Sequence[str], set[str]] = {}


class Source:
    """Looks a snapshot's paths up and hands parsed contents out.

    ``parse`` and ``text`` return ``None`` for what cannot be read; the reason is recorded once as an ``Unread``, which
    makes the rules that rest on the facts being made *unknown* instead of passing. With ``only``, nothing else is seen.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        exclude: Sequence[str] = (),
        only: Sequence[str] | None = None,
        memo: Memo | None = None,
    ) -> None:
        self.snapshot = snapshot
        self._exclude = exclude
        listed = snapshot.entries
        self.entries: Mapping[str, Entry] = (
            listed if only is None else {path: listed[path] for path in only if path in listed}
        )
        self._shared = memo is not None
        self._memo = memo or Memo()
        self._found: dict[Callable[[Source], Any], tuple[Any, Sequence[Unread]]] = {}
        self._bytes: dict[str, Content] = {}
        self._held = 0
        self._past: dict[tuple[str, str], Source | None] = {}
        self._recorders: list[dict[Unread, None]] = []
        self.unread: dict[Unread, None] = {}

    def at(self, commit: str, below: str = "") -> Source | None:
        """The repository at another commit, or what of it lies ``below`` a folder; ``None`` when that is not here.

        ``source.at(commit).once(Facts)`` are its facts. What cannot be read there is recorded there, not here.
        """
        asked = commit, below
        if asked not in self._past:
            snapshot = self.snapshot.history.at(commit, below)
            made = None if snapshot is None else Source(snapshot, exclude=self._exclude, memo=self._memo)
            self._past[asked] = made
        return self._past[asked]

    # Finding paths -------------------------------------------------------------------------------------------------

    @cached_property
    def paths(self) -> Sequence[str]:
        """Regular files, sorted."""
        return sorted([path for path, (mode, _) in self.entries.items() if mode not in (SYMLINK, SUBMODULE)])

    @cached_property
    def links(self) -> Sequence[str]:
        """Symlinks and submodules, sorted. Where there are only regular files, nobody looks for them one by one."""
        if len(self.paths) == len(self.entries):
            return ()
        return sorted(path for path, (mode, _) in self.entries.items() if mode in (SYMLINK, SUBMODULE))

    @cached_property
    def _regular(self) -> frozenset[str]:
        return frozenset(self.paths)

    @cached_property
    def left_out(self) -> Mapping[str, str]:
        """Path → why facts are not looked for in it."""
        paths = self.paths
        reason = left_out(paths, self._exclude, frozenset(self._templates()))
        return {path: why for path in paths if (why := reason(path))}

    def _templates(self) -> Iterator[str]:
        """The folder that copier makes projects from (copier.readthedocs.io, ``_subdirectory``)."""
        settings = [path for path in ("copier.yml", "copier.yaml") if path in self.entries]
        for _, data in self.snapshot.read(settings) if settings else ():
            named = None if isinstance(data, Missing) else TEMPLATES.search(data)
            if named is not None:
                yield named[1].decode("utf-8", "replace").strip().removeprefix("./").rstrip("/")

    @cached_property
    def own(self) -> Sequence[str]:
        """The regular files that are the project's own, sorted."""
        paths, left_out = self.paths, self.left_out
        return [path for path in paths if path not in left_out] if left_out else paths

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        names: dict[str, list[str]] = {}
        for path in self.own:
            names.setdefault(path[path.rfind("/") + 1 :], []).append(path)
        return names

    @cached_property
    def _by_suffix(self) -> Mapping[str, list[str]]:
        suffixes: dict[str, list[str]] = {}
        for path in self.paths:
            suffixes.setdefault(path[path.rfind(".") + 1 :], []).append(path)
        return suffixes

    @cached_property
    def _folders(self) -> Collection[str]:
        return {path[: path.rfind("/") + 1] for path in self.own}

    def named(self, *names: str) -> list[str]:
        """Own files whose last component is one of ``names``, sorted."""
        return sorted(path for name in names for path in self._by_name.get(name, ()))

    def names(self, wanted: Callable[[str], object]) -> list[str]:
        """Own files whose last component satisfies ``wanted`` (asked once per distinct name), sorted."""
        return sorted(path for name, paths in self._by_name.items() if wanted(name) for path in paths)

    def suffixed(self, *suffixes: str) -> list[str]:
        """Own files whose path ends with one of ``suffixes``, each of which has a dot, sorted."""
        last = {suffix[suffix.rindex(".") + 1 :] for suffix in suffixes}
        found = [path for suffix in last for path in self._by_suffix.get(suffix, ()) if path.endswith(suffixes)]
        left_out = self.left_out
        return sorted([path for path in found if path not in left_out])

    def suffixes(self, wanted: Callable[[str], object]) -> list[str]:
        """Regular files, own or not, whose suffix satisfies ``wanted`` (asked once per distinct suffix), sorted.

        The suffix is what follows the last dot, without it; of a path without a dot it is the path.
        """
        return sorted(path for suffix, paths in self._by_suffix.items() if wanted(suffix) for path in paths)

    def inside(self, wanted: Callable[[str], object]) -> list[str]:
        """Own files in folders that satisfy ``wanted`` (asked once per distinct folder, with its slash), sorted."""
        chosen = {folder for folder in self._folders if wanted(folder)}
        return [path for path in self.own if path[: path.rfind("/") + 1] in chosen] if chosen else []

    def under(self, folder: str) -> Sequence[str]:
        """Regular files below ``folder`` (``""`` is the root), sorted."""
        if not folder:
            return self.paths
        start = bisect_left(self.paths, f"{folder}/")
        return self.paths[start : bisect_left(self.paths, f"{folder}0")]  # "0" follows "/" in ASCII

    def is_file(self, path: str) -> bool:
        """Whether ``path`` is a tracked regular file."""
        return path in self._regular

    def is_folder(self, path: str) -> bool:
        """Whether any tracked regular file lies below ``path``."""
        start = bisect_left(self.paths, f"{path}/") if path else 0
        return start < len(self.paths) and self.paths[start].startswith(f"{path}/" if path else "")

    def content(self, path: str) -> str:
        """The id of what was read of ``path``, or else of what git has stored there; ``""`` where nothing is."""
        entry = self.entries.get(path)
        return self.snapshot.edited.get(path) or (entry.oid if entry else "")

    # Reading -------------------------------------------------------------------------------------------------------

    def prefetch(self, paths: Iterable[str]) -> None:
        """Reads many paths in one go, for the ``bytes``, ``text`` and ``parse`` calls that follow.

        What another state has parsed is not read again for those who parse it here.
        """
        wanted = [p for p in paths if p not in self._bytes and self.is_file(p)]
        if self._settled(wanted):
            parsed = {oid for oid, _ in self._memo.parsed}
            wanted = [path for path in wanted if self.entries[path].oid not in parsed]
        for path, data in self.snapshot.read(wanted) if wanted else ():
            if not self._hold(path, data):
                break

    def _hold(self, path: str, data: Content) -> bool:
        self._held += len(data)
        if self._held < _HELD:
            self._bytes[path] = data
        return self._held < _HELD

    def bytes(self, path: str) -> bytes | None:
        """The content of a tracked regular file, or ``None`` with the reason recorded.

        Raises:
            KeyError: no such tracked path.
        """
        data = self._bytes.get(path)
        if data is None:
            [(_, data)] = self.snapshot.read([path])
            self._hold(path, data)
        if isinstance(data, Missing):
            self.cannot_read(path, data.why)
            return None
        if len(data) > MAX_BYTES:
            self.cannot_read(path, f"is larger than {MAX_BYTES >> 20} MiB and was not parsed")
            return None
        return data

    def holding(self, paths: Sequence[str], words: Sequence[str]) -> Sequence[str]:
        """Those of ``paths`` that may hold one of ``words``; what is left out holds none of them.

        Where states share what they parse, a content in which one of them found none is not searched in another.
        """
        if not self._shared or len(paths) < WORTHWHILE:
            return self.snapshot.holding(paths, words)
        entries, touched = self.entries, self.snapshot.touched
        silent = self._memo.silent.setdefault(tuple(words), set())
        asked = [path for path in paths if path in touched or entries[path].oid not in silent]
        found = self.snapshot.holding(asked, words)
        silent |= {entries[path].oid for path in {*asked}.difference(found, touched)}
        return found

    def parse(self, path: str, parser: Parser[T], read: _Bytes | None = None) -> T | None:
        """What ``parser`` makes of the content of ``path``; the same content is parsed once by the same parser.

        ``read`` is that content, for who has it at hand.
        """
        key = (self.snapshot.oid(path), f"{parser.__module__}.{parser.__qualname__}")
        made = self._memo.parsed.get(key)
        if made is None:
            data = self.bytes(path) if read is None else read
            if data is None:
                return None
            try:
                made = parser(data)
            except Unreadable as error:
                made = error
            self._memo.parsed[key] = made
        if isinstance(made, Unreadable):
            self.cannot_read(path, made.message, made.line)
            return None
        result: T = made
        return result

    def each(self, paths: Sequence[str], parser: Parser[T]) -> Iterator[tuple[str, T | Missing]]:
        """What ``parser``, which raises nothing, makes of many contents that are read in one go, and kept by nobody."""
        parsed, name = self._memo.parsed, f"{parser.__module__}.{parser.__qualname__}"
        asked = paths
        if self._settled(paths):
            asked = [path for path in paths if (self.entries[path].oid, name) not in parsed]
        missing: dict[str, Missing] = {}
        for path, data in self.snapshot.read(asked):
            if isinstance(data, Missing):
                missing[path] = data
            else:
                parsed[self.snapshot.oid(path), name] = parser(data)
        for path in paths:
            yield path, missing.get(path) or parsed[self.snapshot.oid(path), name]

    def _settled(self, paths: Sequence[str]) -> bool:
        """Whether it is worthwhile, and safe, to look for what another state made of contents with the same ids."""
        return self._shared and len(paths) >= WORTHWHILE and bool(self._memo.parsed) and not self.snapshot.touched

    def once(self, find: Callable[[Source], T]) -> T:
        """What ``find`` finds here. It looks once; what it could not read counts for everybody who asks."""
        if find in self._found:
            found, unread = self._found[find]
            for one in unread:
                self.cannot_read(one.path, one.message, one.line)
        else:
            with self.recording() as recorded:
                found = find(self)
            self._found[find] = found, tuple(recorded)
        result: T = found
        return result

    def found(self, find: Callable[[Source], T]) -> tuple[T, Sequence[Unread]] | None:
        """What ``find`` found when it was asked by ``once``, and what it could not read; ``None`` before that."""
        return self._found.get(find)

    def adopt(self, find: Callable[[Source], T], found: tuple[T, Sequence[Unread]]) -> None:
        """Takes what ``find`` found elsewhere in the same snapshot."""
        self._found[find] = found

    def cannot_read(self, path: str, why: str, line: int = 0) -> None:
        """Records that ``path`` was wanted and could not be used."""
        unread = Unread(path, line, why)
        self.unread[unread] = None
        for recorder in self._recorders:
            recorder[unread] = None

    @contextmanager
    def recording(self) -> Iterator[Mapping[Unread, None]]:
        """Collects what cannot be read inside the ``with`` block."""
        recorder: dict[Unread, None] = {}
        self._recorders.append(recorder)
        try:
            yield recorder
        finally:
            self._recorders.pop()
