"""File formats that hold data or models, told by suffix and by the bytes a file starts with."""

from collections.abc import Mapping
from typing import NamedTuple


def words(text: str) -> frozenset[str]:
    """The words of a text that lists them."""
    return frozenset(text.split())


class Format(NamedTuple):
    """A format. ``kind``: data, model, archive or media; ``either`` when only a name can tell a model from data.

    ``proof`` is what the first bytes must show before the suffix is believed: names of magic numbers, ``binary`` for
    any content that is not text, or nothing when the suffix is enough.
    """

    name: str
    kind: str
    proof: tuple[str, ...] = ()


_PICKLED = ("pickle", "zip", "torch", "gzip", "zlib", "bzip2", "xz", "lz4", "binary")
_TORCH = ("torch", "zip", "pickle", "hdf5")


def _table(kind: str, proof: tuple[str, ...], names: str) -> dict[str, Format]:
    made = {}
    for word in names.split():
        name, _, suffixes = word.partition(":")
        for suffix in (suffixes or name).split(","):
            made[suffix] = Format(name, kind, proof)
    return made


SUFFIXES: Mapping[str, Format] = {
    **_table("model", ("binary",), "onnx tflite gguf safetensors keras mlmodel caffemodel pdparams pdiparams skops"),
    **_table("model", ("binary",), "catboost:cbm xgboost:ubj,bst torchserve:mar mxnet:params ggml tensorrt:engine"),
    **_table("model", _TORCH, "torch:pt,pth,ckpt,pt2"),
    **_table("model", _PICKLED, "joblib"),
    **_table("model", ("pickle", "torch", "gguf", "fasttext", "hdf5"), "model:model weights:bin"),
    **_table("either", _PICKLED, "pickle:pkl,pickle,pklz,dill,cloudpickle"),
    **_table("either", ("pickle", "torch", "binary"), "sav"),
    **_table("either", ("hdf5",), "hdf5:h5,hdf5,hdf"),
    **_table("data", ("binary",), "parquet npy npz feather arrow orc avro lmdb dicom:dcm tfrecord:tfrecord,tfrecords"),
    **_table("data", ("binary",), "matlab:mat r:rds,rda,rdata stata:dta sas:sas7bdat duckdb pcd las:las,laz"),
    **_table("data", ("binary",), "nifti:nii bam:bam excel:xls,xlsx fits"),
    **_table("data", (), "csv tsv jsonl:jsonl,ndjson arff libsvm fastq:fastq,fq fasta:fasta,fa vcf"),
    **_table("text", (), "text:txt json xml"),
    **_table("archive", ("binary",), "zip tar:tar,tgz,tbz2,txz 7z rar gzip:gz bzip2:bz2 xz zstd:zst"),
    **_table("media", ("binary",), "image:jpg,jpeg,png,bmp,tif,tiff,webp audio:wav,flac,mp3,ogg video:mp4,avi,mov,mkv"),
}
"""Suffix without its dot, lower case → format. ``text`` formats hold data only where their place says so."""

SOURCE = words("""
    py pyi ipynb md rst adoc js jsx mjs cjs ts tsx vue svelte css scss less html htm svg go rs java kt scala c h cc cpp
    hpp cu cuh cs swift rb php pl lua jl r rmd qmd m sh bash zsh fish ps1 bat cmd sql toml yaml yml ini cfg conf lock tf
    proto graphql snap patch diff po tex bib gitignore gitattributes gitkeep gitmodules dockerignore dvcignore env
    editorconfig example j2 jinja tmpl dvc ex exs erl hs ml clj dart zig nix cmake mk gradle properties
""")
"""Suffixes of what people write: code, prose and configuration."""

_COMPRESSED = frozenset(("gz", "bz2", "xz", "zst", "zip"))
_NOT_DATA = words("""
    vocab tokenizer tokenizer_config merges special_tokens_map stopwords requirements robots license cmakelists
    package-lock composer tsconfig manifest swagger openapi schema sentencepiece spiece labels classes names changelog
    constraints environment readme notice authors
""")


def suffix_of(path: str) -> str:
    """What follows the last dot, lower-cased. A path without one gives something that is no suffix."""
    return path[path.rfind(".") + 1 :].lower()


def format_of(path: str) -> Format | None:
    """The format that the name of ``path`` claims."""
    found = SUFFIXES.get(suffix_of(path))
    if found is not None and found.kind == "archive":
        inner = SUFFIXES.get(suffix_of(path[: path.rfind(".")])) if suffix_of(path) in _COMPRESSED else None
        if inner is not None and inner.kind != "archive":
            return Format(inner.name, inner.kind, found.proof)
    return found


def is_configuration(path: str) -> bool:
    """Whether a text or binary file's stem is that of a vocabulary, a tokenizer, a lock or a notice: not data."""
    stem = path.rpartition("/")[2].lower().partition(".")[0]
    return stem in _NOT_DATA or "tokenizer" in stem or "vocab" in stem or "license" in stem


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"/annex/objects/", "pointer"),
    (b"PAR1", "parquet"),
    (b"\x93NUMPY", "npy"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"GGUF", "gguf"),
    (b"ARROW1", "arrow"),
    (b"Obj\x01", "avro"),
    (b"ORC", "orc"),
    (b"\xba\x16\x4f\x2f", "fasttext"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"PK\x03\x04", "zip"),
)


def magic_of(head: bytes) -> str:
    """The format that the first bytes of a file prove; ``binary`` or ``text`` when they prove no more than that."""
    for start, name in _MAGIC:
        if head.startswith(start):
            return "torch" if name == "zip" and b"/data.pkl" in head[:128] else name
    if head[4:8] == b"TFL3":
        return "tflite"
    if len(head) > 1 and head[0] == 0x80 and 2 <= head[1] <= 5:
        return "pickle"
    if len(head) > 1 and head[0] == 0x78 and head[1] in (0x01, 0x5E, 0x9C, 0xDA):
        return "zlib"
    return "binary" if _is_binary(head[:1024]) else "text"


def _is_binary(head: bytes) -> bool:
    if b"\0" in head:
        return True
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start < len(head) - 3  # a character cut in two at the end is no sign
    return bool(head.translate(None, bytes(range(32, 256)) + b"\n\r\t\f\b\x1b"))


def proves(found: Format, magic: str) -> bool:
    """Whether first bytes that gave ``magic`` bear out the claim of a suffix."""
    if magic == "pointer":
        return False
    if not found.proof or magic in found.proof:
        return True
    return "binary" in found.proof and magic != "text"
