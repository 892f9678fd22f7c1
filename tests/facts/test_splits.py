"""Random splits, and whether they can be made again."""

from __future__ import annotations

import pytest

from tests.conftest import facts_of

SKLEARN = "from sklearn.model_selection import train_test_split, ShuffleSplit\n"


@pytest.mark.parametrize(
    ("code", "seeded"),
    [
        (f"{SKLEARN}train_test_split(x)", False),
        (f"{SKLEARN}train_test_split(x, random_state=None)", False),
        (f"{SKLEARN}train_test_split(x, random_state=0)", True),
        (f"{SKLEARN}train_test_split(x, random_state=config.state)", True),
        (f"{SKLEARN}train_test_split(x, **options)", True),
        (f"{SKLEARN}ShuffleSplit(n_splits=3)", False),
        (f"import numpy as np\n{SKLEARN}np.random.seed(1)\ntrain_test_split(x)", True),
        (f"from lib import set_seeds\n{SKLEARN}set_seeds()\ntrain_test_split(x)", True),
        (f"{SKLEARN}def run(seed): ...\ntrain_test_split(x)", None),
        ("import torch\ntorch.utils.data.random_split(d, [1, 2])", False),
        ("import torch\ntorch.utils.data.random_split(d, [1, 2], g)", True),
        ("rows.train_test_split(test_size=0.1)", False),
        ("rows.train_test_split(test_size=0.1, seed=3)", True),
    ],
)
def test_a_split_is_seeded_by_its_call_or_its_file(code: str, seeded: bool | None) -> None:
    [split] = facts_of({"a.py": code})["splits"].items

    assert split.seeded is seeded


@pytest.mark.parametrize(
    "code",
    [
        f"{SKLEARN}train_test_split(x, shuffle=False)",
        "from lib import train_test_split\ntrain_test_split(x)",
        "def train_test_split(x): ...\ntrain_test_split(x)",
        f"{SKLEARN}# train_test_split(x)",
    ],
)
def test_what_is_not_random_or_not_known_is_no_split(code: str) -> None:
    assert facts_of({"a.py": code})["splits"].items == ()


def test_examples_and_tests_are_left_out() -> None:
    code = f"{SKLEARN}train_test_split(x)"

    assert facts_of({"examples/a.py": code, "test_a.py": code, "demo.py": code})["splits"].items == ()
