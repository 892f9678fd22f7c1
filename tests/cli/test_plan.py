"""``lifelint plan`` on repositories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.conftest import git, write

Make = Callable[[Mapping[str, str]], Path]
Call = Callable[..., Ran]

FILES = {
    "prepare.py": "import pandas\n",
    "requirements.txt": "pandas>=2\nscikit-learn\n",
    "lifelint.toml": "",
}


def test_each_step_says_what_to_type(lifelint: Call, repository: Make) -> None:
    ran = lifelint("plan", cwd=repository(FILES))

    assert ran.code == 0
    assert ran.out.startswith("From level 0 (uncontrolled) to level 1 (agreed): ")
    assert "environment-pinned" in ran.out
    assert "$ lifelint explain environment-pinned" in ran.out
    assert "When all of that holds, the project is at level 1 (agreed)." in ran.out


def test_of_another_folder_the_commands_name_it(lifelint: Call, repository: Make, tmp_path: Path) -> None:
    folder, elsewhere = repository(FILES), tmp_path / "else where"
    folder.rename(elsewhere)
    told = lifelint("plan", "else where", cwd=tmp_path).out
    [project] = lifelint("plan", "else where", "--format", "json", cwd=tmp_path).json["projects"]

    command = "lifelint -C 'else where' explain environment-pinned"
    assert f"    $ {command}\n" in told
    assert [command] in [step["commands"] for step in project["steps"]]


def test_of_a_fix_that_mends_a_part_it_is_said_which(lifelint: Call, repository: Make) -> None:
    pointer = "outs:\n- md5: 14d187e749ee5614e105741c719fa185\n  size: 4\n  hash: md5\n  path: {}\n"
    both = {f"{name}.dvc": pointer.format(name) for name in ("a.csv", "b.csv")}
    told = lifelint("plan", cwd=repository({**FILES, **both, "b.csv": "x"})).out.partition("tracked-once")[2]

    assert "$ lifelint fix tracked-once --apply  # mends 1 of 2\n    $ lifelint explain tracked-once\n" in told


def test_a_folder_inside_has_a_way_of_its_own(lifelint: Call, repository: Make) -> None:
    pointer = "outs:\n- md5: 14d187e749ee5614e105741c719fa185\n  size: 4\n  hash: md5\n  path: {}\n"
    folder = repository({**FILES, "raw/a.csv.dvc": pointer.format("a.csv"), "b.csv.dvc": pointer.format("b.csv")})
    told = lifelint("plan", "raw", cwd=folder).out.partition("tracked-once")[2]

    assert "$ lifelint fix tracked-once ./raw --apply\n" in told
    assert lifelint("fix", "tracked-once", "./raw", "--apply").out.startswith("wrote raw/.gitignore\ntracked-once")


def test_the_steps_lead_where_they_say(lifelint: Call, repository: Make) -> None:
    folder = repository(FILES)
    [project] = lifelint("plan", "--format", "json", cwd=folder).json["projects"]
    assert "environment-pinned" in [step["rule"] for step in project["steps"]]
    assert project["reached"] == 1

    write(folder, {"requirements.txt": "pandas==2.2.3\nscikit-learn==1.8.0\n"})
    git(folder, "commit", "-qam", "Pin")

    assert lifelint("check", "--format", "json", cwd=folder).json["projects"][0]["scorecard"]["level"] >= 1
    [project] = lifelint("plan", "--format", "json", cwd=folder).json["projects"]
    assert (project["level"], project["to"]) == (1, 2)


def test_a_level_that_is_reached_needs_no_steps(lifelint: Call, repository: Make) -> None:
    folder = repository({**FILES, "requirements.txt": "pandas==2.2.3\nscikit-learn==1.8.0\n"})

    assert "Level 1 (agreed) is reached" in lifelint("plan", "--to", "1", cwd=folder).out


@pytest.mark.parametrize("args", [["nowhere"], ["prepare.py"], ["--to", "9"]])
def test_wrong_usage_exits_2(lifelint: Call, repository: Make, args: list[str]) -> None:
    assert lifelint("plan", *args, cwd=repository(FILES)).code == 2


def test_a_hostile_name_reaches_no_terminal(lifelint: Call, repository: Make) -> None:
    folder = repository({**FILES, "sub\x1b[31m/requirements.txt": "numpy\n", "sub\x1b[31m/train.py": "import numpy\n"})

    assert "\x1b" not in lifelint("plan", cwd=folder).out
