"""Proposed lines of CODEOWNERS: for what, with which names, and that nobody is made an owner by a program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lifelint.model import Past
from lifelint.snapshot.memory import MemoryHistory, MemorySnapshot
from tests.conftest import git, write
from tests.fix.conftest import plan_in_memory, plan_on_disk

POINTER = f"outs:\n- md5: {'a' * 32}\n  size: 10\n  hash: md5\n  path: a.csv\n"
GATES = "schema: gates/v1\ngates:\n- {metric: auc, op: '>=', threshold: 0.9}\n"
LINE = "# Take away the # of a line once it is right: an owner is a @user, a @team or an e-mail address.\n"
RULES = ("data-paths-owned", "model-paths-owned")


def written(files: Mapping[str, str], *authors: str) -> dict[str, str]:
    commits = [Past(f"{n:040x}", {**files, "n": str(n)}, author=author) for n, author in enumerate(authors)]
    snapshot = MemorySnapshot({**files, "n": str(len(commits) - 1)}, history=MemoryHistory(commits))
    return {edit.path: edit.after.decode() for edit in plan_in_memory(snapshot, *RULES).edits}


def test_both_rules_write_into_one_new_file_which_still_names_nobody() -> None:
    files = {"data/a.csv.dvc": POINTER, "gates.yaml": GATES}

    assert written(files, *["Ada", "Bob", "Eve"] * 3) == {
        "CODEOWNERS": "# Whom the forge asks for a review. The last pattern that matches a path decides.\n"
        + LINE
        + "# /data/ [More Information Needed]  # who answers for it? Ada changed it most\n"
        + LINE
        + "# /gates.yaml [More Information Needed]  # who answers for it? Ada changed it most\n"
    }


def test_who_owns_what_lies_beside_it_is_proposed() -> None:
    owners = "/data/b.csv.dvc @acme/data\n/docs/ @acme/docs"
    files = {"CODEOWNERS": owners, "data/a.csv.dvc": POINTER, "data/b.csv.dvc": POINTER.replace("a.csv", "b.csv")}

    assert written(files, "Ada")["CODEOWNERS"] == (
        f"{owners}\n{LINE}# /data/a.csv.dvc @acme/data  # @acme/data owns what lies beside it\n"
    )


def test_the_line_ends_of_the_file_stay() -> None:
    files = {".github/CODEOWNERS": "/docs/ @acme/docs\r\n/src/ @acme/ml\r\n", "a.csv.dvc": POINTER}
    text = written(files, "Ada")[".github/CODEOWNERS"]

    assert text.startswith(files[".github/CODEOWNERS"])
    assert text.count("\n") == text.count("\r\n") == 4


def test_a_name_that_no_pattern_holds_on_every_forge_is_left_to_a_person() -> None:
    for name in ("a b.csv.dvc", "a[1].csv.dvc", "a\nb.csv.dvc", "#a.csv.dvc"):
        assert written({"CODEOWNERS": "/docs/ @acme/docs\n", name: POINTER}, "Ada") == {}


def test_only_an_address_of_github_says_what_somebody_is_called_there(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, {"data/a.csv.dvc": POINTER, ".github/x": ""})
    git(tmp_path, "add", "-A")
    for author in ("Ada\u2028L <7+ada-l@users.noreply.github.com>", "Bob <bob@example.org>", "Eve <e@example.org>"):
        for _ in range(3):
            git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x", f"--author={author}")
    plan = plan_on_disk(tmp_path, *RULES)

    [edit] = plan.edits
    assert edit.path == ".github/CODEOWNERS"
    assert edit.after.decode().splitlines()[-1] == "# /data/ @ada-l  # Ada L changed it most"
    assert [left.written for left in plan.left] == [".github/CODEOWNERS"]

    write(tmp_path, {edit.path: edit.after.decode()})
    git(tmp_path, "add", "-A")
    assert plan_on_disk(tmp_path, *RULES).edits == []
