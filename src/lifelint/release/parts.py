"""The models, the data and the environments of a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import Facts
from lifelint.facts.proof import of_content
from lifelint.projects import Share
from lifelint.release import lineage
from lifelint.release.held import Held, held, placed
from lifelint.release.judged import Judgement, subjects
from lifelint.release.lacking import Lacking

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage

_ROLES = (
    ("train", lazy(r"(?:^|[^a-z])(?:train|training|trainset)(?:[^a-z]|$)")),
    ("validation", lazy(r"(?:^|[^a-z])(?:val|valid|validation|dev)(?:[^a-z]|$)")),
    ("test", lazy(r"(?:^|[^a-z])(?:test|testset|holdout|eval)(?:[^a-z]|$)")),
)
_MANY = 20
_IMAGE = lazy(r"\S+@sha256:[0-9a-f]{64}")


class Data(NamedTuple):
    """A dataset and what it was used for: ``train``, ``validation``, ``test``, ``reference`` or ``source``."""

    role: str
    held: Held


def models(
    facts: Facts, share: Share, words: Sequence[str], judged: Sequence[Judgement]
) -> tuple[Sequence[Held], Sequence[Lacking]]:
    """The models that were asked for, else those that the reports judged."""
    found, lacking = (
        _asked(facts, words, "model", "--model PLACE") if words else _split(subjects(facts, judged, "models"))
    )
    if not found and not lacking and judged:
        near = [p.artifact for p in share["pointers"].items if p.kind == "model"][:3]
        seen = "no report names one" + (f"; pointers stand for {', '.join(near)}" if near else "")
        lacking = [Lacking("model", seen, "--model PLACE, a pointer or what one stands for")]
    return list(dict.fromkeys(each for _, each in found)), lacking


def data(
    facts: Facts, share: Share, asked: Sequence[tuple[str, str]], judged: Sequence[Judgement], makers: Sequence[Stage]
) -> tuple[Sequence[Data], Sequence[Lacking]]:
    """What the models were trained on, evaluated on and made from."""
    if asked:
        found, lacking = _asked(facts, [place for _, place in asked], "data", "--data ROLE=PLACE")
        roles = {place: role for role, place in asked}
        return [Data(roles[word], each) for word, each in found], lacking
    rows = [Data("train", each) for each in lineage.trained_on(facts, makers)]
    used, lacking = _split(subjects(facts, judged, "datasets"))
    rows += [Data(role or role_by_name(each.artifact) or "test", each) for role, each in used]
    if makers:
        rows += [
            Data("source", each) for each in lineage.sources(facts, lineage.upstream(share["stages"].items, makers))
        ]
    else:
        rows += by_name(facts, share)
    unique = {row.held.digest: row for row in reversed(rows)}
    kept = [row for row in rows if unique[row.held.digest] is row]
    if not kept and not lacking and judged:
        lacking = [Lacking("data", "no stage, report or pointer tells which data it is", "--data ROLE=PLACE")]
    return kept, lacking


def role_by_name(path: str) -> str:
    """The role that the name of an artifact tells; ``""`` where it tells none."""
    for name in (path.lower().rpartition("/")[2], path.lower()):
        for role, pattern in _ROLES:
            if pattern.search(name):
                return role
    return ""


def by_name(facts: Facts, share: Share) -> Sequence[Data]:
    """The pointers to data whose names tell a role; none where there are so many that they are files of a dataset."""
    pointers = [p for p in share["pointers"].items if p.kind == "data" and p.digest and role_by_name(p.artifact)]
    if len(pointers) > _MANY:
        return []
    return [Data(role_by_name(p.artifact), Held(p.artifact, placed(facts, p), p.digest)) for p in pointers]


def environment(
    facts: Facts, share: Share, asked: Sequence[str], judged: Sequence[Judgement]
) -> tuple[Sequence[Mapping[str, str]], Sequence[Lacking], Sequence[str]]:
    """What was asked for, else what the reports name, else the locks of the runtime, else its manifests; and notes."""
    if asked:
        images = [{"image": word} for word in asked if _IMAGE.fullmatch(word)]
        paths = [word for word in asked if not _IMAGE.fullmatch(word)]
        lost = [path for path in paths if not facts.source.is_file(path)]
        looked = "it is neither a tracked file nor an image with its sha256 digest"
        lacking = [Lacking(f"environment {path}", looked, "--environment PATH or IMAGE@sha256:…") for path in lost]
        return [*_files(facts, [p for p in paths if p not in lost]), *images], lacking, []
    told = [e.pointer for judgement in judged for e in judgement.report.environment if facts.source.is_file(e.pointer)]
    frozen = _locks(share)
    loose = [m.path for m in share["manifests"].items if m.role == "runtime" and m.dependencies]
    paths = sorted({*told, *frozen}) or sorted(set(loose))
    notes = [f"{path} is no lock: it leaves versions open" for path in paths if path not in (*told, *frozen)]
    made = list(_files(facts, paths))
    looked = "no lock and no manifest of runtime dependencies is at this commit"
    return made, [] if made else [Lacking("environment", looked, "--environment PATH or IMAGE@sha256:…")], notes


def _locks(share: Share) -> Sequence[str]:
    """The locks that freeze what runs; those of tools for development, tests and documentation are left out."""
    roles: dict[str, set[str]] = {}
    for manifest in share["manifests"].items:
        roles.setdefault(manifest.path, set()).add(manifest.role)
    found = []
    for lock in share["locks"].items:
        about = set().union(*(roles.get(path, set()) for path in (lock.path, lock.manifest, *lock.covers)))
        if not about or "runtime" in about:
            found.append(lock.path)
    return found


def _files(facts: Facts, paths: Iterable[str]) -> Iterable[Mapping[str, str]]:
    for path in paths:
        digest = of_content(facts.source, path)
        if digest is not None:
            yield {"path": path, "digest": digest[0]}


def _asked(
    facts: Facts, words: Sequence[str], field: str, option: str
) -> tuple[Sequence[tuple[str, Held]], Sequence[Lacking]]:
    found, lacking = [], []
    for word in words:
        each = held(facts, word)
        if each is None:
            lacking.append(Lacking(field, f"{word} is nothing, or several things, at this commit", option))
        else:
            found.append((word, each))
    return found, lacking


def _split(pairs: Iterable[tuple[object, Held | Lacking]]) -> tuple[Sequence[tuple[str, Held]], Sequence[Lacking]]:
    found, lacking = [], []
    for evaluated, each in pairs:
        if isinstance(each, Lacking):
            lacking.append(each)
        else:
            found.append((getattr(evaluated, "role", ""), each))
    return found, lacking
