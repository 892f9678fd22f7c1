"""Releases for a person at a terminal, and as values for JSON: the verdicts, what a release is made of, a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._plain import plain
from lifelint.facts.proof import short
from lifelint.facts.releases.document import Part, Release
from lifelint.release.status import status
from lifelint.report import verdicts as told
from lifelint.report.look import Look, safe, wrapped


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
    lines = [look.style(title(release), bold=True)]
    for key, value in (
        ("manifest", release.path), ("tag", release.tag), ("previous", release.previous),
    ):  # fmt: skip
        if value:
            lines.append(f"  {key:13}{safe(value)}")
    lines += _line("commit", "source.commit", release.commit, release, look)
    for kind, parts in (("environment", release.environment), ("data", release.data), ("model", release.models)):
        for part in parts:
            lines += _line(kind, f"{kind}:{part.name}", _part(part), release, look)
    for judged in release.evaluations:
        text = ", ".join(word for word in (judged.report, judged.gates, judged.result) if word)
        lines += _line("evaluation", f"evaluation:{judged.report}", text, release, look)
    said = status(release.verdicts)
    mark, colour = told.MARKS[said]
    verify = f"`lifelint release verify {safe(release.version)}` tells field by field why"
    lines += ["", look.style(f"{mark} {said}", colour, bold=True) + f"  {verify}"]
    return "\n".join(lines) + "\n"


def _line(kind: str, field: str, text: str, release: Release, look: Look) -> Iterator[str]:
    about = [v for v in release.verdicts if v.field == field or v.field.startswith(f"{field}:")]
    mark, colour = told.MARKS[status(about)]
    lines = list(wrapped(safe(text), look, f"{mark} {kind:13}"))
    yield look.style(lines[0][:1], colour) + lines[0][1:]
    yield from lines[1:]


def _part(part: Part) -> str:
    named = f"{part.name}{f' ({part.role})' if part.role not in ('', 'image') else ''}"
    place = f" at {part.place}" if part.place not in ("", part.name) else ""
    return f"{named} {short(part.digest)}{place}" if part.role != "image" else part.name


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
    parts = ("fingerprint", "paths", "environment", "data", "models", "evaluations") if whole else ()
    return {**plain(said), **told.document(release.verdicts), **{name: plain(getattr(release, name)) for name in parts}}
