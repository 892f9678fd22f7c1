"""The working tree in which the story of the example happens, and the tools its people use in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent

import make_data


@dataclass(frozen=True)
class Project:
    """A folder, and a home for the tools that is not the home of whoever runs this."""

    root: Path
    home: Path

    def write(self, path: str, text: str) -> None:
        """Writes a file, its text indented as the caller likes."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")

    def read(self, path: str) -> str:
        """The text of a file."""
        return (self.root / path).read_text(encoding="utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Puts ``new`` in the one place where the file says ``old``."""
        text = self.read(path)
        if text.count(old) != 1:
            raise ValueError(f"{path} has {text.count(old)} times {old!r}")
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def remove(self, path: str) -> None:
        """Deletes a file, and its folder if nothing else is in it."""
        (self.root / path).unlink()
        if not any((self.root / path).parent.iterdir()):
            (self.root / path).parent.rmdir()

    def export(self, until: str) -> None:
        """The rental system's export up to a day."""
        self.write("data/rentals.csv", make_data.rentals(date.fromisoformat(until)))

    def evaluation(self) -> dict[str, str]:
        """The figures of the evaluation, as a person writes them down."""
        measured = json.loads(self.read("metrics/evaluation.json"))
        return {name: f"{value:.0f}" for name, value in measured.items() if isinstance(value, float)}

    def run(self, *command: str, folder: str = ".", text: str = "", **more: str) -> str:
        """Runs a tool as its user would, away from this machine's configuration. Returns what it printed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "DVC_"))}
        environment |= {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.home),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "DVC_NO_ANALYTICS": "1",
            "DVC_SITE_CACHE_DIR": str(self.home / "site"),
            "DVC_GLOBAL_CONFIG_DIR": str(self.home / "dvc"),
            "DVC_SYSTEM_CONFIG_DIR": str(self.home / "dvc"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "OMP_NUM_THREADS": "1",
            **more,
        }
        done = subprocess.run(
            command, cwd=self.root / folder, env=environment, input=text.encode(), capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode()

    def lock(self, day: str) -> None:
        """Compiles requirements.txt with what the index had to offer on a day."""
        (self.root / "requirements.txt").unlink(missing_ok=True)
        command = ["uv", "pip", "compile", "--generate-hashes", "--no-emit-index-url", "--python-version", "3.11"]
        self.run(*command, "requirements.in", "-o", "requirements.txt", UV_EXCLUDE_NEWER=f"{day}T00:00:00Z")

    def status(self) -> dict[str, list[object]]:
        """What DVC says has changed since dvc.lock and the pointers were written, by stage or pointer."""
        if not (self.root / ".dvc").is_dir():
            return {}
        said: dict[str, list[object]] = json.loads(self.run("dvc", "status", "--json"))
        return dict(sorted(said.items()))
