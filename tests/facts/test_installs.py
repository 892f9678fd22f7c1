"""What commands install by name, and which commands are found at all."""

from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._commands import Command, commands
from lifelint.facts._installs import installed, words_of
from lifelint.facts._source import Unreadable
from lifelint.facts._taskfiles import parse_makefile, parse_mise, parse_nox, parse_poe, parse_tox
from lifelint.facts.installs import Install
from tests.conftest import facts_of


def found(text: str) -> list[tuple[str, str, bool | None]]:
    return [(i.tool, i.name, i.exact) for c in commands(text) for i in installed(c, {})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install numpy", [("pip", "numpy", False)]),
        ("sudo -H python3.11 -m pip --no-cache-dir install 'a==1.0' b", [("pip", "a", True), ("pip", "b", False)]),
        ("uv pip install --system torch==2.4.1+cu124", [("pip", "torch", True)]),
        ("if ok; then pip install a; fi", [("pip", "a", False)]),
        ("X=1 Y='a b' pip install a", [("pip", "a", False)]),
        ("conda run -n env pip install a", [("pip", "a", False)]),
        ("poetry run pip install a", [("pip", "a", False)]),
        ("pip install a \\\n  b==1.0", [("pip", "a", False), ("pip", "b", True)]),
        ("pip install -r requirements.txt -e . ./lib dist/x.whl", []),
        ("pip install -c limits.txt a", [("pip", "a", None)]),
        ("pip install $WHEEL", [("pip", "$WHEEL", None)]),
        ("pip install `cat x` > log 2>&1", [("pip", "`cat", None), ("pip", "x`", None)]),
        ("conda install -y -c conda-forge a=1.2.3 b", [("conda", "a", True), ("conda", "b", False)]),
        ("micromamba create -n x python=3.11.7 a=1.2", [("conda", "python", True), ("conda", "a", None)]),
        ("conda env create -f environment.yml", []),
        ("echo pip install a; printf 'pip install b'", []),
        ("# pip install a\necho done", []),
        ("cat <<EOF > readme\npip install a\nEOF\npip install b", [("pip", "b", False)]),
        ("bash <<EOF\npip install a\nEOF", [("pip", "a", False)]),
        ("pip install 'unclosed", []),
        ("done\ndot -Tpng pip install a", []),
    ],
)
def test_what_a_command_installs(text: str, expected: list[tuple[str, str, bool | None]]) -> None:
    assert found(text) == expected


def test_commands_know_their_lines() -> None:
    assert [*commands("a\nb \\\n  c && d\n\ne", 10)] == [
        Command(10, "a"),
        Command(11, "b    c"),
        Command(11, "d"),
        Command(14, "e"),
    ]


WORKFLOW = """\
name: {name}
on: push
jobs:
  {job}:
    runs-on: ubuntu-latest
    steps:
      - run: |
          {command}
"""


def installs_of(files: dict[str, str]) -> list[Install]:
    made = facts_of(files)["installs"]
    assert not made.unread
    return list(made.items)


@pytest.mark.parametrize(
    ("path", "name", "job", "role"),
    [
        ("train.yml", "x", "run", "runtime"),
        ("main.yml", "Retraining", "run", "runtime"),
        ("main.yml", "x", "deploy", "runtime"),
        ("publish.yml", "x", "deploy", "dev"),
        ("docs.yml", "x", "deploy", "dev"),
        ("train.yml", "x", "lint", "dev"),
        ("train.yml", "x", "test", "test"),
        ("ci.yml", "CI pipeline", "build", "test"),
        ("main.yml", "constraints", "restrained", "test"),
    ],
)
def test_the_role_of_a_job_is_told_by_its_names(path: str, name: str, job: str, role: str) -> None:
    text = WORKFLOW.format(name=name, job=job, command="pip install a")
    [install] = installs_of({f".github/workflows/{path}": text})

    assert (install.role, install.where, install.line) == (role, "workflow", 8)


def test_a_job_that_runs_the_pipeline_is_no_mere_test() -> None:
    text = WORKFLOW.format(name="x", job="build", command="pip install a\n          dvc repro")

    assert [i.role for i in installs_of({".github/workflows/main.yml": text})] == ["runtime"]


def test_expressions_are_open_and_not_taken_for_names() -> None:
    text = WORKFLOW.format(name="x", job="train", command="pip install a==${{ matrix.a }} b")

    assert [(i.name, i.exact) for i in installs_of({".github/workflows/w.yml": text})] == [
        ("a==$EXPRESSION", None),
        ("b", False),
    ]


@pytest.mark.parametrize(
    ("command", "files", "place"),
    [
        ("make setup", {"Makefile": "setup: deps\n\tx\ndeps:\n\t@pip install a\n"}, ("Makefile", 4)),
        ("make -C sub", {"sub/Makefile": "all:\n\tpip install a\n"}, ("sub/Makefile", 2)),
        ("just setup", {"justfile": "default:\n  ls\nsetup x='1':\n  pip install a\n"}, ("justfile", 4)),
        ("mise run setup", {"mise.toml": '[tasks.setup]\nrun = "pip install a"\n'}, ("mise.toml", 2)),
        ("poe setup", {"pyproject.toml": '[tool.poe.tasks]\nsetup = "pip install a"\n'}, ("pyproject.toml", 2)),
        ("uv run poe x", {"pyproject.toml": '[tool.poe.tasks]\nx.shell = "pip install a"\n'}, ("pyproject.toml", 2)),
        ("tox -e py", {"tox.ini": "[testenv:py]\ndeps =\n  a\ncommands = x\n"}, ("tox.ini", 3)),
        ("nox -s t", {"noxfile.py": "def t(session):\n    session.install('a')\n"}, ("noxfile.py", 2)),
        ("bash ./s.sh", {"s.sh": "x\npip install a\n"}, ("s.sh", 2)),
        ("source bin/s.sh", {"bin/s.sh": "bash bin/t.sh\n", "bin/t.sh": "pip install a\n"}, ("bin/t.sh", 1)),
    ],
)  # fmt: skip
def test_what_a_workflow_runs_is_followed_into_files_of_the_tree(
    command: str, files: dict[str, str], place: tuple[str, int]
) -> None:
    text = WORKFLOW.format(name="x", job="train", command=command)
    [install] = installs_of({**files, ".github/workflows/w.yml": text})

    assert ((install.path, install.line), install.name, install.role) == (place, "a", "runtime")


def test_tasks_that_call_each_other_end() -> None:
    text = WORKFLOW.format(name="x", job="train", command="make a")
    files = {"Makefile": "a: b\n\tmake b\nb: a\n\tmake a\n\tpip install x\n", ".github/workflows/w.yml": text}

    assert [i.name for i in installs_of(files)] == ["x"]


def test_scripts_that_nothing_runs_are_not_read() -> None:
    assert installs_of({"setup.sh": "pip install a\n", "Makefile": "x:\n\tpip install a\n"}) == []


def test_a_dockerfile_leads_to_scripts_beside_it_or_at_the_top() -> None:
    files = {
        "docker/Dockerfile": "FROM x\nCOPY . .\nRUN ./install.sh && bash scripts/more.sh\n",
        "docker/install.sh": "pip install a\n",
        "scripts/more.sh": "pip install b\n",
    }

    assert [(i.path, i.name, i.where) for i in installs_of(files)] == [
        ("docker/install.sh", "a", "container"),
        ("scripts/more.sh", "b", "container"),
    ]


def test_magics_of_notebooks_are_commands_and_their_prose_is_not() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["!pip install prose"]},
        {"cell_type": "code", "source": ["x\n", "  !pip install -q a\n", "%conda install b=1.2.3\n", "pip install c"]},
        {"cell_type": "code", "source": "! python -m pip install d==1.0"},
        {"cell_type": "code", "source": None},
        "junk",
    ]  # fmt: skip
    text = json.dumps({"cells": cells}, indent=1)
    made = installs_of({"train.ipynb": text})

    assert [(i.tool, i.name, i.exact) for i in made] == [("pip", "a", False), ("conda", "b", True), ("pip", "d", True)]
    assert ["install -q a" in text.splitlines()[i.line - 1] for i in made] == [True, False, False]


def test_a_notebook_that_is_no_json_is_told_once() -> None:
    made = facts_of({"train.ipynb": '{"cells": ["pip install a"\n'})["installs"]

    assert [u.path for u in made.unread] == ["train.ipynb"]


@pytest.mark.parametrize("parse", [parse_makefile, parse_mise, parse_nox, parse_poe, parse_tox])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[a\n=\n:\n", b"((((" * 9000, b"[tasks]\na = 1\n", b"[testenv\n"])
def test_junk_is_empty_or_unreadable(parse: object, data: bytes) -> None:
    try:
        assert isinstance(parse(data), dict)  # type: ignore[operator]
    except Unreadable as error:
        assert error.message


@given(st.text(alphabet="ab=-[]<>$ \t\n\x0b\x1c\\'\"#é\u2028", max_size=20))
def test_words_are_those_of_the_shell(text: str) -> None:
    try:
        expected = shlex.split(text, comments=True)
    except ValueError:
        with pytest.raises(ValueError):
            words_of(text)
        return

    assert words_of(text) == expected
