"""``lifelint template`` in repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from lifelint.cli import group
from lifelint.kit.catalogue import BY_NAME
from tests.kit.conftest import Call, committed, git, tree


def test_the_list_says_where_by_what_and_for_which_rule(lifelint: Call, bikes: Path) -> None:
    before = tree(bikes)
    ran = lifelint("template", cwd=bikes)

    assert ran.code == 0
    assert "\n  writes .github/pull_request_template.md\n  $ lifelint template pull-request --apply\n" in ran.out
    assert "(data-sources-listed)\n  writes sources.yaml\n  $ lifelint fix data-sources-listed --apply" in ran.out
    assert "\n  $ lifelint init --only hooks --hooks --apply\n" in ran.out
    assert "scoping, subject: no rule asks for it here\n" in ran.out
    assert tree(bikes) == before


def test_the_list_has_every_template_of_a_rule_once(lifelint: Call, bikes: Path) -> None:
    found = lifelint("template", "--format", "json", cwd=bikes).json["templates"]
    shipped = (
        {path.name.split(".")[0] for path in Path("templates/fix").glob("[!_]*")}
        if Path("templates").exists()
        else set()
    )

    names = [one["name"] for one in found]
    assert len(names) == len(set(names))
    assert {*BY_NAME} < set(names) and shipped <= set(names)
    assert all(bool(one["paths"]) != bool(one["why"]) for one in found)


@pytest.mark.parametrize("name", BY_NAME)
def test_what_it_says_it_would_write_is_what_it_writes(lifelint: Call, bikes: Path, name: str) -> None:
    listed = {one["name"]: one for one in lifelint("template", "--format", "json", cwd=bikes).json["templates"]}
    ran = lifelint("template", name, "--apply", "--format", "json")

    assert ran.code == 0
    assert ran.json["written"] == listed[name]["paths"]
    assert all((bikes / path).is_file() for path in listed[name]["paths"])


@pytest.mark.parametrize("name", BY_NAME)
def test_git_takes_the_patch_and_it_is_what_apply_writes(
    lifelint: Call, bikes: Path, tmp_path: Path, name: str
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(bikes), str(other))
    ran = lifelint("template", name, cwd=bikes)
    subprocess.run(["git", "apply", "-"], cwd=other, input=ran.out.encode(), check=True)
    lifelint("template", name, "--apply")

    assert ran.out.endswith(f"\n# Next: lifelint template {name} --apply\n")
    assert {path: data for path, (data, _) in tree(other).items()} == {p: d for p, (d, _) in tree(bikes).items()}


@pytest.mark.parametrize("name", BY_NAME)
def test_applying_twice_changes_nothing(lifelint: Call, bikes: Path, name: str) -> None:
    lifelint("template", name, "--apply", cwd=bikes)
    after = tree(bikes)

    for _ in range(2):  # not added yet, and added
        ran = lifelint("template", name, "--apply")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("Nothing to write: ")
        assert tree(bikes) == after
        git(bikes, "add", "-A")


def test_a_symbolic_link_is_not_written_through(lifelint: Call, bikes: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (bikes / "docs/decisions").symlink_to(tmp_path / "elsewhere")
    ran = lifelint("template", "decision-record", "--apply", cwd=bikes)

    assert ran.code == 1
    assert "behind a symbolic link" in ran.err
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["pull-reqest"], "did you mean 'pull-request'?"),
        (["runbook"], "`lifelint fix runbook-filled rollback-procedure`"),
        (["model-card.md"], "`lifelint fix model-documented`"),
        (["hooks"], "`lifelint init --only hooks --hooks --apply`"),
        (["pull-request", "--title", "x"], "--title is that of a decision-record"),
        (["--apply"], "name the template"),
        (["pull-request", "--templates", "nowhere"], "does not exist"),
    ],
)
def test_wrong_usage_exits_2(lifelint: Call, bikes: Path, args: list[str], said: str) -> None:
    before = tree(bikes)
    ran = lifelint("template", *args, cwd=bikes)

    assert ran.code == 2
    assert said in ran.err
    assert tree(bikes) == before


def test_a_team_has_its_own_template(lifelint: Call, bikes: Path, tmp_path: Path) -> None:
    (tmp_path / "pull-request.md.j2").write_text("# Ours: {{ models | join }}\n")
    lifelint("template", "pull-request", "--apply", "--templates", str(tmp_path), cwd=bikes)

    assert (bikes / ".github/pull_request_template.md").read_text() == "# Ours: models/model.joblib\n"


def test_of_several_projects_it_is_the_one_around_the_folder(lifelint: Call, tmp_path: Path) -> None:
    gates = "schema: gates/v1\ngates: [{{metric: {}, op: '>=', threshold: 1}}]\n"
    files: dict[str, str | bytes] = {
        f"{one}/{name}": text
        for one in ("a", "b")
        for name, text in {
            "requirements.txt": "torch==2\n",
            "train.py": "",
            "gates.yaml": gates.format(f"auc_{one}"),
        }.items()
    }
    folder = committed(tmp_path / "r", files)

    ran = lifelint("template", "pull-request", "--forge", "github", cwd=folder / "b")
    assert "| auc_b | | |" in ran.out and "auc_a" not in ran.out
    ran = lifelint("template", "pull-request", "--forge", "github", cwd=folder)
    assert ran.code == 2
    assert "-C a or -C b" in ran.err


def test_outside_git_new_files_are_written(lifelint: Call, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import torch\n")

    assert lifelint("template", "decision-record", "--apply", cwd=tmp_path).code == 0
    assert lifelint("template", "decision-record", "--apply").code == 1
    assert (tmp_path / "docs/decisions/0001-decision.md").is_file()


def test_shells_complete_the_names() -> None:
    told = {"COMP_WORDS": "lifelint template pull", "COMP_CWORD": "2", "_LIFELINT_COMPLETE": "bash_complete"}

    assert CliRunner().invoke(group, prog_name="lifelint", env=told).output == "plain,pull-request\n"
