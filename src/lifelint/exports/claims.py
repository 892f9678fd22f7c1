"""What of a release may be claimed to others: only what git proved. The rest is told apart, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from lifelint.exports.assessments import Assessment, assessments, first_digest, holds
from lifelint.exports.stages import Ran, ran
from lifelint.exports.texts import from_git, moment
from lifelint.facts import Source
from lifelint.facts.proof import facts_at, located, path_of
from lifelint.facts.releases.digests import digest_set
from lifelint.facts.releases.document import Part, Release

_NO_INPUT = ("test", "reference")


class Claims(NamedTuple):
    """What was proven of a release. ``left_out`` says, field by field, what was not, and why.

    ``commit`` holds the released content; it is not ``release.commit`` where that was squashed away. ``time`` is
    RFC 3339 in UTC, empty where none is known. ``properties`` are the names of what was verified as a whole. ``owners``
    tells who owned the place of each data by CODEOWNERS at that commit.
    """

    release: Release
    commit: str
    time: str
    manifest: str
    environment: tuple[Part, ...]
    data: tuple[Part, ...]
    models: tuple[Part, ...]
    ran: tuple[Ran, ...]
    assessments: tuple[Assessment, ...]
    properties: tuple[str, ...]
    left_out: tuple[str, ...]
    owners: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def refusals(release: Release, source: Source) -> Sequence[str]:
    """Why nothing at all may be claimed of a release: what was refuted, or that no commit holds its manifest."""
    refuted = [f"{verdict.field}: {verdict.why}" for verdict in release.verdicts if verdict.holds is False]
    head = source.snapshot.history.head
    then = source.at(head) if head else None
    if then is None or release.path not in then.entries:
        return refuted or ["its manifest is in no commit that is here"]
    if release.path in source.entries and then.snapshot.oid(release.path) != source.snapshot.oid(release.path):
        return [*refuted, "its manifest has changes that are in no commit"]
    return refuted


def claims(release: Release, source: Source) -> Claims:
    """What may be claimed of a release that nothing refutes."""
    verdict, commit = located(
        source, "source.commit", release.commit, release.fingerprint, release.paths, release.anchor
    )
    commit = commit if verdict.holds else ""
    held = {kind: tuple(_proven(release, kind, parts)) for kind, parts in _kinds(release)}
    named = {kind: tuple(part for part in parts if digest_set(part.digest)) for kind, parts in held.items()}
    left_out = [f"{verdict.field}: {verdict.why}" for verdict in release.verdicts if verdict.holds is None]
    left_out += [
        f"{kind}:{part.name}: its digest has no form that others know"
        for kind, parts in held.items()
        for part in parts
        if part not in named[kind]
    ]
    if not release.tag or all(verdict.field != "release.tag" for verdict in release.verdicts):
        left_out.append("release.tag: there is no tag of this release")
    return Claims(
        release,
        commit,
        _time(release, source),
        first_digest(source, release.path),
        named["environment"],
        named["data"],
        named["model"],
        tuple(ran(source, commit, named["model"])),
        tuple(assessments(release, source, commit, named["model"])),
        tuple(_properties(release)),
        tuple(left_out),
        _owners(source, commit, named["data"]),
    )


def made_from(data: Part) -> bool:
    """Whether models were made from some data, and not only judged by it or compared with it."""
    return data.role not in _NO_INPUT


def _kinds(release: Release) -> Sequence[tuple[str, tuple[Part, ...]]]:
    return ("environment", release.environment), ("data", release.data), ("model", release.models)


def _proven(release: Release, kind: str, parts: Sequence[Part]) -> Iterator[Part]:
    return (part for part in parts if holds(release, f"{kind}:{part.name}", part.line))


def _properties(release: Release) -> Iterator[str]:
    """``SOURCE_COMMIT``, ``MODEL``, ``EVALUATION_GATES`` …: the kinds of field of which every one was verified.

    Names from the manifest never become part of a property: a consumer compares properties with a list of its own.
    """
    told: dict[str, list[bool | None]] = {}
    for verdict in release.verdicts:
        kind, _, rest = verdict.field.partition(":")
        part = rest.rpartition(":")[2] if kind == "evaluation" else ""
        words = f"{kind}_{part}" if part else kind
        told.setdefault(words.upper().replace(".", "_").replace("-", "_"), []).append(verdict.holds)
    yield from (name for name, holds in told.items() if all(holds))


def _time(release: Release, source: Source) -> str:
    """When the release was made: what the manifest states, but no later than the commit that holds it was made."""
    history = source.snapshot.history
    commit = history.commit(release.anchor or history.head)
    times = [from_git(commit.committed)] if commit and commit.committed else []
    try:
        stated = datetime.fromisoformat(release.created)
        times += [stated.astimezone(UTC)] if stated.tzinfo else []
    except (ValueError, OverflowError):
        pass  # no time is stated, or in no form of RFC 3339
    return moment(min(times)) if times else ""


def _owners(source: Source, commit: str, data: Sequence[Part]) -> Mapping[str, tuple[str, ...]]:
    from lifelint.facts.owners.found import owners_of

    then = facts_at(source, commit) if commit else None
    lines = then["owners"].items if then is not None else ()
    found = {part.place: owners_of(lines, path_of(part.place)) for part in data if lines and part.place}
    return {place: owners for place, owners in found.items() if owners}
