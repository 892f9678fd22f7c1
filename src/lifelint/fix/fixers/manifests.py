"""Release manifests, changed where they stand so that comments and layout stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lifelint.facts import Facts, Source
from lifelint.facts.proof import digests
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.valid import DIGEST, KEY, TEXT, ReleaseProblem
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
    if problem.wrong == KEY:
        return renamed(path, text, problem.line, key, problem.meant)
    values = [m.span("value") for m in re.finditer(rf"(?<![\w-]){re.escape(key)}{_VALUE}", text[start:end])]
    at, last = (start + offset for offset in _one(values))
    bare = text[at:last].strip("\"'")
    if problem.wrong == TEXT:
        return Change(path, at, last, f'"{bare}"')
    if problem.wrong == DIGEST:
        return Change(path, at, last, f'"{_prefixed(bare)}"')
    if problem.meant:
        return Change(path, at, last, problem.meant)
    raise CannotFix("what belongs there, the file does not tell")


def renamed(path: str, text: str, line: int, key: str, meant: str) -> Change:
    """Gives the key in a line of YAML or JSON another name.

    Raises:
        CannotFix: it does not stand in that line once and alone.
    """
    start, end = place(text, line)
    at, last = _one([m.span(1) for m in re.finditer(rf"(?<![\w-])({re.escape(key)})[\"']?\s*:", text[start:end])])
    return Change(path, start + at, start + last, meant)


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


def refreshed(case: Case) -> Iterator[Change]:
    """Writes into a draft the digests that its commit has at the places that it names. A release stays as it is."""
    release = next((one for one in case.share["releases"].items if case.seen.subject.startswith(f"{one.path}:")), None)
    source = case.facts.source
    if release is None or any(tag.name == release.tag for tag in source.snapshot.history.tags):
        raise CannotFix("it is tagged: a release is corrected by a new one (`lifelint release new`)")
    field = case.seen.subject.removeprefix(f"{release.path}:")
    text = case.texts[release.path]
    for name, place_, digest, line in _written(release):
        if field == name:
            then = source if name.startswith("evaluation:") else _at(source, release.commit)
            found = digests(then.once(Facts), place_) if then and place_ else None
            kind = digest.partition(":")[0]
            alike = [one for one in found or () if one.partition(":")[0] == kind]
            if len(alike) != 1:
                raise CannotFix(f"which digest is meant, its place does not tell ({place_ or 'none is named'})")
            start, _ = place(text, line)
            at = text.find(digest, start)
            if at < 0:
                raise CannotFix("the digest is not written there as it is read")
            yield Change(release.path, at, at + len(digest), alike[0])


def _written(release: Release) -> Iterator[tuple[str, str, str, int]]:
    """Each digest of a manifest: the field that tells of it, the place that it is of, itself, and its line."""
    for kind, parts in (("environment", release.environment), ("data", release.data), ("model", release.models)):
        for part in parts:
            if part.role != "image":
                yield f"{kind}:{part.name}", part.place, part.digest, part.line
    for each in release.evaluations:
        yield f"evaluation:{each.report}:digest", each.report, each.digest, each.line


def _at(source: Source, commit: str) -> Source | None:
    return source.at(commit) if source.snapshot.history.commit(commit) else None
