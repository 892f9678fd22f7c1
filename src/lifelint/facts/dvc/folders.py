"""Folders as DVC hashes them: tracked files and outputs below, and what a checkout may have made of their text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.dvc.contents import Content, Contents, Endings
from lifelint.facts.dvc.hashing import tree_digest
from lifelint.facts.dvc.ignore import Ignore
from lifelint.facts.dvc.pointerfile import Dep, Out
from lifelint.facts.dvc.verdict import Producer, Verdict, short

_LARGEST_TEXT = 64 * 1024 * 1024
_MOST_FILES, _MOST_LINES, _MOST_TRIES = 100, 200_000, 3_000


class Folder(NamedTuple):
    """A folder's digest and files (relative path → digest).

    ``why`` tells what hinders hashing it, ``unlike_checkout`` what makes its blobs unlike the files of a checkout.
    """

    path: str
    digest: str = ""
    files: Mapping[str, str] = {}
    size: int = 0
    unlike_checkout: str = ""
    why: str = ""


class Folders:
    """Hashes folders once each. ``below`` gives the outputs in a folder, ``linked`` are folders that hold links."""

    def __init__(
        self,
        source: Source,
        contents: Contents,
        producers: Mapping[str, Producer],
        below: Mapping[str, Sequence[str]],
        linked: frozenset[str],
    ) -> None:
        self._source, self._contents = source, contents
        self._producers, self._below, self._linked = producers, below, linked
        self._known: dict[tuple[str, str], Folder] = {}
        self._endings: dict[str, Mapping[str, Endings]] = {}

    def compare(self, path: str, recorded: Dep | Out, ignore: Ignore) -> Verdict:
        """Whether a folder is what was recorded."""
        if not recorded.digest.endswith(".dir"):
            return Verdict(False, "", "it was a file and is a folder")
        key = path, recorded.hash_name
        if key not in self._known:
            self._known[key] = self._folder(path, recorded.hash_name, ignore)
        folder = self._known[key]
        if folder.why:
            return Verdict(None, why=folder.why)
        if recorded.digest == folder.digest:
            return Verdict(True, folder.digest)
        checkout = self._checked_out(folder, recorded)
        if checkout:
            return Verdict(True, folder.digest, "only the line endings differ")
        if checkout is None:
            return Verdict(None, folder.digest, "its files may differ in line endings only")
        return _unlike(folder, recorded)

    def _folder(self, path: str, hash_name: str, ignore: Ignore) -> Folder:
        if any("/.dvc/" in member[len(path) :] for member in self._source.under(path)):
            return Folder(path, why="it holds a DVC project of its own, which DVC leaves out of the folder's digest")
        tracked = [p for p in self._source.under(path) if not ignore.ignores(p)]
        self._contents.prime(tracked)
        files, size, unlike, start = dict[str, str](), 0, "", len(path) + 1
        for member in tracked:
            content = self._contents.of(member)
            if isinstance(content, str):
                return Folder(path, why=f"{member} cannot be read: {content}")
            files[member[start:]] = content.legacy if hash_name == "md5-dos2unix" else content.md5
            size += content.size
            unlike = unlike or unlike_checkout(self._contents, member, content)
        for member in self._below.get(path, ()):
            producer = self._producers[member]
            if member[start:] in files or ignore.ignores(member):
                continue
            if producer.hash_name != hash_name or producer.digest.endswith(".dir") or not producer.digest:
                return Folder(path, why=f"it holds {member}, whose files are listed with the data")
            files[member[start:]] = producer.digest
        if path in self._linked:
            return Folder(path, why="it holds symlinks or submodules")
        return Folder(path, tree_digest(files.items()), files, size, unlike)

    def _checked_out(self, folder: Folder, recorded: Dep | Out) -> bool | None:
        """Whether some of its texts had CRLF when it was hashed, as on Windows; none if too many could have had."""
        if recorded.hash_name != "md5" or (recorded.nfiles is not None and recorded.nfiles != len(folder.files)):
            return False
        if folder.size > _LARGEST_TEXT:
            return False if recorded.size is not None and recorded.size <= folder.size else None
        if folder.path not in self._endings:
            paths = {name: f"{folder.path}/{name}" for name in folder.files}
            found = {name: self._contents.endings(p) for name, p in paths.items() if self._source.is_file(p)}
            self._endings[folder.path] = {name: endings for name, endings in found.items() if endings}
        texts = self._endings[folder.path]
        every = ({n: e.dos for n, e in texts.items()}, {n: e.unix for n, e in texts.items()})
        if any(tree_digest({**folder.files, **chosen}.items()) == recorded.digest for chosen in every):
            return True
        more = 0 if recorded.size is None else recorded.size - folder.size
        return _some_with_crlf(folder, texts, recorded.digest, more) if more > 0 else False


def _some_with_crlf(folder: Folder, texts: Mapping[str, Endings], digest: str, more: int) -> bool | None:
    """Whether the folder had this digest with CRLF in some texts, which made it ``more`` bytes larger."""
    if len(texts) > _MOST_FILES or more > _MOST_LINES:
        return None
    for tries, chosen in enumerate(subsets([(name, texts[name].lines) for name in sorted(texts)], more)):
        if tries == _MOST_TRIES:
            return None
        if tree_digest({**folder.files, **{name: texts[name].dos for name in chosen}}.items()) == digest:
            return True
    return False


def subsets(items: Sequence[tuple[str, int]], total: int) -> Iterator[tuple[str, ...]]:
    """Every choice of items whose numbers add up to ``total``. Dead ends are never entered."""
    items = [item for item in items if 0 < item[1] <= total]
    reach = [1]  # bit n of the last entry: n can be made of no items; then of ever more of them, from the end
    for _, number in reversed(items):
        reach.append((reach[-1] | reach[-1] << number) & ((1 << total + 1) - 1))
    reach.reverse()
    waiting: list[tuple[int, int, tuple[str, ...]]] = [(0, total, ())] if reach[0] >> total & 1 else []
    while waiting:
        at, left, chosen = waiting.pop()
        if not left:
            yield chosen
            continue
        name, number = items[at]
        if reach[at + 1] >> left & 1:
            waiting.append((at + 1, left, chosen))
        if number <= left and reach[at + 1] >> (left - number) & 1:
            waiting.append((at + 1, left - number, (*chosen, name)))


def unlike_checkout(contents: Contents, path: str, content: Content) -> str:
    """What makes the file in a checkout another one than the blob; empty if nothing does."""
    if content.lfs_size is not None:
        return f"{path} is an LFS pointer in git"
    name = contents.filter_of(path)
    return f"the git filter {name} changes {path} on checkout" if name else ""


def _unlike(folder: Folder, recorded: Dep | Out) -> Verdict:
    if folder.unlike_checkout:
        return Verdict(None, folder.digest, folder.unlike_checkout)
    # What was hashed may have held untracked files too. Only if it cannot have held all that is tracked now, or held
    # no more than that, is the difference proven.
    count = len(folder.files)
    more = recorded.nfiles is not None and count >= recorded.nfiles
    if more or (recorded.size is not None and folder.size > recorded.size):
        return Verdict(False, folder.digest, f"it holds {count} files with the digest {short(folder.digest)}")
    counted = "an unknown number of" if recorded.nfiles is None else recorded.nfiles
    why = f"{counted} files were hashed and {count} are tracked: untracked ones may have been among them"
    return Verdict(None, folder.digest, why)
