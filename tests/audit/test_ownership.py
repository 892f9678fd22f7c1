"""Where the ownership of data and of models meets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from lifelint.audit.nouns import Interface, Ownership
from lifelint.audit.ownership import ownership
from lifelint.facts import Facts, Source
from lifelint.projects import Project, Shares
from lifelint.snapshot._open import open_snapshot
from tests.audit.conftest import seen
from tests.conftest import GIT_ENVIRONMENT, git, write
from tests.exports.conftest import FILES, pointer

PROJECT = {
    **FILES,
    "train.csv.dvc": pointer("train.csv", "c" * 32),
    "models/base.onnx.dvc": pointer("base.onnx", "d" * 32),
}
TEAMS = "/train.csv.dvc @data\n/models/ @models\n/dvc.yaml @data @models\n/gates.yaml @models\n/dvc.lock @platform\n"


def told(files: Mapping[str, str | bytes]) -> tuple[Ownership, dict[str, Interface]]:
    state = seen(files)
    made = ownership(state.facts, state.share)
    return made, {one.path: one for one in made.interfaces}


def test_each_path_says_which_sides_own_it_and_where_that_stands() -> None:
    made, interfaces = told({**PROJECT, "CODEOWNERS": f"* @everybody\n{TEAMS}"})

    assert made.declared is True
    assert (made.data, made.model) == (["@data"], ["@models"])
    verdicts = {path: interfaces[path].verdict for path in ("dvc.yaml", "gates.yaml", "dvc.lock", "params.yaml")}
    assert verdicts == {"dvc.yaml": "both", "gates.yaml": "model", "dvc.lock": "named", "params.yaml": "default"}
    assert (interfaces["dvc.yaml"].said_path, interfaces["dvc.yaml"].said_line) == ("CODEOWNERS", 4)


def test_without_codeowners_nobody_owns_anything() -> None:
    made, interfaces = told(PROJECT)

    assert made.declared is False
    assert {one.verdict for one in interfaces.values()} == {"nobody"}


def test_codeowners_in_a_form_that_is_not_read_is_not_taken_for_none() -> None:
    made, _ = told({**PROJECT, "CODEOWNERS": "* @a\n", ".gitea/x": ""})

    assert made.declared is None
    assert "Gitea" in made.why


def test_commits_of_the_last_year_are_counted_by_people(repository: Callable[..., Path], monkeypatch: object) -> None:
    folder = repository(PROJECT)
    for day, mail in (("2024-01-01", "old"), ("2026-01-02", "a"), ("2026-01-03", "a"), ("2026-01-04", "b")):
        write(folder, {"params.yaml": f"lr: 0.1 # {day}\n"})
        git(folder, "add", "-A")
        at = f"{day}T00:00:00Z"
        GIT_ENVIRONMENT.update(GIT_AUTHOR_EMAIL=f"{mail}@example.org", GIT_AUTHOR_DATE=at, GIT_COMMITTER_DATE=at)
        try:
            git(folder, "commit", "-q", "-m", day)
        finally:
            stamp = "2026-01-01T00:00:00Z"
            GIT_ENVIRONMENT.update(GIT_AUTHOR_EMAIL="a@example.org", GIT_AUTHOR_DATE=stamp, GIT_COMMITTER_DATE=stamp)
    state = open_snapshot([folder], rev="HEAD")
    with closing(state.snapshot):
        facts = Facts(Source(state.snapshot))
        share = Shares(facts, [Project("")]).of(Project(""))
        [one] = [i for i in ownership(facts, share).interfaces if i.path == "params.yaml"]
        assert (one.commits, one.people, one.share) == (4, 2, 0.75)
        [none] = [i for i in ownership(facts, share, counted=0).interfaces if i.path == "params.yaml"]
        assert (none.commits, none.people, none.share) == (None, None, None)


def test_nothing_is_counted_where_history_was_cut_off(repository: Callable[..., Path], tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", repository(PROJECT).as_uri(), "cut")
    state = open_snapshot([tmp_path / "cut"], rev="HEAD")
    with closing(state.snapshot):
        facts = Facts(Source(state.snapshot))
        made = ownership(facts, Shares(facts, [Project("")]).of(Project("")))
        assert {one.commits for one in made.interfaces} == {None}
