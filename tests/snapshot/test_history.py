"""What a snapshot knows of its past, against what git itself says."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from lifelint.model import Past
from lifelint.snapshot import _last_changed
from lifelint.snapshot.githistory import GitHistory
from lifelint.snapshot.history import History, Person, Stored, Tag, parse_commit
from lifelint.snapshot.memory import MemoryHistory, MemorySnapshot
from tests.conftest import git, write
from tests.snapshot.conftest import contents, raw, taken


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three commits on main (the second changes a/x and b, the third deletes b), one beside them, two tags."""
    place = tmp_path / "repository"
    place.mkdir()
    git(place, "init", "-q")
    for message, files in (("one", {"a/x": "1", "b": "1"}), ("two", {"a/x": "2", "b": "2"}), ("three", {"c": "3"})):
        write(place, files)
        if message == "three":
            (place / "b").unlink()
        git(place, "add", "-A")
        git(place, "commit", "-q", "-m", message)
    git(place, "tag", "light", "HEAD~1")
    git(place, "tag", "-m", "A release\n\nwith a body", "v1", "HEAD~2")
    git(place, "checkout", "-q", "-b", "side", "HEAD~2")
    git(place, "commit", "-q", "--allow-empty", "-m", "beside")
    git(place, "checkout", "-q", "main")
    return place


TANGLED = ["a", "a/x", "b", "c*", "d e", "ü", "new\nline", "M", "0" * 40]


@pytest.fixture
def tangled(tmp_path: Path) -> Path:
    """Merges of two and three, some of which take all from one side, and paths that are files and folders in turn."""
    place, chance = tmp_path / "tangled", random.Random(7)
    place.mkdir()
    git(place, "init", "-q")
    commits: list[str] = []
    for number in range(18):
        parents = chance.sample(commits[-5:], min(len(commits), 1 if number < 3 else chance.choice([1, 1, 2, 2, 3])))
        git(place, "read-tree", *([chance.choice(parents)] if parents else ["--empty"]))
        for path in chance.sample(TANGLED, chance.choice([0, 1, 2])):
            (place / "content").write_text(str(chance.randrange(3)))
            oid = git(place, "hash-object", "-w", "content")
            if chance.random() < 0.3:
                git(place, "--literal-pathspecs", "rm", "-q", "-r", "--cached", "--ignore-unmatch", "--", path)
            else:
                git(place, "update-index", "--add", "--replace", "--cacheinfo", f"100644,{oid},{path}")
        above = [word for parent in parents for word in ("-p", parent)]
        commits.append(git(place, "commit-tree", git(place, "write-tree"), *above, "-m", str(number)))
        git(place, "update-ref", f"refs/heads/b{number}", commits[-1])
    git(place, "symbolic-ref", "HEAD", "refs/heads/b17")
    return place


def of(folder: Path, name: str) -> str:
    return git(folder, "rev-parse", f"{name}^{{commit}}")


class TestCommits:
    def test_are_read_with_parents_people_and_message(self, folder: Path) -> None:
        made = taken(folder).history.commit(of(folder, "main"))

        assert made is not None
        assert made.parents == (of(folder, "main~1"),)
        assert made.tree == git(folder, "rev-parse", "main^{tree}")
        assert (made.author, made.authored) == (Person("A", "a@example.org"), 1767225600)
        assert (made.message, made.signed) == ("three\n", False)

    @pytest.mark.parametrize("name", ["main", "HEAD", "v1", "--all", "", "0" * 40, "deadbeef"])
    def test_are_found_by_their_full_id_only(self, folder: Path, name: str) -> None:
        assert taken(folder).history.commit(name) is None

    def test_a_tree_is_no_commit(self, folder: Path) -> None:
        assert taken(folder).history.commit(git(folder, "rev-parse", "main^{tree}")) is None

    def test_headers_may_be_lacking_or_odd(self) -> None:
        made = parse_commit("0" * 40, b"tree 1\nauthor \xff<>\ngpgsig a\n b\n\nm\xff")

        assert (made.author, made.authored, made.committer) == (Person("\udcff", ""), 0, Person("", ""))
        assert (made.signed, made.message) == (True, "m\udcff")


class TestAncestry:
    def test_is_git_s(self, folder: Path) -> None:
        history, names = taken(folder).history, ["main", "main~1", "main~2", "side"]
        for one in names:
            for other in names:
                says = git(folder, "merge-base", of(folder, one), of(folder, other)) == of(folder, one)
                assert history.is_ancestor(of(folder, one), of(folder, other)) is says

    def test_of_what_is_not_here_is_unknown(self, folder: Path) -> None:
        assert taken(folder).history.is_ancestor("1" * 40, of(folder, "main")) is None

    def test_that_a_shallow_clone_cannot_show_is_unknown(self, folder: Path, tmp_path: Path) -> None:
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "-q", "--no-single-branch", "--depth=1", f"file://{folder}", str(clone))
        history = taken(clone).history

        assert "shallow" in history.incomplete
        assert history.is_ancestor(of(folder, "side"), of(folder, "main")) is None
        assert history.is_ancestor(of(folder, "main"), of(folder, "main")) is True

    def test_touching_follows_paths(self, folder: Path) -> None:
        history, main = taken(folder).history, of(folder, "main")

        assert history.touching(["a"], main) == [of(folder, "main~1"), of(folder, "main~2")]
        assert history.touching(["b", "c"], main) == [of(folder, name) for name in ("main", "main~1", "main~2")]
        assert history.touching(["*"], main) == []
        assert history.touching(["a"], "1" * 40) is None


class TestLastChanges:
    """Each path's own search is the oracle for the walk that answers for all."""

    def test_are_those_that_a_search_for_each_finds(self, tangled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_last_changed, "_FIRST", 1)
        history = taken(tangled).history
        commits = git(tangled, "rev-list", "--all").split()

        for commit in commits:
            found = {path: history.touching([path], commit) for path in TANGLED}
            expected = {path: touching[0] for path, touching in found.items() if touching}
            assert history.last_changed(TANGLED, commit) == expected
            assert history.last_changed(TANGLED[:1], commit) == {p: c for p, c in expected.items() if p in TANGLED[:1]}

    def test_of_many_paths_cost_as_many_processes_as_those_of_few(self, tangled: Path) -> None:
        started = []
        for paths in (TANGLED, [*TANGLED, *(f"absent/{number}" for number in range(500))]):
            history = taken(tangled).history
            assert isinstance(history, GitHistory)
            history.last_changed(paths, history.head)
            started.append(history._git.started)

        assert started[0] == started[1]

    def test_of_more_paths_than_a_command_line_takes(self, tangled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        history = taken(tangled).history
        whole = history.last_changed(TANGLED, history.head)
        monkeypatch.setattr(_last_changed, "_ARGUMENTS", 10)

        assert history.last_changed(TANGLED, history.head) == whole

    def test_no_setting_changes_them(self, tangled: Path) -> None:
        history = taken(tangled).history
        before = history.last_changed(TANGLED, history.head)
        for key, value in {"diff.orderFile": "/nowhere", "diff.renames": "copies", "diff.noprefix": "true"}.items():
            git(tangled, "config", key, value)

        assert taken(tangled).history.last_changed(TANGLED, history.head) == before

    def test_what_lay_at_many_paths_is_asked_at_once(self, tangled: Path) -> None:
        commits = git(tangled, "rev-list", "--all").split()
        places = [(commit, path) for commit in [*commits, "1" * 40] for path in TANGLED]
        listed = {
            (commit, path): oid
            for commit in commits
            for line in raw(tangled, "ls-tree", "-t", "-r", "-z", commit).decode().split("\0")[:-1]
            for (_, _, oid), path in [(line.partition("\t")[0].split(), line.partition("\t")[2])]
        }

        assert taken(tangled).history.oids(places) == [listed.get(place, "") for place in places]
        assert taken(tangled).history.oids([]) == []

    def test_of_what_is_not_here_cannot_be_told(self, tangled: Path) -> None:
        assert taken(tangled).history.last_changed(TANGLED, "1" * 40) is None


class TestTags:
    def test_lead_to_commits(self, folder: Path) -> None:
        git(folder, "tag", "blob", "HEAD:c")
        git(folder, "tag", "-m", "a tag of a tag", "again", "v1")

        assert taken(folder).history.tags == [
            Tag("again", of(folder, "v1"), git(folder, "rev-parse", "again")),
            Tag("light", of(folder, "light"), of(folder, "light")),
            Tag("v1", of(folder, "v1"), git(folder, "rev-parse", "v1")),
        ]

    def test_have_a_message_if_annotated(self, folder: Path) -> None:
        history = taken(folder).history

        assert [history.message(tag) for tag in history.tags] == ["", "A release\n\nwith a body\n"]

    def test_that_are_light_or_bare_are_not_signed(self, folder: Path) -> None:
        history = taken(folder).history

        assert [history.signature(tag, b"").good for tag in history.tags] == [False, False]


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
class TestSignatures:
    @pytest.fixture
    def keys(self, tmp_path: Path) -> dict[str, str]:
        """Public keys by name; the private ones lie in the same folder."""
        import subprocess

        for name in ("ada", "eve"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(tmp_path / name)]
            subprocess.run(command, check=True)
        return {name: (tmp_path / f"{name}.pub").read_text() for name in ("ada", "eve")}

    def signed(self, folder: Path, tmp_path: Path, who: str, name: str = "s") -> Tag:
        settings = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={tmp_path / who}.pub")
        git(folder, *settings, "tag", "-s", "-m", "signed", name)
        return next(tag for tag in taken(folder).history.tags if tag.name == name)

    def test_of_an_allowed_signer_hold(self, folder: Path, tmp_path: Path, keys: dict[str, str]) -> None:
        tag = self.signed(folder, tmp_path, "ada")
        history = taken(folder).history

        assert history.signature(tag, f"ada@example.org {keys['ada']}".encode())[:2] == (True, "ada@example.org")
        assert history.message(tag) == "signed\n"

    def test_of_anyone_else_do_not(self, folder: Path, tmp_path: Path, keys: dict[str, str]) -> None:
        tag = self.signed(folder, tmp_path, "eve")

        assert taken(folder).history.signature(tag, f"ada@example.org {keys['ada']}".encode()).good is False

    def test_never_run_what_the_repository_names(self, folder: Path, tmp_path: Path, keys: dict[str, str]) -> None:
        tag = self.signed(folder, tmp_path, "ada")
        mark, program = tmp_path / "ran", tmp_path / "program"
        program.write_text(f"#!/bin/sh\ntouch {mark}\necho 'Good \"git\" signature for x with ED25519 key y'\n")
        program.chmod(0o755)
        for key in ("gpg.program", "gpg.ssh.program", "gpg.ssh.defaultKeyCommand", "gpg.x509.program"):
            git(folder, "config", key, str(program))
        git(folder, "config", "log.showSignature", "true")
        git(folder, "config", "gpg.ssh.allowedSignersFile", str(tmp_path / "eve"))
        history = taken(folder).history
        history.touching(["a"], history.head)
        history.commit(history.head)

        assert history.signature(tag, b"").good is False
        assert not mark.exists()


class TestTrees:
    def test_of_other_commits_are_snapshots(self, folder: Path) -> None:
        then = taken(folder).history.at(of(folder, "v1"))

        assert then is not None
        assert contents(then) == {"a/x": b"1", "b": b"1"}
        assert then.subject.revision == of(folder, "v1")

    @pytest.mark.parametrize("below", ["a", "b", "c", "*"])
    def test_can_be_limited_to_a_folder(self, folder: Path, below: str) -> None:
        then = taken(folder).history.at(of(folder, "v1"), below)

        assert then is not None
        expected = {"a": {"a/x": b"1"}, "b": {"b": b"1"}}
        assert contents(then) == expected.get(below, {})

    def test_of_what_is_not_here_are_none(self, folder: Path) -> None:
        assert taken(folder).history.at("1" * 40) is None

    def test_every_blob_that_was_ever_held_is_known(self, folder: Path) -> None:
        lines = raw(folder, "rev-list", "--objects", "HEAD").decode().splitlines()
        blobs = {oid for oid, _, path in (line.partition(" ") for line in lines) if path not in ("", "a")}

        stored = list(taken(folder).history.stored(bool))
        assert {one.oid for one in stored} == blobs
        assert Stored(git(folder, "rev-parse", "main:c"), "c", 1) in stored

    @pytest.mark.parametrize("staged", [False, True])
    def test_what_the_snapshot_has_is_left_out(self, folder: Path, staged: bool) -> None:
        if staged:
            git(folder, "rm", "-q", "--cached", "c")
        snapshot = taken(folder)
        history, present = snapshot.history, {entry.oid for entry in snapshot.entries.values()}

        gone = [one for one in history.stored(bool) if one.oid not in present]

        assert {one.path for one in gone if "/" in one.path or one.path == "c"} == {"a/x", *("c" * staged)}
        assert list(history.stored(bool, besides=snapshot.entries)) == gone
        assert list(history.stored(bool, besides={**snapshot.entries})) == gone

    def test_a_repository_without_a_commit_has_no_past(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        history = taken(tmp_path).history

        assert (history.head, history.tags, list(history.stored(bool)), history.incomplete) == ("", [], [], "")


def test_a_history_in_memory_answers_like_git(folder: Path) -> None:
    ids = {name: of(folder, name) for name in ("main", "main~1", "main~2", "side")}
    written: History = MemoryHistory(
        [
            Past(ids["main~2"], {"a/x": "1", "b": "1"}, {"v1": ""}, message="one\n"),
            Past(ids["side"], message="beside\n"),
            Past(ids["main~1"], {"a/x": "2", "b": "2"}, {"light": ""}, parent=ids["main~2"], message="two\n"),
            Past(ids["main"], {"c": "3", "b": None}, message="three\n"),
        ]
    )
    real = taken(folder).history

    assert (written.head, written.incomplete) == (real.head, real.incomplete)
    assert [(tag.name, tag.commit) for tag in written.tags] == [(tag.name, tag.commit) for tag in real.tags]
    for one in ids.values():
        for other in ids.values():
            assert written.is_ancestor(one, other) is real.is_ancestor(one, other)
        for paths in (["a"], ["b"], ["a", "c"], ["nothing"]):
            assert written.touching(paths, one) == real.touching(paths, one)
            assert written.last_changed(paths, one) == real.last_changed(paths, one)
        places = [(one, path) for path in ("a/x", "b", "nothing")]
        assert written.oids(places) == real.oids(places)
        ours, theirs = written.commit(one), real.commit(one)
        assert ours is not None and theirs is not None and ours.parents == theirs.parents
        there, here = written.at(one), real.at(one)
        assert there is not None and here is not None and there.entries == here.entries
    assert {one.oid for one in written.stored(bool)} == {one.oid for one in real.stored(bool)}


def test_an_example_without_history_has_none() -> None:
    snapshot = MemorySnapshot({"a": "1"})

    assert snapshot.history.incomplete
    assert snapshot.history.at("1" * 40) is None


def test_authors_are_those_that_git_tells_newest_first(folder: Path, tmp_path: Path) -> None:
    write(folder, {".mailmap": "Somebody Else <else@example.org> <ada@example.org>\n"})
    git(folder, "config", "log.mailmap", "true")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x", "--author=Ada \u00dc <ada@example.org>")
    history = taken(folder).history
    told = history.authors(history.head, 2)

    assert told is not None
    assert [who for who, _ in told] == [Person("Ada \u00dc", "ada@example.org"), told[1][0]]
    assert [when for _, when in told] == [
        int(git(folder, "show", "-s", "--format=%ct", at)) for at in ("HEAD", "HEAD~")
    ]
    assert len(history.authors(history.head, 10) or ()) == 4
    assert history.authors("--all", 10) is None
    assert history.authors("0" * 40, 10) is None
