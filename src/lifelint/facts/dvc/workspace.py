"""What is at a path now, in git or as an output that DVC keeps, and whether it is what was recorded."""

from __future__ import annotations

from collections.abc import Mapping

from lifelint.facts._source import Source
from lifelint.facts.dvc.contents import Contents
from lifelint.facts.dvc.folders import Folders, unlike_checkout
from lifelint.facts.dvc.ignore import Ignore
from lifelint.facts.dvc.pointerfile import Dep, Out
from lifelint.facts.dvc.verdict import Producer, Verdict, agree, short

_PLACEHOLDERS = frozenset((".gitkeep", ".gitignore", ".keep", ".placeholder"))
_COMPARABLE = frozenset(("md5", "md5-dos2unix"))


class Workspace:
    """The tracked tree together with what DVC would put into it."""

    def __init__(self, source: Source, producers: Mapping[str, Producer], complete: bool = True) -> None:
        """``complete`` is false where more may be produced than ``producers`` tells."""
        self.contents = Contents(source)
        self._complete = complete
        self._source = source
        self._producers = producers
        self._below: dict[str, list[str]] = {}
        for path in sorted(producers):
            for folder in ancestors(path):
                self._below.setdefault(folder, []).append(path)
        self._links = frozenset(source.links)
        link_folders = frozenset(folder for path in self._links for folder in ancestors(path))
        self._folders = Folders(source, self.contents, producers, self._below, link_folders)

    def producer(self, path: str) -> Producer | None:
        """Who makes exactly this path."""
        return self._producers.get(path)

    def locate(self, path: str) -> tuple[str, str]:
        """Where the content of a path is kept, and by whom (the ``held`` and ``by`` of ``StageDep``)."""
        if is_outside(path):
            return "outside", ""
        producer = self._producers.get(path)
        by = producer.by if producer else ""
        if self._source.is_file(path):
            return "git", by
        if any(place in self._links for place in (path, *ancestors(path))):
            return "link", by
        if producer and (producer.cache or not self._source.is_folder(path)):
            return producer.kind, by
        holder = next((self._producers[folder] for folder in ancestors(path) if folder in self._producers), None)
        if holder:
            return "inside", holder.by
        filled = path in self._below or any(not _placeholder(member) for member in self._source.under(path))
        return "folder" if filled else "absent" if self._complete else "unknown", by

    def compare(self, path: str, held: str, recorded: Dep | Out, ignore: Ignore) -> Verdict:
        """Whether the content of a path, kept as ``locate`` says, is what was recorded."""
        if not recorded.digest:
            return Verdict(None, why="no digest is recorded for it")
        if recorded.hash_name not in _COMPARABLE:
            return Verdict(None, why=f"it is recorded by {recorded.hash_name}, which git does not know")
        if held == "git":
            return self._file(path, recorded)
        if held == "folder":
            return self._folders.compare(path, recorded, ignore)
        producer = self._producers.get(path)
        if producer and held in ("stage", "pointer"):
            return Verdict(agree(recorded, producer), producer.digest, f"{producer.by} holds {short(producer.digest)}")
        return Verdict(None, why=_WHY[held])

    def _file(self, path: str, recorded: Dep | Out) -> Verdict:
        content = self.contents.of(path)
        if isinstance(content, str):
            return Verdict(None, why=f"its content cannot be read: {content}")
        now = content.legacy if recorded.hash_name == "md5-dos2unix" else content.md5
        if recorded.digest in (content.md5, content.legacy):
            return Verdict(True, now)
        if recorded.digest.endswith(".dir"):
            return Verdict(False, now, "it was a folder and is a file")
        if content.lfs_size is not None:
            return _behind_pointer(now, content.lfs_size, recorded.size)
        endings = self.contents.endings(path)
        if endings and recorded.digest in (endings.unix, endings.dos):
            return Verdict(True, now, "only the line endings differ")
        unlike = unlike_checkout(self.contents, path, content)
        return Verdict(None if unlike else False, now, unlike or f"git holds {short(now)}")


def _behind_pointer(now: str, size: int, recorded: int | None) -> Verdict:
    # A pointer that was hashed unsmudged is itself small, so a small recorded size proves nothing.
    if recorded is not None and recorded >= 1024 and recorded != size:
        return Verdict(False, now, f"git-lfs holds {size} bytes, {recorded} were recorded")
    return Verdict(None, now, "git holds an LFS pointer, and its content is kept elsewhere")


_WHY = {
    "inside": "it lies inside a folder that DVC keeps, whose file list is stored with the data",
    "link": "it is reached through a symlink or a submodule",
    "outside": "it lies outside the repository",
    "absent": "it is not tracked and nothing makes it",
    "unknown": "it is not tracked, and what may make it cannot be read",
    "stage": "its digest is not recorded",
    "pointer": "its digest is not recorded",
}


def ancestors(path: str) -> list[str]:
    """The folders above a path, nearest first, without the root."""
    found = []
    end = path.rfind("/")
    while end >= 0:
        found.append(path[:end])
        end = path.rfind("/", 0, end)
    return found


def is_outside(path: str) -> bool:
    """Whether a normalised path does not lead to a place in the repository."""
    return path.startswith(("/", "../", "~")) or path in ("", ".", "..") or "://" in path or path[1:3] == ":\\"


def _placeholder(path: str) -> bool:
    return path.rpartition("/")[2] in _PLACEHOLDERS
