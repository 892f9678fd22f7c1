"""pip's requirements format, line by line as pip's reader takes it (pip docs, ``reference/requirements-file-format``).

Only reads one file; includes are resolved where files are linked.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._text import decode
from lifelint.facts.environment.nouns import Requirement
from lifelint.facts.environment.requirement import exactness, normalise, requirement

MAX_LINES = 50_000
_COMMENT = lazy(r"(?:^|(?<=\s))#.*$")
_BOMS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_OPTION = lazy(r"(?:^|\s)--?[a-z]")
# What few lines need is compiled when one does.
_HASH = r"--hash[= ]\s*(\w+):([0-9a-fA-F]+)"
_INCLUDE = r"(-r|-c|--requirements?|--constraints?)(?:\s*=\s*|\s+|(?<=-[rc]))(\S.*)"
_EDITABLE = r"(?:-e|--editable)(?:\s*=\s*|\s+)(\S.*)"
_URL = r"(?i)(?:(?:git|hg|svn|bzr)\+)?[a-z][a-z0-9+.-]*:/?/?[^\s@]"
_ARCHIVE = (".whl", ".zip", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz")
_SECRET = r"(://)[^/@\s]+@"


class IncludeLine(NamedTuple):
    line: int
    option: str
    written: str


class BrokenLine(NamedTuple):
    line: int
    written: str
    why: str


class RequirementsFile(NamedTuple):
    """What one requirements file says. ``header`` is the comment block at its top, without the ``#``."""

    requirements: tuple[Requirement, ...]
    includes: tuple[IncludeLine, ...]
    broken: tuple[BrokenLine, ...]
    header: tuple[str, ...]
    via: tuple[tuple[str, ...], ...]
    options: tuple[str, ...]


def parse_requirements(data: bytes) -> RequirementsFile:
    """The lines of a requirements file. ``via[i]`` holds the ``# via`` notes of requirement ``i``."""
    text = decoded(data)
    found: list[Requirement] = []
    includes, broken, options = [], [], []
    lines = text.splitlines()
    notes = _Notes(lines, told="via" in text)
    for number, line in _logical_lines(lines):
        try:
            if not line.startswith("-"):
                found.append(_requirement(line, number))
            elif include := re.fullmatch(_INCLUDE, line):
                includes.append(IncludeLine(number, "-r" if "r" in include[1][:3] else "-c", include[2].strip("\"' ")))
            elif editable := re.match(_EDITABLE, line):
                found.append(_direct(editable[1].partition(" --")[0].strip("\"' "), number, line))
            else:
                options.append(line)
        except ValueError as error:
            broken.append(BrokenLine(number, line[:200], str(error)))
    via = tuple(notes.of(r.line, found[i + 1].line if i + 1 < len(found) else None) for i, r in enumerate(found))
    return RequirementsFile(tuple(found), tuple(includes), tuple(broken), notes.header(), via, tuple(options))


def decoded(data: bytes) -> str:
    """Text as pip decodes it: by its byte-order mark, else UTF-8. PowerShell's ``>`` writes UTF-16."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise Unreadable(f"is not {encoding.upper()} text") from None
    return decode(data)


def _logical_lines(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    joined, start = "", 0
    if len(lines) > MAX_LINES:
        raise Unreadable(f"has more than {MAX_LINES} lines")
    for number, line in enumerate([*lines, ""], 1):
        if not start and not line.endswith("\\"):  # most are whole
            bare = (_COMMENT.sub("", line) if "#" in line else line).strip()
            if bare:
                yield number, bare
            continue
        comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not comment:
            start = start or number
            joined += line.rstrip("\\")
            continue
        whole = joined + (f" {line}" if comment else line)
        bare = (_COMMENT.sub("", whole) if "#" in whole else whole).strip()
        if bare:
            yield start or number, bare
        joined, start = "", 0


def _requirement(line: str, number: int) -> Requirement:
    option = _OPTION.search(line) if "-" in line else None
    text = line[: option.start()].strip() if option else line
    direct = _is_direct(text)
    made = _direct(text, number, text) if direct else requirement(text, line=number)
    hashes = re.findall(_HASH, line) if "--hash" in line else ()
    if not any(algorithm in ("sha256", "sha384", "sha512") for algorithm, _ in hashes):
        return made
    if made.url and not direct:
        return made._replace(hashed=True, exact=True, why="a URL with a hash beside it")
    return made._replace(hashed=True)


def _is_direct(text: str) -> bool:
    bare = text.partition(";")[0].strip().partition("[")[0]
    if "/" not in text and ":" not in text and bare[:1].isalnum():
        return bare.lower().endswith(_ARCHIVE)
    path = bare.startswith((".", "/", "~")) or ("/" in bare and "@" not in bare and " " not in bare)
    return path or (":" in text and re.match(_URL, text) is not None) or bare.lower().endswith(_ARCHIVE)


def _direct(target: str, number: int, written: str) -> Requirement:
    target, _, marker = target.partition(" ;")
    target = target.split("; ")[0].strip()
    egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", target)
    if egg:
        name = normalise(egg[1])
    elif re.match(r"[A-Za-z0-9._-]+(?:\[[^\]]*\])?\s*@\s", target):
        return requirement(target, line=number)
    else:
        name = _name_of(target)
    exact, why = exactness("", target)
    shown = re.sub(_SECRET, r"\1", " ".join(written.split()))
    return Requirement("", number, name, shown, url=target, marker=marker.strip(), exact=exact, why=why)


def _name_of(target: str) -> str:
    if target.startswith(".") or "://" not in target:
        return target.partition("[")[0].rstrip("/") or target
    base = target.partition("#")[0].partition("?")[0].rstrip("/").rsplit("/", 1)[-1].partition("@")[0]
    if base.endswith(".whl"):
        base = base.partition("-")[0]
    return normalise(re.sub(r"\.(?:git|zip|tar\.\w+|tgz)$", "", base)) or target


class _Notes:
    """The comments of a file: its header, and the ``# via`` notes that compilers write below or behind a pin."""

    def __init__(self, lines: list[str], *, told: bool) -> None:
        self._lines, self._told = lines, told

    def header(self) -> tuple[str, ...]:
        made = []
        for line in self._lines[:60]:
            bare = line.strip().lstrip("\ufeff")
            if bare and not bare.startswith("#"):
                break
            made.append(bare.lstrip("#").strip())
        return tuple(made)

    def of(self, line: int, until: int | None) -> tuple[str, ...]:
        found: list[str] = []
        inside = False
        if not self._told:
            return ()
        for text in self._lines[line - 1 : (until - 1) if until else line + 2000]:
            body, mark, comment = text.partition("#")
            comment = comment.strip()
            if mark and re.match(r"via\b", comment):
                inside, comment = True, comment[3:].strip()
            elif not mark or (body.strip() and not inside):
                continue
            if inside:
                found += [part.strip() for part in comment.split(",") if part.strip()]
        return tuple(found)
