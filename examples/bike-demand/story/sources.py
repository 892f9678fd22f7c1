"""The files of the project as they are first written. Later commits edit them in place."""

PREPARE = '''\
"""Makes features of the daily export, and keeps the last days back as the test set."""

import pandas as pd
import yaml

FEATURES = ["weekday", "day_of_year", "temperature", "rain_mm", "wind_kmh"]


def features(days: pd.DataFrame) -> pd.DataFrame:
    """The export with what the model looks at."""
    return days.assign(weekday=days["date"].dt.dayofweek, day_of_year=days["date"].dt.dayofyear)


def split(days: pd.DataFrame, test_days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All but the last days, and the last days."""
    return days[:-test_days], days[-test_days:]


def main() -> None:
    with open("params.yaml") as file:
        params = yaml.safe_load(file)["split"]
    days = features(pd.read_csv("data/rentals.csv", parse_dates=["date"]))
    days["last_week"] = days["rentals"].shift(7)
    train, test = split(days.dropna(), params["test_days"])
    train.to_csv("data/train.csv", index=False)
    test.to_csv("data/test.csv", index=False)


if __name__ == "__main__":
    main()
'''

TRAIN = '''\
"""Trains the model."""

import json
import os

import joblib
import pandas as pd
import yaml
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_absolute_error

from prepare import FEATURES


def main() -> None:
    with open("params.yaml") as file:
        params = yaml.safe_load(file)["train"]
    days = pd.read_csv("data/train.csv")
    target = days["rentals"]
    model = GradientBoostingRegressor(random_state=params.pop("seed"), **params)
    model.fit(days[FEATURES], target)
    os.makedirs("models", exist_ok=True)
    joblib.dump(model, "models/model.joblib")
    error = mean_absolute_error(target, model.predict(days[FEATURES]))
    os.makedirs("metrics", exist_ok=True)
    with open("metrics/training.json", "w") as file:
        file.write(json.dumps({"mae": round(error, 2), "days": len(days)}, indent=2) + "\\n")


if __name__ == "__main__":
    main()
'''

EVALUATE = '''\
"""Measures the model on days it has not seen, beside the plain guess "as many as a week ago"."""

import json

import joblib
import pandas as pd
from sklearn.metrics import mean_absolute_error

from prepare import FEATURES


def main() -> None:
    days = pd.read_csv("data/test.csv")
    model = joblib.load("models/model.joblib")
    predicted = model.predict(days[FEATURES])
    metrics = {
        "mae": round(mean_absolute_error(days["rentals"], predicted), 2),
        "mae_last_week": round(mean_absolute_error(days["rentals"], days["last_week"]), 2),
        "bias": round((predicted - days["rentals"]).mean(), 2),
        "days": len(days),
        "first_day": days["date"].iloc[0],
        "last_day": days["date"].iloc[-1],
    }
    with open("metrics/evaluation.json", "w") as file:
        file.write(json.dumps(metrics, indent=2) + "\\n")


if __name__ == "__main__":
    main()
'''

FORECAST = '''\
"""Predicts rentals: a weather forecast as CSV on stdin, the rentals as CSV on stdout."""

import sys

import joblib
import pandas as pd

from prepare import FEATURES, features


def main() -> None:
    days = features(pd.read_csv(sys.stdin, parse_dates=["date"]))
    model = joblib.load("models/model.joblib")
    days["rentals"] = model.predict(days[FEATURES]).round()
    days[["date", "rentals"]].to_csv(sys.stdout, index=False)


if __name__ == "__main__":
    main()
'''

TESTS = """\
import pandas as pd

from prepare import FEATURES, features, split


def week() -> pd.DataFrame:
    dates = pd.date_range("2026-02-02", periods=7)
    return pd.DataFrame({"date": dates, "stations": 80, "temperature": 4.0, "rain_mm": 0.0, "wind_kmh": 10.0})


def test_a_week_has_all_weekdays() -> None:
    assert list(features(week())["weekday"]) == [0, 1, 2, 3, 4, 5, 6]


def test_no_feature_is_missing() -> None:
    assert features(week())[FEATURES].notna().all(axis=None)


def test_the_test_set_comes_after_the_training_set() -> None:
    train, test = split(week(), test_days=2)
    assert (len(train), len(test)) == (5, 2)
    assert train["date"].max() < test["date"].min()
"""

README = """\
# bike-demand

Predicts how many bikes are rented in the city on a day, from the calendar and the weather forecast.

## Intended use

The rental team plans the shifts of the people who move bikes between stations, a week ahead.

## Out of scope

Prices, single stations, and the days of city events: the model sees one number a day and no event calendar.

## How to run it

```sh
pip install -r requirements.txt
dvc pull
dvc repro
```

`dvc.yaml` has the steps, `params.yaml` the settings, `metrics/evaluation.json` the result. The data is the daily export
of the rental system, kept with DVC 3 (`dvc[s3]`).
"""
