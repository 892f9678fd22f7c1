"""What git holds and what it should not."""

from __future__ import annotations

import pickle
from collections.abc import Iterable

import pytest

from lifelint.checks._folded import MANY, folded
from lifelint.checks.conventions import pointed_at, tracked_once
from lifelint.model import Observation
from tests.conftest import facts_of

KIB = 1024


def raw(files: dict[str, str | bytes], **more: object) -> dict[str, Observation]:
    facts = facts_of(files, **more)
    return {o.subject: o for o in pointed_at(facts["blobs"].items, facts["pointers"].items)}


def rows(size: int) -> str:
    return "1,2,3\n" * (size // 6 + 1)


def model(size: int) -> bytes:
    return pickle.dumps(b"\0" * size, 4)


@pytest.mark.parametrize(
    ("path", "content", "ok"),
    [
        ("rows.csv", rows(1000 * KIB), True),
        ("rows.csv", rows(1100 * KIB), False),
        ("model.pkl", model(60 * KIB), True),
        ("model.pkl", model(70 * KIB), False),
        ("rows.pkl", model(70 * KIB), True),
        ("examples/model.pkl", model(500 * KIB), True),
        ("examples/model.pkl", model(600 * KIB), False),
        ("tests/data/rows.csv", rows(2000 * KIB), True),
        ("tests/data/rows.csv", rows(6000 * KIB), False),
        ("data/datasets/whale.jpg", b"\xff\xd8\xff\0" * (300 * KIB), False),
        ("data/words.txt", rows(1100 * KIB), False),
    ],
)
def test_size_decides_by_kind_and_place(path: str, content: str | bytes, ok: bool) -> None:
    assert raw({path: content})[path].ok is ok


@pytest.mark.parametrize(
    "path", ["data/sample.png", "docs/figure.png", "assets/demo.mp4", "web/public/photo.jpg", "notes/words.txt"]
)
def test_pictures_and_texts_elsewhere_say_nothing(path: str) -> None:
    assert raw({path: b"\xff\xd8\xff\0" * (500 * KIB)}) == {}


def test_a_failure_names_format_and_size() -> None:
    observation = raw({"m/model.pkl": model(2048 * KIB)})["m/model.pkl"]

    assert observation.detail == "pickle (by its first bytes), 2.0 MiB, is an ordinary git blob"
    assert observation.path == "m/model.pkl"


def test_a_blob_that_is_not_there_is_not_judged() -> None:
    observation = raw({"data/rows.csv": "a"}, missing=["data/rows.csv"])["data/rows.csv"]

    assert observation.ok is None
    assert "not in the object database" in observation.detail


def test_hundreds_of_files_of_a_folder_are_one_thing_to_say() -> None:
    found = raw({f"models/{n:03}/model.pkl": model((70 + n) * KIB) for n in range(120)})

    assert list(found) == ["models/*"]
    assert found["models/*"].ok is False
    assert "120 files (pickle)" in found["models/*"].detail
    assert found["models/*"].path == "models/119/model.pkl"


def test_a_folder_of_many_small_pictures_is_a_dataset() -> None:
    found = raw({f"data/train/{n:03}.jpg": b"\xff\xd8\xff\0" * (75 * KIB) for n in range(100)})

    assert [(subject, o.ok) for subject, o in found.items()] == [("data/**", False)]
    assert "100 files (image), 29.3 MiB together" in found["data/**"].detail


def test_a_few_small_pictures_are_not() -> None:
    assert all(o.ok for o in raw({f"data/train/{n:03}.jpg": b"\xff\xd8\xff\0" * KIB for n in range(100)}).values())


def test_the_sound_and_the_heavy_of_one_folder_have_names_of_their_own() -> None:
    heavy = {f"data/a{n:02}.csv": rows(1100 * KIB) for n in range(MANY)}
    light = {f"data/b{n:02}.csv": rows(KIB) for n in range(MANY)}

    assert {(subject, o.ok) for subject, o in raw(heavy | light).items()} == {("data/*", False), ("small:data/*", True)}


def test_what_is_behind_a_pointer_passes() -> None:
    found = raw({"model.pt.dvc": f"outs:\n- md5: {'a' * 32}\n  hash: md5\n  path: model.pt\n"})

    assert [(subject, o.ok) for subject, o in found.items()] == [("pointer:model.pt", True)]


def once(files: dict[str, str]) -> dict[str, bool | None]:
    facts = facts_of(files)
    return {o.subject: o.ok for o in tracked_once(facts["pointers"].items, facts["unignored"].items)}


def test_git_must_not_track_what_dvc_keeps() -> None:
    pointer = f"outs:\n- md5: {'a' * 32}\n  hash: md5\n  path: a.csv\n"

    assert once({"a.csv.dvc": pointer, ".gitignore": "/a.csv"}) == {"a.csv": True}
    assert once({"a.csv.dvc": pointer}) == {"a.csv": False}
    assert once({"a.csv.dvc": pointer, "a.csv": "1"}) == {"a.csv": False}


def test_lfs_files_are_in_git_by_nature() -> None:
    assert once({"a.csv": f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12\n"}) == {}


# Folding -----------------------------------------------------------------------------------------------------------


def subjects(paths: Iterable[str]) -> list[tuple[str, int]]:
    return [(group.subject, len(group.items)) for group in folded(paths, lambda path: path)]


def test_few_files_stay_by_themselves() -> None:
    assert subjects(["b/y", "a/x", "z"]) == [("a/x", 1), ("b/y", 1), ("z", 1)]


def test_a_crowded_folder_folds() -> None:
    assert subjects([*(f"a/{n:02}" for n in range(MANY)), "b"]) == [("a/*", MANY), ("b", 1)]


def test_folders_fold_into_the_folder_above() -> None:
    assert subjects(f"a/{n:02}/{m:02}" for n in range(MANY) for m in range(MANY + 1)) == [("a/*", MANY * (MANY + 1))]


def test_the_top_never_folds() -> None:
    assert len(subjects(f"{n:02}" for n in range(MANY + 5))) == MANY + 5


def test_the_order_of_the_items_does_not_matter() -> None:
    paths = [*(f"a/b/{n:02}" for n in range(MANY)), *(f"a/{n:02}" for n in range(3)), "c/d"]

    assert subjects(paths) == subjects(reversed(paths))
