"""Stages and edges of inline repositories: what ``dvc status`` cannot show, and where the answer must be unknown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.facts.dvc.hashing import tree_digest
from lifelint.facts.dvc.stage import Change, Edge, Stage
from lifelint.snapshot import SUBMODULE, Entry
from lifelint.snapshot.memory import MemorySnapshot
from tests.conftest import facts_of

OID = "sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"


def md5(text: str | bytes) -> str:
    return hashlib.md5(text if isinstance(text, bytes) else text.encode()).hexdigest()


def entry(path: str, digest: str, *more: str) -> str:
    return "".join(f"{line}\n" for line in (f"    - path: {path}", "      hash: md5", f"      md5: {digest}", *more))


def one_dep(path: str, recorded: str, *more: str) -> dict[str, str | bytes]:
    """A pipeline of one stage that reads ``path``, recorded with this digest."""
    return {
        "dvc.yaml": f"stages:\n  s:\n    cmd: run\n    deps:\n    - {path}\n",
        "dvc.lock": f"schema: '2.0'\nstages:\n  s:\n    cmd: run\n    deps:\n{entry(path, recorded, *more)}",
    }


def stages(files: Mapping[str, str | bytes], **more: object) -> dict[str, Stage]:
    return {stage.address: stage for stage in facts_of(files, **more)["stages"].items}


def only(files: Mapping[str, str | bytes], **more: object) -> Stage:
    [stage] = stages(files, **more).values()
    return stage


def edges(files: Mapping[str, str | bytes]) -> list[Edge]:
    return list(facts_of(files)["edges"].items)


def test_a_change_says_what_was_and_is_and_where() -> None:
    stage = only({**one_dep("a.py", md5("old")), "a.py": "new"})

    assert stage.state == "changed"
    assert stage.changes == (
        Change("dep", "a.py", md5("old"), md5("new"), "dvc.lock", 8, True, f"git holds {md5('new')[:6]}…"),
    )
    assert (stage.line, stage.lock_line, stage.deps[0].line, stage.deps[0].held) == (2, 3, 5, "git")


def test_a_file_that_dvc_ignores_because_of_its_name_is_no_pipeline() -> None:
    text = "stages: {s: {cmd: x}}\n"

    assert list(stages({"dvc-old.yaml": text, "dvc.yml": text, "a/dvc.yaml": text})) == ["a/dvc.yaml:s"]


def test_a_pipeline_that_dvcignore_names_is_none() -> None:
    text = "stages: {s: {cmd: x}}\n"

    assert list(stages({".dvcignore": "/a\n", "a/dvc.yaml": text, "b/dvc.yaml": text})) == ["b/dvc.yaml:s"]


def test_nested_projects_have_their_own_ignore_files() -> None:
    files = {
        ".dvc/config": "",
        "sub/.dvc/config": "",
        ".dvcignore": "dvc.yaml\n",
        "sub/dvc.yaml": "stages: {s: {cmd: x}}\n",
    }

    assert list(stages(files)) == ["sub/dvc.yaml:s"]


def test_a_record_without_stage_is_an_orphan() -> None:
    files = {
        "dvc.yaml": "stages: {s: {cmd: x}}\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  s: {cmd: x}\n  gone: {cmd: y}\n",
    }

    assert {s.name: (s.state, s.lock_line) for s in stages(files).values()} == {
        "s": ("always", 3),
        "gone": ("orphan", 4),
    }


def test_an_unresolved_stage_hides_orphans_and_what_may_be_made() -> None:
    files = {
        "dvc.yaml": "stages:\n  a: {foreach: '${x}', do: {cmd: x}}\n  b: {cmd: y, deps: [c.txt]}\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  a@1: {cmd: x}\n",
    }

    found = stages(files)

    assert found["dvc.yaml:a"].state == "unknown"
    assert "${x}" in found["dvc.yaml:a"].why
    assert list(found) == ["dvc.yaml:a", "dvc.yaml:b"]
    assert found["dvc.yaml:b"].deps[0].held == "unknown"


def test_the_lock_of_dvc_1_is_read() -> None:
    lock = f"s:\n  cmd: x\n  deps:\n  - path: a\n    md5: {hashlib.md5(b'a' + bytes([10])).hexdigest()}\n"
    files = {"dvc.yaml": "stages: {s: {cmd: x, deps: [a]}}\n", "a": "a\r\n", "dvc.lock": lock}

    assert only(files).state == "clean"


@pytest.mark.parametrize("name", ["train.dvc", "Dvcfile"])
def test_a_stage_of_dvc_0_is_read_from_its_own_file(name: str) -> None:
    deps, outs = f"- path: t.py\n  md5: {md5('old')}\n", f"- path: m.pkl\n  md5: {md5('m')}\n"
    text = f"cmd: python t.py\nwdir: ..\ndeps:\n{deps}outs:\n{outs}"

    stage = only({f"stages/{name}": text, "t.py": "new"})

    assert (stage.address, stage.state, stage.wdir) == (f"stages/{name}", "changed", ".")
    assert (stage.changes[0].path, stage.changes[0].line) == (f"stages/{name}", 5)
    assert stage.outs[0].path == "m.pkl"


def test_broken_files_are_told_with_their_line_and_nothing_is_guessed() -> None:
    facts = facts_of({"dvc.yaml": "stages: {s: {cmd: x}}\n", "dvc.lock": "schema: '2.0'\nstages: [\n"})["stages"]

    assert facts.items == ()
    assert [(u.path, u.line) for u in facts.unread] == [("dvc.lock", 2)]


def test_an_unreadable_pointer_may_make_what_is_absent() -> None:
    facts = facts_of({**one_dep("a.csv", md5("a")), "a.csv.dvc": "outs: [\n"})["stages"]

    assert facts.items[0].deps[0].held == "unknown"
    assert [u.path for u in facts.unread] == ["a.csv.dvc"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.csv", "git"), ("data", "pointer"), ("data/x.csv", "inside"), ("s3://b/k", "outside"), ("/abs/x", "outside"),
        ("../x", "outside"), ("src", "folder"), ("empty", "absent"), ("nowhere", "absent"), ("link", "link"),
        ("link/below", "link"), ("module/x", "link"), ("made.bin", "stage"), ("made.json", "git"), ("plots", "folder"),
    ],
)  # fmt: skip
def test_where_a_dependency_is_kept(name: str, wanted: str) -> None:
    files = {
        "dvc.yaml": "stages:\n"
        f"  s: {{cmd: x, deps: ['{name}']}}\n"
        "  m: {cmd: x, outs: [made.bin, made.json, {plots: {cache: false}}]}\n",
        "a.csv": "a",
        "made.json": "{}",
        "plots/a.tsv": "",
        "data.dvc": f"outs:\n- path: data\n  md5: {md5('d')}.dir\n",
        "src/a.py": "",
        "empty/.gitkeep": "",
    }
    snapshot = MemorySnapshot(files, symlinks={"link": "src"})
    snapshot.entries = {**snapshot.entries, "module": Entry(SUBMODULE, "0" * 40)}

    found = [s for s in Facts(Source(snapshot))["stages"].items if s.name == "s"]

    assert found[0].deps[0].held == wanted


# Contents that are not what they seem --------------------------------------------------------------------------------


@pytest.mark.parametrize(("recorded", "held"), [("a\r\nb\r\n", "a\nb\n"), ("a\nb\n", "a\r\nb\r\n")])
def test_line_endings_alone_are_no_change(recorded: str, held: str) -> None:
    assert only({**one_dep("a.py", md5(recorded)), "a.py": held}).state == "clean"


def test_line_endings_of_some_files_of_a_folder_are_no_change() -> None:
    digest = tree_digest([("a.py", md5("1\r\n2\r\n")), ("b.py", md5("1\n2\n3\n")), ("c.py", md5("x\n"))])
    files = {"src/a.py": "1\n2\n", "src/b.py": "1\n2\n3\n", "src/c.py": "x\n"}

    assert only({**one_dep("src", digest, "      size: 14", "      nfiles: 3"), **files}).state == "clean"
    assert only({**one_dep("src", digest, "      size: 15", "      nfiles: 3"), **files}).state == "changed"


def test_binary_files_have_no_line_endings() -> None:
    assert only({**one_dep("a.bin", md5(b"\0\r\n")), "a.bin": b"\0\n"}).state == "changed"


@pytest.mark.parametrize(("size", "state"), [(12345, "unknown"), (99999, "changed"), (131, "unknown")])
def test_behind_an_lfs_pointer_only_the_size_can_prove_a_change(size: int, state: str) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid {OID}\nsize 12345\n"

    assert only({**one_dep("w.bin", md5("w"), f"      size: {size}"), "w.bin": pointer}).state == state


def test_a_pointer_that_was_hashed_as_it_stands_is_unchanged() -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid {OID}\nsize 12345\n"

    assert only({**one_dep("w.bin", md5(pointer)), "w.bin": pointer}).state == "clean"


def test_a_git_filter_makes_the_blob_unlike_the_file() -> None:
    files = {
        **one_dep("n.ipynb", md5("with outputs")),
        "n.ipynb": "{}",
        ".gitattributes": "*.ipynb filter=nbstripout\n",
    }

    stage = only(files)

    assert stage.state == "unknown"
    assert "nbstripout" in stage.why


def test_a_missing_blob_is_unknown_and_names_its_reason() -> None:
    stage = only({**one_dep("a.bin", md5("a")), "a.bin": "x"}, missing=["a.bin"])

    assert stage.state == "unknown"
    assert "object database" in stage.why


@pytest.mark.parametrize(
    ("nfiles", "size", "state"),
    [
        (2, 3, "changed"),
        (1, 2, "changed"),
        (5, 9, "unknown"),
        (5, 1, "changed"),
        (None, None, "unknown"),
        (None, 1, "changed"),
    ],
)
def test_untracked_files_may_have_been_in_a_folder(nfiles: int | None, size: int | None, state: str) -> None:
    more = [f"      nfiles: {nfiles}"] * (nfiles is not None) + [f"      size: {size}"] * (size is not None)
    files = {**one_dep("src", f"{md5('other')}.dir", *more), "src/a.py": "a\n", "src/b/c.py": "c"}

    assert only(files).state == state


def test_a_folder_of_tracked_files_and_outputs_is_hashed_as_a_whole() -> None:
    digest = tree_digest([("a.csv", md5("a")), ("made.csv", md5("m"))])
    files = {
        "dvc.yaml": "stages:\n  make: {cmd: x, outs: [data/made.csv]}\n  s: {cmd: y, deps: [data]}\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  make:\n    cmd: x\n    outs:\n"
        + entry("data/made.csv", md5("m"))
        + "  s:\n    cmd: y\n    deps:\n"
        + entry("data", digest),
        "data/a.csv": "a",
    }

    assert stages(files)["dvc.yaml:s"].state == "clean"


def test_paths_are_compared_however_they_are_written() -> None:
    files = {**one_dep("src/a.py", md5("a")), "src/a.py": "a"}
    for written in ("./src/a.py", "src//a.py", "src\\a.py", "x/../src/a.py"):
        files["dvc.yaml"] = f"stages:\n  s:\n    cmd: run\n    deps:\n    - '{written}'\n"

        assert only(files).state == "clean", written


def test_a_parameter_file_that_is_not_tracked_is_unknown() -> None:
    files = {
        "dvc.yaml": "stages: {s: {cmd: x, params: [lr]}}\n",
        "dvc.lock": "schema: '2.0'\nstages: {s: {cmd: x, params: {params.yaml: {lr: 1}}}}\n",
    }

    stage = only(files)

    assert (stage.state, stage.params[0].held) == ("unknown", "absent")


@pytest.mark.parametrize(
    ("was", "now", "state"),
    [("2020-01-01", "2020-01-01", "clean"), ("2020-01-01", "2020-1-1", "unknown"), ("[.nan]", "[.nan]", "unknown"),
     ("{a: 1, b: [x]}", "{b: [x], a: 1.0}", "clean"), ("'1'", "1", "changed"),
     ("'" + "1" * 32 + "'", "1" * 32, "clean")],
)  # fmt: skip
def test_parameters_are_compared_by_value(was: str, now: str, state: str) -> None:
    files = {
        "dvc.yaml": "stages: {s: {cmd: x, params: [p]}}\n",
        "params.yaml": f"p: {now}\n",
        "dvc.lock": f"schema: '2.0'\nstages:\n  s:\n    cmd: x\n    params:\n      params.yaml:\n        p: {was}\n",
    }

    assert only(files).state == state


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.py", "A = " + "(" * 5000 + ")" * 5000 + "\n"),
        ("c.json", '{"A": ' + "[" * 500 + "]" * 500 + "}"),
        ("c.toml", "A = " + "[" * 300 + "]" * 300 + "\n"),
        ("c.yaml", "A: " + "[" * 500 + "]" * 500 + "\n"),
    ],
)
def test_deeply_nested_parameter_files_are_not_fatal(name: str, text: str) -> None:
    files = {"dvc.yaml": f"vars: [{name}]\nstages: {{s: {{cmd: x, params: [{name}: [A]]}}}}\n", name: text}
    files["dvc.lock"] = f"schema: '2.0'\nstages: {{s: {{cmd: x, params: {{{name}: {{A: 1}}}}}}}}\n"

    facts = facts_of(files)["stages"]

    assert facts.items[0].state == "unknown"
    assert [u.path for u in facts.unread] == [name]


def test_deeply_nested_folders_are_not_fatal() -> None:
    path = "d/" * 1500 + "dvc.yaml"

    assert list(stages({path: "stages: {s: {cmd: x}}\n", ".dvcignore": "*.tmp\n"})) == [f"{path}:s"]


# Edges ---------------------------------------------------------------------------------------------------------------


CHAIN = "stages:\n  train: {cmd: x, outs: [m.pkl]}\n  evaluate: {cmd: y, deps: [m.pkl], %s}\n"
LOCK = "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    outs:\n%s  evaluate:\n    cmd: y\n    deps:\n%s"


def test_an_edge_names_both_ends_and_the_line_of_the_consumer() -> None:
    files = {
        "dvc.yaml": CHAIN % "frozen: false",
        "dvc.lock": LOCK % (entry("m.pkl", md5("1")), entry("m.pkl", md5("2"))),
    }

    assert edges(files) == [
        Edge("dvc.lock", 14, "dvc.yaml:evaluate", "dvc.yaml:train", "stage", "m.pkl", md5("2"), md5("1"), False,
             f"dvc.yaml:train holds {md5('1')[:6]}…"),
    ]  # fmt: skip


def test_a_frozen_consumer_is_left_as_it_is() -> None:
    files = {
        "dvc.yaml": CHAIN % "frozen: true",
        "dvc.lock": LOCK % (entry("m.pkl", md5("1")), entry("m.pkl", md5("2"))),
    }

    [edge] = edges(files)

    assert edge.agrees is None
    assert "frozen" in edge.why


def test_edges_cross_pipelines_and_folders() -> None:
    files = {
        "a/dvc.yaml": "stages: {make: {cmd: x, wdir: ../data, outs: [d.bin]}}\n",
        "a/dvc.lock": "schema: '2.0'\nstages:\n  make:\n    cmd: x\n    outs:\n" + entry("d.bin", md5("1")),
        "b/dvc.yaml": "stages: {use: {cmd: y, deps: [../data/d.bin]}}\n",
        "b/dvc.lock": "schema: '2.0'\nstages:\n  use:\n    cmd: y\n    deps:\n" + entry("../data/d.bin", md5("2")),
    }

    [edge] = edges(files)

    assert (edge.consumer, edge.producer, edge.artifact, edge.agrees) == (
        "b/dvc.yaml:use",
        "a/dvc.yaml:make",
        "data/d.bin",
        False,
    )


def folder(*consumed: tuple[str, str, str], nfiles: int = 2) -> list[tuple[str, bool | None, str]]:
    """Edges of stages that read files of a folder which holds ``a`` and ``b``: (stage, file, content)."""
    names = dict.fromkeys(stage for stage, _, _ in consumed)
    defined = "".join(f"  {n}: {{cmd: y, deps: {[f'data/{f}' for s, f, _ in consumed if s == n]}}}\n" for n in names)
    recorded = "".join(
        f"  {n}:\n    cmd: y\n    deps:\n" + "".join(entry(f"data/{f}", md5(c)) for s, f, c in consumed if s == n)
        for n in names
    )
    digest = tree_digest([("a", md5("a")), ("b", md5("b"))])
    files = {
        "dvc.yaml": "stages:\n  make: {cmd: x, outs: [data]}\n" + defined,
        "dvc.lock": "schema: '2.0'\nstages:\n  make:\n    cmd: x\n    outs:\n"
        + entry("data", digest, f"      nfiles: {nfiles}")
        + recorded,
    }
    return [(e.consumer.rpartition(":")[2] + ":" + e.artifact, e.agrees, e.why) for e in edges(files)]


def test_files_of_a_folder_are_proven_by_its_digest_if_all_are_known() -> None:
    found = folder(("one", "a", "a"), ("two", "b", "b"), ("three", "a", "old"))

    assert [(name, agrees) for name, agrees, _ in found] == [
        ("one:data/a", True), ("two:data/b", True), ("three:data/a", False),
    ]  # fmt: skip
    assert md5("a")[:6] in found[2][2]


def test_files_of_a_folder_are_unknown_if_others_are_in_it() -> None:
    assert [agrees for _, agrees, _ in folder(("one", "a", "a"), ("two", "b", "b"), nfiles=3)] == [None, None]
    assert [agrees for _, agrees, _ in folder(("one", "a", "a"))] == [None]


def test_whoever_read_the_whole_folder_read_another_one() -> None:
    assert [agrees for _, agrees, _ in folder(("one", "a", "a"), ("one", "b", "old"))] == [False, False]
    assert [agrees for _, agrees, _ in folder(("one", "a", "a"), ("two", "b", "old"))] == [None, None]


def test_a_folder_that_holds_a_dvc_project_of_its_own_is_left_open() -> None:
    pipeline = "stages:\n  a:\n    cmd: echo\n    deps: [src]\n"
    lock = (
        "schema: '2.0'\nstages:\n  a:\n    cmd: echo\n    deps:\n    - path: src\n      hash: md5\n"
        "      md5: d751713988987e9331980363e24189ce.dir\n      size: 0\n      nfiles: 0\n"
    )
    files = {"dvc.yaml": pipeline, "dvc.lock": lock, "src/a.py": "x = 1\n", "src/.dvc/config": "", ".dvc/config": ""}
    [stage] = facts_of(files)["stages"].items

    assert [change for change in stage.changes if change.certain] == []
