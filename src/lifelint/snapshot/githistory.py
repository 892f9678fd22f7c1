"""History by git's plumbing. ``git log`` and its like are not used: the repository's configuration can make them run
programs (``log.showSignature``), ``rev-list`` and ``cat-file`` it cannot."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.snapshot import Entry, Missing, Snapshot, SnapshotError
from lifelint.snapshot._git import Git
from lifelint.snapshot._layout import Layout
from lifelint.snapshot._objects import Objects
from lifelint.snapshot.history import COMMIT_ID, Commit, Person, Signature, Stored, Tag, parse_commit

if TYPE_CHECKING:
    from lifelint.snapshot.gittree import GitSnapshot

_SSH, _PGP = b"-----BEGIN SSH SIGNATURE-----", b"-----BEGIN PGP "
_SIGNED = lazy(rb"^-----BEGIN (?:SSH SIGNATURE|PGP (?:SIGNATURE|MESSAGE)|SIGNED MESSAGE)-----$", re.MULTILINE)
_NAMED = lazy(rb"^tag (.*)$", re.MULTILINE)
_GOOD = lazy(r'^Good "git" signature for (.+) with \S+ key', re.MULTILINE)
_ANCESTRY_STATUS = {0: True, 1: False}


class GitHistory:
    """The history of one snapshot of a git repository; each question is asked of git once."""

    def __init__(
        self,
        git: Git,
        layout: Layout,
        objects: Objects,
        head: str,
        take: Callable[[str, str], GitSnapshot],
        is_tree: Callable[[Mapping[str, Entry]], bool],
    ) -> None:
        """``take`` gives the tree of a commit, ``is_tree`` tells whether entries are surely that of ``head``."""
        self.head = head
        self._git, self._layout, self._objects, self._take, self._is_tree = git, layout, objects, take, is_tree
        self._commits: dict[str, Commit | None] = {}
        self._ancestry: dict[tuple[str, str], bool | None] = {}
        self._touching: dict[tuple[tuple[str, ...], str], Sequence[str] | None] = {}
        self._trees: dict[tuple[str, str], GitSnapshot | None] = {}

    @cached_property
    def incomplete(self) -> str:
        if self._layout.shallow:
            return "the clone is shallow: fetch the whole history (fetch-depth: 0, or git fetch --unshallow --tags)"
        return "the clone is partial: objects were left with its remote" if self._layout.partial else ""

    @cached_property
    def tags(self) -> Sequence[Tag]:
        # With -d an annotated tag is followed by what it leads to, as "<oid> refs/tags/<name>^{}".
        listed = self._git.attempt("show-ref", "--tags", "-d").stdout.decode("utf-8", "surrogateescape")
        found: dict[str, list[str]] = {}
        for line in listed.splitlines():
            oid, _, ref = line.partition(" ")
            found.setdefault(ref.removesuffix("^{}").removeprefix("refs/tags/"), []).append(oid)
        tags = [Tag(name, oids[-1], oids[0]) for name, oids in sorted(found.items())]
        self._load([tag.commit for tag in tags])
        return [tag for tag in tags if self._commits.get(tag.commit)]

    def commit(self, commit: str) -> Commit | None:
        if commit not in self._commits and COMMIT_ID.fullmatch(commit):
            self._load([commit])
        return self._commits.get(commit)

    def _load(self, commits: Sequence[str]) -> None:
        wanted = [commit for commit in dict.fromkeys(commits) if commit not in self._commits]
        for commit, data in zip(wanted, self._objects.contents(wanted, b"commit"), strict=True):
            self._commits[commit] = parse_commit(commit, data) if isinstance(data, bytes) else None

    def is_ancestor(self, commit: str, of: str) -> bool | None:
        asked = commit, of
        if asked not in self._ancestry:
            answer = None
            if self.commit(commit) and self.commit(of):
                done = self._git.attempt("merge-base", "--is-ancestor", commit, of)
                answer = _ANCESTRY_STATUS.get(done.returncode)
                if answer is False and self._layout.shallow:
                    answer = None  # the way may lead through commits that were cut off
            self._ancestry[asked] = answer
        return self._ancestry[asked]

    def merge_base(self, commit: str, other: str) -> str:
        done = self._git.attempt("merge-base", commit, other) if self.commit(commit) and self.commit(other) else None
        return done.stdout.decode().strip() if done is not None and done.returncode == 0 else ""

    def touching(self, paths: Sequence[str], until: str) -> Sequence[str] | None:
        asked = tuple(paths), until
        if asked not in self._touching:
            answer = None
            if self.commit(until):
                done = self._git.attempt("--literal-pathspecs", "rev-list", until, "--", *paths)
                answer = done.stdout.decode().split() if done.returncode == 0 else None
            self._touching[asked] = answer
        return self._touching[asked]

    def authors(self, until: str, most: int) -> Sequence[tuple[Person, int]] | None:
        if not COMMIT_ID.fullmatch(until):
            return None
        # %an and %ae are as the commit has them: no mailmap of the repository is asked.
        asked = ("rev-list", f"--max-count={most}", "--encoding=UTF-8", "--format=%an%x00%ae%x00%ct", until)
        done = self._git.attempt(*asked)
        if done.returncode != 0:
            return None
        lines = done.stdout.decode("utf-8", "surrogateescape").split("\n")
        fields = (line.split("\0") for line in lines if "\0" in line)
        return [(Person(name, email), int(when)) for name, email, when in fields]

    def last_changed(self, paths: Sequence[str], until: str) -> Mapping[str, str] | None:
        from lifelint.snapshot._last_changed import last_changed

        try:
            return last_changed(self._git, paths, until) if self.commit(until) else None
        except SnapshotError:
            return None

    def oids(self, places: Sequence[tuple[str, str]]) -> Sequence[str]:
        from lifelint.snapshot._last_changed import oids_at

        return oids_at(self._git, places) if places else []

    def at(self, commit: str, below: str = "") -> Snapshot | None:
        asked = commit, below
        if asked not in self._trees:
            try:
                self._trees[asked] = self._take(commit, below) if self.commit(commit) else None
            except SnapshotError:  # a partial clone can lack trees
                self._trees[asked] = None
        return self._trees[asked]

    def message(self, tag: Tag) -> str:
        data = self._tag(tag)
        text = _SIGNED.split(data.partition(b"\n\n")[2])[0] if data is not None else b""
        return text.decode("utf-8", "surrogateescape")

    def signature(self, tag: Tag, allowed_signers: bytes) -> Signature:
        data = self._tag(tag)
        if data is None:
            return Signature(False, "", "is not an annotated tag, so it cannot be signed")
        if _SSH not in data:
            pgp = _PGP in data
            why = "is signed with OpenPGP, whose keys are not looked for" if pgp else "is not signed"
            return Signature(None if pgp else False, "", why)
        named = _NAMED.search(data.partition(b"\n\n")[0])
        if named is None or os.fsdecode(named[1]) != tag.name:  # a good signature under a name that nobody signed
            return Signature(False, "", f"is a tag that was made as {os.fsdecode(named[1]) if named else 'nothing'}")
        import tempfile

        with tempfile.NamedTemporaryFile(prefix="lifelint-") as signers:
            signers.write(allowed_signers)
            signers.flush()
            # All that configuration could put in the place of ssh-keygen, or of the signers, is set here.
            settings = (
                "gpg.ssh.program=ssh-keygen", "gpg.program=", "gpg.x509.program=", "gpg.openpgp.program=",
                f"gpg.ssh.allowedSignersFile={signers.name}", "gpg.ssh.revocationFile=", "gpg.minTrustLevel=undefined",
            )  # fmt: skip
            done = self._git.attempt("verify-tag", "--raw", tag.oid, settings=settings)
        said = os.fsdecode(done.stdout + done.stderr)
        good = _GOOD.search(said)
        if done.returncode == 0 and good:
            return Signature(True, good[1], f"is signed by {good[1]}")
        if "ssh-keygen" in said and ("cannot run" in said or "is not installed" in said or "needed for" in said):
            return Signature(None, "", "cannot be checked: ssh-keygen is not installed")
        return Signature(False, "", "has a signature that no allowed signer made, or that does not fit its content")

    def _tag(self, tag: Tag) -> bytes | None:
        if not tag.annotated:
            return None
        [data] = self._objects.contents([tag.oid], b"tag")
        return None if isinstance(data, Missing) else data

    def stored(self, wanted: Callable[[str], object], besides: Mapping[str, Entry] | None = None) -> Iterator[Stored]:
        if not self.head:
            return
        # Most of what a large repository stores is what it holds now: git passes over it in half the time.
        present = ("--not", f"{self.head}^{{tree}}") if besides and self._is_tree(besides) else ()
        known = set() if present else {entry.oid for entry in (besides or {}).values()}
        listed = self._git.attempt("rev-list", "--objects", "--missing=allow-any", self.head, *present).stdout
        width = len(self.head)  # of each id; a line is cut only where it is not known
        news = [line for line in os.fsdecode(listed).split("\n") if line[:width] not in known]
        named = [(line[:width], line[width + 1 :]) for line in news if wanted(line[width + 1 :]) and line[width + 1 :]]
        for (oid, path), size in zip(named, self._objects.sizes([oid for oid, _ in named]), strict=True):
            if size is not None:
                yield Stored(oid, path, size)
