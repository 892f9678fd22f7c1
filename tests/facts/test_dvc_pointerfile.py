"""``.dvc`` files: what they say, where, and that the fast path reads nothing else than the slow one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.dvc.hashing import tree_digest
from lifelint.facts.dvc.pointerfile import Dep, Out, _machine_written, _parse, parse_pointer_file, self_checksums

IMPORT = b"""md5: f5ea021eddd7b1df6de80b904cba1da6
frozen: true
deps:
- path: get-started/data.xml
  repo:
    url: https://github.com/iterative/dataset-registry
    rev_lock: f59388cd04276e75d70b2136597aaa27e7937cc3
outs:
- md5: 22a1a2931c8370d3aeedd7183606fd7f
  size: 14445097
  hash: md5
  path: data.xml
"""

KEYS = st.sampled_from(
    ["md5: a304afb96060aad90176268345e10355", "md5: a304afb96060aad90176268345e10355.dir", "md5: " + "0" * 32,
     "md5: A304", "size: 14", "nfiles: 3", "hash: md5", "hash: etag", "path: data.xml", "path: a/b-c_d.csv",
     "path: 'q'", "path: null", "path: true", "path: a: b", "path: 1", "cache: false", "isexec: true"]
)  # fmt: skip


@given(
    st.lists(KEYS, min_size=1, max_size=6),
    st.sampled_from(["outs:\n", "outs: \n", "md5: x\nouts:\n", "outs:\n\n"]),
    st.booleans(),
)
def test_the_fast_path_reads_what_the_slow_one_reads(keys: list[str], head: str, second: bool) -> None:
    lines = [("- " if number == 0 or (second and number == 3) else "  ") + key for number, key in enumerate(keys)]
    data = (head + "\n".join(lines) + "\n").encode()

    fast = _machine_written(data)

    if fast is not None:
        assert fast == _parse(data)


def test_what_dvc_add_writes_takes_the_fast_path_and_knows_its_lines() -> None:
    data = b"outs:\n- size: 14\n  md5: a304afb96060aad90176268345e10355.dir\n  nfiles: 3\n  hash: md5\n  path: data\n"

    assert _machine_written(data) is not None
    assert parse_pointer_file(data).outs == (
        Out("data", "md5", "a304afb96060aad90176268345e10355.dir", 14, 3, line=2, digest_line=3),
    )


def test_an_out_without_hash_is_of_dvc_2() -> None:
    pointer = parse_pointer_file(
        b"outs:\n- md5: A304AFB96060AAD90176268345E10355\n  path: 'data.xml'\n  cache: false\n"
    )

    assert pointer.outs == (
        Out("data.xml", "md5-dos2unix", "a304afb96060aad90176268345e10355", cache=False, line=2, digest_line=2),
    )


def test_an_import_says_where_it_came_from() -> None:
    pointer = parse_pointer_file(IMPORT)

    assert pointer.frozen
    assert pointer.deps == (
        Dep(
            "get-started/data.xml",
            repo_url="https://github.com/iterative/dataset-registry",
            rev_lock="f59388cd04276e75d70b2136597aaa27e7937cc3",
            line=4,
            digest_line=7,
        ),
    )


def test_the_checksum_of_a_file_about_itself_is_recomputed() -> None:
    assert parse_pointer_file(IMPORT).md5 in self_checksums(IMPORT)
    assert parse_pointer_file(IMPORT).md5 not in self_checksums(IMPORT.replace(b"f59388c", b"f59388d"))


@given(
    st.fixed_dictionaries(
        {
            "outs": st.lists(
                st.fixed_dictionaries({"path": st.text("abc", min_size=1), "md5": st.text("0123", min_size=4)}),
                min_size=1,
            )
        },
        optional={"wdir": st.sampled_from([".", ".."]), "desc": st.just("d"), "frozen": st.booleans()},
    )
)
def test_the_checksum_is_that_of_dvc(document: dict[str, object]) -> None:
    utils = pytest.importorskip("dvc.utils")
    import json

    wanted = {k: v for k, v in document.items() if v and k != "desc" and (k, v) != ("wdir", ".")}

    assert utils.dict_md5(wanted, exclude=["frozen"]) in self_checksums(json.dumps(document).encode())


def test_a_version_aware_folder_has_the_digest_of_its_list() -> None:
    data = b"outs:\n- path: data\n  hash: md5\n  files:\n  - relpath: b\n    md5: b1\n  - relpath: a\n    md5: a1\n"

    assert parse_pointer_file(data).outs == (
        Out("data", "md5", tree_digest([("a", "a1"), ("b", "b1")]), files=2, line=2, digest_line=4),
    )


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"- a\n", 1, "a mapping was expected"),
        (b"outs:\n  a: b\n", 2, "not a list of mappings"),
        (b"outs:\n- md5: x\n", 2, "without path"),
        (b"outs:\n- path: a\n  md5: [x]\n", 3, "not text"),
        (b"outs:\n<<<<<<< HEAD\n- path: a\n", 2, "not valid YAML"),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_line(data: bytes, line: int, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as caught:
        parse_pointer_file(data)

    assert caught.value.line in (line, line + 1)
