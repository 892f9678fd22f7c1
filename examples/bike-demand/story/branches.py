"""Two pull requests that are open at the end of the story."""

from __future__ import annotations

from project import Project


def learning_rate(project: Project) -> None:
    """A parameter changes and the pipeline does not run: whatever it does to the model, nobody has seen it."""
    project.replace("params.yaml", "learning_rate: 0.05", "learning_rate: 0.1")


def tidy(project: Project) -> None:
    """Comments, another order, other quotes: the files differ, what they say does not."""
    project.write(
        "params.yaml",
        """\
        # Changing a value here makes stages of dvc.yaml stale. Run `dvc repro` before you commit.
        split:
          test_days: 60 # the last two months

        train: # arguments of GradientBoostingRegressor
          n_estimators: 300
          learning_rate: 5.0e-2
          max_depth: 3
          subsample: 0.80
          seed: 7
        """,
    )
    project.replace("dvc.yaml", "cmd: python src/prepare.py", 'cmd: "python src/prepare.py"')
    project.replace(
        "README.md",
        "the result. The data is the daily export\nof the rental system, kept with DVC 3 (`dvc[s3]`).\n",
        "the result,\n"
        "`CHANGELOG.md` the releases. The data is the daily export of the rental system, kept with DVC 3.\n",
    )
