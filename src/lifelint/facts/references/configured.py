"""Addresses among the values of configuration files.

A value of YAML is one when all of it is (text inside a block of text is not). In JSON and TOML, whose readers tell no
lines, they are found in the text, line by line.

What is trained from, and on, is also named without an address, in YAML for trainers: ``model_name_or_path`` with
``model_revision`` (``ModelConfig`` of TRL, ``ModelArguments`` of LLaMA-Factory) and, in Axolotl's, ``base_model`` with
``revision_of_model`` and ``path`` with ``revision`` in its ``datasets`` (docs.axolotl.ai, "Config Reference").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml_values import Map, Seq
from lifelint.facts.references.addresses import hub_revision, of_address
from lifelint.facts.references.hub import is_repository
from lifelint.facts.references.noun import UNKNOWN, Named

_START = lazy(rb"hf://|lakefs://|models:/|quilt\+s3://|oxen://|s3://[^\s\"']*versionId=|gs://[^\s\"']*#\d{10}")
_TRAINER = lazy(rb"^[ \t]*(?:model_name_or_path|base_model)[ \t]*:", re.MULTILINE)
_AXOLOTL = frozenset({"adapter", "sequence_len", "micro_batch_size", "load_in_4bit", "load_in_8bit", "sample_packing"})
_VALUE = lazy(
    r"(?P<key>[\w.\"'-]+)?\s*(?:[:=]\s*|-\s+|\[\s*|,\s*)(?P<quote>[\"']?)"
    r"(?P<address>(?:hf|lakefs|quilt\+s3|oxen|s3|gs)://[^\s\"',\]}]+|models:/[^\s\"',\]}]+)(?P=quote)\s*(?=$|[,\]}#])"
)
_STORES = frozenset({"remote", "remotes"})
"""Keys of places that things are kept at, which is not yet to read one of them."""

_OUTPUT = lazy(r"(?i)(?:out|output|dest|destination|target|sink|save|write|upload|result|export)")
_TEMPLATE = lazy(r"\$\{|\{\{|<[^>]*>|\$\(|%\(|\{[a-z_]")


def possible(data: bytes) -> bool:
    """Whether an address, or the name of what is trained from, can be in a file."""
    return (b":/" in data and _START.search(data) is not None) or _trains(data)


def _trains(data: bytes) -> bool:
    return (b"model_name_or_path" in data or b"base_model" in data) and _TRAINER.search(data) is not None


def addresses(data: bytes, *, yaml: bool = False) -> Iterator[tuple[int, Named]]:
    """Each address with its line. What is written to, templates and comments are left out."""
    if not possible(data):
        return
    for line, key, address in _in_yaml(data) if yaml else _in_text(data):
        if not _OUTPUT.search(key) and not _TEMPLATE.search(address):
            named = of_address(address)
            if named is not None:
                yield line, named
    if yaml and _trains(data):
        for document in _documents(data):
            yield from _trained(document)


def _documents(data: bytes) -> Sequence[Any]:
    from lifelint.facts._yaml import load_all

    try:
        return load_all(data)
    except Unreadable:
        return ()  # a template, most likely; who needs the file for more says so


def _in_yaml(data: bytes) -> Iterator[tuple[int, str, str]]:
    for document in _documents(data):
        yield from sorted(set(_scalars(document, 0, "")))


def _trained(value: Any) -> Iterator[tuple[int, Named]]:
    """What trainers are told to begin with and to learn from, wherever in a document their keys stand together."""
    if isinstance(value, Seq):
        for item in value:
            yield from _trained(item)
    if not isinstance(value, Map):
        return
    yield from _on_hub(value, "model", "model_name_or_path", "model_revision")
    if not _AXOLOTL.isdisjoint(value):
        yield from _on_hub(value, "model", "base_model", "revision_of_model")
        listed = value.get("datasets")
        for item in listed if isinstance(listed, Seq) and "base_model" in value else ():
            if isinstance(item, Map) and "data_files" not in item and "ds_type" not in item:
                yield from _on_hub(item, "data", "path", "revision")
    for item in value.values():
        if isinstance(item, (Map, Seq)):
            yield from _trained(item)


def _on_hub(value: Map, kind: str, key: str, revision: str) -> Iterator[tuple[int, Named]]:
    name, given = value.get(key), value.get(revision)
    if not isinstance(name, str) or not is_repository(name) or _TEMPLATE.search(name):
        return
    line = value.value_lines[key]
    if isinstance(given, str) and (_TEMPLATE.search(given) or "$" in given):
        yield line, Named("huggingface", kind, name, "", UNKNOWN, "its revision is only known when it runs")
    else:
        fixed = given if isinstance(given, str) else ""
        yield line, Named("huggingface", kind, name, fixed, *hub_revision(fixed))


def _scalars(value: Any, line: int, key: str) -> Iterator[tuple[int, str, str]]:
    if isinstance(value, Map):
        for name, item in value.items():
            if name not in _STORES:
                yield from _scalars(item, value.value_lines[name], str(name))
    elif isinstance(value, Seq):
        for at, item in enumerate(value):
            yield from _scalars(item, value.lines[at], key)
    elif isinstance(value, str) and not any(character.isspace() for character in value):
        yield line, key, value


def _in_text(data: bytes) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if "://" in line or "models:/" in line:
            for found in _VALUE.finditer(line[:4096]):
                if not re.search(r"(?:^|\s)(?:#|//)", line[: found.start("address")]):
                    yield number, found["key"] or "", found["address"]
