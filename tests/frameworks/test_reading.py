"""Files of frameworks: what is read, what is refused, and that those we ship are honest about rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifelint import catalog
from lifelint.frameworks import reading
from lifelint.frameworks.nouns import ANSWERED, Item
from lifelint.frameworks.reading import FrameworkError, parse, planned

RULES = Path(__file__).parents[2] / "rules"
KNOWN = {"lock-fresh", "data-versioned"}
GOOD = """\
title: A guide
version: "2.0"
publisher: Somebody
published: 2024-05-01
source: https://example.org/guide
licence: Free.
items:
  - id: A.1
    title: Locks are kept up to date
    group: Chapter A
    answered: partly
    because: Locks are compared with manifests, not with the world.
    rules: [lock-fresh]
  - id: A.2
    title: People are trained
    group: Chapter A
    answered: not
    because: Training of people is not in git.
"""


def test_a_framework_is_named_by_its_file() -> None:
    framework = parse("rules/frameworks/guide.yaml", GOOD.encode(), KNOWN)

    assert (framework.id, framework.version, framework.published) == ("guide", "2.0", "2024-05-01")
    assert framework.source == ("https://example.org/guide",)
    assert framework.items[0] == Item(
        "A.1",
        "Locks are kept up to date",
        "Chapter A",
        "partly",
        "Locks are compared with manifests, not with the world.",
        ("lock-fresh",),
    )
    assert framework.items[1].rules == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("publisher:", "publishers:", "x/f.yaml:3: unknown key 'publishers' (did you mean 'publisher'?)"),
        ("licence: Free.\n", "", "x/f.yaml:1: the key 'licence' is missing or empty"),
        ('"2.0"', "2.0", "x/f.yaml:2: version is one line of text; quote what looks like a number"),
        ("2024-05-01", "May 2024", "x/f.yaml:4: published is a year, a month or a day"),
        ("https:", "http:", "x/f.yaml:5: source is an address"),
        ("source: https://example.org/guide", "source: [https://a.org, 3]", "x/f.yaml:5: source is an address"),
        ("items:\n", "items: some\nmore:\n", "x/f.yaml:8: unknown key 'more'"),
        ("    title: Locks", "    titel: Locks", "x/f.yaml:9: unknown key 'titel' (did you mean 'title'?)"),
        ("    group: Chapter A\n", "", "x/f.yaml:8: the key 'group' is missing or empty"),
        ("A.2", "A.1", "x/f.yaml:14: there is already an item 'A.1'"),
        ("id: A.1", "id: 1", "x/f.yaml:8: id is one line of text"),
        ("partly", "partially", "x/f.yaml:11: answered is one of fully, partly, not"),
        ("answered: not", "answered: fully", "x/f.yaml:14: rules is a list that is empty if, and only if,"),
        ("answered: partly", "answered: not", "x/f.yaml:13: rules is a list that is empty if, and only if,"),
        ("[lock-fresh]", "lock-fresh", "x/f.yaml:13: rules is a list"),
        ("[lock-fresh]", "[lock-frsh]", "no rule is called 'lock-frsh', nor is one planned (did you mean"),
        ("[lock-fresh]", "[lock-fresh, lock-fresh]", "x/f.yaml:13: names 'lock-fresh' twice"),
        ("not with the world.", "x" * 200, "x/f.yaml:12: the reason has"),
        ("because: Locks", "because: |\n      Locks", "x/f.yaml:12: because is one line of text"),
        ("title: A guide", "title: [", "x/f.yaml:"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_a_suggestion(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(FrameworkError) as told:
        parse("x/f.yaml", GOOD.replace(old, new, 1).encode(), KNOWN)

    assert message in str(told.value)


@pytest.mark.parametrize(
    ("text", "message"), [("- a\n", "p.yaml:1: is not a mapping"), ("a: b\nc: 3\n", "p.yaml:2: 'c'")]
)
def test_planned_rules_have_a_sentence(text: str, message: str) -> None:
    with pytest.raises(FrameworkError) as told:
        planned("p.yaml", text.encode())

    assert message in str(told.value)


def test_no_planned_rule_is_built() -> None:
    built = {rule.id for rule in catalog.load(examples=False).rules}

    assert set(reading.load().planned) & built == set(), "built: take it out of rules/planned.yaml"


def test_every_planned_rule_is_named_by_a_framework() -> None:
    read = reading.load()
    named = {rule for framework in read.frameworks.values() for item in framework.items for rule in item.rules}

    assert set(read.planned) - named == set()


@pytest.mark.parametrize("framework", reading.load().frameworks.values(), ids=lambda one: one.id)
def test_groups_of_a_framework_stand_together(framework: reading.Framework) -> None:
    groups = [item.group for item in framework.items]

    assert [group for i, group in enumerate(groups) if group != (groups[i - 1] if i else "")] == [
        *dict.fromkeys(groups)
    ]
    assert {item.answered for item in framework.items} <= set(ANSWERED)


def test_the_prebuilt_index_and_the_yaml_load_to_equal_frameworks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_yaml = reading.load()
    (tmp_path / "frameworks.json").write_text(reading.index(RULES), "utf-8")
    monkeypatch.setattr(reading._resources, "directory", lambda name: tmp_path)

    assert reading.load() == from_yaml


def test_an_index_is_not_made_of_a_framework_that_names_no_rule(tmp_path: Path) -> None:
    (tmp_path / "frameworks").mkdir()
    (tmp_path / "planned.yaml").write_text("data-versioned: Data is versioned\n")
    (tmp_path / "frameworks/guide.yaml").write_text(GOOD)

    with pytest.raises(FrameworkError, match=r"rules/frameworks/guide.yaml:13: no rule is called 'lock-fresh'"):
        reading.index(tmp_path)
