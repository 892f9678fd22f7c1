"""Code and configuration that may speak of data, models or steps: found by a search of bytes, in one reading of all.

A syntax tree costs a hundred times what the search does, and few files of a large repository need one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from lifelint._patterns import lazy
from lifelint.facts._notebooks import codes
from lifelint.facts._source import Source
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
    "random_split", "ShuffleSplit", "oxen", "pachyderm_sdk",
)  # fmt: skip
WORDS = (*_READS, *_TOOLS)
"""Python that holds none of these is not asked further: each of the searches below can match only where one stands."""

_PROGRAMS = (".smk", ".nf", ".sh")
_LARGEST = {".py": 1 << 20, ".yaml": 256 << 10, ".yml": 256 << 10, ".toml": 256 << 10}
_LARGEST |= {".json": 64 << 10, ".smk": 1 << 20, ".nf": 1 << 20, ".sh": 1 << 20}
SPLITS = (b"train_test_split", b"random_split", b"ShuffleSplit")
_MACHINE_MADE = ("package-lock.json", "composer.json", "tokenizer.json", "pnpm-lock.yaml", "dvc.lock")
_TRIAL = lazy(r"(?:^|[-_.])(?:tests?|e2e|smoke|hack)(?:$|[-_.])")
_TUTORIAL = lazy(r"tutorial|quickstart|getting[-_]started|(?:^|[-_.])(?:demo|example|test)s?(?:[-_.]|$)")


def shows(path: str) -> bool:
    """Whether a file only shows or tries something: nothing depends on what it does."""
    *folders, name = path.lower().split("/")
    return places.is_fixture(path) or any(map(_TRIAL.search, folders)) or _TUTORIAL.search(name) is not None


def candidates(source: Source) -> Mapping[str, bytes]:
    """Own files that hold a word which a reference to data or a declared step has, by path. Asked by ``source.once``.

    Larger files than a person writes are left out: data in the clothes of code.
    """
    others = source.names(_wanted)
    python = source.suffixed(".py")
    generated = cache(places.is_generated)
    # The search leaves so few that each question after it costs nothing.
    wanted = [path for path in (*source.holding(python, WORDS), *others) if not generated(_folder(path))]
    sizes = source.snapshot.sizes([path for path in wanted if not path.endswith(".py")])
    small = [path for path in wanted if sizes.get(path, 0) <= _largest(path)]
    notebooks = [
        path
        for path, code in source.once(codes).items()
        if not isinstance(code, Missing) and _reads(code) and not generated(_folder(path))
    ]
    found = dict(_speaking(source.snapshot.read(small)))
    found |= {path: data for path, data in source.snapshot.read(notebooks) if not isinstance(data, Missing)}
    return {path: found[path] for path in sorted(found)}


def seek(source: Source) -> None:
    """Lets the search for candidates begin while other facts are made."""
    source.snapshot.seek([".py"], WORDS)


def _wanted(name: str) -> bool:
    ending = name[name.rfind(".") :]
    if ending == ".py" or (ending not in _LARGEST and name not in ("Snakefile", "MLproject", *MAKEFILES)):
        return False
    return not name.endswith(_MACHINE_MADE)


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _largest(path: str) -> int:
    return _LARGEST.get(path[path.rfind(".") :], 1 << 20)


def _speaking(read: Iterable[tuple[str, bytes | Missing]]) -> Iterator[tuple[str, bytes]]:
    from lifelint.facts.references import configured
    from lifelint.facts.steps import documents, python

    for path, data in read:
        if isinstance(data, Missing):
            continue
        if path.endswith(".py"):
            # Its size is known only now: git takes longer to tell it than the few that are too large take to read.
            speaks = len(data) <= _largest(path) and (_reads(data) or python.possible(data))
        else:
            speaks = not path.endswith(CONFIGURATION) or configured.possible(data) or documents.possible(data)
        if speaks:
            yield path, data


def _reads(code: bytes) -> bool:
    from lifelint.facts.references import calls

    return calls.possible(code) or any(sign in code for sign in SPLITS)
