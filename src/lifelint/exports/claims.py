"""What of a release may be claimed to others: only what git proved. The rest is told apart, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from lifelint.exports.digests import digest_set
from lifelint.exports.texts import from_git, moment
from lifelint.facts import Source
from lifelint.facts.dvc.lockfile import Record, parse_lock
from lifelint.facts.evaluation.document import parse_gates
from lifelint.facts.evaluation.joined import joined
from lifelint.facts.evaluation.noun import Evaluation, Gate, Metric
from lifelint.facts.proof import facts_at, located, of_content
from lifelint.facts.releases.document import Judged, Part, Release

_ABOUT = ("digest", "commit", "subject")
"""The fields of an evaluation that together prove that a report is about the models of the release."""


_NO_INPUT = ("test", "reference")


class Assessment(NamedTuple):
    """A report that was proven to be about models of the release.

    ``digest`` is that of the report, ``gates_digest`` that of the file of gates at the commit of the release; ``gates``
    are recomputed from the numbers of the report, and empty where they could not be proven to be met.
    """

    report: str
    digest: str
    models: tuple[Part, ...]
    metrics: tuple[Metric, ...]
    gates_path: str = ""
    gates_digest: str = ""
    gates: tuple[Gate, ...] = ()


class Ran(NamedTuple):
    """What ``dvc.lock`` recorded of a stage that made a model or what it was made from: command, parameters by file."""

    address: str
    command: str | tuple[str, ...]
    params: Mapping[str, Mapping[str, Any]]


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
        next(iter(_bytes_of(source, release.path)), ""),
        named["environment"],
        named["data"],
        named["model"],
        tuple(_ran(source, commit, named["model"])),
        tuple(_assessments(release, source, commit, named["model"])),
        tuple(_properties(release)),
        tuple(left_out),
        _owners(source, commit, named["data"]),
    )


def made_from(data: Part) -> bool:
    """Whether models were made from some data, and not only judged by it or compared with it."""
    return data.role not in _NO_INPUT


def _kinds(release: Release) -> Sequence[tuple[str, tuple[Part, ...]]]:
    return ("environment", release.environment), ("data", release.data), ("model", release.models)


def _holds(release: Release, field: str, line: int) -> bool:
    """Whether a field was verified. Two parts of one name are told apart by their lines."""
    told = [verdict.holds for verdict in release.verdicts if (verdict.field, verdict.line) == (field, line)]
    return bool(told) and all(told)


def _proven(release: Release, kind: str, parts: Sequence[Part]) -> Iterator[Part]:
    return (part for part in parts if _holds(release, f"{kind}:{part.name}", part.line))


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


def _bytes_of(source: Source, path: str) -> Sequence[str]:
    return (of_content(source, path) or ()) if path in source.entries else ()


def _ran(source: Source, commit: str, models: Sequence[Part]) -> Iterator[Ran]:
    then = source.at(commit) if commit else None
    wanted: dict[str, list[str]] = {}
    for lock, hash_, address in (part.place.partition("#") for part in models):
        wanted.setdefault(lock, []).extend([address.partition(":")[0]] if hash_ else [])
    for lock, stages in wanted.items():
        records = then.parse(lock, parse_lock) if then is not None and stages and then.is_file(lock) else None
        for name in _with_sources(records or {}, stages):
            record = (records or {})[name]
            yield Ran(f"{lock}#{name}", record.cmd, record.params)


def _with_sources(records: Mapping[str, Record], stages: Sequence[str]) -> list[str]:
    """The stages, and those before them that made by digest what they read, in the order of the lock."""
    makers = {
        (out.hash_name, out.digest): name for name, record in records.items() for out in record.outs if out.digest
    }
    found: dict[str, None] = {}
    left = [stage for stage in stages if stage in records]
    while left:
        stage = left.pop()
        if stage not in found:
            found[stage] = None
            left += [maker for dep in records[stage].deps if (maker := makers.get((dep.hash_name, dep.digest)))]
    return [name for name in records if name in found]


def _owners(source: Source, commit: str, data: Sequence[Part]) -> Mapping[str, tuple[str, ...]]:
    from lifelint.facts.owners.found import owners_of

    then = facts_at(source, commit) if commit else None
    lines = then["owners"].items if then is not None else ()
    found = {part.place: owners_of(lines, _path(part.place)) for part in data if lines and part.place}
    return {place: owners for place, owners in found.items() if owners}


def _path(place: str) -> str:
    """The file that stands for a place; an output that ``LOCK#STAGE:ARTIFACT`` names is relative to the lock."""
    lock, hash_, address = place.partition("#")
    return f"{lock.rpartition('/')[0]}/{address.partition(':')[2]}".strip("/") if hash_ else place


def _assessments(release: Release, source: Source, commit: str, models: Sequence[Part]) -> Iterator[Assessment]:
    then = facts_at(source, release.anchor) if release.anchor else None
    built = source.at(commit) if commit else None
    for each in release.evaluations:
        field = f"evaluation:{each.report}"
        if then is None or not all(_holds(release, f"{field}:{part}", each.line) for part in _ABOUT):
            continue
        report = next((found for found in then["evaluations"].items if found.path == each.report), None)
        about = {model.version for model in report.models} if report else set()
        judged = tuple(model for model in models if model.digest in about)
        if report and judged:
            made = Assessment(each.report, each.digest, judged, report.metrics)
            met = built is not None and _holds(release, f"{field}:gates", each.line)
            yield _gated(made, each, report, built) if met and built is not None else made


def _gated(made: Assessment, each: Judged, report: Evaluation, built: Source) -> Assessment:
    demands = built.parse(each.gates, parse_gates) or ()
    gates = tuple(joined(demand, each.gates, [report], built.snapshot.history) for demand in demands)
    return made._replace(gates_path=each.gates, gates_digest=next(iter(_bytes_of(built, each.gates)), ""), gates=gates)
