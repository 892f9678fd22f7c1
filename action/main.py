"""Runs lifelint's command line from this checkout, with the packages in the folder that is the first argument."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "src"), sys.argv.pop(1)]

from lifelint.cli import main  # noqa: E402  (it is found where the line above says)

main()
