"""The text of a Git LFS pointer (git-lfs docs/spec.md, lfs/pointer.go). Which paths hold one is decided elsewhere."""

import re
from typing import NamedTuple

CUTOFF = 1024
"""git-lfs takes nothing of this size or more for a pointer (``BlobSizeCutoff``)."""

LATEST = "https://git-lfs.github.com/spec/v1"
VERSIONS = ("http://git-media.io/v/2", "https://hawser.github.com/spec/v1", LATEST)
EMPTY_OID = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

_KEYS = ("version", "oid", "size")
_OID = r"sha256:([0-9a-f]{64})"
_EXTENSION = r"ext-([0-9])-[0-9A-Za-z_]"
_SIZE = r"[+-]?[0-9]{1,19}"
_NAMED = rb"git-media|hawser|git-lfs"


class LfsPointer(NamedTuple):
    """A pointer as git-lfs reads it: ``oid`` is the SHA-256 of the content it stands for, ``size`` its length in bytes.

    ``canonical`` says that git-lfs would write these very bytes; ``why`` says how they differ (``git lfs fsck
    --pointers`` reports that too). The pointer of an empty file is an empty file.
    """

    oid: str
    size: int
    version: str
    extensions: tuple[str, ...] = ()
    canonical: bool = True
    why: str = ""


def parse_lfs_pointer(data: bytes) -> LfsPointer | None:
    """The pointer that ``data`` is, or ``None`` if git-lfs takes it for content."""
    if not data:
        return LfsPointer(EMPTY_OID, 0, LATEST)
    if len(data) >= CUTOFF or b"version" not in data or not re.search(_NAMED, data):
        return None
    fields = _fields(data.strip().decode("latin-1"))
    if fields is None:
        return None
    values, extensions = fields
    oid, size = re.fullmatch(_OID, values["oid"]), values["size"]
    if values["version"] not in VERSIONS or oid is None or not re.fullmatch(_SIZE, size):
        return None
    if not 0 <= int(size) < 1 << 63:
        return None
    lines = [f"{name} {extensions[name]}" for name in sorted(extensions)]
    plain = LfsPointer(oid[1], int(size), values["version"], tuple(lines))
    why = _departure(data, plain)
    return LfsPointer(plain.oid, plain.size, plain.version, plain.extensions, not why, why)


def _fields(text: str) -> tuple[dict[str, str], dict[str, str]] | None:
    """The three keys in their order, with the extensions found among them; ``None`` if it is no pointer."""
    values: dict[str, str] = {}
    extensions: dict[str, str] = {}
    for line in text.split("\n"):
        key, space, value = line.removesuffix("\r").partition(" ")
        if not key and not space:
            continue
        if not space or len(values) == len(_KEYS):
            return None
        if key == _KEYS[len(values)]:
            values[key] = value
        elif re.match(_EXTENSION, key) and re.fullmatch(_OID, value):
            extensions[key] = value
        else:
            return None
    priorities = [name[4] for name in extensions]
    if len(values) != len(_KEYS) or len(set(priorities)) != len(priorities):
        return None
    return values, extensions


def _departure(data: bytes, pointer: LfsPointer) -> str:
    """How ``data`` differs from what git-lfs writes; empty when it does not."""
    lines = [f"version {LATEST}", *pointer.extensions, f"oid sha256:{pointer.oid}", f"size {pointer.size}"]
    text = "".join(f"{line}\n" for line in lines)
    expected = text.encode("latin-1") if pointer.size else b""
    if data == expected:
        return ""
    if not pointer.size:
        return "stands for an empty file, whose pointer is an empty file"
    if b"\r" in data:
        return "has CRLF line ends"
    if pointer.version != LATEST:
        return f"names the old specification {pointer.version}"
    if data == expected[:-1]:
        return "lacks its final newline"
    return "is not written as git-lfs writes it (order, blank lines or spaces)"
