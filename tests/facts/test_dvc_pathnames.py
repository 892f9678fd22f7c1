"""Paths in DVC files."""

from __future__ import annotations

from posixpath import join, normpath

from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.dvc.pathnames import placed

WRITTEN = st.text("ab./~:", max_size=8)
FOLDERS = st.text("ab./", max_size=6).map(normpath) | st.just("")


@given(FOLDERS, WRITTEN)
def test_a_path_is_placed_as_posix_joins_it(folder: str, written: str) -> None:
    expected = written if "://" in written else normpath(join(folder, written))

    assert placed(folder, written) == expected
