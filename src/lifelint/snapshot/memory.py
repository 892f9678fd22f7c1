"""A snapshot made of a dict, and a history of such, for examples and tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from lifelint.model import Diagnostic, Past, Subject
from lifelint.snapshot import REGULAR, SYMLINK, Entry, Missing, Snapshot
from lifelint.snapshot._naming import blob_id
from lifelint.snapshot.history import Commit, History, NoHistory, Person, Signature, Stored, Tag


class MemorySnapshot:
    """Paths and their text or bytes. ``symlinks`` maps a path to its target; ``missing`` lists paths without a blob."""

    diagnostics: Iterable[Diagnostic] = ()

    def __init__(
        self,
        files: Mapping[str, str | bytes],
        *,
        symlinks: Mapping[str, str] | None = None,
        missing: Iterable[str] = (),
        history: History | None = None,
    ) -> None:
        self._data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self._missing = frozenset(missing)
        self.edited: dict[str, str] = {}
        links = {path: target.encode() for path, target in (symlinks or {}).items()}
        self.entries: Mapping[str, Entry] = {
            **{path: Entry(REGULAR, blob_id(data)) for path, data in sorted(self._data.items())},
            **{path: Entry(SYMLINK, blob_id(target)) for path, target in sorted(links.items())},
        }
        self._data |= links
        self.history: History = history or NoHistory("there is no git history")
        self.subject = Subject(
            path=".", kind="memory", revision=self.history.head, shallow=bool(self.history.incomplete)
        )

    def oid(self, path: str) -> str:
        return self.entries[path].oid

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        for path in paths:
            yield path, Missing("its blob is not in the object database") if path in self._missing else self._data[path]

    def sizes(self, paths: Iterable[str]) -> Mapping[str, int]:
        return {path: len(self._data[path]) for path in paths if path not in self._missing}

    def holding(self, paths: Sequence[str], words: Sequence[str]) -> Sequence[str]:
        return paths

    def seek(self, endings: Sequence[str], words: Sequence[str]) -> None:
        """Nothing to begin."""

    touched: Collection[str] = ()

    def filters(self, paths: Iterable[str]) -> Mapping[str, str]:
        """Understands only ``pattern filter=name`` lines of a root ``.gitattributes``: enough for examples."""
        lines = self._data.get(".gitattributes", b"").decode("utf-8", "replace").splitlines()
        found: dict[str, str] = {}
        for pattern, *attributes in (line.split() for line in lines if line.strip() and not line.startswith("#")):
            names = [a.removeprefix("filter=") for a in attributes if a.startswith("filter=")]
            for path in paths if names else ():
                if fnmatchcase(path if "/" in pattern else path.rsplit("/", 1)[-1], pattern.lstrip("/")):
                    found[path] = names[-1]
        return found

    def close(self) -> None:
        """Nothing to end."""


class MemoryHistory:
    """Commits made of dicts, oldest first; the last one is the head. Each holds its parent's files and its changes.

    A commit's parent is the one before it in the list unless it names another. Tags are signed if they name a signer,
    whom the allowed-signers file must name too. ``shallow`` cuts off what came before the list.
    """

    def __init__(self, commits: Sequence[Past], *, shallow: bool = False) -> None:
        self.incomplete = "the clone is shallow: fetch the whole history" if shallow else ""
        self.head = commits[-1].commit if commits else ""
        self._files: dict[str, dict[str, str]] = {}
        self._commits: dict[str, Commit] = {}
        self._signers: dict[str, str] = {}
        tags = []
        before = ""
        for number, past in enumerate(commits):
            parent = before if past.parent is None else past.parent
            merged = {**self._files.get(parent, {}), **past.files}
            self._files[past.commit] = {path: text for path, text in merged.items() if text is not None}
            who = Person(past.author, f"{past.author.lower()}@example.org")
            when = 1_767_225_600 + 86_400 * number  # a day apart, from 2026-01-01
            parents = (parent,) if parent else ()
            self._commits[past.commit] = Commit(past.commit, parents, "", who, when, who, when, past.message)
            for name, signer in past.tags.items():
                tags.append(Tag(name, past.commit, blob_id(name.encode(), kind=b"tag") if signer else past.commit))
                self._signers[name] = signer
            before = past.commit
        self.tags: Sequence[Tag] = sorted(tags)

    @property
    def tree(self) -> Mapping[str, str]:
        """The files of the head."""
        return self._files.get(self.head, {})

    def commit(self, commit: str) -> Commit | None:
        return self._commits.get(commit)

    def _line(self, commit: str) -> Iterator[str]:
        while commit:
            yield commit
            commit = next(iter(self._commits[commit].parents), "")

    def is_ancestor(self, commit: str, of: str) -> bool | None:
        if commit not in self._commits or of not in self._commits:
            return None
        return commit in self._line(of) or (None if self.incomplete else False)

    def merge_base(self, commit: str, other: str) -> str:
        if commit not in self._commits or other not in self._commits:
            return ""
        others = list(self._line(other))
        return next((one for one in self._line(commit) if one in others), "")

    def touching(self, paths: Sequence[str], until: str) -> Sequence[str] | None:
        return [
            commit for commit in self._line(until) if self._below(commit, paths) != self._below_parent(commit, paths)
        ]

    def authors(self, until: str, most: int) -> Sequence[tuple[Person, int]] | None:
        made = (self._commits[commit] for commit in self._line(until))
        return [(commit.author, commit.committed) for commit in made][:most]

    def last_changed(self, paths: Sequence[str], until: str) -> Mapping[str, str] | None:
        touching = {path: self.touching([path], until) for path in paths}
        return {path: commits[0] for path, commits in touching.items() if commits}

    def oids(self, places: Sequence[tuple[str, str]]) -> Sequence[str]:
        found = (self._files.get(commit, {}).get(path) for commit, path in places)
        return ["" if text is None else blob_id(text.encode()) for text in found]

    def _below(self, commit: str, paths: Sequence[str]) -> Mapping[str, str]:
        files = self._files[commit] if commit else {}
        return {p: text for p, text in files.items() if any(p == path or p.startswith(f"{path}/") for path in paths)}

    def _below_parent(self, commit: str, paths: Sequence[str]) -> Mapping[str, str]:
        return self._below(next(iter(self._commits[commit].parents), ""), paths)

    def at(self, commit: str, below: str = "") -> Snapshot | None:
        if commit not in self._files:
            return None
        return MemorySnapshot(self._below(commit, [below]) if below else self._files[commit])

    def message(self, tag: Tag) -> str:
        return tag.name if tag.annotated else ""

    def signature(self, tag: Tag, allowed_signers: bytes) -> Signature:
        signer = self._signers[tag.name]
        if not signer:
            return Signature(False, "", "is not signed")
        good = signer.encode() in allowed_signers
        return Signature(
            good, signer if good else "", f"is signed by {signer}" if good else "no allowed signer made it"
        )

    def stored(self, wanted: Callable[[str], object], besides: Mapping[str, Entry] | None = None) -> Iterator[Stored]:
        seen = {entry.oid for entry in (besides or {}).values()}
        for commit in self._line(self.head):
            for path, text in self._files[commit].items():
                oid = blob_id(text.encode())
                if oid not in seen:
                    seen.add(oid)
                    if wanted(path):
                        yield Stored(oid, path, len(text.encode()))
