"""Addresses among the values of configuration files.

A value of YAML is one when all of it is (text inside a block of text is not). In JSON and TOML, whose readers tell no
lines, they are found in the text, line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml_values import Map, Seq
from lifelint.facts.references.addresses import of_address
from lifelint.facts.references.noun import Named

_START = lazy(rb"hf://|lakefs://|models:/|quilt\+s3://|oxen://|s3://[^\s\"']*versionId=|gs://[^\s\"']*#\d{10}")
_VALUE = lazy(
    r"(?P<key>[\w.\"'-]+)?\s*(?:[:=]\s*|-\s+|\[\s*|,\s*)(?P<quote>[\"']?)"
    r"(?P<address>(?:hf|lakefs|quilt\+s3|oxen|s3|gs)://[^\s\"',\]}]+|models:/[^\s\"',\]}]+)(?P=quote)\s*(?=$|[,\]}#])"
)
_OUTPUT = lazy(r"(?i)(?:out|output|dest|destination|target|sink|save|write|upload|result|export)")
_TEMPLATE = lazy(r"\$\{|\{\{|<[^>]*>|\$\(|%\(|\{[a-z_]")


def possible(data: bytes) -> bool:
    """Whether an address can be in a file."""
    return b":/" in data and _START.search(data) is not None


def addresses(data: bytes, *, yaml: bool = False) -> Iterator[tuple[int, Named]]:
    """Each address with its line. What is written to, templates and comments are left out."""
    if not possible(data):
        return
    for line, key, address in _in_yaml(data) if yaml else _in_text(data):
        if not _OUTPUT.search(key) and not _TEMPLATE.search(address):
            named = of_address(address)
            if named is not None:
                yield line, named


def _in_yaml(data: bytes) -> Iterator[tuple[int, str, str]]:
    from lifelint.facts._yaml import load_all

    try:
        documents = load_all(data)
    except Unreadable:
        return  # a template, most likely; who needs the file for more says so
    for document in documents:
        yield from sorted(set(_scalars(document, 0, "")))


def _scalars(value: Any, line: int, key: str) -> Iterator[tuple[int, str, str]]:
    if isinstance(value, Map):
        for name, item in value.items():
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
