"""Datasets behind pointers, and which document describes them, as of when."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Facts, Source
from lifelint.facts.data.cards import Within, cards
from lifelint.facts.data.datasets import Dataset
from lifelint.facts.data.sources import DataSource
from lifelint.facts.documents.noun import Document, Section
from lifelint.model import Past
from lifelint.snapshot.memory import MemoryHistory, MemorySnapshot
from tests.conftest import facts_of

OLD, NEW = "a3" * 16, "b4" * 16
HTML = 'flowers.\n\n<p>The data comes from\n<a href="https://example.org">the register</a>.</p>\n\nFlowers'
INLINE = 'flowers. The data comes from Iris.org (<a href="https://example.org">source</a>)'
PROSE = "One row for each sale of a house in the city since the register began, with its price."


def pointer(digest: str = OLD, name: str = "raw.csv") -> str:
    return f"outs:\n- md5: {digest}\n  size: 4\n  hash: md5\n  path: {name}\n"


def dataset(files: Mapping[str, str]) -> Dataset:
    [found] = facts_of(files)["datasets"].items
    assert isinstance(found, Dataset)
    return found


def after(
    *changes: Mapping[str, str | None], shallow: bool = False, edited: Mapping[str, str] | None = None
) -> Dataset:
    """The one dataset after these commits, with some files edited since."""
    history = MemoryHistory([Past(f"{n + 1}" * 40, files) for n, files in enumerate(changes)], shallow=shallow)
    snapshot = MemorySnapshot({**history.tree, **(edited or {})}, history=history)
    [found] = Facts(Source(snapshot))["datasets"].items
    assert isinstance(found, Dataset)
    return found


@pytest.mark.parametrize(
    ("path", "formal"),
    [
        ("data/README.md", False),
        ("data/raw/README.md", False),
        ("data/raw/raw.md", None),
        ("DATASHEET.md", True),
        ("docs/dataset_card.md", True),
        ("other/dataset_card.md", None),
        ("data/other/README.md", None),
    ],
)
def test_cards_lie_beside_the_data_above_it_or_in_the_documentation(path: str, formal: bool | None) -> None:
    made = dataset({"data/raw/raw.csv.dvc": pointer(), path: f"# A\n## Collection\n{PROSE}\n"})

    assert (made.card, made.formal) == ((path, formal) if formal is not None else ("", False))


def test_a_card_elsewhere_describes_what_it_names() -> None:
    files = {"data/raw.csv.dvc": pointer(), "other/dataset_card.md": "# Card of raw.csv\n"}

    assert dataset(files).card == "other/dataset_card.md"


def test_sources_yaml_names_a_card() -> None:
    files = {
        "sources.yaml": "- {path: data/raw.csv, card: docs/houses.md}\n",
        "docs/houses.md": f"# A\n## Licence\nMIT\n## Source\n{PROSE}\n",
        "data/raw.csv.dvc": pointer(),
    }

    assert (dataset(files).card, dataset(files).answered) == ("docs/houses.md", ("collection", "distribution"))


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        ("Data", 2),
        ("About the dataset", 2),
        ("2. Training data", 2),
        ("`raw.csv`", 2),
        ("Data pipeline", 0),
        ("Usage", 0),
    ],
)
def test_a_section_of_a_readme_describes_data(heading: str, line: int) -> None:
    made = dataset({"data/raw.csv.dvc": pointer(), "README.md": f"# A\n## {heading}\n{PROSE}\n## Licence\nMIT\n"})

    assert made.card_line == line
    assert made.card == ("README.md" if line else "")
    assert "distribution" not in made.answered  # that is the licence of the code


@pytest.mark.parametrize(
    "text", ["the [Iris](https://example.org) dataset", "[the Iris dataset](https://example.org)", HTML, INLINE]
)
def test_prose_that_links_to_a_dataset_describes_it_and_no_more(text: str) -> None:
    files = {"data/raw.csv.dvc": pointer(), "README.md": f"# A\nWe use {text}.\n## Licence\nMIT\n"}

    assert (dataset(files).card, dataset(files).answered) == ("README.md", ())


def test_an_empty_section_of_a_readme_describes_nothing() -> None:
    assert dataset({"data/raw.csv.dvc": pointer(), "README.md": "# A\n## Data\nTODO\n"}).card == ""


def test_croissant_describes_the_files_it_distributes() -> None:
    card = {
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": "https://example.org/licence",
        "distribution": [{"name": "raw.csv", "contentUrl": "raw.csv", "sha256": "c5" * 32}],
    }
    [made] = facts_of({"data/croissant.json": json.dumps(card)})["datasets"].items

    assert (made.card, made.current, made.answered) == ("data/croissant.json", True, ("distribution",))


@pytest.mark.parametrize(
    "files",
    [
        {"dvc.lock": f"schema: '2.0'\nstages: {{a: {{cmd: a, outs: [{{path: data/a.csv, md5: {OLD}}}]}}}}\n"},
        {"tests/data.csv.dvc": pointer(name="data.csv")},
        {"docs/picture.png.dvc": pointer(name="picture.png")},
        {"models/model.pkl.dvc": pointer(name="model.pkl")},
        {"data/raw.csv.dvc": "outs:\n- path: raw.csv\n"},
    ],
)
def test_outputs_models_fixtures_and_pointers_without_digest_are_no_datasets(files: Mapping[str, str]) -> None:
    files = {"dvc.yaml": "stages: {a: {cmd: a, outs: [data/a.csv]}}\n", **files}

    assert facts_of(files)["datasets"].items == ()


class TestVersions:
    CARD = f"# A\n## Collection\n{PROSE}\n"

    @pytest.mark.parametrize("named", [OLD, f"md5:{OLD}", f"`{OLD[:8]}`", f"{OLD}.dir"])
    def test_a_digest_is_named(self, named: str) -> None:
        assert dataset({"data/raw.csv.dvc": pointer(), "data/README.md": f"{self.CARD}{named}\n"}).current is True

    def test_another_digest_is_named(self) -> None:
        made = dataset({"data/raw.csv.dvc": pointer(), "data/README.md": f"---\nversion: {NEW}\n---\n{self.CARD}"})

        assert made.current is False
        assert made.why == "data/README.md is about b4b4b4b4…, and data/raw.csv is md5:a3a3a3a3… now"

    def test_one_card_names_one_of_two(self) -> None:
        files = {
            "data/raw.csv.dvc": pointer(),
            "data/new.csv.dvc": pointer(NEW, "new.csv"),
            "data/README.md": f"{self.CARD}{OLD}\n",
        }
        current = {one.artifact: one.current for one in facts_of(files)["datasets"].items}

        assert current == {"data/raw.csv": True, "data/new.csv": None}

    def test_a_range_is_named(self) -> None:
        card = f"---\napplies_to: all versions\n---\n{self.CARD}"

        assert dataset({"data/raw.csv.dvc": pointer(), "data/README.md": card}).current is True

    def test_without_history_nothing_is_known(self) -> None:
        made = dataset({"data/raw.csv.dvc": pointer(), "data/README.md": self.CARD})

        assert made.current is None
        assert "no git history" in made.why

    def test_the_data_has_not_changed_since(self) -> None:
        first = {"data/raw.csv.dvc": pointer(), "data/README.md": self.CARD}

        assert after(first, {"a.py": ""}).current is True
        assert after(first, {"data/raw.csv.dvc": f"{pointer()}desc: houses\n"}).current is True
        assert after(first, {"data/raw.csv.dvc": pointer().replace("  hash: md5\n", "")}).current is True

    def test_the_data_was_replaced_since(self) -> None:
        made = after({"data/raw.csv.dvc": pointer(), "data/README.md": self.CARD}, {"data/raw.csv.dvc": pointer(NEW)})

        assert made.current is False
        assert "md5:a3a3a3a3… then, md5:b4b4b4b4… now" in made.why

    def test_the_card_is_being_edited(self) -> None:
        first = {"data/raw.csv.dvc": pointer(), "data/README.md": self.CARD}

        assert after(first, {"data/raw.csv.dvc": pointer(NEW)}, edited={"data/README.md": "# New\n"}).current is True

    @pytest.mark.parametrize(("card", "current"), [("raw.csv", True), ("houses", None)])
    def test_the_data_came_after_the_card(self, card: str, current: bool | None) -> None:
        made = after({"data/README.md": f"{self.CARD}{card}\n"}, {"data/raw.csv.dvc": pointer()})

        assert made.current is current

    def test_a_shallow_clone_does_not_tell(self) -> None:
        made = after({"data/raw.csv.dvc": pointer(), "data/README.md": self.CARD}, shallow=True)

        assert made.current is None
        assert "shallow" in made.why


FOLDERS = st.sampled_from(["", "a/", "a/b/", "ab/", "docs/"])
DOCUMENTS = st.builds(
    lambda folder, name, role: Document(
        f"{folder}{name}.md", 0, role, "markdown", "", {}, (Section("Data", 2, 3, "words", 20, True, ""),), ""
    ),
    FOLDERS,
    st.sampled_from(["README", "data-card", "README-2"]),
    st.sampled_from(["readme", "dataset"]),
)


@given(st.lists(DOCUMENTS), FOLDERS, FOLDERS, st.sampled_from(["", "a/README.md", "docs/README.md"]))
def test_documents_that_are_not_looked_at_describe_nothing(
    documents: list[Document], folder: str, other: str, card: str
) -> None:
    artifact, pointer = f"{folder}raw.csv", f"{other}raw.csv.dvc"
    listed = DataSource("sources.yaml", 1, "raw", artifact, "", "", "", "", live=False, card=card)
    sources = [listed] if card else []
    texts = {one.path: "raw.csv" if "card" in one.path else "" for one in documents}

    near = Within(documents, sources).reach(artifact, pointer)

    assert cards(artifact, pointer, near, texts, sources) == cards(artifact, pointer, documents, texts, sources)
