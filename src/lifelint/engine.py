"""Rules and facts in, findings out."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from lifelint.facts import Collected, Crashed, Unread
from lifelint.model import Finding, Observation, Outcome, Rule

Check = Callable[..., Iterable[Observation]]

HOLDS = (Outcome.PASS, Outcome.WAIVED)  # looked through by identity: an enum's hash is slow
_SETTLED = (*HOLDS, Outcome.NOT_APPLICABLE)


class Given(Protocol):
    """Facts by kind: all of a repository (``Facts``), or a project's share of them."""

    def __getitem__(self, kind: str) -> Collected: ...


BASE = "base_"
"""What stands before the name of a kind of fact where a rule about a change means those of the base."""


_AT_THE_BASE = " (at the base)"


class Sides:
    """The facts of a change: by their kind those of the head, with ``base_`` before it those of the base.

    What lies in a file that the other state has too and that cannot be read there is left out: it is neither new nor
    gone, and that the file cannot be read makes the rule unknown.
    """

    def __init__(self, head: Given, base: Given) -> None:
        self._head, self._base = head, base

    def __getitem__(self, kind: str) -> Collected:
        """The facts of ``kind``. What could not be read at the base says that it was there."""
        name = kind.removeprefix(BASE)
        head, base = self._head[name], self._base[name]
        if not (head.unread or base.unread):
            return head if kind == name else base
        if kind == name:
            return Collected(_comparable(head, base), head.unread)
        unread = tuple(one._replace(message=f"{one.message}{_AT_THE_BASE}") for one in base.unread)
        return Collected(_comparable(base, head), unread)


def _comparable(here: Collected, there: Collected) -> Sequence[Any]:
    hidden = {one.path for one in there.unread}
    return tuple(item for item in here.items if item.path not in hidden) if hidden else here.items


def needed(rules: Sequence[Rule], facets: Collection[str] = ()) -> Collection[str]:
    """The kinds of facts that these rules read of projects of which some have these ``facets``."""
    asked = [rule for rule in rules if not rule.facets or any(name in facets for name in rule.facets)]
    return dict.fromkeys(kind for rule in asked for kind in _question(rule).kinds)


def run(rules: Sequence[Rule], facts: Given) -> list[Finding]:
    """One finding per rule, in the rules' order."""
    [[findings]] = run_each(rules, [[facts]])
    return findings


def run_each(rules: Sequence[Rule], projects: Iterable[Sequence[Given]]) -> Iterator[list[list[Finding]]]:
    """The findings of each project in each of its states, one per rule, in the rules' order.

    A rule that is given the very facts that it was given last, for another state or project, says the same of both.
    """
    questions = [_question(rule) for rule in rules]
    nothing: dict[str, Finding] = {}
    said: _Said = {}
    for states in projects:
        made = []
        for facts in states:
            found = {question.rule.id: _judged(question, facts, nothing, said) for question in questions}
            made.append([_in_context(finding, found) for finding in found.values()])
        yield made


class _Question(NamedTuple):
    """A rule with all that is the same for every project."""

    rule: Rule
    check: Check
    kinds: Sequence[str]
    settings: Mapping[str, Any]


_Said = dict[str, tuple[Sequence[Collected], Finding]]
"""What rules said last, by their ids, and of which facts."""


def _question(rule: Rule) -> _Question:
    check = resolve(rule.check)
    legal = parameters(check).settings
    settings = {name: value for name, value in rule.params.items() if name in legal}
    return _Question(rule, check, kinds(check, rule.params), settings)


def _judged(question: _Question, facts: Given, nothing: dict[str, Finding], said: _Said) -> Finding:
    """What one rule says, seen by itself. ``nothing`` keeps what it says where there are no facts for it.

    In a collection of a thousand projects that is most of what rules say, and a check says it of each alike.
    """
    rule = question.rule
    try:
        if rule.facets and not any(facet.name in rule.facets for facet in facts["facets"].items):
            return _for_others(rule, facts["facets"].unread)
        given = [facts[kind] for kind in question.kinds]
    except Crashed as error:
        return Finding(rule, Outcome.ERROR, note=str(error))
    before = said.get(rule.id)
    if before and all(map(Collected.same, given, before[0])):
        return before[1]
    if any(made.items or made.unread for made in given):
        finding = _checked(question, given)
    else:
        if rule.id not in nothing:
            nothing[rule.id] = _checked(question, given)
        finding = nothing[rule.id]
    said[rule.id] = given, finding
    return finding


def _checked(question: _Question, given: Sequence[Collected]) -> Finding:
    rule = question.rule
    every = dict.fromkeys(u for collected in given for u in collected.unread)
    # What is as unreadable as it was is told once.
    unread = tuple(
        u
        for u in every
        if (bare := u.message.removesuffix(_AT_THE_BASE)) == u.message or u._replace(message=bare) not in every
    )
    try:
        seen = tuple(sorted(question.check(*[made.items for made in given], **question.settings), key=_place))
    except Exception as error:  # noqa: BLE001  (a crashing check is our bug; the other rules still run)
        return Finding(rule, Outcome.ERROR, note=f"the check {rule.check} crashed: {type(error).__name__}: {error}")
    return Finding(rule, *_outcome(rule, seen, unread))


_place = attrgetter("path", "line", "subject")


def _outcome(rule: Rule, seen: tuple[Observation, ...], unread: Sequence[Unread]) -> tuple[Outcome, Any, str]:
    said = {observation.ok for observation in seen}
    if False in said:
        return Outcome.FAIL, seen, ""
    if unread:
        return Outcome.UNKNOWN, seen, _listed(unread)
    if None in said:
        return Outcome.UNKNOWN, seen, ""
    if not seen:
        return Outcome.NOT_APPLICABLE, seen, f"no {rule.looks_at} found"
    return Outcome.PASS, seen, ""


def _listed(unread: Iterable[Unread]) -> str:
    return "; ".join(f"{u.path}{f':{u.line}' if u.line else ''} {u.message}" for u in unread)


def _for_others(rule: Rule, unread: Sequence[Unread]) -> Finding:
    """The finding on a project that has none of the rule's facets, unless a file that cannot be read may show one."""
    if unread:
        return Finding(rule, Outcome.UNKNOWN, note=_listed(unread))
    return Finding(rule, Outcome.NOT_APPLICABLE, note=f"applies to projects with the facet {' or '.join(rule.facets)}")


def _in_context(finding: Finding, found: Mapping[str, Finding]) -> Finding:
    """A failure that follows from another is *blocked*; a pass that automates what does not hold is *premature*."""
    rule = finding.rule
    if finding.outcome in (Outcome.FAIL, Outcome.UNKNOWN):
        for base in rule.rests_on:
            if base in found and found[base].outcome is Outcome.FAIL:
                return Finding(rule, Outcome.BLOCKED, finding.observations, f"rests on {base}, which failed")
    if finding.outcome is Outcome.PASS:
        for base in rule.needs:
            if base in found and found[base].outcome not in _SETTLED:
                note = f"automates {base}, which does not hold yet"
                return Finding(rule, Outcome.PREMATURE, finding.observations, note)
    return finding


# Checks ------------------------------------------------------------------------------------------------------------


class Parameters(NamedTuple):
    """A check's contract: the facts it reads (positional) and the settings a rule may give (keyword-only).

    That of a check of changes names facts of the head by their kind, and those of the base with ``base_`` before it.
    """

    facts: Sequence[str]
    settings: Sequence[str]


CHECKS, FIXERS = "checks", "fix.fixers"
"""The packages of ``lifelint`` that rules name functions of."""


@cache
def resolve(address: str, package: str = CHECKS) -> Check:
    """The generator function that ``area.name`` names: ``name`` in ``lifelint/checks/area.py``, or of another package.

    Raises:
        LookupError: there is none.
    """
    area, _, name = address.partition(".")
    noun = "check" if package == CHECKS else "fixer"
    if not (area.isidentifier() and name.isidentifier()) or area.startswith("_") or name.startswith("_"):
        raise LookupError(f"{address!r} is not the address of a {noun} (area.name)")
    try:
        found: Any = getattr(import_module(f"lifelint.{package}.{area}"), name, None)
    except ModuleNotFoundError:
        found = None
    if not inspect.isgeneratorfunction(found):
        raise LookupError(f"there is no {noun} {address!r}")
    check: Check = found
    return check


@cache
def parameters(check: Check) -> Parameters:
    """What the signature of a check says."""
    given = inspect.signature(check).parameters.values()
    return Parameters(
        tuple(p.name for p in given if p.kind is not p.KEYWORD_ONLY),
        tuple(p.name for p in given if p.kind is p.KEYWORD_ONLY),
    )


def kinds(check: Check, params: Mapping[str, Any]) -> list[str]:
    """The kinds of facts a check reads. A positional name that the rule's params give is replaced by their value."""
    return [params.get(name, name) for name in parameters(check).facts]
