"""Datasets and models that are read from elsewhere by address: in Python, notebooks and configuration.

Code is read as a syntax tree and never imported; what only a run knows (a variable, a template) is no reference, or
one whose version is *unknown*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.code import CONFIGURATION, candidates, shows
from lifelint.facts.references.noun import Named, Reference

__all__ = ["Reference", "references"]


def references(source: Source) -> Iterator[Reference]:
    """Every dataset and model that code or configuration names by an address elsewhere, in the order of paths."""
    for path, data in source.once(candidates).items():
        if not path.endswith((".py", ".ipynb", *CONFIGURATION)):
            continue
        fixture = shows(path)
        yield from (Reference(path, line, *named, fixture) for line, named in _in(source, path, data))


def _in(source: Source, path: str, data: bytes) -> Sequence[tuple[int, Named]]:
    if path.endswith(CONFIGURATION):
        found = source.parse(path, _of_yaml if path.endswith((".yaml", ".yml")) else _of_text, data)
        return [(line, one) for line, one in found or () if not _is_here(source, path, one)]
    from lifelint.facts.references.calls import possible

    spoken = source.parse(path, _of_python if path.endswith(".py") else _of_notebook, data) if possible(data) else None
    return _from_elsewhere(source, path, spoken) if spoken else ()


def _from_elsewhere(source: Source, path: str, spoken: _Spoken) -> Sequence[tuple[int, Named]]:
    """What code names and does not have beside it."""
    ours = {name for name in spoken.imports if _is_local(source, path, name)}
    named = [(line, one) for root, line, one in spoken.named if root not in ours]
    found = [(line, one) for line, one in named if not _is_here(source, path, one)]
    told = {(line, one.name) for line, one in found}
    found += [(line, address) for line, address in spoken.addresses if (line, address.name) not in told]
    found = sorted(dict.fromkeys(found), key=lambda item: item[0])
    return [(spoken.lines[line - 1] if spoken.lines else line, one) for line, one in found]


class _Spoken(NamedTuple):
    """What code says by itself: what its calls name, each with the module it calls, and the addresses in it."""

    imports: frozenset[str]
    named: Sequence[tuple[str, int, Named]]
    addresses: Sequence[tuple[int, Named]]
    lines: Sequence[int] = ()


def _of_yaml(data: bytes) -> Sequence[tuple[int, Named]]:
    from lifelint.facts.references.configured import addresses

    return list(addresses(data, yaml=True))


def _of_text(data: bytes) -> Sequence[tuple[int, Named]]:
    from lifelint.facts.references.configured import addresses

    return list(addresses(data))


def _of_python(code: bytes) -> _Spoken:
    from lifelint.facts.references.addresses import of_address
    from lifelint.facts.references.calls import named
    from lifelint.facts.references.syntax import parse

    module = parse(code)
    found = [(call.name.partition(".")[0], call.line, one) for call in module.calls for one in named(call, module)]
    addresses = [(line, address) for line, text in module.addresses if (address := of_address(text)) is not None]
    return _Spoken(module.imports, found, addresses)


def _of_notebook(data: bytes) -> _Spoken:
    from lifelint.facts.references.calls import possible
    from lifelint.facts.references.notebooks import program

    made = program(data)
    spoken = _of_python(made.code) if possible(made.code) else _Spoken(frozenset(), (), ())
    return spoken._replace(lines=made.lines)


def _is_local(source: Source, path: str, module: str) -> bool:
    """Whether a module of this name lies beside the file or above it, and hides the library."""
    folder = path.rpartition("/")[0]
    while True:
        base = f"{folder}/{module}" if folder else module
        if any(source.is_file(f"{place}{end}") for place in (base,) for end in (".py", "/__init__.py")):
            return True
        if not folder:
            return source.is_file(f"src/{module}/__init__.py")
        folder = folder.rpartition("/")[0]


def _is_here(source: Source, path: str, one: Named) -> bool:
    """Whether the repository itself has a folder or a script of that name, which the library would take first."""
    if one.system == "torchhub":
        return source.is_file("hubconf.py")  # a repository that is a hub itself shows how it is loaded
    if one.system != "huggingface":
        return False
    folder = path.rpartition("/")[0]
    first = one.name.split("/")[0]
    bases = {"", f"{folder}/" if folder else ""}
    return any(source.is_folder(base + first) or source.is_file(f"{base}{one.name}.py") for base in bases)
