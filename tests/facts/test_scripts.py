"""Scripts that do a step by themselves: what they are for, and the files that they name."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.steps.scripts import Said, Script, parse, role_of
from tests.conftest import facts_of

POINTER = {"data/a.csv.dvc": "outs:\n- md5: 14d187e749ee5614e105741c719fa185\n  path: a.csv\n"}
RUNS = "print('here')\n"


def scripts_in(files: dict[str, str]) -> list[Script]:
    return list(facts_of(files)["scripts"].items)


def said(code: str) -> Said:
    return parse(dedent(code).encode())


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("src/train.py", "train"),
        ("fine_tune_bert.py", "train"),
        ("trainModel.py", "train"),
        ("evaluate.py", "evaluate"),
        ("src/train_test_split.py", "prepare"),
        ("featurization.py", "prepare"),
        ("test.py", ""),
        ("strain.py", ""),
        ("profile_training_time.py", ""),
        ("utils.py", ""),
    ],
)
def test_what_a_script_is_for_by_its_name(path: str, role: str) -> None:
    assert role_of(path) == role


@pytest.mark.parametrize(
    ("code", "reads", "writes"),
    [
        ("pd.read_csv('data/a.csv').to_parquet('data/b.parquet')", ["data/a.csv"], ["data/b.parquet"]),
        ("json.load(open('a.json')); json.dump(x, open('b.json', 'w'))", ["a.json"], ["b.json"]),
        ("open('a.txt', mode='rb'); open('b.txt', 'a')", ["a.txt"], ["b.txt"]),
        ("open('a.txt', mode)", [], []),
        ("path.open('w'); gzip.open('a.gz')", ["a.gz"], []),
        ("joblib.dump(model, 'm.pkl'); torch.save(m, 'm.pt'); np.save('x.npy', x)", [], ["m.pkl", "m.pt", "x.npy"]),
        ("out = os.path.join('data', 'out.csv')\nframe.to_csv(out)", [], ["data/out.csv"]),
        ("HERE = Path('data')\n(HERE / 'a.txt').read_text()\n(HERE / 'b').write_text('')", ["data/a.txt"], ["data/b"]),
        ("p = Path('a.bin')\nwith p.open('wb') as f: pass", [], ["a.bin"]),
        ("name = 'a.csv'\nname = 'b.csv'\npd.read_csv(name)", [], []),
        ("def f(name): pd.read_csv(name)\nname = 'a.csv'", [], []),
        ("for name in names: pd.read_csv(name)", [], []),
        ("x = y\ny = x\npd.read_csv(x)", [], []),
        ("pd.read_csv(f'{folder}/a.csv'); pd.read_csv('https://a.b/c.csv'); pd.read_csv('/abs/a.csv')", [], []),
        ("pd.read_csv('../a.csv'); open('${x}', 'w'); open('a*', 'w'); open('~/a')", [], []),
        ("pd.read_csv(filepath_or_buffer='./a//b.csv')", ["a/b.csv"], []),
        ("x = pd.read_csv('a.csv'); x.to_csv('a.csv')", [], ["a.csv"]),
        ("with Live('eval') as live: pass", [], ["eval"]),
    ],
)
def test_the_paths_that_it_names(code: str, reads: list[str], writes: list[str]) -> None:
    found = said(code)

    assert (list(found.reads), list(found.writes)) == (reads, writes)


@pytest.mark.parametrize(
    ("code", "runs", "asks", "relative"),
    [
        ("main()", True, False, False),
        ("def main(): main()", False, False, False),
        ("if __name__ == '__main__':\n    main()", True, False, False),
        ("if DEBUG:\n    main()", False, False, False),
        ("import sys\nprint(sys.argv[1])", True, True, False),
        ("from argparse import ArgumentParser", False, True, False),
        ("from . import other\nother.main()", True, False, True),
    ],
)
def test_how_it_is_run(code: str, runs: bool, asks: bool, relative: bool) -> None:
    found = said(code)

    assert (found.runs, found.asks, found.relative) == (runs, asks, relative)


def test_only_where_dvc_keeps_data_and_nothing_declares_stages() -> None:
    alone = {"train.py": RUNS}
    stage = {"dvc.yaml": "stages: {a: {cmd: b}}\n"}

    assert scripts_in(alone) == []
    assert [one.path for one in scripts_in({**alone, **POINTER})] == ["train.py"]
    assert [one.path for one in scripts_in({**alone, **POINTER, "dvc.yaml": "metrics: [m.json]\n"})] == ["train.py"]
    assert scripts_in({**alone, **POINTER, **stage}) == []
    assert scripts_in({**alone, **POINTER, "dvc.yaml": "stages: ["}) == []
    assert scripts_in({**alone, **POINTER, "tasks.py": "import invoke\n"}) == []
    assert scripts_in({**alone, "model.pkl.dvc": POINTER["data/a.csv.dvc"].replace("a.csv", "model.pkl")}) == []


def test_what_shows_or_tries_something_is_left_out() -> None:
    files = dict.fromkeys(("tests/train.py", "examples/train.py", "test_train.py", "train.py", "docs/fit.py"), RUNS)

    assert [one.path for one in scripts_in({**files, **POINTER})] == ["train.py"]


def test_modules_of_the_repository_that_it_imports() -> None:
    files = {"src/train.py": "import os, features\nmain()\n", "src/features.py": "import more\n", "src/more.py": ""}
    [script] = scripts_in({**files, **POINTER})

    assert script.modules == ("src/features.py", "src/more.py")


@given(st.binary(max_size=200) | st.text(alphabet="()[]'\"ab.=/open,\n ", max_size=200).map(str.encode))
def test_anything_is_looked_through(data: bytes) -> None:
    for path in (*parse(data).reads, *parse(data).writes):
        assert path and not path.startswith(("/", ".."))


@pytest.mark.parametrize("code", ["print 'two'", "\0", "(" * 5000, "x = " + "-" * 20_000 + "1", "a / " * 3000 + "b"])
def test_hostile_code_says_nothing(code: str) -> None:
    assert parse(code.encode()).reads == ()
