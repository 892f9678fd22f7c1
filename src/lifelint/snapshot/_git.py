"""git's plumbing, run so that nothing of the inspected repository is executed and nothing is fetched.

A repository's own configuration can name programs (``core.fsmonitor``, hooks, filters, text conversions) and a partial
clone fetches what it lacks; each is switched off here. The commands used run no filter and no text conversion.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import IO, TYPE_CHECKING

from lifelint.snapshot import SnapshotError
from lifelint.snapshot._layout import Layout

# ``subprocess`` is imported where git is started: a hook over a few files does without.
if TYPE_CHECKING:
    import subprocess
    import tempfile

_OFF = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "protocol.allow=never")
_IMPERSONAL = (f"core.attributesFile={os.devnull}",)
_EMPTY_HEAD = "ref: refs/heads/none\n"
_EMPTY_CONFIG = "[core]\nbare = true\nrepositoryFormatVersion = 1\n[extensions]\nobjectFormat = {hashes}\n"
_KEPT = (
    r"GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|PARAMETERS|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|TRACE.*"
    r"|DISCOVERY_ACROSS_FILESYSTEM|TEST_ASSUME_DIFFERENT_OWNER)"
)
_OWN = ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")


def environment(layout: Layout) -> dict[str, str]:
    """The environment for every git process on a repository.

    Of git's own variables only those count that cannot lead to another repository: the person's configuration, and
    what git tells a hook (the index being committed, the objects being received) when it lies in this one.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or re.fullmatch(_KEPT, k)}
    for name in _OWN:
        if name in os.environ and _below(layout, os.environ[name]):
            kept[name] = os.environ[name]
    if "GIT_OBJECT_DIRECTORY" in kept:
        kept["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
    return kept | {
        "GIT_CEILING_DIRECTORIES": os.path.dirname(layout.root or layout.git_dir),
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


def index_file(layout: Layout) -> str:
    """The index that is meant: the one that git tells a hook if it lies in this repository, else the repository's."""
    told = os.environ.get("GIT_INDEX_FILE", "")
    return os.path.join(layout.root or "", told) if told and _below(layout, told) else f"{layout.git_dir}/index"


def _below(layout: Layout, place: str) -> bool:
    absolute = os.path.realpath(os.path.join(layout.root or layout.git_dir, place))
    return any(absolute.startswith(os.path.realpath(folder) + os.sep) for folder in (layout.git_dir, layout.common_dir))


class Git:
    """git on one repository. ``started`` counts its processes."""

    def __init__(self, layout: Layout) -> None:
        self.folder = layout.root or layout.git_dir
        self.started = 0
        self.no_index = f"{layout.git_dir}/lifelint-no-index"  # a file that is not there is an empty index
        self._layout = layout
        self._apart: tempfile.TemporaryDirectory[str] | None = None

    @cached_property
    def _environment(self) -> dict[str, str]:
        return environment(self._layout)

    def run(self, *args: str, stdin: bytes = b"", index: str | None = None, settings: Sequence[str] = ()) -> bytes:
        """What a git command prints; ``settings`` are configuration (``key=value``) for it alone.

        Raises:
            SnapshotError: git is not installed, or refuses; the message says how to mend what is known.
        """
        done = self.attempt(*args, stdin=stdin, index=index, settings=settings)
        if done.returncode:
            raise self._refusal(next(word for word in args if word[0] != "-"), done.stderr)
        return done.stdout

    def attempt(
        self, *args: str, stdin: bytes = b"", index: str | None = None, settings: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[bytes]:
        """A git command that has ended, whatever its status."""
        import subprocess

        self.started += 1
        extra = {"GIT_INDEX_FILE": index} if index else {}
        if args[0] == "check-attr":
            extra = self._objects_apart() | extra
        try:
            return subprocess.run(
                self._command(args, settings),
                input=stdin,
                capture_output=True,
                check=False,
                env=self._environment | extra,
            )
        except OSError as error:
            raise _cannot_start(error) from None

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        """A git command that goes on answering about objects."""
        import subprocess

        self.started += 1
        try:
            return subprocess.Popen(
                self._command(args),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment | self._objects_apart(),
            )
        except OSError as error:
            raise _cannot_start(error) from None

    def begin(self, *args: str, output: IO[bytes], settings: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        """A git command that goes on beside other work and writes to ``output``; its errors can be read from it."""
        import subprocess

        self.started += 1
        try:
            return subprocess.Popen(
                self._command(args, settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.PIPE,
                env=self._environment,
            )
        except OSError as error:
            raise _cannot_start(error) from None

    def _objects_apart(self) -> dict[str, str]:
        """What lets git see the objects and the index of a partial clone, and nothing that says where the rest is.

        In the clone itself git dies of the first object that it lacks and may not fetch; here such an object is just
        absent. The repository that stands in for it is empty and temporary.
        """
        if not self._layout.partial:
            return {}
        if self._apart is None:
            import tempfile

            self._apart = tempfile.TemporaryDirectory(prefix="lifelint-")
            hashes = self.attempt("rev-parse", "--show-object-format").stdout.decode().strip()
            for name in ("refs", "objects"):
                os.mkdir(os.path.join(self._apart.name, name))
            for name, text in (("HEAD", _EMPTY_HEAD), ("config", _EMPTY_CONFIG.format(hashes=hashes or "sha1"))):
                with open(os.path.join(self._apart.name, name), "w", encoding="utf-8") as file:
                    file.write(text)
        return {
            "GIT_DIR": self._apart.name,
            "GIT_OBJECT_DIRECTORY": f"{self._layout.common_dir}/objects",
            "GIT_INDEX_FILE": self._environment.get("GIT_INDEX_FILE", f"{self._layout.git_dir}/index"),
        }

    def close(self) -> None:
        """Removes what was made on disk."""
        if self._apart is not None:
            self._apart.cleanup()
            self._apart = None

    def _command(self, args: Sequence[str], settings: Sequence[str] = ()) -> list[str]:
        switches = [word for setting in (*_OFF, *settings) for word in ("-c", setting)]
        # -C and not --git-dir: git skips its ownership check for a repository that is named to it.
        return ["git", *switches, "-C", self.folder, *args]

    def _refusal(self, command: str, stderr: bytes) -> SnapshotError:
        """What a person is told when a command failed."""
        text = os.fsdecode(stderr).strip()
        if "dubious ownership" in text:
            advised = re.search(r"--add safe\.directory (.+)", text)
            return SnapshotError(
                f"git refuses to read {self.folder}: it belongs to another user. If you trust it, run\n"
                f"  git config --global --add safe.directory {advised[1] if advised else self.folder}"
            )
        lines = [line for line in text.splitlines() if line.startswith(("fatal:", "error:"))] or text.splitlines()
        return SnapshotError(f"git {command} failed in {self.folder}: {lines[0] if lines else 'no message'}")

    def attributes(
        self,
        paths: Iterable[str],
        names: Sequence[str],
        *,
        tree: str = "",
        personal: bool = False,
        cached: bool = True,
    ) -> dict[str, dict[str, str]]:
        """Path → those of the named attributes that are specified, matched by git.

        The patterns are those of the index (of the disk if not ``cached``), or of ``tree``'s files. ``personal`` adds
        the patterns of the person who runs this (``core.attributesFile``), which had their part in what is on disk.
        """
        stdin = b"".join(os.fsencode(path) + b"\0" for path in paths)
        settings = () if personal else _IMPERSONAL
        command = ("check-attr", *(["--cached"] if cached else []), "--stdin", "-z", *names)
        if not tree:
            printed = self.run(*command, stdin=stdin, settings=settings)
        else:
            import tempfile

            with tempfile.TemporaryDirectory(prefix="lifelint-") as folder:
                index = f"{folder}/index"
                self.run("read-tree", tree, index=index)
                printed = self.run(*command, stdin=stdin, index=index, settings=settings)
        fields = printed.decode("utf-8", "surrogateescape").split("\0")
        found: dict[str, dict[str, str]] = {}
        for path, name, value in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
            if value != "unspecified":
                found.setdefault(path, {})[name] = value
        return found


def _cannot_start(error: OSError) -> SnapshotError:
    if isinstance(error, FileNotFoundError):
        return SnapshotError("git is not installed, or not on PATH")
    return SnapshotError(f"git cannot be started ({error.strerror})")
