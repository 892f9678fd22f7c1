"""For which projects of a repository a command of a job counts."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from lifelint.facts._aims import Land
from lifelint.facts._reach import Reach
from lifelint.facts.ci import Command
from tests.conftest import facts_of

OWN, ALL, UNKNOWN = "project", "all", "unknown"


def reach_of(text: str, root: str, *, roots: Collection[str] = ("", "a", "b"), folder: str = "", **more: object) -> str:
    """The reach of a command that is not divided, ``""`` where it does not count."""

    def owner(path: str) -> str:
        while path and path not in roots:
            path = path.rpartition("/")[0]
        return path if path in roots else "/"

    land = Land(roots, owner, **more)  # type: ignore[arg-type]
    found = Reach(land).counting((Command("ci.yml", 1, "github", text, folder=folder),), root, "/")
    assert len(found) < 2
    return found[0].reach if found else ""


@pytest.mark.parametrize(
    ("text", "top", "a", "b"),
    [
        # what lies where it stands
        ("dvc repro", OWN, "", ""),
        ("uv run --frozen dvc repro", OWN, "", ""),
        ("conda run -n x dvc exp run", OWN, "", ""),
        ("FOO=1 kedro run", OWN, "", ""),
        # another folder
        ("cd a && dvc repro", "", OWN, ""),
        ("dvc --cd a repro", "", OWN, ""),
        ("uv run --directory=a dvc repro", "", OWN, ""),
        ("uv --directory a run dvc repro", "", OWN, ""),
        ("poetry -C b run dvc repro", "", "", OWN),
        ("make -C a train", "", OWN, ""),
        ("cd b; python train.py", "", "", OWN),
        ("bash -c 'cd a && dvc repro'", "", OWN, ""),
        # a path
        ("dvc repro a/dvc.yaml:train", "", OWN, ""),
        ("dvc repro dvc.yaml a/dvc.yaml", OWN, OWN, ""),
        ("snakemake -c1 -s b/Snakefile", "", "", OWN),
        ("mlflow run b", "", "", OWN),
        ("pytest b/tests", "", "", OWN),
        ("python -m pytest a", "", OWN, ""),
        ("python a/train.py", UNKNOWN, OWN, ""),
        ("python -m a.train", UNKNOWN, OWN, ""),
        ("python train.py --data b/d.csv", OWN, UNKNOWN, OWN),
        # all there is
        ("dvc repro -R .", OWN, OWN, OWN),
        ("dvc repro -R b", "", "", OWN),
        ("dvc repro -P", OWN, OWN, OWN),
        ("pytest", OWN, ALL, ALL),
        ("pytest --ignore a .", OWN, ALL, ALL),
        ("pytest tests/unit", OWN, UNKNOWN, UNKNOWN),
        ("uv run -m pytest $ARGS", OWN, ALL, ALL),
        ("nox -s train", OWN, ALL, ALL),
        ("make train", OWN, ALL, ALL),
        ("npx nx run-many -t test", OWN, ALL, ALL),
        ("lifelint check", OWN, ALL, ALL),
        ("dvc metrics diff", OWN, ALL, ALL),
        ("uses: org/action@v1", ALL, ALL, ALL),
        # not told
        ("cd $X && dvc repro", UNKNOWN, UNKNOWN, UNKNOWN),
        ("dvc repro $X", UNKNOWN, UNKNOWN, UNKNOWN),
        ("python train.py --rate $RATE", OWN, UNKNOWN, UNKNOWN),
        ("dvc repro a", OWN, UNKNOWN, ""),
        ("bash ci/run.sh", OWN, UNKNOWN, UNKNOWN),
        ("mlflow run .", OWN, UNKNOWN, UNKNOWN),
        ("snakemake -c1", OWN, UNKNOWN, UNKNOWN),
    ],
)
def test_a_command_counts_where_it_runs_what_it_names_and_what_it_goes_through(
    text: str, top: str, a: str, b: str
) -> None:
    assert {root: reach_of(text, root) for root in ("", "a", "b")} == {"": top, "a": a, "b": b}


def test_dvc_keeps_a_repository_in_another_apart() -> None:
    assert reach_of("dvc repro -P", "a", subrepos=["", "a"]) == ""
    assert reach_of("dvc repro -P", "b", subrepos=["", "a"]) == OWN
    assert reach_of("dvc repro -P", "a", subrepos=["", "a"], folder="a") == OWN


def test_stages_that_others_need_may_be_run_with_them() -> None:
    assert reach_of("dvc repro", "a", feeding=[("", "a")]) == UNKNOWN


def test_what_runs_in_no_project_counts_for_all() -> None:
    roots = ("a", "b")

    assert reach_of("python scripts/evaluate.py", "a", roots=roots) == ALL
    assert reach_of("python b/evaluate.py", "a", roots=roots) == ""
    assert reach_of("dvc repro", "a", roots=roots) == ""


STEP = "jobs:\n  x:\n{job}    steps:\n    - {{run: dvc repro, working-directory: '{folder}'}}\n"


@pytest.mark.parametrize(
    ("job", "folder", "said"),
    [
        ("", "./a/", ["a"]),
        ("", ".", [""]),
        ("    env: {P: a}\n", "${{ env.P }}", ["a"]),
        ("    strategy: {matrix: {p: [a, b]}}\n", "x/${{ matrix.p }}", ["x/a", "x/b"]),
        ("    strategy: {matrix: {p: [{d: a}, {d: b}]}}\n", "${{ matrix.p.d }}", ["a", "b"]),
        ("    strategy: {matrix: {p: [a, b], exclude: [{p: a}]}}\n", "${{ matrix.p }}", ["b"]),
        ("    strategy: {matrix: {p: [a], include: [{p: b}, {q: c}]}}\n", "${{ matrix.p }}", ["a", "b"]),
        ("    strategy: {matrix: '${{ fromJSON(x) }}'}\n", "${{ matrix.p }}", []),
        ("    strategy: {matrix: {p: '${{ fromJSON(x) }}'}}\n", "${{ matrix.p }}", []),
        ("", "${{ inputs.p }}", []),
        ("", "/tmp", []),
    ],
)
def test_a_step_of_github_is_where_it_says(job: str, folder: str, said: list[str]) -> None:
    from lifelint.facts._folders import is_told

    text = STEP.format(job=job, folder=folder)
    [found] = facts_of({".github/workflows/a.yml": text})["ci_commands"].items
    places = [one.folder for one in found.variants] or [found.folder]

    assert [place for place in places if is_told(place)] == said


@pytest.mark.parametrize(
    ("path", "text", "folders"),
    [
        (".gitlab-ci.yml", "before_script: [cd a]\nt:\n  script: [x, cd b, y]\n", ["", "a", "a", "a/b"]),
        (".gitlab-ci.yml", "default: {before_script: [cd a]}\nt: {before_script: [], script: x}\n", [""]),
        (".gitlab-ci.yml", ".b: {before_script: [cd a]}\nt: {extends: .b, script: x}\n", ["", "a"]),
        (".gitlab-ci.yml", "t: {extends: t, script: [cd a], after_script: [x]}\n", ["", ""]),
        (".travis.yml", "before_install: cd a\nscript: x\n", ["a"]),
        ("azure-pipelines.yml", "steps:\n- {script: x, workingDirectory: a}\n- bash: y\n", ["a", ""]),
        (".circleci/config.yml", "jobs:\n  t:\n    steps: [{run: {command: x, working_directory: a}}]\n", ["a"]),
        (".circleci/config.yml", "jobs:\n  t:\n    working_directory: ~/r/a\n    steps:\n"
         "    - checkout: {path: ~/r}\n    - run: {command: x}\n", ["a"]),
        ("cloudbuild.yaml", "steps:\n- {name: python, dir: a, args: [x]}\n", ["a"]),
        ("cloudbuild.yaml", "steps:\n- {name: python, dir: /workspace/a, args: [x]}\n", ["a"]),
        ("Jenkinsfile", "dir('a') {\n  withEnv(['X=${Y}']) {\n    sh 'x'\n  }\n}\nsh 'y'\n", ["a", ""]),
    ],
)  # fmt: skip
def test_other_systems_say_where_a_command_starts(path: str, text: str, folders: list[str]) -> None:
    assert [one.folder for one in facts_of({path: text})["ci_commands"].items] == folders


def test_a_job_that_has_the_repository_in_a_folder_is_nowhere_in_it() -> None:
    text = "jobs:\n  x:\n    steps:\n    - {uses: actions/checkout@v4, with: {path: src}}\n    - run: dvc repro\n"
    found = facts_of({".github/workflows/a.yml": text})["ci_commands"].items

    assert reach_of(found[1].text, "a", folder=found[1].folder) == UNKNOWN
