"""Where a report has a number or a truth, a stranger's may have a text: it is refused, or harmless."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lifelint import catalog
from lifelint.cli._formats import FOREIGN, NoReport, foreign
from lifelint.config import Config
from lifelint.inspection import inspect_change
from lifelint.model import Outcome
from lifelint.report import json as json_report
from lifelint.snapshot.memory import MemorySnapshot

[RULE] = [rule for rule in catalog.load().rules if rule.id == "model-changed-unexplained"]
[EXAMPLE, *_] = [example for example in RULE.examples if example.outcome is Outcome.FAIL and not example.history]
BASE = dict(EXAMPLE.base or {})
HEAD = {path: text for path, text in {**BASE, **EXAMPLE.files}.items() if text is not None}
METRICS = '{"schema": "evaluation-report/v1", "metrics": [{"name": "auc", "value": %s}]}'
TEXT = "1\n::error::x\r\n<img src=x>"


def report() -> dict[str, Any]:
    """A report with a change, which has metrics."""
    before, after = ({**files, "eval-report.json": METRICS % n} for files, n in ((BASE, "0.9"), (HEAD, "0.8")))
    made = inspect_change(MemorySnapshot(before), MemorySnapshot(after), Config(), catalog.load())
    document: dict[str, Any] = json.loads(json_report.render(made))
    assert document["change"]["new"]
    assert document["change"]["altered"]
    assert document["change"]["metrics"]
    return document


REPORT = report()


def numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where numbers, truths and nothing are; of lists the first item stands for all."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value[:1]):
            yield from numbers(item, (*path, number))
    elif not isinstance(value, str):
        yield path


@pytest.mark.parametrize("path", list(numbers(REPORT)), ids=lambda path: ".".join(map(str, path)))
def test_a_text_in_place_of_a_number_does_no_harm(path: tuple[Any, ...]) -> None:
    document: Any = json.loads(json.dumps(REPORT))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = TEXT

    for name in FOREIGN:
        try:
            made = foreign(json.dumps(document), name)
        except NoReport:
            continue
        if name in ("markdown", "badge", "junit"):
            assert "<img" not in made
        if name == "github":
            assert not any(line.startswith("::error::x") for line in made.splitlines())
