"""Every example that a rule's fix mends is mended, in memory and in a real repository, and nothing else is claimed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lifelint import engine, examples
from lifelint.engine import FIXERS, resolve
from lifelint.facts import Facts, Source
from lifelint.model import Example, Finding, Outcome, Rule
from lifelint.report.fixes import patches
from lifelint.snapshot import Snapshot
from lifelint.snapshot.overlay import OverlaySnapshot
from tests.conftest import GIT_ENVIRONMENT, git
from tests.fix.conftest import MENDED, committed, opened, plan_in_memory, plan_on_disk, tree

FAILING = [(rule, example) for rule in MENDED for example in rule.examples if example.outcome is Outcome.FAIL]
FIXED = [(rule, example) for rule, example in FAILING if example.fixed]
IN_GIT = [(rule, example) for rule, example in FIXED if not example.history]
ids = {"ids": lambda v: v.id if isinstance(v, Rule) else v.title}


def judged(rule: Rule, snapshot: Snapshot) -> Finding:
    [finding] = engine.run([rule], Facts(Source(snapshot)))
    return finding


def assert_mended(rule: Rule, finding: Finding, written: Mapping[str, bytes]) -> None:
    assert rule.fix
    if rule.fix.kind == "mechanical":
        assert finding.outcome is Outcome.PASS, [o for o in finding.observations if o.ok is not True]
    else:
        bad = [seen for seen in finding.observations if seen.ok is False]
        assert finding.outcome is Outcome.FAIL
        assert any(path in f"{seen.path} {seen.detail}" for seen in bad for path in written), bad


@pytest.mark.parametrize("rule", MENDED, ids=lambda rule: rule.id)
def test_a_fix_names_a_fixer_and_an_example(rule: Rule) -> None:
    assert rule.fix
    resolve(rule.fix.by, FIXERS)
    assert any(example.fixed for example in rule.examples)
    assert rule.fix.title[0].islower() and not rule.fix.title.endswith(".")


@pytest.mark.parametrize(("rule", "example"), FAILING, **ids)
def test_an_example_is_mended_if_it_says_so(rule: Rule, example: Example) -> None:
    snapshot = examples.snapshot(example)
    plan = plan_in_memory(snapshot, rule.id)

    assert bool(plan.fixes) is example.fixed
    if not example.fixed:
        assert plan.left
        assert all(one.why for one in plan.left)
        return
    written = {edit.path: edit.after for edit in plan.edits}
    assert_mended(rule, judged(rule, OverlaySnapshot(snapshot, written)), written)


@pytest.mark.parametrize(("rule", "example"), IN_GIT, **ids)
class TestInARealRepository:
    def test_what_is_written_is_what_was_planned_and_mends_it(
        self, rule: Rule, example: Example, tmp_path: Path, lifelint: Callable[..., object]
    ) -> None:
        folder = committed(tmp_path / "repository", {k: v for k, v in example.files.items() if v is not None})
        plan = plan_on_disk(folder, rule.id)
        before = tree(folder)

        lifelint("fix", rule.id, "--apply", cwd=folder)

        after = tree(folder)
        written = {edit.path: edit.after for edit in plan.edits}
        assert {path: data for path, (data, _) in after.items() if before.get(path, (b"", 0))[0] != data} == written
        assert {path: mode for path, (_, mode) in after.items() if path in before} == {
            p: m for p, (_, m) in before.items()
        }
        git(folder, "add", "-A", "-f")
        git(folder, "commit", "-q", "-m", "Fix")
        with opened(folder) as (snapshot, _):
            assert_mended(rule, judged(rule, snapshot), written)

        lifelint("fix", rule.id, "--apply", cwd=folder)  # again
        assert tree(folder) == after

    def test_git_applies_the_plan(self, rule: Rule, example: Example, tmp_path: Path) -> None:
        folder = committed(tmp_path / "repository", {k: v for k, v in example.files.items() if v is not None})
        plan = plan_on_disk(folder, rule.id)

        command = ["git", "-C", str(folder), "apply", "--whitespace=error-all"]
        for more in (["--check"], []):
            environment = {**os.environ, **GIT_ENVIRONMENT}  # the person's git may fetch what a pointer stands for
            subprocess.run([*command, *more], input=patches(plan), check=True, capture_output=True, env=environment)

        found = {path: data for path, (data, _) in tree(folder).items()}
        assert all(found[edit.path] == edit.after for edit in plan.edits)
