"""What in a release manifest does not follow its format: all of it, each with its line.

``document.parse`` stops at what it cannot go on without; this goes on. The format is described in docs/releases.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint._words import near
from lifelint.facts._source import Source, Unreadable
from lifelint.facts.evaluation.document import line_of, load, text
from lifelint.facts.releases.document import MANIFEST, ROLES
from lifelint.facts.releases.written import NAMES

_DIGEST = lazy(r"[a-z0-9_-]+:\S+")
_RESULTS = ("pass", "fail")
_KEYS: Mapping[str, Sequence[str]] = {
    "": ("schema", "release", "source", "environment", "data", "model", "evaluation", "approvals", "rollback",
         "interface", "waivers", "amends"),
    "release": ("name", "version", "tag", "created"),
    "source": ("commit", "fingerprint", "paths"),
    "environment": ("name", "path", "digest", "image"),
    "data": ("name", "role", "pointer", "path", "uri", "version"),
    "model": ("name", "pointer", "path", "uri", "digest", "signature"),
    "evaluation": ("report", "digest", "gates", "result"),
    "approvals": ("role", "by", "person", "at", "evidence"),
    "rollback": ("previous", "procedure"),
    "interface": ("breaking", "schema"),
}  # fmt: skip
_WANTED = {"release": ("version",), "source": ("commit",), "evaluation": ("report", "digest"), "rollback": ()}
_LISTS = ("environment", "data", "model", "evaluation", "approvals")


KEY, TEXT, DIGEST, VALUE = "key", "text", "digest", "value"


class ReleaseProblem(NamedTuple):
    """Something in a release manifest that its format does not allow; ``field`` is where, ``why`` what and why not.

    ``wrong`` is what can be put right in its place: a ``key`` that is nearly another, a value that is no ``text`` for
    want of quotes, a ``digest`` without its algorithm, or a ``value`` that is none of those allowed. ``meant`` is the
    key or value that is meant, empty where nothing is near.
    """

    path: str
    line: int
    field: str
    why: str
    wrong: str = ""
    meant: str = ""


def release_problems(source: Source) -> Iterator[ReleaseProblem]:
    """All that does not follow the format, in every release manifest."""
    for path in source.named(*NAMES):
        for problem in source.parse(path, problems) or ():
            yield problem._replace(path=path)


def problems(data: bytes) -> tuple[ReleaseProblem, ...]:
    """What is wrong in one manifest, in the order of its lines; nothing for a document of another kind."""
    if MANIFEST.encode() not in data:
        return ()
    try:
        document = load(data)
    except Unreadable as error:
        return (ReleaseProblem("", error.line or 1, "", error.message),)
    if not isinstance(document, dict) or document.get("schema") != MANIFEST:
        return ()
    found = [*_keys(document, "", 1), *_missing(document), *_mappings(document), *_items(document)]
    return tuple(sorted(one._replace(line=one.line or 1) for one in found))


Wrong = Iterator[ReleaseProblem]


def _problem(line: int, field: str, why: str, wrong: str = "", meant: str = "") -> ReleaseProblem:
    return ReleaseProblem("", line, field, why, wrong, meant)


def _keys(document: Mapping[str, Any], of: str, line: int) -> Wrong:
    """Keys that are nearly a known one that is not there. Others may be a team's own, and are let be."""
    lacking = [key for key in _KEYS[of] if key not in document]
    for key in document:
        meant = near(key, lacking, 0.75) if key not in _KEYS[of] else ""
        if meant:
            why = f"is no key of {of or 'a manifest'} (did you mean {meant!r}?)"
            yield _problem(line_of(document, key) or line, f"{of}.{key}".strip("."), why, KEY, meant)


def _missing(document: Mapping[str, Any]) -> Wrong:
    for key in ("release", "source", "environment", "data", "model"):
        if document.get(key) in (None, [], {}):
            yield _problem(line_of(document, key), key, "is missing")


def _mappings(document: Mapping[str, Any]) -> Wrong:
    for key in ("release", "source", "rollback", "interface"):
        found, line = document.get(key), line_of(document, key)
        if found in (None, [], {}):
            continue
        if not isinstance(found, dict):
            yield _problem(line, key, "is not a mapping")
            continue
        yield from _keys(found, key, line)
        yield from _texts(found, key, line)
    interface = document.get("interface")
    if isinstance(interface, dict) and not isinstance(interface.get("breaking", False), bool):
        yield _problem(line_of(interface, "breaking"), "interface.breaking", "is neither true nor false")


def _texts(found: Mapping[str, Any], key: str, line: int) -> Wrong:
    for name in _WANTED.get(key, ()):
        if name not in found:
            yield _problem(line, f"{key}.{name}", "is missing")
    for name, value in found.items():
        known = name in _KEYS[key] and name not in ("paths", "breaking", "schema")
        if known and value is not None and not isinstance(value, str):
            yield _problem(
                line_of(found, name) or line, f"{key}.{name}", f"is {value!r} and not text: put it in quotes", TEXT
            )
        elif known and value == "" and name in _WANTED.get(key, ()):
            yield _problem(line_of(found, name) or line, f"{key}.{name}", "is empty")


def _items(document: Mapping[str, Any]) -> Wrong:
    for key in _LISTS:
        found, line = document.get(key), line_of(document, key)
        if found in (None, [], {}):
            continue
        if not isinstance(found, list):
            yield _problem(line, key, "is not a list")
            continue
        for position, item in enumerate(found):
            at = line_of(found, position) or line
            if not isinstance(item, dict):
                yield _problem(at, key, "has an item that is not a mapping")
                continue
            yield from _keys(item, key, at)
            yield from _texts(item, key, at)
            yield from _values(item, key, at)


def _values(item: Mapping[str, Any], key: str, line: int) -> Wrong:
    name = "version" if key == "data" else "digest"
    digest = text(item, name)
    if key in ("data", "model") and not digest:
        yield _problem(line, f"{key}.{name}", "is missing")
    if key == "environment" and not (text(item, "image") or (text(item, "path") and digest)):
        yield _problem(line, key, "has an item with neither an image nor a path and its digest")
    if digest and not _DIGEST.fullmatch(digest):
        yield _problem(
            line_of(item, name) or line,
            f"{key}.{name}",
            f"{digest!r} does not begin with its algorithm and a colon",
            DIGEST,
        )
    for said, legal in (("role", ROLES if key == "data" else ()), ("result", _RESULTS)):
        value = text(item, said)
        if value and legal and value not in legal:
            why = f"{value!r} is none of {', '.join(legal)}"
            yield _problem(line_of(item, said) or line, f"{key}.{said}", why, VALUE, near(value.lower(), legal, 0.7))
    if key == "approvals" and not (text(item, "by") or text(item, "person")):
        yield _problem(line, key, "has an item that names nobody")
