"""``lifelint init`` on repositories: what is printed, what is written, and that a check passes then."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from lifelint.cli._disk import Disk
from tests.init.conftest import Call, Made, committed, git, tree, write

COMMITTED = {"README.md", "requirements.txt", "train.py", "Dockerfile"}


def at_github(folder: Path) -> Path:
    git(folder, "remote", "add", "origin", "git@github.com:acme/churn.git")
    return folder


class TestFreshProject:
    def test_it_is_a_patch_that_says_what_each_part_is_for(self, lifelint: Call, fresh: Path) -> None:
        before = tree(at_github(fresh))
        ran = lifelint("init", cwd=fresh)

        assert ran.code == 0
        assert ran.out.startswith("# configuration: lifelint.toml\n#   The stage is exploring, because ")
        assert "# check of each change: .github/workflows/lifelint.yml\n" in ran.out
        assert "# baseline: lifelint-baseline.json\n#   3 problems that nobody has to mend today: " in ran.out
        assert "# No hooks of pre-commit: there is no .pre-commit-config.yaml; --hooks makes one.\n" in ran.out
        assert "# With it, lifelint check passes: level 0 (uncontrolled), target 2, 3 known problems.\n" in ran.out
        assert tree(fresh) == before

    def test_git_takes_it_and_it_is_what_apply_writes(self, lifelint: Call, fresh: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        git(tmp_path, "clone", "-q", str(at_github(fresh)), str(other))
        patch = lifelint("init", cwd=fresh).out.encode()
        subprocess.run(["git", "apply", "-"], cwd=other, input=patch, check=True)
        lifelint("init", "--apply", cwd=fresh)

        assert {path: data for path, (data, _) in tree(other).items()} == {p: d for p, (d, _) in tree(fresh).items()}

    def test_then_a_check_passes_alone_and_as_a_change(self, lifelint: Call, fresh: Path) -> None:
        assert lifelint("check", cwd=fresh).code == 1
        lifelint("init", "--apply", "--hooks", cwd=at_github(fresh))
        git(fresh, "add", "-A")

        assert lifelint("check").code == 0
        assert lifelint("check", "--staged").code == 0
        assert lifelint("check", "--base", "HEAD", "--fail-on", "new-warning").code == 0
        assert lifelint("check", "--staged", *git(fresh, "ls-files").split()).code == 0
        assert "(0 added, 0 taken out)" in lifelint("baseline", "update").out

    def test_what_gets_worse_afterwards_fails(self, lifelint: Call, fresh: Path) -> None:
        lifelint("init", "--apply", cwd=fresh)
        (fresh / "requirements.txt").write_text("scikit-learn\npandas>=2\nnumpy\n")
        git(fresh, "add", "-A")

        assert lifelint("check").code == 1

    def test_applying_twice_changes_nothing(self, lifelint: Call, fresh: Path) -> None:
        ran = lifelint("init", "--apply", "--hooks", cwd=at_github(fresh))
        after = tree(fresh)
        assert ran.out.startswith("wrote lifelint.toml\nwrote .pre-commit-config.yaml\n")
        added = ran.out.split("  git add ")[1].split("  # then commit")[0].split()
        assert set(added) == {path for path in after if path not in COMMITTED}

        for _ in range(2):  # not added yet, and added
            ran = lifelint("init", "--apply", "--hooks")
            assert ran.out.startswith("Nothing was written.\n")
            assert tree(fresh) == after
            git(fresh, "add", "-A")
        git(fresh, "commit", "-qm", "Begin")
        assert lifelint("init", "--apply", "--hooks").out.startswith("Nothing was written.\n")
        assert tree(fresh) == after

    def test_the_next_steps_are_three_lines(self, lifelint: Call, fresh: Path) -> None:
        lines = lifelint("init", "--no-baseline", cwd=fresh / ".").out.splitlines()

        assert lines[-4] == "# Next:"
        assert lines[-3].startswith("#   lifelint init --apply --no-baseline  ")
        assert [line.split()[1:3] for line in lines[-2:]] == [["lifelint", "check"], ["lifelint", "plan"]]

    def test_as_json(self, lifelint: Call, fresh: Path) -> None:
        found = lifelint("init", "--format", "json", cwd=at_github(fresh)).json

        assert found["written"] == []
        assert [(one["part"], one["paths"]) for one in found["proposed"]] == [
            ("config", ["lifelint.toml"]),
            ("workflow", [".github/workflows/lifelint.yml"]),
            ("baseline", ["lifelint-baseline.json"]),
        ]
        assert [one["part"] for one in found["left_out"]] == ["hooks"]
        assert found["outlook"] == {
            "passes": True, "reasons": [], "projects": 1, "level": 0, "target": 2, "known": 3, "not_judged": ""
        }  # fmt: skip
        assert found["proposed"][0]["patch"].startswith("diff --git a/lifelint.toml b/lifelint.toml\nnew file mode")


class TestParts:
    @pytest.mark.parametrize(
        ("args", "parts"),
        [
            (["--only", "config"], ["config"]),
            (["--only", "workflow", "--only", "config"], ["config", "workflow"]),
            (["--only", "baseline"], ["baseline"]),
            (["--no-baseline"], ["config", "workflow"]),
            (["--only", "hooks"], []),
            (["--only", "hooks", "--hooks"], ["hooks"]),
        ],
    )
    def test_only_what_is_asked_for(self, lifelint: Call, fresh: Path, args: list[str], parts: list[str]) -> None:
        found = lifelint("init", "--format", "json", *args, cwd=at_github(fresh)).json

        assert [one["part"] for one in found["proposed"]] == parts

    def test_without_a_baseline_it_says_that_a_check_fails(self, lifelint: Call, fresh: Path) -> None:
        ran = lifelint("init", "--no-baseline", cwd=fresh)

        assert "# With it, lifelint check does not pass: level 0 (uncontrolled), target 2.\n" in ran.out
        assert "#   2 rules of severity error failed\n" in ran.out

    @pytest.mark.parametrize(
        "args",
        [["--no-baseline", "--only", "baseline"], ["--only", "everything"], ["nowhere"], ["train.py"], ["a", "b"]],
    )
    def test_wrong_usage_exits_2(self, lifelint: Call, fresh: Path, args: list[str]) -> None:
        before = tree(fresh)

        assert lifelint("init", "--apply", *args, cwd=fresh).code == 2
        assert tree(fresh) == before

    def test_a_folder_means_the_repository_around_it(self, lifelint: Call, fresh: Path) -> None:
        write(fresh, {"src/a.py": ""})
        ran = lifelint("init", "src", "--apply", "--only", "config", cwd=fresh)

        assert ran.out.startswith("wrote lifelint.toml\n")
        assert "--only" not in ran.out
        assert (fresh / "lifelint.toml").exists()


class TestOtherRepositories:
    def test_one_without_a_commit(self, lifelint: Call, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        ran = lifelint("init", "--apply", cwd=tmp_path)

        assert ran.code == 0
        assert ran.out.startswith("wrote lifelint.toml\n")
        assert "No baseline: nothing fails at or below the target level" in ran.out
        git(tmp_path, "add", "-A")
        assert lifelint("check").code == 0

    def test_a_folder_without_git(self, lifelint: Call, tmp_path: Path) -> None:
        pyproject = '[project]\nname = "a"\nversion = "1"\n'
        write(tmp_path, {"pyproject.toml": pyproject, "requirements.txt": "torch\n", "train.py": "import torch\n"})
        before = (tmp_path / "pyproject.toml").read_bytes()
        ran = lifelint("init", "--apply", cwd=tmp_path)

        assert ran.code == 0
        assert "wrote lifelint.toml\nwrote lifelint-baseline.json\n" in ran.out
        assert "git add" not in ran.out
        assert (tmp_path / "pyproject.toml").read_bytes() == before  # nobody could take it back
        assert lifelint("check").code == 0
        assert lifelint("init", "--apply").out.startswith("Nothing was written.\n")

    def test_a_bare_one_has_nothing_to_write_to(self, lifelint: Call, fresh: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "-q", "--bare", str(fresh), str(tmp_path / "bare"))
        before = tree(tmp_path / "bare")
        ran = lifelint("init", "--apply", cwd=tmp_path / "bare")

        assert ran.code == 2
        assert "is a bare repository" in ran.err
        assert tree(tmp_path / "bare") == before

    def test_one_whose_patterns_make_git_ignore_what_is_new(self, lifelint: Call, fresh: Path) -> None:
        write(fresh, {".gitignore": "*.json\n!package.json\n"})
        git(fresh, "add", "-A")
        git(fresh, "commit", "-qm", "Ignore")
        told = " ".join(lifelint("init", cwd=fresh).out.replace("#", "").split())
        assert "make git ignore lifelint-baseline.json: git add -f takes it." in told
        ran = lifelint("init", "--apply", cwd=fresh)

        command = ran.out.split("Next:\n  ")[1].split("  ")[0]
        assert command == "git add -f lifelint.toml lifelint-baseline.json"
        git(fresh, *command.split()[1:])
        assert lifelint("check", cwd=fresh).code == 0

    def test_a_clone_that_lacks_files_is_told_what_was_not_judged(
        self, lifelint: Call, fresh: Path, tmp_path: Path
    ) -> None:
        git(fresh, "config", "uploadpack.allowFilter", "true")
        clone = tmp_path / "partial"
        git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{fresh}", str(clone))
        git(clone, "reset", "-q")
        ran = lifelint("init", cwd=clone)

        assert ran.code == 0, ran.err
        told = " ".join(ran.out.replace("#", "").split())
        assert "Not all of it was judged: 3 files, Dockerfile among them, are not in this clone" in told

    def test_a_monorepo_is_judged_project_by_project(self, lifelint: Call, tmp_path: Path) -> None:
        part = {"requirements.txt": "torch\n", "train.py": "import torch\n"}
        files = {f"{root}/{name}": text for root in ("churn", "fraud") for name, text in part.items()}
        folder = committed(tmp_path / "r", {**files, "requirements.txt": "ruff==0.8.0\n"})
        ran = lifelint("init", "--apply", cwd=folder)
        git(folder, "add", "-A")

        assert "level 0 (uncontrolled) of the lowest of 3 projects" in ran.out
        found = lifelint("check", "--format", "json")
        assert found.code == 0
        assert [project["root"] for project in found.json["projects"]] == [".", "churn", "fraud"]
        held = json.loads((folder / "lifelint-baseline.json").read_text())["problems"]
        assert {one["project"] for one in held} >= {"churn", "fraud"}

    def test_one_that_is_configured_keeps_what_it_has(self, lifelint: Call, tmp_path: Path) -> None:
        pyproject = b"# ours\r\n[tool.ruff]\r\n\r\n[tool.lifelint]\r\nstage = 'piloting'  # agreed\r\n"
        hooks = b"repos:  # all\r\n  - repo: local\r\n    hooks: []\r\n"
        folder = committed(tmp_path / "r", {"pyproject.toml": pyproject, ".pre-commit-config.yaml": hooks})
        ran = lifelint("init", "--apply", cwd=folder)

        assert "No configuration: pyproject.toml holds one, which stays as it is.\n" in ran.out
        assert "target 3" in ran.out
        assert (folder / "pyproject.toml").read_bytes() == pyproject
        after = (folder / ".pre-commit-config.yaml").read_bytes()
        assert after.startswith(hooks) and after.endswith(b"      - id: lifelint-repo\r\n")

    def test_a_broken_configuration_is_told_with_its_line(self, lifelint: Call, fresh: Path) -> None:
        write(fresh, {"lifelint.toml": "stage = 'done'\n"})
        git(fresh, "add", "-A")
        ran = lifelint("init", "--apply", cwd=fresh)

        assert ran.code == 2
        assert "lifelint.toml:1: stage is 'done'" in ran.err

    def test_what_its_own_rules_refuse_is_not_proposed(self, lifelint: Call, fresh: Path) -> None:
        rule = """\
title: Every prepared action is named by a commit
principle: reproducibility
phases: [operation]
level: 1
severity: error
strength: present
check: expression.holds
params:
  each: ci_commands
  where: it.text.startsWith("uses:")
  expect: it.text.matches("@[0-9a-f]{40}$")
  message: it.text
looks_at: actions
rationale: |
  A tag can be moved.
remediation: |
  Write the commit.
examples:
  - title: a tag
    files: {.github/workflows/a.yml: "on: push\\njobs: {a: {runs-on: x, steps: [{uses: a/b@v1}]}}\\n"}
    outcome: fail
"""
        write(fresh, {"lifelint.toml": "rules = ['policy/*.yaml']\n", "policy/actions.yaml": rule})
        git(fresh, "add", "-A")
        git(fresh, "commit", "-qm", "Demand commits")
        ran = lifelint("init", cwd=at_github(fresh))

        assert ran.code == 0, ran.err
        assert "# No check of each change: it would make" in ran.out
        assert "diff --git a/.github" not in ran.out


def untouched(lifelint: Call, folder: Path, name: str) -> str:
    """What is told of a file that must not be changed, and is not."""
    before = (folder / name).read_bytes()
    ran = lifelint("init", "--apply", cwd=folder)
    assert ran.code == 0, ran.err
    assert (folder / name).read_bytes() == before
    return " ".join(ran.out.split())


class TestNothingIsLost:
    FILES: Mapping[str, str | bytes] = {
        "pyproject.toml": "[tool.ruff]\n",
        ".pre-commit-config.yaml": "repos:\n  - repo: local\n    hooks: []\n",
        ".gitlab-ci.yml": "a: {script: [ls]}\n",
    }

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return committed(tmp_path / "r", self.FILES)

    @pytest.mark.parametrize("name", list(FILES))
    def test_files_with_changes_that_are_in_no_commit(self, lifelint: Call, folder: Path, name: str) -> None:
        with (folder / name).open("a") as file:
            file.write("# being written\n")

        assert f"{name} has changes that are in no commit" in untouched(lifelint, folder, name)

    def test_such_files_if_it_is_wanted(self, lifelint: Call, folder: Path) -> None:
        with (folder / "pyproject.toml").open("a") as file:
            file.write("# being written\n")
        lifelint("init", "--apply", "--allow-dirty", cwd=folder)

        text = (folder / "pyproject.toml").read_text()
        assert text.startswith("[tool.ruff]\n# being written\n\n[tool.lifelint]\n")

    @pytest.mark.parametrize("name", list(FILES))
    def test_read_only_files(self, lifelint: Call, folder: Path, name: str) -> None:
        (folder / name).chmod(0o444)

        assert f"{name} is read-only" in untouched(lifelint, folder, name)

    @pytest.mark.parametrize("name", [*FILES, "lifelint.toml", "lifelint-baseline.json"])
    def test_symbolic_links(self, lifelint: Call, folder: Path, tmp_path: Path, name: str) -> None:
        target = tmp_path / "elsewhere"
        target.write_text("")
        write(folder, {"requirements.txt": "torch\n", "train.py": "import torch\n", "pyproject.toml": "[a\n"})
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "Link")
        lifelint("init", "--apply", cwd=folder)

        assert (folder / name).is_symlink()
        assert target.read_text() == ""

    def test_a_folder_that_is_a_link(self, lifelint: Call, fresh: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (fresh / ".github").symlink_to(tmp_path / "elsewhere")
        git(fresh, "add", "-A")
        git(fresh, "commit", "-qm", "Link")
        ran = lifelint("init", "--apply", cwd=at_github(fresh))

        assert "lies behind .github, which is a symbolic link" in " ".join(ran.out.split())
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_what_appears_in_between(self, lifelint: Call, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from lifelint.cli import init

        made = init._begun

        def late(state: object, disk: Disk, parts: object, hooks: bool) -> object:
            found = made(state, disk, parts, hooks)  # type: ignore[arg-type]
            write(fresh, {"lifelint-baseline.json": "mine\n"})
            return found

        monkeypatch.setattr(init, "_begun", late)
        ran = lifelint("init", "--apply", cwd=fresh)

        assert ran.code == 2
        assert "lifelint-baseline.json" in ran.err and "Nothing else was written" in ran.err
        assert (fresh / "lifelint-baseline.json").read_text() == "mine\n"
        assert not (fresh / "lifelint.toml").exists()


@pytest.mark.skipif(os.name == "nt", reason="such names are not possible there")
def test_hostile_names_reach_neither_files_nor_terminal(lifelint: Call, repository: Made) -> None:
    name = "sub\x1b[31m\u202e"
    folder = repository(
        {
            f"{name}/requirements.txt": "torch\n",
            f"{name}/train.py": "import torch\n",
            f"{name}/cog.yaml": "predict: predict.py:P\n",
            "other/requirements.txt": "torch\n",
            "other/train.py": "import torch\n",
        }
    )
    ran = lifelint("init", cwd=folder)

    assert ran.code == 0
    assert "\x1b" not in ran.out and "\u202e" not in ran.out
    lifelint("init", "--apply", cwd=folder)
    git(folder, "add", "-A")
    assert lifelint("check", cwd=folder).code == 0
    assert "\x1b" not in (folder / "lifelint.toml").read_text()
