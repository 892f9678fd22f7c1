"""What a stage's command runs and what that imports."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.dvc import commands
from lifelint.facts.dvc.commands import named
from tests.conftest import facts_of


@pytest.mark.parametrize(
    ("cmd", "paths"),
    [
        ("python src/train.py --lr 0.1", ["src/train.py"]),
        ("cd src && python train.py; cd .. && python b.py", ["src/train.py", "b.py"]),
        ("python a.py > out.txt 2>&1 < in.txt", ["a.py", "in.txt"]),
        ("poetry run python3.11 a.py", ["a.py"]),
        ("make -C sub --config=conf/a.yaml", ["conf/a.yaml"]),
        ("echo src/a.py && rm src/b.py", []),
        ("python $HOME/a.py ~/b.py /abs/c.py s3://b/k", []),
        ("papermill in.ipynb out.ipynb", ["in.ipynb"]),
        ("LR=1 python \\\n  a.py", ["a.py"]),
        ("python 'unbalanced", []),
        ("bash a.sh || exit 1 | tee log.txt", ["a.sh", "log.txt"]),
    ],
)
def test_paths_that_a_command_names(cmd: str, paths: list[str]) -> None:
    found = [item.path for item in named(cmd, "") if item.path.endswith((".py", ".sh", ".txt", ".yaml", ".ipynb"))]

    assert found == paths


def uses(cmd: str, files: dict[str, str], deps: str = "") -> dict[str, str]:
    """Undeclared files, and who imports them."""
    text = f"stages:\n  s:\n    cmd: {cmd}\n    deps: [{deps}]\n    outs: [o]\n"
    [stage] = facts_of({"dvc.yaml": text, **files})["stages"].items
    return {use.path: f"{use.by}:{use.line}" if use.by else "" for use in stage.uses if not use.declared}


def test_imports_are_followed_from_the_folder_of_the_script() -> None:
    files = {"src/train.py": "import os\nimport a\n", "src/a.py": "from b import c\n", "src/b/c.py": "", "a.py": ""}

    assert uses("python src/train.py", files) == {
        "src/train.py": "",
        "src/a.py": "src/train.py:2",
        "src/b/c.py": "src/a.py:1",
    }


def test_modules_start_at_the_working_folder_and_relative_imports_at_their_package() -> None:
    files = {
        "pkg/train.py": "from . import a\nfrom .sub.b import x\n",
        "pkg/__init__.py": "",
        "pkg/a.py": "",
        "pkg/sub/b.py": "from ..c import y\n",
        "pkg/c.py": "",
    }

    assert set(uses("python -m pkg.train", files)) == {"pkg/train.py", "pkg/a.py", "pkg/sub/b.py", "pkg/c.py"}


def test_the_own_package_is_found_wherever_it_is_installed_from() -> None:
    files = {
        "scripts/train.py": "from mypkg.model import Net\n",
        "src/mypkg/model.py": "",
        "src/mypkg/__init__.py": "import x\n",
    }

    assert set(uses("python scripts/train.py", files, "scripts")) == {"src/mypkg/model.py"}


@pytest.mark.parametrize(
    "text",
    [
        "import datasets\nfrom datasets import load_dataset\n",  # somebody else's, not the folder here
        "def f():\n    import a\n",
        "if TYPE_CHECKING:\n    from a import x\n",
        "try:\n    import a\nexcept ImportError:\n    a = None\n",
        "import importlib\n",
        "this is not python\n",
    ],
)
def test_only_what_certainly_happens_counts(text: str) -> None:
    files = {"src/train.py": text, "src/a.py": "", "datasets/__init__.py": "", "datasets.py": ""}

    assert uses("python src/train.py", files, "src/train.py") == {}


def test_a_folder_covers_what_is_in_it_and_pythonpath_is_known() -> None:
    files = {"jobs/t.py": "import shared\n", "lib/shared.py": ""}

    assert uses("PYTHONPATH=lib python jobs/t.py", files, "jobs") == {"lib/shared.py": "jobs/t.py:1"}
    assert uses("PYTHONPATH=lib python jobs/t.py", files, "jobs, lib") == {}
    assert uses("PYTHONPATH=lib python jobs/t.py", files, "'.'") == {}


def test_imports_in_a_circle_end() -> None:
    assert set(uses("python a.py", {"a.py": "import b\n", "b.py": "import a\n"})) == {"a.py", "b.py"}


@given(st.text("abZ09_./=:,@%+ -\n\\'\"#~*;&|<>", max_size=20))
def test_text_without_signs_of_the_shell_is_split_as_by_the_shell(line: str) -> None:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""

    if commands._SIMPLE.fullmatch(line):
        assert line.split() == list(lexer)
