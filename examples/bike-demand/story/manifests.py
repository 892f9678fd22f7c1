"""Gates, two releases with a manifest, and the way back from the second."""

from __future__ import annotations

from project import Project

from .releases import released


def gates(project: Project) -> None:
    """What the figures have to be."""
    project.write(
        "gates.yaml",
        """\
        schema: gates/v1
        gates:
        - {metric: mae, op: "<=", threshold: 100}
        - {metric: bias, op: ">=", threshold: -30}
        """,
    )


def manifest(project: Project, version: str, approved_by: str, *options: str) -> None:
    """The manifest of a release, filled in from the commit before."""
    approval = ["--approval", f"data-owner={approved_by}", "--evidence", "trailer"]
    project.run("lifelint", "release", "new", version, *approval, *options)


def first(project: Project) -> None:
    """1.2.1: nothing changes but how a release is told."""
    manifest(project, "1.2.1", "@example-org/data,tomas@example.org", "--name", "bike-demand")
    released(
        project,
        "1.2.1",
        "2026-07-17",
        "The model of 1.2.0. `releases/1.2.1/release.yaml` names all that it is made of.\n",
    )


def deeper(project: Project) -> None:
    """Other parameters, all stages run."""
    project.replace("params.yaml", "n_estimators: 300", "n_estimators: 600")
    project.replace("params.yaml", "max_depth: 3", "max_depth: 4")
    project.run("dvc", "repro", "--quiet")


def second(project: Project) -> None:
    """1.3.0: another model, which meets the gates too."""
    manifest(project, "1.3.0", "@example-org/data,tomas@example.org")
    released(
        project,
        "1.3.0",
        "2026-08-04",
        f"Deeper trees. The MAE on March and April 2026 is {project.evaluation()['mae']} bikes a day.\n",
    )


def back(project: Project) -> None:
    """The rollback: parameters, lock and figures of the release before."""
    project.run("git", "checkout", "--quiet", "v1.2.1", "--", "params.yaml", "dvc.lock", "metrics")
    project.run("dvc", "repro", "--quiet")


def third(project: Project) -> None:
    """1.3.1: the model of 1.2.1. It goes back to 1.2.1 too, because nobody wants 1.3.0 again."""
    manifest(project, "1.3.1", "@example-org/modelling,ines@example.org", "--previous", "1.2.1")
    released(project, "1.3.1", "2026-08-17", "The model of 1.2.1 again: 1.3.0 was too optimistic on rainy days.\n")
