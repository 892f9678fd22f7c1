"""The comment on a change: one screen that says what matters, whatever the names in it are."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import cmarkgfm
import html5lib
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from lifelint import catalog
from lifelint.config import Config
from lifelint.inspection import inspect_change
from lifelint.report import comment
from lifelint.report import json as json_report
from lifelint.snapshot.memory import MemorySnapshot

RULES = {rule.id: rule for rule in catalog.load(examples=False).rules}
[SWAPPED] = [rule for rule in catalog.load().rules if rule.id == "data-changed-evaluation-not"]
[EXAMPLE, *_] = [example for example in SWAPPED.examples if example.outcome == "fail"]
WHERE = comment.Where("https://github.com", "acme/churn", "a" * 40, "https://github.com/acme/churn/actions/runs/1")
NASTY = [
    "a|b",
    "a\n\nb",
    "`x`",
    "</code><b>",
    "<!-- x -->",
    "@octocat",
    "&amp;",
    "\u202ex",
    "a\x00b",
    "![x](y)",
    "\ud800",
]
TEXTS = st.sampled_from(NASTY) | st.text(max_size=40)


def document() -> dict[str, Any]:
    before, after = MemorySnapshot(EXAMPLE.base), MemorySnapshot({**EXAMPLE.base, **EXAMPLE.files})
    made: dict[str, Any] = json.loads(json_report.render(inspect_change(before, after, Config(), catalog.load())))
    return made


REPORT = document()


def changed(**more: Any) -> dict[str, Any]:
    made = copy.deepcopy(REPORT)
    made["change"] |= more
    return made


def page(text: str) -> Any:
    """What GitHub's parser, with raw HTML let through, makes of a comment."""
    options = Options.CMARK_OPT_UNSAFE
    return html5lib.parse(cmarkgfm.github_flavored_markdown_to_html(text, options=options), namespaceHTMLElements=False)


def tags(text: str) -> list[str]:
    return [one.tag if isinstance(one.tag, str) else "comment" for one in page(text).iter()]


def test_the_first_screen_says_what_changed_and_what_it_means() -> None:
    head = comment.render(REPORT, RULES, WHERE).partition("<details>")[0]

    assert head.startswith("<!-- lifelint:comment v=1 key=default -->\n")
    assert re.search(r"### ML maturity: level \*\*\d\*\* \(\w+\), target \d · ❌ does not pass", head)
    assert "Does not pass: <code>" in head
    assert "⚠️ **The data changed and its evaluation did not.**" in head
    assert "<td><code>data</code></td>" in head
    assert "data-changed-evaluation-not" in head
    assert "→ " in head


def test_what_rules_advise_is_told_in_our_words_and_not_in_the_reports() -> None:
    poisoned = copy.deepcopy(REPORT)
    for rule in poisoned["rules"].values():
        rule |= {"title": "Send money", "remediation": "Send money"}

    assert comment.render(poisoned, RULES) == comment.render(REPORT, RULES)


@given(TEXTS)
def test_strange_names_are_code_and_nothing_else(text: str) -> None:
    def named(name: str) -> dict[str, Any]:
        problem = {**REPORT["change"]["new"][0], "subject": name, "path": name, "detail": name}
        one = {**REPORT["change"]["altered"][0], "kind": name, "name": name, "before": name, "after": f"md5:{name}"}
        setting = {"key": name, "before": name, "after": name}
        metric = {"report": name, "name": name, "slice": name, "dataset": name, "before": 1, "after": 2, "better": True}
        made = changed(new=[problem], fixed=[problem], altered=[one], configuration=[setting], metrics=[metric])
        made["gate"]["reasons"] = [name]
        return made

    rendered = comment.render(named(text), RULES, WHERE)

    if text.strip(".") and "/" not in text:
        assert tags(rendered) == tags(comment.render(named("xx"), RULES, WHERE))
    links = [one.get("href") for one in page(rendered).iter("a")]
    assert all(urlsplit(link).netloc == "github.com" and ".." not in unquote(link).split("/") for link in links)
    assert "@octocat" not in re.sub(r"<code>.*?</code>", "", rendered)


@pytest.mark.parametrize("path", ["../x", "a/../../b", "./x", ""])
def test_a_path_that_a_browser_would_leave_the_repository_by_is_no_link(path: str) -> None:
    assert "<a" not in WHERE.link(path, 1)


def test_a_link_leads_to_the_line() -> None:
    assert WHERE.link("models/a b#1.dvc", 3) == (
        f'<a href="https://github.com/acme/churn/blob/{"a" * 40}/models/a%20b%231.dvc#L3">'
        "<code>models/a b#1.dvc:3</code></a>"
    )
    assert comment.NOWHERE.link("a", 3) == "<code>a:3</code>"


def test_ten_thousand_problems_fit_and_are_counted() -> None:
    [problem, *_] = REPORT["change"]["new"]
    altered = [{**REPORT["change"]["altered"][0], "name": f"data/{n}"} for n in range(10_000)]
    many = changed(new=[{**problem, "subject": f"s{n}"} for n in range(10_000)], altered=altered)
    rendered = comment.render(many, RULES, WHERE)

    assert len(rendered) <= comment.LIMIT
    assert "<b>10000 new problems</b>" in rendered
    assert "and 9970 more in the full report" in rendered
    assert set(tags(rendered)) == set(tags(comment.render(REPORT, RULES, WHERE)))


@pytest.mark.parametrize("limit", [1500, 2500, 4000, 8000])
def test_sections_are_left_out_whole(limit: int) -> None:
    rendered = comment.render(changed(new=REPORT["change"]["new"] * 40), RULES, WHERE, limit=limit)

    assert len(rendered) <= limit
    for tag in ("table", "details", "tr", "td"):
        assert len(re.findall(rf"<{tag}[ >]", rendered)) == rendered.count(f"</{tag}>")
    assert rendered.rstrip().endswith("this comment is edited in place</sub></p>")


def test_several_projects_have_a_row_each() -> None:
    several = copy.deepcopy(REPORT)
    [project] = several["projects"]
    several["projects"] = [{**project, "root": root} for root in ("churn", "fraud", "<b>")]
    several["change"]["before"] = {"churn": 0, "fraud": None}
    rendered = comment.render(several, RULES)

    assert "3 projects, least level" in rendered
    table = page(rendered.partition("Level of each project")[2])
    assert [["".join(cell.itertext()) for cell in row.iter("td")][:2] for row in table.iter("tr")][1:] == [
        ["churn", "0"],
        ["fraud", "—"],
        ["<b>", "—"],
    ]


def quiet() -> Iterator[Callable[[dict[str, Any]], object]]:
    yield lambda document: document["change"]["new"].append({})
    yield lambda document: document["change"]["fixed"].append({})
    yield lambda document: document["change"]["altered"].append({})
    yield lambda document: document["change"].update(configuration_changed=True)
    yield lambda document: document["change"]["after"].update({".": 4})
    yield lambda document: document["gate"].update(passed=False)
    yield lambda document: document.update(change=None)


@pytest.mark.parametrize("happens", [*quiet()])
def test_something_is_said_when_something_happened(happens: Callable[[dict[str, Any]], object]) -> None:
    still = changed(new=[], fixed=[], altered=[], configuration_changed=False, before={".": 1}, after={".": 1})
    still["gate"] = {"passed": True, "reasons": []}
    assert not comment.worth(still)

    happens(still)

    assert comment.worth(still)


def test_the_model_that_nobody_evaluated_is_told_first() -> None:
    model = {**REPORT["change"]["altered"][0], "kind": "model", "name": "model.pkl"}
    rendered = comment.render(changed(altered=[model], unchanged_evaluations=1), RULES)

    assert "⚠️ **The model changed and its evaluation did not.**" in rendered.partition("<table>")[0]


def test_commands_to_copy_hold_nothing_that_a_report_could_choose() -> None:
    rule = REPORT["change"]["new"][0]["rule"]
    assert f"lifelint explain {rule}" in comment.render(changed(base="b" * 40), RULES)
    assert "On your machine" not in comment.render(changed(base="$(reboot)"), RULES)
    strange = [{**REPORT["change"]["new"][0], "rule": "x;reboot"}]
    assert "lifelint explain" not in comment.render(changed(base="b" * 40, new=strange), RULES)


def test_what_a_machine_can_mend_is_one_command() -> None:
    mended = [name for name, rule in RULES.items() if rule.fix][:2]
    new = [{**REPORT["change"]["new"][0], "rule": rule} for rule in (*mended, mended[0])]

    assert f"<code>lifelint fix {' '.join(mended)}</code>" in comment.render(changed(base="b" * 40, new=new), RULES)
