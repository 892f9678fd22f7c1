"""What a check of releases adds to the verdicts: what a manifest lacks."""

from __future__ import annotations

from lifelint.checks.release import approved
from lifelint.facts.proof import Verdict
from lifelint.facts.releases.document import Approval, Release

BARE = Release("r.yaml", 1, "churn", "1.0.0", "v1.0.0", "1" * 40, "", (), (), (), (), (), "none")
BARE = BARE._replace(verdicts=(Verdict("source.commit", True, "", "r.yaml", 3),))
TAGGED = BARE._replace(verdicts=(*BARE.verdicts, Verdict("release.tag", True, "", "r.yaml", 2)))
GONE = BARE._replace(verdicts=(Verdict("release.tag", False, "", "r.yaml", 2),))
OWNER = Approval("model-owner", "@acme/ml", "", "signed-tag", 9)
BY_OWNER = TAGGED._replace(
    approvals=(OWNER,), verdicts=(*TAGGED.verdicts, Verdict("approval:model-owner", True, "", "r.yaml", 9))
)


def test_a_release_names_who_approved_it() -> None:
    [found] = approved([TAGGED])

    assert (found.ok, found.subject) == (False, "r.yaml:approvals")


def test_a_draft_names_nobody_yet() -> None:
    assert not [*approved([BARE, GONE])]
    assert [*approved([BARE._replace(tag="")])]  # without tags, what is committed is released


def test_every_role_that_is_asked_for_approved_it() -> None:
    found = {seen.subject: seen.ok for seen in approved([BY_OWNER], roles=["model-owner", "data-owner"])}

    assert found == {"r.yaml:approval:model-owner": True, "r.yaml:approval:data-owner": False}


def test_who_works_alone_is_not_asked() -> None:
    assert not [*approved([TAGGED, BY_OWNER], alone=True, roles=["data-owner"])]
