"""What is said of many datasets, and of cards that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lifelint.checks.datasets import documented
from lifelint.model import Observation
from tests.conftest import facts_of

DIGEST = "a3" * 16


def told(files: Mapping[str, str], **settings: list[str]) -> list[Observation]:
    facts = facts_of(files)
    return list(documented(facts["datasets"].items, facts["references"].items, facts["documents"].items, **settings))


def pointer(name: str) -> str:
    return f"outs:\n- md5: {DIGEST}\n  size: 4\n  hash: md5\n  path: {name}\n"


def test_one_folder_is_one_finding() -> None:
    [one] = told({f"data/{n}/{n}.csv.dvc": pointer(f"{n}.csv") for n in "abc"})

    assert (one.ok, one.subject, one.path) == (False, "data", "data/a/a.csv.dvc")
    assert one.detail.endswith("describes data/a/a.csv (md5:a3a3a3a3…) and 2 more")


def test_many_folders_are_one_finding() -> None:
    [one] = told({f"sets/{n}/raw/{n}.csv.dvc": pointer(f"{n}.csv") for n in "abcdefghijkl"})

    assert (one.ok, one.subject) == (False, "sets/*")


def test_archives_and_pictures_that_are_not_among_data_are_no_datasets() -> None:
    files = {"hub/resnet.tar.gz.dvc": pointer("resnet.tar.gz"), "hub/cat.png.dvc": pointer("cat.png")}
    files |= {"hub/train_data.zip.dvc": pointer("train_data.zip")}

    assert [one.path for one in told(files)] == ["hub/train_data.zip.dvc"]


def test_front_matter_that_cannot_be_read_makes_what_is_lacking_unknown() -> None:
    [one] = told({"data/a.csv.dvc": pointer("a.csv"), "data/dataset_card.md": "---\nlicense: [\n---\n# A\n"})

    assert (one.ok, one.path) == (None, "data/dataset_card.md")


def test_a_team_may_want_fewer_sections() -> None:
    card = f"# A\n## Licence\nMIT\n## Uses\n[More Information Needed]\n{DIGEST}\n"
    files = {"data/a.csv.dvc": pointer("a.csv"), "data/dataset_card.md": card}

    assert [one.ok for one in told(files, sections=["distribution"])] == [True]
    assert [(one.ok, one.line) for one in told(files, sections=["distribution", "maintenance"])] == [(False, 0)]


SAID = """# Häuser

Das Register der Stadt hat für jeden Verkauf eine Zeile, und die Daten sind mit dem Amt abgesprochen. Wer das Haus
gekauft hat, ist nicht bekannt, und der Preis ist der des Vertrags.
"""


@pytest.mark.parametrize("path", ["README.md", "data/README.md", "README.adoc", "data/readme.txt"])
def test_what_a_document_in_another_language_or_form_says_is_unknown(path: str) -> None:
    [one] = told({"data/a.csv.dvc": pointer("a.csv"), path: SAID})

    assert one.ok is None
