"""Where the process starts and ends, as ``lifelint`` and as ``python -m lifelint``."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Runs the command line without collecting cycles, and ends without taking the interpreter apart.

    A short-lived process gains nothing from either: imports are a tenth quicker, large documents read twice as fast,
    and the end of a hook costs as much as judging its files. Whatever has to be closed or removed is so by then.
    """
    gc.disable()
    from lifelint import cli

    try:
        cli.main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else cli.INTERNAL
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            if stream is not None:
                stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
