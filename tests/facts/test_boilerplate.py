"""Lines of templates: what the shipped digests stand for, and that nobody fills a section by copying them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.documents.boilerplate import KNOWN, fingerprint, without
from lifelint.facts.documents.controls import CONTROLS
from lifelint.facts.documents.markdown import parse_markdown
from lifelint.facts.documents.placeholders import remaining
from lifelint.facts.documents.topics import DATASHEET, MODEL_CARD
from lifelint.fix.templates import renderer
from tests.conftest import facts_of

OWN: Mapping[str, Mapping[str, object]] = {
    "model-card.md": {"topics": list(MODEL_CARD), "results": [], "models": [], "trained_on": [], "library": ""},
    "dataset-card.md": {"topics": list(DATASHEET), "title": "churn", "datasets": [], "known": {}, "licence": ""},
    **{
        f"{name}.md": {"topics": list(CONTROLS[role]), "models": []}
        for name, role in (
            ("scoping", "scoping"),
            ("runbook", "runbook"),
            ("handoff", "handoff"),
            ("refresh-policy", "refresh"),
        )
    },
}
"""Our templates of documents, as they come out where the repository tells nothing."""

LISTS = ("contacts", "gates", "reports", "data", "made_by", "way_back", "interface", "handed_over")


def own(name: str) -> str:
    return renderer()(name, {"whole": True, "name": "churn", **{key: [] for key in LISTS}, **OWN[name]})


def hub(name: str) -> str:
    """A card of Hugging Face as somebody gets it who fills in nothing."""
    library = pytest.importorskip("huggingface_hub")
    text = (Path(library.__file__).parent / "templates" / name).read_text()
    return re.sub(r'\{\{[^}|]*\|\s*default\("(.*?)", true\)\s*\}\}', r"\1", text)


def shown(text: str) -> str:
    """The document with its hints out of their comments."""
    return re.sub(r"<!--(.*?)-->", lambda found: found[1], text, flags=re.DOTALL)


def left(text: str) -> Iterator[str]:
    """The lines that would count as written, if no line of a template were known."""
    for section in parse_markdown(text.encode()).written:
        for line in section.text.splitlines():
            if remaining(line, ()) and fingerprint(line):
                yield line


@pytest.mark.parametrize("name", ["modelcard_template.md", "datasetcard_template.md"])
def test_the_hints_of_the_hub_are_known(name: str) -> None:
    found = list(left(shown(hub(name))))

    assert len(found) > 10
    assert [line for line in found if fingerprint(line) not in KNOWN] == []


@pytest.mark.parametrize("name", OWN)
def test_our_own_hints_are_known(name: str) -> None:
    assert [line for line in left(shown(own(name))) if fingerprint(line) not in KNOWN] == []


@pytest.mark.parametrize(
    ("path", "name"),
    [("MODEL_CARD.md", "modelcard_template.md"), ("dataset_card.md", "datasetcard_template.md")],
)
@pytest.mark.parametrize("change", [str, shown, lambda text: shown(text).upper().replace("[MORE", "[More")])
def test_a_card_of_the_hub_is_empty(path: str, name: str, change: Callable[[str], str]) -> None:
    [card] = facts_of({path: change(hub(name))})["documents"].items

    assert [one.heading for one in card.sections if one.filled] == []


@pytest.mark.parametrize("name", OWN)
def test_our_own_documents_are_empty(name: str) -> None:
    bare = shown(own(name)).replace("[More Information Needed]", "")
    [document] = facts_of({f"docs/{name}": bare})["documents"].items

    assert [one.heading for one in document.sections if one.filled] == []


def test_what_somebody_adds_counts() -> None:
    hint = "Address questions around how the dataset is intended to be used."
    text = f"# A\n## Uses\n{hint}\n## Collection\n{hint}\nExported from https://example.org/register in 2026-01.\n"
    [card] = facts_of({"dataset_card.md": text})["documents"].items

    assert {one.heading: one.filled for one in card.sections if one.level == 2} == {"Uses": False, "Collection": True}
    assert "register" in card.sections[-1].text


@given(st.text())
def test_other_text_is_kept(text: str) -> None:
    assert without(text, KNOWN) == text


@given(st.text(" *_>-()\t", max_size=5), st.text(" *_>-()\t.", max_size=5))
def test_marks_around_a_line_change_nothing(before: str, after: str) -> None:
    line = "Address questions around how the dataset is intended to be used."

    assert fingerprint(f"{before}{line}{after}") == fingerprint(line) != ""
