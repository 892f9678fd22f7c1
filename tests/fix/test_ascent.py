"""The way to a level: complete, in an order that works, and honest about where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from lifelint.fix.ascent import BY_HAND, MECHANICAL, SCAFFOLD, Ascent, ascent, wanted
from lifelint.fix.noun import Fix, Key, Left, Plan, Step
from lifelint.inspection import ProjectReport
from lifelint.model import Finding, Observation, Outcome, Remedy, Severity
from tests.test_engine import RULE

PASS, FAIL, UNKNOWN, BLOCKED, NA = (
    Outcome.PASS,
    Outcome.FAIL,
    Outcome.UNKNOWN,
    Outcome.BLOCKED,
    Outcome.NOT_APPLICABLE,
)


def finding(name: str, level: int, outcome: Outcome, bad: int = 1, **more: Any) -> Finding:
    seen = [Observation(False, f"{name}{number}", "is bad") for number in range(bad)] if outcome is FAIL else []
    return Finding(RULE._replace(id=name, level=level, **more), outcome, seen)


def way(*findings: Finding, to: int = 2, fixed: Mapping[str, str] = MappingProxyType({}), left: int = 0) -> Ascent:
    """``fixed`` names rules and the kinds of their fixes; ``left`` observations of each stay."""
    project = ProjectReport(".", "exploring", 2, (), findings, None)
    steps, rest = [], []
    for one in findings:
        kind = fixed.get(one.rule.id, "")
        for number, seen in enumerate(one.observations):
            key = Key(one.rule.id, ".", seen.subject)
            if kind and number >= left:
                rule = one.rule._replace(fix=Remedy("x", "title", "x.j2" if kind == SCAFFOLD else ""))
                steps.append(Step(rule, [Fix(key, rule, "", ())], ()))
            elif seen.ok is False:
                rest.append(Left(key, one.rule, "", "", 0, ""))
    return ascent(project, to, Plan(steps, rest))


def names(made: Ascent) -> list[str]:
    return [stride.finding.rule.id for stride in made.strides]


def test_all_that_keeps_the_level_away_is_on_the_way_and_nothing_else() -> None:
    made = way(
        finding("a", 1, PASS),
        finding("b", 1, FAIL),
        finding("c", 2, UNKNOWN),
        finding("d", 2, BLOCKED),
        finding("e", 2, NA),
        finding("f", 3, FAIL),
        finding("g", 2, FAIL, severity=Severity.INFO),
        finding("h", 2, FAIL, status="experimental"),
        finding("i", 2, FAIL, scope="file"),
    )

    assert sorted(names(made)) == ["b", "c", "d", "i"]
    assert (made.level, made.to, made.reached) == (0, 2, 2)


def test_lower_levels_come_first_then_the_cheaper() -> None:
    made = way(
        finding("hand", 1, FAIL),
        finding("many", 1, FAIL, 3),
        finding("upper", 2, FAIL),
        finding("form", 1, FAIL),
        finding("proven", 1, FAIL),
        fixed={"proven": MECHANICAL, "form": SCAFFOLD, "upper": MECHANICAL},
    )

    assert names(made) == ["proven", "form", "hand", "many", "upper"]
    assert [stride.cost for stride in made.strides] == [MECHANICAL, SCAFFOLD, BY_HAND, BY_HAND, MECHANICAL]


def test_what_others_wait_for_comes_before_them() -> None:
    made = way(
        finding("b", 2, BLOCKED, rests_on=("a",)),
        finding("a", 2, FAIL),
        finding("round", 2, FAIL, needs=("trip",)),
        finding("trip", 2, FAIL, needs=("round",)),
    )

    assert names(made).index("a") < names(made).index("b")
    assert len(names(made)) == 4


def test_a_fix_for_a_part_is_no_mechanical_step() -> None:
    [stride] = way(finding("a", 1, FAIL, 3), fixed={"a": MECHANICAL}, left=1).strides

    assert (stride.cost, stride.mended) == (SCAFFOLD, 2)


def test_where_nothing_could_be_proven_the_way_falls_short() -> None:
    made = way(
        finding("a", 1, PASS, phases=("data",)),
        finding("b", 2, FAIL, phases=("model",)),
        finding("c", 2, NA, phases=("data",)),
    )

    assert made.reached == 1
    assert [(one.phase, one.level, [f.rule.id for f in one.absent]) for one in made.short] == [("data", 1, ["c"])]


def test_there_is_no_way_where_one_is_already() -> None:
    made = way(finding("a", 2, PASS))

    assert (made.level, made.strides, made.reached) == (2, [], 2)
    assert wanted(ProjectReport(".", "exploring", 2, (), [finding("a", 2, PASS)], None), 2) == []
