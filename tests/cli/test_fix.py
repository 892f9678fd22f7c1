"""``lifelint fix``: what is printed, what is written, and that nothing is lost."""

from __future__ import annotations

import io
import os
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lifelint.cli import fix
from lifelint.cli._disk import Disk
from lifelint.cli._edits import Refused, write
from lifelint.fix.noun import Edit, Plan
from lifelint.snapshot import Missing
from tests.cli.conftest import Ran
from tests.conftest import git
from tests.conftest import write as put
from tests.fix.conftest import committed, opened, tree

Run = Callable[..., Ran]
POINTER = "outs:\n- md5: 14d187e749ee5614e105741c719fa185\n  size: 4\n  hash: md5\n  path: {}\n"
FILES: dict[str, str | bytes] = {
    ".gitignore": "*.pyc\n",
    "a.csv.dvc": POINTER.format("a.csv"),
    "data/b.csv.dvc": POINTER.format("b.csv"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return committed(tmp_path / "repository", FILES)


class TestPlan:
    def test_it_is_a_patch_that_says_what_each_part_is_for(self, folder: Path, lifelint: Run) -> None:
        before = tree(folder)
        ran = lifelint("fix", "tracked-once", cwd=folder)

        assert ran.code == 0
        assert ran.out.startswith("# tracked-once: names what DVC keeps in the .gitignore beside it (mechanical")
        assert "#   a.csv: a.csv is kept in DVC's cache" in ran.out
        assert "--- a/.gitignore\n+++ b/.gitignore\n@@ -1 +1,2 @@\n *.pyc\n+/a.csv\n" in ran.out
        assert "new file mode 100644\n--- /dev/null\n+++ b/data/.gitignore\n" in ran.out
        assert tree(folder) == before

    def test_what_nothing_mends_is_left_to_a_person_with_what_to_do(self, folder: Path, lifelint: Run) -> None:
        put(folder, {"a.csv": "x"})
        git(folder, "add", "-f", "a.csv")
        ran = lifelint("fix", "tracked-once", cwd=folder)

        assert ran.code == 1
        assert "# Left to you:\n# tracked-once: " in ran.out
        assert "(git tracks it: `git rm -r --cached a.csv` leaves" in " ".join(ran.out.replace("#", "").split())
        assert "#   > Decide who keeps it." in ran.out
        assert "b/data/.gitignore" in ran.out

    def test_nothing_fails(self, folder: Path, lifelint: Run) -> None:
        ran = lifelint("fix", "lfs-tracked-is-pointer", cwd=folder)

        assert (ran.code, ran.out) == (0, "# Nothing fails that could be mended.\n")

    def test_without_rules_all_up_to_the_target(self, folder: Path, lifelint: Run) -> None:
        ran = lifelint("fix", cwd=folder)

        assert ran.code == 1
        assert "+/a.csv" in ran.out and "# dataset-documented: " in ran.out

    def test_an_unknown_rule(self, folder: Path, lifelint: Run) -> None:
        ran = lifelint("fix", "tracked-onc", cwd=folder)

        assert ran.code == 2
        assert "tracked-once" in ran.err

    def test_json(self, folder: Path, lifelint: Run) -> None:
        found = lifelint("fix", "tracked-once", "--format", "json", cwd=folder).json

        assert found["written"] == [] and found["left"] == []
        assert [(fix["subject"], fix["kind"], fix["paths"]) for fix in found["fixes"]] == [
            ("a.csv", "mechanical", [".gitignore"]),
            ("data/b.csv", "mechanical", ["data/.gitignore"]),
        ]
        assert found["steps"][0]["patch"].startswith("diff --git a/.gitignore b/.gitignore\n")


class TestPlace:
    """Which repository is meant, and which folder in it."""

    def test_another_repository(self, folder: Path, tmp_path: Path, lifelint: Run) -> None:
        for words in (("tracked-once", "repository"), ("repository", "tracked-once"), ("tracked-once", str(folder))):
            ran = lifelint("fix", *words, cwd=tmp_path)

            assert ran.code == 0
            assert "+++ b/.gitignore" in ran.out and "+++ b/data/.gitignore" in ran.out

    def test_a_path_alone_is_of_all_rules(self, folder: Path, tmp_path: Path, lifelint: Run) -> None:
        ran = lifelint("fix", "repository", cwd=tmp_path)

        assert "+/a.csv" in ran.out and "# dataset-documented: " in ran.out

    def test_a_folder_inside_is_looked_at_alone(self, folder: Path, lifelint: Run) -> None:
        ran = lifelint("fix", "tracked-once", "data", "--apply", cwd=folder)

        assert ran.out.startswith("wrote data/.gitignore\ntracked-once: ")
        assert (folder / ".gitignore").read_text() == "*.pyc\n"
        assert (folder / "data/.gitignore").read_text() == "/b.csv\n"

    def test_the_current_folder_is_one_too(self, folder: Path, lifelint: Run) -> None:
        assert "b/.gitignore" not in lifelint("fix", "tracked-once", ".", cwd=folder / "data").out

    def test_a_rule_comes_before_a_folder_of_its_name(self, folder: Path, lifelint: Run) -> None:
        put(folder, {"tracked-once/c.csv.dvc": POINTER.format("c.csv")})
        git(folder, "add", "-A")

        assert "b/data/.gitignore" in lifelint("fix", "tracked-once", cwd=folder).out
        ran = lifelint("fix", "tracked-once", "./tracked-once", cwd=folder)
        assert "b/tracked-once/.gitignore" in ran.out and "b/data/.gitignore" not in ran.out

    def test_so_does_a_rule_of_the_repository(self, folder: Path, lifelint: Run) -> None:
        rule = """\
            title: Nothing is called data
            phases: [data]
            principle: collaboration
            level: 1
            severity: error
            strength: declared
            check: expression.holds
            params: {each: pointers, expect: "false"}
            looks_at: data
            rationale: It is.
            remediation: Call it otherwise.
            examples:
              - {title: nothing at all, files: {a.txt: ""}, outcome: not-applicable}
              - {title: some, files: {a.csv.dvc: "outs: [{path: a.csv}]"}, outcome: fail}
            """
        put(folder, {"policy/data.yaml": textwrap.dedent(rule), "lifelint.toml": 'rules = ["policy/*.yaml"]\n'})
        git(folder, "add", "-A")

        assert "# data: Nothing is called data" in lifelint("fix", "data", cwd=folder).out
        assert "b/.gitignore" not in lifelint("fix", "data", "tracked-once", "./data", cwd=folder).out

    def test_neither_rule_nor_folder(self, folder: Path, lifelint: Run) -> None:
        ran = lifelint("fix", "dat", cwd=folder)

        assert ran.code == 2
        assert "there is no rule and no folder 'dat'" in ran.err

    @pytest.mark.parametrize(
        ("words", "why"),
        [(("data", "."), "give one folder: 'data' and '.' are 2"), (("a.csv.dvc",), "a.csv.dvc is a file: give a")],
    )
    def test_wrong_usage(self, words: tuple[str, ...], why: str, folder: Path, lifelint: Run) -> None:
        ran = lifelint("fix", *words, cwd=folder)

        assert ran.code == 2
        assert why in ran.err


class TestApply:
    def test_it_writes_and_says_so(self, folder: Path, lifelint: Run) -> None:
        ran = lifelint("fix", "tracked-once", "--apply", cwd=folder)

        assert ran.code == 0
        assert ran.out.startswith("wrote .gitignore\nwrote data/.gitignore\n")
        assert ran.out.endswith("Next: git add data/.gitignore\n")
        assert (folder / ".gitignore").read_text() == "*.pyc\n/a.csv\n"
        assert git(folder, "status", "--porcelain").splitlines() == ["M .gitignore", "?? data/.gitignore"]
        assert list(folder.rglob(".lifelint-*")) == []

    def test_from_a_folder_inside(self, folder: Path, lifelint: Run) -> None:
        ran = lifelint("fix", "tracked-once", "--apply", cwd=folder / "data")

        assert ran.out.endswith("Next: git add .gitignore\n")
        assert (folder / "data/.gitignore").exists()

    def test_what_a_pattern_ignores_is_added_too(self, folder: Path, lifelint: Run) -> None:
        (folder / ".gitignore").write_text(".gitignore\n")
        git(folder, "commit", "-qam", "Ignore what ignores")
        ran = lifelint("fix", "tracked-once", "--apply", cwd=folder)

        assert ran.out.endswith("Next: git add -f data/.gitignore\n")
        git(folder, "add", "-f", "data/.gitignore")
        assert git(folder, "status", "--porcelain").splitlines() == ["M .gitignore", "A  data/.gitignore"]

    def test_a_template_that_git_was_not_given_yet_is_told(self, folder: Path, lifelint: Run) -> None:
        lifelint("fix", "dataset-documented", "--apply", cwd=folder)
        ran = lifelint("fix", "dataset-documented", cwd=folder)

        assert "dataset_card.md is there and not tracked by git: `git add` it" in " ".join(ran.out.split())

    def test_a_bare_repository_has_nothing_to_write_to(self, folder: Path, tmp_path: Path, lifelint: Run) -> None:
        bare = tmp_path / "bare"
        git(tmp_path, "clone", "-q", "--bare", str(folder), str(bare))
        before = tree(bare)
        ran = lifelint("fix", "tracked-once", "--apply", cwd=bare)

        assert ran.code == 1
        assert "the repository is bare" in ran.out
        assert tree(bare) == before

    def test_again_nothing_changes(self, folder: Path, lifelint: Run) -> None:
        lifelint("fix", "tracked-once", "--apply", cwd=folder)
        after = tree(folder)

        ran = lifelint("fix", "tracked-once", "--apply", cwd=folder)  # data/.gitignore is not added yet
        assert "data/.gitignore is there and not tracked by git" in ran.out
        git(folder, "add", "-A")
        assert lifelint("fix", "tracked-once", "--apply", cwd=folder).out.startswith("Nothing was written.")
        assert tree(folder) == after

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (b"*.pyc\r\n", b"*.pyc\r\n/a.csv\r\n"),
            (b"*.pyc", b"*.pyc\n/a.csv"),
            (b"x\r\n*.pyc", b"x\r\n*.pyc\r\n/a.csv"),
            (b"\xef\xbb\xbf# c\xff\n", b"\xef\xbb\xbf# c\xff\n/a.csv\n"),
            (b"", b"/a.csv\n"),
        ],
    )
    def test_line_ends_marks_and_odd_bytes_stay(
        self, before: bytes, after: bytes, tmp_path: Path, lifelint: Run
    ) -> None:
        folder = committed(tmp_path / "r", {**FILES, ".gitignore": before})
        (folder / ".gitignore").chmod(0o755)
        git(folder, "commit", "-qam", "mode")
        lifelint("fix", "tracked-once", "--apply", cwd=folder)

        assert (folder / ".gitignore").read_bytes() == after
        assert (folder / ".gitignore").stat().st_mode & 0o777 == 0o755

    def test_line_ends_that_git_converts(self, folder: Path, lifelint: Run) -> None:
        git(folder, "config", "core.autocrlf", "true")
        (folder / ".gitignore").unlink()
        git(folder, "checkout", "-q", "--", ".gitignore")
        assert (folder / ".gitignore").read_bytes() == b"*.pyc\r\n"
        plan = lifelint("fix", "tracked-once", cwd=folder).out

        lifelint("fix", "tracked-once", "--apply", cwd=folder)
        assert (folder / ".gitignore").read_bytes() == b"*.pyc\r\n/a.csv\r\n"

        git(folder, "checkout", "-q", "--", ".gitignore")
        (folder / "data/.gitignore").unlink()
        subprocess.run(["git", "-C", str(folder), "apply"], input=plan.encode(), check=True)
        assert (folder / ".gitignore").read_bytes() == b"*.pyc\r\n/a.csv\r\n"


class TestInteractive:
    @pytest.mark.parametrize(
        ("answers", "top", "inner"),
        [("y\ny\n", True, True), ("n\ny\n", False, True), ("y\nq\n", True, False), ("q\n", False, False)],
    )
    def test_it_asks_of_each(
        self, answers: str, top: bool, inner: bool, folder: Path, lifelint: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        ran = lifelint("fix", "tracked-once", "--interactive", cwd=folder)

        assert ran.out.count("Make this change?") == answers.count("\n")
        assert ((folder / ".gitignore").read_text() == "*.pyc\n/a.csv\n") is top
        assert (folder / "data/.gitignore").exists() is inner
        assert ran.code == (0 if top and inner else 1)

    def test_nothing_is_written_when_the_answers_end(
        self, folder: Path, lifelint: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = tree(folder)
        monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

        assert lifelint("fix", "tracked-once", "--interactive", cwd=folder).code == 130
        assert tree(folder) == before

    def test_not_with_json(self, folder: Path, lifelint: Run) -> None:
        assert lifelint("fix", "--interactive", "--format", "json", cwd=folder).code == 2


class TestNothingIsLost:
    def refused(self, folder: Path, lifelint: Run, why: str) -> None:
        before = tree(folder)
        ran = lifelint("fix", "tracked-once", "--apply", cwd=folder)

        assert ran.code == 1
        assert why in " ".join(ran.out.split())
        after = tree(folder)
        assert {path: after[path] for path in before} == before
        assert {path for path in after if path not in before} <= {"data/.gitignore"}

    def test_uncommitted_changes(self, folder: Path, lifelint: Run) -> None:
        (folder / ".gitignore").write_text("mine\n")

        self.refused(folder, lifelint, ".gitignore has changes that are in no commit")

        ran = lifelint("fix", "tracked-once", "--apply", "--allow-dirty", cwd=folder)
        assert (folder / ".gitignore").read_text() == "mine\n/a.csv\n", ran

    def test_staged_changes(self, folder: Path, lifelint: Run) -> None:
        (folder / ".gitignore").write_text("mine\n")
        git(folder, "add", ".gitignore")

        self.refused(folder, lifelint, ".gitignore has changes that are in no commit")

    def test_read_only(self, folder: Path, lifelint: Run) -> None:
        (folder / ".gitignore").chmod(0o444)

        self.refused(folder, lifelint, ".gitignore is read-only")

    @pytest.mark.parametrize("target", ["inside", "../outside"])
    def test_symlinks(self, target: str, tmp_path: Path, lifelint: Run) -> None:
        folder = committed(tmp_path / "r", {"a.csv.dvc": FILES["a.csv.dvc"], "inside": "x\n"})
        put(tmp_path, {"outside": "x\n"})
        (folder / ".gitignore").symlink_to(target)

        self.refused(folder, lifelint, "is a symbolic link")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "link")
        self.refused(folder, lifelint, "is a symbolic link")
        assert (tmp_path / "outside").read_text() == "x\n"

    def test_a_folder_that_is_a_symlink(self, tmp_path: Path, lifelint: Run) -> None:
        folder = committed(tmp_path / "r", {"dvc.yaml": "stages: {}\n", "x": POINTER.format("elsewhere/b.csv")})
        (tmp_path / "outside").mkdir()
        (folder / "elsewhere").symlink_to("../outside")
        git(folder, "mv", "x", "x.dvc")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "link")

        lifelint("fix", "tracked-once", "--apply", cwd=folder)

        assert list((tmp_path / "outside").iterdir()) == []

    def test_an_untracked_file(self, folder: Path, lifelint: Run) -> None:
        put(folder, {"data/.gitignore": "mine\n"})
        ran = lifelint("fix", "tracked-once", "--apply", cwd=folder)

        assert ran.code == 1
        assert "data/.gitignore is there and not tracked by git" in ran.out
        assert (folder / "data/.gitignore").read_text() == "mine\n"


class TestWrite:
    """What happens between the plan and the writing."""

    def edits(self) -> list[Edit]:
        return [Edit(".gitignore", b"*.pyc\n", b"new\n"), Edit("data/.gitignore", None, b"new\n")]

    def refused(self, folder: Path, why: str) -> None:
        before = tree(folder)
        with opened(folder) as (_, disk), pytest.raises(Refused, match=why) as raised:
            write(disk, self.edits())
        assert raised.value.written == ()
        assert tree(folder) == before

    def test_a_file_that_changed(self, folder: Path) -> None:
        (folder / ".gitignore").write_text("theirs\n")

        self.refused(folder, r"\.gitignore has changes")

    def test_a_file_that_changed_and_was_committed(self, folder: Path) -> None:
        (folder / ".gitignore").write_text("theirs\n")
        git(folder, "commit", "-qam", "theirs")

        self.refused(folder, r"\.gitignore has changed since the plan was made")

    def test_a_file_that_appeared(self, folder: Path) -> None:
        put(folder, {"data/.gitignore": "theirs\n"})

        self.refused(folder, r"data/\.gitignore is there")

    def test_a_file_that_is_gone(self, folder: Path) -> None:
        (folder / ".gitignore").unlink()

        self.refused(folder, r"\.gitignore has changed since the plan was made")

    def test_a_file_that_appears_while_it_is_written(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        link = os.link

        def late(source: str, target: str, **more: object) -> None:
            put(folder, {"data/.gitignore": "theirs\n"})
            link(source, target, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "link", late)
        with opened(folder) as (_, disk), pytest.raises(Refused) as raised:
            write(disk, self.edits())

        assert (folder / "data/.gitignore").read_text() == "theirs\n"
        assert raised.value.written == [".gitignore"]
        assert list(folder.rglob(".lifelint-*")) == []

    def test_a_file_that_changes_while_another_is_written(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        replace = os.replace

        def late(source: str, target: str) -> None:
            replace(source, target)
            (folder / "a.csv.dvc").write_text("theirs\n")

        monkeypatch.setattr(os, "replace", late)
        edits = [self.edits()[0], Edit("a.csv.dvc", str(FILES["a.csv.dvc"]).encode(), b"ours\n")]
        with opened(folder) as (_, disk), pytest.raises(Refused, match="since the plan was made"):
            write(disk, edits)

        assert (folder / "a.csv.dvc").read_text() == "theirs\n"

    @pytest.mark.parametrize(
        "path",
        ["../x", "/etc/x", "a/../../x", ".git/config", "a/.GIT/hooks/x", "", "a//b", "./a", "a\0b", "a.csv.dvc/x"],
    )
    def test_paths_that_lead_elsewhere(self, path: str, folder: Path) -> None:
        with opened(folder) as (_, disk):
            assert isinstance(disk.held(path), Missing)

    def test_the_command_says_so_and_exits_2(
        self, folder: Path, lifelint: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        planned = fix._planned

        def late(*args: Any) -> Plan:
            plan = planned(*args)
            put(folder, {"data/.gitignore": "theirs\n"})
            return plan

        monkeypatch.setattr(fix, "_planned", late)
        ran = lifelint("fix", "tracked-once", "--apply", cwd=folder)

        assert ran.code == 2
        assert "data/.gitignore is there and not tracked by git" in ran.err
        assert "Nothing else was written" in ran.err
        assert (folder / ".gitignore").read_text() == "*.pyc\n"

    def test_a_submodule(self, folder: Path, tmp_path: Path) -> None:
        git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
        git(folder, "commit", "-qm", "sub")
        with opened(folder) as (_, disk):
            assert disk.held("sub/.gitignore") == Missing("lies behind sub, which is a submodule")

    def test_folders_are_made(self, folder: Path) -> None:
        with opened(folder) as (_, disk):
            assert write(disk, [Edit("new/er/file", None, b"x")]) == ["new/er/file"]
        assert (folder / "new/er/file").read_bytes() == b"x"

    def test_outside_of_git(self, tmp_path: Path, lifelint: Run) -> None:
        put(tmp_path, FILES)
        before = tree(tmp_path)
        ran = lifelint("fix", "tracked-once", "--apply", cwd=tmp_path)

        assert ran.code == 1
        assert "in no commit" in ran.out
        assert "wrote data/.gitignore\n" in ran.out and "Next:" not in ran.out
        assert {path: data for path, data in tree(tmp_path).items() if path in before} == before


def test_a_disk_knows_what_it_holds(folder: Path) -> None:
    with opened(folder) as (snapshot, disk):
        assert disk.held(".gitignore") == b"*.pyc\n"
        assert disk.held("nothing") is None
        assert Disk(snapshot).place("a/b") == os.path.realpath(folder / "a/b")
