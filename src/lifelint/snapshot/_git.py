"""git's plumbing, run so that nothing of the inspected repository is executed and nothing is fetched.

A repository's own configuration can name programs (``core.fsmonitor``, hooks, filters, text conversions) and a partial
clone fetches what it lacks; each is switched off here. The commands used run no filter and no text conversion.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from lifelint.snapshot import MAX_BYTES, Missing, SnapshotError
from lifelint.snapshot._layout import Layout

_OFF = {"core.fsmonitor": "false", "core.hooksPath": os.devnull, "core.attributesFile": os.devnull}
_CHUNK = 400  # ids of one round trip: 400 * 65 bytes stay below a pipe's 64 KiB, so neither side ever blocks


def environment() -> dict[str, str]:
    """The environment for every git process."""
    kept = {k: v for k, v in os.environ.items() if k not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_CONFIG_PARAMETERS")}
    for number, (key, value) in enumerate(_OFF.items()):
        kept |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return kept | {
        "GIT_CONFIG_COUNT": str(len(_OFF)),
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


class Git:
    """git on one repository."""

    def __init__(self, layout: Layout) -> None:
        self.folder = layout.root or layout.git_dir
        self._place = ("-C", str(layout.root)) if layout.root else ("--git-dir", str(layout.git_dir))
        self.started = 0
        self._batch: subprocess.Popen[bytes] | None = None

    def run(self, *args: str, stdin: bytes | None = None, index: Path | None = None) -> bytes:
        """What a git command prints.

        Raises:
            SnapshotError: git is not installed, or refuses; the message says how to mend what is known.
        """
        done = self._start(args, stdin, index)
        if done.returncode:
            raise self._refusal(args[0], done.stderr)
        return done.stdout

    def succeeds(self, *args: str) -> bool:
        """Whether a git command ends with status 0."""
        return self._start(args, None, None).returncode == 0

    def _start(
        self, args: Sequence[str], stdin: bytes | None, index: Path | None
    ) -> subprocess.CompletedProcess[bytes]:
        extra = {"GIT_INDEX_FILE": str(index)} if index else {}
        self.started += 1
        try:
            return subprocess.run(
                ["git", *self._place, *args],
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                capture_output=True,
                check=False,
                env=environment() | extra,
            )
        except FileNotFoundError:
            raise SnapshotError("git is not installed, or not on PATH") from None

    def _refusal(self, command: str, stderr: bytes) -> SnapshotError:
        text = stderr.decode("utf-8", "replace").strip()
        if "dubious ownership" in text:
            return SnapshotError(
                f"git refuses to read {self.folder}: it belongs to another user. If you trust it, run\n"
                f"  git config --global --add safe.directory {self.folder}"
            )
        return SnapshotError(f"git {command} failed in {self.folder}: {text.splitlines()[0] if text else 'no message'}")

    # Objects -------------------------------------------------------------------------------------------------------

    def blobs(self, oids: Sequence[str]) -> Iterator[bytes | Missing]:
        """The content of each blob, through one long-lived ``cat-file --batch``."""
        for start in range(0, len(oids), _CHUNK):
            chunk = oids[start : start + _CHUNK]
            stdin, stdout = self._pipes()
            stdin.write("".join(f"{oid}\n" for oid in chunk).encode())
            stdin.flush()
            for _ in chunk:
                yield _one(stdout)

    def sizes(self, oids: Sequence[str]) -> list[int | None]:
        """The size of each blob in bytes; ``None`` for absent ones."""
        if not oids:
            return []
        printed = self.run("cat-file", "--batch-check=%(objectsize)", stdin="".join(f"{o}\n" for o in oids).encode())
        return [int(line) if line.isdigit() else None for line in printed.split(b"\n")[: len(oids)]]

    def filters(self, paths: Iterable[str], tree: str | None) -> dict[str, str]:
        """The ``filter`` attribute of paths, matched by git against the index or, given ``tree``, that tree's files."""
        stdin = b"".join(os.fsencode(path) + b"\0" for path in paths)
        command = ("check-attr", "--cached", "--stdin", "-z", "filter")
        if tree is None:
            printed = self.run(*command, stdin=stdin)
        else:
            with tempfile.TemporaryDirectory(prefix="lifelint-") as folder:
                index = Path(folder) / "index"
                self.run("read-tree", tree, index=index)
                printed = self.run(*command, stdin=stdin, index=index)
        fields = printed.split(b"\0")
        found = {os.fsdecode(fields[i]): fields[i + 2].decode("utf-8", "replace") for i in range(0, len(fields) - 2, 3)}
        return {path: value for path, value in found.items() if value not in ("unspecified", "unset", "set")}

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._batch is None:
            self.started += 1
            self._batch = subprocess.Popen(
                ["git", *self._place, "cat-file", "--batch"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
            )
        assert self._batch.stdin is not None and self._batch.stdout is not None
        return self._batch.stdin, self._batch.stdout

    def close(self) -> None:
        """Ends the object reader."""
        if self._batch is not None:
            self._batch.communicate()
            self._batch = None


def _one(stdout: IO[bytes]) -> bytes | Missing:
    header = stdout.readline().split()
    if not header:
        raise SnapshotError("git cat-file ended early; the object database may be damaged (try git fsck)")
    if header[-1] == b"missing" or len(header) != 3:
        return Missing("its blob is not in the object database (partial clone or damaged repository)")
    size = int(header[2])
    if size > MAX_BYTES:
        left = size + 1
        while left:
            left -= len(stdout.read(min(left, 1 << 20)))
        return Missing(f"is larger than {MAX_BYTES >> 20} MiB and was not read")
    data = stdout.read(size)
    stdout.read(1)
    return data
