"""What the workflows and jobs come to where they are run: on a project whose pipeline DVC has run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.ci.conftest import environment
from tests.conftest import write
from tests.kit.conftest import BIN, ROOT, Call, git, lifelint

__all__ = ["lifelint"]

RUNNER = ROOT / "tests/tools/node_modules/.bin/gitlab-ci-local"
FILES = {
    "requirements.txt": f"packaging=={version('packaging')}\n",
    ".python-version": "3.11\n",
    "params.yaml": "auc: 0.9\n",
    "train.py": "import shutil\nshutil.copy('data.csv', 'model.bin')\n",
    "evaluate.py": "import pathlib\n"
    "auc = pathlib.Path('params.yaml').read_text().split()[1]\n"
    "pathlib.Path('metrics.json').write_text('{\"auc\": ' + auc + '}')\n"
    "print('evaluated')\n",
    "dvc.yaml": "stages:\n"
    "  train: {cmd: python train.py, deps: [train.py, data.csv], outs: [model.bin]}\n"
    "  evaluate:\n"
    "    cmd: python evaluate.py\n"
    "    deps: [evaluate.py, model.bin]\n"
    "    params: [auc]\n"
    "    metrics: [{metrics.json: {cache: false}}]\n",
    "gates.yaml": "schema: gates/v1\ngates:\n- {metric: auc, op: '>=', threshold: 0.8}\n",
    "data.csv": "x,y\n1,2\n",
}


class Ended(NamedTuple):
    code: int
    log: str


Job = Callable[[str, Path], Ended]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, run and pushed."""
    place = tmp_path_factory.mktemp("run")
    folder = place / "origin"
    folder.mkdir()
    git(folder, "init", "-q")
    write(folder, FILES)
    for args in (
        ["init", "-q"],
        ["remote", "add", "-q", "-d", "store", str(place / "store")],
        ["add", "-q", "data.csv"],
        ["repro", "-q"],
        ["push", "-q"],
    ):
        subprocess.run([BIN / "dvc", *args], cwd=folder, env=surroundings(place), check=True)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Train")
    return folder


def surroundings(home: Path) -> dict[str, str]:
    """What a job finds around it: what it installs is there, in stand-ins for what would fetch it."""
    stubs = home / "bin"
    stubs.mkdir(exist_ok=True)
    for name in ("uv", "pipx", "rsync"):
        (stubs / name).write_text("#!/bin/sh\n")
        (stubs / name).chmod(0o755)
    around = environment(HOME=str(home), DVC_NO_ANALYTICS="1", DVC_SITE_CACHE_DIR=str(home / "cache"))
    return {**around, "PATH": f"{stubs}{os.pathsep}{around['PATH']}"}


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "-q", f"file://{origin}", str(folder))
    return folder


def on_github(name: str, folder: Path, **told: str) -> Ended:
    """The commands of a workflow's steps, as the runner runs them: the first that fails ends the job."""
    [job] = YAML(typ="safe").load(folder / f".github/workflows/{name}.yml")["jobs"].values()
    log = ""
    for step in (step for step in job["steps"] if "run" in step):
        command = ["bash", "-e", "-c", step["run"]]
        around = {**surroundings(folder.parent), **told}
        done = subprocess.run(command, cwd=folder, env=around, capture_output=True, text=True, check=False)
        log += done.stdout + done.stderr
        if done.returncode:
            return Ended(done.returncode, log)
    return Ended(0, log)


def on_gitlab(name: str, folder: Path) -> Ended:
    """The job, run by gitlab-ci-local, which reads the pipeline that includes it."""
    if not RUNNER.exists() or not shutil.which("node"):
        pytest.skip("npm has not installed gitlab-ci-local")
    source = "schedule" if name == "scheduled-evaluation" else "merge_request_event"
    flags = ["--force-shell-executor", "--no-color", "--no-json-schema-validation"]
    git(folder, "remote", "set-url", "origin", "https://gitlab.example/acme/churn.git")
    done = subprocess.run(
        [RUNNER, *flags, f"--variable=CI_PIPELINE_SOURCE={source}", name],
        cwd=folder, env=surroundings(folder.parent), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout + done.stderr)


@pytest.mark.parametrize(("forge", "run"), [("github", on_github), ("gitlab", on_gitlab)])
class TestRuns:
    def committed(self, lifelint: Call, clone: Path, name: str, forge: str, **changed: str) -> None:
        lifelint("template", name, "--forge", forge, "--apply", cwd=clone)
        write(clone, {path.replace("_", "."): text for path, text in changed.items()})
        git(clone, "add", "-A")
        git(clone, "commit", "-qm", "Change something")

    def test_a_change_whose_pipeline_was_run_passes_and_nothing_is_run_again(
        self, lifelint: Call, clone: Path, forge: str, run: Job
    ) -> None:
        self.committed(lifelint, clone, "evaluation-gate", forge)
        ended = run("evaluation-gate", clone)

        assert ended.code == 0, ended.log
        assert "evaluated" not in ended.log and "1 gate" in ended.log

    def test_a_change_whose_pipeline_was_not_run_fails(self, lifelint: Call, clone: Path, forge: str, run: Job) -> None:
        self.committed(lifelint, clone, "evaluation-gate", forge, params_yaml="auc: 0.85\n")
        ended = run("evaluation-gate", clone)

        assert ended.code != 0
        assert "evaluated" in ended.log and "b/dvc.lock" in ended.log

    def test_a_change_that_misses_a_gate_fails(self, lifelint: Call, clone: Path, forge: str, run: Job) -> None:
        gates = FILES["gates.yaml"].replace("0.8", "0.95")
        self.committed(lifelint, clone, "evaluation-gate", forge, gates_yaml=gates)
        ended = run("evaluation-gate", clone)

        assert ended.code != 0
        assert "b/dvc.lock" not in ended.log and "0.95" in ended.log

    def test_the_schedule_evaluates_though_nothing_changed(
        self, lifelint: Call, clone: Path, forge: str, run: Job
    ) -> None:
        self.committed(lifelint, clone, "scheduled-evaluation", forge)
        ended = run("scheduled-evaluation", clone)

        assert ended.code == 0, ended.log
        assert "evaluated" in ended.log

    def test_what_nothing_tells_fails(self, lifelint: Call, clone: Path, forge: str, run: Job) -> None:
        git(clone, "rm", "-q", "requirements.txt", "dvc.yaml", "dvc.lock")
        self.committed(lifelint, clone, "evaluation-gate", forge)
        ended = run("evaluation-gate", clone)

        assert ended.code != 0
        assert "TODO: no lock and no requirements were found" in ended.log


@pytest.mark.parametrize(("tag", "code"), [("v1.3.1", 0), ("v9.9.9", 2)])
def test_a_tag_is_verified_and_what_was_proven_is_exported(lifelint: Call, bikes: Path, tag: str, code: int) -> None:
    lifelint("template", "verified-release", "--apply", cwd=bikes)
    ended = on_github("verified-release", bikes, GITHUB_REF_NAME=tag)

    assert ended.code == code, ended.log
    for name in ("release.intoto.jsonl", "release.cdx.json"):
        assert (bikes / name).exists() == (code == 0)


def test_a_tag_that_git_refutes_fails(lifelint: Call, bikes: Path) -> None:
    manifest = bikes / "releases/1.3.1/release.yaml"
    text = manifest.read_text().replace("version: 1.3.1", "version: 1.4.0").replace("v1.3.1", "v1.4.0")
    manifest.write_text(re.sub(r"(?<=digest: md5:)\w{8}", "0" * 8, text))
    lifelint("template", "verified-release", "--apply", cwd=bikes)
    git(bikes, "add", "-A")
    git(bikes, "commit", "-qm", "Pretend")
    git(bikes, "tag", "v1.4.0")

    ended = on_github("verified-release", bikes, GITHUB_REF_NAME="v1.4.0")
    assert ended.code == 1
    assert "refuted   model:" in ended.log
