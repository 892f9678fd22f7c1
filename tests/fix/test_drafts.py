"""Pipelines that are drafted from scripts, and what the real DVC makes of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.documents.marks import MARK
from lifelint.facts.steps.scripts import Script
from lifelint.fix.fixers._drafts import Ground, drafted
from lifelint.snapshot.memory import MemorySnapshot
from tests.conftest import facts_of, write
from tests.fix.conftest import plan_in_memory

POINTER = "outs:\n- md5: 14d187e749ee5614e105741c719fa185\n  size: 4\n  hash: md5\n  path: {}\n"
BASE = {"requirements.txt": "scikit-learn==1.5.0\n", "data/raw.csv.dvc": POINTER.format("raw.csv")}
NOWHERE = Ground(lambda _: False, lambda _: False, frozenset())


def draft_of(files: dict[str, str]) -> str:
    plan = plan_in_memory(MemorySnapshot({**BASE, **files}), "pipeline-declared")
    [text] = [edit.after.decode() for edit in plan.edits if edit.path.endswith("dvc.yaml")] or [""]
    return text


def why_not(files: dict[str, str]) -> str:
    plan = plan_in_memory(MemorySnapshot({**BASE, **files}), "pipeline-declared")
    assert not plan.edits
    return "; ".join(left.why for left in plan.left)


def finished(text: str) -> str:
    """A draft as somebody leaves it who misses nothing."""
    return "".join(line.replace(f" {MARK}", "") for line in text.splitlines(True) if f'- "{MARK}"' not in line)


@pytest.mark.filterwarnings("ignore")  # dvc's own
def test_the_finished_draft_is_what_dvc_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = pytest.importorskip("dvc.repo")
    monkeypatch.setitem(os.environ, "DVC_NO_ANALYTICS", "1")
    files = {
        "src/prepare.py": "pd.read_csv('data/raw.csv').to_csv('data/clean.csv')\n",
        "src/features.py": "pd.read_csv('data/clean.csv').to_csv('data/features.csv')\nimport sys; print(sys.argv)\n",
        "src/train.py": "yaml.safe_load(open('params.yaml'))\npd.read_csv('data/features.csv')\n"
        "joblib.dump(m, 'model.pkl')\njson.dump(m, open('shared.json', 'w'))\n",
        "src/evaluate.py": "joblib.load('model.pkl')\njson.dump(m, open('metrics.json', 'w'))\n"
        "json.dump(m, open('shared.json', 'w'))\nfig.savefig('plots/a b.png')\nfig.savefig('plots/true')\n",
        "own/evaluate.py": "pd.read_csv('here.csv')\nopen('out.json', 'w')\n",
        "own/here.csv": "a\n",
        "params.yaml": "seed: 1\n",
    }
    text = draft_of(files)
    write(tmp_path, {**BASE, **files, "dvc.yaml": finished(text)})
    with repo.Repo.init(str(tmp_path), no_scm=True) as opened:
        stages = {stage.name: stage for stage in opened.index.stages if hasattr(stage, "name")}
        opened.check_graph(list(stages.values()))

        def paths(stage: str, kind: str) -> set[str]:
            return {each.def_path for each in getattr(stages[stage], kind)}

        assert list(stages) == ["prepare", "features", "train", "own_evaluate", "src_evaluate"]
        assert paths("prepare", "deps") == {"src/prepare.py", "data/raw.csv"}
        assert paths("train", "deps") == {"src/train.py", "data/features.csv", "params.yaml"}
        assert paths("train", "outs") == {"model.pkl"}
        assert paths("src_evaluate", "outs") == {"metrics.json", "plots/a b.png", "plots/true"}
        assert paths("own_evaluate", "deps") == {"evaluate.py", "here.csv"}
        assert stages["own_evaluate"].wdir.endswith("own")
        assert stages["features"].cmd == "python src/features.py"
    assert text.count("shared.json is written by other scripts too") == 2


def test_unfinished_its_stages_are_none() -> None:
    files = {**BASE, "train.py": "joblib.dump(m, 'model.pkl')\n"}
    facts = facts_of({**files, "dvc.yaml": draft_of(files)})

    assert facts["stages"].items == ()
    assert [(one.name, one.mark) for one in facts["unfilled_stages"].items] == [("train", MARK)]
    assert not [one for one in facts["pointers"].items if one.path != "data/raw.csv.dvc"]


def test_a_dvc_yaml_without_stages_keeps_what_it_has() -> None:
    old = "# ours\nartifacts:\n  m: {path: model.pkl}\n"
    text = draft_of({"train.py": "main()\n", "dvc.yaml": old})

    assert text.startswith(f"{old}\n# Drafted")
    assert why_not({"train.py": "main()\n", "dvc.yaml": "stages: {}\n"}).endswith("is to be written")
    assert why_not({"train.py": "main()\n", "dvc.yaml": "{metrics: [m.json]}\n"}).endswith("is to be written")


def test_where_another_tool_trains_nothing_is_drafted() -> None:
    train = {"train.py": "main()\n"}

    assert draft_of({**train, "Makefile": "model:\n\tpython train.py\n"}) == ""
    assert draft_of({**train, "Snakefile": "rule train:\n    script: 'train.py'\n"}) == ""


def test_of_many_scripts_only_a_person_knows_which_count() -> None:
    assert "of 13 scripts" in why_not({f"train_{number}.py": "main()\n" for number in range(13)})


def test_a_name_that_dvc_would_take_for_a_variable() -> None:
    assert "takes for a variable" in why_not({"train${x}.py": "main()\n"})


def test_in_a_project_of_several_its_paths_are_its_own() -> None:
    one = {f"{name}/{path}": text for name in ("a", "b") for path, text in {**BASE, "train.py": "main()\n"}.items()}
    plan = plan_in_memory(MemorySnapshot(one), "pipeline-declared")

    assert [edit.path for edit in plan.edits] == ["a/dvc.yaml", "b/dvc.yaml"]
    assert b"    - train.py\n" in plan.edits[0].after


PATHS = st.sampled_from(["a", "a/b", "a/b/c", "d", "d.csv", "e/metrics.json", "src/x", "src"])


@given(
    st.lists(
        st.builds(
            Script,
            path=st.sampled_from(["train.py", "src/train.py", "prepare.py", "src/évaluate.py", "src/a b/fit.py"]),
            line=st.just(0),
            role=st.sampled_from(["prepare", "train", "evaluate"]),
            reads=st.lists(PATHS, max_size=3).map(tuple),
            writes=st.lists(PATHS, max_size=3, unique=True).map(tuple),
            modules=st.just(()),
            asks=st.booleans(),
            relative=st.booleans(),
        ),
        max_size=4,
        unique_by=lambda script: script.path,
    )
)
def test_no_stage_needs_a_later_one_and_no_two_make_the_same(scripts: list[Script]) -> None:
    stages = drafted(scripts, NOWHERE)
    made = [{path for path, _ in one.outs} | set(one.metrics) for one in stages]

    assert sorted(one.path for one in stages) == sorted(script.path for script in scripts)
    assert len({one.name for one in stages}) == len(stages)
    for number, stage in enumerate(stages):
        for path in made[number]:
            others = [other for place in (*made[:number], *made[number + 1 :]) for other in place]
            assert not any(f"{path}/".startswith(f"{other}/") for other in others)
        for later in made[number:]:
            assert not later.intersection(stage.deps)
