"""Which documents are records of decisions, and what they say of themselves."""

from __future__ import annotations

import pytest

from tests.conftest import facts_of


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("docs/decisions/0001-use-dvc.md", True),
        ("doc/adr/1.rst", True),
        ("ADR/2026/one.md", True),
        ("docs/architecture-decisions/one.adoc", True),
        ("services/model/decision_records/one.txt", True),
        ("docs/decisions/README.md", False),
        ("docs/adr/template.md", False),
        ("docs/adr/adr-template.md", False),
        ("docs/decisions/model.py", False),
        ("docs/indecisions/one.md", False),
        ("decisions.md", False),
    ],
)
def test_records_lie_in_a_folder_that_is_named_for_them(path: str, found: bool) -> None:
    assert bool(facts_of({path: "# One\n"})["decisions"].items) is found


@pytest.mark.parametrize(
    ("text", "title", "status", "line"),
    [
        ("# Use DVC\n\nStatus: Accepted\n", "Use DVC", "accepted", 1),
        ("---\nstatus: rejected\n---\n# Use DVC\n", "Use DVC", "rejected", 4),
        ("\ufeff# Use DVC\r\n\r\n## Status\r\n\r\n**Superseded** by 7\r\n", "Use DVC", "superseded", 1),
        ("* Status: proposed\n", "", "proposed", 1),
        ("= Use DVC\n", "Use DVC", "", 1),
        ("", "", "", 1),
    ],
)
def test_a_record_says_its_title_and_its_status(text: str, title: str, status: str, line: int) -> None:
    [record] = facts_of({"adr/1.md": text})["decisions"].items

    assert (record.title, record.status, record.line, record.path) == (title, status, line, "adr/1.md")


def test_a_record_that_is_no_text_is_told() -> None:
    assert [u.path for u in facts_of({"adr/1.md": b"\xff\xfe\x00"})["decisions"].unread] == ["adr/1.md"]
