"""Templates: nothing is earned by writing them, and a rule holds once what they ask for is there."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from itertools import count
from pathlib import Path

import pytest

from lifelint import engine, examples
from lifelint.config import Config
from lifelint.facts import Facts, Source
from lifelint.facts.documents.marks import MARK
from lifelint.inspection import inspect
from lifelint.model import Example, Outcome, Rule
from lifelint.snapshot.overlay import OverlaySnapshot
from tests.fix.conftest import LOADED, MENDED, committed, opened, plan_in_memory, plan_on_disk

SCAFFOLDS = [rule for rule in MENDED if rule.fix and rule.fix.kind == "scaffold"]
BIKES = Path(__file__).parents[2] / "examples"


def answered(path: str, data: bytes) -> bytes:
    """A scaffold as a person leaves it: in the place of every mark stands a sentence that is said nowhere else.

    In the place of one in CODEOWNERS stands an owner, and the line is no comment any longer. In a pipeline nothing was
    missing, and the lines that ask are removed. A gate gets a number, a report its commit.
    """
    text = data.decode()
    if path.endswith(".subject.json"):
        return re.sub(r'("commit": )"[^"]*"', rf'\1"{"1" * 40}"', text).encode()
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


def earned(folder: Path) -> list[str]:
    """What all templates together would gain a repository in which nobody has touched them: rules, and levels."""
    plan = plan_on_disk(folder, *(rule.id for rule in SCAFFOLDS))
    assert plan.edits
    with opened(folder) as (snapshot, _):
        changed = OverlaySnapshot(snapshot, {edit.path: edit.after for edit in plan.edits})
        before, after = (inspect(one, Config(), LOADED, today="2026-01-01") for one in (snapshot, changed))
    assert [one.root for one in after.projects] == [one.root for one in before.projects]
    assert {one.path for one in after.diagnostics} <= {one.path for one in before.diagnostics}
    gained = []
    for then, now in zip(before.projects, after.projects, strict=True):
        held, holds = ({f.rule.id for f in one.findings if f.outcome is Outcome.PASS} for one in (then, now))
        gained += sorted(holds - held)
        assert then.scorecard and now.scorecard
        gained += [f"level {now.scorecard.level}"] if now.scorecard.level > then.scorecard.level else []
    return gained


def test_unedited_they_earn_nothing(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("example_replay", BIKES / "replay.py")
    assert spec and spec.loader
    replay = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replay)
    replay.replay(BIKES / "bike-demand/history.fi", tmp_path / "bikes")

    assert earned(tmp_path / "bikes") == []


MD5 = "22a1a2931c8370d3aeedd7183606fd7f"
SCRIPTS = {
    "src/prepare.py": "import sys\n\nopen(sys.argv[1])\nopen('data/prepared/train.tsv', 'w')\n",
    "src/featurization.py": "import sys\n\nopen('params.yaml')\nprint(sys.argv)\n",
    "src/train.py": "import joblib\nimport sklearn\n\njoblib.dump(1, 'model.pkl')\n",
    "src/evaluate.py": "import json\n\njson.dump({}, open('eval/metrics.json', 'w'))\n",
}
STARTED: dict[str, str] = {
    **SCRIPTS,
    "README.md": "# Get started\n\nA model that tags questions, made with DVC.\n\n    dvc repro\n",
    "params.yaml": "prepare: {seed: 20170428, split: 0.2}\ntrain: {n_est: 50}\n",
    "src/requirements.txt": "dvclive>=2\nscikit-learn\npandas>=2,<3\npyaml\n",
    ".dvc/config": "[core]\n    remote = storage\n['remote \"storage\"']\n    url = https://remote.example.org/get-started\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    "data/.gitignore": "/data.xml\n/prepared\n/features\n",
    "data/data.xml.dvc": f"outs:\n- md5: {MD5}\n  size: 14445097\n  path: data.xml\n",
    ".gitignore": "/model.pkl\n",
}
"""Shaped like iterative/example-get-started before it has stages."""

PIPELINE = {
    "prepare": ("data/data.xml", "data/prepared"),
    "featurization": ("data/prepared", "data/features"),
    "train": ("data/features", "model.pkl"),
    "evaluate": ("model.pkl", "eval"),
}
MODEL = {"metrics.json": '{"avg_prec": 0.92}', "model.pkl.dvc": f"outs:\n- md5: {MD5}\n  path: model.pkl\n"}
TEST = {"data/test.xml.dvc": f"outs:\n- md5: {MD5[::-1]}\n  path: test.xml\n"}


def declared() -> dict[str, str]:
    """The four stages, and a lock that records them."""
    text, lock = "stages:\n", "schema: '2.0'\nstages:\n"
    for number, (name, (dep, out)) in enumerate(PIPELINE.items()):
        cmd = f"python src/{name}.py {dep} {out}"
        code = hashlib.md5(SCRIPTS[f"src/{name}.py"].encode()).hexdigest()
        text += f"  {name}:\n    cmd: {cmd}\n    deps: [{dep}, src/{name}.py]\n    outs: [{out}]\n"
        digests = {dep: f"{number:032x}" if number else MD5, f"src/{name}.py": code}
        deps = "".join(f"    - {{path: {path}, hash: md5, md5: {md5}, size: 1}}\n" for path, md5 in digests.items())
        outs = f"    - {{path: {out}, hash: md5, md5: {number + 1:032x}, size: 1}}\n"
        lock += f"  {name}:\n    cmd: {cmd}\n    deps:\n{deps}    outs:\n{outs}"
    return {"dvc.yaml": f"{text}metrics:\n- eval/metrics.json\n", "dvc.lock": lock}


DRAFTS = {"dvc.yaml", "gates.yaml", "metrics.json.subject.json"}


@pytest.mark.parametrize(
    ("files", "drafts"),
    [
        (declared(), set()),
        ({}, {"dvc.yaml"}),
        (MODEL, {"dvc.yaml", "gates.yaml"}),
        ({**MODEL, **TEST}, DRAFTS),
    ],
    ids=["with stages", "without", "with a model and figures", "and with test data"],
)
def test_unedited_they_earn_nothing_in_a_project_of_dvc(
    files: dict[str, str], drafts: set[str], tmp_path: Path
) -> None:
    folder = committed(tmp_path / "started", {**STARTED, **files})
    plan = plan_on_disk(folder, *(rule.id for rule in SCAFFOLDS))

    assert DRAFTS.intersection(edit.path for edit in plan.edits) == drafts
    assert earned(folder) == []
