"""Code of notebooks is the same with pictures and without."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._notebooks import cells, codes, without_pictures
from lifelint.facts._source import Source
from lifelint.snapshot.memory import MemorySnapshot

KEYS = st.sampled_from(["image/png", "image/jpeg", "image/svg+xml", 'x"image/png', "source", "text/plain", "image/"])
TEXTS = st.sampled_from(["aGVsbG8=", "a\\", 'say "image/png": "no"', "a\nb", "", '"', "image/png", ": "])
NODES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.lists(TEXTS), lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12
)


def blanked(node: Any) -> Any:
    """The document with the values of pictures made empty: what ``without_pictures`` may do, and no more."""
    if isinstance(node, dict):
        return {key: "" if key.endswith(("image/png", "image/jpeg")) and isinstance(value, str) else blanked(value)
                for key, value in node.items()}  # fmt: skip
    return [blanked(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("indent", [None, 1])
def test_nothing_but_pictures_is_cut(indent: int | None) -> None:
    @given(NODES)
    def holds(document: Any) -> None:
        written = json.dumps(document, indent=indent).encode()
        cut = without_pictures(written)

        assert blanked(json.loads(cut)) == blanked(document)
        assert cut.count(b"\n") == written.count(b"\n")

    holds()


def test_pictures_are_cut() -> None:
    written = b'{"image/png": "aGVsbG8=", "image/jpeg" :\n "aGVsbG8=", "x": "image/png"}'

    assert without_pictures(written) == b'{"image/png": "", "image/jpeg" :\n "", "x": "image/png"}'


@pytest.mark.parametrize("written", [b'{"image/png": "open', b'{"image/png": "a\nb"}', b'"image/', b'{"image/png": 1}'])
def test_what_is_no_picture_stays(written: bytes) -> None:
    assert without_pictures(written) == written


def test_code_is_that_of_code_cells_in_lines_or_in_one_piece() -> None:
    written = [
        {"cell_type": "code", "source": ["a = 1\n", "b"]},
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "code", "source": "c"},
        {"cell_type": "code"},
        "odd",
    ]

    assert list(cells({"cells": written})) == ["a = 1\nb", "c"]
    assert [*cells({"cells": 1}), *cells([])] == []


def test_of_a_notebook_that_is_not_json_all_counts() -> None:
    snapshot = MemorySnapshot(
        {"a.ipynb": '{"cells": [', "b.ipynb": '{"cells": []}', "c.ipynb": ""}, missing=["c.ipynb"]
    )
    found = codes(Source(snapshot))

    assert found["a.ipynb"] == b'{"cells": ['
    assert found["b.ipynb"] == b""
    assert not isinstance(found["c.ipynb"], bytes)
