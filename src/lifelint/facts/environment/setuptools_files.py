"""``setup.cfg`` and ``setup.py``, read without running them: literal lists count, everything else is dynamic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import decode
from lifelint.facts.environment import roles
from lifelint.facts.environment.nouns import Requirement
from lifelint.facts.environment.requirement import requirement

if TYPE_CHECKING:
    import ast

MAX_SETUP = 500_000


class SetupFile(NamedTuple):
    """What a setup file asks for. ``files`` are the requirements files whose names appear in a dynamic ``setup.py``."""

    requirements: tuple[Requirement, ...] = ()
    files: tuple[str, ...] = ()
    dynamic: str = ""
    library: bool = False
    requires_python: str = ""
    requires_python_line: int = 0
    line: int = 0


def parse_setup_cfg(data: bytes) -> SetupFile:
    """``[options] install_requires``, ``[options.extras_require]`` and ``python_requires`` (setuptools docs)."""
    import configparser

    text = decode(data)
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        line = getattr(error, "lineno", 0) or 0
        raise Unreadable("is not valid INI: " + str(error).partition("\n")[0], line) from None
    lines = text.splitlines()
    listed: dict[str, str] = {}
    if parser.has_option("options", "install_requires"):
        listed[""] = parser.get("options", "install_requires") or ""
    if parser.has_section("options.extras_require"):
        listed |= {extra: value or "" for extra, value in parser.items("options.extras_require")}
    found, files = [], []
    for group, value in listed.items():
        if value.strip().startswith("file:"):
            files += [name.strip() for name in re.split(r"[,\n]", value.strip()[5:]) if name.strip()]
            continue
        entries = [item.strip() for item in re.split(r"\n|;(?=\s*\n)", value) if item.strip()]
        found += _requirements(((e, _line_of(lines, e)) for e in entries if not e.startswith("#")), group)
    python = parser.get("options", "python_requires", fallback="") or ""
    return SetupFile(
        tuple(found),
        tuple(files),
        library="classifiers" in (parser["metadata"] if parser.has_section("metadata") else {}),
        requires_python=python,
        requires_python_line=_line_of(lines, "python_requires") if python else 0,
        line=_line_of(lines, "install_requires") if listed else 0,
    )


def _line_of(lines: list[str], text: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if text in line), 0)


def _requirements(items: Iterable[tuple[str, int]], group: str) -> list[Requirement]:
    found = []
    for text, line in items:
        if not text.partition("#")[0].strip():
            continue  # setuptools (_reqs.py, yield_lines) passes over these too
        try:
            found.append(requirement(text, line=line, group=group, role=roles.of_group(group) if group else "runtime"))
        except ValueError as error:
            raise Unreadable(f"holds a dependency that is not PEP 508: {text!r} {error}", line) from None
    return found


def parse_setup_py(data: bytes) -> SetupFile:
    """The keywords of the call of ``setup``, as far as they are literals or names assigned once at the top level."""
    import ast

    from lifelint.facts._python import parse

    text = decode(data)
    if len(text) > MAX_SETUP:
        raise Unreadable(f"has more than {MAX_SETUP} characters")
    tree = parse(text)
    call = next((node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "setup"), None)
    if call is None:
        return SetupFile()
    names = _assigned(tree)
    keywords = {k.arg: k.value for k in call.keywords if k.arg}
    found: list[Requirement] = []
    dynamic = "setup(**…) takes its keywords from elsewhere" if any(k.arg is None for k in call.keywords) else ""
    wanted = {"": keywords.get("install_requires")} | _extras(keywords.get("extras_require"), names)
    for group, value in wanted.items():
        if value is None:
            continue
        items = _strings(value, names)
        if items is None:
            dynamic = dynamic or "install_requires is computed when setup.py runs"
        else:
            found += _requirements(items, group)
    python = _strings(keywords["python_requires"], names) if "python_requires" in keywords else None
    return SetupFile(
        tuple(found),
        _mentioned(tree) if dynamic else (),
        dynamic,
        library=bool(_strings(keywords["classifiers"], names) or ()) if "classifiers" in keywords else False,
        requires_python=python[0][0] if python and len(python) == 1 else "",
        requires_python_line=python[0][1] if python and len(python) == 1 else 0,
        line=call.lineno,
    )


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _assigned(tree: ast.Module) -> Mapping[str, ast.expr]:
    import ast

    found: dict[str, list[ast.expr]] = {}
    touched = {getattr(n.target, "id", "") for n in ast.walk(tree) if isinstance(n, ast.AugAssign)}
    touched |= {
        getattr(node.func.value, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("append", "extend", "insert", "remove")
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1 and name not in touched}


def _extras(value: ast.expr | None, names: Mapping[str, ast.expr]) -> dict[str, ast.expr | None]:
    import ast

    if isinstance(value, ast.Name):
        value = names.get(value.id)
    if not isinstance(value, ast.Dict):
        return {}
    pairs = zip(value.keys, value.values, strict=True)
    return {str(k.value): v for k, v in pairs if isinstance(k, ast.Constant) and _strings(v, names) is not None}


def _strings(value: ast.expr, names: Mapping[str, ast.expr], depth: int = 0) -> list[tuple[str, int]] | None:
    import ast

    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [(value.value, value.lineno)]
    if isinstance(value, ast.Name) and value.id in names and depth < 10:
        return _strings(names[value.id], names, depth + 1)
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        parts = [_strings(item, names, depth + 1) for item in value.elts] if depth < 10 else [None]
        return None if any(part is None for part in parts) else [item for part in parts if part for item in part]
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and depth < 10:
        left, right = _strings(value.left, names, depth + 1), _strings(value.right, names, depth + 1)
        lists = isinstance(value.left, (ast.List, ast.Name)) and isinstance(value.right, (ast.List, ast.Name))
        return None if left is None or right is None or not lists else [*left, *right]
    return None


def _mentioned(tree: ast.Module) -> tuple[str, ...]:
    import ast

    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return tuple(sorted(t for t in texts if re.fullmatch(r"(?:\./)?[\w./-]*req[\w.-]*\.(?:txt|in)", t)))
