"""LFS pointers, compared with git-lfs itself where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Facts, Source
from lifelint.facts.lfs import CUTOFF, EMPTY_OID, parse_lfs_pointer
from lifelint.snapshot._open import open_snapshot
from tests.conftest import GIT_ENVIRONMENT, facts_of, git, write

OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 12345\n"
EXTENSION = f"ext-0-case sha256:{OID}\n"

CANONICAL = {
    "plain": POINTER,
    "the largest size": POINTER.replace("12345", "9223372036854775807"),
    "an extension": POINTER.replace("oid", f"{EXTENSION}oid"),
    "an extension with a dash in its name": POINTER.replace("oid", f"ext-0-a-b sha256:{OID}\noid"),
    "an empty file": "",
}
OTHERWISE_WRITTEN = {
    "CRLF": POINTER.replace("\n", "\r\n"),
    "no final newline": POINTER[:-1],
    "a blank line after it": f"{POINTER}\n",
    "a blank line inside": POINTER.replace("\nsize", "\n\nsize"),
    "the old address": POINTER.replace("git-lfs.github.com", "hawser.github.com"),
    "a signed size": POINTER.replace("12345", "+5"),
    "a written empty file": POINTER.replace("12345", "0"),
    "extensions out of order": POINTER.replace("oid", f"ext-1-b sha256:{OID}\n{EXTENSION}oid"),
    "an extension before the version": EXTENSION + POINTER,
}
CONTENT = {
    "an upper-case oid": POINTER.replace(OID, OID.upper()),
    "a short oid": POINTER.replace(OID, OID[:-1]),
    "another hash": POINTER.replace("sha256", "md5"),
    "a negative size": POINTER.replace("12345", "-5"),
    "a size beyond 64 bits": POINTER.replace("12345", "9223372036854775808"),
    "a size with a space": POINTER.replace("12345", " 5"),
    "the wrong order": f"size 12345\n{POINTER}",
    "a line too many": f"{POINTER}x y\n",
    "an extension after the size": POINTER + EXTENSION,
    "two extensions of one priority": POINTER.replace("oid", f"{EXTENSION}ext-0-b sha256:{OID}\noid"),
    "a priority of two digits": POINTER.replace("oid", f"ext-10-a sha256:{OID}\noid"),
    "only a version": "version https://git-lfs.github.com/spec/v1\n",
    "another version": POINTER.replace("spec/v1", "spec/v9"),
    "a byte-order mark": f"\ufeff{POINTER}",
    "text about pointers": "git-lfs pointers are small\n",
    "a space": " ",
}
needs_git_lfs = pytest.mark.skipif(
    shutil.which("git-lfs") is None, reason="git-lfs is not installed (apt-get install git-lfs)"
)


@pytest.mark.parametrize("text", CANONICAL.values(), ids=CANONICAL)
def test_what_git_lfs_writes_is_canonical(text: str) -> None:
    pointer = parse_lfs_pointer(text.encode())

    assert pointer is not None
    assert pointer.canonical
    assert pointer.why == ""


@pytest.mark.parametrize("text", OTHERWISE_WRITTEN.values(), ids=OTHERWISE_WRITTEN)
def test_what_git_lfs_only_reads_is_not_canonical_and_says_why(text: str) -> None:
    pointer = parse_lfs_pointer(text.encode())

    assert pointer is not None
    assert pointer.oid == OID
    assert not pointer.canonical
    assert pointer.why


@pytest.mark.parametrize("text", CONTENT.values(), ids=CONTENT)
def test_what_git_lfs_takes_for_content_is_no_pointer(text: str) -> None:
    assert parse_lfs_pointer(text.encode()) is None


def test_an_empty_file_is_the_pointer_of_an_empty_file() -> None:
    pointer = parse_lfs_pointer(b"")

    assert pointer is not None
    assert (pointer.oid, pointer.size) == (EMPTY_OID, 0)


@given(st.text("0123456789abcdef", min_size=64, max_size=64), st.integers(1, (1 << 63) - 1))
def test_every_canonical_pointer_is_read_back(oid: str, size: int) -> None:
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"

    pointer = parse_lfs_pointer(text.encode())

    assert pointer is not None
    assert (pointer.oid, pointer.size, pointer.canonical) == (oid, size, True)


@given(st.binary(max_size=CUTOFF + 100))
def test_no_content_crashes_the_parser(data: bytes) -> None:
    pointer = parse_lfs_pointer(data)

    assert pointer is None or data == b"" or b"sha256:" in data


@given(st.data())
def test_a_changed_pointer_is_never_canonical_with_other_bytes(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(POINTER) - 1))
    byte = data.draw(st.binary(min_size=1, max_size=1))
    changed = POINTER.encode()[:place] + byte + POINTER.encode()[place + 1 :]

    pointer = parse_lfs_pointer(changed)

    if pointer is not None and pointer.canonical:
        assert changed == f"version {pointer.version}\noid sha256:{pointer.oid}\nsize {pointer.size}\n".encode()


@needs_git_lfs
@pytest.mark.parametrize(
    "text",
    [*CANONICAL.values(), *OTHERWISE_WRITTEN.values(), *CONTENT.values()],
    ids=[*CANONICAL, *OTHERWISE_WRITTEN, *CONTENT],
)
def test_git_lfs_pointer_check_agrees(text: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(text.encode())
    done = subprocess.run(
        ["git", "lfs", "pointer", "--check", "--strict", "--file", "file"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    pointer = parse_lfs_pointer(text.encode())

    assert done.returncode == (1 if pointer is None else 0 if pointer.canonical else 2)


@needs_git_lfs
def test_git_lfs_fsck_agrees_about_a_whole_repository(tmp_path: Path) -> None:
    names = {
        "canonical.bin": POINTER,
        "crlf.bin": OTHERWISE_WRITTEN["CRLF"],
        "raw.bin": "the content itself\n",
        "empty.bin": "",
    }
    nested = {"deep/models/old.weights": OTHERWISE_WRITTEN["the old address"], "deep/models/plain.txt": "text\n"}
    attributes = {
        ".gitattributes": "[attr]big filter=lfs diff=lfs merge=lfs -text\n*.bin big\n",
        "deep/.gitattributes": "models/*.weights filter=lfs -text\nraw.bin -filter\n",
        "deep/raw.bin": "left to git by the nested file\n",
    }
    git(tmp_path, "init", "-q")
    write(tmp_path, {**names, **nested, **attributes})
    git(
        tmp_path, "-c", "filter.lfs.clean=", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false", "add", "-A"
    )
    git(tmp_path, "commit", "-q", "-m", "Start")
    done = subprocess.run(
        ["git", "-C", str(tmp_path), "lfs", "fsck", "--pointers"], env={**GIT_ENVIRONMENT, "PATH": "/usr/bin:/bin"},
        capture_output=True, check=False, text=True,
    )  # fmt: skip

    snapshot = open_snapshot([tmp_path], rev="HEAD").snapshot
    items = Facts(Source(snapshot))["lfs_paths"].items
    snapshot.close()
    bad = {item.path: item.pointer for item in items if item.pointer != "canonical"}

    assert bad == {"crlf.bin": "non-canonical", "deep/models/old.weights": "non-canonical", "raw.bin": "not-a-pointer"}
    assert done.stdout.count("nonCanonicalPointer") == 2
    assert '"raw.bin"' in done.stdout
    assert done.returncode == 1


def test_a_pointer_outside_the_attributes_is_found_by_its_text() -> None:
    found = facts_of({"models/a.onnx": POINTER, "docs/lfs.md": POINTER, "train.py": POINTER})["lfs_paths"].items

    assert [(item.path, item.tracked, item.pointer) for item in found] == [("models/a.onnx", False, "canonical")]


def test_git_is_not_asked_where_no_attribute_speaks_of_lfs() -> None:
    files = {".gitattributes": "*.ipynb filter=nbstripout\n", "a.ipynb": "{}"}

    assert facts_of(files)["lfs_paths"].items == ()


def test_a_missing_blob_under_lfs_is_unknown() -> None:
    files = {".gitattributes": "*.onnx filter=lfs\n", "a.onnx": "content"}

    [item] = facts_of(files, missing=["a.onnx"])["lfs_paths"].items

    assert (item.pointer, item.tracked) == ("unknown", True)
    assert item.why
