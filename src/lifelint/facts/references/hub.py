"""Calls that read a dataset or a model from the Hugging Face Hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts.data.formats import words
from lifelint.facts.references.addresses import HOLE, hub_revision
from lifelint.facts.references.noun import UNKNOWN, Named
from lifelint.facts.references.syntax import DYNAMIC, Call, Module

_BUILDERS = words("""
    csv json parquet text imagefolder audiofolder videofolder pdffolder arrow pandas xml webdataset sql generator spark
    cache package hdf5 lance
""")
_HUB_LIBRARIES = words("transformers diffusers peft tokenizers trl optimum setfit adapters auto_gptq awq")
_LOCAL_START = lazy(
    r"(?i)(?:models?|outputs?|out|results?|checkpoints?|ckpts?|data|datasets?|saved?[\w-]*|tmp|temp|artifacts?|weights"
    r"|runs?|logs?|exp|experiments?|trained[\w-]*|finetuned[\w-]*|fine[-_]tuned[\w-]*|pretrained[\w-]*|local[\w-]*"
    r"|path|your[\w-]*|my[\w-]*|some[\w-]*|content|home|root|mnt|workspace|src|assets|example[\w-]*|foo|dummy)(?:/|$)"
)
_HUB_NAME = lazy(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
CANONICAL = lazy(
    r"(?:distil)?(?:bert-(?:base|large)|gpt2|roberta-(?:base|large)|xlm-(?:roberta|mlm|clm)|xlnet-|albert-|t5-"
    r"|camembert-|openai-gpt|transfo-xl|ctrl$|facebook$)[\w.-]*|distilgpt2|gpt2(?:-(?:medium|large|xl))?"
)


def _hub(kind: str, name: Any, revision: Any, module: Module) -> Iterator[Named]:
    if not isinstance(name, str) or HOLE in name or not _on_hub(name, kind, module):
        return
    if revision is DYNAMIC or (isinstance(revision, str) and HOLE in revision):
        yield Named("huggingface", kind, name, "", UNKNOWN, "its revision is only known when it runs")
    else:
        yield Named("huggingface", kind, name, revision or "", *hub_revision(str(revision or "")))


def _on_hub(name: str, kind: str, module: Module) -> bool:
    """Whether a name is that of a repository on the Hub and not of a folder here."""
    if name in module.written or any(name.startswith(f"{folder}/") for folder in module.written):
        return False
    if _HUB_NAME.fullmatch(name):
        return is_repository(name)
    if kind == "data":
        return re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None and not _LOCAL_START.match(name)
    return CANONICAL.fullmatch(name) is not None


def is_repository(name: str) -> bool:
    """Whether a name is that of a repository of somebody on the Hub, and not of a folder or a file."""
    local = _LOCAL_START.match(name) or re.search(r"\.(?:jsonl?|ya?ml|py|bin|pt|csv|txt|parquet)$", name)
    return _HUB_NAME.fullmatch(name) is not None and not local


def load_dataset(call: Call, top: str, module: Module) -> Iterator[Named]:
    """``datasets.load_dataset``, but of a builder of local files."""
    name = call.given(0, "path")
    if top == "datasets" and name not in _BUILDERS:
        yield from _hub("data", name, call.given(-1, "revision"), module)


def download(call: Call, top: str, module: Module) -> Iterator[Named]:
    """``huggingface_hub``'s downloads of a file or a snapshot."""
    kind = call.given(-1, "repo_type")
    if top == "huggingface_hub" and kind in (None, "model", "dataset"):
        what = "data" if kind == "dataset" else "model"
        yield from _hub(what, call.given(0, "repo_id"), call.given(-1, "revision"), module)


def pretrained(call: Call, top: str, module: Module) -> Iterator[Named]:
    """``from_pretrained`` of transformers and its family."""
    if top not in _HUB_LIBRARIES or call.given(-1, "local_files_only") is True:
        return
    names = ("pretrained_model_name_or_path", "repo_id", "model_id", "identifier", "model_name")
    first = call.given(0, *names)
    if top == "peft" and not isinstance(first, str):
        first = call.given(1, "model_id")
    yield from _hub("model", first, call.given(-1, "revision"), module)


def encoder(call: Call, top: str, module: Module) -> Iterator[Named]:
    """The models of ``sentence_transformers``."""
    if top == "sentence_transformers":
        name = call.given(0, "model_name_or_path", "model_name")
        yield from _hub("model", name, call.given(-1, "revision"), module)


def vllm(call: Call, top: str, module: Module) -> Iterator[Named]:
    """The models that vLLM serves."""
    if top == "vllm":
        yield from _hub("model", call.given(0, "model"), call.given(-1, "revision"), module)


def pipeline(call: Call, top: str, module: Module) -> Iterator[Named]:
    """``transformers.pipeline``."""
    if top == "transformers":
        yield from _hub("model", call.given(1, "model"), call.given(-1, "revision"), module)
