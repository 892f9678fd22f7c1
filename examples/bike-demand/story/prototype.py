"""January: one person, a notebook, and the question whether it can work."""

from __future__ import annotations

import json

from project import Project

CELLS = {
    1: (
        "import pandas as pd\n\n"
        'days = pd.read_csv("../data/rentals.csv", parse_dates=["date"])\n'
        'print(len(days), "days")'
    ),
    2: 'print(days.groupby(days["date"].dt.dayofweek)["rentals"].mean().round())',
    5: (
        "from sklearn.ensemble import GradientBoostingRegressor\n"
        "from sklearn.metrics import mean_absolute_error\n"
        "from sklearn.model_selection import train_test_split\n\n"
        'days["weekday"] = days["date"].dt.dayofweek\n'
        'X = days[["weekday", "temperature", "rain_mm", "wind_kmh"]]\n'
        'X_train, X_test, y_train, y_test = train_test_split(X, days["rentals"])\n'
        "model = GradientBoostingRegressor(n_estimators=500).fit(X_train, y_train)"
    ),
    4: 'print("MAE", mean_absolute_error(y_test, model.predict(X_test)))',
}
"""The cells by their execution count: the last two were run again, and not in order."""

RUN_CELLS = """
import contextlib, io, json, numpy
numpy.random.seed(1)
names, outputs = {}, []
for cell in json.loads(input()):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(cell, names)
    outputs.append(output.getvalue())
print(json.dumps(outputs))
"""


def notebook(project: Project) -> None:
    """A notebook with its outputs, the data beside it, and a list of packages."""
    project.export("2025-12-31")
    project.write(
        "README.md",
        """\
        # bike-demand

        How many bikes will be rented tomorrow? Start with `notebooks/explore.ipynb`.

            pip install -r requirements.txt
        """,
    )
    project.write("requirements.txt", "jupyterlab\npandas\nscikit-learn\n")
    (project.root / "notebooks").mkdir()
    outputs = executed(project, list(CELLS.values()))
    cells = [
        {
            "cell_type": "code",
            "execution_count": count,
            "id": f"cell-{count}",
            "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": text.splitlines(True)}] if text else [],
            "source": source.splitlines(True),
        }
        for (count, source), text in zip(CELLS.items(), outputs, strict=True)
    ]
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.11.7"},
    }
    written = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    project.write("notebooks/explore.ipynb", json.dumps(written, indent=1) + "\n")


def executed(project: Project, cells: list[str]) -> list[str]:
    """What each cell prints."""
    printed: list[str] = json.loads(project.run("python", "-c", RUN_CELLS, folder="notebooks", text=json.dumps(cells)))
    return printed


def script(project: Project) -> None:
    """The notebook becomes one script, with its settings written into it."""
    project.remove("notebooks/explore.ipynb")
    project.write("requirements.txt", "pandas\nscikit-learn\n")
    project.write(".gitignore", "__pycache__/\n*.joblib\n")
    project.write(
        "train.py",
        """\
        import joblib
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.metrics import mean_absolute_error
        from sklearn.model_selection import train_test_split

        days = pd.read_csv("data/rentals.csv", parse_dates=["date"])
        days["weekday"] = days["date"].dt.dayofweek
        X = days[["weekday", "temperature", "rain_mm", "wind_kmh"]]
        X_train, X_test, y_train, y_test = train_test_split(X, days["rentals"])

        model = GradientBoostingRegressor(learning_rate=0.05, n_estimators=300)
        model.fit(X_train, y_train)
        print("MAE", mean_absolute_error(y_test, model.predict(X_test)))
        joblib.dump(model, "model.joblib")
        """,
    )
    project.write(
        "README.md",
        """\
        # bike-demand

        How many bikes will be rented tomorrow?

            pip install -r requirements.txt
            python train.py
        """,
    )
