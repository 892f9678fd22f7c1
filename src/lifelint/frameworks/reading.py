"""Frameworks as files: ``rules/frameworks/<id>.yaml``, and ``rules/planned.yaml`` for rules that are not built yet."""

import json
import os
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lifelint import _resources
from lifelint._words import suggest
from lifelint.facts import Unreadable
from lifelint.frameworks.nouns import ANSWERED, NOT, Crosswalk, Framework, Item

REQUIRED = ("title", "version", "publisher", "source", "licence", "items")
OPTIONAL = ("published", "note")
OF_ITEM = ("id", "title", "group", "answered", "because", "rules")
LONGEST = 200
"""Characters of a reason: one line, whatever shows it."""

_DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
_ADDRESS = r"https://[^\s<>]+"


class FrameworkError(ValueError):
    """A file that cannot be used; the message starts with its path and line."""


def load() -> Crosswalk:
    """All frameworks: from the index that a wheel carries, else from the YAML of the checkout."""
    text = _resources.text("rules", "frameworks.json") or index(_resources.directory("rules"))
    document = json.loads(text)
    frameworks = (_made(one) for one in document["frameworks"])
    return Crosswalk({framework.id: framework for framework in frameworks}, document["planned"])


def index(folder: str | os.PathLike[str]) -> str:
    """Every framework below a folder of rules as one JSON document.

    Raises:
        FrameworkError: a file is not valid, or names a rule that is neither built nor planned.
    """
    from pathlib import Path

    from lifelint.facts._plain import plain

    folder = Path(folder)
    named = planned("rules/planned.yaml", (folder / "planned.yaml").read_bytes())
    known = {path.stem for path in folder.glob("*/*.yaml") if path.parent.name != "frameworks"} | set(named)
    documents = []
    for path in sorted((folder / "frameworks").glob("*.yaml")):
        documents.append(plain(parse(f"rules/frameworks/{path.name}", path.read_bytes(), known)))
    return json.dumps({"planned": named, "frameworks": documents}, ensure_ascii=False, separators=(",", ":")) + "\n"


def _made(document: Mapping[str, Any]) -> Framework:
    items = tuple(Item(**item | {"rules": tuple(item["rules"])}) for item in document["items"])
    return Framework(**dict(document) | {"source": tuple(document["source"]), "items": items})


def planned(source: str, data: bytes) -> Mapping[str, str]:
    """The rules that are not built yet: id → the sentence that will be true when the rule passes.

    Raises:
        FrameworkError: not a mapping of texts.
    """
    document = _loaded(source, data)
    for name, sentence in document.items():
        if not (isinstance(name, str) and _line(sentence)):
            raise FrameworkError(f"{source}:{document.lines[name]}: {name!r} needs one line of text")
    return dict(document)


def parse(source: str, data: bytes, known: Collection[str]) -> Framework:
    """The framework in a YAML file called ``source`` (``…/<id>.yaml``), checked in full.

    Raises:
        FrameworkError: not YAML, unknown or missing keys, bad values, items told twice, or rules that are not
            ``known``.
    """
    document = _loaded(source, data)

    def fail(key: str, why: str) -> FrameworkError:
        return FrameworkError(f"{source}:{document.lines.get(key, 1)}: {why}")

    _keys(source, document, (*REQUIRED, *OPTIONAL), REQUIRED)
    for key in ("title", "version", "publisher", "licence"):
        if not _line(document[key]):
            raise fail(key, f"{key} is one line of text; quote what looks like a number")
    if not re.fullmatch(_DAY, str(document.get("published", "2000"))):
        raise fail("published", "published is a year, a month or a day (2023, 2023-01, 2023-01-26)")
    sources = document["source"] if isinstance(document["source"], list) else [document["source"]]
    if not all(isinstance(one, str) and re.fullmatch(_ADDRESS, one) for one in sources):
        raise fail("source", "source is an address (https://…), or a list of them")
    if not isinstance(document["items"], list):
        raise fail("items", "items is a list")
    items: list[Item] = []
    for entry, line in zip(document["items"], getattr(document["items"], "lines", ()), strict=True):
        items.append(_item(source, entry, line, known))
        if items[-1].id in {item.id for item in items[:-1]}:
            raise FrameworkError(f"{source}:{line}: there is already an item {items[-1].id!r}")
    return Framework(
        id=source.replace(os.sep, "/").rpartition("/")[2].rpartition(".")[0],
        published=str(document.get("published", "")),
        source=tuple(sources),
        note=" ".join(str(document.get("note", "")).split()),
        items=tuple(items),
        **{key: document[key] for key in ("title", "version", "publisher", "licence")},
    )


def _item(source: str, entry: Any, line: int, known: Collection[str]) -> Item:
    if not isinstance(entry, dict):
        raise FrameworkError(f"{source}:{line}: an item is a mapping")
    _keys(source, entry, OF_ITEM, OF_ITEM[:-1], line)
    lines: Mapping[str, int] = entry.lines  # type: ignore[attr-defined]

    def fail(key: str, why: str) -> FrameworkError:
        return FrameworkError(f"{source}:{lines.get(key, line)}: {why}")

    for key in OF_ITEM[:-1]:
        if not _line(entry[key]):
            raise fail(key, f"{key} is one line of text; quote what looks like a number")
    if len(entry["because"]) > LONGEST:
        raise fail("because", f"the reason has {len(entry['because'])} characters; {LONGEST} fit a line")
    if entry["answered"] not in ANSWERED:
        raise fail("answered", f"answered is one of {', '.join(ANSWERED)}{suggest(entry['answered'], ANSWERED)}")
    rules = entry.get("rules", [])
    if not isinstance(rules, list) or (entry["answered"] == NOT) is bool(rules):
        raise fail("rules", f"rules is a list that is empty if, and only if, it is answered {NOT!r}")
    for rule in rules:
        if rule not in known:
            raise fail("rules", f"no rule is called {rule!r}, nor is one planned{suggest(rule, known)}")
        if rules.count(rule) > 1:
            raise fail("rules", f"names {rule!r} twice")
    return Item(**dict(entry) | {"rules": tuple(rules)})


def _loaded(source: str, data: bytes) -> Any:
    from lifelint.facts import _yaml

    try:
        document = _yaml.load(data)
    except Unreadable as error:
        raise FrameworkError(f"{source}:{error.line}: {error.message}") from None
    if not isinstance(document, dict):
        raise FrameworkError(f"{source}:1: is not a mapping")
    return document


def _keys(source: str, document: Any, legal: Sequence[str], required: Sequence[str], line: int = 1) -> None:
    for key in document:
        if key not in legal:
            raise FrameworkError(f"{source}:{document.lines[key]}: unknown key {key!r}{suggest(key, legal)}")
    for key in required:
        if not document.get(key):
            raise FrameworkError(f"{source}:{document.lines.get(key, line)}: the key {key!r} is missing or empty")


def _line(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\n" not in value
