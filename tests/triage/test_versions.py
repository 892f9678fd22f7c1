"""What has another version, and what was measured differently."""

from __future__ import annotations

import pytest

from lifelint.facts.evaluation.noun import Evaluation, Metric
from lifelint.report.amounts import difference, extents
from lifelint.triage.change import altered
from lifelint.triage.metrics import measured
from lifelint.triage.versions import Version, versions
from tests.conftest import facts_of

A, B = "a" * 32, "b" * 32
POINTER = "outs:\n- md5: {}.dir\n  size: {}\n  nfiles: {}\n  hash: md5\n  path: {}\n"


def test_data_is_told_with_its_size_and_its_files() -> None:
    before, after = (
        versions(facts_of({"data.dvc": POINTER.format(digest, size, files, "data")}))
        for digest, size, files in ((A, 1_200_000, 10), (B, 2_400_000, 12))
    )

    [one] = altered(before, after)
    assert (one.kind, one.name, one.before, one.after) == ("data", "data", f"md5:{A}.dir", f"md5:{B}.dir")
    assert [*extents(one.kind, one.sizes, one.counts)] == ["1.2 MB → 2.4 MB", "10 → 12 files"]


def test_an_image_is_told_by_its_digest_or_its_tag() -> None:
    texts = ("FROM python:3.11\n", f"FROM python:3.12@sha256:{A}{B}\n")
    before, after = (versions(facts_of({"Dockerfile": text})) for text in texts)

    [one] = altered(before, after)
    assert (one.kind, one.name, one.before) == ("image", "Dockerfile:python", "3.11")
    assert one.after.endswith(A + B)


def test_an_environment_is_told_with_its_packages() -> None:
    lock = 'version = 1\nrequires-python = ">=3.11"\n'
    package = '\n[[package]]\nname = "{}"\nversion = "1"\nsource = {{ registry = "https://pypi.org/simple" }}\n'
    before, after = (
        versions(facts_of({"uv.lock": lock + "".join(map(package.format, names))})) for names in ("a", "abc")
    )

    [one] = altered(before, after)
    assert (one.kind, one.name) == ("environment", "uv.lock")
    assert [*extents(one.kind, one.sizes, one.counts)] == ["1 → 3 packages"]


def test_a_report_that_names_what_it_judged_is_an_evaluation() -> None:
    text = '{"schema": "evaluation-report/v1", "subject": {"commit": "1"}, "metrics": [{"name": "auc", "value": 1}]}'

    assert [*versions(facts_of({"eval-report.json": text}))] == [("evaluation", "eval-report.json")]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": "1"}, {"b": "1"}, []),
        ({"a": "1"}, {"a": "1"}, []),
        ({"a": "1"}, {"b": "2"}, [("a", "1", ""), ("b", "", "2")]),
        ({"a": "1"}, {"a": "2"}, [("a", "1", "2")]),
    ],
)
def test_what_was_only_moved_has_no_other_version(
    before: dict[str, str], after: dict[str, str], told: list[tuple[str, str, str]]
) -> None:
    states = ({("data", name): Version(text) for name, text in some.items()} for some in (before, after))

    assert [(one.name, one.before, one.after) for one in altered(*states)] == told


def report(**values: float | None) -> Evaluation:
    return Evaluation("metrics.json", 1, "plain", tuple(Metric(name, value, 0) for name, value in values.items()))


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("auc", 0.9, 0.92, "+0.02 better"),
        ("auc", 0.9, 0.88, "-0.02 worse"),
        ("test/RMSE", 2.0, 1.5, "-0.5 better"),
        ("depth", 2.0, 3.0, "+1"),
        ("auc", 0.9, None, ""),
        ("auc", 0.9, float("inf"), ""),
    ],
)
def test_metrics_are_told_with_their_difference(name: str, before: float, after: float | None, told: str) -> None:
    [one] = measured([report(**{name: before})], [report(**{name: after})])

    assert difference(one.before, one.after, one.better) == told


def test_metrics_that_are_as_before_new_or_doubtful_are_not_told() -> None:
    assert measured([report(auc=0.9)], [report(auc=0.9, f1=0.8)]) == []
    assert measured([report(auc=0.9)], [report(auc=0.8)._replace(doubt="a curve")]) == []
