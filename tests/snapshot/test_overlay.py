"""A state with files that are not there yet."""

from __future__ import annotations

from pathlib import Path

from lifelint.facts import Facts, Source
from lifelint.snapshot.memory import MemorySnapshot
from lifelint.snapshot.overlay import OverlaySnapshot


def test_added_files_are_read_beside_those_below_and_replace_them() -> None:
    below = MemorySnapshot({"a": "old", "b": "b", "c": "c"})
    made = OverlaySnapshot(below, {"a": b"new", "d": b"d"})

    assert dict(made.read(["d", "b", "a"])) == {"d": b"d", "b": b"b", "a": b"new"}
    assert made.oid("a") == MemorySnapshot({"a": "new"}).oid("a")
    assert made.oid("b") == below.oid("b")
    assert made.sizes(["a", "c"]) == {"a": 3, "c": 1}
    assert list(made.entries) == ["a", "b", "c", "d"]


def test_facts_see_what_was_added() -> None:
    made = OverlaySnapshot(MemorySnapshot({"README.md": ""}), {"Dockerfile": b"FROM python:3.11\n"})

    assert [image.written for image in Facts(Source(made))["images"].items] == ["python:3.11"]


def test_attributes_that_were_added_are_matched_by_git() -> None:
    below = MemorySnapshot(
        {".gitattributes": "*.bin filter=lfs\n", "a.bin": "", "m/x.onnx": "", "m/y z.onnx": "", "c": ""}
    )
    made = OverlaySnapshot(below, {"m/.gitattributes": b"/*.onnx filter=lfs -text\n/x.onnx !filter\nc filter=lfs\n"})

    assert made.filters(made.entries) == {"a.bin": "lfs", "m/y z.onnx": "lfs"}


def test_attributes_of_paths_that_lead_elsewhere_are_left_out(tmp_path: Path) -> None:
    below = MemorySnapshot({f"../../..{tmp_path}/.gitattributes": "a filter=lfs\n", "a": ""})
    made = OverlaySnapshot(below, {".gitattributes": b"b filter=lfs\n"})

    assert made.filters(["a", "b"]) == {"b": "lfs"}
    assert list(tmp_path.iterdir()) == []


def test_what_was_replaced_keeps_its_attributes() -> None:
    below = MemorySnapshot({".gitattributes": "*.bin filter=lfs\n", "a.bin": "old"})

    assert OverlaySnapshot(below, {"a.bin": b"new", "b.bin": b""}).filters(["a.bin", "b.bin"]) == {
        "a.bin": "lfs",
        "b.bin": "lfs",
    }
