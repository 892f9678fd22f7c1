"""Versions and the tags that name them, tags of releases without a manifest, and manifests that break their format."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.releases.document import MANIFEST
from lifelint.facts.releases.valid import problems
from lifelint.facts.releases.versions import after, ascending, compared, is_prerelease, is_version, prefix
from lifelint.snapshot._open import open_snapshot
from tests.conftest import facts_of, git
from tests.facts.test_evaluations import commit, head, report
from tests.facts.test_releases import PATH, folder, manifest, refuted, release, sign, told, verdicts

__all__ = ["folder"]


@pytest.mark.parametrize(
    ("tag", "version", "before"),
    [
        ("v1.4.0", "1.4.0", "v"),
        ("1.4.0", "1.4.0", ""),
        ("churn@v1.4.0", "1.4.0", "churn@v"),
        ("churn-1.4.0", "1.4.0", "churn-"),
        ("release/1.4.0", "1.4.0", "release/"),
        ("resnet50@v1.4.0", "1.4.0", "resnet50@v"),
        ("model-v2-1.4.0", "1.4.0", "model-v2-"),
        ("v1.4.0-rc1", "1.4.0rc1", "v"),
        ("v1.4", "1.4.0", "v"),
        ("v2026-01-31", "2026-01-31", "v"),
        ("v1.4.0-x.7", "1.4.0-x.7", "v"),
        ("v1.4.1", "1.4.0", None),
        ("v11.4.0", "1.4.0", None),
        ("v0.1.4.0", "1.4.0", None),
        ("release", "1.4.0", None),
    ],
)
def test_the_version_of_a_tag(tag: str, version: str, before: str | None) -> None:
    assert prefix(tag, version) == before
    assert before is None or compared(after(tag, before), version) == 0


@pytest.mark.parametrize(
    "versions",
    [
        ["1.0.0a1", "1.0.0rc1", "1.0.0", "1.0.0.post1", "1.0.10", "1.1"],
        ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0"],
        ["2025-12-31", "2026-01-01"],
        ["1.0.0rc1", "1.0.0", "1.0.1", "1.2", "1.10"],
        ["2025.12.1", "2026.1.0"],
        ["v1.9.0", "v1.10.0"],
    ],
)
def test_versions_have_an_order(versions: list[str]) -> None:
    assert ascending(reversed(versions)) == versions
    for lower, higher in pairwise(versions):
        order = compared(lower, higher)
        assert order is not None
        assert order < 0
        assert compared(higher, lower) == -order


@pytest.mark.parametrize("text", ["", "latest", "v", "prod#1", "1.0.0!", "2026-13-45x", "1" * 500])
def test_what_is_no_version(text: str) -> None:
    assert not is_version(text)


def test_versions_of_two_schemes_have_no_order() -> None:
    assert compared("1.0.0", "2026-01-31") is None
    assert ascending(["1.0.0", "2026-01-31"]) is None
    assert ascending(["spring", "1.0.0"]) is None


def test_candidates_are_told() -> None:
    assert [v for v in ("1.0.0", "1.0.0rc1", "1.0.0-x.7", "1.0.dev2", "1.0.post1") if is_prerelease(v)] == [
        "1.0.0rc1", "1.0.0-x.7", "1.0.dev2",
    ]  # fmt: skip


@given(st.text("v0123456789.-@abcrc/", max_size=30), st.text("0123456789.-abrc", max_size=12))
def test_any_names_are_compared_or_not(tag: str, version: str) -> None:
    found = prefix(tag, version)

    assert found is None or tag.startswith(found)


def test_a_tag_of_another_version_is_told_by_the_version_alone(folder: Path) -> None:
    release(folder, tag="v1.0.1")
    sign(folder, "v1.0.1", "v1.0.0^{commit}")

    assert refuted(folder) == {"release.version"}


def test_a_package_of_another_version_is_told_by_the_version_alone(folder: Path) -> None:
    commit(folder, "package", {"pyproject.toml": '[project]\nname = "Churn"\nversion = "0.9"\n'})
    release(folder)

    assert refuted(folder) == {"release.version"}


@pytest.mark.parametrize("version", ["0", "0.0.0", "0.0.0.dev0"])
def test_a_placeholder_is_no_version_of_a_package(folder: Path, version: str) -> None:
    commit(folder, "package", {"pyproject.toml": f'[project]\nname = "churn"\nversion = "{version}"\n'})
    release(folder)

    assert refuted(folder) == set()


def test_a_package_raised_after_the_release_does_not_count(folder: Path) -> None:
    commit(folder, "package", {"pyproject.toml": '[project]\nname = "churn"\nversion = "1.0.0"\n'})
    release(folder)
    commit(folder, "go on", {"pyproject.toml": '[project]\nname = "churn"\nversion = "1.1.0.dev0"\n'})

    assert refuted(folder) == set()


def test_a_package_is_not_asked_before_the_tag(folder: Path) -> None:
    commit(folder, "package", {"pyproject.toml": '[project]\nname = "churn"\nversion = "0.9"\n'})
    release(folder)
    git(folder, "tag", "-d", "v1.0.0")

    assert told(folder)["release.version"] is True


def after_it(folder: Path, version: str, previous: str = "1.0.0") -> str:
    """Makes another release; gives the path of its manifest."""
    judged, path = report(head(folder)), f"releases/{version}/release.yaml"
    more = manifest(head(folder), judged, version=version, previous=previous)
    commit(folder, "release", {"eval.json": judged, path: more})
    sign(folder, f"v{version}")
    return path


def test_a_version_below_the_one_before_it_is_told_by_the_version_alone(folder: Path) -> None:
    release(folder)
    path = after_it(folder, "0.9.9")

    assert {verdict.field for verdict in verdicts(folder, path) if not verdict.holds} == {"release.version"}


def test_a_fix_of_an_older_line_is_above_its_own_predecessor(folder: Path) -> None:
    release(folder)
    after_it(folder, "2.0.0")
    path = after_it(folder, "1.0.1")

    assert told(folder, path)["release.version"] is True


def release_tags(folder: Path) -> dict[str, bool | None]:
    from contextlib import closing

    from lifelint.facts import Facts, Source

    with closing(open_snapshot([str(folder)]).snapshot) as snapshot:
        return {tag.name: tag.holds for tag in Facts(Source(snapshot))["release_tags"].items}


def test_tags_from_before_the_first_manifest_do_not_count(folder: Path) -> None:
    git(folder, "tag", "v0.1.0")
    release(folder)
    commit(folder, "go on", {"README.md": "hello"})
    for name in ("v1.0.1", "v1.1.0rc1", "nightly", "docs-1.0.1", "w1.0.1"):
        git(folder, "tag", name)

    assert release_tags(folder) == {"v1.0.0": True, "v1.0.1": False}


def test_a_manifest_that_was_moved_is_found_in_the_tree_of_its_tag(folder: Path) -> None:
    release(folder)
    after_it(folder, "1.1.0")
    git(folder, "mv", PATH, "old.yaml")
    git(folder, "commit", "-q", "-m", "move")

    assert release_tags(folder) == {"v1.0.0": True, "v1.1.0": True}


def test_without_any_manifest_no_tag_is_asked_for_one(folder: Path) -> None:
    git(folder, "tag", "v1.0.0")

    assert release_tags(folder) == {}


GOOD = manifest("1" * 40, "{}")


def test_a_manifest_as_it_should_be_has_no_problems() -> None:
    assert problems(GOOD.encode()) == ()


@pytest.mark.parametrize(
    ("before", "after", "line", "field"),
    [
        ("version: 1.0.0", "version: 1.0", 2, "release.version"),
        ("name: churn", "name: 7", 2, "release.name"),
        ("release:", "releases:", 2, "releases"),
        ("  version", "  versions", 2, "release.versions"),
        ("result: pass", "result: passed", 9, "evaluation.result"),
        ("role: test", "role: exam", 7, "data.role"),
        ('digest: "md5:', 'digest: "', 8, "model.digest"),
        ("gates:", "gate:", 9, "evaluation.gate"),
        ("approvals:", "approvalls:", 10, "approvalls"),
        ("approvals: [{", "approvals: [[], {", 10, "approvals"),
        ("rollback: {previous: none}", "rollback: none", 11, "rollback"),
        ("rollback: {", "interface: {breaking: maybe}\nrollback: {", 11, "interface.breaking"),
        ("source: {", "source: [", 3, ""),
    ],
)
def test_what_breaks_the_format_is_told_with_its_line(before: str, after: str, line: int, field: str) -> None:
    broken = GOOD.replace(", version: 1.0.0", ",  version: 1.0.0").replace(before, after, 1)
    assert broken != GOOD

    assert (line, field) in [(problem.line, problem.field) for problem in problems(broken.encode())]


@pytest.mark.parametrize("digest", ["md5-dos2unix:", "hf:", "git-annex:", "etag:"])
def test_versions_of_any_kind_are_let_be(digest: str) -> None:
    assert problems(GOOD.replace('version: "md5:', f'version: "{digest}').encode()) == ()


@pytest.mark.parametrize("extra", ["notes: hello\n", "date: 2026-01-31\n", "owners: [a]\n", "x-team: ml\n"])
def test_keys_of_a_team_of_its_own_are_let_be(extra: str) -> None:
    assert problems((GOOD + extra).encode()) == ()


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"schema: {MANIFEST}\n{text}".encode()))
def test_hostile_bytes_have_problems_or_none(data: bytes) -> None:
    assert all(problem.line > 0 for problem in problems(data))


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["release", "source", "data", "model", "evaluation", "approvals"]), VALUES))
def test_values_of_any_type_have_problems_or_none(document: dict[str, Any]) -> None:
    import json

    data = json.dumps({"schema": MANIFEST, **document}).encode()

    assert problems(data)
    facts_of({"releases/1/release.json": data})["releases"]
