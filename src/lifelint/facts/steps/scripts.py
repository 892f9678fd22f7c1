"""Scripts that do a step of the work by themselves, and the files that they read and write by name.

Code is read as a syntax tree and never imported. A path that only a run knows is no path here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from posixpath import normpath
from typing import NamedTuple

from lifelint.facts._python import Newer
from lifelint.facts._python import nodes as every
from lifelint.facts._python import parse as syntax_tree
from lifelint.facts._source import Source, Unreadable
from lifelint.facts._stepwords import EVALUATE, OF_CODE, PREPARE, TRAIN, words_in
from lifelint.facts.code import shows
from lifelint.facts.data import places
from lifelint.facts.data.formats import words
from lifelint.facts.data.pointer import Pointer

LARGEST = 1 << 20


class Script(NamedTuple):
    """A Python program that is named as a step of the work, in a repository that keeps data with DVC and has no
    pipeline.

    ``role`` is ``prepare``, ``train`` or ``evaluate``. ``reads`` and ``writes`` are literal paths, as the script has
    them: what they are relative to is where it is run. ``modules`` are the files of the repository that it imports.
    ``asks`` tells that it looks at its arguments, and ``relative`` that it can only be run as a part of its package.
    """

    path: str
    line: int
    role: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    modules: tuple[str, ...]
    asks: bool
    relative: bool


class Said(NamedTuple):
    """What the text of a script says. ``runs`` tells that it does something when it is run."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    asks: bool = False
    relative: bool = False
    runs: bool = False


_ABOUT = words("""
    profile profiling plot plots visualize visualise visualization config configs utils helpers monitor monitoring
    status submit launch server serve api app service time timing
""")
"""Words of what goes on around a step, and is none."""

_RUNNERS = (
    *("tasks.py", "dodo.py", "noxfile.py", "justfile", "Justfile", ".justfile"),
    *("Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml"),
)
"""Files of tools that run anything, which are not read for steps: what they declare, nobody knows here."""


def scripts(source: Source, pointers: Sequence[Pointer]) -> Iterator[Script]:
    """The scripts of a repository that keeps data with DVC and declares no stages, in the order of paths."""
    if not any(map(is_kept, pointers)) or source.named(*_RUNNERS):
        return
    if any(
        not places.is_fixture(path) and source.parse(path, has_stages) is not False for path in source.named("dvc.yaml")
    ):
        return
    from lifelint.facts.dvc.uses import Uses

    roles = {path: role for path in source.suffixed(".py") if (role := role_of(path)) and not _apart(path)}
    sizes = source.snapshot.sizes([*roles])
    wanted = [path for path in roles if sizes.get(path, 0) <= LARGEST]
    source.prefetch(wanted)
    uses = Uses(source)
    for path in wanted:
        said = source.parse(path, parse)
        if said and said.runs:
            modules = [one for one in uses.of_script(path) if one != path]
            yield Script(path, 0, roles[path], said.reads, said.writes, tuple(modules), said.asks, said.relative)


def has_stages(data: bytes) -> bool:
    """Whether a ``dvc.yaml`` declares stages, or cannot be read. It may hold artifacts, metrics or plots alone."""
    from lifelint.facts.dvc.definition import parse_definition

    try:
        definition = parse_definition(data)
    except Unreadable:
        return True
    return bool(definition.stages or definition.unfilled)


def is_kept(one: Pointer) -> bool:
    """Whether DVC keeps data there that no stage makes."""
    return one.system == "dvc" and one.kind == "data" and not one.stage and not places.is_fixture(one.path)


def role_of(path: str) -> str:
    """What a script is for by its name, or nothing. Splitting data is no training, whatever the parts are called."""
    found = words_in(path.rpartition("/")[2].removesuffix(".py"))
    if found & _ABOUT:
        return ""
    if "split" not in found and found.intersection(TRAIN):
        return "train"
    if "split" not in found and found.intersection(EVALUATE) - OF_CODE:
        return "evaluate"
    return "prepare" if found.intersection(PREPARE) else ""


def _apart(path: str) -> bool:
    return shows(path) or places.is_generated(path) or "tests" in places.folders(path)


def parse(data: bytes) -> Said:
    """What a script says of the files that it reads and writes; nothing where it is no Python.

    Raises:
        Newer: a newer Python may read it.
    """
    try:
        tree = syntax_tree(data)
    except Newer:
        raise
    except Unreadable:
        return Said()
    nodes = every(tree)
    if nodes is None:
        return Said()
    paths = _Paths(nodes)
    reads: dict[str, None] = {}
    writes: dict[str, None] = {}
    for node in nodes:
        if isinstance(node, ast.Call):
            mode, path = paths.of(node)
            if mode and path:
                (writes if mode == "w" else reads)[path] = None
    return Said(
        tuple(path for path in reads if path not in writes),
        tuple(writes),
        any(map(_asks, nodes)),
        any(isinstance(node, ast.ImportFrom) and node.level for node in nodes),
        any(map(_runs, tree.body)),
    )


def _runs(statement: ast.stmt) -> bool:
    """Whether a statement of a module does something: it calls, or asks whether the module is the program."""
    if isinstance(statement, ast.If):
        return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test))
    if isinstance(statement, (ast.For, ast.With, ast.While)):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


_ASKING = words("argparse click typer fire docopt hydra absl tyro jsonargparse")


def _asks(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] in _ASKING for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in _ASKING
    return isinstance(node, ast.Attribute) and node.attr == "argv"


_READ = words("loadtxt genfromtxt load load_model imread load_from_disk")
_READ_START = ("read_", "scan_")
_WRITTEN = words("""
    save savez savez_compressed savetxt save_model save_pretrained save_weights save_to_disk savefig dump imwrite Live
    write_csv write_parquet write_json to_csv to_parquet to_json to_pickle to_excel to_feather to_hdf
""")
_NAMES = ("path", "filepath_or_buffer", "path_or_buf", "fname", "file", "filename", "filepath", "f", "fp", "dir")
_OPENERS = words("io codecs gzip bz2 lzma")
_OF_PATH = {"read_text": "r", "read_bytes": "r", "write_text": "w", "write_bytes": "w"}
_LONGEST, _DEEPEST = 200, 20


class _Paths:
    """Reads paths out of the expressions of one file, where a name that is given one value stands for it."""

    def __init__(self, nodes: Sequence[ast.AST]) -> None:
        self._values: dict[str, ast.expr | None] = {}
        for node in nodes:
            if isinstance(node, ast.arg):
                self._values[node.arg] = None
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._values[node.id] = None if node.id in self._values else ast.Constant(None)
        for node in nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target, value = node.targets[0], node.value
                if isinstance(target, ast.Name) and self._values[target.id] is not None:
                    self._values[target.id] = value

    def of(self, call: ast.Call) -> tuple[str, str]:
        """How a call touches a file (``r`` or ``w``), and which; nothing where it does not, or that is not known."""
        func = call.func
        name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
        if name == "open" and isinstance(func, (ast.Name, ast.Attribute)):
            if isinstance(func, ast.Name) or (isinstance(func.value, ast.Name) and func.value.id in _OPENERS):
                return self._mode(call, 1), _usable(self._given(call, 1))
            return self._mode(call, 0), _usable(self.text(func.value))
        if name in _OF_PATH and isinstance(func, ast.Attribute):
            return _OF_PATH[name], _usable(self.text(func.value))
        if name in _READ or name.startswith(_READ_START):
            return "r", _usable(self._given(call, 1))
        return ("w", _usable(self._given(call, 2))) if name in _WRITTEN else ("", "")

    def _given(self, call: ast.Call, first: int) -> str:
        """The path among the first arguments of a call, or the one that is given by name."""
        named = [keyword.value for keyword in call.keywords if keyword.arg in _NAMES]
        return next(filter(None, map(self.text, [*call.args[:first], *named])), "")

    def _mode(self, call: ast.Call, at: int) -> str:
        given = [*call.args[at : at + 1], *(one.value for one in call.keywords if one.arg == "mode")]
        mode = self.text(given[0]) if given else "r"
        return "w" if set(mode) & set("wax+") else "r" if mode else ""

    def text(self, node: ast.expr, depth: int = 0) -> str:
        """The text that an expression is, joined where it joins paths; nothing where only a run knows it."""
        if depth > _DEEPEST:
            return ""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        if isinstance(node, ast.Name):
            value = self._values.get(node.id)
            return self.text(value, depth + 1) if value is not None else ""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return self._joined([node.left, node.right], depth)
        if isinstance(node, ast.Call) and not node.keywords:
            func = node.func
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            if name in ("join", "Path", "PurePath", "str"):
                return self._joined(node.args, depth)
        return ""

    def _joined(self, nodes: Sequence[ast.expr], depth: int) -> str:
        parts = [self.text(one, depth + 1) for one in nodes]
        return "/".join(parts) if parts and all(parts) else ""


def _usable(path: str) -> str:
    """A path below where the script is run, in one way of writing it; nothing for anything else."""
    if not path or len(path) > _LONGEST or not path.isprintable() or path.startswith(("/", "~", "-")):
        return ""
    if any(sign in path for sign in ("://", "\\", "${", "*", "[", "{")):
        return ""
    made = normpath(path)
    return "" if made == "." or made.startswith("..") else made
