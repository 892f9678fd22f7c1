"""The four releases. The second is the reason why this example exists."""

from __future__ import annotations

from project import Project


def released(project: Project, version: str, day: str, text: str) -> None:
    """Puts a release at the top of the changelog."""
    project.replace("CHANGELOG.md", "# Changelog\n", f"# Changelog\n\n## {version} - {day}\n\n{text}")


def first(project: Project) -> None:
    """1.0.0: nothing changes but the changelog."""
    figures = project.evaluation()
    project.write("CHANGELOG.md", "# Changelog\n")
    released(
        project,
        "1.0.0",
        "2026-02-16",
        f'First release. The MAE on the last 60 days of 2025 is {figures["mae"]} bikes a day. The guess "as many as a\n'
        f'week ago" has {figures["mae_last_week"]}.\n',
    )


def unevaluated(project: Project) -> None:
    """1.1.0: DVC is told to bring the train stage up to date, and the evaluate stage is forgotten."""
    project.run("dvc", "repro", "--quiet", "train")
    released(
        project,
        "1.1.0",
        "2026-05-07",
        "Retrained on the rentals up to April 2026. "
        f"The MAE is {project.evaluation()['mae']} bikes a day, as before.\n",
    )


def evaluated(project: Project) -> None:
    """1.1.1: the whole pipeline runs, and the figures of 1.1.0 turn out to be wrong."""
    project.run("dvc", "repro", "--quiet")
    figures = project.evaluation()
    released(
        project,
        "1.1.1",
        "2026-05-20",
        "The figure given with 1.1.0 was that of 1.0.0. Measured on March and April 2026, the model of 1.1.0 has an\n"
        f'MAE of {figures["mae"]} bikes a day. The guess "as many as a week ago" has {figures["mae_last_week"]}: plan '
        "with\nthat until the next release.\n",
    )
    project.replace(
        ".github/CODEOWNERS",
        "/data/              @example-org/data\n",
        "/data/              @example-org/data @example-org/modelling\n",
    )


def per_station(project: Project) -> None:
    """1.2.0: a better model, all stages run. Two things are left behind: a dependency, and the model card."""
    project.write(
        "src/public_holidays.py",
        '''\
        """The public holidays on which the city stays at home."""

        import pandas as pd

        HOLIDAYS = {"01-01", "05-01", "06-06", "10-03", "12-24", "12-25", "12-26", "12-31"}


        def is_holiday(dates: pd.Series) -> pd.Series:
            """1 on a public holiday, 0 on any other day."""
            return dates.dt.strftime("%m-%d").isin(HOLIDAYS).astype(int)
        ''',
    )
    project.replace(
        "src/prepare.py",
        'import yaml\n\nFEATURES = ["weekday", "day_of_year",',
        'import yaml\n\nfrom public_holidays import is_holiday\n\nFEATURES = ["weekday", "day_of_year", "holiday",',
    )
    project.replace(
        "src/prepare.py",
        'return days.assign(weekday=days["date"].dt.dayofweek, day_of_year=days["date"].dt.dayofyear)',
        'date = days["date"]\n'
        "    return days.assign(\n"
        "        weekday=date.dt.dayofweek, day_of_year=date.dt.dayofyear, holiday=is_holiday(date)\n"
        "    )",
    )
    project.replace(
        "src/train.py", '"""Trains the model."""', '"""Trains the model. It predicts rentals per station."""'
    )
    project.replace(
        "src/train.py",
        'target = days["rentals"]\n',
        'target = days["rentals"] / days["stations"]\n',
    )
    project.replace(
        "src/train.py",
        "error = mean_absolute_error(target, model.predict(days[FEATURES]))\n",
        'predicted = model.predict(days[FEATURES]) * days["stations"]\n'
        '    error = mean_absolute_error(days["rentals"], predicted)\n',
    )
    project.replace(
        "src/evaluate.py", "model.predict(days[FEATURES])", 'model.predict(days[FEATURES]) * days["stations"]'
    )
    project.replace(
        "src/forecast.py", "model.predict(days[FEATURES])", '(model.predict(days[FEATURES]) * days["stations"])'
    )
    project.replace(
        "docs/handoff.md", "| `temperature` |", "| `stations` | stations open on that day |\n| `temperature` |"
    )
    project.run("dvc", "repro", "--quiet")
    released(
        project,
        "1.2.0",
        "2026-07-14",
        "The model predicts rentals per station and knows public holidays. The MAE on March and April 2026 is\n"
        f"{project.evaluation()['mae']} bikes a day. `forecast.py` needs a column `stations`.\n",
    )
