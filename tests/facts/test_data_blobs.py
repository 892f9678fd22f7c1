"""Data and model files that lie in git themselves."""

from __future__ import annotations

import io
import pickle
import zipfile

import pytest

from lifelint.facts.data.formats import format_of, magic_of
from lifelint.facts.data.places import is_fixture, kind_of
from lifelint.facts.data.rawfiles import Blob
from tests.conftest import facts_of

BINARY = b"\x08\x01\x12\x00\xff\xfe" * 20


def blobs(files: dict[str, str | bytes], **more: object) -> dict[str, Blob]:
    return {blob.path: blob for blob in facts_of(files, **more)["blobs"].items}


def archive(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(name, b"\x80\x02}q\x00.")
    return made.getvalue()


@pytest.mark.parametrize(
    ("path", "data", "kind", "format", "evidence"),
    [
        ("model.onnx", BINARY, "model", "onnx", "suffix"),
        ("model.pt", archive("model/data.pkl"), "model", "torch", "magic"),
        ("weights.pth", pickle.dumps({"a": 1}, 2), "model", "torch", "magic"),
        ("pytorch_model.bin", archive("archive/data.pkl"), "model", "torch", "magic"),
        ("lin_reg.bin", pickle.dumps([1], 4), "model", "pickle", "magic"),
        ("llama.gguf", b"GGUF" + BINARY, "model", "gguf", "magic"),
        ("model.tflite", b"\x1c\0\0\0TFL3" + BINARY, "model", "tflite", "magic"),
        ("models/clf.pkl", pickle.dumps([1], 4), "model", "pickle", "magic"),
        ("rows.pkl", pickle.dumps([1], 4), "data", "pickle", "magic"),
        ("model.h5", b"\x89HDF\r\n\x1a\n" + BINARY, "model", "hdf5", "magic"),
        ("rows.h5", b"\x89HDF\r\n\x1a\n" + BINARY, "data", "hdf5", "magic"),
        ("rows.parquet", b"PAR1" + BINARY, "data", "parquet", "magic"),
        ("rows.npy", b"\x93NUMPY" + BINARY, "data", "npy", "magic"),
        ("rows.csv", "a,b\n1,2\n", "data", "csv", "suffix"),
        ("rows.csv.gz", b"\x1f\x8b\x08" + BINARY, "data", "csv", "magic"),
        ("images.zip", archive("1.png"), "archive", "zip", "magic"),
        ("data/train/1.jpg", BINARY, "media", "image", "suffix"),
        ("data/corpus.txt", "words", "data", "text", "suffix"),
    ],
)
def test_formats_are_told_by_suffix_and_first_bytes(
    path: str, data: bytes, kind: str, format: str, evidence: str
) -> None:
    blob = blobs({path: data})[path]

    assert (blob.kind, blob.format, blob.evidence) == (kind, format, evidence)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("tokenizer.model", BINARY),
        ("tokenizer/tokenizer.json", "{}"),
        ("data/vocab.txt", "a"),
        ("docs/logo.png", BINARY),
        ("static/photo.jpg", BINARY),
        ("package.zip", archive("setup.py")),
        ("wheels/tool-1.0.whl", BINARY),
        ("notes.txt", "text"),
        ("config.json", "{}"),
        ("locale/pt.pt", "olá"),
        ("venv/distutils.pth", "import os"),
        ("firmware.bin", BINARY),
        ("model.onnx", "404: Not Found"),
        ("rows.pkl", pickle.dumps([1], 0)),
        ("empty.csv", ""),
        ("node_modules/x/data/rows.csv", "a"),
        ("report/_build/env.pickle", pickle.dumps([1], 4)),
        ("tests/fixtures/data/words.txt", "words"),
    ],
)
def test_what_is_no_data_is_left_alone(path: str, data: bytes) -> None:
    assert blobs({path: data}) == {}


def test_pointers_are_not_blobs() -> None:
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"

    assert blobs({"a.csv": text, "b.csv": f"/annex/objects/SHA256E-s3--{'a' * 64}.csv\n"}) == {}


def test_a_missing_blob_has_no_size() -> None:
    assert blobs({"a.csv": "a"}, missing=["a.csv"])["a.csv"].size is None


@pytest.mark.parametrize(
    ("path", "fixture"),
    [
        ("tests/rows.csv", True),
        ("docs/samples/rows.csv", True),
        ("pkg/testdata/rows.csv", True),
        ("python/example_models/m.onnx", True),
        (".test/reads/rows.csv", True),
        ("data/test/rows.csv", False),
        ("dataset/examples/rows.csv", False),
        ("test/rows.csv", False),
        ("rows.csv", False),
    ],
)
def test_fixtures_are_told_by_their_place(path: str, fixture: bool) -> None:
    assert is_fixture(path) is fixture


def test_a_test_folder_with_test_modules_holds_fixtures() -> None:
    assert blobs({"test/test_a.py": "", "test/rows.csv": "a"})["test/rows.csv"].fixture


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("data/raw", "data"),
        ("training_dataset", "data"),
        ("reports/data_quality", "unknown"),
        ("models/model.pkl", "model"),
        ("models", "model"),
        ("src/models/train.py", "unknown"),
        ("data/load.py", "unknown"),
        ("params.yaml", "unknown"),
        ("metrics.json", "unknown"),
        ("rows.parquet", "data"),
        ("best_model", "model"),
        ("data/regions.json", "data"),
        ("data/05_model_input", "data"),
        ("data/06_models", "model"),
        ("data/07_model_output", "data"),
        ("model_input.pkl", "data"),
        ("models/model_output.pkl", "model"),
        ("model_input.py", "unknown"),
    ],
)
def test_what_a_path_stands_for_is_told_by_its_name(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_a_compressed_table_is_a_table() -> None:
    found = format_of("a/b.CSV.GZ")

    assert found is not None
    assert (found.name, found.kind) == ("csv", "data")


@pytest.mark.parametrize("head", [b"", b"\x80", b"x", b"\xff" * 2000, "ü".encode() * 700])
def test_any_first_bytes_have_a_name(head: bytes) -> None:
    assert magic_of(head) in ("text", "binary")
