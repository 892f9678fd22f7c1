"""Tags, and whether they follow a convention."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.checks.naming import held
from lifelint.facts.tags import TagName


def tags(*names: str) -> list[TagName]:
    return [TagName(f"refs/tags/{name}", name, when) for when, name in enumerate(names)]


@pytest.mark.parametrize(
    ("names", "ok"),
    [
        (("v1.0", "v1.1.0", "v2.0.0-rc.1", "v2.0.0rc1", "v2.0.0+cu118"), True),
        (("1.0", "1.1", "1.2", "1.2.3.post1", "1.3"), True),
        (("churn@v1.0.0", "churn#prod#1", "segment#dev!", "a/b@1.0.0", "x@v2"), True),
        (("core-v1.0.0", "cli/v1.0.0", "my-lib-1.2.3", "a_b-v0.1.0", "x-v1.0"), True),
        (("2026-01-31", "release-20260131", "2026.01", "v20230918", "2024.11.05"), True),
        (("101", "102", "103", "104", "105"), True),
        (("v1.0", "v1.1", "v1.2", "v1.3", "final"), True),
        (("v1.0", "v1.1", "v1.2", "final", "final2"), False),
        (("v1.0", "v1.1", "v1.2", "1.3", "1.4"), None),
    ],
)
def test_shapes_of_tags(names: tuple[str, ...], ok: bool | None) -> None:
    [found] = held(tags(*names))

    assert found.ok is ok, found.detail


def test_a_declared_glob_decides_from_the_first_tag_that_counts() -> None:
    old = tags("final", "final2", "v1", "v2", "v3")

    assert [one.ok for one in held(old, tag="v*")] == [False]
    assert [one.ok for one in held(old, tag="v*", since="v1")] == [True]
    assert [one.ok for one in held(tags("v1"), tag="v*")] == [True]


def test_few_tags_say_nothing() -> None:
    assert list(held(tags("a", "b", "c", "d"))) == []


@given(st.lists(st.text(alphabet="v0123.-_@#/abrcT", max_size=300), min_size=5, max_size=6))
def test_any_names_are_judged(names: list[str]) -> None:
    [found] = held(tags(*names))

    assert found.subject == "tags"
