"""Addresses of remotes, and the links that are made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.audit.forge import address, is_address, link

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("remote", "made"),
    [
        ("https://github.com/acme/churn.git", "https://github.com/acme/churn"),
        ("https://github.com/acme/churn/", "https://github.com/acme/churn"),
        ("https://user:secret@github.com/acme/churn", "https://github.com/acme/churn"),
        ("https://x-access-token:ghs_1@github.com/acme/churn.git", "https://github.com/acme/churn"),
        ("git@github.com:acme/churn.git", "https://github.com/acme/churn"),
        ("ssh://git@github.com/acme/churn.git", "https://github.com/acme/churn"),
        ("ssh://git@gitlab.acme.org:2222/ml/team/churn.git", "https://gitlab.acme.org/ml/team/churn"),
        ("https://gitlab.acme.org:8443/ml/churn", "https://gitlab.acme.org:8443/ml/churn"),
        ("git@git.github.acme.org:acme/churn", "https://git.github.acme.org/acme/churn"),
    ],
)
def test_the_address_is_that_of_the_repository_without_credentials(remote: str, made: str) -> None:
    assert address(remote) == made
    assert is_address(made)


@pytest.mark.parametrize(
    "remote",
    [
        "", "/srv/git/churn.git", "../churn", "http://github.com/acme/churn", "git://github.com/acme/churn",
        "https://bitbucket.org/acme/churn", "https://example.org/github.com/acme", "https://github.com/acme",
        "https://notgithub.com/acme/churn", "https://github.com@evil.example/acme/churn",
        "https://github.com/acme/../../x", "https://github.com/acme/churn?x=1", "https://github.com/a\"b/churn",
        "javascript:alert(1)//github.com/acme/churn", "ext::sh -c whoami% >&2", "https://github.com/acme/ch\nurn",
    ],
)  # fmt: skip
def test_what_is_no_forge_whose_links_are_known_has_none(remote: str) -> None:
    assert address(remote) == ""


@given(st.text() | st.from_regex(r"https://[^\n]{0,20}@?github\.com/[^\n]*", fullmatch=True))
def test_no_address_has_anything_but_names_in_it(remote: str) -> None:
    made = address(remote)

    assert made == "" or (is_address(made) and "@" not in made and '"' not in made and ".." not in made.split("/"))


def test_links_lead_to_the_line_at_the_commit() -> None:
    assert link("https://github.com/a/b", COMMIT, "d/ü #?.csv", 7) == (
        f"https://github.com/a/b/blob/{COMMIT}/d/%C3%BC%20%23%3F.csv#L7"
    )
    assert link("https://gitlab.com/a/b", COMMIT, "x") == f"https://gitlab.com/a/b/-/blob/{COMMIT}/x"
    assert link("https://gitlab.acme.org:8443/a/b", COMMIT) == f"https://gitlab.acme.org:8443/a/b/-/commit/{COMMIT}"
    assert link("https://github.com/a/b", COMMIT, "\udcff") == f"https://github.com/a/b/blob/{COMMIT}/%FF"


@pytest.mark.parametrize(
    ("forge", "commit"),
    [
        ("", COMMIT),
        ("https://github.com/a/b", "main"),
        ("javascript:alert(1)", COMMIT),
        ("https://evil.example/a/b", COMMIT),
    ],
)
def test_an_archived_document_cannot_make_other_links(forge: str, commit: str) -> None:
    assert link(forge, commit, "x") == ""
