"""How to go back, as it is written in documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.releases.procedure import Procedure
from tests.conftest import facts_of

LONG = "When the model is wrong, then do what stands below, and tell everybody that you have done it.\n"


def of(text: str, path: str = "docs/runbook.md", **more: str) -> list[Procedure]:
    return list(facts_of({path: text, **more})["rollback_procedures"].items)


@pytest.mark.parametrize("heading", ["Rollback", "How to roll back", "Rolling back a model", "Revert a release"])
def test_a_section_is_told_by_its_heading(heading: str) -> None:
    [found] = of(f"# Runbook\n\n## {heading}\n\n{LONG}")

    assert (found.line, found.filled) == (3, True)


@pytest.mark.parametrize("heading", ["Backups", "Rollout", "Drawbacks"])
def test_other_headings_are_about_something_else(heading: str) -> None:
    assert of(f"# Runbook\n\n## {heading}\n\n{LONG}") == []


def test_commands_are_those_of_the_section_and_what_is_nested_in_it() -> None:
    text = (
        "# Runbook\n## Start\n```sh\nkubectl apply -f a.yaml\n```\n## Rollback\n### Service\n"
        "```console\n$ helm rollback churn 3\nRollback was a success!\n```\n### Data\n`dvc checkout`\n"
        "```python\nimport os\n```\n## Stop\n```sh\nkubectl delete churn\n```\n"
    )

    [found] = of(text)

    assert found.names == ("dvc checkout", "helm rollback churn 3")


def test_a_target_of_make_is_looked_up() -> None:
    text = f"# Runbook\n## Rollback\n{LONG}```sh\nmake rollback\n```\n"

    assert of(text)[0].missing == ("make rollback",)
    assert of(text, Makefile="rollback:\n\thelm rollback churn\n")[0].missing == ()


@pytest.mark.parametrize(
    ("owner", "text"), [("@ada", "Ask @ada."), ("ops@example.org", "Write to ops@example.org."), ("", "Ask around.")]
)
def test_who_answers_for_it_is_named_there(owner: str, text: str) -> None:
    assert of(f"# Runbook\n## Rollback\n{LONG}{text}\n")[0].owner == owner


def test_a_person_named_elsewhere_in_a_readme_does_not_answer_for_it() -> None:
    text = f"---\npipeline_tag: text\n---\n# Model\nBy @ada.\n## Rollback\n{LONG}"

    [found] = of(text, "README.md")
    assert found.owner == ""


@given(st.text("#rollback `~\n@[]()ab./$-", max_size=200))
def test_any_text_is_read(text: str) -> None:
    of(f"# Runbook\n## Rollback\n{text}")
