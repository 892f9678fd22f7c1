"""Which releases there are, and in which order."""

from __future__ import annotations

from lifelint.release.chosen import newest, releases
from tests.conftest import facts_of
from tests.facts.test_releases import manifest


def written(name: str, version: str) -> str:
    said = manifest("1" * 40, "{}")
    return said.replace("name: churn", f"name: {name}").replace("version: 1.0.0", f"version: {version}")


def test_a_name_that_no_scheme_orders_leaves_the_order_of_the_others() -> None:
    told = [("churn", "1.9.0"), ("churn", "1.10.0"), ("fraud", "spring"), ("fraud", "autumn")]
    files = {f"releases/{name}-{version}/release.yaml": written(name, version) for name, version in told}

    found = releases(facts_of({**files, "releases/draft/release.yaml": "release-manifest/v1: {"}))

    assert [(one.name, one.version) for one in found] == [
        ("", "draft"), ("churn", "1.10.0"), ("churn", "1.9.0"), ("fraud", "spring"), ("fraud", "autumn"),
    ]  # fmt: skip
    assert [one.version for one in newest(found)] == ["draft", "1.10.0", "spring"]
