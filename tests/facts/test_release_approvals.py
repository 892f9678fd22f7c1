"""Who approved a release: what a signature proves, what a trailer only claims, and who may not approve alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lifelint.facts.proof import Verdict
from tests.conftest import git
from tests.facts.test_evaluations import commit, head, report
from tests.facts.test_releases import PATH, folder, manifest, release, sign, verdicts

__all__ = ["folder"]

BOB = "Approved-by: Bob <bob@example.org>\n"
SELF = {"person": "a@example.org", "evidence": "trailer"}


def of(place: Path, field: str = "approval:owner") -> Verdict:
    [found] = [verdict for verdict in verdicts(place) if verdict.field == field]
    return found


def rest(place: Path, field: str) -> set[bool | None]:
    return {verdict.holds for verdict in verdicts(place) if verdict.field != field}


def test_a_signature_of_an_owner_proves_it(folder: Path) -> None:
    release(folder)

    assert of(folder).holds is True
    assert of(folder).why == "@acme/ml owns train.csv.dvc; v1.0.0 is signed by bob@example.org"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"by": "@acme/docs"}, "@acme/docs owns none of"),
        ({"by": "@acme/all"}, "@acme/all owns none of"),
        ({"person": "eve@example.org"}, "signed by bob@example.org, not by eve@example.org"),
        ({"evidence": "trailer"}, "no commit that the manifest came with"),
    ],
)
def test_an_approval_that_is_not_so_is_refuted_and_nothing_else(folder: Path, more: dict[str, Any], why: str) -> None:
    release(folder, **more)

    assert of(folder).holds is False
    assert why in of(folder).why
    assert rest(folder, "approval:owner") == {True}


def test_a_key_that_came_with_the_release_does_not_count(folder: Path, keys: Path) -> None:
    built = head(folder)
    commit(folder, "let Eve in", {".allowed_signers": f"bob@example.org {(keys / 'eve.pub').read_text()}"})
    git(folder, "config", "user.signingKey", str(keys / "eve"))
    release(folder, report(built), built)

    assert of(folder).holds is False
    assert "no allowed signer" in of(folder).why


def test_an_owner_that_came_with_the_release_does_not_count(folder: Path) -> None:
    built = head(folder)
    commit(folder, "let them in", {"CODEOWNERS": "* @acme/docs\n"})
    release(folder, report(built), built, by="@acme/docs")

    assert of(folder).holds is False


def test_a_signature_of_another_tag_does_not_count(folder: Path) -> None:
    release(folder)
    sign(folder, "v0.9.0")
    git(folder, "update-ref", "refs/tags/v1.0.0", "refs/tags/v0.9.0")

    assert of(folder).holds is False
    assert "was made as v0.9.0" in of(folder).why
    assert rest(folder, "approval:owner") == {True}


def test_a_tag_that_is_not_signed_proves_nothing(folder: Path) -> None:
    release(folder)
    git(folder, "tag", "-f", "v1.0.0", "v1.0.0^{commit}")

    assert of(folder).holds is False


def test_a_tag_that_was_amended_without_a_signature_is_told(folder: Path) -> None:
    release(folder)
    git(folder, "tag", "-f", "-a", "-m", "Release v1.0.0, with notes", "v1.0.0", "v1.0.0^{commit}")

    assert of(folder).holds is False
    assert of(folder).why == "v1.0.0 is not signed"
    assert rest(folder, "approval:owner") == {True}


def test_a_tag_that_was_amended_and_signed_again_holds(folder: Path) -> None:
    release(folder)
    sign(folder, "v1.0.0", "-f", "v1.0.0^{commit}")

    assert of(folder).holds is True


@pytest.mark.parametrize("message", [f"Release\n\n{BOB}", "Release\n\nreviewed-by: Bob <bob@example.org>"])
def test_a_trailer_only_claims(folder: Path, message: str) -> None:
    release(folder, evidence="trailer", message=message)

    assert of(folder).holds is None
    assert of(folder).why.startswith("claimed: ")
    assert of(folder, "approvals").holds is True


def test_a_trailer_of_somebody_whose_name_only_begins_alike_is_not_theirs(folder: Path) -> None:
    release(folder, evidence="trailer", person="bob", message="m\n\nApproved-by: @acme/ml-ops <bobby@example.org>\n")

    assert of(folder).holds is False


def test_a_trailer_of_a_merge_counts_for_what_it_brought(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", "work")
    release(folder, evidence="trailer")
    git(folder, "tag", "-d", "v1.0.0")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", f"Merge\n\n{BOB}", "work")
    commit(folder, "go on", {"README.md": "hello"})
    sign(folder, "v1.0.0")

    assert of(folder).holds is None
    assert of(folder).why.startswith("claimed: ")


def test_a_trailer_of_some_other_commit_does_not_count(folder: Path) -> None:
    release(folder, evidence="trailer")
    git(folder, "tag", "-d", "v1.0.0")
    commit(folder, f"go on\n\n{BOB}", {"README.md": "hello"})
    commit(folder, "go further", {"README.md": "hello again"})
    sign(folder, "v1.0.0")

    assert of(folder).holds is False


@pytest.mark.parametrize("evidence", ["https://git.example.org/acme/churn/pull/7", "a talk in the corridor", ""])
def test_what_git_does_not_hold_is_claimed(folder: Path, evidence: str) -> None:
    release(folder, evidence=evidence)

    assert of(folder).holds is None
    assert of(folder).why.startswith("claimed: ")


def test_the_only_author_does_not_approve_alone(folder: Path) -> None:
    release(folder, **SELF, message="Release\n\nApproved-by: A <a@example.org>")

    assert of(folder, "approvals").holds is False
    assert rest(folder, "approvals") == {True, None}  # what was built, and the trailer, which is there


def test_one_of_several_authors_may_approve(folder: Path) -> None:
    release(folder)
    git(folder, "tag", "-d", "v1.0.0")
    text = (folder / PATH).read_text().replace("bob@example.org", "a@example.org")
    (folder / PATH).write_text(text)
    git(folder, "commit", "-q", "-a", "-m", "by Carol", "--author", "Carol <carol@example.org>")
    sign(folder, "v1.0.0")

    assert of(folder, "approvals").holds is True


def test_a_team_alone_does_not_tell_who(folder: Path) -> None:
    release(folder, person='""')

    assert of(folder, "approvals").holds is None


def test_an_account_is_known_by_its_address_at_github(folder: Path) -> None:
    built = head(folder)
    commit(folder, "go on", {"README.md": "hello"})
    text = manifest(built, report(built), by="@ada", person='""', evidence="")
    (folder / "eval.json").write_text(report(built))
    (folder / PATH).parent.mkdir(parents=True)
    (folder / PATH).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "release", "--author", "Ada <7+ada@users.noreply.github.com>")
    git(folder, "tag", "v1.0.0")

    assert of(folder, "approvals").holds is False


def test_without_owners_nobody_is_refuted(folder: Path) -> None:
    git(folder, "rm", "-q", "CODEOWNERS")
    git(folder, "commit", "-q", "-m", "no owners")
    release(folder)

    assert of(folder).holds is None
    assert "no CODEOWNERS" in of(folder).why


def test_a_draft_is_not_asked_for_a_signature(folder: Path) -> None:
    built = head(folder)
    commit(folder, "draft", {"eval.json": report(built), PATH: manifest(built, report(built))})

    assert of(folder).holds is None
    assert "no tag yet" in of(folder).why


def test_a_shallow_clone_refutes_no_approval(folder: Path, tmp_path: Path) -> None:
    release(folder, evidence="trailer")
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), "shallow")

    assert {verdict.holds for verdict in verdicts(tmp_path / "shallow") if "approval" in verdict.field} == {None}
