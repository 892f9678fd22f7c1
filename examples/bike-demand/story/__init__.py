"""The history of the example, commit by commit. The chapters beside this file say what each commit changes.

To add to it: write a function that edits the project (it may run tools), give it an entry in STORY, run build.py.
A commit put at the end leaves all earlier ids as they are. Branches start at what is then the tip of main.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from project import Project

from . import branches, conventions, growth, manifests, prototype, releases


@dataclass(frozen=True)
class Person:
    """Somebody on the team, or beside it."""

    name: str
    email: str


@dataclass(frozen=True)
class Commit:
    """A change of the tree. ``stale`` is what `dvc status` names after it: if DVC disagrees, the build fails."""

    message: str
    author: Person
    date: str
    edit: Callable[[Project], None]
    stale: tuple[str, ...] = ()
    tests: bool = True
    branch: str = "main"

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


@dataclass(frozen=True)
class Tag:
    """An annotated tag on what is then the tip of main."""

    name: str
    message: str
    author: Person
    date: str


INES = Person("Ines Okafor", "ines@example.org")  # made the model
TOMAS = Person("Tomás Lindqvist", "tomas@example.org")  # looks after the data
PRIYA = Person("Priya Raman", "priya@example.org")  # runs it
JONAS = Person("Jonas Weber", "jonas@example.org")  # joined in September

STORY: tuple[Commit | Tag, ...] = (
    Commit(
        "Try a regression on the rental counts",
        INES,
        "2026-01-12T16:42:10+01:00",
        prototype.notebook,
        tests=False,
    ),
    Commit(
        "Turn the notebook into a script",
        INES,
        "2026-01-19T11:05:31+01:00",
        prototype.script,
        tests=False,
    ),
    Commit(
        "Keep the data in DVC\n\n"
        "The export leaves git; a pointer with its hash stays. The bytes are in the shared bucket.",
        TOMAS,
        "2026-01-27T09:20:02+01:00",
        conventions.data_in_dvc,
        tests=False,
    ),
    Commit(
        "Declare the pipeline: prepare, train, evaluate\n\n"
        "The test set is now the last 60 days. The random split let the model look at the\n"
        "days around each day it was tested on.",
        INES,
        "2026-02-03T15:11:48+01:00",
        conventions.pipeline,
        tests=False,
    ),
    Commit(
        "Lock the environment, and build an image from it",
        PRIYA,
        "2026-02-09T10:02:27+01:00",
        conventions.environment,
        tests=False,
    ),
    Commit(
        "Test every change, and say who owns what",
        PRIYA,
        "2026-02-12T13:30:55+01:00",
        conventions.owners,
    ),
    Commit(
        "Release 1.0.0",
        INES,
        "2026-02-16T09:00:00+01:00",
        releases.first,
    ),
    Tag("v1.0.0", "First release, used for the weekly shifts", INES, "2026-02-16T09:04:12+01:00"),
    Commit(
        "Pin the base image and the actions",
        PRIYA,
        "2026-03-11T17:25:40+01:00",
        growth.pins,
    ),
    Commit(
        "Add the rentals of January to April 2026",
        TOMAS,
        "2026-05-05T08:48:19+02:00",
        growth.more_data,
        stale=("prepare",),
    ),
    Commit(
        "Retrain on the data up to April, release 1.1.0",
        INES,
        "2026-05-07T18:37:03+02:00",
        releases.unevaluated,
        stale=("evaluate",),
    ),
    Tag("v1.1.0", "Retrained on the data up to April 2026", INES, "2026-05-07T18:40:26+02:00"),
    Commit(
        "Evaluate the model of 1.1.0, release 1.1.1\n\n"
        "1.1.0 was retrained but not re-evaluated: the figures released with it were those of\n"
        "1.0.0. The model is the same one; only now do we know how good it is. New data needs\n"
        "a review by both teams from here on.",
        INES,
        "2026-05-20T10:15:36+02:00",
        releases.evaluated,
    ),
    Tag("v1.1.1", "The model of 1.1.0 with its own evaluation", INES, "2026-05-20T10:19:50+02:00"),
    Commit(
        "Round the metrics for the quarterly report",
        TOMAS,
        "2026-06-09T14:51:07+02:00",
        growth.rounded,
        stale=("evaluate",),
    ),
    Commit(
        "Put the measured metrics back\n\nRound in the report, not in the measurement.",
        INES,
        "2026-06-10T09:12:44+02:00",
        growth.measured,
    ),
    Commit(
        "Describe the model, and how it is handed over",
        INES,
        "2026-06-23T16:08:20+02:00",
        growth.documents,
    ),
    Commit(
        "Predict rentals per station, release 1.2.0\n\n"
        "The network grew by 32 stations in March and the model could not know. It also\n"
        "knows the public holidays now.",
        INES,
        "2026-07-14T11:44:09+02:00",
        releases.per_station,
    ),
    Tag("v1.2.0", "Rentals per station, and public holidays", INES, "2026-07-14T11:47:33+02:00"),
    Commit(
        "Say how good is good enough\n\n"
        "The shift plan can stand an error of 100 bikes a day, and rather too many bikes than too few.",
        INES,
        "2026-07-16T10:31:20+02:00",
        manifests.gates,
    ),
    Commit(
        "Release 1.2.1: the model of 1.2.0, with a manifest\n\n"
        "lifelint release new filled it in. From here on a release is what its manifest says.\n\n"
        "Approved-by: Tomás Lindqvist <tomas@example.org>",
        INES,
        "2026-07-17T09:12:51+02:00",
        manifests.first,
    ),
    Tag("v1.2.1", "The model of 1.2.0, with a manifest", INES, "2026-07-17T09:15:08+02:00"),
    Commit(
        "Grow deeper trees\n\nFour levels instead of three, and twice as many of them.",
        INES,
        "2026-08-03T14:20:44+02:00",
        manifests.deeper,
    ),
    Commit(
        "Release 1.3.0\n\nApproved-by: Tomás Lindqvist <tomas@example.org>",
        INES,
        "2026-08-04T09:02:13+02:00",
        manifests.second,
    ),
    Tag("v1.3.0", "Deeper trees", INES, "2026-08-04T09:05:40+02:00"),
    Commit(
        "Go back to the model of 1.2.1\n\n"
        "On the three rainy days of August 1.3.0 sent twice as many people out as there were\n"
        "bikes to move. Parameters, lock and figures are those of v1.2.1; the pipeline gives\n"
        "its model again, to the bit.",
        PRIYA,
        "2026-08-17T08:40:02+02:00",
        manifests.back,
    ),
    Commit(
        "Release 1.3.1: the model of 1.2.1 again\n\nApproved-by: Ines Okafor <ines@example.org>",
        PRIYA,
        "2026-08-17T08:58:37+02:00",
        manifests.third,
    ),
    Tag("v1.3.1", "Rollback of 1.3.0", PRIYA, "2026-08-17T09:01:15+02:00"),
    Commit(
        "Move to scikit-learn 1.9",
        PRIYA,
        "2026-09-02T15:33:58+02:00",
        growth.raised,
    ),
    Commit(
        "Raise the learning rate",
        JONAS,
        "2026-09-15T17:55:12+02:00",
        branches.learning_rate,
        stale=("train",),
        branch="raise-learning-rate",
    ),
    Commit(
        "Tidy the parameters and the README",
        TOMAS,
        "2026-09-16T09:26:45+02:00",
        branches.tidy,
        branch="tidy",
    ),
)
