"""What a check of releases adds to the verdicts: what a manifest lacks."""

from __future__ import annotations

from lifelint.checks.release import agreed, approved
from lifelint.facts.proof import Verdict
from lifelint.facts.releases.document import Approval, Release
from tests.conftest import facts_of

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


def agreement(*requires: str, **files: str) -> dict[str, bool | None]:
    made = facts_of({f"{name}.md": text for name, text in files.items()} | {"docs/eval.md": "", "src/a.py": ""})
    return {seen.subject: seen.ok for seen in agreed(made["release_criteria"].items, requires=requires)}


def test_required_rules_and_items_that_can_be_looked_up_count_together() -> None:
    text = "- `src/a.py` is reviewed\n- see [the evaluation](docs/eval.md)\n- all agree\n"

    assert agreement("gates-pass", RELEASING=text) == {"release candidate": True}
    assert agreement(RELEASING=text) == {"release candidate": False}
    assert agreement("a", "b", "c") == {"release candidate": True}


def test_only_sections_about_releases_count_in_other_documents() -> None:
    text = "# Setup\n- `dvc pull`\n- `dvc repro`\n- `dvc push`\n"

    assert agreement(CONTRIBUTING=text) == {"release candidate": False}
    assert agreement(CONTRIBUTING=text.replace("Setup", "Release process")) == {"release candidate": True}


def test_what_is_made_on_the_way_is_not_missed() -> None:
    told = ("dist/model.onnx", "python -m build", "scripts/gone.py", "X.Y.Z", "setup.py", "a.py", "$HOME/a.md")
    text = "# Releasing\n" + "".join(f"- `{name}`\n" for name in told)

    assert agreement(RELEASING=text) == {"RELEASING.md:scripts/gone.py": False, "release candidate": False}
