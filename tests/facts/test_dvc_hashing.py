"""Digests against DVC's own code."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.dvc.folders import subsets
from lifelint.facts.dvc.hashing import file_digest, tree_digest

hash_module = pytest.importorskip("dvc_data.hashfile.hash")
PIECES = st.lists(st.sampled_from([b"a", b"\r\n", b"\n", b"\r", b"\0", b"\xff", b"\x80\x81"]), max_size=80).map(
    b"".join
)


@given(PIECES, st.sampled_from(["md5", "md5-dos2unix"]))
def test_files_are_hashed_as_dvc_does(data: bytes, name: str) -> None:
    assert file_digest(data, name) == hash_module.fobj_md5(io.BytesIO(data), name=name)


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_line_ends_across_two_chunks_stay(shift: int) -> None:
    data = b"a" * ((1 << 20) - 1 + shift) + b"\r\n" * 600 + b"\0" * 600 + b"\r\n" * (1 << 19)

    assert file_digest(data, "md5-dos2unix") == hash_module.fobj_md5(io.BytesIO(data), name="md5-dos2unix")


@given(st.dictionaries(st.text("ab/.é", min_size=1, max_size=5), st.text("0123", min_size=4, max_size=4)))
def test_folders_are_hashed_as_dvc_does(files: dict[str, str]) -> None:
    from dvc_data.hashfile.tree import Tree

    tree = Tree.from_list([{"relpath": path, "md5": digest} for path, digest in files.items()], hash_name="md5")
    tree.digest()

    unique = {"/".join(key): info.value for key, _, info in tree}  # dvc splits paths, which makes some of them one
    assert tree_digest(unique.items()) == tree.hash_info.value


@given(st.lists(st.integers(0, 6), max_size=7), st.integers(1, 15))
def test_subsets_are_all_that_add_up(numbers: list[int], total: int) -> None:
    items = [(f"f{index}", number) for index, number in enumerate(numbers)]
    every = [
        {name for bit, (name, _) in enumerate(items) if mask >> bit & 1}
        for mask in range(1 << len(items))
        if sum(number for bit, (_, number) in enumerate(items) if mask >> bit & 1) == total
    ]
    filled = {name for name, number in items if number}

    found = [set(chosen) for chosen in subsets(items, total)]

    assert sorted(map(sorted, found)) == sorted(map(sorted, [s for s in every if s <= filled]))
