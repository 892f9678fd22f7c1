"""The page: what it holds, and that nothing of the repository becomes part of it but text."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from hypothesis import example, given, settings

from lifelint import catalog
from lifelint.report.audit import LIMITS, html, markdown
from tests.report.audit.conftest import AUDIT, BEFORE, PARTS, SEVERAL, audit_of, named
from tests.report.test_formats import TEXTS


def tree(text: str) -> Any:
    return html5lib.parse(text, namespaceHTMLElements=False)


def shape(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element of a page with the names of its attributes, in order.

    Code spans are left out: what stands between backticks in the text of a rule becomes one.
    """
    made = (
        (element.tag if isinstance(element.tag, str) else "comment", tuple(sorted(element.attrib)))
        for element in tree(text).iter()
    )
    return [one for one in made if one != ("code", ())]


def texts(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


PLAIN = shape(html.render(named("x")))


@given(TEXTS.filter(bool))
@settings(max_examples=30)
@example("</script></style><img src=x onerror=alert(1)>")
@example("\"' onmouseover=alert(1) x='")
@example("{{ 7 * 7 }}{% include 'x' %}")
def test_what_strangers_write_is_text_and_nothing_else(text: str) -> None:
    assert shape(html.render(named(text))) == PLAIN


@given(TEXTS.filter(bool))
@settings(max_examples=30)
def test_links_lead_inside_the_page_or_to_the_forge(text: str) -> None:
    forge = "https://github.com/acme/churn"
    for element in tree(html.render(named(text, forge=forge))).iter("a"):
        address = element.attrib["href"]
        assert address.startswith(("#", f"{forge}/blob/", f"{forge}/commit/"))
        assert address.startswith("#") or re.fullmatch(r"[\w:/.~%#-]+", address, re.ASCII)


@pytest.mark.parametrize(
    "forge", ["javascript:alert(1)//github.com/a/b", "https://evil.example/a/b", 'https://github.com/a/b" x="']
)
def test_an_archived_audit_cannot_name_another_forge(forge: str) -> None:
    assert not [
        a for a in tree(html.render({**AUDIT, "forge": forge})).iter("a") if not a.attrib["href"].startswith("#")
    ]


def test_the_change_that_the_tests_are_about_has_something_of_each() -> None:
    change = AUDIT["report"]["change"]

    assert all(change[key] for key in ("new", "fixed", "altered", "metrics"))


def test_every_link_inside_the_page_leads_to_something() -> None:
    page = tree(html.render(AUDIT))
    ids = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]

    assert len(ids) == len(set(ids))
    assert {a.attrib["href"][1:] for a in page.iter("a") if a.attrib["href"].startswith("#")} <= set(ids)


def test_the_policy_allows_this_style_and_this_script_alone() -> None:
    page = tree(html.render(AUDIT))
    [policy] = [m.attrib["content"] for m in page.iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    [style], [script] = list(page.iter("style")), list(page.iter("script"))

    def hashed(element: Any) -> str:
        return f"'sha256-{b64encode(sha256(''.join(element.itertext()).encode()).digest()).decode()}'"

    assert policy.split("; ") == [
        "default-src 'none'", f"style-src {hashed(style)}", f"script-src {hashed(script)}", "base-uri 'none'",
        "form-action 'none'",
    ]  # fmt: skip
    assert not [e for e in page.iter() if {"style", "src", "srcset"} & set(e.attrib)]
    assert not [e for e in page.iter() for name in e.attrib if name.startswith("on")]
    assert "@import" not in (style.text or "") and "url(" not in (style.text or "")


def test_the_same_audit_gives_the_same_bytes() -> None:
    assert html.render(AUDIT) == html.render(json.loads(json.dumps(AUDIT))) == html.render(audit_of(PARTS, BEFORE))


def findings(page: Any) -> Iterator[tuple[str, str]]:
    for element in page.iter("details"):
        if "data-outcome" in element.attrib:
            yield element.attrib["id"], texts(element)


def test_every_finding_is_there_with_its_evidence() -> None:
    page = tree(html.render(AUDIT))
    shown = dict(findings(page))
    [project] = AUDIT["report"]["projects"]
    everything = texts(page)

    for finding in project["findings"]:
        if finding["outcome"] == "not-applicable":
            assert finding["rule"] in everything
            continue
        text = shown[f"p1-{finding['rule']}"]
        assert finding["strength"] in text
        for seen in finding["observations"]:
            if seen["ok"] is not True:
                assert " ".join(seen["detail"].split()) in text
                assert (f"{seen['path']}:{seen['line']}" if seen["line"] else seen["path"]) in text
    assert {f["outcome"] for f in project["findings"]} >= {"pass", "fail", "unknown", "waived", "not-applicable"}


@pytest.mark.parametrize("render", [html.render, markdown.render])
def test_a_rule_that_has_no_part_in_the_level_says_so(render: Callable[[dict[str, Any]], str]) -> None:
    young = {rule.id for rule in catalog.load(examples=False).rules if rule.status == "experimental"}
    [project] = AUDIT["report"]["projects"]
    told = [one for one in project["findings"] if one["rule"] in young and one["outcome"] != "not-applicable"]

    assert told
    assert render(AUDIT).count("experimental: no part of the level") == len(told)


def test_all_parts_of_the_document_are_there() -> None:
    page = texts(tree(html.render(AUDIT)))

    assert LIMITS in page
    for one in AUDIT["releases"]:
        assert one["path"] in page
    for one in AUDIT["tools"]:
        assert one["name"] in page
    for one in AUDIT["report"]["diagnostics"]:
        assert one["path"] in page and " ".join(one["message"].split()) in page
    for one in AUDIT["answers"][0]["bill"]:
        assert one["name"] in page and one["identifier"] in page
    for one in AUDIT["answers"][0]["ownership"]["interfaces"]:
        assert one["path"] in page
    for one in [*AUDIT["report"]["change"]["new"], *AUDIT["report"]["change"]["fixed"]]:
        assert one["subject"] in page
    for one in AUDIT["report"]["change"]["altered"]:
        assert one["name"] in page
    for one in AUDIT["report"]["waivers"]:
        assert one["reason"] in page and one["owner"] in page
    for one in AUDIT["frameworks"]:
        assert one["framework"]["title"] in page and one["statement"] in page
        for item in one["items"]:
            assert f"{item['id']}{item['title']}" in page and item["because"] in page


def test_colour_is_never_all_that_tells() -> None:
    for element in tree(html.render(AUDIT)).iter():
        if element.get("class", "").startswith("status "):
            assert re.search(r"\w", texts(element)) or element.get("class") != "status", texts(element)


def items(page: Any) -> Iterator[tuple[str, Any]]:
    """Every item of a framework, by its name and title, with its cells."""
    for table in page.iter("table"):
        if table.get("class") == "framework":
            for row in table.iter("tr"):
                if len(row) == 4:
                    yield texts(row[0]), row


def test_rules_of_a_framework_tell_what_became_of_them_and_lead_to_their_findings() -> None:
    shown = dict(items(tree(html.render(AUDIT))))
    by = {finding["rule"]: finding["outcome"] for finding in AUDIT["report"]["projects"][0]["findings"]}
    words = {"pass": "holds", "fail": "fails", "not-applicable": "does not apply"}
    seen = set()

    for item in (item for one in AUDIT["frameworks"] for item in one["items"]):
        row = shown[f"{item['id']}{item['title']}"]
        assert len(list(row[3].iter("li"))) == len(item["rules"])
        ran = sum(rule["rule"] in by for rule in item["rules"])
        assert f"{ran} of {len(item['rules'])} rule" in texts(row[2]) or not item["rules"]
        for rule, line in zip(item["rules"], row[3].iter("li"), strict=True):
            text, links = texts(line), [a.attrib["href"] for a in line.iter("a")]
            outcome = by.get(rule["rule"], "not run" if rule["built"] else "planned")
            assert text.startswith(f"{rule['title']} ({rule['rule']}): ")
            assert text.endswith(f" {words.get(outcome, outcome)}")
            assert links == ([f"#p1-{rule['rule']}"] if rule["rule"] in by else [])
            seen.add(outcome)
    assert seen >= {"fail", "unknown", "waived", "blocked", "not-applicable", "planned"}


def test_of_several_projects_a_rule_tells_which_have_which_outcome() -> None:
    made = audit_of(SEVERAL)
    several = [project["root"] for project in made["report"]["projects"]]
    rule = next(
        rule
        for one in made["frameworks"]
        for item in one["items"]
        for rule in item["rules"]
        if {*rule["outcomes"].values()} == {"fail"}
    )
    assert {*rule["outcomes"]} == {*several}
    rule["outcomes"][several[0]] = "pass"
    lines = [texts(line) for _, row in items(tree(html.render(made))) for line in row[3].iter("li")]

    [line] = [line for line in lines if "; pass in " in line]
    assert line.endswith(f"fail in {', '.join(several[1:])}; pass in {several[0]}")


def test_no_framework_is_told_that_was_not_asked_for() -> None:
    page = tree(html.render({**AUDIT, "frameworks": []}))

    assert not [e for e in page.iter() if e.get("id") == "frameworks" or e.get("href") == "#frameworks"]


def test_many_projects_are_sections_of_one_page() -> None:
    made = audit_of(SEVERAL)
    page = tree(html.render(made))

    assert len(made["answers"]) > 1
    headings = [int(element.tag[1]) for element in page.iter() if re.fullmatch(r"h\d", str(element.tag))]
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert {f"p{n}" for n in range(1, len(made["answers"]) + 1)} <= {e.get("id") for e in page.iter("h2")}


def test_a_long_list_is_cut_and_counted() -> None:
    made = json.loads(json.dumps(AUDIT))
    finding = next(f for f in made["report"]["projects"][0]["findings"] if f["rule"] == "data-chain-consistent")
    [bad] = [seen for seen in finding["observations"] if seen["ok"] is False]
    good = sum(seen["ok"] is True for seen in finding["observations"])
    finding["observations"] += [{**bad, "subject": f"s{n}"} for n in range(5000)]
    page = html.render(made)

    assert f"and {5001 - 60 + max(good - 12, 0)} more, which the JSON form holds" in page
    assert len(page) < 1_000_000


def test_of_very_many_projects_those_at_the_lowest_levels_are_shown_whole() -> None:
    made = json.loads(json.dumps(AUDIT))
    [project], [answers] = made["report"]["projects"], made["answers"]
    card = project["scorecard"]
    levels = [3 if number % 10 else 0 for number in range(700)]
    made["report"]["projects"] = [
        {**project, "root": f"p{number:03}", "scorecard": {**card, "level": level}}
        for number, level in enumerate(levels)
    ]
    made["answers"] = [{**answers, "root": f"p{number:03}"} for number in range(700)]
    text = html.render(made)
    page = tree(text)

    assert "Of 700 projects, the 25 that are at the lowest levels are shown whole below." in texts(page)
    whole = {e.get("id") for e in page.iter("h2") if re.fullmatch(r"p\d+", e.get("id", ""))}
    assert whole == {f"p{number + 1}" for number in range(0, 250, 10)}
    assert all(f"p{number:03}" in text for number in range(700))
    assert len(text.encode()) < 5_000_000
