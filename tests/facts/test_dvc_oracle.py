"""Staleness against the real ``dvc status``, over generated mutations of one project that uses the whole language."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import posixpath
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.facts.dvc.stage import Stage
from lifelint.snapshot.memory import MemorySnapshot
from tests.conftest import write

pytest.importorskip("dvc")
pytestmark = pytest.mark.filterwarnings("ignore")  # dvc's own
os.environ["DVC_NO_ANALYTICS"] = "1"

PROJECT = {
    ".dvcignore": "*.tmp\n/scratch/\n!keep.tmp\n",
    "dvc.yaml": r"""
vars:
  - config/extra.yaml
  - config/other.yaml:kinds,sizes
  - flags: {verbose: true, quiet: false, deep: {lr: 0.01, names: [a, 'b c']}}
stages:
  prepare:
    cmd: cp data/raw.txt data/prepared.txt
    deps:
      - data/raw.txt
      - src/prepare.py
    params:
      - prepare.seed
      - prepare.split
    outs:
      - data/prepared.txt
  train:
    foreach: ${models}
    do:
      cmd: echo train ${item} ${flags.verbose} --rate ${train.lr} > model-${item}.txt
      deps:
        - data/prepared.txt
        - src/train.py
      params:
        - train.lr
        - train.layers
      outs:
        - model-${item}.txt
  named:
    foreach: ${sizes}
    do:
      cmd: echo ${key} ${item.width} > named-${key}.txt
      outs:
        - named-${key}.txt:
            cache: false
  grid:
    matrix:
      fold: [0, 1]
      kind: ${kinds}
      shape:
        - {n: 1}
    cmd: echo ${item.fold} ${item.kind.name} ${item.shape.n} ${key} > grid-${key}.txt
    deps:
      - src/prepare.py
    outs:
      - grid-${key}.txt
  options:
    cmd: echo ${flags} \${HOME} > options.txt
    outs:
      - options.txt:
          persist: true
  evaluate:
    cmd: cp src/metrics.in metrics.json
    deps:
      - model-small.txt
      - src/metrics.in
    metrics:
      - metrics.json:
          cache: false
  report:
    cmd:
      - echo one > report.txt
      - echo ${title} >> report.txt
    deps:
      - metrics.json
    plots:
      - report.txt:
          cache: false
          x: a
  inner:
    wdir: sub
    vars:
      - local: 3
    cmd: echo ${local} > made.txt
    deps:
      - ../src/train.py
      - in.txt
    params:
      - depth
      - ../params.yaml:
          - train.lr
    outs:
      - made.txt
  folder:
    cmd: ls src > listing.txt
    deps:
      - src
    outs:
      - listing.txt
  configs:
    cmd: echo > configs.txt
    params:
      - conf.py:
          - RATE
          - Model.depth
          - Init.width
          - PAIR
      - conf.json:
          - a.b
          - list.1
      - conf.toml:
          - train.lr
      - whole.yaml:
    outs:
      - configs.txt
  icy:
    frozen: true
    cmd: cp src/train.py icy.txt
    deps:
      - src/train.py
    outs:
      - icy.txt
  always:
    always_changed: true
    cmd: cp src/train.py always.txt
    deps:
      - src/train.py
    outs:
      - always.txt
  callback:
    cmd: echo hello
  legacy:
    cmd: cp old/crlf.txt old/out.txt
    deps:
      - old/crlf.txt
      - old/bin.dat
      - old/dir
    outs:
      - old/out.txt:
          cache: false
""",
    "other/dvc.yaml": """
stages:
  use:
    cmd: cp ../data/prepared.txt used.txt
    deps:
      - ../data/prepared.txt
      - ../model-big.txt
    params:
      - alpha
    outs:
      - used.txt
""",
    "other/params.yaml": "alpha: 1\n",
    "params.yaml": """
prepare: {seed: 42, split: 0.20}
train:
  lr: 1e-3
  layers: [1, 2, 3]
models: [small, big]
title: "a title"
unused: on
""",
    "config/extra.yaml": "extra: {x: 1}\n",
    "config/other.yaml": "kinds: [{name: k0}, {name: k1}]\nsizes: {s: {width: 1}, m: {width: 2}}\nother: 1\n",
    "sub/params.yaml": "depth: 4\nunused: 5\n",
    "sub/in.txt": "in\n",
    "conf.py": (
        "RATE = 0.5\nNAME = 'x'\nPAIR = (1, 2)\nclass Model:\n    depth: int = 3\n"
        "class Init:\n    def __init__(self):\n        self.width = 7\n"
    ),
    "conf.json": '{"a": {"b": 1, "c": 2}, "list": [1, 2, 3]}',
    "conf.toml": '[train]\nlr = 0.1\nname = "x"\n',
    "whole.yaml": "one: 1\ntwo: {three: 3}\n",
    "src/prepare.py": "print('prepare')\n",
    "src/train.py": "print('train')\nprint('more')\n",
    "src/metrics.in": '{"auc": 0.5}\n',
    "src/deep/lib.py": "x = 1\n",
    "src/deep/junk.tmp": "junk\n",
    "src/keep.tmp": "kept\n",
    "old/crlf.txt": "a\r\nb\r\n",
    "old/bin.dat": b"\0\r\n\1\r\n",
    "old/dir/one.txt": "one\r\ntwo\r\n",
    "old/dir/two.txt": "two\n",
    "data/raw.txt": "raw\n",
    "dvc-old.yaml": "stages:\n  gone:\n    cmd: echo gone\n",
    "scratch/dvc.yaml": "stages:\n  ignored:\n    cmd: echo ignored\n",
}
CACHED = re.compile(
    r"(data/(raw|prepared)\.txt|model-.*\.txt|grid-.*\.txt|options\.txt|sub/made\.txt|listing\.txt|configs\.txt|icy\.txt"
    r"|always\.txt|other/used\.txt)"
)


def run_dvc(folder: Path) -> Any:
    from dvc.repo import Repo

    repo = Repo(str(folder))
    try:
        with contextlib.chdir(folder):  # dvc names stages and files from the working folder
            return repo.status()
    finally:
        repo.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, run once by dvc, with the stage ``legacy`` recorded as DVC 2 did."""
    from dvc.repo import Repo

    folder = tmp_path_factory.mktemp("dvc") / "project"
    write(folder, PROJECT)
    write(folder, {"dvc.yaml": str(PROJECT["dvc.yaml"]).replace("frozen: true", "frozen: false")})
    repo = Repo.init(str(folder), no_scm=True)
    repo.add([str(folder / "data/raw.txt")])
    with contextlib.chdir(folder):
        repo.reproduce(all_pipelines=True)
    repo.close()
    write(folder, {"dvc.yaml": PROJECT["dvc.yaml"]})
    _make_legacy(folder)
    return folder


def _make_legacy(folder: Path) -> None:
    from dvc.utils.serialize import dump_yaml, load_yaml
    from dvc_data.hashfile.hash import file_md5

    path = folder / "dvc.lock"
    lock = load_yaml(str(path))
    for entry in [*lock["stages"]["legacy"]["deps"], *lock["stages"]["legacy"]["outs"]]:
        entry.pop("hash")
        target = folder / entry["path"]
        if target.is_dir():
            files = [
                {"md5": file_md5(str(f), name="md5-dos2unix"), "relpath": f.name} for f in sorted(target.iterdir())
            ]
            entry["md5"] = hashlib.md5(json.dumps(files, sort_keys=True).encode()).hexdigest() + ".dir"
        else:
            entry["md5"] = file_md5(str(target), name="md5-dos2unix")
    dump_yaml(str(path), lock)


def tracked(folder: Path) -> dict[str, bytes]:
    """What git would hold: everything that DVC does not cache."""
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    kept = [n for n in names if not CACHED.fullmatch(n) and not n.startswith((".dvc/cache", ".dvc/tmp"))]
    return {name: (folder / name).read_bytes() for name in kept}


def ours(folder: Path) -> Facts:
    return Facts(Source(MemorySnapshot(tracked(folder))))


# Comparison ----------------------------------------------------------------------------------------------------------


def normal(status: Any) -> dict[str, set[str]]:
    """Per stage, what dvc calls changed: ``dep:path``, ``param:file:key``, ``out:path``, ``cmd``, ``always``."""
    made: dict[str, set[str]] = {}
    for address, entries in status.items():
        if address.endswith(".dvc"):
            continue
        names = made.setdefault(address if ":" in address else f"dvc.yaml:{address}", set())
        for entry in entries:
            if isinstance(entry, str):
                names.add({"changed command": "cmd", "always changed": "always"}[entry])
                continue
            for path, what in entry.get("changed deps", {}).items():
                names |= {f"param:{path}:{key}" for key in what} if isinstance(what, dict) else {f"dep:{path}"}
            names |= {f"out:{path}" for path in entry.get("changed outs", {})}
    return made


def disagreements(folder: Path, eol: frozenset[str] = frozenset()) -> list[str]:
    """Where we say something else than dvc, and are sure of it."""
    facts = ours(folder)["stages"]
    stages: dict[str, Stage] = {stage.address: stage for stage in facts.items if stage.state != "orphan"}
    try:
        theirs = normal(run_dvc(folder))
    except Exception as error:  # noqa: BLE001 - dvc refuses the project: we may not judge what it refuses
        sure = [s.address for s in stages.values() if s.state in ("clean", "changed")]
        return [] if facts.unread or len(sure) < len(stages) or not stages else [f"dvc refuses: {error!r}"]
    found = []
    for address in sorted(stages.keys() | theirs.keys()):
        stage = stages.get(address)
        if stage is None:
            found.append(f"{address}: not found by us")
        elif stage.state != "unknown" or stage.changes:
            found += _differ(stage, theirs.get(address, set()), eol)
        elif stage.why and stage.deps:
            found.append(f"{address}: unknown without a change")
    return found


def _differ(stage: Stage, theirs: set[str], eol: frozenset[str]) -> Iterator[str]:
    if stage.state == "never-run":
        if not theirs:
            yield f"{stage.address}: never run for us, clean for dvc"
        return
    sure, unsure = set(), set()
    for change in stage.changes:
        name = "cmd" if change.kind == "cmd" else f"{change.kind}:{change.name}"
        if change.kind == "param" and change.name in {param.path for param in stage.params}:
            name = f"dep:{change.name}"
        elif change.kind == "param":
            file, _, key = change.name.rpartition(":")
            file = _param_file(stage, file, key or change.name)
            name = f"param:{file}:{key or change.name}"
        (sure if change.certain else unsure).add(name)
    if stage.always_changed or not (stage.deps or stage.outs or stage.params):
        sure.add("always")
    # A cached output that differs is dvc's own cache talking; one that git does not hold cannot be seen here.
    hidden = {f"out:{o.path}" for o in stage.outs if not o.in_git} - sure
    skipped = unsure | hidden | {f"dep:{path}" for path in eol} | {f"out:{path}" for path in eol}
    if sure - skipped != theirs - skipped:
        yield f"{stage.address}: ours {sorted(sure - skipped)}, dvc {sorted(theirs - skipped)}"


def _param_file(stage: Stage, file: str, key: str) -> str:
    if not file:
        file = "params.yaml"
    folder = "other" if stage.path.startswith("other/") else "sub" if stage.name == "inner" else ""
    return posixpath.normpath(f"{folder or '.'}/{file}")


# Mutations -----------------------------------------------------------------------------------------------------------


# One edit per line: (file,) text before, text after; \n is a line break.
PARAMS = r"""
seed: 42 => seed: 43
split: 0.20 => split: 0.2
split: 0.20 => split: '0.2'
1e-3 => 0.001
1e-3 => 1e-4
[1, 2, 3] => [1, 2]
[1, 2, 3] => [1, 2.0, 3]
unused: on => unused: off
small, big => small, big, huge
small, big => big
a title => another
seed: 42 => seed: true
models: => # models:
prepare: {seed: 42,  => prepare: {
title: => more: 1\ntitle:
lr: 1e-3 => lr: null
lr: 1e-3 => lr: .nan
seed: 42 => seed: 0o52
lr: 1e-3 => lr: 2020-01-01
"""
CONFIGS = r"""
conf.py => 0.5 => 0.6
conf.py => 'x' => 'y'
conf.py => = 3 => = 4
conf.py => = 7 => = 8
conf.py => (1, 2) => [1, 2]
conf.py => (1, 2) => (1, 3)
conf.py => 0.5 => f()
conf.json => "b": 1 => "b": 1.0
conf.json => "b": 1 => "b": 2
conf.json => "c": 2 => "c": 3
conf.json => [1, 2, 3] => [1]
conf.json => [1, 2, 3] => [1, 9, 3]
conf.toml => 0.1 => 0.2
conf.toml => "x" => "y"
whole.yaml => one: 1 => one: 2
whole.yaml => one: 1 => four: 1
whole.yaml => three: 3 => three: 4
whole.yaml => one => # a comment\none
conf.py => RATE => RAT
sub/params.yaml => depth: 4 => depth: 5
sub/params.yaml => unused: 5 => unused: 6
other/params.yaml => 1 => 2
config/extra.yaml => 1 => 2
config/other.yaml => k1 => k2
config/other.yaml => width: 1 => width: 3
config/other.yaml => other: 1 => other: 2
config/other.yaml => m: {width: 2} => l: {width: 2}
"""
DEFINITION = r"""
cp data/raw.txt data => cp  data/raw.txt data
cmd: cp data/raw => cmd: "cp" data/raw
cmd: ls src > listing.txt => cmd: 'ls src > listing.txt'
verbose: true => verbose: false
quiet: false => quiet: true
'b c' => bc
fold: [0, 1] => fold: [0, 1, 2]
fold: [0, 1] => fold: [1]
local: 3 => local: 4
frozen: true => frozen: false
always_changed: true => always_changed: false
  options: =>   renamed:
      - src/train.py\n =>       - src/train.py\n      - src/prepare.py\n
      - src/metrics.in\n => \n
      - prepare.split\n => \n
      - depth\n =>       - depth\n      - unused\n
echo one => echo two
\\${HOME} => ${HOME}
cache: false\n          x: a => cache: false
      - listing.txt =>       - listing.txt\n      - listing2.txt
persist: true => persist: false
  - config/extra.yaml\n =>   - config/extra.yaml\n  - config/extra.yaml\n
  - config/extra.yaml\n =>   - config/other.yaml\n
cmd: echo hello => cmd: echo hello, you
- whole.yaml: => - whole.yaml:\n          - one
    cmd: echo hello =>     cmd: echo ${undefined}
    cmd: echo hello =>     cmd: echo ${train}
    cmd: echo hello =>     cmd: echo ${models}
wdir: sub => wdir: ./sub
- a.b => - a.x
- list.1 => - list.7
"""


def edits_of(table: str) -> list[list[str]]:
    """The edits of one of the tables above."""
    lines = [line.replace("\\n", "\n").replace("\\\\", "\\") for line in table.strip("\n").split("\n")]
    return [line.split(" => ") for line in lines]


class Mutator:
    """Random edits of a copy of the project. ``eol`` collects files of which only the line endings changed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.eol: set[str] = set()

    def text(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()

    def put(self, name: str, text: str) -> None:
        write(self.folder, {name: text})

    def sub(self, name: str, pattern: str, to: str) -> None:
        self.put(name, re.sub(pattern, lambda _: to, self.text(name), count=1))

    def code(self) -> None:
        name = self.random.choice(["src/prepare.py", "src/train.py", "src/metrics.in", "src/deep/lib.py", "sub/in.txt"])
        self.put(name, self.text(name) + "# more\n")

    def ignored(self) -> None:
        self.put(self.random.choice(["src/x.tmp", "src/deep/junk.tmp", "src/deep/y.tmp"]), "other\n")

    def files(self) -> None:
        what = self.random.choice(["add", "drop", "swap", "keep", "legacy"])
        if what == "add":
            self.put("src/new.py", "new\n")
        elif what == "drop":
            (self.folder / "src/deep/lib.py").unlink(missing_ok=True)
        elif what == "keep":
            self.put("src/keep.tmp", "other\n")
        elif what == "legacy":
            self.put("old/dir/two.txt", "other\n")
        else:
            self.put("src/deep/lib2.py", self.text("src/metrics.in"))

    def endings(self) -> None:
        name = self.random.choice(["src/train.py", "old/crlf.txt", "old/dir/two.txt", "old/out.txt", "metrics.json"])
        text = self.text(name)
        self.put(name, text.replace("\r\n", "\n") if "\r\n" in text else text.replace("\n", "\r\n"))
        self.eol |= {name, "src"} if name.startswith("src/") else set() if name.startswith("old/") else {name}

    def binary(self) -> None:
        write(self.folder, {"old/bin.dat": b"\0\n\1\n"})

    def params(self) -> None:
        edits = edits_of(PARAMS)
        was, to = self.random.choice(edits)
        self.put("params.yaml", self.text("params.yaml").replace(was, to))

    def configs(self) -> None:
        edits = edits_of(CONFIGS)
        name, was, to = self.random.choice(edits)
        self.put(name, self.text(name).replace(was, to, 1))

    def definition(self) -> None:
        edits = edits_of(DEFINITION)
        was, to = self.random.choice(edits)
        self.put("dvc.yaml", self.text("dvc.yaml").replace(was, to, 1))

    def lock(self) -> None:
        text = self.text("dvc.lock")
        what = self.random.choice(["digest", "cmd", "param", "params", "stage", "dep"])
        if what == "digest":
            # Not the digests of cached outputs: dvc asks its cache for those, which only has what was made.
            entries = re.finditer(r"- path: (src\S*|old\S*|data/raw.txt|metrics.json)\n.*?md5: (\w+)", text, re.S)
            match = self.random.choice([m for m in entries if m[0].count("\n") < 4])
            text = text[: match.start(2)] + "0" * 32 + text[match.start(2) + 32 :]
        elif what == "cmd":
            text = text.replace("cmd: echo", "cmd: print", 1)
        elif what == "param":
            text = re.sub(r"(train.lr|RATE|prepare.seed|depth|one): .*", r"\1: 99", text, count=1)
        elif what == "params":
            text = re.sub(r"      (whole.yaml|conf.py|conf.toml):\n(        .*\n)+", "", text, count=1)
        elif what == "stage":
            text = re.sub(r"  (folder|prepare|evaluate):\n(    .*\n)+", "", text, count=1)
        else:
            text = re.sub(r"    - path: src/train.py\n(      .*\n)+", "", text, count=1)
        self.put("dvc.lock", text)

    def metrics(self) -> None:
        name = self.random.choice(["metrics.json", "report.txt", "named-s.txt", "old/out.txt"])
        self.put(name, self.text(name) + " ")

    def rerun(self) -> None:
        """As if only the producer had been run: its output, cache and lock entry are new, its consumers' are not."""
        lock, path, entry = self.random.choice(
            [
                (
                    "dvc.lock",
                    "data/prepared.txt",
                    r"outs:\n    - path: data/prepared.txt\n      hash: md5\n      md5: (\w+)",
                ),
                (
                    "dvc.lock",
                    "model-small.txt",
                    r"outs:\n    - path: model-small.txt\n      hash: md5\n      md5: (\w+)",
                ),
                ("data/raw.txt.dvc", "data/raw.txt", r"md5: (\w+)"),
            ]
        )
        (self.folder / path).unlink()
        self.put(path, "made anew\n")
        digest = hashlib.md5(b"made anew\n").hexdigest()
        self.put(f".dvc/cache/files/md5/{digest[:2]}/{digest[2:]}", "made anew\n")
        text = self.text(lock)
        match = re.search(entry, text)
        assert match
        self.put(lock, text[: match.start(1)] + digest + text[match.end(1) :])

    def apply(self) -> list[str]:
        kinds: list[Callable[[], None]] = [
            self.code, self.ignored, self.files, self.endings, self.binary, self.params, self.params, self.configs,
            self.configs, self.definition, self.definition, self.lock, self.metrics, self.rerun,
        ]  # fmt: skip
        chosen = self.random.sample(kinds, self.random.choice([1, 1, 2, 3]))
        for change in chosen:
            change()
        return [change.__name__ for change in chosen]


def restore(project: Path, copy: Path) -> None:
    """Makes the copy the project again, touching only files that differ."""
    wanted = {p.relative_to(project): p for p in project.rglob("*") if p.is_file() and ".dvc/tmp" not in p.as_posix()}
    for path in [p for p in copy.rglob("*") if p.is_file() and ".dvc/tmp" not in p.as_posix()]:
        if path.relative_to(copy) not in wanted:
            path.unlink()
    for name, path in wanted.items():
        target = copy / name
        if not target.exists() or target.read_bytes() != path.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.chmod(0o644)
                target.unlink()
            shutil.copyfile(path, target)


def test_an_unchanged_project_is_clean_but_for_what_always_runs(project: Path) -> None:
    stages = ours(project)["stages"].items

    assert disagreements(project) == []
    assert {s.name: s.state for s in stages if s.state != "clean"} == {"always": "always", "callback": "always"}
    assert {"train@small", "train@big", "named@s", "named@m", "grid@0-kind0-shape0", "grid@1-kind1-shape0"} <= {
        s.name for s in stages
    }


def test_mutations_are_judged_as_dvc_status_does(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    found, judged = {}, 0
    for seed in range(int(os.environ.get("LIFELINT_ORACLE_RUNS", "120"))):
        mutator = Mutator(copy, seed)
        names = mutator.apply()
        wrong = disagreements(copy, frozenset(mutator.eol))
        judged += 1
        if wrong:
            found[f"{seed} {names}"] = wrong
        restore(project, copy)

    assert not found, "\n".join(f"{k}: {v}" for k, v in found.items())
    assert judged
