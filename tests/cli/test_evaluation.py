"""``lifelint evaluation`` and ``lifelint gates`` in real git histories."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_release_new import METRICS, MODEL, TEST, TRAIN, lock, md5, project, released
from tests.conftest import git, write
from tests.facts.test_evaluation_dbt import MADE as CHECKED
from tests.facts.test_evaluations import NEW, OLD, commit, folder, head, pointer, report
from tests.facts.test_releases import GATES, told

__all__ = ["folder", "project"]

Run = Callable[..., Ran]
Make = Callable[..., Path]


def new(lifelint: Run, folder: Path, *options: str, metrics: str = METRICS) -> Ran:
    """``evaluation new`` over figures that lie outside the repository."""
    file = folder.parent / "metrics.json"
    file.write_text(metrics)
    return lifelint("evaluation", "new", "--metrics", str(file), *options, cwd=folder)


def test_a_pipeline_tells_what_was_evaluated(lifelint: Run, project: Path) -> None:
    built = head(project)
    ran = new(lifelint, project)

    assert ran.code == 0, ran.out + ran.err
    written = json.loads((project / "eval-report.json").read_text("utf-8"))
    subject = written["subject"]
    assert (subject["commit"], subject["dirty"]) == (built, False)
    assert subject["models"] == [
        {"name": "model.onnx", "pointer": "dvc.lock#train:model.onnx", "digest": f"md5:{MODEL}"}
    ]
    assert [(d["role"], d["version"]) for d in subject["datasets"]] == [
        ("test", f"md5:{TEST}"),
        ("train", f"md5:{TRAIN}"),
    ]
    assert subject["environment"][0]["path"] == "uv.lock"
    assert written["metrics"] == [{"name": "auc", "value": 0.93}]


def test_what_was_written_verifies_once_it_is_committed(lifelint: Run, project: Path) -> None:
    new(lifelint, project)
    commit(project, "evaluate", {})
    ran = lifelint("evaluation", "verify", "eval-report.json", "--strict", cwd=project)

    assert ran.code == 0, ran.out
    assert ran.out.startswith("✓ eval-report.json is verified\n")


def test_a_report_that_was_written_carries_a_release(lifelint: Run, project: Path) -> None:
    new(lifelint, project)
    commit(project, "evaluate", {})
    released(lifelint, project, "1.0.0", "--report", "eval-report.json")

    assert set(told(project).values()) == {True}


def test_code_that_is_not_committed_is_not_evaluated(lifelint: Run, project: Path) -> None:
    write(project, {"train.py": "edited"})
    ran = new(lifelint, project)

    assert ran.code == 1
    assert "not committed: train.py differs from HEAD" in ran.out
    assert not (project / "eval-report.json").exists()


def test_other_edits_do_not_hinder(lifelint: Run, project: Path) -> None:
    write(project, {"README.md": "new", "evaluate.py": "edited"})

    assert new(lifelint, project).code == 0


def test_it_says_that_it_is_dirty_when_that_is_allowed_and_is_refuted_for_it(lifelint: Run, project: Path) -> None:
    write(project, {"train.py": "edited"})
    ran = new(lifelint, project, "--allow-dirty")
    commit(project, "evaluate", {})
    verified = lifelint("evaluation", "verify", "eval-report.json")

    assert ran.code == 0
    assert verified.code == 1
    assert "refuted   dirty: it was evaluated with changes that are in no commit" in verified.out


def test_a_model_on_the_disk_must_be_the_one_of_its_pointer(lifelint: Run, project: Path) -> None:
    write(project, {".gitignore": "model.onnx\n", "model.onnx": "another model"})
    other = new(lifelint, project)
    write(project, {"model.onnx": "model"})
    same = new(lifelint, project)

    assert other.code == 1
    assert f"model.onnx is md5:{md5('another model')[:8]}…, and dvc.lock#train:model.onnx says" in other.out
    assert same.code == 0


def test_a_link_on_the_disk_is_not_followed(lifelint: Run, project: Path) -> None:
    (project / "model.onnx").symlink_to("/dev/zero")

    assert new(lifelint, project).code == 0


def test_evaluating_on_the_training_data_is_refused(lifelint: Run, project: Path) -> None:
    ran = new(lifelint, project, "--data", "test=data/train.csv")

    assert ran.code == 1
    assert "held-out test:train.csv would be refuted" in ran.out
    assert not (project / "eval-report.json").exists()


def test_pointers_alone_need_no_pipeline(lifelint: Run, folder: Path) -> None:
    ran = new(lifelint, folder, "--model", "m.onnx", "--data", "test=test.csv.dvc", "--format", "json")

    subject = ran.json["document"]
    assert subject["models"] == [{"name": "m.onnx", "pointer": "m.onnx.dvc", "digest": f"md5:{OLD}"}]
    assert subject["datasets"][0]["pointer"] == "test.csv.dvc"
    assert ran.json["written"] is True


def test_several_models_are_not_guessed_at(lifelint: Run, folder: Path) -> None:
    commit(folder, "another", {"other.onnx.dvc": pointer("other.onnx", NEW)})
    ran = new(lifelint, folder)

    assert ran.code == 2
    assert "subject.models is lacking" in ran.out
    assert "m.onnx, other.onnx" in ran.out
    assert "--model PLACE" in ran.out


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ('{"auc": 0.9, "EU": {"auc": 0.8}}', [("auc", "", ""), ("auc", "EU", "")]),
        ('{"metrics": [{"name": "auc", "value": 0.9, "ci": [0.8, 0.95], "n": 10}]}', [("auc", "", "")]),
        (
            '{"results": {"arc": {"acc,none": 0.5, "acc_stderr,none": 0.01}}, "versions": {"arc": 1}, "config": {}}',
            [("acc,none", "", "arc")],
        ),
        ("auc: 0.9\n", [("auc", "", "")]),
    ],
)
def test_figures_are_taken_in_the_forms_that_tools_write(
    lifelint: Run, project: Path, metrics: str, expected: list[tuple[str, str, str]]
) -> None:
    new(lifelint, project, metrics=metrics)
    written = json.loads((project / "eval-report.json").read_text("utf-8"))["metrics"]

    assert [(m["name"], m.get("slice", ""), m.get("dataset", "")) for m in written] == expected
    assert "ci" not in metrics or written[0]["ci"] == [0.8, 0.95]
    assert "stderr" not in metrics or written[0]["stderr"] == 0.01


@pytest.mark.parametrize(
    ("metrics", "why"),
    [
        ('{"auc": NaN}', "has auc, which is no finite number"),
        ("{", "metrics.json: "),
        ("[]", "holds no number that has a name"),
        ('{"metrics": [{"name": "auc"}]}', "has auc, which is no finite number"),
    ],
)
def test_figures_that_are_none_are_refused(lifelint: Run, project: Path, metrics: str, why: str) -> None:
    ran = new(lifelint, project, metrics=metrics)

    assert ran.code == 2
    assert why in ran.err


def test_a_file_of_another_kind_is_not_overwritten(lifelint: Run, project: Path) -> None:
    write(project, {"report.json": '{"mine": 1}'})

    assert new(lifelint, project, "-o", "report.json").code == 2
    assert (project / "report.json").read_text() == '{"mine": 1}'
    assert new(lifelint, project).code == new(lifelint, project).code == 0


def test_a_report_that_nobody_would_find_is_not_written(lifelint: Run, project: Path) -> None:
    ran = new(lifelint, project, "-o", "out.json")

    assert ran.code == 2
    assert "give it a name with eval, metric, report, result or score" in ran.err


def test_a_sidecar_names_the_subject_of_a_foreign_report(lifelint: Run, folder: Path) -> None:
    commit(folder, "figures", {"scores.json": '{"auc": 0.9}'})
    options = ["--sidecar", "--model", "m.onnx", "--data", "test=test.csv"]
    ran = lifelint("evaluation", "new", "--metrics", "scores.json", *options, cwd=folder)
    commit(folder, "subject", {})
    verified = lifelint("evaluation", "verify", "scores.json", "--format", "json")

    assert ran.code == 0, ran.out
    assert (folder / "scores.json").read_text() == '{"auc": 0.9}'
    [judged] = verified.json["evaluations"]
    assert judged["bound"] == "sidecar"
    assert {f["field"]: f["status"] for f in judged["fields"]}["model:m.onnx"] == "verified"


def test_results_of_checks_on_data_are_bound_to_the_data_and_to_no_model(lifelint: Run, project: Path) -> None:
    commit(project, "checks", {"target/run_results.json": json.dumps(CHECKED)})
    options = ["--metrics", "target/run_results.json", "--sidecar", "--data", "train=data/train.csv"]
    ran = lifelint("evaluation", "new", *options, cwd=project)
    commit(project, "subject", {"train.py": "other code"})
    verified = lifelint("evaluation", "verify", "target/run_results.json", "--strict", "--format", "json", cwd=project)

    assert ran.code == 0, ran.out
    subject = json.loads((project / "target/run_results.json.subject.json").read_text())["subject"]
    assert (subject["models"], subject["datasets"][0]["version"]) == ([], f"md5:{TRAIN}")
    assert verified.code == 0, verified.out
    [judged] = verified.json["evaluations"]
    assert (judged["judges"], judged["bound"]) == ("data", "sidecar")
    assert {f["field"] for f in judged["fields"]} == {"commit", "train:train.csv", "current train:train.csv"} | {
        f"environment:{place}" for place in ("uv.lock",)
    }


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--sidecar"], 2, "the results do not tell which version was checked"),
        (["--data", "train=data/train.csv"], 2, "judges data, not a model: name the data with --sidecar"),
        (["--metrics", "metrics.json", "--sidecar"], 2, "judges data, not a model"),
    ],
)
def test_results_of_checks_on_data_are_no_report_of_a_model(
    lifelint: Run, project: Path, options: list[str], code: int, why: str
) -> None:
    write(project, {"target/run_results.json": json.dumps(CHECKED)})
    ran = lifelint("evaluation", "new", "--metrics", "target/run_results.json", *options, cwd=project)

    assert (ran.code, why in ran.out + ran.err) == (code, True), ran.out + ran.err
    assert not [*project.glob("**/*.subject.json"), *project.glob("eval-report.json")]


@pytest.mark.filterwarnings("ignore")  # dvc's own
def test_a_folder_on_the_disk_must_be_the_one_of_its_pointer(
    lifelint: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digest is the one that dvc itself computes; an ignored file does not count, as with dvc."""
    monkeypatch.setenv("DVC_NO_ANALYTICS", "1")
    from dvc.repo import Repo

    git(folder, "rm", "-q", "test.csv.dvc")
    write(
        folder,
        {"data/test/a.csv": "1\n", "data/test/b/c.csv": "x\r\n", "data/test/d.tmp": "t", ".dvcignore": "*.tmp\n"},
    )
    with Repo.init(str(folder)) as repo:
        repo.add([str(folder / "data/test")])
    commit(folder, "data", {"data/.gitignore": "/test\n"})
    options = ["--model", "m.onnx", "--data", "test=data/test"]
    same = new(lifelint, folder, *options)
    write(folder, {"data/test/d.tmp": "another", "data/test/b/c.csv": "y"})
    other = new(lifelint, folder, *options)
    write(folder, {"data/test/b/c.csv": "x\r\n"})
    (folder / "data/test/link").symlink_to("/etc/passwd")
    linked = new(lifelint, folder, *options)

    assert same.code == 0, same.out
    assert other.code == 1
    assert "data/test is md5:" in other.out
    assert "and data/test.dvc says md5:" in other.out
    assert linked.code == 0, "what a link leads to is not read"


def test_a_folder_that_was_not_fetched_is_not_compared(lifelint: Run, folder: Path) -> None:
    commit(folder, "data", {"data/test.dvc": pointer("test", f"{OLD}.dir"), "data/test/.gitkeep": ""})

    assert new(lifelint, folder, "--model", "m.onnx", "--data", "test=data/test").code == 0


@pytest.mark.parametrize("kind", ["md5", "md5-dos2unix"])
def test_digests_of_dvc_2_are_those_of_unix_texts(lifelint: Run, folder: Path, kind: str) -> None:
    text = "a\r\nb\r\n"
    legacy = f"outs:\n- md5: {md5(text.replace(chr(13), '') if kind != 'md5' else text)}\n  path: old.csv\n"
    commit(
        folder, "data", {"old.csv.dvc": legacy + ("  hash: md5\n" if kind == "md5" else ""), ".gitignore": "old.csv\n"}
    )
    (folder / "old.csv").write_bytes(text.encode())
    same = new(lifelint, folder, "--model", "m.onnx", "--data", "test=old.csv")
    (folder / "old.csv").write_bytes(b"other")
    other = new(lifelint, folder, "--model", "m.onnx", "--data", "test=old.csv")

    assert same.code == 0, same.out
    assert f"old.csv is {kind}:" in other.out


def test_paths_are_those_of_the_current_folder(lifelint: Run, project: Path) -> None:
    write(project, {"sub/metrics.json": METRICS})
    ran = lifelint("evaluation", "new", "--metrics", "metrics.json", "--paths", "../train.py", cwd=project / "sub")

    assert ran.code == 0, ran.out
    written = json.loads((project / "sub/eval-report.json").read_text("utf-8"))
    assert written["subject"]["paths"] == ["train.py"]


# Verifying ---------------------------------------------------------------------------------------------------------


def test_a_report_about_another_model_is_refuted_and_exits_1(lifelint: Run, folder: Path) -> None:
    commit(folder, "report", {"eval.json": report(head(folder), NEW)})
    ran = lifelint("evaluation", "verify", cwd=folder)

    assert ran.code == 1
    assert "  refuted   model:m: m.onnx.dvc had md5:aaaaaaaa… at that commit, not md5:dddddddd…" in ran.out


def test_a_report_of_an_earlier_model_is_not_current(lifelint: Run, folder: Path) -> None:
    commit(folder, "report", {"eval.json": report(head(folder))})
    then = head(folder)
    commit(folder, "retrain", {"m.onnx.dvc": pointer("m.onnx", NEW)})
    now = lifelint("evaluation", "verify", "--format", "json", cwd=folder)

    refuted = [f["field"] for f in now.json["evaluations"][0]["fields"] if f["status"] == "refuted"]
    assert refuted == ["current model:m"]
    assert lifelint("evaluation", "verify", "--rev", then).code == 0


def test_a_report_that_names_nothing_is_unknown(lifelint: Run, folder: Path) -> None:
    commit(folder, "figures", {"metrics.json": '{"auc": 0.9}'})
    ran = lifelint("evaluation", "verify", cwd=folder)

    assert ran.code == 0
    assert "unknown   subject: it names neither commit, model nor data" in ran.out
    assert lifelint("evaluation", "verify", "--strict").code == 1


def test_a_report_that_is_not_there_is_a_mistake(lifelint: Run, folder: Path) -> None:
    assert lifelint("evaluation", "verify", cwd=folder).code == 2
    commit(folder, "report", {"eval.json": report(head(folder))})
    ran = lifelint("evaluation", "verify", "evel.json")
    assert ran.code == 2
    assert "evel.json is no report that is known here; there are: eval.json" in ran.err


# Gates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metrics", "code", "word"),
    [
        ('{"auc": 0.93}', 0, "✓ met"),
        ('{"auc": 0.89}', 1, "✗ not met"),
        ('{"auc": NaN}', 1, "✗ not met"),
        ('{"f1": 0.99}', 1, "✗ not met"),
        ('{"auc": 93.0}', 1, "? not shown"),
    ],
)
def test_gates_are_met_or_exit_1(lifelint: Run, folder: Path, metrics: str, code: int, word: str) -> None:
    commit(folder, "figures", {"metrics.json": metrics, "gates.yaml": GATES})
    ran = lifelint("gates", "check", cwd=folder)

    assert ran.code == code
    assert ran.out.startswith(word)


def test_figures_that_were_just_measured_are_held_to_the_gates(lifelint: Run, folder: Path) -> None:
    commit(folder, "good", {"metrics.json": '{"auc": 0.93}', "gates.yaml": GATES})
    (folder.parent / "fresh.json").write_text('{"auc": 0.7}')
    ran = lifelint("gates", "check", "--report", "../fresh.json", "--format", "json", cwd=folder)

    assert ran.code == 1
    [gate] = ran.json["gates"]
    assert (gate["met"], gate["value"], gate["path"], gate["line"]) == (False, 0.7, "gates.yaml", 3)
    assert lifelint("gates", "check").code == 0


def test_gates_are_those_of_the_revision(lifelint: Run, folder: Path) -> None:
    commit(folder, "good", {"metrics.json": '{"auc": 0.93}', "gates.yaml": GATES})
    git(folder, "tag", "then")
    commit(folder, "stricter", {"gates.yaml": GATES.replace("0.9", "0.99")})

    assert lifelint("gates", "check", cwd=folder).code == 1
    assert lifelint("gates", "check", "--rev", "then").code == 0


@pytest.mark.parametrize(
    ("metrics", "why"),
    [
        ('{"metrics": [{"name": 5, "value": 1}]}', "whose name is no text"),
        ('{"metrics": [{"name": "", "value": 1}]}', "whose name is no text"),
        ('{"metrics": [{"name": "auc", "slice": 5, "value": 1}]}', "whose slice is no text"),
        ('{"metrics": [{"name": "auc", "value": NaN}]}', "auc, which is no finite number"),
    ],
)
def test_figures_that_a_report_would_not_hold_are_not_written(
    lifelint: Run, folder: Path, metrics: str, why: str
) -> None:
    (folder / "fresh.json").write_text(metrics)
    ran = lifelint("evaluation", "new", "--metrics", "fresh.json", cwd=folder)

    assert ran.code == 2
    assert why in ran.err
    assert not (folder / "eval-report.json").exists()


def test_what_is_no_time_is_not_written_as_one(lifelint: Run, folder: Path) -> None:
    ran = lifelint("evaluation", "new", "--metrics", "fresh.json", "--created", "yesterday", cwd=folder)

    assert ran.code == 2
    assert "'yesterday' is no time" in ran.err


def test_no_link_out_of_the_repository_is_written_through(lifelint: Run, folder: Path) -> None:
    outside = folder.parent / "outside.json"
    outside.write_text("mine")
    commit(folder, "files", {"m.onnx": "m", "t.csv": "t", "metrics.json": '{"auc": 0.9}'})
    (folder / "metrics.json.subject.json").symlink_to(outside)
    options = ("--metrics", "metrics.json", "--model", "m.onnx", "--data", "test=t.csv", "--sidecar")
    ran = lifelint("evaluation", "new", *options, cwd=folder)

    assert ran.code == 2
    assert "cannot write metrics.json.subject.json: there is a symbolic link on the way" in ran.err
    assert outside.read_text() == "mine"


def test_a_name_that_is_not_utf_8_is_told_and_no_report_written(lifelint: Run, folder: Path) -> None:
    name = os.fsdecode(b"a\xff.py")
    try:
        commit(folder, "odd", {name: "", "m.onnx": "m", "t.csv": "t"})
    except OSError:
        pytest.skip("file systems may demand UTF-8")
    (folder / "fresh.json").write_text('{"auc": 0.9}')
    options = ("--metrics", "fresh.json", "--model", "m.onnx", "--data", "test=t.csv")
    ran = lifelint("evaluation", "new", *options, cwd=folder)

    assert ran.code == 2
    assert "✗ subject.paths is lacking\n    a\\udcff.py is not UTF-8\n" in ran.out
    assert not (folder / "eval-report.json").exists()
    assert lifelint("evaluation", "new", *options, "--paths", "m.onnx").code == 0


def test_gates_that_are_named_and_are_not_there_are_not_passed_over(lifelint: Run, folder: Path) -> None:
    commit(folder, "good", {"metrics.json": '{"auc": 0.93}', "gates.yaml": GATES})
    lost = lifelint("gates", "check", "--gates", "gates.yaml", "--gates", "gate.yaml", cwd=folder)

    assert lost.code == 2
    assert "gate.yaml holds no gates; there are: gates.yaml" in lost.err
    assert lifelint("gates", "check", "--gates", "gates.yaml").code == 0


def test_without_gates_nothing_passes(lifelint: Run, folder: Path) -> None:
    none = lifelint("gates", "check", cwd=folder)
    commit(folder, "broken", {"gates.yaml": 'schema: gates/v1\ngates: [{metric: auc, op: "=>", threshold: 1}]\n'})
    broken = lifelint("gates", "check")

    assert (none.code, broken.code) == (2, 2)
    assert "gates.yaml:2 has a gate without metric" in broken.err


def test_a_stale_pipeline_is_told(lifelint: Run, project: Path) -> None:
    commit(project, "retrain", {"dvc.lock": lock(model=md5("better"), judged=MODEL)})
    ran = lifelint("evaluation", "verify", cwd=project)

    assert ran.code == 1
    assert "refuted   current model.onnx: was evaluated as" in ran.out


def lfs(text: str) -> str:
    oid = hashlib.sha256(text.encode()).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(text)}\n"


def test_files_behind_lfs_are_told_by_their_names_and_need_not_be_fetched(lifelint: Run, repository: Make) -> None:
    files = {f"{name}.parquet": lfs(name) for name in ("data/train", "data/test")}
    place = repository({".gitattributes": "*.bin filter=lfs\n*.parquet filter=lfs\n", "clf.bin": lfs("model"), **files})
    ran = new(lifelint, place, "--format", "json")

    assert ran.code == 0, ran.out
    subject = ran.json["document"]
    assert [(d["role"], d["pointer"]) for d in subject["datasets"]] == [
        ("test", "data/test.parquet"),
        ("train", "data/train.parquet"),
    ]
    assert {f["field"]: f["status"] for f in ran.json["fields"]}["held-out test:test.parquet"] == "verified"
    write(place, {"clf.bin": "another model"})
    assert "clf.bin is sha256:" in new(lifelint, place).out
