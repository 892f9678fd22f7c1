"""The comment on a change as GitLab treats it: what of its HTML stays, what of its text is a command or a reference."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import html5lib
import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from lifelint.catalog import load
from lifelint.report import comment

ROOT = Path(__file__).parents[2]
RULES = {rule.id: rule for rule in load(examples=False).rules}
GITLAB = comment.Where("https://gitlab.example", "acme/churn", "4b64" * 10, "https://gitlab.example/j/1", "-/blob")

# html-pipeline's list, with what GitLab adds (lib/banzai/filter/base_sanitization_filter.rb)
ELEMENTS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "br", "b", "i", "strong", "em", "a", "pre", "code", "img", "tt", "div"),
    *("ins", "del", "sup", "sub", "p", "ol", "ul", "table", "thead", "tbody", "tfoot", "blockquote", "dl", "dt", "dd"),
    *("kbd", "q", "samp", "var", "hr", "li", "tr", "td", "th", "s", "strike", "summary", "details", "span", "abbr"),
}
ATTRIBUTES = {"align", "colspan", "open", "href"}
# What GitLab's references, mentions, labels, milestones, snippets and emoji start with (lib/banzai/filter)
REFERENCE = re.compile(r"[@#!~%$^&][\w\"]|\[(vulnerability|work_item|cadence):|\*iteration:|:\w+:|\b[0-9a-f]{7,40}\b")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The report on a change with something in every section."""
    folder = tmp_path_factory.mktemp("comment") / "bike"
    subprocess.run([sys.executable, "examples/replay.py", "bike-demand", folder], cwd=ROOT, check=True)
    command = [sys.executable, "-m", "lifelint", "check", "--base", "v1.1.0", "--rev", "v1.2.0", "--format", "json"]
    made: Mapping[str, Any] = json.loads(subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout)
    assert made["change"]["fixed"] and made["change"]["altered"] and made["change"]["metrics"]
    made["change"]["new"].extend(made["change"]["fixed"])
    return made


def elements(text: str) -> list[Any]:
    """The elements of a note, by GitHub's parser: tables and HTML blocks are the same in GitLab's."""
    page = github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    return [one for one in body.iter() if isinstance(one.tag, str) and one.tag != "body"]


def test_gitlab_takes_nothing_away(document: Mapping[str, Any]) -> None:
    found = elements(comment.render(document, RULES, GITLAB))

    assert {"details", "summary", "table", "sub", "code"} <= {one.tag for one in found} <= ELEMENTS
    assert {name for one in found for name in one.attrib} <= ATTRIBUTES


def test_files_are_linked_where_gitlab_shows_them() -> None:
    link = GITLAB.link("data/ä b#.csv", 3)

    assert f'href="https://gitlab.example/acme/churn/-/blob/{"4b64" * 10}/data/%C3%A4%20b%23.csv#L3"' in link


NAMES = st.sampled_from(
    [
        *("/close", "\n/merge\n", "a\r\n/approve", "`\n/assign @all", "</code>\n\n/label ~x\n", ">>>\n/close\n>>>"),
        *("@all", "#1", "!1", "~bug", "%v1", "$1", "&1", ":tada:", "[vulnerability:1]", "4b64" * 10, "<b>", "**x**"),
    ]
)


FREE = ("subject", "detail", "path", "name", "before", "after", "key", "report", "slice", "dataset", "reasons")


def named(value: Any, name: str, key: str = "") -> Any:
    """The report with ``name`` wherever a stranger can put a text."""
    if isinstance(value, dict):
        return {field: named(one, name, field) for field, one in value.items()}
    if isinstance(value, list):
        return [named(one, name, key) for one in value]
    return name if key in FREE and isinstance(value, str) else value


@given(NAMES)
def test_a_name_is_neither_command_nor_reference(document: Mapping[str, Any], name: str) -> None:
    text = comment.render(named(document, name), RULES, GITLAB)

    assert [line for line in text.splitlines() if line.lstrip().startswith("/")] == []
    shown = [one for one in elements(text) if one.tag not in ("code", "a")]
    words = [word for one in shown for word in (one.text, *(below.tail for below in one)) if word]
    assert [word for word in words if REFERENCE.search(word)] == []
    assert {one.tag for one in elements(text)} <= ELEMENTS - {"img"}
