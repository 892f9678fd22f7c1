"""Images that are named where they are run."""

from __future__ import annotations

import pytest

from tests.conftest import facts_of

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      image: x/a:1\n"
CRON = """\
apiVersion: batch/v1
kind: CronJob
spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: x/b}]}}}}}
"""
BUILT = "services:\n  a:\n    image: x/a:1\n  b:\n    build: .\n    image: x/b\n"
JOB = "on: push\njobs:\n  train:\n    container: x/a:1\n    services:\n      db:\n        image: postgres\n"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("compose.yaml", BUILT, [("compose", 3, "x/a:1")]),
        ("docker-compose.dev.yml", "services: {a: {image: '${A}'}}\n", [("compose", 1, "${A}")]),
        ("k8s/all.yaml", f"{POD}---\n{CRON}", [("kubernetes", 6, "x/a:1"), ("kubernetes", 10, "x/b")]),
        ("deploy/helm.yaml", POD.replace("x/a:1", "{{ image }}"), []),
        ("src/pod.yaml", POD, []),
        (".github/workflows/t.yml", JOB, [("container", 4, "x/a:1"), ("services", 7, "postgres")]),
        ("MLproject", "docker_env:\n  image: x/a\n", [("mlflow", 2, "x/a")]),
        ("bentofile.yaml", "docker:\n  base_image: x/a\n", [("bentoml", 2, "x/a")]),
        ("deploy/cluster_env.yaml", "base_image: a/ray:2.7.0-py310\n", [("anyscale", 1, "a/ray:2.7.0-py310")]),
        ("compose.yml", "services: [image: 1]\n", []),
        ("compose.yml", "services: {a: {build: ., image: 'x:local'}, b: {image: 'x:local'}}\n", []),
    ],
)  # fmt: skip
def test_images_are_found_where_they_are_run(path: str, text: str, expected: list[tuple[str, int, str]]) -> None:
    made = facts_of({path: text})["run_images"]

    assert [(i.instruction, i.line, i.written) for i in made.items] == expected
    assert not made.unread


def test_a_job_that_trains_runs_its_image_and_a_variable_leaves_it_open() -> None:
    trains = facts_of({".github/workflows/t.yml": JOB})["run_images"].items
    open_ = facts_of({"compose.yml": "services: {a: {image: 'x:${TAG}'}}\n"})["run_images"].items

    assert [(i.role, i.pinned, i.floating) for i in trains] == [("runtime", False, False), ("runtime", False, True)]
    assert [i.pinned for i in open_] == [None]


def test_broken_yaml_is_told_once() -> None:
    made = facts_of({"k8s/a.yaml": POD + "  x: [\n"})["run_images"]

    assert [u.path for u in made.unread] == ["k8s/a.yaml"]


def test_a_cluster_image_states_its_python() -> None:
    made = facts_of({"cluster_env.yaml": "base_image: anyscale/ray:2.7.0optimized-py310-cu118\n"})["python_versions"]

    assert [(v.where, v.minors) for v in made.items] == [("image", ("3.10",))]
