"""What is written to the runner's files and log, read as the runner reads it."""

from __future__ import annotations

import io

import pytest

from lifelint.forge.commands import outputs, unheard
from tests.forge.runner import commands


def test_values_stand_between_ends_that_nobody_can_foresee() -> None:
    text = outputs({"level": 2, "path": "a\nend\nb"})
    lines = text.splitlines()

    assert lines[0].startswith("level<<end-")
    end = lines[0].partition("<<")[2]
    assert lines == [f"level<<{end}", "2", end, f"path<<{end}", "a", "end", "b", end]
    assert outputs({"level": 2}) != outputs({"level": 2})


def test_the_runner_listens_again_afterwards_even_if_something_went_wrong() -> None:
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError), unheard(out):
        print("::error::no\n  ::add-mask::x\nx##[set-output name=gate;]pass\n::stop-commands::mine\n::mine::", file=out)
        raise ZeroDivisionError
    print("::notice::yes", file=out)

    assert [(one.name, one.data) for one in commands(out.getvalue())] == [("notice", "yes")]
