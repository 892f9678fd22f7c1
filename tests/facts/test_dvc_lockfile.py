"""The fast reader of ``dvc.lock`` gives what the full reader gives, or declines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.dvc import lockfile_plain
from lifelint.facts.dvc.lockfile import _parse, parse_lock
from lifelint.facts.dvc.record import Record

HEAD = "schema: '2.0'\nstages:\n"
ENTRY = "    - path: ../data/a.csv\n      hash: md5\n      md5: d41d8cd98f00b204e9800998ecf8427e\n      size: 0\n"
OLD = "    - path: data\n      md5: 00000000000000000000000000000000.dir\n      size: 12\n      nfiles: 3\n"
PARAMS = "    params:\n      params.yaml:\n        lr: 1e-3\n        seed: 7\n      other.toml:\n        mode: fast\n"
STAGE = f"  train:\n    cmd: python train.py --lr 0.1\n    deps:\n{ENTRY}{OLD}{PARAMS}    outs:\n{OLD}{ENTRY}"
SMALL = "  fit@1:\n    cmd: fit\n"
ODD = """\
# said
  null:
    cmd: true
    cmd: a: b
    cmd: a #b
    cmd: a  \

    cmd:
    cmd: [a]
    - path: null
    - path: 1e5
      size: 01
      isexec: true
        x: .5
        y: \

        z: -1
        on: 0o17
  8:
...
"""
PIECES = [line for text in (STAGE, SMALL, ODD) for line in text.splitlines(True)]


def same(text: str) -> bool:
    """Whether the fast reader answers; if so, as the full one does."""
    quick = lockfile_plain.read(text)
    if quick is not None:
        full = _parse(text.encode())
        assert quick == full
        assert [*quick] == [*full]
        assert [record.params.keys() for record in quick.values()] == [r.params.keys() for r in full.values()]
    return quick is not None


def test_what_dvc_writes_is_read_fast() -> None:
    assert same(HEAD + STAGE)
    assert same(HEAD + SMALL + STAGE)


def test_records_know_their_lines() -> None:
    record = parse_lock((HEAD + SMALL + STAGE).encode())["train"]

    assert isinstance(record, Record)
    assert (record.line, record.cmd_line) == (5, 6)
    assert [(dep.line, dep.digest_line, dep.hash_name) for dep in record.deps] == [
        (8, 10, "md5"),
        (12, 13, "md5-dos2unix"),
    ]
    assert record.param_lines == {
        ("params.yaml", "lr"): 18,
        ("params.yaml", "seed"): 19,
        ("other.toml", "mode"): 21,
    }
    assert [(out.line, out.digest_line, out.nfiles) for out in record.outs] == [(23, 24, 3), (27, 29, None)]


@given(st.lists(st.sampled_from([STAGE, SMALL, SMALL.replace("fit@1", "b"), *PIECES]), max_size=8), st.data())
def test_other_locks_are_read_as_by_the_full_reader(parts: list[str], data: st.DataObject) -> None:
    lines = f"{HEAD}{''.join(parts)}".splitlines(True)
    at = data.draw(st.integers(0, len(lines) - 1))
    text = "".join([*lines[:at], *data.draw(st.sampled_from([[lines[at]], [], [lines[at]] * 2])), *lines[at + 1 :]])
    try:
        same(text)
    except Unreadable as error:
        raise AssertionError(text) from error
