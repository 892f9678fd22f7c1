"""The baseline: the problems that an old repository had when lifelint came. They are marked, and never hidden.

A known problem still fails its rule and still counts in the level; it only does not make a run fail. Each is named by
rule and revision of the rule, project and subject, so that fixing one and adding another is seen.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from lifelint.config import BASELINE, ConfigError
from lifelint.model import Finding, Outcome, Rule
from lifelint.triage.problem import Judged, gone, problems

SCHEMA = "lifelint-baseline/v1"
_KEYS = ("rule", "rev", "project", "subject")


class Known(NamedTuple):
    """A problem by what stays the same when lines move. ``rev`` is the revision of the rule that found it.

    ``project`` is the folder of the project, ``""`` for the whole repository.
    """

    rule: str
    rev: int
    project: str
    subject: str


class Kept(NamedTuple):
    """What has become of a baseline: how many problems it holds, and which of them are gone."""

    entries: int
    gone: Sequence[Known]


def parse(data: bytes) -> frozenset[Known]:
    """The problems that a baseline file holds.

    Raises:
        ConfigError: it is not one.
    """
    try:
        document = json.loads(data)
    except json.JSONDecodeError as error:
        raise ConfigError(f"{BASELINE}:{error.lineno}: not valid JSON ({error.msg})") from None
    except (UnicodeDecodeError, RecursionError):
        raise ConfigError(f"{BASELINE}:1: not valid JSON") from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ConfigError(f'{BASELINE}:1: not a baseline: "schema" must be "{SCHEMA}"')
    listed = document.get("problems")
    if not isinstance(listed, list):
        raise ConfigError(f'{BASELINE}:1: "problems" must be a list')
    return frozenset(_known(number, entry) for number, entry in enumerate(listed, 1))


def _known(number: int, entry: object) -> Known:
    if not isinstance(entry, dict) or set(entry) != set(_KEYS):
        raise ConfigError(f"{BASELINE}: problem {number} must have the keys {', '.join(_KEYS)}")
    rule, rev, project, subject = (entry[key] for key in _KEYS)
    if not (isinstance(rule, str) and isinstance(project, str) and isinstance(subject, str) and type(rev) is int):
        raise ConfigError(f"{BASELINE}: problem {number} must have texts, and a whole number as rev")
    return Known(rule, rev, "" if project == "." else project, subject)


def text(held: Iterable[Known]) -> str:
    """The file, a problem a line in a fixed order: as easy to review and to merge as a list can be."""
    rows = [json.dumps({**one._asdict(), "project": one.project or "."}, ensure_ascii=True) for one in sorted(held)]
    listed = "".join(f"\n{row}," for row in rows).removesuffix(",")
    return f'{{"schema": "{SCHEMA}", "problems": [{listed}\n]}}\n'


def known(projects: Iterable[Judged]) -> frozenset[Known]:
    """The problems of a report, as a baseline names them."""
    return frozenset(
        Known(rule, problem.rule.rev, root, subject) for (rule, root, subject), problem in problems(projects).items()
    )


def marked(findings: Iterable[Finding], root: str, baseline: Collection[Known]) -> list[Finding]:
    """The findings of the project at ``root``, with what the baseline holds marked as known."""
    rules: Mapping[str, None] = dict.fromkeys(one.rule for one in baseline if one.project == root)
    return [
        _marked(finding, root, baseline)
        if finding.outcome is Outcome.FAIL and not rules.keys().isdisjoint((finding.rule.id, *finding.rule.was))
        else finding
        for finding in findings
    ]


def _marked(finding: Finding, root: str, baseline: Collection[Known]) -> Finding:
    rule = finding.rule
    names = (rule.id, *rule.was)
    seen = tuple(
        one._replace(known=True)
        if one.ok is False
        and not one.waived
        and any(Known(name, rule.rev, root, one.subject) in baseline for name in names)
        else one
        for one in finding.observations
    )
    return finding._replace(observations=seen)


def kept(baseline: Collection[Known], projects: Sequence[Judged], rules: Mapping[str, Rule]) -> Kept:
    """What is left of a baseline. Only of the projects that were judged can be told what is gone.

    ``rules`` are the rules by today's names and by former ones. What an earlier revision of a rule found is gone.
    """
    judged = {project.root for project in projects}
    keys = {one: (rules[one.rule].id if one.rule in rules else one.rule, *one[2:]) for one in baseline}
    lost = gone(keys.values(), projects)
    left = [one for one in sorted(baseline) if one.project in judged]
    return Kept(len(baseline), [one for one in left if keys[one] in lost or _outdated(one, rules)])


def _outdated(one: Known, rules: Mapping[str, Rule]) -> bool:
    return one.rule in rules and rules[one.rule].rev != one.rev
