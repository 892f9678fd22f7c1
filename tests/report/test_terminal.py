"""The report for a person at a terminal."""

from __future__ import annotations

from lifelint.config import Config
from lifelint.inspection import ProjectReport, Report
from lifelint.model import Diagnostic, Finding, Observation, Outcome, Subject
from lifelint.report.look import Look, safe
from lifelint.report.terminal import render
from lifelint.scorecard import score
from tests.test_engine import RULE


def project(root: str, *findings: Finding) -> ProjectReport:
    return ProjectReport(root, "exploring", 2, (), findings, score(findings, 2))


def report(*projects: ProjectReport, diagnostics: tuple[Diagnostic, ...] = ()) -> Report:
    subject = Subject(".", "revision", "a" * 40)
    return Report("0", "sha256:0", subject, "", Config(), projects, diagnostics, [("a template", 2, "x.j2")])


def failing(count: int) -> Finding:
    seen = tuple(Observation(False, f"r.txt:p{n}", f"p{n} floats", "r.txt", n) for n in range(1, count + 1))
    return Finding(RULE._replace(remediation="Pin it.\n\nMore words."), Outcome.FAIL, seen)


def test_many_observations_are_cut_and_counted_unless_verbose() -> None:
    short = render(report(project("", failing(8))), Look())
    whole = render(report(project("", failing(8))), Look(verbosity=1))

    assert "r.txt:5" in short
    assert "r.txt:6" not in short
    assert "and 3 more (--verbose shows all)" in short
    assert "r.txt:8" in whole


def test_only_the_first_paragraph_of_the_remedy_is_shown() -> None:
    text = render(report(project("", failing(1))), Look())

    assert "→ Pin it." in text
    assert "More words" not in text


def test_a_subject_that_the_line_tells_anyway_is_not_repeated() -> None:
    told = Finding(RULE, Outcome.FAIL, (Observation(False, "dvc.yaml:stage:a", "lists too little", "dvc.yaml", 2),))

    assert "    dvc.yaml:2  dvc.yaml:stage:a\n" in render(report(project("", told)), Look())
    assert "    r.txt:1\n" in render(report(project("", failing(1))), Look())


def test_several_projects_end_in_a_table_with_the_weakest_first() -> None:
    good = project("good", Finding(RULE, Outcome.PASS, (Observation(True, "a", "b", "a", 1),)))
    text = render(report(good, project("bad", failing(1))), Look())

    assert "── bad ─" in text
    assert "── good ─" not in text
    rows = [line.split()[0] for line in text.splitlines() if line.startswith(("good", "bad"))]
    assert rows == ["bad", "good"]


def test_quiet_shows_failures_but_neither_unknowns_nor_the_matrix() -> None:
    unknown = Finding(RULE._replace(id="dark", title="Dark"), Outcome.UNKNOWN, note="x.yaml is not valid YAML")
    text = render(report(project("", failing(1), unknown)), Look(verbosity=-1))

    assert "r.txt:1" in text
    assert "Dark" not in text
    assert "reproducibility  " not in text


def test_an_unknown_says_which_file_could_not_be_judged() -> None:
    unknown = Finding(RULE, Outcome.UNKNOWN, note="x.yaml:3 is not valid YAML")

    assert "x.yaml:3 is not valid YAML" in render(report(project("", unknown)), Look())


def test_a_blocked_rule_names_its_root_cause_and_not_its_observations() -> None:
    blocked = failing(1)._replace(outcome=Outcome.BLOCKED, note="rests on other, which failed")
    text = render(report(project("", blocked)), Look())

    assert "rests on other, which failed" in text
    assert "r.txt:1" not in text


def test_diagnostics_are_shown_with_their_place() -> None:
    text = render(report(project(""), diagnostics=(Diagnostic("a.yaml", 3, "is not valid YAML"),)), Look())

    assert "  a.yaml:3 is not valid YAML" in text


def test_what_was_left_out_is_told_when_asked() -> None:
    assert "2 files as a template, such as x.j2" in render(report(project("")), Look(verbosity=1))


def test_control_and_direction_characters_are_written_out() -> None:
    assert safe("a\x1b[2J\u202eb\n") == "a\\x1b[2J\\x202eb\\x0a"


def test_rules_blinded_by_the_same_file_are_told_together() -> None:
    blind = [Finding(RULE._replace(id=name), Outcome.UNKNOWN, note="x.yaml is not valid YAML") for name in ("a", "b")]
    text = render(report(project("", *blind)), Look())

    assert "? 2 rules could not be judged\n    a, b\n    because x.yaml is not valid YAML\n" in text
    assert text.count("x.yaml") == 1


def test_what_counts_for_several_projects_is_told_of_the_first_and_advised_once() -> None:
    own = Finding(
        RULE._replace(id="own", remediation="Own it."), Outcome.FAIL, (Observation(False, "b/x", "y", "b/x"),)
    )
    text = render(report(project("", failing(2)), project("a", failing(2)), project("b", failing(2), own)), Look())

    assert text.count("p1 floats") == 1
    assert text.count("the same as told of the top, which counts here too") == 2
    assert text.count("→ Pin it.") == 1
    assert "→ Own it." in text


def test_a_level_below_the_target_is_explained_where_nothing_is_open() -> None:
    sound = Finding(RULE, Outcome.PASS, (Observation(True, "r.txt", "is pinned", "r.txt", 1),))

    assert "holds the level back" in render(report(project("", sound)), Look())
    assert "holds the level back" not in render(report(project("", failing(1))), Look())
    assert "No rule applies to what is here" in render(report(project("")), Look())
