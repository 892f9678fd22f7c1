"""Code and configuration that may speak of data, models or steps: found by a search of bytes, in one reading of all.

A syntax tree costs a hundred times what the search does, and few files of a large repository need one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from lifelint.facts._source import Source, Unreadable
from lifelint.facts.data import places
from lifelint.snapshot import Missing

CONFIGURATION = (".yaml", ".yml", ".toml", ".json")
MAKEFILES = ("Makefile", "makefile", "GNUmakefile")
_TOOLS = ("prefect", "zenml", " kfp", "\tkfp", "flytekit", "dagster", "airflow", "metaflow", "kedro", "sagemaker")
_READS = (
    "load_dataset", "from_pretrained", "snapshot_download", "hf_hub_download", "SentenceTransformer", "CrossEncoder",
    "hub.load", "use_artifact", ".artifact(", "kagglehub", "quilt3", "pooch", "get_file", "fetch_openml",
    "urlretrieve", "wget.download", "DeltaTable", "delta", "iceberg", "models:/", "lakefs://", "hf://", "quilt+s3://",
    "versionId=", "gs://", "read_", "scan_", "pipeline(", "vllm", "AS OF", "as of", "train_test_split",
    "random_split", "ShuffleSplit",
)  # fmt: skip
WORDS = {".py": (*_READS, *_TOOLS), ".ipynb": _READS}
"""Code that holds none of these is not asked further: each of the searches below can match only where one stands.

No shorter ones: three letters stand by chance in the picture of every other notebook."""

_PROGRAMS = (".smk", ".nf", ".sh")
_LARGEST = {".py": 1 << 20, ".ipynb": 16 << 20, ".yaml": 256 << 10, ".yml": 256 << 10, ".toml": 256 << 10}
_LARGEST |= {".json": 64 << 10, ".smk": 1 << 20, ".nf": 1 << 20, ".sh": 1 << 20}
SPLITS = (b"train_test_split", b"random_split", b"ShuffleSplit")
_MACHINE_MADE = ("package-lock.json", "composer.json", "tokenizer.json", "pnpm-lock.yaml", "dvc.lock")
_TRIAL = re.compile(r"(?:^|[-_.])(?:tests?|e2e|smoke|hack)(?:$|[-_.])")
_TUTORIAL = re.compile(r"tutorial|quickstart|getting[-_]started|(?:^|[-_.])(?:demo|example|test)s?(?:[-_.]|$)")


def shows(path: str) -> bool:
    """Whether a file only shows or tries something: nothing depends on what it does."""
    *folders, name = path.lower().split("/")
    return places.is_fixture(path) or any(map(_TRIAL.search, folders)) or _TUTORIAL.search(name) is not None


def candidates(source: Source) -> Mapping[str, bytes]:
    """Own files that hold a word which a reference to data or a declared step has, by path. Asked by ``source.once``.

    Larger files than a person writes are left out: data in the clothes of code.
    """
    generated = cache(places.is_generated)
    wanted = [path for path in source.names(_wanted) if not generated(path[: path.rfind("/") + 1])]
    for suffix, words in WORDS.items():
        code = [path for path in wanted if path.endswith(suffix)]
        silent = frozenset(code).difference(source.snapshot.holding(code, words))
        wanted = [path for path in wanted if path not in silent]
    sizes = source.snapshot.sizes(wanted)
    small = [path for path in wanted if sizes.get(path, 0) <= _LARGEST.get(path[path.rfind(".") :], 1 << 20)]
    read = source.snapshot.read(small)
    return {path: data for path, data in read if not isinstance(data, Missing) and _speaks(path, data)}


def _wanted(name: str) -> bool:
    if name[name.rfind(".") :] not in _LARGEST and name not in ("Snakefile", "MLproject", *MAKEFILES):
        return False
    return not name.endswith(_MACHINE_MADE)


def _speaks(path: str, data: bytes) -> bool:
    from lifelint.facts.references import calls, configured
    from lifelint.facts.steps import documents, python

    def speaks(code: bytes) -> bool:
        return calls.possible(code) or any(sign in code for sign in SPLITS)

    if path.endswith(".ipynb"):
        return _in_cells(data, speaks)
    if path.endswith(".py"):
        return speaks(data) or python.possible(data)
    if path.endswith(CONFIGURATION):
        return configured.possible(data) or documents.possible(data)
    return True


def _in_cells(data: bytes, possible: Callable[[bytes], bool]) -> bool:
    """Whether the code of a notebook speaks. Pictures are most of its bytes: parsing costs less than searching them."""
    from lifelint.facts.references.notebooks import program

    try:
        return possible(program(data).code)
    except Unreadable:
        return True  # whoever reads it tells why
