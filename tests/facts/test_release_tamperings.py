"""A good release of a whole project, and what becomes of it: each tampering is told by the field it touches and by no
other, and what happens to any repository (squashes, rebases, moves, later work, shallow clones) is told by none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lifelint.facts.proof import fingerprint
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git, write
from tests.facts.test_evaluations import NEW, OLD, TEST, commit, head, pointer, report
from tests.facts.test_release_rollback import COLUMNS, REMOTE, mlmodel
from tests.facts.test_releases import GATES, JUDGED, LOCK, OTHER, PATH, TRAIN, folder, manifest, sha, sign, verdicts

__all__ = ["folder"]

LATER = "releases/1.1.0/release.yaml"
IMAGE = "ghcr.io/acme/train@sha256:" + "b" * 64
PAGE = "https://git.example.org/acme/churn/pull/7"
PROJECT = '[project]\nname = "churn"\nversion = "%s"\n'

Change = Callable[[str], str]


def swap(before: str, after: str) -> Change:
    """A change of a text, which has to change it."""

    def changed(text: str) -> str:
        assert before in text, before
        return text.replace(before, after)

    return changed


def same(text: str) -> str:
    return text


@pytest.fixture
def project(folder: Path) -> Path:
    """The repository with its first release, and the commit that the second one is built from."""
    commit(folder, "project", {**REMOTE, "MLmodel": mlmodel(COLUMNS), "pyproject.toml": PROJECT % "1.0.0"})
    text = manifest(head(folder), report(head(folder)))
    commit(folder, "release", {"eval.json": report(head(folder)), PATH: text})
    sign(folder, "v1.0.0")
    commit(
        folder, "better", {"m.onnx.dvc": pointer("m.onnx", NEW), "src/a.py": "2", "pyproject.toml": PROJECT % "1.1.0"}
    )
    return folder


def drafted(built: str, judged: str) -> str:
    text = manifest(built, judged, version="1.1.0", previous="1.0.0", model=NEW)
    return text.replace("environment: [", f'environment: [{{image: "{IMAGE}"}}, ')


def second(project: Path, *, text: Change = same, judged: Change = same, **files: str) -> Path:
    """Makes the second release, with a manifest and a report that may have been tampered with before."""
    built = head(project)
    made = judged(report(built, NEW))
    files = {name.replace("__", "."): content for name, content in files.items()}
    commit(project, "release", {"eval.json": made, LATER: text(drafted(built, made)), **files})
    sign(project, "v1.1.0")
    return project


def wrong(project: Path, path: str = LATER) -> set[str]:
    """What is refuted, where all else is verified."""
    found = verdicts(project, path)
    assert None not in {verdict.holds for verdict in found}, [v for v in found if v.holds is None]
    return {verdict.field for verdict in found if not verdict.holds}


def test_the_untouched_release_holds_in_every_field(project: Path) -> None:
    second(project)

    assert wrong(project) == wrong(project, PATH) == set()
    assert {"rollback.interface", "rollback.remote", f"environment:{IMAGE}"} <= {
        v.field for v in verdicts(project, LATER)
    }


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (swap(sha(LOCK), sha("numpy==2\n")), "environment:requirements.txt"),
        (swap("path: requirements.txt", "path: gates.yaml"), "environment:gates.yaml"),
        (swap(IMAGE, "ghcr.io/acme/train:v1"), "environment:ghcr.io/acme/train:v1"),
        (swap(f"md5:{TRAIN}", f"md5:{OTHER}"), "data:train"),
        (swap(f"md5:{TEST}", f"md5:{OTHER}"), "data:test"),
        (swap("pointer: train.csv.dvc", "pointer: gone.csv.dvc"), "data:train"),
        (swap(f"md5:{NEW}", f"md5:{OLD}"), "model:m"),
        (swap("result: pass", "result: fail"), f"{JUDGED}:gates"),
        (swap("gates: gates.yaml", "gates: gone.yaml"), f"{JUDGED}:gates"),
        (swap('digest: "sha256', 'digest: "sha512'), None),
        (swap("previous: 1.0.0", "previous: 0.9.0"), "rollback.previous"),
        (swap("previous: 1.0.0", "previous: none"), "rollback.previous"),
        (swap("previous: 1.0.0", "previous: 1.2.0"), None),
        (swap("version: 1.1.0", "version: 1.1.1"), "release.version"),
        (swap('by: "@acme/ml"', 'by: "@acme/docs"'), "approval:owner"),
        (swap("person: bob@example.org", "person: eve@example.org"), "approval:owner"),
        (swap('evidence: "signed-tag"', 'evidence: "trailer"'), "approval:owner"),
    ],
)
def test_a_manifest_that_names_something_else_is_told_by_that_field(
    project: Path, text: Change, field: str | None
) -> None:
    second(project, text=text)

    if field is None:  # two fields are touched: where none is, nothing else may be refuted
        assert False in {verdict.holds for verdict in verdicts(project, LATER)}
    else:
        assert wrong(project) == {field}


@pytest.mark.parametrize(
    ("judged", "part"),
    [
        (swap("0.91", "0.89"), "gates"),
        (swap("0.91", "NaN"), "gates"),
        (swap('"auc"', '"roc_auc"'), "gates"),
        (swap(NEW, OLD), "subject"),
        (swap(TEST, OTHER), "subject"),
        (swap(TEST, TRAIN), "training-data"),
        (swap('"subject": {', '"subject": {"dirty": true, '), "commit"),
    ],
)
def test_a_report_that_does_not_carry_the_release_is_told_by_that_part(
    project: Path, judged: Change, part: str
) -> None:
    second(project, judged=judged)

    assert wrong(project) == {f"{JUDGED}:{part}"}


def test_the_report_of_another_commit_is_told_by_its_commit(project: Path) -> None:
    second(project, judged=swap(head(project), git(project, "rev-parse", "v1.0.0^{commit}")))

    assert wrong(project) == {f"{JUDGED}:commit"}


def test_a_report_changed_with_the_release_is_told_by_its_digest(project: Path) -> None:
    second(project, eval__json=report(head(project), NEW) + "\n")

    assert wrong(project) == {f"{JUDGED}:digest"}


def test_a_threshold_loosened_with_the_release_is_told_by_the_gates(project: Path) -> None:
    second(project, judged=swap("0.91", "0.8"), gates__yaml=GATES.replace("0.9", "0.5"))

    assert wrong(project) == {f"{JUDGED}:gates"}


def test_a_lock_swapped_with_the_release_is_told_by_the_environment(project: Path) -> None:
    second(project, text=swap(sha(LOCK), sha("numpy==2\n")), requirements__txt="numpy==2\n")

    assert wrong(project) == {"environment:requirements.txt"}


def test_a_package_of_another_version_is_told_by_the_version(project: Path) -> None:
    second(project, pyproject__toml=PROJECT % "1.0.9")

    assert wrong(project) == {"release.version"}


def test_a_changed_interface_is_told_by_the_interface(project: Path) -> None:
    commit(project, "other columns", {"MLmodel": mlmodel(COLUMNS[:1])})
    second(project)

    assert wrong(project) == {"rollback.interface"}


def test_the_only_author_alone_is_told_by_the_approvals(project: Path, keys: Path) -> None:
    signers = f"a@example.org {(keys / 'bob.pub').read_text()}"
    commit(project, "keys", {".allowed_signers": signers})
    second(project, text=swap("person: bob@example.org", "person: a@example.org"))

    assert wrong(project) == {"approvals"}


def edited(project: Path) -> None:
    commit(project, "edit", {LATER: (project / LATER).read_text() + "# better\n"})


def moved_back(project: Path) -> None:
    sign(project, "v1.1.0", "-f", "v1.0.0^{commit}")


def signed_by_another(project: Path) -> None:
    git(project, "config", "user.signingKey", f"{git(project, 'config', 'user.signingKey').removesuffix('bob')}eve")
    sign(project, "v1.1.0", "-f", "v1.1.0^{commit}")


def unsigned(project: Path) -> None:
    git(project, "tag", "-f", "v1.1.0", "v1.1.0^{commit}")


def without_target(project: Path) -> None:
    git(project, "rm", "-q", PATH)
    git(project, "commit", "-q", "-m", "delete")


def without_remote(project: Path) -> None:
    git(project, "rm", "-q", ".dvc/config")
    git(project, "commit", "-q", "-m", "no remote")


def deleted(project: Path) -> None:
    git(project, "rm", "-q", LATER)
    git(project, "commit", "-q", "-m", "delete")


@pytest.mark.parametrize(
    ("tamper", "field"),
    [
        (edited, "release.tag"),
        (moved_back, "release.tag"),
        (deleted, "release.tag"),
        (signed_by_another, "approval:owner"),
        (unsigned, "approval:owner"),
        (without_target, "rollback.previous"),
        (without_remote, "rollback.remote"),
    ],
)
def test_what_is_done_to_it_later_is_told_by_that_field(
    project: Path, tamper: Callable[[Path], None], field: str
) -> None:
    second(project)
    tamper(project)

    assert wrong(project) == {field}


def test_a_commit_that_is_not_in_the_history_is_told_by_the_source_alone(project: Path) -> None:
    git(project, "checkout", "-q", "-b", "aside")
    aside = commit(project, "aside", {"src/a.py": "3"})
    git(project, "checkout", "-q", "main")
    second(project, text=swap(head(project), aside))

    assert {v.field for v in verdicts(project, LATER) if v.holds is False} == {"source.commit"}


# What happens to any repository ------------------------------------------------------------------------------------


def printed(project: Path, *paths: str) -> str:
    with closing(open_snapshot([str(project)]).snapshot) as snapshot:
        return fingerprint(snapshot.entries, paths)


PATHS = ("src", "m.onnx.dvc", "train.csv.dvc", "test.csv.dvc", "requirements.txt", "gates.yaml", "CODEOWNERS",
         ".allowed_signers", ".dvc", "MLmodel")  # fmt: skip


def with_fingerprint(project: Path) -> Change:
    told = f', fingerprint: "{printed(project, *PATHS)}", paths: [{", ".join(PATHS)}]}}'
    built = head(project)
    return swap(f'source: {{commit: "{built}"}}', f'source: {{commit: "{built}"{told}')


def forget(project: Path) -> None:
    git(project, "reflog", "expire", "--expire=now", "--all")
    git(project, "gc", "-q", "--prune=now")


@pytest.mark.parametrize("marked", [True, False])
def test_a_squash_merge_is_survived_with_a_fingerprint(project: Path, marked: bool) -> None:
    git(project, "checkout", "-q", "-b", "work")
    commit(project, "best", {"src/a.py": "3"})
    built = head(project)
    text = with_fingerprint(project) if marked else same
    judged = (
        report(built, NEW, fingerprint=printed(project, *PATHS), paths=list(PATHS)) if marked else report(built, NEW)
    )
    commit(project, "release", {"eval.json": judged, LATER: text(drafted(built, judged))})
    git(project, "checkout", "-q", "main")
    git(project, "merge", "-q", "--squash", "work")
    git(project, "commit", "-q", "-m", "squashed")
    git(project, "branch", "-q", "-D", "work")
    forget(project)
    sign(project, "v1.1.0")

    if marked:
        assert wrong(project) == set()
    else:
        assert {v.field for v in verdicts(project, LATER) if v.holds is False} == {"source.commit"}


def test_a_rebase_merge_is_survived_with_a_fingerprint(project: Path) -> None:
    git(project, "checkout", "-q", "-b", "work")
    commit(project, "best", {"src/a.py": "3"})
    built, text = head(project), with_fingerprint(project)
    judged = report(built, NEW, fingerprint=printed(project, *PATHS), paths=list(PATHS))
    commit(project, "release", {"eval.json": judged, LATER: text(drafted(built, judged))})
    git(project, "checkout", "-q", "main")
    commit(project, "meanwhile", {"README.md": "hello"})
    git(project, "checkout", "-q", "work")
    git(project, "rebase", "-q", "main")
    git(project, "checkout", "-q", "main")
    git(project, "merge", "-q", "--ff-only", "work")
    git(project, "branch", "-q", "-D", "work")
    forget(project)
    sign(project, "v1.1.0")

    assert wrong(project) == set()


def test_a_merge_commit_is_survived_as_it_is(project: Path) -> None:
    git(project, "checkout", "-q", "-b", "work")
    built = head(project)
    judged = report(built, NEW)
    commit(project, "release", {"eval.json": judged, LATER: drafted(built, judged)})
    git(project, "checkout", "-q", "main")
    commit(project, "meanwhile", {"README.md": "hello"})
    git(project, "merge", "-q", "--no-ff", "-m", "Merge", "work")
    sign(project, "v1.1.0")

    assert wrong(project) == set()


def test_a_tag_amended_with_notes_and_signed_again_holds(project: Path) -> None:
    second(project)
    git(project, "tag", "-f", "-s", "-m", "Release, with notes", "v1.1.0", "v1.1.0^{commit}")

    assert wrong(project) == set()


def moved_report(project: Path) -> None:
    (project / "reports").mkdir()
    git(project, "mv", "eval.json", "reports/eval.json")


def moved_manifests(project: Path) -> None:
    git(project, "mv", "releases", "manifests")


def renamed_metric(project: Path) -> None:
    write(project, {"eval.json": report(head(project), NEW).replace("auc", "roc_auc")})
    write(project, {"gates.yaml": GATES.replace("auc", "roc_auc")})


def evaluated_again(project: Path) -> None:
    write(project, {"eval.json": report(head(project), NEW).replace("0.91", "0.5")})


def gone_on(project: Path) -> None:
    write(project, {"m.onnx.dvc": pointer("m.onnx", OTHER), "requirements.txt": "numpy==2\n", "gates.yaml": ""})
    write(project, {"CODEOWNERS": "* @acme/new\n", ".allowed_signers": "", "MLmodel": mlmodel([])})
    write(project, {"pyproject.toml": PROJECT % "2.0.0.dev1"})


@pytest.mark.parametrize("happens", [moved_report, moved_manifests, renamed_metric, evaluated_again, gone_on])
def test_later_work_leaves_a_release_alone(project: Path, happens: Callable[[Path], None]) -> None:
    second(project)
    happens(project)
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "later")
    place = "manifests" if happens is moved_manifests else "releases"

    assert wrong(project, LATER.replace("releases", place)) == set()
    assert wrong(project, PATH.replace("releases", place)) == set()


def test_a_metric_renamed_in_report_and_gates_before_the_release_holds(project: Path) -> None:
    commit(project, "rename", {"gates.yaml": GATES.replace("auc", "roc_auc")})
    second(project, judged=swap('"auc"', '"roc_auc"'))

    assert wrong(project) == set()


def test_a_report_moved_before_the_release_holds_at_its_new_place(project: Path) -> None:
    built = head(project)
    commit(project, "evaluate", {"eval.json": report(built, NEW)})
    moved_report(project)
    git(project, "commit", "-q", "-m", "move")
    text = drafted(built, report(built, NEW)).replace("report: eval.json", "report: reports/eval.json")
    commit(project, "release", {LATER: text})
    sign(project, "v1.1.0")

    assert wrong(project) == set()


def test_an_evaluation_run_again_for_the_same_release_is_the_one_that_counts(project: Path) -> None:
    built = head(project)
    commit(project, "evaluate", {"eval.json": report(built, NEW).replace("0.91", "0.5")})
    again = report(built, NEW).replace("0.91", "0.95")
    commit(project, "release", {"eval.json": again, LATER: drafted(built, again)})
    sign(project, "v1.1.0")

    assert wrong(project) == set()


@pytest.mark.parametrize(
    "options", [["--depth=1"], ["--depth=2"], ["--depth=3", "--no-tags"], ["--filter=blob:none"], ["--filter=tree:0"]]
)
def test_a_clone_that_lacks_something_refutes_nothing(project: Path, tmp_path: Path, options: list[str]) -> None:
    second(project)
    git(project, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", *options, project.as_uri(), "partial")
    git(tmp_path / "partial", "remote", "set-url", "origin", "file:///nowhere")

    told = [verdict for path in (PATH, LATER) for verdict in verdicts(tmp_path / "partial", path)]
    assert [verdict for verdict in told if verdict.holds is False] == []
