"""Whether data is versioned, sound, and to be had."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator

import pytest

from lifelint.checks import data
from lifelint.model import Observation
from tests.conftest import facts_of

MD5 = "a304afb96060aad90176268345e10355"
POINTER = f"outs:\n- md5: {MD5}\n  hash: md5\n  path: train.csv\n"
LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d' * 32}\nsize 12345\n"


def seen(check: Callable[..., Iterator[Observation]], files: dict[str, str], **more: object) -> dict[str, Observation]:
    settings = {name: more.pop(name) for name in list(more) if name in ("remote_elsewhere",)}
    facts = facts_of(files, **more)
    kinds = [p.name for p in inspect.signature(check).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    found = list(check(*(facts[kind].items for kind in kinds), **settings))
    assert len({o.subject for o in found}) == len(found)
    return {o.subject: o for o in found}


class TestRetrievable:
    def test_one_observation_speaks_for_all_pointers_of_a_project(self) -> None:
        files = {".dvc/config": "", **{f"d/{n}.dvc": POINTER.replace("train", str(n)) for n in range(5)}}

        found = seen(data.retrievable, files)

        assert [(o.subject, o.ok) for o in found.values()] == [(".dvc/config", False)]
        assert "d/0.csv (and 4 more)" in found[".dvc/config"].detail

    def test_each_dvc_project_has_its_own(self) -> None:
        shared = "[core]\nremote = a\n['remote \"a\"']\nurl = s3://b\n"
        files = {"x/.dvc/config": shared, "x/train.csv.dvc": POINTER, "y/.dvc/config": "", "y/train.csv.dvc": POINTER}

        found = seen(data.retrievable, files)

        assert {subject: o.ok for subject, o in found.items()} == {"x/.dvc/config": True, "y/.dvc/config": False}

    def test_a_remote_that_an_output_names_must_be_declared(self) -> None:
        files = {".dvc/config": "[core]\nremote = a\n['remote \"a\"']\nurl = s3://b\n"}
        files["train.csv.dvc"] = POINTER.replace("  path", "  remote: phi\n  path")

        [observation] = seen(data.retrievable, files).values()

        assert observation.ok is False
        assert "declares no remote called phi" in observation.detail

    def test_what_is_never_pushed_cannot_be_had(self) -> None:
        files = {".dvc/config": "", "train.csv.dvc": POINTER.replace("  path", "  push: false\n  path")}

        assert seen(data.retrievable, files)["train.csv"].ok is False

    def test_a_policy_may_keep_the_remote_elsewhere(self) -> None:
        found = seen(data.retrievable, {".dvc/config": "", "train.csv.dvc": POINTER}, remote_elsewhere=True)

        assert found[".dvc/config"].ok is True

    def test_a_policy_does_not_excuse_a_local_folder(self) -> None:
        files = {".dvc/config": "[core]\nremote = a\n['remote \"a\"']\nurl = /tmp/x\n", "train.csv.dvc": POINTER}

        assert seen(data.retrievable, files, remote_elsewhere=True)[".dvc/config"].ok is False

    def test_an_unreadable_configuration_is_not_taken_for_an_empty_one(self) -> None:
        assert seen(data.retrievable, {".dvc/config": "[core\n", "train.csv.dvc": POINTER})[".dvc/config"].ok is None

    def test_without_a_dvc_folder_nothing_is_known(self) -> None:
        assert seen(data.retrievable, {"train.csv.dvc": POINTER})[".dvc/config"].ok is None

    def test_the_address_of_git_lfs_counts_where_it_is_set(self) -> None:
        files = {"m.onnx": LFS, ".lfsconfig": "[lfs]\nurl = file:///srv/lfs\n"}

        assert seen(data.retrievable, files)[".lfsconfig"].ok is False
        assert seen(data.retrievable, {".lfsconfig": files[".lfsconfig"]}) == {}

    def test_git_annex_keeps_the_places_on_a_branch(self) -> None:
        key = f"SHA256E-s1--{'a' * 64}"

        [observation] = seen(
            data.retrievable, {}, symlinks={"a": f".git/annex/objects/x/y/{key}/{key}"}
        ).values()  # fmt: skip

        assert observation.ok is None


class TestVersioned:
    def stage(self, dep: str, lock: str = "") -> dict[str, str]:
        files = {"dvc.yaml": f"stages:\n  train:\n    cmd: x\n    deps:\n    - {dep}\n    outs:\n    - model.bin\n"}
        if lock:
            files["dvc.lock"] = f"schema: '2.0'\nstages:\n  train:\n    cmd: x\n    deps:\n    - path: {dep}\n{lock}"
        return files

    def test_data_that_nobody_keeps_fails_at_its_line(self) -> None:
        observation = seen(data.versioned, self.stage("data/raw.csv"))["data/raw.csv"]

        assert (observation.ok, observation.path, observation.line) == (False, "dvc.yaml", 5)

    def test_a_digest_in_the_lock_does_not_keep_the_content(self) -> None:
        files = self.stage("data/raw.csv", f"      hash: md5\n      md5: {MD5}\n      size: 1\n")

        assert seen(data.versioned, files)["data/raw.csv"].ok is False

    @pytest.mark.parametrize("dep", ["train.py", "params.yaml", "src", "models/net.py", "config/data.toml"])
    def test_code_and_configuration_are_no_data(self, dep: str) -> None:
        assert seen(data.versioned, self.stage(dep)) == {}

    def test_an_address_is_pinned_by_its_recorded_checksum(self) -> None:
        url = "https://example.org/data/raw.csv"

        assert seen(data.versioned, self.stage(url, '      etag: "abc"\n'))[url].ok is True
        assert seen(data.versioned, self.stage(url))[url].ok is None

    def test_a_symlink_is_not_judged(self) -> None:
        found = seen(data.versioned, self.stage("data/raw.csv"), symlinks={"data/raw.csv": "/srv/raw.csv"})

        assert found["data/raw.csv"].ok is None

    def test_a_file_inside_a_folder_that_dvc_keeps_is_versioned(self) -> None:
        folder = f"outs:\n- md5: {MD5}.dir\n  hash: md5\n  path: data\n"

        assert seen(data.versioned, self.stage("data/raw.csv") | {"data.dvc": folder})["data/raw.csv"].ok is True

    def test_what_a_template_hides_is_not_judged(self) -> None:
        assert seen(data.versioned, self.stage("${nowhere.path}"))["stage:dvc.yaml:train"].ok is None


class TestStoredAsPointers:
    def test_every_file_of_a_folder_is_one_thing_to_say(self) -> None:
        files = {".gitattributes": "*.png filter=lfs\n", **{f"img/{n}.png": "content" for n in range(30)}}

        found = seen(data.stored_as_pointers, files | {f"img/x{n}.png": LFS for n in range(30)})

        assert {subject: o.ok for subject, o in found.items()} == {"img/*": False, "sound:img/*": True}
        assert "30 files" in found["img/*"].detail

    def test_pointers_among_fixtures_may_lie_anywhere(self) -> None:
        assert seen(data.stored_as_pointers, {"tests/fixtures/m.onnx": LFS}) == {}


class TestImportsLocked:
    def test_an_import_by_address_is_locked_by_what_was_recorded(self) -> None:
        text = f"frozen: true\ndeps:\n- etag: abc\n  size: 1\n  path: https://example.org/a.csv\n{POINTER}"

        observation = seen(data.imports_locked, {"train.csv.dvc": text})["train.csv"]

        assert observation.ok is True
        assert "etag:abc" in observation.detail

    def test_an_import_without_commit_fails(self) -> None:
        text = f"frozen: true\ndeps:\n- path: a.csv\n  repo:\n    url: https://example.org/r\n{POINTER}"

        assert seen(data.imports_locked, {"train.csv.dvc": text})["train.csv"].ok is False


class TestSplitsApart:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("train.csv", "test.csv"), ("x_train.npy", "x_val.npy"), ("holdout", "train"), ("dev-set", "train-set")],
    )
    def test_two_parts_with_one_digest_fail(self, one: str, other: str) -> None:
        files = {f"{name}.dvc": POINTER.replace("train.csv", name) for name in (one, other)}

        [observation] = seen(data.splits_apart, files).values()

        assert observation.ok is False

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("train.csv", "labels.csv"),
            ("train/names.csv", "test/names.csv"),
            ("train_test.csv", "test.csv"),
            ("val.csv", "valid.csv"),
        ],
    )
    def test_names_that_are_not_parts_of_one_dataset_are_not_compared(self, one: str, other: str) -> None:
        files = {f"{path}.dvc": POINTER.replace("train.csv", path.rpartition("/")[2]) for path in (one, other)}

        assert seen(data.splits_apart, files) == {}

    def test_empty_files_are_alike_without_meaning_anything(self) -> None:
        empty = POINTER.replace(MD5, "d41d8cd98f00b204e9800998ecf8427e")

        assert seen(data.splits_apart, {"train.csv.dvc": empty, "test.csv.dvc": empty.replace("train", "test")}) == {}


def test_a_broken_pointer_fails_beside_sound_ones() -> None:
    files = {"train.csv.dvc": POINTER, "test.csv.dvc": POINTER.replace(MD5, "abc").replace("train", "test")}

    assert {s: o.ok for s, o in seen(data.well_formed, files).items()} == {"train.csv": True, "test.csv": False}


def test_an_artifact_with_two_pointers_has_two_subjects() -> None:
    files = {"a.dvc": POINTER, "b.dvc": POINTER}

    assert set(seen(data.well_formed, files)) == {"a.dvc:train.csv", "b.dvc:train.csv"}
