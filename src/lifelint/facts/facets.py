"""What a repository does, with the evidence: names of files, declared dependencies, other facts. No judgement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.ci import PLACES
from lifelint.facts.data import places
from lifelint.facts.data.formats import words
from lifelint.facts.data.pointer import Pointer
from lifelint.facts.data.rawfiles import Blob
from lifelint.facts.dvc.stage import Stage
from lifelint.snapshot import Missing

SCANNED, NOTEBOOKS, LARGEST = 200, 20, 2 << 20
"""How many modules and notebooks are searched for imports where no manifest tells, and how large one may be."""

LEARNING = words("""
    torch torchvision pytorch pytorch-lightning lightning tensorflow tensorflow-cpu tensorflow-gpu tf-nightly keras jax
    flax jaxlib scikit-learn sklearn xgboost lightgbm catboost transformers diffusers peft trl timm ultralytics
    sentence-transformers spacy fastai statsmodels onnxruntime onnx mlflow mlflow-skinny vllm autogluon h2o pycaret
    stable-baselines3 gensim datasets accelerate paddlepaddle mxnet prophet
""")
"""Distributions that only machine learning uses (names as PEP 503 normalises them)."""

_IMPORT = lazy(
    rb"(?:^|\\n|\")[ \t]*(?:import|from)[ \t]+(torch|torchvision|tensorflow|keras|sklearn|xgboost|lightgbm|catboost"
    rb"|jax|flax|transformers|diffusers|lightning|pytorch_lightning|fastai|spacy|ultralytics|timm|mlflow|gensim"
    rb"|statsmodels|paddle|mxnet|vllm|prophet)\b",
    re.MULTILINE,
)
TRAINS = lazy(
    r"(?:^|[^a-z])(?:train|training|trainer|finetune|fine_tune|fit_model|pretrain)(?:[^a-z]|$)", re.IGNORECASE
)
_OF_DATA = lazy(
    r"(?:^|[^a-z])train(?:ing)?[-_](?:data(?:set|frame|loader)?s?|sets?|df|tests?(?=[-_])|val(?:idation)?|splits?|stats|features?"
    r"|labels?|images?|samples?)(?:[^a-z]|$)|(?:load|fetch|get|save|read|write|split|ingest|clean|process)[-_]train(?:ing)?\."
    r"|(?:fine_?tun(?:e|ing)|train(?:ing)?)[-_](?:export(?:er)?|schemas?|types)(?:[^a-z]|$)",
    re.IGNORECASE,
)
"""In the name of a file: what it is about is the data to train with, or what is handed to somebody who trains."""

_SHOWS = lazy(r"(?:^|/)test_|(?:^|[^a-z])(?:tutorial|example|demo|sample)s?[^/a-z][^/]*$", re.IGNORECASE)
"""In the name of a file: what it trains is only shown or tried."""

_NO_CODE = words("docs doc tests test examples example")

_CI = (
    *((system, place) for system, place in PLACES if system != "gitlab"),
    ("gitlab", lazy(r"\.gitlab-ci\.ya?ml")),
    ("jenkins", lazy(r"(?:.*/)?Jenkinsfile")),
    ("taskcluster", lazy(r"\.taskcluster\.ya?ml")),
)
_PIPELINES = {"Snakefile": "snakemake", "MLproject": "mlflow", "main.nf": "nextflow", "pipeline_registry.py": "kedro"}
_NOT_SHIPPED = lazy(
    r"^mlruns$|^mlartifacts$|(?:^|[-_])(?:docs?|tests?|testserver|examples?|samples?|templates?|bench\w*)(?:[-_]|$)"
)
"""Folders of recorded runs, documentation, trials and templates: what is packaged there is not what is shipped."""

_RECORDED = lazy(r"(?:^|/)(?:m-)?[0-9a-f]{32}/artifacts/")
"""Where a store of MLflow's, whatever it is called, keeps what its runs and models left."""

_PACKAGED = ("bentofile.yaml", "bentofile.yml", "cog.yaml", "MLmodel", "model-settings.json", "artifacts.yaml")


@dataclass(frozen=True)
class Facet:
    """One thing a repository does, and the file that shows it.

    Names: ``ml``, ``trains``, ``data``, ``model`` (a trained model lies here or behind a pointer), ``ships_model`` (it
    is packaged for others to run), ``library``, ``notebooks``, ``container``, ``pipeline:<tool>``,
    ``versioning:dvc|lfs|annex`` and ``ci:<system>``. There is one for each folder that shows it.
    ``declared`` tells that a stage of a pipeline or a pointer shows it, and not only that a file is there.
    """

    name: str
    path: str
    line: int
    evidence: str
    declared: bool = False


MODELS = ("model", "ships_model")
"""Facets of what has a model: one is kept here, or packaged for others to run."""


class _Dependency(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def line(self) -> int: ...


class _Manifest(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def dependencies(self) -> Sequence[_Dependency]: ...
    @property
    def library(self) -> bool: ...


def facets(
    source: Source,
    manifests: Sequence[_Manifest],
    stages: Sequence[Stage],
    pointers: Sequence[Pointer],
    blobs: Sequence[Blob],
) -> Iterator[Facet]:
    """What the repository does, once for each folder that shows it."""
    learns = list(_learning(source, manifests))
    found = [
        *learns,
        *_training(source, stages, bool(learns)),
        *_artifacts(pointers, blobs, bool(learns)),
        *(Facet("pipeline:dvc", s.path, s.line, f"the stage {s.name}") for s in stages),
        *(Facet("library", m.path, 0, "it declares a package for others to install") for m in manifests if m.library),
        *_by_name(source),
    ]
    seen: set[tuple[str, str]] = set()
    for facet in found:
        place = (facet.name, facet.path.rpartition("/")[0])
        if place not in seen:
            seen.add(place)
            yield facet


def _learning(source: Source, manifests: Sequence[_Manifest]) -> Iterator[Facet]:
    told = False
    for manifest in manifests:
        for dependency in manifest.dependencies:
            if dependency.name in LEARNING:
                told = True
                yield Facet("ml", manifest.path, dependency.line, f"depends on {dependency.name}")
                break
    if not told:
        yield from _imports(source)


def _imports(source: Source) -> Iterator[Facet]:
    """Imports of learning libraries, found by a bytes search in a bounded number of files."""
    modules = [p for p in source.suffixed(".py") if _NO_CODE.isdisjoint(places.folders(p))][:SCANNED]
    wanted = [*modules, *source.suffixed(".ipynb")[:NOTEBOOKS]]
    sizes = source.snapshot.sizes(wanted)
    for path, data in source.snapshot.read([p for p in wanted if sizes.get(p, LARGEST + 1) <= LARGEST]):
        match = None if isinstance(data, Missing) else _IMPORT.search(data)
        if match is not None and not isinstance(data, Missing):
            line = data.count(b"\n", 0, match.start(1)) + 1
            yield Facet("ml", path, line, f"imports {match[1].decode()}")


def _training(source: Source, stages: Sequence[Stage], learns: bool) -> Iterator[Facet]:
    for stage in stages:
        if TRAINS.search(_OF_DATA.sub("", stage.name)):
            yield Facet("trains", stage.path, stage.line, f"the stage {stage.name}", declared=True)
    if not learns:
        return
    for path in source.names(_is_training):
        if _NO_CODE.isdisjoint(places.folders(path)) and not places.is_fixture(path) and not _SHOWS.search(path):
            yield Facet("trains", path, 0, "it is named as training code")


def _is_training(name: str) -> bool:
    return name.endswith((".py", ".ipynb")) and TRAINS.search(_OF_DATA.sub("", name)) is not None


def _artifacts(pointers: Sequence[Pointer], blobs: Sequence[Blob], learns: bool) -> Iterator[Facet]:
    for pointer in pointers:
        itself = pointer.path == pointer.artifact
        said = f"is kept by {pointer.system}" if itself else f"points at {pointer.artifact}"
        yield Facet(f"versioning:{pointer.system}", pointer.path, pointer.line, said)
        if pointer.kind != "unknown" and not places.is_fixture(pointer.path):
            yield Facet(pointer.kind, pointer.path, pointer.line, said, declared=True)
    for blob in blobs:
        # A table somewhere in a compiler's sources is no dataset; one in a folder of data, or beside learning code, is.
        if not blob.fixture and (learns or blob.kind == "model" or places.in_data_folder(blob.path)):
            yield Facet("model" if blob.kind == "model" else "data", blob.path, 0, f"is {blob.format}")


def _by_name(source: Source) -> Iterator[Facet]:
    for path in source.suffixed(".ipynb"):
        if not places.is_generated(path):
            yield Facet("notebooks", path, 0, "it is a notebook")
    for path in source.names(_is_containerfile):
        yield Facet("container", path, 0, "it builds an image")
    for name, tool in _PIPELINES.items():
        for path in source.named(name):
            yield Facet(f"pipeline:{tool}", path, 0, f"it defines a {tool} pipeline")
    for path in source.named(*_PACKAGED):
        apart = any(_NOT_SHIPPED.search(folder) for folder in places.folders(path)) or _RECORDED.search(path)
        if not places.is_fixture(path) and not apart:
            yield Facet("ships_model", path, 0, "it packages a model")
    for path in source.names(lambda name: name.endswith((".yml", ".yaml")) or name == "Jenkinsfile"):
        yield from (Facet(f"ci:{system}", path, 0, "it is run there") for system, at in _CI if at.fullmatch(path))


def _is_containerfile(name: str) -> bool:
    lower = name.lower()
    return lower in ("dockerfile", "containerfile") or lower.startswith("dockerfile.") or lower.endswith(".dockerfile")
