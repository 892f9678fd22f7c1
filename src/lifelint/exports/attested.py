"""An in-toto Statement about a commit: which levels it holds, and which rules. Only what was proven is said.

Source: https://github.com/in-toto/attestation, spec/predicates/svr.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.exports.intoto import SVR, simple_result, statement
from lifelint.facts.releases.digests import digest_set
from lifelint.inspection import Report
from lifelint.model import Outcome

VERIFIER = "urn:lifelint:verifier:rules:v1"
RULES = "urn:lifelint:rules"


def attested(report: Report, time: str, configuration: str = "") -> Mapping[str, Any] | None:
    """The Statement about the revision of ``report``; ``None`` where nothing holds that could be said.

    ``time`` is RFC 3339 in UTC, ``configuration`` the digest of the file that the configuration came from.
    """
    properties = [*_levels(report), *(f"LIFELINT_RULE_{rule}" for rule in _rules(report, Outcome.PASS))]
    if not properties:
        return None
    policies = [{"name": "rules", "uri": f"{RULES}:{report.version}", "digest": digest_set(report.rules_digest)}]
    if configuration:
        policies.append({"name": report.config.source, "digest": digest_set(configuration)})
    subject = [{"digest": {"gitCommit": report.subject.revision}}]
    return statement(subject, SVR, simple_result(VERIFIER, policies, time, properties))


def unknown(report: Report) -> Sequence[str]:
    """The rules of which it could not be told whether they hold."""
    return list(_rules(report, Outcome.UNKNOWN))


def _levels(report: Report) -> Iterator[str]:
    """Every level up to the one that all projects hold without what is accepted: who asks for 1 is content with 2."""
    held = [project.scorecard.strict_level if project.scorecard else 0 for project in report.projects]
    yield from (f"LIFELINT_LEVEL_{level}" for level in range(1, min(held, default=0) + 1))


def _rules(report: Report, wanted: Outcome) -> Iterator[str]:
    """The stable rules with that outcome in some project, and in no project one that is worse than not applicable."""
    told: dict[str, set[Outcome]] = {}
    for project in report.projects:
        for finding in project.findings:
            if finding.rule.status == "stable":
                told.setdefault(finding.rule.id, set()).add(finding.outcome)
    for rule, outcomes in sorted(told.items()):
        if wanted in outcomes and outcomes <= {wanted, Outcome.PASS, Outcome.NOT_APPLICABLE}:
            yield rule
