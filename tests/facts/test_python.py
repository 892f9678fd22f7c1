"""Reading Python: also what is newer than the Python that runs."""

from __future__ import annotations

import ast
import json
import sys
from typing import Any

import pytest

from lifelint.checks.pipeline import dependencies_complete
from lifelint.facts._newer import hint, without_type_parameters
from lifelint.facts._python import Newer, parse
from lifelint.facts._source import Unreadable
from tests.conftest import facts_of

GENERIC = """\
import datasets

type Rows[T] = list[
    T  # of the set
]

class Cache[
    T: (int, str),
    *Ts = *tuple[int, ...],
](dict[str, T]):
    type Key = str

    async def read[**P](self, text="class A[T]: type X = 1"):
        type = self.type
        return datasets.load_dataset("squad", revision=type[0])
"""


def test_type_parameters_are_left_out_and_lines_stay() -> None:
    plain = without_type_parameters(GENERIC)
    [found] = [node for node in ast.walk(parse(plain)) if isinstance(node, ast.Call)]
    assert (found.lineno, ast.unparse(found)) == (15, "datasets.load_dataset('squad', revision=type[0])")
    lines = plain.splitlines()
    assert len(lines) == len(GENERIC.splitlines())
    assert [lines[n] for n in (2, 6, 9)] == ["list[", "class Cache\\", "(dict[str, T]):"]
    assert lines[12:] == ['    async def read(self, text="class A[T]: type X = 1"):', *GENERIC.splitlines()[13:]]


@pytest.mark.parametrize(
    "code",
    [
        "type = 1\ntype [0]\n",
        "if type in [1]:\n    pass\nx = type\n",
        "class A(B[T]): pass\ndef f(x: list[int]) -> dict[str, int]: ...\n",
        "x = {'type': [1]}\nmatch type:\n    case [1]: pass\n",
        "def f(: [[[",
        "type X[",
        "class A[T",
        "",
    ],
)
def test_everything_else_stays_as_it_is(code: str) -> None:
    assert without_type_parameters(code) == code


@pytest.mark.skipif(sys.version_info < (3, 13), reason="compares with a Python that knows type parameters")
def test_what_is_left_is_what_a_newer_python_reads() -> None:
    class Plain(ast.NodeTransformer):
        def generic_visit(self, node: ast.AST) -> ast.AST:
            super().generic_visit(node)
            if hasattr(node, "type_params"):
                node.type_params = []
            return ast.Expr(node.value) if isinstance(node, ast.TypeAlias) else node  # type: ignore[attr-defined]

    new: Any = Plain().visit(ast.parse(GENERIC))
    assert ast.dump(ast.parse(without_type_parameters(GENERIC))) == ast.dump(new)


@pytest.mark.parametrize(
    ("message", "line", "named"),
    [
        ("f-string: unmatched '['", 'return {"id": f"{user["id"]}"}', "an f-string of Python 3.12"),
        ("invalid decimal literal", 'f"{v:{f"0.2f"}}"', "an f-string of Python 3.12"),
        ("unterminated string literal (detected at line 1)", 'x = rf"{', "an f-string of Python 3.12"),
        ("f-string: empty expression not allowed", 'f"{}"', ""),
        ("unterminated string literal (detected at line 1)", 'x = f"{a} b', ""),
        ("invalid syntax", "x = t'{a}'", "a template string of Python 3.14"),
        ("invalid syntax", 'print "don\'t" \'t\' "t"', ""),
        ("multiple exception types must be parenthesized", "except A, b.Error:", "an except clause of Python 3.14"),
        ("multiple exception types must be parenthesized", "except Exception, e:", ""),
        ("invalid syntax", None, ""),
    ],
)
def test_a_newer_python_is_named_only_where_one_may_read_it(message: str, line: str | None, named: str) -> None:
    error = SyntaxError(message, ("<unknown>", 1, 1, line))
    assert (named in hint(error, (3, 11))) if named else hint(error, (3, 11)) == ""
    assert hint(error, (3, 14)) == ""


def test_odd_escapes_are_nobody_s_business() -> None:
    assert ast.unparse(parse(r"x = '\d'")) == r"x = '\\d'"


@pytest.mark.parametrize("code", ["print 'x'", b"\xff\xfe", "x = '\0'", "(" * 5_000, "-" * 300_000 + "1"])
def test_what_no_python_reads_is_told_so(code: str | bytes) -> None:
    with pytest.raises(Unreadable, match=r"^is not Python that this interpreter can parse$") as told:
        parse(code)
    assert not isinstance(told.value, Newer)


TEMPLATED = "import datasets\nx = t'{1}'\ndatasets.load_dataset('squad')\n"
needs_an_older_python = pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python reads template strings")


@needs_an_older_python
def test_the_line_that_needs_a_newer_python_is_told() -> None:
    [unread] = facts_of({"a.py": TEMPLATED}).get("references").unread
    assert (unread.path, unread.line) == ("a.py", 2)
    assert unread.message.endswith(
        "; it looks like a template string of Python 3.14, which lifelint reads when that or a newer one runs it"
    )


@needs_an_older_python
def test_so_is_the_line_of_a_notebook_if_a_reference_may_be_there() -> None:
    def unread(*sources: str) -> list[tuple[str, int]]:
        cells = [{"cell_type": "code", "source": source.splitlines(keepends=True)} for source in sources]
        notebook = json.dumps({"cells": cells}, indent=1)
        found = facts_of({"a.ipynb": notebook}).get("references").unread
        return [(one.path, notebook.splitlines()[one.line - 1].strip(' ",')) for one in found]

    assert unread("import datasets\n", TEMPLATED) == [("a.ipynb", "x = t'{1}'\\n")]
    assert unread("x = t'{1}'\n", "import datasets\ndatasets.load_dataset('squad')\n") == []


@needs_an_older_python
def test_a_stage_whose_module_cannot_be_read_may_import_more() -> None:
    files = {
        "dvc.yaml": "stages: {a: {cmd: python a.py, deps: [a.py, b.py]}, c: {cmd: python c.py, deps: [c.py]}}\n",
        "a.py": "import b\n",
        "b.py": "x = t'{1}'\nimport c\n",
        "c.py": "",
    }
    made = facts_of(files).get("stages")
    assert not made.unread
    first, second = dependencies_complete(made.items)
    assert (first.ok, first.subject, second.ok) == (None, "stage:a", True)
    assert first.detail.startswith("may import more: b.py:1 is not Python that this interpreter can parse; it looks")


@needs_an_older_python
def test_what_a_script_says_is_unknown_then() -> None:
    files = {
        "data.csv.dvc": "outs:\n- path: data.csv\n  md5: 5d41402abc4b2a76b9719d911017c592\n  size: 5\n",
        "train.py": "x = t'{1}'\nopen('data.csv')\n",
    }
    assert [(one.path, one.line) for one in facts_of(files).get("scripts").unread] == [("train.py", 1)]
