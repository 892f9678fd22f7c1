"""Datasets and models that are read from elsewhere by address: in Python, notebooks and configuration.

Code is read as a syntax tree and never imported; what only a run knows (a variable, a template) is no reference, or
one whose version is *unknown*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifelint.facts._source import Source, Unreadable
from lifelint.facts.code import CONFIGURATION, candidates, shows
from lifelint.facts.references.noun import Named, Reference

__all__ = ["Reference", "references"]


def references(source: Source) -> Iterator[Reference]:
    """Every dataset and model that code or configuration names by an address elsewhere, in the order of paths."""
    for path, data in source.once(candidates).items():
        if not path.endswith((".py", ".ipynb", *CONFIGURATION)):
            continue
        try:
            found = list(_in(source, path, data))
        except Unreadable as error:
            source.cannot_read(path, error.message, error.line)
            continue
        fixture = shows(path)
        yield from (Reference(path, line, *named, fixture) for line, named in found)


def _in(source: Source, path: str, data: bytes) -> Sequence[tuple[int, Named]]:
    if path.endswith(CONFIGURATION):
        from lifelint.facts.references.configured import addresses

        found = addresses(data, yaml=path.endswith((".yaml", ".yml")))
        return [(line, one) for line, one in found if not _is_here(source, path, one)]
    from lifelint.facts.references.calls import possible

    if not possible(data):
        return ()
    if path.endswith(".py"):
        return _of_code(source, path, data, ())
    from lifelint.facts.references.notebooks import program

    made = program(data)
    return _of_code(source, path, made.code, made.lines) if possible(made.code) else ()


def _of_code(source: Source, path: str, code: bytes, lines: Sequence[int]) -> Sequence[tuple[int, Named]]:
    from lifelint.facts.references.addresses import of_address
    from lifelint.facts.references.calls import named
    from lifelint.facts.references.syntax import parse

    module = parse(code)
    ours = {name for name in module.imports if _is_local(source, path, name)}
    calls = [call for call in module.calls if call.name.partition(".")[0] not in ours]
    found = [(call.line, one) for call in calls for one in named(call, module) if not _is_here(source, path, one)]
    told = {(line, one.name) for line, one in found}
    for line, text in module.addresses:
        address = of_address(text)
        if address is not None and (line, address.name) not in told:
            found.append((line, address))
    found = sorted(dict.fromkeys(found), key=lambda item: item[0])
    return [(lines[line - 1] if lines else line, one) for line, one in found]


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
