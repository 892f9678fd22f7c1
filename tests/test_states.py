"""Two states of a repository judged together: each is judged as if it were alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from lifelint import catalog, engine
from lifelint.config import Config
from lifelint.engine import needed
from lifelint.examples import snapshot
from lifelint.facts import Collected, Facts, Memo, Source, _source
from lifelint.inspection import inspect, inspect_change
from lifelint.model import Finding, Outcome, Rule
from lifelint.projects import Project, Shares
from lifelint.snapshot import Missing, Snapshot
from lifelint.snapshot._open import open_snapshot
from lifelint.snapshot.memory import MemorySnapshot
from tests.conftest import git, write

Make = Callable[[Mapping[str, str | bytes]], Path]

LOADED = catalog.load()
RULES = [rule for rule in LOADED.rules if rule.scope != "change"]
WORDS = ("needle",)


@pytest.fixture(autouse=True)
def however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares what is worthwhile to share only where there is much of it."""
    monkeypatch.setattr(_source, "WORTHWHILE", 0)


def states(rule: Rule) -> list[MemorySnapshot]:
    """An example that fails and one that passes."""
    return [next(snapshot(one) for one in rule.examples if one.outcome is o) for o in (Outcome.FAIL, Outcome.PASS)]


def findings(state: Snapshot) -> list[Finding]:
    return [finding for project in inspect(state, Config(), LOADED).projects for finding in project.findings]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_state_is_judged_as_it_is_alone(rule: Rule) -> None:
    head, base = states(rule)
    made = inspect_change(base, head, Config(), LOADED)
    of_state = [f for project in made.projects for f in project.findings if f.rule.scope != "change"]

    assert of_state == findings(head)
    assert made.change is not None
    before = {project.root: project.scorecard for project in inspect(base, Config(), LOADED).projects}
    levels = {root: card.level for root, card in before.items() if card}
    assert {root: level for root, (level, _) in made.change.levels.items() if level is not None} == levels


class Counted(MemorySnapshot):
    """Notes what is read and searched."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        super().__init__(files)
        self.taken: list[str] = []
        self.searched: list[str] = []

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        wanted = list(paths)
        self.taken += wanted
        return super().read(wanted)

    def holding(self, paths: Sequence[str], words: Sequence[str]) -> Sequence[str]:
        self.searched += paths
        return [path for path in paths if any(word.encode() in self._data[path] for word in words)]


def size(data: bytes) -> int:
    return len(data)


class TestWhatIsShared:
    def made(self) -> tuple[Counted, Counted, Source, Source]:
        first, second = Counted({"a": "1", "b": "needle", "c": ""}), Counted({"a": "12", "b": "needle", "d": ""})
        memo = Memo()
        return first, second, Source(first, memo=memo), Source(second, memo=memo)

    def test_a_content_is_parsed_once(self) -> None:
        _, second, one, other = self.made()

        assert dict(one.each(one.paths, size)) == {"a": 1, "b": 6, "c": 0}
        assert dict(other.each(other.paths, size)) == {"a": 2, "b": 6, "d": 0}
        assert second.taken == ["a"]

    def test_what_was_parsed_is_not_fetched_again(self) -> None:
        first, second, one, other = self.made()
        for source in (one, other):
            source.prefetch(source.paths)
            assert [source.parse(path, size) for path in source.paths]

        assert (first.taken, second.taken) == (["a", "b", "c"], ["a"])

    def test_a_silent_content_is_searched_once(self) -> None:
        first, second, one, other = self.made()

        assert (one.holding(one.paths, WORDS), other.holding(other.paths, WORDS)) == (["b"], ["b"])
        assert (first.searched, second.searched) == (["a", "b", "c"], ["a", "b"])
        assert other.holding(other.paths, ("1",)) == ["a"], "for other words it is another search"


@pytest.mark.parametrize(("head", "base"), [*product(({}, {"staged": True}, {"rev": "HEAD"}), ({"rev": "HEAD"}, {}))])
def test_an_edit_that_is_not_staged_is_searched(
    repository: Make, head: Mapping[str, str], base: Mapping[str, str]
) -> None:
    folder = repository({f"{name}.py": text for name, text in {"a": "x", "b": "needle", "c": "y", "d": "z"}.items()})
    write(folder, {"c.py": "needle"})
    git(folder, "add", ".")
    write(folder, {"a.py": "needle", "b.py": "x", "c.py": "y"})
    memo = Memo()
    for state in (head, base):
        with closing(open_snapshot([folder], **state).snapshot) as made:  # type: ignore[arg-type]
            source = Source(made, memo=memo)
            held = {path for path, data in made.read(source.paths) if isinstance(data, bytes) and b"needle" in data}

            assert held <= set(source.holding(source.paths, WORDS))
            assert {path for path in source.paths if made.oid(path) != made.entries[path].oid} <= set(made.touched)


PINNED = "numpy==1.26.4\npandas==2.2.0\n"
OTHERS = {
    "b/requirements.txt": "scipy\n",
    "b/dvc.yaml": "stages:\n  fit:\n    cmd: python fit.py\n    deps: [absent.csv]\n    params: [lr]\n",
    "b/params.yaml": "lr: 1\n",
    "README.md": "# Churn\n",
}


def pair(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Facts, Facts]:
    memo = Memo()
    first = Facts(Source(MemorySnapshot({**OTHERS, **before}), memo=memo))
    return first, Facts(Source(MemorySnapshot({**OTHERS, **after}), memo=memo), like=first)


class TestFactsOfBothStates:
    def test_are_those_of_each_alone(self) -> None:
        _, second = both = pair({"a/requirements.txt": PINNED}, {"a/requirements.txt": "pandas==2.2.0\nnumpy\n"})
        alone = Facts(Source(second.source.snapshot))

        for kind in needed(RULES, {"ml", "data", "model", "trains", "ships_model"}):
            assert [facts[kind] for facts in both][1] == alone[kind]

    def test_are_the_same_objects_where_no_file_of_theirs_changed(self) -> None:
        first, second = pair({"a/requirements.txt": PINNED}, {"a/requirements.txt": "numpy\n"})

        assert first["stages"] is second["stages"]
        assert first["manifests"] is not second["manifests"]
        kept = [x is y for x, y in zip(first["manifests"].items, second["manifests"].items, strict=True)]
        assert kept == [False, True]

    def test_are_not_taken_over_from_a_file_that_changed(self) -> None:
        first, second = pair({"a/requirements.txt": PINNED}, {"a/requirements.txt": f"{PINNED}# pinned\n"})
        here, there = (facts["manifests"].items[0] for facts in (first, second))

        assert here.path == there.path == "a/requirements.txt"
        assert here is not there, "1 may have become 1.0, which is equal"

    def test_are_the_same_part_of_a_project_that_did_not_change(self) -> None:
        both = pair({"a/requirements.txt": PINNED}, {"a/requirements.txt": "numpy\n"})
        projects = [Project("a"), Project("b")]
        first = Shares(both[0], projects)
        second = Shares(both[1], projects, like=first)
        same = {
            (project.root, kind): first.of(project)[kind] is second.of(project)[kind]
            for project, kind in product(projects, ("manifests", "stages"))
        }

        assert same == {
            ("a", "manifests"): False,
            ("b", "manifests"): True,
            ("b", "stages"): True,
            ("a", "stages"): True,
        }


def test_a_project_that_did_not_change_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    checked = engine._checked

    def noted(question: engine._Question, given: Sequence[Collected]) -> Finding:
        if question.rule.scope != "change":
            asked.extend((question.rule.id, item.path) for made in given for item in made.items)
        return checked(question, given)

    before, after = (MemorySnapshot({**OTHERS, "a/requirements.txt": text}) for text in (PINNED, "numpy\n"))
    monkeypatch.setattr(engine, "_checked", noted)
    inspect_change(before, after, Config(projects={"a": "", "b": ""}), LOADED)
    times = {path: asked.count(("environment-pinned", path)) for path in ("a/requirements.txt", "b/requirements.txt")}

    assert times == {"a/requirements.txt": 2, "b/requirements.txt": 1}
