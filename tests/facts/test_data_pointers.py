"""Pointers of DVC, git-lfs and git-annex."""

from __future__ import annotations

import pytest

from lifelint.facts.data.annex import key_of_symlink, key_of_text, parse_key
from lifelint.facts.data.pointer import Pointer
from tests.conftest import facts_of

MD5 = "a304afb96060aad90176268345e10355"
SHA = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
IMPORT = """\
md5: f5ea021eddd7b1df6de80b904cba1da6
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


def pointer_file(digest: str = MD5, path: str = "train.csv") -> str:
    return f"outs:\n- md5: {digest}\n  size: 37891850\n  hash: md5\n  path: {path}\n"


def pointers(files: dict[str, str], **more: object) -> list[Pointer]:
    return list(facts_of(files, **more)["pointers"].items)


def test_a_dvc_file_points_at_the_artifact_beside_it() -> None:
    [pointer] = pointers({"data/train.csv.dvc": pointer_file()})

    assert pointer.artifact == "data/train.csv"
    assert pointer.digest == f"md5:{MD5}"
    assert (pointer.path, pointer.line) == ("data/train.csv.dvc", 2)
    assert (pointer.kind, pointer.strength, pointer.well_formed) == ("data", "integrity", True)


def test_the_working_folder_of_a_dvc_file_counts() -> None:
    [pointer] = pointers({"pointers/train.dvc": f"wdir: ../data\n{pointer_file()}"})

    assert pointer.artifact == "data/train.csv"


def test_a_digest_of_dvc_2_is_kept_apart_from_a_plain_md5() -> None:
    [pointer] = pointers({"train.csv.dvc": f"outs:\n- md5: {MD5}\n  path: train.csv\n"})

    assert pointer.digest == f"md5-dos2unix:{MD5}"


@pytest.mark.parametrize("digest", [MD5[:-1], f"{MD5}0", f"{MD5}.zip", "x" * 32])
def test_a_digest_of_the_wrong_form_is_not_sound(digest: str) -> None:
    [pointer] = pointers({"train.csv.dvc": pointer_file(digest)})

    assert pointer.well_formed is False
    assert "not 32 hexadecimal digits" in pointer.why


def test_an_output_without_any_digest_is_not_sound() -> None:
    [pointer] = pointers({"train.csv.dvc": "outs:\n- path: train.csv\n"})

    assert pointer.well_formed is False


def test_an_import_that_was_not_downloaded_needs_no_digest() -> None:
    text = IMPORT.replace("- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  size: 14445097\n  hash: md5\n  path", "- path")

    [pointer] = pointers({"data.xml.dvc": text})

    assert pointer.well_formed is True
    assert pointer.digest == ""


def test_a_conflict_is_found_at_its_line() -> None:
    text = pointer_file().replace("  path", "<<<<<<< HEAD\n  path: a\n=======\n  path: b\n>>>>>>> other\n  path")

    [pointer] = pointers({"train.csv.dvc": text})

    assert (pointer.well_formed, pointer.line) == (False, 5)
    assert "merge conflict" in pointer.why


def test_an_import_names_its_origin_and_its_checksum_is_recomputed() -> None:
    [pointer] = pointers({"data/data.xml.dvc": IMPORT})

    assert pointer.imported_from == "get-started/data.xml"
    assert pointer.url == "https://github.com/iterative/dataset-registry"
    assert pointer.rev_lock == "f59388cd04276e75d70b2136597aaa27e7937cc3"
    assert pointer.checksum_holds is True


def test_a_hand_edited_import_does_not_keep_its_checksum() -> None:
    [pointer] = pointers({"data/data.xml.dvc": IMPORT.replace("f59388", "000000")})

    assert pointer.checksum_holds is False


def test_an_abbreviated_commit_is_not_sound() -> None:
    [pointer] = pointers({"d.dvc": IMPORT.replace("f59388cd04276e75d70b2136597aaa27e7937cc3", "f59388c")})

    assert pointer.well_formed is False
    assert "not a commit id" in pointer.why


def test_an_output_that_dvc_leaves_to_git_is_no_pointer() -> None:
    assert pointers({"m.dvc": f"outs:\n- md5: {MD5}\n  cache: false\n  path: metrics.json\n"}) == []


def test_what_lies_inside_a_dvc_folder_is_not_a_pointer() -> None:
    assert pointers({".dvc/config": "", ".dvc/tmp/x.dvc": pointer_file(), "sub/.dvc/y.dvc": pointer_file()}) == []


def test_cached_outputs_of_stages_are_pointers_at_their_record() -> None:
    record = f"hash: md5\n      md5: {MD5}\n"
    files = {
        "dvc.yaml": "stages:\n  train:\n    cmd: x\n    outs: [model.pkl]\n"
        "    metrics:\n    - s.json:\n        cache: false\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    outs:\n"
        f"    - path: model.pkl\n      {record}    - path: s.json\n      {record}",
    }

    [pointer] = pointers(files)

    assert (pointer.artifact, pointer.stage, pointer.kind) == ("model.pkl", "dvc.yaml:train", "model")
    assert pointer.path == "dvc.lock"
    assert pointer.line == 8


def test_a_stage_that_never_ran_points_at_nothing() -> None:
    assert pointers({"dvc.yaml": "stages:\n  train:\n    cmd: x\n    outs: [model.pkl]\n"}) == []


@pytest.mark.parametrize(
    ("tracked", "named"),
    [
        ("data/a.csv", "data/a.csv"),
        ("data/deep/b.csv", "data/deep/b.csv"),
        ("data/.gitignore", ""),
        ("data/README.md", ""),
    ],
)
def test_content_that_git_tracks_too_is_named(tracked: str, named: str) -> None:
    [pointer] = pointers({"data.dvc": pointer_file(path="data"), tracked: "x"})

    assert pointer.also_in_git == named


def test_each_pointer_knows_the_remote_of_the_dvc_project_around_it() -> None:
    files = {
        ".dvc/config": "[core]\nremote = top\n['remote \"top\"']\nurl = s3://top\n",
        "a.csv.dvc": pointer_file(path="a.csv"),
        "sub/.dvc/config": "['remote \"inner\"']\nurl = ../store\n",
        "sub/b.csv.dvc": pointer_file(path="b.csv"),
    }

    found = {p.artifact: p for p in pointers(files)}

    assert found["a.csv"].project == ""
    assert found["a.csv"].store is not None
    assert found["a.csv"].store.name == "top"
    assert found["sub/b.csv"].project == "sub"
    assert found["sub/b.csv"].store is not None
    assert found["sub/b.csv"].store.name == "inner"


def test_without_a_dvc_folder_there_is_no_project() -> None:
    [pointer] = pointers({"a.csv.dvc": pointer_file(path="a.csv")})

    assert pointer.project is None
    assert pointer.store is None


def test_an_output_can_name_its_own_remote() -> None:
    files = {
        ".dvc/config": "[core]\nremote = a\n['remote \"a\"']\nurl = s3://a\n['remote \"b\"']\nurl = s3://b\n",
        "a.csv.dvc": f"outs:\n- md5: {MD5}\n  hash: md5\n  remote: B\n  path: a.csv\n",
    }

    [pointer] = pointers(files)

    assert pointer.store is not None
    assert pointer.store.name == "b"


def test_an_lfs_pointer_stands_for_its_own_path() -> None:
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA}\nsize 12345\n"

    [pointer] = pointers({"model.onnx": text})

    assert (pointer.system, pointer.path, pointer.artifact) == ("lfs", "model.onnx", "model.onnx")
    assert (pointer.digest, pointer.size, pointer.kind) == (f"sha256:{SHA}", 12345, "model")


# git-annex ---------------------------------------------------------------------------------------------------------


def test_a_locked_annexed_file_is_a_symlink_to_its_key() -> None:
    key = f"SHA256E-s1024--{SHA}.csv"
    facts = facts_of({}, symlinks={"data/a.csv": f"../.git/annex/objects/Gx/Kp/{key}/{key}"})

    [pointer] = facts["pointers"].items

    assert (pointer.system, pointer.digest, pointer.size) == ("annex", f"sha256:{SHA}", 1024)
    assert (pointer.strength, pointer.well_formed) == ("integrity", True)


def test_an_unlocked_annexed_file_is_a_text_with_its_key() -> None:
    facts = facts_of({"data/a.csv": f"/annex/objects/MD5E-s5--{MD5}.csv\n"})

    [pointer] = facts["pointers"].items

    assert (pointer.path, pointer.digest) == ("data/a.csv", f"md5:{MD5}")
    assert facts["blobs"].items == ()


def test_other_symlinks_are_not_annexed() -> None:
    assert facts_of({"a": "x"}, symlinks={"b": "a", "c": ".git/annex/objects"})["pointers"].items == ()


@pytest.mark.parametrize(
    ("key", "digest", "well_formed"),
    [
        (f"SHA256-s3--{SHA}", f"sha256:{SHA}", True),
        (f"SHA256E-s3--{SHA}.tar.gz", f"sha256:{SHA}", True),
        (f"SHA256E-s3-S100-C2--{SHA}.bin", f"sha256:{SHA}", True),
        (f"SHA256E-s3--{SHA[:-1]}.csv", "", False),
        ("WORM-s3-m1289672605--file", "", True),
        ("URL--http&c%%example.org%a", "", True),
        ("BLAKE2B512E-s3--abc", "", None),
        ("not a key", "", False),
    ],
)
def test_keys_say_whether_they_prove_content(key: str, digest: str, well_formed: bool | None) -> None:
    parsed = parse_key(key)

    assert (parsed.digest, parsed.well_formed) == (digest, well_formed)


def test_keys_are_unescaped_and_texts_must_begin_with_theirs() -> None:
    assert key_of_symlink("../../.git/annex/objects/a/b/URL--http&c%%x%a&sb/URL--http&c%%x%a&sb") == "URL--http://x/a/b"
    assert key_of_text(b"see /annex/objects/WORM--a") == ""
