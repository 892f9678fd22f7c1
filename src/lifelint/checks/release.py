"""Whether what a release manifest says is so. One field, one observation; each rule has its own fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.releases.attested import Attestation
    from lifelint.facts.releases.checklist import Criterion
    from lifelint.facts.releases.deployed import Deployed
    from lifelint.facts.releases.document import Release
    from lifelint.facts.releases.procedure import Procedure
    from lifelint.facts.releases.tagged import ReleaseTag
    from lifelint.facts.releases.valid import ReleaseProblem


def agreed(
    release_criteria: Sequence[Criterion], *, requires: Sequence[str] = (), least: int = 3
) -> Iterator[Observation]:
    """What a release candidate has to have can be looked up: rules that it ``requires``, files and commands.

    ``least`` of them make a definition. What a checklist names and is not there is no requirement that can be met.
    """
    named = [item for item in release_criteria if item.names]
    for item in named:
        for name in item.missing:
            detail = f"{name}, which a release has to have, is not there"
            yield Observation(False, f"{item.path}:{name}", detail, item.path, item.line)
    held = [item for item in named if not item.missing]
    many = len(requires) + len(held)
    path, line = next(((item.path, item.line) for item in (*held, *release_criteria)), ("", 0))
    if many >= least:
        yield Observation(True, "release candidate", f"{many} requirements can be looked up", path, line)
    elif release_criteria:
        detail = (
            f"{many} of {len(release_criteria)} requirements name a file or a command, and {least} make a definition"
        )
        yield Observation(False, "release candidate", detail, path, line)
    else:
        said = f"only {many} rules are required" if requires else "nothing says what a release candidate has to have"
        yield Observation(False, "release candidate", said)


def described(release_tags: Sequence[ReleaseTag]) -> Iterator[Observation]:
    """Every tag of a release has its manifest."""
    for tag in release_tags:
        found = f"{tag.name} is described by {tag.manifest}"
        told = {True: found, False: f"{tag.name} has no release manifest", None: f"{tag.name} cannot be looked into"}
        yield Observation(tag.holds, tag.path, told[tag.holds], tag.path)


def valid(releases: Sequence[Release], release_problems: Sequence[ReleaseProblem]) -> Iterator[Observation]:
    """Manifests follow their format, and their versions those of tag, package and card, each above the one before."""
    yield from _told(releases, lambda field: field == "release.version")
    for problem in release_problems:
        subject = f"{problem.path}:{problem.field or 'format'}"
        yield Observation(False, subject, f"{problem.field} {problem.why}".strip(), problem.path, problem.line)


def resolved(releases: Sequence[Release]) -> Iterator[Observation]:
    """Commit, environment, data and models exist in git as the manifest says."""
    yield from _told(releases, lambda field: field.startswith(("source.", "environment:", "data:", "model:")))


def evaluated(releases: Sequence[Release]) -> Iterator[Observation]:
    """The report is about this release, and its numbers meet the gates."""
    yield from _told(releases, lambda field: field.startswith("evaluation:"))
    for release in releases:
        if _here(release) and not release.evaluations:
            yield Observation(False, f"{release.path}:evaluation", "it names no evaluation", release.path, release.line)


def immutable(releases: Sequence[Release]) -> Iterator[Observation]:
    """The manifest is what its tag holds."""
    yield from _told(releases, lambda field: field == "release.tag")


def approved(releases: Sequence[Release], *, roles: Sequence[str] = (), alone: bool = False) -> Iterator[Observation]:
    """Someone approved it who owns data or models and is not its only author, and so did everyone in ``roles``.

    ``alone`` is for a project of one person, where nobody else can approve.
    """
    for release in [] if alone else releases:
        yield from _told([release], lambda field: field.startswith("approval"))
        told = {verdict.field for verdict in release.verdicts}
        draft = release.tag and "release.tag" not in told  # it is still to be approved
        if _here(release) and not release.approvals and not draft:
            why = "approvals: nobody is named who approved it"
            yield Observation(False, f"{release.path}:approvals", why, release.path, release.line)
        for role in roles if release.approvals else ():
            if f"approval:{role}" not in told:
                why = f"approvals: nobody approved it as {role}"
                line = release.approvals[0].line
                yield Observation(False, f"{release.path}:approval:{role}", why, release.path, line)


def deployed(deployments: Sequence[Deployed]) -> Iterator[Observation]:
    """What deployment manifests name is of a release, and cannot become something else."""
    for found in deployments:
        subject = f"{found.path}:{found.of or found.reference}"
        yield Observation(found.holds, subject, f"{found.tool}: {found.why}", found.path, found.line)


def attested(attestations: Sequence[Attestation]) -> Iterator[Observation]:
    """Signatures and attestations of released models are about the bytes that were released."""
    for found in attestations:
        detail = f"{found.subject} of {found.version}: {found.why}"
        yield Observation(found.holds, f"{found.path}:{found.subject}", detail, found.path, found.line)


def rehearsable(rollback_procedures: Sequence[Procedure]) -> Iterator[Observation]:
    """The way back is written, names what is there, and belongs to somebody. One is enough."""
    told = [(found, _lacking(found)) for found in rollback_procedures]
    whole = [found for found, lacks in told if not lacks]
    for found in whole[:1]:
        detail = f"{found.heading} tells the way back by {found.names[0]}, and belongs to {found.owner}"
        yield Observation(True, f"{found.path}:{found.heading}", detail, found.path, found.line)
    for found, lacks in [] if whole else told:
        yield Observation(False, f"{found.path}:{found.heading}", f"{found.heading} {lacks}", found.path, found.line)
    if not told:
        yield Observation(False, "rollback", "nothing tells how to go back to the release before")


def _lacking(found: Procedure) -> str:
    if not found.filled:
        return found.why or "is empty"
    if found.missing:
        return f"names {found.missing[0]}, which is not there"
    if not found.names:
        return "names no command and no file"
    return "" if found.owner else "names nobody who is responsible, and neither does CODEOWNERS"


def reversible(releases: Sequence[Release]) -> Iterator[Observation]:
    """The release to go back to is there, answers to the same calls, and can be fetched."""
    yield from _told(releases, lambda field: field.startswith("rollback."))


def _here(release: Release) -> bool:
    """Whether the manifest is there; one that is gone is told by its tag alone."""
    return any(verdict.field == "source.commit" for verdict in release.verdicts)


def _told(releases: Sequence[Release], about: Callable[[str], bool]) -> Iterator[Observation]:
    for release in releases:
        for verdict in release.verdicts:
            if about(verdict.field):
                subject = f"{release.path}:{verdict.field}"
                detail = f"{verdict.field}: {verdict.why}"
                yield Observation(verdict.holds, subject, detail, verdict.path, verdict.line)
