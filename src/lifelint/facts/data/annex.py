"""git-annex keys: in the target of a symlink (locked) or as the text of a file (unlocked).

Formats: https://git-annex.branchable.com/internals/key_format/ and …/internals/pointer_file/.
"""

import re
from typing import NamedTuple

_KEY = r"([A-Z0-9_]+)((?:-[smSC]\d+)*)--(.+)"
_SIZE = r"-s(\d+)"
_LOCKED = r"(?:^|/)\.git/annex/objects/(?:[^/]+/){2,3}([^/]+)$"
_UNLOCKED = b"/annex/objects/"
_HEX = {"MD5": 32, "SHA1": 40, "SHA224": 56, "SHA256": 64, "SHA384": 96, "SHA512": 128}
_HEX |= {f"SHA3_{bits}": bits // 4 for bits in (224, 256, 384, 512)}
_ESCAPES = {"&a": "&", "&s": "%", "&c": ":"}
_UNPROVEN = frozenset({"WORM", "URL"})


class AnnexKey(NamedTuple):
    """What a key says of the content: its digest (empty for WORM and URL keys, which name no content) and its size.

    ``well_formed`` is ``None`` for a backend that is not known here.
    """

    backend: str
    digest: str
    size: int | None
    well_formed: bool | None
    why: str = ""


def key_of_symlink(target: str) -> str:
    """The key that a symlink's target names; empty when it leads elsewhere."""
    found = re.search(_LOCKED, target)
    return re.sub(r"&[asc]", lambda escape: _ESCAPES[escape[0]], found[1]).replace("%", "/") if found else ""


def key_of_text(data: bytes) -> str:
    """The key that an unlocked file's text names; empty when it is content."""
    if not data.startswith(_UNLOCKED):
        return ""
    return data[len(_UNLOCKED) :].split(b"\n", 1)[0].decode("utf-8", "replace")


def parse_key(key: str) -> AnnexKey:
    """What the key says. A key that is not one is not well-formed."""
    found = re.fullmatch(_KEY, key)
    if found is None:
        return AnnexKey("", "", None, False, f"{key} is not a git-annex key")
    backend, name = found[1], found[3]
    size = re.search(_SIZE, found[2])
    length = int(size[1]) if size else None
    plain = backend if backend in _HEX else backend.removesuffix("E")
    if plain in _HEX:
        digest = name.split(".", 1)[0] if backend != plain else name
        good = re.fullmatch(rf"[0-9a-f]{{{_HEX[plain]}}}", digest) is not None
        why = "" if good else f"the {backend} key does not hold {_HEX[plain]} hexadecimal digits"
        return AnnexKey(backend, f"{plain.lower()}:{digest}" if good else "", length, good, why)
    if backend in _UNPROVEN:
        return AnnexKey(backend, "", length, True, f"a {backend} key names no content")
    return AnnexKey(backend, "", length, None, f"the key backend {backend} is not known")
