"""A snapshot made of a dict, for examples and tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from lifelint.model import Diagnostic, Subject
from lifelint.snapshot import REGULAR, SYMLINK, Entry, Missing


def blob_id(data: bytes, like: str = "") -> str:
    """git's name of a blob (Documentation/gitformat-object): SHA-1, or SHA-256 if that is the hash of ``like``."""
    algorithm = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    digest = algorithm(b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


class MemorySnapshot:
    """Paths and their text or bytes. ``symlinks`` maps a path to its target; ``missing`` lists paths without a blob."""

    diagnostics: Iterable[Diagnostic] = ()

    def __init__(
        self,
        files: Mapping[str, str | bytes],
        *,
        symlinks: Mapping[str, str] | None = None,
        missing: Iterable[str] = (),
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
        self.subject = Subject(path=".", kind="memory")

    def oid(self, path: str) -> str:
        return self.entries[path].oid

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        for path in paths:
            yield path, Missing("its blob is not in the object database") if path in self._missing else self._data[path]

    def sizes(self, paths: Iterable[str]) -> Mapping[str, int]:
        return {path: len(self._data[path]) for path in paths if path not in self._missing}

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
