"""Pointers of lakeFS and Croissant, what git ignores of DVC's, and large blobs of earlier commits."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from lifelint.facts import Facts, Source
from lifelint.snapshot._open import open_snapshot
from tests.conftest import facts_of, git, write

ROWS = "a,b\n1,2\n"
SHA = hashlib.sha256(ROWS.encode()).hexdigest()
POINTER = f"outs:\n- md5: {'a' * 32}\n  hash: md5\n  path: data.csv\n"
FOLDER = POINTER.replace("a\n", "a.dir\n", 1).replace("data.csv", "data")

Make = Callable[[Mapping[str, str | bytes]], Path]


def croissant(checksum: str, url: str = "rows.csv", algorithm: str = "sha256") -> str:
    file = {"@type": "cr:FileObject", "name": "rows", "contentUrl": url, algorithm: checksum}
    return json.dumps({"conformsTo": "http://mlcommons.org/croissant/1.1", "distribution": [file]}, indent=1)


def test_a_lakefs_reference_is_a_pointer_to_a_commit() -> None:
    text = f"src: lakefs://r/main/d\nat_head: {'b' * 64}\nactive_operation: ''\n"
    [good] = facts_of({"data/.lakefs_ref.yaml": text})["pointers"].items
    [bad] = facts_of({"data/.lakefs_ref.yaml": text.replace("b" * 64, "main")})["pointers"].items

    assert (good.system, good.artifact, good.digest, good.well_formed) == ("lakefs", "data", f"lakefs:{'b' * 64}", True)
    assert (bad.well_formed, bad.line) == (False, 2)


def test_a_checksum_of_the_wrong_length_is_no_sound_pointer() -> None:
    [pointer] = facts_of({"croissant.json": croissant("ab" * 16)})["pointers"].items

    assert (pointer.system, pointer.well_formed) == ("croissant", False)
    assert "ab" * 16 in croissant("ab" * 16).splitlines()[pointer.line - 1]


def test_a_description_is_held_against_the_file_it_describes() -> None:
    lfs = f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA}\nsize 8\n"
    for rows, checksum, agrees in ((ROWS, SHA, True), (lfs, SHA, True), (ROWS, "0" * 64, False)):
        [edge] = facts_of({"d/metadata.json": croissant(checksum), "d/rows.csv": rows})["edges"].items
        assert (edge.artifact, edge.agrees, edge.held_by) == ("d/rows.csv", agrees, "file")
    [other] = facts_of({"metadata.json": croissant("0" * 32, algorithm="md5"), "rows.csv": lfs})["edges"].items
    assert other.agrees is None


def test_files_elsewhere_and_other_documents_make_no_edges() -> None:
    assert facts_of({"metadata.json": croissant(SHA, "https://x.org/rows.csv"), "rows.csv": ROWS})["edges"].items == ()
    assert facts_of({"metadata.json": '{"distribution": [{"sha256": "x"}]}', "rows.csv": ROWS})["edges"].items == ()


def test_what_gitignore_says_of_an_artifact() -> None:
    for ignore, folder, ignored in (
        ("/data.csv", "", True),
        ("*.csv", "", True),
        ("*.csv\n!data.csv", "", False),
        ("", "", False),
        ("data.csv", "d", True),
    ):
        files = {".gitignore": ignore, f"{folder}/data.csv.dvc".lstrip("/"): POINTER}
        assert (not facts_of(files)["unignored"].items) is ignored, ignore


def test_a_folder_is_ignored_by_its_name_or_by_all_that_is_in_it() -> None:
    for ignore, ignored in (("/data", True), ("data/", True), ("/data/*\n!/data/.gitkeep", True), ("/date", False)):
        assert (not facts_of({".gitignore": ignore, "data.dvc": FOLDER})["unignored"].items) is ignored, ignore


def test_git_itself_agrees_on_what_is_ignored(repository: Make) -> None:
    rules = ["/data", "data/", "data/*", "*.csv", "a/**/b.csv", "!keep.csv", "/a/*/", "a/", "x/b.csv"]
    rules.append("b.csv\n!a/x/b.csv")
    paths = ["data", "data.csv", "a/x/b.csv", "a/b.csv", "keep.csv", "x/b.csv"]
    folder = repository({"README.md": "x"})
    for rule in rules:
        write(folder, {".gitignore": f"{rule}\n"})
        for path in paths:
            text = POINTER.replace("data.csv", path.rpartition("/")[2])
            exposed = facts_of({".gitignore": f"{rule}\n", f"{path}.dvc": text})["unignored"].items
            assert (not exposed) is git_ignores(folder, path), (rule, path)


def git_ignores(folder: Path, path: str) -> bool:
    return subprocess.run(["git", "-C", str(folder), "check-ignore", "-q", path], check=False).returncode == 0


def test_large_data_of_earlier_commits_is_found_in_a_real_history(repository: Make) -> None:
    folder = repository({"data/a.csv": "1,2\n" * 400_000, "notes.txt": "x" * 2_000_000, "data/b.csv": "1\n"})
    git(folder, "rm", "-q", "data/a.csv")
    git(folder, "commit", "-q", "-m", "Remove")
    state = open_snapshot([folder], rev="HEAD")

    with closing(state.snapshot):
        found = Facts(Source(state.snapshot))["past_blobs"].items

    assert [(one.path, one.size, one.kind) for one in found] == [("data/a.csv", 1_600_000, "data")]
