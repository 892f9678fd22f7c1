"""Owners that a change takes away: by lines, by the whole file, by moving what they own; and what takes none away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.changes.conftest import Files, Project

Make = Callable[..., Project]
POINTER = f"outs:\n- md5: {'a' * 32}\n  size: 10\n  hash: md5\n  path: train.csv\n"
GATES = "schema: gates/v1\ngates:\n- {metric: auc, op: '>=', threshold: 0.9}\n"
OWNERS = "/docs/ @acme/docs\n/data/ @acme/data\n/gates.yaml @acme/quality\n/.github/ @acme/platform\n"
BASE = {
    ".github/CODEOWNERS": OWNERS,
    ".github/workflows/test.yml": "on: push\njobs: {test: {steps: [{run: pytest}]}}\n",
    "data/train.csv.dvc": POINTER,
    "gates.yaml": GATES,
}


@pytest.mark.parametrize(
    ("change", "subjects"),
    [
        ({".github/CODEOWNERS": None}, ["owners"]),
        ({".github/CODEOWNERS": "# none\n"}, ["owners"]),
        ({".github/CODEOWNERS": "* @acme/all\n"},
         [".github/CODEOWNERS", ".github/workflows/test.yml", "data/train.csv.dvc", "gates.yaml"]),
        ({".github/CODEOWNERS": f"{OWNERS}/data/\n"}, ["data/train.csv.dvc"]),
        ({".github/CODEOWNERS": OWNERS.replace("/data/", "/Data/")}, ["data/train.csv.dvc"]),
        ({".github/CODEOWNERS": OWNERS.replace("@acme/data", "acme/data")}, ["data/train.csv.dvc"]),
        ({"CODEOWNERS": "* @acme/all\n"}, []),
        ({".github/CODEOWNERS": f"* @acme/all\n{OWNERS}"}, []),
    ],
)  # fmt: skip
def test_what_lost_its_owners_is_told(project: Make, change: Files, subjects: list[str]) -> None:
    made = project(BASE)
    made.commit(change)

    assert made.told().new.get("ownership-weakened", []) == subjects


def test_moved_away_from_under_its_line_is_told_at_the_new_place(project: Make) -> None:
    made = project(BASE)
    made.move({"data/train.csv.dvc": "train.csv.dvc", "gates.yaml": "quality/gates.yaml"})

    assert made.told().new["ownership-weakened"] == ["quality/gates.yaml", "train.csv.dvc"]


def test_the_rule_about_the_state_tells_it_not_again(project: Make) -> None:
    made = project(BASE)
    made.commit({".github/CODEOWNERS": OWNERS.replace("/data/", "/raw/").replace("/gates.yaml", "/g.yaml")})
    told = made.told()

    assert not {"data-paths-owned", "model-paths-owned", "controls-are-owned"} & set(told.new)
    assert "data-paths-owned" in told.also["ownership-weakened"]


def test_an_owner_who_left_for_another_one_is_no_other_name_while_some_line_differs(project: Make) -> None:
    owners = "* @acme/all\n/data/ @ada\n/gates.yaml @ada\n"
    made = project({**BASE, ".github/CODEOWNERS": owners})
    made.commit({".github/CODEOWNERS": "* @acme/new\n/gates.yaml @eve\n"})

    assert made.told().new["ownership-weakened"] == ["data/train.csv.dvc"]


def test_who_owned_everything_under_another_name_still_owns_what_had_a_line_of_its_own(project: Make) -> None:
    owners = "* @acme/ml\n/data/ @acme/ml\n"
    made = project({**BASE, ".github/CODEOWNERS": owners})
    made.commit({".github/CODEOWNERS": "* @acme/models\n"})

    assert "ownership-weakened" not in made.told().new
