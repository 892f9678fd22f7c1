"""Release manifests, changed where they stand so that comments and layout stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from lifelint.facts.releases.document import ROLES
from lifelint.facts.releases.valid import ReleaseProblem
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import encode, place

_ALGORITHMS: Mapping[int, str] = {32: "md5", 64: "sha256"}
"""How many hexadecimal digits a digest has → what made it, of the algorithms that pointers and locks use."""

_VALUE = r"\s*:[ \t]*(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s,{}\[\]#\"']+)"


def tidied(case: Case) -> Iterator[Change]:
    """Corrects nearly right keys and roles, puts numbers in quotes and algorithms before digests."""
    path = case.seen.path
    found = [
        one
        for one in case.share["release_problems"].items
        if case.seen.subject == f"{one.path}:{one.field or 'format'}"
    ]
    if not found:
        raise CannotFix("which of the two versions is right is for you to decide")
    for problem in found:
        yield _corrected(path, case.texts[path], problem)


def _corrected(path: str, text: str, problem: ReleaseProblem) -> Change:
    start, end = place(text, problem.line)
    key = problem.field.rpartition(".")[2]
    meant = re.search(r"did you mean '([^']+)'", problem.why)
    if meant:
        places = [m.span(1) for m in re.finditer(rf"(?<![\w-])({re.escape(key)})\s*:", text[start:end])]
        at, last = _one(places)
        return Change(path, start + at, start + last, meant[1])
    values = [m.span("value") for m in re.finditer(rf"(?<![\w-]){re.escape(key)}{_VALUE}", text[start:end])]
    at, last = (start + offset for offset in _one(values))
    bare = text[at:last].strip("\"'")
    if "put it in quotes" in problem.why:
        return Change(path, at, last, f'"{bare}"')
    if "does not begin with its algorithm" in problem.why:
        return Change(path, at, last, f'"{_prefixed(bare)}"')
    if key == "role" and problem.field.startswith("data"):
        near = get_close_matches(bare.lower(), ROLES, n=1, cutoff=0.7)
        if near:
            return Change(path, at, last, near[0])
    raise CannotFix("what belongs there, the file does not tell")


def _one(places: list[tuple[int, int]]) -> tuple[int, int]:
    if len(places) != 1:
        raise CannotFix("where it stands cannot be told: it is not written there once and alone")
    return places[0]


def _prefixed(digest: str) -> str:
    bare = digest.removesuffix(".dir")
    algorithm = _ALGORITHMS.get(len(bare)) if re.fullmatch(r"[0-9a-f]+", bare) else None
    if algorithm is None:
        raise CannotFix(f"{digest!r} does not tell how it was made")
    return f"{algorithm}:{digest}"


def restored(case: Case) -> Iterator[Change]:
    """Brings the text back that the tag of the release holds. What was written since stays in the history."""
    path = case.seen.path
    release = next((one for one in case.share["releases"].items if one.path == path), None)
    history = case.facts.source.snapshot.history
    tag = next((tag for tag in history.tags if release and tag.name == release.tag), None)
    then = case.facts.source.at(tag.commit) if tag else None
    if then is None or not then.is_file(path):
        raise CannotFix("its tag holds no such file")
    data, text, snapshot = then.bytes(path), case.texts[path], case.facts.source.snapshot
    if data is None:
        raise CannotFix("what its tag holds cannot be read")
    if path in snapshot.entries and snapshot.oid(path) != history.oids([(history.head, path)])[0]:
        raise CannotFix(
            "it was edited after the release, and the edit is in no commit: only you know whether it may go"
        )
    released = data.decode("utf-8", "surrogateescape")
    if "\r\n" in text and "\r\n" not in released and encode(text) != data:
        released = released.replace("\n", "\r\n")
    yield Change(path, 0, len(text), released)
