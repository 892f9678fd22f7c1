"""How versions are ordered."""

from __future__ import annotations

import pytest

from lifelint.release.order import ascending


@pytest.mark.parametrize(
    "versions",
    [
        ["1.0.0rc1", "1.0.0", "1.0.1", "1.2", "1.10"],
        ["2025.12.1", "2026.1.0"],
        ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0"],
        ["v1.9.0", "v1.10.0"],
    ],
)
def test_versions_are_ordered_by_their_scheme(versions: list[str]) -> None:
    assert ascending(reversed(versions)) == versions


def test_names_that_follow_no_scheme_have_no_order() -> None:
    assert ascending(["spring", "1.0.0"]) is None
