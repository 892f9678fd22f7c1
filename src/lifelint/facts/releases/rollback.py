"""Whether the release to roll back to is there, takes and gives the same, and can be fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.facts.proof import Verdict, facts_at, located
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.interface import differing
from lifelint.facts.releases.resolved import held
from lifelint.facts.releases.written import manifests

if TYPE_CHECKING:
    from lifelint.facts.data.remoteconfig import Remote

Told = tuple[bool | None, str]


def rollback(
    release: Release,
    written: Sequence[Release],
    source: Source,
    then: Facts | None,
    commit: str,
    remotes: Sequence[Remote],
) -> Iterator[Verdict]:
    """The verdicts on the way back. ``then`` are the facts at the anchor, ``written`` the manifests of this state.

    ``commit`` is the one that the release was built from, ``remotes`` those that are configured now. Where the release
    to go back to is not there, only that is told: it is one cause.
    """
    at = release.path, release.line_for("rollback.previous")
    previous, told = _previous(release, then, source.snapshot.history.incomplete)
    if previous is None:
        yield Verdict("rollback.previous", *told, *at)
        return
    holds, why, past = _there(release, previous, written, source)
    yield Verdict("rollback.previous", holds, why, *at)
    if holds and past is not None:
        now = facts_at(source, commit) if commit else None
        for field, answer in (
            ("rollback.interface", _interface(release, previous, then, now, past)),
            ("rollback.remote", _remote(previous, past, remotes)),
        ):
            if answer is not None:
                yield Verdict(field, *answer, *at)


def _previous(release: Release, then: Facts | None, incomplete: str) -> tuple[Release | None, Told]:
    if not release.previous:
        return None, (False, "it names no release to go back to, and does not say none")
    if then is None:
        return None, (None, "the commit of the release is not here")
    with then.source.recording() as unread:
        beside = list(manifests(then.source))
    others = [r for r in beside if r.name == release.name and r.version != release.version]
    if release.previous == "none":
        first = f"it says that it is the first release{f', and {others[0].path} was there' if others else ''}"
        missing = incomplete if others else ""  # what was there may have come later
        return None, (None if missing else not others, f"{first}{missing and f': {missing}'}")
    kin = [r for r in others if r.version == release.previous]
    if len(kin) == 1:
        return kin[0], (True, "")
    why = f"{len(kin) or 'no'} manifest{'s' * (len(kin) > 1)} of {release.previous} in the commit of the release"
    return None, (None if kin or unread else False, why)


def _there(
    release: Release, previous: Release, written: Sequence[Release], source: Source
) -> tuple[bool | None, str, Facts | None]:
    # "Still there" is asked of this state: what was deleted since cannot be rolled back to from here
    if previous.path not in source.entries and previous.tag not in {other.tag for other in written if other.tag}:
        return False, f"{previous.path} is gone", None
    reached = release.anchor or source.snapshot.history.head
    found, commit = located(source, "", previous.commit, previous.fingerprint, previous.paths, reached)
    past = facts_at(source, commit) if commit else None
    told = [(found.holds, found.why)] if not found.holds else [held(past, model) for model in previous.models]
    holds, why = min(told, key=lambda one: (False, None, True).index(one[0]))
    return holds, f"{previous.version}: {why}", past


def _interface(release: Release, previous: Release, then: Facts | None, now: Facts | None, past: Facts) -> Told | None:
    """``None`` where nothing tells what either of them takes and gives, and no break is announced."""
    if release.breaking:
        path = release.procedure.partition("#")[0]
        if not path:
            return False, "it breaks the interface, and rollback.procedure names no way back"
        there = "://" in path or (then is not None and then.source.is_file(path))
        return there, f"it breaks the interface, and {path} {'tells' if there else 'is not there to tell'} the way back"
    return None if now is None else _compared(release, now, previous, past)


def _compared(release: Release, now: Facts, previous: Release, past: Facts) -> Told | None:
    with now.source.recording() as ours, past.source.recording() as theirs:
        different = differing(release, now, previous, past)
    if different:
        return False, f"{different} is not that of {previous.version}, and interface.breaking does not say so"
    unread = next(iter({**ours, **theirs}), None)
    if unread is not None:
        return None, f"what it takes and gives cannot be compared: {unread.path} {unread.message}"
    if different is None:
        return None
    return True, f"it takes and gives what {previous.version} does"


def _remote(previous: Release, past: Facts, remotes: Sequence[Remote]) -> Told | None:
    """``None`` where the models were never to be fetched from a remote of DVC."""
    wanted = {model.digest for model in previous.models}
    stores = [p.store for p in past["pointers"].items if p.digest in wanted and p.system == "dvc" and p.store]
    for was in stores:
        here = [r for r in remotes if r.system == "dvc" and r.project == was.project and r.declared]
        if not here:
            return False, f"its models are kept in the remote {was.name}, and no remote of DVC is configured any more"
        if was.name not in {remote.name for remote in here}:
            return None, f"its models are kept in the remote {was.name}, which is not configured any more"
    return (True, f"the remote {stores[0].name} of its models is configured") if stores else None
