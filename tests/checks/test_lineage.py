"""From what a training step reads back to its sources."""

from __future__ import annotations

from collections.abc import Mapping

from lifelint.checks import lineage
from tests.conftest import facts_of

MD5 = "a304afb96060aad90176268345e10355"


def pointer(name: str, more: str = "") -> str:
    return f"{more}outs:\n- md5: {MD5}\n  hash: md5\n  path: {name}\n"


def judged(files: Mapping[str, str]) -> dict[str, bool | None]:
    facts = facts_of(files)
    found = lineage.to_source(facts["steps"].items, facts["pointers"].items, facts["data_sources"].items)
    return {one.subject: one.ok for one in found}


PIPELINE = """\
stages:
  unzip: {cmd: x, deps: [data/raw], outs: [data/all.csv]}
  train: {cmd: y, deps: [data/all.csv, base.pt], outs: [model.pkl]}
  other: {cmd: z, deps: [data/other.csv], outs: [report.html]}
"""


def test_only_what_training_depends_on_is_followed() -> None:
    files = {"dvc.yaml": PIPELINE, "data/raw.dvc": pointer("raw"), "data/other.csv.dvc": pointer("other.csv")}

    assert judged(files) == {"data/raw": False}


def test_pointers_inside_a_folder_that_is_read_count() -> None:
    assert judged({"dvc.yaml": PIPELINE, "data/raw/a.csv.dvc": pointer("a.csv")}) == {"data/raw": False}


def test_an_import_is_a_source() -> None:
    text = pointer("raw", "frozen: true\ndeps:\n- path: s3://b/raw\n  etag: abc\n")

    assert judged({"dvc.yaml": PIPELINE, "data/raw.dvc": text}) == {"data/raw": True}


def test_an_entry_counts_by_its_path_or_name_and_only_with_an_origin() -> None:
    files = {"dvc.yaml": PIPELINE, "data/raw.dvc": pointer("raw")}
    for entry in (
        "- {path: ./data/raw/, origin: x}",
        "data/raw: {url: x}",
        "sources: {a: {file: data/raw.dvc, from: x}}",
    ):
        assert judged({**files, "data/sources.yaml": f"{entry}\n"}) == {"data/raw": True}
    assert judged({**files, "sources.yaml": "- {path: data/raw}\n"}) == {"data/raw": False}


def test_data_that_git_holds_is_left_out() -> None:
    assert judged({"dvc.yaml": PIPELINE, "data/raw/a.csv": "1\n"}) == {}


def test_makefiles_count_too() -> None:
    files = {"Makefile": "model.pkl: data/raw.csv\n\tpython train.py\n", "data/raw.csv.dvc": pointer("raw.csv")}

    assert judged(files) == {"data/raw.csv": False}
