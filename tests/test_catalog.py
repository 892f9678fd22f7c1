"""Rule files: what is read, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from lifelint import catalog
from lifelint.catalog import RuleError, parse, select

GOOD = """\
title: Images have a tag
phases: [operation]
principle: reproducibility
level: 1
severity: warning
strength: well-formed
check: expression.holds
params:
  each: images
  expect: it.tag != ""
looks_at: container images
rationale: Why.
remediation: How.
examples:
  - title: none
    files: {README.md: hi}
    outcome: not-applicable
"""


def test_a_rule_is_named_by_its_path() -> None:
    rule = parse("policy/ours/images-have-a-tag.yaml", GOOD.encode())

    assert (rule.id, rule.area) == ("images-have-a-tag", "ours")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level: 1", "lvl: 1", "x/r.yaml:4: unknown key 'lvl' (did you mean 'level'?)"),
        ("level: 1\n", "", "the key 'level' is missing or empty"),
        ("level: 1", "level: 9", "x/r.yaml:4: level is 9; it must be 1 to 5"),
        ("[operation]", "[operations]", "unknown phase 'operations' (did you mean 'operation'?)"),
        ("severity: warning", "severity: warn", "'warn' is not a valid Severity"),
        ("expression.holds", "expression.hold", "there is no check 'expression.hold'"),
        ("  each: images", "  each: image", "there are no facts called 'image' (did you mean 'images'?)"),
        ("  expect:", "  expects:", "expression.holds takes no param 'expects' (did you mean 'expect'?)"),
        ('it.tag != ""', "it.tag !", "'expect' is not valid CEL at 1:8"),
        ('it.tag != ""', '\'"a" + "b"\'', "'expect' gives a string where a bool is needed"),
        ("title: Images", "title: [", "x/r.yaml:"),
        ("outcome: not-applicable", "outcome: maybe", "'maybe' is not a valid Outcome"),
        ("level: 1", "level: 1\nscope: changes", "x/r.yaml:5: unknown scope 'changes' (did you mean 'change'?)"),
        ("level: 1", "level: 1\nscope: change", "the example 'none' needs a base"),
        ("{README.md: hi}", "{README.md: hi}\n    base: {}", "the example 'none' has a base"),
        ("README.md: hi", "README.md: null", "the example 'none' removes a file, and there is no base"),
        ("level: 1", "level: 1\ninstead_of: [lock-fresh]", "only a rule with `scope: change`"),
        ("level: 1", "level: 1\nfix: {by: ignored.output, title: x}", "x/r.yaml:5: there is no fixer 'ignored.output'"),
        ("level: 1", "level: 1\nfix: {by: ignored.outputs}", "is not a valid rule"),
        ("level: 1", "level: 1\nfix: {by: a.b, title: x, till: y}", "is not a valid rule"),
        ("not-applicable", "fail\n    fixed: true", "the example 'none' is fixed, and there is no fix"),
        ("each: images", "each: base_images", "there are no facts called 'base_images'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_a_suggestion(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(RuleError) as told:
        parse("x/r.yaml", GOOD.replace(old, new, 1).encode())

    assert message in str(told.value)


CHANGE = GOOD.replace("level: 1", "level: 1\nscope: change").replace(
    "{README.md: hi}", "{README.md: null}\n    base: {}"
)


def test_a_rule_about_a_change_reads_facts_of_both_states() -> None:
    text = CHANGE.replace("each: images", "each: base_images")

    rule = parse("x/r.yaml", text.encode())

    assert rule.examples[0].base == {}
    assert rule.examples[0].files == {"README.md": None}


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("images", "x/r.yaml:8: expression.holds reads no facts of the base (base_…), so it sees no change"),
        ("base_image", "there are no facts called 'base_image' (did you mean 'base_images'?)"),
    ],
)
def test_a_rule_about_a_change_that_cannot_see_one_is_refused(kind: str, message: str) -> None:
    with pytest.raises(RuleError) as told:
        parse("x/r.yaml", CHANGE.replace("each: images", f"each: {kind}").encode())

    assert message in str(told.value)


def test_a_custom_rule_cannot_take_the_name_of_another() -> None:
    taken = catalog.load().rules[0].id

    with pytest.raises(RuleError, match="already a rule called"):
        catalog.load({f"policy/{taken}.yaml": GOOD.encode()})


def test_the_digest_covers_custom_rules() -> None:
    plain, more = catalog.load(), catalog.load({"policy/mine.yaml": GOOD.encode()})

    assert plain.digest != more.digest
    assert {rule.id for rule in more.rules} - {rule.id for rule in plain.rules} == {"mine"}


def test_the_prebuilt_index_and_the_yaml_load_to_equal_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(__file__).parent.parent / "rules"
    from_yaml = catalog.load()
    (tmp_path / "index.json").write_text(catalog.index(folder), "utf-8")
    monkeypatch.setattr(catalog._resources, "directory", lambda name: tmp_path)

    assert catalog.load() == from_yaml


def test_a_check_reads_an_index_without_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = catalog.index(Path(__file__).parent.parent / "rules")
    (tmp_path / "brief.json").write_text(catalog.brief(whole), "utf-8")
    (tmp_path / "index.sha256").write_text(hashlib.sha256(whole.encode()).hexdigest())
    from_yaml = catalog.load(examples=False)
    monkeypatch.setattr(catalog._resources, "directory", lambda name: tmp_path)

    assert catalog.load(examples=False) == from_yaml
    # Examples are most of what rules hold, and reading them took a tenth of a hook's time above the interpreter's.
    assert (tmp_path / "brief.json").stat().st_size < len(whole) / 3


def test_the_digest_of_custom_rules_is_the_same_with_and_without_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = catalog.index(Path(__file__).parent.parent / "rules")
    custom = {"team/mine.yaml": GOOD.encode()}
    digest = catalog.load(custom).digest
    files = {"index.json": whole, "brief.json": catalog.brief(whole), "index.sha256": "0" * 64}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.setattr(catalog._resources, "directory", lambda name: tmp_path)

    assert catalog.load(custom, examples=False).digest == catalog.load(custom).digest == digest


def test_selection_takes_ids_areas_phases_principles_severities_and_levels() -> None:
    rules = catalog.load().rules

    assert {rule.area for rule in select(rules, ["data"])} >= {"data"}
    assert all(rule.level == 1 for rule in select(rules, ["level-1"]))
    assert not {rule.severity for rule in select(rules, [], ["error"])} & {"error"}


def test_a_word_that_selects_nothing_is_refused_with_a_suggestion() -> None:
    with pytest.raises(LookupError, match=r"called 'enviroment' \(did you mean 'environment'\?\)"):
        select(catalog.load().rules, ["enviroment"])
