"""Edits as a patch that ``git apply`` takes (git's Documentation/diff-generate-patch): bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from lifelint.fix.noun import Edit
from lifelint.report.look import Look, safe

CONTEXT = 3
_NO_END = b"\\ No newline at end of file\n"
_ESCAPED = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def comments(lines: Iterable[str]) -> bytes:
    """Lines between patches, which ``git apply`` leaves out."""
    return "".join(f"# {line}".rstrip() + "\n" for line in lines).encode("utf-8", "replace")


def coloured(edits: Iterable[Edit], look: Look) -> Iterator[str]:
    """Edits as lines for a terminal, which strangers' file names and contents cannot command."""
    for edit in edits:
        text = patch(edit).decode("utf-8", "surrogateescape")
        for line in text.removesuffix("\n").split("\n"):
            clean = safe(line.removesuffix("\r").replace("\t", "    "))
            yield look.style(clean, _COLOURS.get(line[:1], "")) if line[:3] not in ("+++", "---") else clean


def patch(edit: Edit) -> bytes:
    """One edit; nothing for one that changes nothing."""
    if edit.before == edit.after:
        return b""
    old, new = _named("a", edit.path), _named("b", edit.path)
    was = b"/dev/null" if edit.before is None else old
    head = [b"diff --git " + old + b" " + new + b"\n"]
    if edit.before is None:
        head.append(b"new file mode 100644\n")
    if not (edit.before is None and not edit.after):
        # A tab ends a name with spaces, as git writes it
        head += [sign + name + (b"\t\n" if b" " in name else b"\n") for sign, name in ((b"--- ", was), (b"+++ ", new))]
    return b"".join([*head, *_hunks(_lines(edit.before or b""), _lines(edit.after))])


def _named(side: str, path: str) -> bytes:
    """A path as git writes it: in quotes where a byte of it is not printable ASCII."""
    data = f"{side}/{path}".encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in _ESCAPED for byte in data):
        return data
    quoted = "".join(_ESCAPED.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in data)
    return f'"{quoted}"'.encode()


def _lines(data: bytes) -> Sequence[bytes]:
    parts = data.split(b"\n")
    return [*(part + b"\n" for part in parts[:-1]), *([parts[-1]] if parts[-1] else [])]


def _hunks(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[bytes]:
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n".encode()
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from (_line(b" ", line) for line in old[old_start:old_end])
                continue
            yield from (_line(b"-", line) for line in old[old_start:old_end])
            yield from (_line(b"+", line) for line in new[new_start:new_end])


def _line(sign: bytes, line: bytes) -> bytes:
    return sign + line if line.endswith(b"\n") else sign + line + b"\n" + _NO_END


def _range(start: int, end: int) -> str:
    count = end - start
    return f"{start + (count > 0)},{count}" if count != 1 else str(start + 1)
