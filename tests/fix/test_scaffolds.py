"""Templates: nothing is earned by writing them, and a rule holds once what they ask for is there."""

from __future__ import annotations

import importlib.util
import re
from itertools import count
from pathlib import Path

import pytest

from lifelint import engine, examples
from lifelint.facts import Facts, Source
from lifelint.facts.documents.marks import MARK
from lifelint.model import Example, Outcome, Rule
from lifelint.snapshot.overlay import OverlaySnapshot
from tests.fix.conftest import LOADED, MENDED, opened, plan_in_memory, plan_on_disk

SCAFFOLDS = [rule for rule in MENDED if rule.fix and rule.fix.kind == "scaffold"]
STATES = [rule for rule in LOADED.rules if rule.scope == "repository"]
BIKES = Path(__file__).parents[2] / "examples"


def answered(path: str, data: bytes) -> bytes:
    """A scaffold as a person leaves it: in the place of every mark stands a sentence that is said nowhere else.

    In the place of one in CODEOWNERS stands an owner, and the line is no comment any longer. In a pipeline nothing was
    missing, and the lines that ask are removed. A gate gets a number.
    """
    text = data.decode()
    if path.endswith("gates.yaml"):
        return re.sub(rf'threshold: "{re.escape(MARK)}"', "threshold: 0.5", text).encode()
    if path.endswith("dvc.yaml"):
        return "".join(line for line in text.splitlines(keepends=True) if MARK not in line).encode()
    if path.endswith("CODEOWNERS"):
        return re.sub(rf"^# (\S+) {re.escape(MARK)}", r"\1 @acme/models", text, flags=re.MULTILINE).encode()
    for number in count(1):
        if MARK not in text:
            return text.encode()
        sentence = f"Answer {number} is of Ada (ada@example.org), who looks with `git log` at how the model was made."
        text = text.replace(MARK, sentence, 1)
    raise AssertionError


def new_files(rule: Rule, example: Example) -> dict[str, bytes]:
    """What the fix of a rule writes where there was nothing."""
    edits = plan_in_memory(examples.snapshot(example), rule.id).edits
    return {edit.path: edit.after for edit in edits} if all(edit.before is None for edit in edits) else {}


@pytest.mark.parametrize("rule", SCAFFOLDS, ids=lambda rule: rule.id)
def test_a_template_fails_its_rule_until_it_is_filled_in(rule: Rule) -> None:
    written = [(one, new_files(rule, one)) for one in rule.examples if one.fixed]

    assert any(files for _, files in written)
    for example, files in written:
        if files:
            assert all(MARK.encode() in data for data in files.values())
            for data, outcome in ((files, Outcome.FAIL), ({p: answered(p, d) for p, d in files.items()}, Outcome.PASS)):
                snapshot = OverlaySnapshot(examples.snapshot(example), data)
                [finding] = engine.run([rule], Facts(Source(snapshot)))
                assert finding.outcome is outcome, (example.title, finding.observations)


def test_every_template_is_of_a_rule() -> None:
    shipped = {path.name.removesuffix(".j2") for path in (BIKES.parent / "templates/fix").glob("[!_]*.j2")}

    assert shipped == {rule.fix.template for rule in SCAFFOLDS if rule.fix}


def test_unedited_they_earn_nothing(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("example_replay", BIKES / "replay.py")
    assert spec and spec.loader
    replay = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replay)
    replay.replay(BIKES / "bike-demand/history.fi", tmp_path / "bikes")
    plan = plan_on_disk(tmp_path / "bikes", *(rule.id for rule in SCAFFOLDS))

    with opened(tmp_path / "bikes") as (snapshot, _):
        before = engine.run(STATES, Facts(Source(snapshot)))
        changed = OverlaySnapshot(snapshot, {edit.path: edit.after for edit in plan.edits})
        after = engine.run(STATES, Facts(Source(changed)))

    assert plan.edits
    held = {finding.rule.id for finding in before if finding.outcome is Outcome.PASS}
    assert {finding.rule.id for finding in after if finding.outcome is Outcome.PASS} <= held
