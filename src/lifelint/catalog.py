"""Rules as files: reading, validating, finding them."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lifelint import _resources
from lifelint._words import suggest
from lifelint.engine import BASE, FIXERS, kinds, parameters, resolve
from lifelint.facts import KINDS, Unreadable
from lifelint.model import PHASES, PRINCIPLES, SCOPES, Example, Outcome, Past, Remedy, Rule, Severity, Strength
from lifelint.snapshot import MAX_BYTES

REQUIRED = (
    "title", "phases", "principle", "level", "severity", "strength",
    "check", "looks_at", "rationale", "remediation", "examples",
)  # fmt: skip
OPTIONAL = (
    "params", "facets", "needs", "rests_on", "instead_of", "scope", "status", "since", "was", "rev", "references",
    "fix",
)  # fmt: skip


class RuleError(ValueError):
    """A rule file that cannot be used; the message starts with its path and line."""


class Catalog(NamedTuple):
    """The rules in force, sorted by area and id, and a digest of all that they say."""

    rules: Sequence[Rule]
    digest: str


def load(custom: Mapping[str, bytes] | None = None, *, examples: bool = True) -> Catalog:
    """The built-in rules and ``custom`` ones (source path → YAML), the built-in ones without ``examples`` if so asked.

    Built-in rules are read from the indexes that a wheel carries, else from the YAML of the checkout. Examples are
    most of an index, so that a check, which needs none, reads one without them.

    Raises:
        RuleError: a custom rule is not valid, or has the id of another rule.
    """
    digest = "" if custom else _resources.text("rules", "index.sha256") or ""
    text = _resources.text("rules", "brief.json") if digest and not examples else None
    text = text or _resources.text("rules", "index.json") or index(_resources.directory("rules"))
    rules = {rule.id: rule for rule in (_made(d["source"], d["rule"], examples=examples) for d in json.loads(text))}
    digest = digest or _digest(text, custom or {})
    for source, data in sorted((custom or {}).items()):
        rule = parse(source, data)
        if rule.id in rules:
            raise RuleError(f"{source}:1: there is already a rule called {rule.id!r} ({rules[rule.id].source})")
        rules[rule.id] = rule
    return Catalog(sorted(rules.values(), key=lambda rule: (rule.area, rule.id)), f"sha256:{digest}")


def _digest(text: str, custom: Mapping[str, bytes]) -> str:
    import hashlib

    digest = hashlib.sha256(text.encode())
    for source, data in sorted(custom.items()):
        digest.update(source.encode("utf-8", "surrogateescape") + b"\0" + data + b"\0")
    return digest.hexdigest()


def index(folder: str | os.PathLike[str]) -> str:
    """Every rule below ``folder`` as one JSON document.

    Raises:
        RuleError: a rule file is not valid.
    """
    from pathlib import Path

    folder, documents = Path(folder), []
    for path in sorted(folder.glob("*/*.yaml")):
        if path.parent.name != "frameworks":
            source = f"rules/{path.relative_to(folder).as_posix()}"
            document = _document(source, path.read_bytes())
            _rule(source, document, document.lines)
            documents.append({"source": source, "rule": document})
    return _compact(documents)


def brief(index: str) -> str:
    """An index without the examples of its rules."""
    documents = json.loads(index)
    for document in documents:
        del document["rule"]["examples"]
    return _compact(documents)


def _compact(documents: Sequence[Any]) -> str:
    return json.dumps(documents, ensure_ascii=False, separators=(",", ":")) + "\n"


def parse(source: str, data: bytes) -> Rule:
    """The rule in a YAML file called ``source`` (``…/<area>/<id>.yaml``), checked in full.

    Raises:
        RuleError: not YAML, unknown or missing keys, bad values, a check that does not exist, params it does not take.
    """
    document = _document(source, data)
    lines: Mapping[str, int] = getattr(document, "lines", {})
    rule = _rule(source, document, lines)
    _fits(rule, lines)
    return rule


def _document(source: str, data: bytes) -> Any:
    from lifelint.facts import _yaml

    try:
        document = _yaml.load(data)
    except Unreadable as error:
        raise RuleError(f"{source}:{error.line}: {error.message}") from None
    if not isinstance(document, dict):
        raise RuleError(f"{source}:1: is not a mapping of rule keys")
    return document


def _rule(source: str, document: Mapping[str, Any], lines: Mapping[str, int]) -> Rule:
    """The rule that a document is.

    Raises:
        RuleError: it is not valid.
    """

    def fail(key: str, why: str) -> RuleError:
        return RuleError(f"{source}:{lines.get(key, 1)}: {why}")

    for key in document:
        if key not in REQUIRED and key not in OPTIONAL:
            raise fail(key, f"unknown key {key!r}{suggest(key, (*REQUIRED, *OPTIONAL))}")
    for key in REQUIRED:
        if not document.get(key) and document.get(key) != 0:
            raise fail(key, f"the key {key!r} is missing or empty")
    try:
        rule = _made(source, document)
    except (TypeError, ValueError, KeyError) as error:
        raise fail("examples", f"is not a valid rule: {error}") from None
    for phase in rule.phases:
        if phase not in PHASES:
            raise fail("phases", f"unknown phase {phase!r}{suggest(phase, PHASES)}")
    if rule.principle not in PRINCIPLES:
        raise fail("principle", f"unknown principle {rule.principle!r}{suggest(rule.principle, PRINCIPLES)}")
    if rule.level not in range(1, 6):
        raise fail("level", f"level is {rule.level!r}; it must be 1 to 5")
    key, wrong = _misfit(rule)
    if wrong:
        raise fail(key, wrong)
    return rule


def _made(source: str, document: Mapping[str, Any], *, examples: bool = True) -> Rule:
    """The rule of a document with the right keys; those of an index have been looked through when it was made."""
    folder, _, name = source.replace(os.sep, "/").rpartition("/")
    return Rule(
        **{key: _frozen(document[key]) for key in document if key not in ("severity", "strength", "examples", "fix")},
        id=name.rpartition(".")[0],
        area=folder.rpartition("/")[2],
        source=source,
        severity=Severity(document["severity"]),
        strength=Strength(document["strength"]),
        examples=tuple(_example(e) for e in document["examples"]) if examples else (),
        fix=_remedy(document["fix"]) if "fix" in document else None,
    )


def _remedy(document: Mapping[str, Any]) -> Remedy:
    return Remedy(**{key: _frozen(value) for key, value in document.items()})


def _misfit(rule: Rule) -> tuple[str, str]:
    """The key that does not fit what a rule looks at and why, or two empty texts."""
    if rule.scope not in SCOPES:
        return "scope", f"unknown scope {rule.scope!r}{suggest(rule.scope, SCOPES)}"
    if rule.instead_of and rule.scope != "change":
        return "instead_of", "only a rule with `scope: change` can be told instead of others"
    for example in rule.examples:
        if (example.base is None) is (rule.scope == "change"):
            told = "needs" if example.base is None else "has"
            return "examples", f"the example {example.title!r} {told} a base, as those of changes do, and no others"
        if example.base is None and None in example.files.values():
            return "examples", f"the example {example.title!r} removes a file, and there is no base"
    return _unmendable(rule)


def _unmendable(rule: Rule) -> tuple[str, str]:
    """What does not fit the fix of a rule, as ``_misfit`` tells it."""
    if rule.fix and rule.scope == "change":
        return "fix", "a rule about a change has no fix: what was there before is in git"
    for example in rule.examples:
        if example.fixed and (rule.fix is None or example.outcome is not Outcome.FAIL):
            return "examples", f"the example {example.title!r} is fixed, and there is no fix or nothing fails"
    return "", ""


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _example(document: Mapping[str, Any]) -> Example:
    return Example(
        title=document["title"],
        files=_contents(document.get("files", {})),
        outcome=Outcome(document["outcome"]),
        at=tuple(document.get("at", ())),
        because=document.get("because", ""),
        history=tuple(_past(commit) for commit in document.get("history", ())),
        shallow=bool(document.get("shallow", False)),
        base=_contents(document["base"]) if "base" in document else None,
        fixed=bool(document.get("fixed", False)),
        project=document.get("project"),
    )


def _past(document: Mapping[str, Any]) -> Past:
    tags = document.get("tags", {})
    return Past(
        commit=str(document["commit"]),
        files=_contents(document.get("files", {})),
        tags=tags if isinstance(tags, dict) else dict.fromkeys(tags, ""),
        author=document.get("author", "Ada"),
        message=document.get("message", ""),
        parent=document.get("parent"),
    )


def _contents(files: Mapping[str, Any]) -> dict[str, Any]:
    """Path → text, ``None`` for a file that is removed."""
    return {path: None if text is None else _content(text) for path, text in files.items()}


def _content(text: Any) -> str:
    """The text of an example's file; ``{repeat: "1,2\\n", times: 300000}`` stands for a large one."""
    if not isinstance(text, dict):
        return str(text)
    if len(text["repeat"]) * text["times"] > MAX_BYTES:
        raise ValueError(f"an example's file is larger than {MAX_BYTES >> 20} MiB")
    return str(text["repeat"] * text["times"])


def _fits(rule: Rule, lines: Mapping[str, int]) -> None:
    """Binds a rule to its check: the check exists, takes the params, and the facts it reads exist."""
    try:
        check = resolve(rule.check)
    except LookupError as error:
        raise RuleError(f"{rule.source}:{lines.get('check', 1)}: {error}") from None
    if rule.fix:
        try:
            resolve(rule.fix.by, FIXERS)
        except LookupError as error:
            raise RuleError(f"{rule.source}:{lines.get('fix', 1)}: {error}") from None
    legal = legal_params(rule)
    for name in rule.params:
        if name not in legal:
            where = lines.get("params", 1)
            raise RuleError(f"{rule.source}:{where}: {rule.check} takes no param {name!r}{suggest(name, legal)}")
    read = kinds(check, rule.params)
    legal = known_kinds(rule)
    for kind in read:
        if kind not in legal:
            where = lines.get("params", 1)
            raise RuleError(f"{rule.source}:{where}: there are no facts called {kind!r}{suggest(kind, legal)}")
    if rule.scope == "change" and not any(kind.startswith(BASE) for kind in read):
        where = lines.get("check", 1)
        raise RuleError(
            f"{rule.source}:{where}: {rule.check} reads no facts of the base ({BASE}…), so it sees no change"
        )
    if rule.check == "expression.holds":
        from lifelint.checks.expression import BadExpression, compiled

        try:
            compiled(rule.params)
        except BadExpression as error:
            raise RuleError(f"{rule.source}:{lines.get('params', 1)}: {error}") from None


def legal_params(rule: Rule) -> Sequence[str]:
    """The params that a rule's check takes."""
    contract = parameters(resolve(rule.check))
    return (*contract.settings, *(name for name in contract.facts if name not in known_kinds(rule)))


def known_kinds(rule: Rule) -> Sequence[str]:
    """The kinds of facts that a rule may read: those of a state, and for a change also those of its base."""
    return (*KINDS, *(f"{BASE}{kind}" for kind in KINDS)) if rule.scope == "change" else tuple(KINDS)


def select(rules: Sequence[Rule], wanted: Sequence[str], unwanted: Sequence[str] = ()) -> list[Rule]:
    """The rules that match any of ``wanted`` (all when empty) and none of ``unwanted``.

    A word matches a rule's id, former id, area, phase, principle, severity, or level (``2`` or ``level-2``).

    Raises:
        LookupError: a word matches no rule; the message suggests the nearest.
    """
    if not (wanted or unwanted):
        return [*rules]
    words = {rule.id: _words(rule) for rule in rules}
    every = sorted(set().union(*words.values()))
    for word in (*wanted, *unwanted):
        if word not in every:
            raise LookupError(
                f"no rule, area, phase, principle, severity or level is called {word!r}{suggest(word, every)}"
            )
    return [
        rule for rule in rules if (not wanted or words[rule.id] & set(wanted)) and not words[rule.id] & set(unwanted)
    ]


def _words(rule: Rule) -> set[str]:
    about = {rule.id, rule.area, rule.principle, rule.severity.value, str(rule.level), f"level-{rule.level}"}
    return about | set(rule.phases) | set(rule.was)
