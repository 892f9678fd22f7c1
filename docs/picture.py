"""The picture of the README: what a terminal shows of a command, as SVG that loads nothing from elsewhere."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "check --base v1.0.0 --rev v1.1.0 -q"
_COLUMNS = 100
_FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


def picture() -> str:
    """``lifelint check`` on a change of the example project."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "bike-demand"
        replay = [sys.executable, ROOT / "examples" / "replay.py", "bike-demand", folder]
        subprocess.run(replay, check=True, capture_output=True)
        environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(_COLUMNS)}
        environment.pop("NO_COLOR", None)
        command = [sys.executable, "-m", "lifelint", *COMMAND.split()]
        printed = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        ).stdout
    console = Console(record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(f"$ lifelint {COMMAND}\n{printed.rstrip()}"))
    drawn = console.export_svg(title="lifelint", theme=MONOKAI, unique_id="lifelint")
    return _FONT_FACE.sub("", drawn).replace("Fira Code", "ui-monospace, Menlo, Consolas") + "\n"
