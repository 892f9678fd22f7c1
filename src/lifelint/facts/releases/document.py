"""Documents of the form ``release-manifest/v1``, as docs/releases.md describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lifelint.facts._source import Unreadable
from lifelint.facts.evaluation.document import items, line_of, load, text
from lifelint.facts.proof import Verdict

MANIFEST = "release-manifest/v1"
ROLES = ("train", "validation", "test", "reference", "source")
"""What data can be used for: ``source`` is what other data was made from."""


class Part(NamedTuple):
    """Something that a release names by digest: a lock, an image, data, a model. ``place`` is where git holds it.

    ``signature`` is the path of what a model is signed with.
    """

    name: str
    place: str
    digest: str
    line: int
    role: str = ""
    signature: str = ""


class Judged(NamedTuple):
    """A report that judged the release, the gates it was held to, and the result that is claimed."""

    report: str
    digest: str
    gates: str
    result: str
    line: int


class Approval(NamedTuple):
    """Who approved a release as what. ``by`` is an owner as CODEOWNERS writes it, ``person`` a name or e-mail address.

    ``evidence`` is ``signed-tag``, ``trailer`` or the address of a page that shows it; the last two only claim.
    """

    role: str
    by: str
    person: str
    evidence: str
    line: int


class Release(NamedTuple):
    """A release manifest. ``previous`` is the version to go back to (``none`` for the first release).

    ``procedure`` tells the way back; ``breaking`` is whether the release says that its interface is not that of the one
    before it, ``interface`` the paths of the schemas that describe it.
    ``anchor`` is the commit that shared paths are looked up at; ``verdicts`` tell field by field what git says.
    ``created`` is the time that the manifest states, as it is written.
    """

    path: str
    line: int
    name: str
    version: str
    tag: str
    commit: str
    fingerprint: str
    paths: tuple[str, ...]
    environment: tuple[Part, ...]
    data: tuple[Part, ...]
    models: tuple[Part, ...]
    evaluations: tuple[Judged, ...]
    previous: str
    approvals: tuple[Approval, ...] = ()
    procedure: str = ""
    breaking: bool = False
    interface: tuple[str, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()
    anchor: str = ""
    verdicts: tuple[Verdict, ...] = ()
    created: str = ""

    def line_for(self, field: str) -> int:
        """The line of ``release.version``, ``release.tag``, ``source.commit`` or ``rollback.previous``."""
        return dict(self.lines).get(field, self.line)


def parse(data: bytes) -> Release | None:
    """A manifest without its path; ``None`` for a document of another kind.

    Raises:
        Unreadable: it says that it is a manifest and does not follow the format.
    """
    if MANIFEST.encode() not in data:
        return None
    document = load(data)
    if not isinstance(document, dict) or document.get("schema") != MANIFEST:
        return None
    release, source = _mapping(document, "release"), _mapping(document, "source")
    rollback = document.get("rollback") if isinstance(document.get("rollback"), dict) else {}
    lines = (
        ("release.version", line_of(release, "version")),
        ("release.tag", line_of(release, "tag")),
        ("source.commit", line_of(source, "commit")),
        ("rollback.previous", line_of(rollback, "previous") or line_of(document, "rollback")),
    )
    interface = document["interface"] if isinstance(document.get("interface"), dict) else {}
    return Release(
        "", 1, text(release, "name"), _wanted(release, "version"), text(release, "tag"), _wanted(source, "commit"),
        text(source, "fingerprint"),
        _texts(source.get("paths")),
        _some(document, "environment"), _some(document, "data"), _some(document, "model"),
        tuple(_judged(document)), text(rollback or {}, "previous"), tuple(_approvals(document)),
        text(rollback or {}, "procedure"), interface.get("breaking") is True, _texts(interface.get("schema")),
        tuple((k, line or 1) for k, line in lines),
        created=text(release, "created"),
    )  # fmt: skip


def _mapping(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    if not isinstance(found, dict):
        raise Unreadable(f"has no mapping {key}", line_of(document, key) or 1)
    return found


def _wanted(document: Mapping[str, Any], key: str) -> str:
    found = text(document, key)
    if not found:
        raise Unreadable(f"has no text as {key}", line_of(document, key) or 1)
    return found


def _texts(found: Any) -> tuple[str, ...]:
    """The texts of a list, or one alone."""
    given = found if isinstance(found, list) else [found]
    return tuple(each for each in given if isinstance(each, str))


def _some(document: Mapping[str, Any], key: str) -> tuple[Part, ...]:
    parts = tuple(_parts(document, key))
    if not parts:
        raise Unreadable(f"names no {key}", line_of(document, key) or 1)
    return parts


def _parts(document: Mapping[str, Any], key: str) -> Iterator[Part]:
    for item, line in items(document, key):
        image, place = text(item, "image"), text(item, "pointer") or text(item, "path")
        name = text(item, "name") or place or image or text(item, "uri")
        digest = text(item, "version" if key == "data" else "digest") or image.partition("@")[2]
        if not name:
            raise Unreadable(f"has an item of {key} that names nothing", line)
        at = line_of(item, "version") or line_of(item, "digest") or line
        yield Part(name, place, digest, at, "image" if image else text(item, "role"), text(item, "signature"))


def _judged(document: Mapping[str, Any]) -> Iterator[Judged]:
    for item, line in items(document, "evaluation"):
        yield Judged(_wanted(item, "report"), text(item, "digest"), text(item, "gates"), text(item, "result"), line)


def _approvals(document: Mapping[str, Any]) -> Iterator[Approval]:
    for item, line in items(document, "approvals"):
        yield Approval(text(item, "role"), text(item, "by"), text(item, "person"), text(item, "evidence"), line)
