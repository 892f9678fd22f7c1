"""Which calls read a dataset or a model from elsewhere, and what they say of its version.

The parameters are those of the libraries' public documentation: ``datasets``, ``huggingface_hub``, ``transformers``
and its family, ``vllm``, ``wandb``, ``kagglehub``, ``quilt3``, ``torch.hub``, ``pooch``, ``tf.keras.utils.get_file``,
``sklearn.datasets.fetch_openml``, readers of pandas, Polars, Dask and Spark,
``deltalake``, ``oxen``, ``pachyderm_sdk``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts.data import places
from lifelint.facts.data.formats import words
from lifelint.facts.references import hub
from lifelint.facts.references.addresses import HOLE, of_read, quilt
from lifelint.facts.references.commits import oxen_dataset, pachyderm
from lifelint.facts.references.noun import CONTENT, FIXED, MOVING, UNKNOWN, Named
from lifelint.facts.references.syntax import DYNAMIC, Call, Module

_WORDS = (
    *(b"from_pretrained", b"SentenceTransformer", b"CrossEncoder", b"kagglehub", b"quilt3", b"pooch", b"get_file"),
    *(b"fetch_openml", b"urlretrieve", b"DeltaTable", b"versionId=", b"vllm", b"AS OF", b"as of", b"oxen"),
    b"pachyderm_sdk",
)
_ALIKE = (
    (b"load", (b"load_dataset", b"snapshot_download", b"hf_hub_download", b"hub.load", b"wget.download")),
    (b"artifact", (b"use_artifact", b".artifact(")),
    (b":/", (b"models:/", b"lakefs://", b"hf://", b"quilt+s3://")),
)
"""What words have in common → these: a file without it holds none of them."""
_READ = lazy(rb"(?:read|scan)_\w{1,30}\((?:[^)\n]{0,40}=)?\s*f?\\?[\"'](?:https?|ftp|s3a?|gs|gcs|abfss?|az)://")
_FORMAT = lazy(rb"[\"'](?:delta|iceberg)\\?[\"']")


def possible(data: bytes) -> bool:
    """Whether such a call or address can be in a file. Plain words first: a pattern takes ten times as long."""
    for word in _WORDS:
        if word in data:  # a generator would take as long as the search
            return True
    for common, those in _ALIKE:
        if common in data and any(word in data for word in those):
            return True
    if b"transformers" in data and b"pipeline(" in data:
        return True
    if b".load(" in data and _FORMAT.search(data):
        return True
    return b"://" in data and (b"read_" in data or b"scan_" in data) and _READ.search(data) is not None


_READERS = words("pandas polars dask modin geopandas pyarrow vaex cudf ibis awswrangler datatable")


def named(call: Call, module: Module) -> Iterator[Named]:
    """The references that one call makes. A name that is not written out makes none."""
    last = call.name.rpartition(".")[2]
    top = call.name.partition(".")[0]
    make = _BY_NAME.get(last)
    if make is not None:
        yield from make(call, top, module)
    elif last.startswith(("read_", "scan_")) and top in _READERS:
        yield from _read(call.given(0, "path", "filepath_or_buffer", "source", "path_or_buf"))


def _read(address: Any, checksum: str = "") -> Iterator[Named]:
    if isinstance(address, str) and HOLE not in address:
        found = of_read(address, checksum)
        if found is not None:
            yield found


def _sql(call: Call, _: str, module: Module) -> Iterator[Named]:
    query = call.given(0, "sqlQuery", "sql", "query")
    if isinstance(query, str):
        from lifelint.facts.references.sql import travelled

        yield from travelled(query)


def _hub_load(call: Call, top: str, _: Module) -> Iterator[Named]:
    repo = call.given(0, "repo_or_dir", "github")
    if call.name != "torch.hub.load" or call.given(-1, "source") not in (None, "github"):
        return
    if isinstance(repo, str) and re.fullmatch(r"[\w.-]+/[\w.-]+(?::\S+)?", repo):
        name, ref = [*repo.split(":", 1), ""][:2]
        if re.fullmatch(r"[0-9a-f]{40}", ref):
            yield Named("torchhub", "model", name, ref, CONTENT, f"it is loaded from the commit {ref}")
        else:
            why = (
                f"{ref} is a branch or a tag, which its owner can move"
                if ref
                else "no commit is given, so it is whatever the default branch holds"
            )
            yield Named("torchhub", "model", name, ref, MOVING, why)


def _wandb(call: Call, _: str, module: Module) -> Iterator[Named]:
    name = call.given(0, "artifact_or_name", "name")
    if "wandb" not in module.imports or not isinstance(name, str) or HOLE in name or not re.fullmatch(r"\S+", name):
        return
    base, alias = [*name.split(":", 1), ""][:2]
    given = call.given(1, "type")
    kind = given if isinstance(given, str) else base
    what = "model" if "model" in kind.lower() or places.looks_like_model(base) else "data"
    if re.fullmatch(r"v\d+", alias):
        yield Named("wandb", what, base, alias, FIXED, f"the artifact's version {alias} is named")
    else:
        why = f"the alias {alias or 'latest'} is given to other versions as they are logged"
        yield Named("wandb", what, base, alias, MOVING, why)


def _kaggle(call: Call, top: str, _: Module) -> Iterator[Named]:
    if top != "kagglehub":
        return
    handle = call.given(1 if call.name.endswith("_load") else 0, "handle")
    if not isinstance(handle, str) or HOLE in handle:
        return
    model = "model" in call.name.rpartition(".")[2]
    parts = handle.split("/")
    version = parts[4] if model and len(parts) == 5 else parts[3] if parts[2:3] == ["versions"] else ""
    name = "/".join(parts[:4] if model else parts[:2])
    kind = "model" if model else "data"
    if version.isdecimal():
        yield Named("kaggle", kind, name, version, FIXED, f"the version {version} is named")
    elif len(parts) == (4 if model else 2):
        yield Named("kaggle", kind, name, "", MOVING, "no version is named, so it is the newest one at that moment")


def _quilt(call: Call, top: str, _: Module) -> Iterator[Named]:
    name, top_hash = call.given(0, "name"), call.given(-1, "top_hash")
    if top == "quilt3" and "Package" in call.name and isinstance(name, str) and HOLE not in name:
        if top_hash is DYNAMIC:
            yield Named("quilt", "data", name, "", UNKNOWN, "its top hash is only known when it runs")
        else:
            yield quilt(name, top_hash or "")


def _pooch(call: Call, top: str, _: Module) -> Iterator[Named]:
    known = call.given(1, "known_hash")
    if top == "pooch" and known is not DYNAMIC:
        yield from _read(call.given(0, "url"), known or "")


def _get_file(call: Call, top: str, _: Module) -> Iterator[Named]:
    digest = next((d for n in ("file_hash", "md5_hash") if (d := call.given(-1, n))), "")
    if top in ("tensorflow", "keras", "tf_keras") and digest is not DYNAMIC:
        yield from _read(call.given(1, "origin"), digest)


def _openml(call: Call, top: str, _: Module) -> Iterator[Named]:
    name, version, number = call.given(0, "name"), call.given(-1, "version"), call.given(-1, "data_id")
    if top != "sklearn" or name is DYNAMIC or version is DYNAMIC or number is DYNAMIC:
        return
    if isinstance(number, int):
        yield Named("openml", "data", str(number), str(number), FIXED, "the dataset's id is that of one version")
    elif isinstance(name, str) and isinstance(version, int):
        yield Named("openml", "data", name, str(version), FIXED, f"the version {version} is named")
    elif isinstance(name, str):
        yield Named("openml", "data", name, "", MOVING, "no version is named, so it is the active one at that moment")


def _dataset(call: Call, top: str, module: Module) -> Iterator[Named]:
    if top == "oxen":
        yield from oxen_dataset(call, call.given(3, "revision"))
    else:
        yield from hub.load_dataset(call, top, module)


def _retrieve(call: Call, top: str, module: Module) -> Iterator[Named]:
    if top == "oxen":
        yield from oxen_dataset(call, call.given(2, "revision"))
    # Who checks a digest does it by hand after this call; a file that imports hashlib may.
    if call.name in ("urllib.request.urlretrieve", "wget.download") and "hashlib" not in module.imports:
        for found in _read(call.given(0, "url")):
            if found.strength != MOVING or places.kind_of(found.name.rpartition("/")[2]) != "unknown":
                yield found


_TRAVEL = {
    "delta": (("versionAsOf", "timestampAsOf"), "neither versionAsOf nor timestampAsOf is given"),
    "iceberg": (("snapshot-id", "as-of-timestamp", "tag"), "neither snapshot-id nor as-of-timestamp is given"),
}


def _load(call: Call, top: str, module: Module) -> Iterator[Named]:
    """``spark.read.format("delta").option("versionAsOf", 12).load(path)``."""
    if top == "torch":
        yield from _hub_load(call, top, module)
        return
    kind = next((c.given(0, "source") for c in call.chain if c.name.endswith(".format")), None)
    path = call.given(0, "path")
    if kind not in _TRAVEL or not any("read" in c.name for c in call.chain) or not isinstance(path, str):
        return
    options, why = _TRAVEL[kind]
    given: dict[str, Any] = {}
    for made in (call, *call.chain):
        if made.name.endswith(".option") and len(made.args) > 1 and isinstance(made.args[0], str):
            given[made.args[0]] = made.args[1]
        if made.name.endswith((".options", ".load")):
            given |= made.keywords
    folded = {name.lower(): value for name, value in given.items()}
    version = next((folded[option.lower()] for option in options if option.lower() in folded), None)
    yield _travelled(kind, path, version, why)


def _travelled(kind: str, path: str, version: Any, why: str) -> Named:
    name = path.replace(HOLE, "…")
    if version is DYNAMIC:
        return Named(kind, "data", name, "", UNKNOWN, "its version is only known when it runs")
    if version is None:
        return Named(kind, "data", name, "", MOVING, f"{why}, so it is the table's newest state")
    return Named(kind, "data", name, str(version), FIXED, f"the table is read as of {version}")


def _delta(call: Call, top: str, _: Module) -> Iterator[Named]:
    path = call.given(0, "table_uri")
    # A local folder is as likely a table that this program writes.
    if top == "deltalake" and isinstance(path, str) and "://" in path and "DeltaTable" in call.name:
        yield _travelled("delta", path, call.given(1, "version"), "no version is given")


_BY_NAME = {
    "load_dataset": _dataset,
    "load_dataset_builder": hub.load_dataset,
    "hf_hub_download": hub.download,
    "snapshot_download": hub.download,
    "from_pretrained": hub.pretrained,
    "SentenceTransformer": hub.encoder,
    "CrossEncoder": hub.encoder,
    "pipeline": hub.pipeline,
    "LLM": hub.vllm,
    "AsyncEngineArgs": hub.vllm,
    "EngineArgs": hub.vllm,
    "sql": _sql,
    "read_sql": _sql,
    "read_sql_query": _sql,
    "use_artifact": _wandb,
    "artifact": _wandb,
    "dataset_download": _kaggle,
    "dataset_load": _kaggle,
    "model_download": _kaggle,
    "browse": _quilt,
    "install": _quilt,
    "retrieve": _pooch,
    "get_file": _get_file,
    "fetch_openml": _openml,
    "urlretrieve": _retrieve,
    "download": _retrieve,
    "load": _load,
    "DeltaTable": _delta,
    "from_uri": pachyderm,
}
