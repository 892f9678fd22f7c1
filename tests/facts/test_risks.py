"""Registers of risks, in YAML and in tables."""

from __future__ import annotations

import pytest

from lifelint.facts.documents.risks import Risk
from tests.conftest import facts_of

MODEL = "outs:\n- md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  size: 10\n  hash: md5\n  path: model.onnx\n"


def found(files: dict[str, str | bytes]) -> list[Risk]:
    return list(facts_of({"model.onnx.dvc": MODEL, **files})["risks"].items)


@pytest.mark.parametrize(
    "text",
    [
        "risks:\n- {id: R1, risk: It ends, owner: '@a', mitigation: A copy, status: open}\n",
        "- {id: R1, description: It ends, responsible: '@a', measures: [A copy], status: open}\n",
        "R1: {Risk: It ends, Owner: '@a', counter_measures: A copy, status: open}\n",
    ],
)
def test_a_list_and_mappings(text: str) -> None:
    [one] = found({"docs/risk-register.yml": text})

    assert one[2:] == ("R1", "It ends", "@a", "A copy", "open", False)


def test_placeholders_are_nothing_and_closed_is_closed() -> None:
    text = "- {id: 1, risk: TBD, owner: '[More Information Needed]', mitigation: null, status: Closed}\n"
    [one] = found({"risks.yaml": text})

    assert one[2:] == ("1", "", "", "", "Closed", True)


def test_a_table_with_both_columns() -> None:
    table = "| # | Risk | Impact | Mitigation | Owner |\n|---|:-:|---|---|---|\n| 1 | a \\| b | high | a copy | @a |\n"
    other = "| Risk | Impact |\n|---|---|\n| x | high |\n"
    [one] = found({"docs/scoping.md": f"# Scope\n\n{table}\n{other}"})

    assert (one.line, one.name, one.risk, one.mitigation, one.owner) == (5, "1", "a | b", "a copy", "@a")


@pytest.mark.parametrize("heads", ["Description | Response", "Title | Actions", "Description | Controls"])
def test_a_table_of_other_things_is_a_register_only_where_the_document_is_one(heads: str) -> None:
    table = f"# Churn\n\n| {heads} |\n|---|---|\n| one | two |\n"

    assert found({"README.md": table}) == []
    assert [one.line for one in found({"docs/risk-register.md": table})] == [5]
    assert [one.risk for one in found({"README.md": table.replace("Title", "Failure mode")})] == (
        ["one"] if "Title" in heads else []
    )


def test_fixtures_and_broken_files() -> None:
    facts = facts_of(
        {"tests/risks.yaml": "- {risk: x}\n", "risks.yaml": "risks: [\n", "docs/risks.yaml": "just text\n"}
    )

    assert facts["risks"].items == ()
    assert [one.path for one in facts["risks"].unread] == ["risks.yaml"]
