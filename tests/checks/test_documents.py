"""What templates left in control documents, and what of it other rules tell."""

from __future__ import annotations

import pytest

from lifelint.catalog import load
from lifelint.engine import run
from tests.conftest import facts_of

RULE = [rule for rule in load().rules if rule.id == "templates-filled"]
WORDS = "Customers of less than six months are told apart no better than by chance.\n"


def told(text: str, path: str = "docs/runbook.md") -> list[tuple[str, int]]:
    [finding] = run(RULE, facts_of({path: text}))
    return [(one.detail, one.line) for one in finding.observations if not one.ok]


@pytest.mark.parametrize(
    "text",
    [
        f"# Runbook\n## Drift\n### Signs\n{WORDS}",
        "# Runbook\n## Drift\n![curve](https://example.org/drift.png)\n",
        "# Runbook\n## Drift\n| | |\n|--|--|\n| who | Ada |\n",
        "# Runbook\n## Drift\nN/A\n",
        "# Runbook\n## Drift\nAsk Ada.\n",
        "# Runbook\n## Drift\n- Path: <name>\n- Port: ...\n",
        f"# Runbook\n## Drift [optional]\n### Signs\n[More Information Needed]\n## Outage\n{WORDS}",
        f"# Runbook\n## Metrics\n<!-- start -->\n# The report\n{WORDS}",
        f"# Runbook\n## Rollback\n[More Information Needed]\n## Outage\n{WORDS}",
        "# Runbook\n",
        "## Drift\n",
        "",
    ],
)
def test_what_somebody_wrote_or_may_leave_out_is_fine(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "named", "line"),
    [
        ("# Runbook\n## Drift\n", '"Drift" (line 2: empty)', 2),
        (
            "# Runbook\n## Drift\n<!-- who? -->\n## Outage\nTODO\n",
            '"Drift" (line 2: empty), "Outage" (line 4: TODO)',
            2,
        ),
        ("# Runbook\n## People\n- First:\n- Second:\n", '"People" (line 2: empty)', 2),
        (f"# Runbook\n## Drift\n{WORDS}\n- Owner: TBD\n", '"Owner" (line 5: TBD)', 5),
        (f"# Runbook\n## Drift\n{WORDS}[More Information Needed]\n", '"Drift" (line 2: [More Information Needed])', 2),
        ("# A\n" + "".join(f"## {n}\n" for n in "bcdefgh"), '"f" (line 6: empty) and 2 more', 2),
    ],
)
def test_what_nobody_filled_in_is_named(text: str, named: str, line: int) -> None:
    [(detail, at)] = told(text)

    assert detail.endswith(named)
    assert at == line


def test_a_document_of_which_another_rule_tells_is_left_to_it() -> None:
    pointer = f"outs:\n- md5: {'a1' * 16}\n  size: 4\n  hash: md5\n  path: {{}}\n"
    files = {
        "data/raw.csv.dvc": pointer.format("raw.csv"),
        "data/README.md": "# Houses\n## Motivation\nTODO\n## Glossary\nTODO\n",
        "model.onnx.dvc": pointer.format("model.onnx"),
        "docs/scoping.md": "# Scope\n## Use\nTODO\n## Glossary\nTODO\n",
        "MODEL_CARD.md": "# Card\n## Uses\nTODO\n## Glossary\nTODO\n",
    }
    [finding] = run(RULE, facts_of(files))

    assert finding.observations == ()
