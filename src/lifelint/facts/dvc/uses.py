"""The files that a stage's command runs, and the local modules these import, held against its dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname, normpath
from shlex import quote
from typing import NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.dvc.commands import named
from lifelint.facts.dvc.imports import Import, parse_imports
from lifelint.facts.dvc.stage import Stage, Use
from lifelint.facts.dvc.workspace import ancestors

_SCRIPTS = (".py", ".sh", ".bash", ".r", ".R", ".jl", ".ipynb", ".pl", ".scala", ".sql", ".rb", ".lua", ".m")
MAX_MODULES = 2_000


class _Found(NamedTuple):
    path: str
    by: str
    line: int


class Uses:
    """Finds what stages use. Modules are followed once, however many stages share them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._direct: dict[tuple[str, tuple[str, ...]], tuple[_Found, ...]] = {}

    def of(self, stage: Stage) -> tuple[Use, ...]:
        """Each tracked script of a stage's command, and each local module that is imported on the way."""
        covering = {dep.path for dep in stage.deps} | {out.path for out in stage.outs} | {p.path for p in stage.params}
        made: dict[str, Use] = {}
        for found in self._found(stage.cmd, stage.wdir):
            declared = bool(covering.intersection((found.path, ".", *ancestors(found.path))))
            line = found.line or stage.line
            made.setdefault(found.path, Use(found.path, found.by, line, declared, self._unread(found.path)))
        return tuple(made.values())

    def of_script(self, path: str) -> tuple[str, ...]:
        """A script, and each local module that is imported when it is run."""
        return tuple(dict.fromkeys(found.path for found in self._found(f"python {quote(path)}", "")))

    def _found(self, cmd: str | Sequence[str], wdir: str) -> Iterator[_Found]:
        for item in named(cmd, wdir):
            script = item.path if item.path.endswith(_SCRIPTS) else ""
            roots = item.roots
            if item.module:
                script = self._module(item.module, item.roots) or self._module(f"{item.module}.__main__", item.roots)
            elif script.endswith(".py"):
                roots = (dirname(script), *item.roots)
            if not script or not self._source.is_file(script):
                continue
            yield _Found(script, "", 0)
            if script.endswith(".py"):
                yield from self._imported(script, tuple(dict.fromkeys(roots)))

    def _imported(self, script: str, roots: tuple[str, ...]) -> Iterator[_Found]:
        waiting, seen = [script], {script}
        while waiting and len(seen) < MAX_MODULES:
            for found in self._imports(waiting.pop(), roots):
                if found.path not in seen:
                    seen.add(found.path)
                    waiting.append(found.path)
                    if not found.path.endswith("__init__.py"):
                        yield found

    def _imports(self, path: str, roots: tuple[str, ...]) -> tuple[_Found, ...]:
        key = path, roots
        if key not in self._direct:
            imports = self._source.parse(path, parse_imports)
            found = imports.found if imports else ()
            self._direct[key] = tuple(_Found(p, path, i.line) for i in found for p in self._resolved(i, path, roots))
        return self._direct[key]

    def _unread(self, path: str) -> str:
        imports = self._source.parse(path, parse_imports) if path.endswith(".py") else None
        return f"{path}:{imports.line} {imports.why}" if imports and imports.why else ""

    def _resolved(self, item: Import, path: str, roots: tuple[str, ...]) -> Iterator[str]:
        if item.level:
            folder = dirname(path)
            for _ in range(item.level - 1):
                folder = dirname(folder)
            roots = (folder,)
        for name in item.names or ("",):
            # `from a import b`: b is a module of the package a, or a name inside a.
            full = ".".join(part for part in (item.module, name) if part)
            module = self._module(full, roots) or (self._module(item.module, roots) if name and item.module else "")
            module = module or ("" if item.level else self._installed(full) or self._installed(item.module))
            if module and module != path:
                yield module

    def _installed(self, name: str) -> str:
        """A module of the repository's own package, which an editable install or PYTHONPATH must make importable.

        Only files inside a package: a top-level name may as well be somebody else's distribution.
        """
        module = self._module(name, ("", "src")) if "." in name else ""
        return "" if module.endswith("__init__.py") else module

    def _module(self, name: str, roots: Sequence[str]) -> str:
        tail = name.replace(".", "/")
        for root in roots:
            base = normpath(f"{root}/{tail}") if root not in ("", ".") else tail
            for path in (f"{base}.py", f"{base}/__init__.py"):
                if self._source.is_file(path):
                    return path
        return ""
