"""Repositories written inline, seen as one project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lifelint import catalog
from lifelint.engine import run
from lifelint.facts import Facts
from lifelint.model import Finding
from lifelint.projects import Project, Share, Shares
from tests.conftest import facts_of

RULES = [rule for rule in catalog.load(examples=False).rules if rule.scope != "change"]


class Seen(NamedTuple):
    """A project: the facts of its repository, its own, and all findings."""

    facts: Facts
    share: Share
    findings: Sequence[Finding]


def seen(files: Mapping[str, str | bytes], **more: object) -> Seen:
    """What is seen of files."""
    facts = facts_of(files, **more)
    share = Shares(facts, [Project("")]).of(Project(""))
    return Seen(facts, share, run(RULES, share))
