"""Files short enough to be pointers, found without reading a large repository's every file."""

from __future__ import annotations

from collections.abc import Mapping

from lifelint.facts._source import Source
from lifelint.facts.data.annex import key_of_symlink, key_of_text
from lifelint.facts.data.formats import SOURCE
from lifelint.facts.lfs import CUTOFF
from lifelint.snapshot import SYMLINK, Missing

_SHORTEST = 24


def small_files(source: Source) -> Mapping[str, bytes]:
    """Files short enough to be a pointer that are of no kind of source by their suffix."""
    # A name without a suffix has itself for one: git-annex keeps such files as well as others.
    named = source.suffixes(lambda suffix: suffix.lower() not in SOURCE)
    short = [path for path, size in source.snapshot.sizes(named).items() if _SHORTEST <= size < CUTOFF]
    return {path: data for path, data in source.snapshot.read(short) if not isinstance(data, Missing)}


def annex_keys(source: Source) -> Mapping[str, str]:
    """Path → git-annex key, of locked files (symlinks) and unlocked ones (short texts)."""
    links = [path for path in source.links if source.entries[path].mode == SYMLINK]
    keys: dict[str, str] = {}
    for path, target in source.snapshot.read(links):
        if not isinstance(target, Missing):
            keys[path] = key_of_symlink(target.decode("utf-8", "surrogateescape"))
    for path, text in source.once(small_files).items():
        keys[path] = key_of_text(text)
    return {path: key for path, key in keys.items() if key}
