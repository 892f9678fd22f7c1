"""Releases for a person at a terminal, and as values for JSON: the verdicts, what a release is made of, a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._plain import plain
from lifelint.facts.proof import Verdict, short
from lifelint.facts.releases.approved import field_of
from lifelint.facts.releases.document import Approval, Part, Release
from lifelint.release.status import status
from lifelint.report import verdicts as told
from lifelint.report.look import Look, safe, wrapped

_WHOLE = (
    "created", "fingerprint", "paths", "environment", "data", "models", "evaluations", "approvals", "procedure",
    "breaking", "interface",
)  # fmt: skip


def verdicts(found: Sequence[Release], look: Look) -> str:
    """Each release with its fields: what was verified, refuted or is unknown, why, and where that stands."""
    lines: list[str] = []
    for release in found:
        tag = f", tag {release.tag}" if release.tag else ""
        at = f", looked up at {release.anchor[:12]}" if release.anchor else ""
        lines += told.render(title(release), f"{release.path}{tag}{at}", release.verdicts, look)
    return "\n".join(lines).rstrip() + "\n"


def title(release: Release) -> str:
    """The name and version of a release."""
    return safe(f"{release.name} {release.version}".strip()) or safe(release.path)


def table(found: Sequence[Release], look: Look) -> str:
    """One line for each release: version, tag, commit, what it goes back to, and what git says of it."""
    rows = [
        (safe(r.name), safe(r.version), safe(r.tag), r.commit[:10], safe(r.previous), status(r.verdicts)) for r in found
    ]
    heads = ("name", "version", "tag", "commit", "previous", "")
    wide = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    shown = [column for column in range(len(heads)) if column or any(row[0] for row in rows)]
    lines = [look.style("  ".join(heads[c].ljust(wide[c]) for c in shown).rstrip(), bold=True)]
    for row in rows:
        cells = [row[c].ljust(wide[c]) for c in shown]
        lines.append("  ".join([*cells[:-1], look.style(row[-1], told.MARKS[row[-1]][1])]))
    return "\n".join(lines) + "\n"


def contents(release: Release, look: Look) -> str:
    """What a release is made of, each part with what git says of it."""
    lines = [look.style(title(release), bold=True), f"  {'manifest':13}{safe(release.path)}"]
    for kind, text, about in _told(release):
        lines += _line(kind, text, about, look) if text else ()
    said = status(release.verdicts)
    mark, colour = told.MARKS[said]
    verify = f"`lifelint release verify {safe(release.version)}` tells field by field why"
    lines += ["", look.style(f"{mark} {said}", colour, bold=True) + f"  {verify}"]
    return "\n".join(lines) + "\n"


def _told(release: Release) -> Iterator[tuple[str, str, Sequence[Verdict]]]:
    """The kind of each part, the part in words, and the verdicts on it. Those of one name are told apart by lines."""
    every = release.verdicts
    for kind, field, text in (
        ("version", "release.version", release.version),
        ("tag", "release.tag", release.tag),
        ("commit", "source.commit", release.commit),
    ):
        yield kind, text, [v for v in every if v.field == field]
    for kind, parts in (("environment", release.environment), ("data", release.data), ("model", release.models)):
        for part in parts:
            yield kind, _part(part), [v for v in every if (v.field, v.line) == (f"{kind}:{part.name}", part.line)]
    for judged in release.evaluations:
        text = ", ".join(word for word in (judged.report, judged.gates, judged.result) if word)
        within = f"evaluation:{judged.report}:"
        yield "evaluation", text, [v for v in every if v.field.startswith(within) and v.line == judged.line]
    for each in release.approvals:
        yield "approval", _approval(each), [v for v in every if (v.field, v.line) == (field_of(each), each.line)]
    if release.approvals:
        yield "approvals", "not only by who wrote the manifest", [v for v in every if v.field == "approvals"]
    yield "previous", release.previous, [v for v in every if v.field.startswith("rollback.")]


def _line(kind: str, text: str, about: Sequence[Verdict], look: Look) -> Iterator[str]:
    mark, colour = told.MARKS[status(about)]
    lines = list(wrapped(safe(text), look, f"{mark} {kind:13}"))
    yield look.style(lines[0][:1], colour) + lines[0][1:]
    yield from lines[1:]


def _part(part: Part) -> str:
    named = f"{part.name}{f' ({part.role})' if part.role not in ('', 'image') else ''}"
    place = f" at {part.place}" if part.place not in ("", part.name) else ""
    return f"{named} {short(part.digest)}{place}" if part.role != "image" else part.name


def _approval(each: Approval) -> str:
    who = ", ".join(word for word in (each.by, each.person) if word)
    return f"{each.role}: {who}" + (f" by {each.evidence}" if each.evidence else "")


def document(release: Release, *, whole: bool = False) -> Mapping[str, Any]:
    """A release as JSON values, with all that its manifest says when it is wanted ``whole``."""
    said = {
        "name": release.name,
        "version": release.version,
        "tag": release.tag,
        "path": release.path,
        "commit": release.commit,
        "previous": release.previous,
        "anchor": release.anchor,
    }
    parts = _WHOLE if whole else ()
    return {**plain(said), **told.document(release.verdicts), **{name: plain(getattr(release, name)) for name in parts}}
