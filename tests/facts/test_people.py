"""Who works on a repository: people and robots, one person by several names, and what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from lifelint.facts.owners.noun import Team
from lifelint.facts.owners.people import counted, is_robot, working
from lifelint.model import Past
from lifelint.snapshot.history import Person
from lifelint.snapshot.memory import MemoryHistory
from tests.conftest import facts_of

POINTER = "outs:\n- md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  size: 10\n  hash: md5\n  path: a.csv\n"
DATA = {"data/a.csv.dvc": POINTER}


def people(*named: tuple[str, str]) -> list[Person]:
    return [Person(name, email) for name, email in named]


def teams(files: Mapping[str, str], authors: Sequence[str] = (), *, shallow: bool = False) -> Sequence[Team]:
    commits = [Past(f"{number:040x}", {"n": str(number)}, author=author) for number, author in enumerate(authors)]
    return facts_of(files, history=MemoryHistory(commits, shallow=shallow))["team"].items  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
        ("GitHub Actions", "actions@github.com"),
        ("github-actions", "41898282+github-actions[bot]@users.noreply.github.com"),
        ("Release Bot", "release@example.org"),
        ("acme-bot", "x@example.org"),
        ("Builder", "ci@example.org"),
        ("semantic-release-bot", "semantic-release-bot@martynus.net"),
        ("pre-commit-ci[bot]", "66853113+pre-commit-ci[bot]@users.noreply.github.com"),
        ("root", "root@9f2c"),
    ],
)
def test_robots_are_nobody(name: str, email: str) -> None:
    assert is_robot(Person(name, email))


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Talbot", "talbot@example.org"),
        ("Marci", "marci@example.org"),
        ("Lucia Botticelli", "lucia@ci.example.org"),
        ("Bott, Ada", "ada@bottles.org"),
        ("", "ada@example.org"),
    ],
)
def test_people_with_the_letters_of_robots_are_people(name: str, email: str) -> None:
    assert not is_robot(Person(name, email))


def test_one_name_or_one_address_is_one_person() -> None:
    made = people(
        ("Ada Lovelace", "ada@work.org"),
        ("ada", "ada@home.org"),
        ("Grace", "grace@navy.mil"),
        ("ada lovelace ", "ada@home.org"),  # shows that the first two are one
    )

    assert counted(made) == [("Ada Lovelace", 3), ("Grace", 1)]
    assert working(made) == ("Ada Lovelace",)


def test_who_has_no_name_and_no_address_is_nobody() -> None:
    assert counted(people(("", ""), (" ", ""))) == []


def test_three_who_commit_more_than_in_passing_are_a_team() -> None:
    [team] = teams(DATA, ["Ada", "Ada", "Bob", "Eve", "Ada", "Bob", "Eve", "Bob", "Eve", "Ada", "Dan", "Dan"])

    assert (team.shared, team.people) == (True, ("Ada", "Eve", "Bob"))
    assert team.why == "3 people commit (Ada, Eve, Bob)"


def test_two_are_none() -> None:
    [team] = teams(DATA, ["Ada", "Bob"] * 5)

    assert (team.shared, team.why) == (False, "2 people commit")


def test_the_year_is_that_before_the_head() -> None:
    [team] = teams(DATA, [*["Bob", "Eve", "Dan"] * 4, *["Ada"] * 400])  # a commit is made each day

    assert team.people == ("Ada",)


def test_a_shallow_clone_cannot_tell_that_nobody_else_is_there() -> None:
    [few] = teams(DATA, ["Ada"], shallow=True)
    [many] = teams(DATA, ["Ada", "Bob", "Eve"] * 3, shallow=True)

    assert (few.shared, few.why) == (None, "the clone is shallow: fetch the whole history")
    assert many.shared is True


def test_without_history_nothing_can_be_told() -> None:
    [team] = facts_of(DATA)["team"].items

    assert (team.shared, team.why) == (None, "there is no git history")


@pytest.mark.parametrize(
    ("owners", "why"),
    [
        ("/docs/ @acme/writers\n", "CODEOWNERS names @acme/writers, a team"),
        ("/docs/ @ada @bob\n", "CODEOWNERS names 2 owners"),
    ],
)
def test_an_owners_file_tells_of_a_team_by_itself(owners: str, why: str) -> None:
    [team] = teams({**DATA, "CODEOWNERS": owners}, ["Ada"], shallow=True)

    assert (team.shared, team.why) == (True, why)


def test_nobody_is_asked_for_where_everything_has_an_owner() -> None:
    assert teams({**DATA, "CODEOWNERS": "* @ada\n"}, ["Ada"]) == ()
    assert teams({".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{run: pytest}]}}\n"}, ["Ada"]) == ()
