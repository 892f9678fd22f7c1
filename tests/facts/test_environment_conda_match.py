"""Match specifications get conda's verdict or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.environment.conda_match import compare, satisfies

# Each read off conda's VersionSpec: version, specification, verdict.
CASES = [
    ("1.26.4", "", True),
    ("1.26.4", "*", True),
    ("1.26.4", "=1.26", True),
    ("1.26.4", "1.26.*", True),
    ("1.265.0", "=1.26", False),
    ("1.26.4", "==1.26", False),
    ("1.26.0", "==1.26", True),
    ("1.26.4", "1.26.4", True),
    ("1.26.4", "1.26", None),
    ("1.27.4", "1.26", False),
    ("1.26.4", ">=1.20,<2", True),
    ("2.0.0", ">=1.20,<2", False),
    ("2.0.0", "<1.20|>=2", True),
    ("1.25", "<1.20|>=2", False),
    ("1.26.4", "!=1.26.4", False),
    ("1.26.4", "!=1.25.*", True),
    ("1.26.4", ">=1.26.*", True),
    ("3.12.4", "~=3.12.0", True),
    ("3.13.0", "~=3.12.0", False),
    ("3.13.0", "~=3.12", True),
    ("1.1.1w", "=1.1", True),
    ("1.1.1w", ">=1.1.1", None),
    ("1.1.1w", ">=3", False),
    ("2.0.0rc1", "<2", None),
    ("2024a", "2024a", True),
    ("2024a", ">=2023", None),
    ("1.2.3", "=1.2.3=py39_0", None),
    ("1.2.3", ">1.2.*", None),
    ("1.2.3", ">=1.2 and more", None),
    ("1!2.0", ">=1.5", None),
]


@pytest.mark.parametrize(("version", "spec", "verdict"), CASES)
def test_a_specification_is_decided_where_it_is_certain(version: str, spec: str, verdict: bool | None) -> None:
    assert satisfies(spec, version) is verdict


def test_a_build_is_compared_by_its_pattern() -> None:
    assert satisfies("1.2.3=py39_0", "1.2.3", "py39_0") is True
    assert satisfies("=1.2.3=cuda*", "1.2.3", "cuda118_0") is True
    assert satisfies("=1.2.3=cpu*", "1.2.3", "cuda118_0") is False
    assert satisfies("=1.2=py39_0", "1.2.3", "py39_0") is None


NUMBERS = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
OPERATORS = st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "~="])


@given(NUMBERS, NUMBERS, OPERATORS)
def test_dotted_numbers_compare_as_in_pep_440(version: str, wanted: str, operator: str) -> None:
    from packaging.specifiers import SpecifierSet

    if operator == "~=" and "." not in wanted:
        return
    assert satisfies(operator + wanted, version) is SpecifierSet(operator + wanted).contains(version)


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_text_gets_an_answer(spec: str, version: str) -> None:
    assert satisfies(spec, version) in (True, False, None)
    assert compare(version, version) == 0
