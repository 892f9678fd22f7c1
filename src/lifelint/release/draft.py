"""A release manifest filled from the facts of a commit, and what is lacking for one. Nothing in it is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from lifelint.facts import Facts, Source
from lifelint.facts.proof import Verdict, fingerprint
from lifelint.facts.releases.approved import entitled
from lifelint.facts.releases.document import MANIFEST
from lifelint.projects import Share
from lifelint.release import lineage, parts
from lifelint.release.held import Held
from lifelint.release.judged import judgements
from lifelint.release.lacking import Lacking, unwritable
from lifelint.release.predecessor import named, predecessor, tagged
from lifelint.snapshot.overlay import OverlaySnapshot

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage


class Asked(NamedTuple):
    """What a person said of a release. What is empty is computed; ``data`` are pairs of a role and a place."""

    version: str
    name: str = ""
    tag: str = ""
    models: Sequence[str] = ()
    data: Sequence[tuple[str, str]] = ()
    environment: Sequence[str] = ()
    reports: Sequence[str] = ()
    gates: Sequence[str] = ()
    paths: Sequence[str] = ()
    approvals: Sequence[Mapping[str, str]] = ()
    previous: str = ""


class Draft(NamedTuple):
    """A manifest as a document. With something ``lacking`` it is none yet; ``notes`` tell what is weak about it."""

    document: Mapping[str, Any]
    lacking: Sequence[Lacking]
    notes: Sequence[str]


def drafted(facts: Facts, share: Share, asked: Asked) -> Draft:
    """The manifest of the commit whose facts these are; ``share`` are those of the project that is released."""
    judged, without_report = judgements(facts, share, asked.reports, asked.gates)
    models, without_model = parts.models(facts, share, asked.models, judged)
    makers = lineage.trainers(share["stages"].items, models)
    data, without_data = parts.data(facts, share, asked.data, judged, makers)
    frozen, without_environment, notes = parts.environment(facts, share, asked.environment, judged)
    name, without_name = (asked.name, ()) if asked.name else named(facts, share)
    tag, without_tag = (asked.tag, ()) if asked.tag else tagged(facts, name, asked.version)
    previous, without_previous = (asked.previous, ()) if asked.previous else predecessor(facts, name, asked.version)
    held = [*models, *(each.held for each in data)]
    paths = list(asked.paths) or affecting(
        facts, share, makers, held, [part["path"] for part in frozen if "path" in part]
    )
    document = {
        "schema": MANIFEST,
        "release": {"name": name, "version": asked.version, "tag": tag},
        "source": {
            "commit": facts.source.snapshot.history.head,
            "fingerprint": fingerprint(facts.source.entries, paths),
            "paths": paths,
        },
        "environment": list(frozen),
        "data": [
            {"name": called, "role": each.role, "pointer": each.held.place, "version": each.held.digest}
            for called, each in zip(names([each.held for each in data]), data, strict=True)
        ],
        "model": [
            {"name": called, "pointer": model.place, "digest": model.digest}
            for called, model in zip(names(models), models, strict=True)
        ],
        "evaluation": [
            {"report": each.report.path, "digest": each.digest, "gates": each.gates, "result": "pass"}
            for each in judged
        ],
        **({"approvals": list(asked.approvals)} if asked.approvals else {}),
        "rollback": {"previous": previous},
    }
    if data and not any(each.role == "train" for each in data):
        notes = [*notes, "no data has the role train: that it was evaluated on other data cannot be proven"]
    lacking = [
        *without_name, *without_tag, *without_environment, *without_data, *without_model, *without_report,
        *without_previous, *unwritable(document),
    ]  # fmt: skip
    return Draft(document, list(dict.fromkeys(lacking)), notes)


def affecting(
    facts: Facts, share: Share, makers: Sequence[Stage], held: Sequence[Held], frozen: Sequence[str]
) -> Sequence[str]:
    """The tracked paths that have a part in the models."""
    source = facts.source
    made = lineage.affecting(lineage.upstream(share["stages"].items, makers)) if makers else lineage.code(facts)
    named = {*made, *(each.place.partition("#")[0] for each in held), *frozen}
    found = sorted(path for path in named if path and (source.is_file(path) or source.is_folder(path)))
    return [path for path in found if not any(path.startswith(f"{other}/") for other in found)]


def names(held: Sequence[Held]) -> Sequence[str]:
    """The last parts of their paths, the whole ones where several are alike."""
    short = [each.artifact.rpartition("/")[2] for each in held]
    return [name if short.count(name) == 1 else each.artifact for name, each in zip(short, held, strict=True)]


def verified(facts: Facts, path: str, text: bytes, *, exclude: Sequence[str] = ()) -> Sequence[Verdict]:
    """What git would say of a manifest with this text, if it were committed now. Empty where it would not be seen.

    That it was approved only its commit and its tag can show; here it is told who may not approve it.
    """
    found = [one for one in committed(facts, {path: text}, exclude)["releases"].items if one.path == path]
    told = [verdict for one in found for verdict in one.verdicts if not verdict.field.startswith("approval")]
    return told + [verdict for one in found for verdict in entitled(one, facts.source) if not verdict.holds]


def committed(facts: Facts, files: Mapping[str, bytes], exclude: Sequence[str]) -> Facts:
    """The facts as they were if ``files`` were committed on top."""
    return Facts(Source(OverlaySnapshot(facts.source.snapshot, files), exclude=exclude))
