"""March to September: the project is in use, and changes a little here and there."""

from __future__ import annotations

import json

from project import Project

IMAGE = "python:3.11-slim@sha256:9e1912aab0a30bbd9488eb79063f68f42a68ab0946cbe98fecf197fe5b085506"
CHECKOUT = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"
SETUP_PYTHON = "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0"


def pins(project: Project) -> None:
    """The image by its digest, the actions by their commits."""
    project.replace("Dockerfile", "FROM python:3.11-slim\n", f"FROM {IMAGE}\n")
    project.replace(".github/workflows/ci.yml", "actions/checkout@v4", CHECKOUT)
    project.replace(".github/workflows/ci.yml", "actions/setup-python@v5", SETUP_PYTHON)


def more_data(project: Project) -> None:
    """A new export, added to DVC. Nobody has trained on it yet."""
    project.export("2026-04-30")
    project.run("dvc", "add", "--quiet", "data/rentals.csv")


def rounded(project: Project) -> None:
    """The evaluation edited by hand, with the best of intentions."""
    metrics = json.loads(project.read("metrics/evaluation.json"))
    rounded = {name: round(value) if isinstance(value, float) else value for name, value in metrics.items()}
    project.write("metrics/evaluation.json", json.dumps(rounded, indent=2) + "\n")


def measured(project: Project) -> None:
    """DVC sees that the evaluation is not what the stage wrote, and runs it again."""
    project.run("dvc", "repro", "--quiet")


def documents(project: Project) -> None:
    """A model card and a handoff document, true on the day they are written."""
    project.write("MODEL_CARD.md", MODEL_CARD.format(**project.evaluation()))
    project.write("docs/handoff.md", HANDOFF)
    codeowners = project.read(".github/CODEOWNERS")
    owned = "/docs/handoff.md    @example-org/platform @example-org/modelling @example-org/data\n"
    project.write(".github/CODEOWNERS", codeowners.replace("/requirements.*", f"{owned}/requirements.*"))


def raised(project: Project) -> None:
    """requirements.in moves on, requirements.txt stays: the image still gets the old scikit-learn."""
    project.replace("requirements.in", "scikit-learn>=1.8,<1.9", "scikit-learn>=1.9,<1.10")


MODEL_CARD = """\
# Model card: bike-demand 1.1.1

## Model details

Gradient boosted trees (scikit-learn) that predict the number of bikes rented in the city on a day. Made by
@example-org/modelling, retrained when the data team adds an export.

## Intended use

Planning the shifts of the people who move bikes between stations, up to a week ahead.

## Out of scope

Prices, single stations, and days of city events.

## Training data

`data/rentals.csv` up to 1 March 2026: the daily export of the rental system and the weather of the city's own station.
It names no riders.

## Evaluation data

The last 60 days of the same export, 2 March to 30 April 2026, which the model has not seen.

## Metrics

| Metric | Value |
| --- | --- |
| `mae` (bikes a day) | {mae} |
| `mae_last_week` (the guess "as many as a week ago") | {mae_last_week} |
| `bias` (bikes a day) | {bias} |

## Limitations

The network grew from 80 to 112 stations on 1 March 2026. The model was trained on a single day of that, and predicts
far too few rentals since then. It is not fit for use until this is solved.

## Contact

@example-org/modelling
"""

HANDOFF = """\
# Handoff: from modelling to platform

## What is handed over

The image built from `Dockerfile`, with the model `models/model.joblib` that `dvc.lock` names at the release tag.

## Inputs

CSV on stdin, one line a day:

| Column | Meaning |
| --- | --- |
| `date` | day, as 2026-06-23 |
| `temperature` | mean of the day, degrees Celsius |
| `rain_mm` | sum of the day |
| `wind_kmh` | mean of the day |

## Outputs

CSV on stdout with `date` and `rentals`, one line for each line of the input. The program is `src/forecast.py`.

## Acceptance

`metrics/evaluation.json` at the release tag: `mae` is lower than `mae_last_week`. If it is not, platform keeps the
release before.

## Rollback

Build the image at the tag before, after `dvc pull models/model.joblib`. The shift plan can do without a forecast for
two days.

## Contacts

Model: @example-org/modelling. Data: @example-org/data. Image and schedule: @example-org/platform.
"""
