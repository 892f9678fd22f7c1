"""How text is laid out here: the terminal's width, and whether colours are wanted."""

from __future__ import annotations

import os
import sys

from lifelint.report.look import Look


def look(verbosity: int = 0) -> Look:
    """The look of what is printed. Colour is decided here: click would strip it where it sees no terminal."""
    import shutil

    return Look(min(shutil.get_terminal_size((100, 24)).columns, 120), _colour(), verbosity)


def _colour() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()
