"""The fake forges as fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.forge.fake_github import FakeGitHub


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is reached directly, whatever the machine says of proxies."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture(params=[False, True], ids=["github.com", "enterprise"])
def hub(request: pytest.FixtureRequest) -> Iterator[FakeGitHub]:
    """A GitHub, and an Enterprise Server, to which nothing is said that its description does not know."""
    with FakeGitHub(enterprise=request.param) as fake:
        yield fake
    assert fake.violations == []
