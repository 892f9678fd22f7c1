"""Makes the git repository of an example from its text: the same commits, ids and tags on each machine.

    python examples/replay.py bike-demand .demo/bike-demand

Needs git and nothing else.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent
MARK = "replayed-example"
"""A file in the git folder of each replay. Only a folder that has it is ever replaced."""


class CannotReplay(Exception):
    """What stands in the way, in one sentence."""


def replay(stream: Path, into: Path) -> None:
    """Makes the repository that ``stream`` (a git fast-import stream) tells, in the folder ``into``.

    An earlier replay there is replaced, together with what was changed in it. Anything else is left alone.
    """
    if _occupied(into) and not (into / ".git" / MARK).is_file():
        raise CannotReplay(f"{into} is in use and is not an earlier replay: name another folder")
    into.parent.mkdir(parents=True, exist_ok=True)
    fresh = into.with_name(f".{into.name}.{os.getpid()}")
    try:
        _git(None, "init", "--quiet", "--template=", "--initial-branch=main", "--object-format=sha1", str(fresh))
        _git(fresh, "fast-import", "--quiet", "--done", "--date-format=raw", text=stream.read_bytes())
        _git(fresh, "reset", "--quiet", "--hard", "main")
        (fresh / ".git" / MARK).write_text(f"{stream.parent.name}\n")
        if into.exists():
            shutil.rmtree(into)
        fresh.rename(into)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _occupied(folder: Path) -> bool:
    return folder.is_symlink() or folder.is_file() or (folder.is_dir() and any(folder.iterdir()))


def _git(folder: Path | None, *arguments: str, text: bytes = b"") -> None:
    """Runs git as if nobody had ever configured it: what the user or the calling git set must not change an id."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, input=text, capture_output=True, check=False
    )
    if done.returncode:
        raise CannotReplay(f"git {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")


def main() -> int:
    """The command line."""
    names = sorted(stream.parent.name for stream in EXAMPLES.glob("*/history.fi"))
    parser = argparse.ArgumentParser(description="Make the git repository of an example from its text.")
    parser.add_argument("name", choices=names)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    try:
        replay(EXAMPLES / chosen.name / "history.fi", chosen.folder)
    except CannotReplay as stop:
        print(f"replay.py: {stop}", file=sys.stderr)
        return 1
    print(f"{chosen.folder}: the example {chosen.name}, on branch main")
    return 0


if __name__ == "__main__":
    sys.exit(main())
