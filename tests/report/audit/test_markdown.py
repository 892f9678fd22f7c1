"""The audit as Markdown, read back by GitHub's own parser."""

from __future__ import annotations

import re

import cmarkgfm
import html5lib
from cmarkgfm.cmark import Options
from hypothesis import given, settings

from lifelint.report.audit import LIMITS, markdown
from tests.report.audit.conftest import AUDIT, named
from tests.report.test_formats import TEXTS


def page(text: str) -> str:
    made: str = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    return made


def tags(text: str) -> list[str]:
    tree = html5lib.parse(page(text), namespaceHTMLElements=False)
    return [element.tag if isinstance(element.tag, str) else "comment" for element in tree.iter()]


PLAIN = tags(markdown.render(named("x")))


@given(TEXTS.filter(bool))
@settings(max_examples=30)
def test_what_strangers_write_is_text_and_mentions_nobody(text: str) -> None:
    made = markdown.render(named(text))

    assert tags(made) == PLAIN
    assert not re.search(r"@\w", re.sub(r"<code>.*?</code>", "", page(made), flags=re.DOTALL))


def test_every_table_is_closed_and_has_no_blank_line() -> None:
    made = markdown.render(AUDIT)

    assert made.count("<table>") == made.count("</table>") > 10
    for table in re.findall(r"<table>.*?</table>", made, re.DOTALL):
        assert "\n\n" not in table


def test_all_parts_of_the_document_are_there() -> None:
    made = " ".join(re.sub(r"<[^>]+>", "", page(markdown.render(AUDIT))).split())

    assert LIMITS in made
    for finding in AUDIT["report"]["projects"][0]["findings"]:
        assert finding["rule"] in made
    for one in AUDIT["answers"][0]["bill"]:
        assert one["name"] in made
    for one in AUDIT["frameworks"]:
        assert one["statement"] in made and one["framework"]["title"] in made
        for item in one["items"]:
            assert f"{item['id']}{item['title']}" in made
            for rule in item["rules"]:
                [outcome] = rule["outcomes"].values() or ["not assessed"]
                assert f"{rule['rule']}: {outcome.replace('-', ' ')}" in made


def test_places_lead_to_the_forge() -> None:
    forge = "https://gitlab.com/acme/churn"
    revision = "a" * 40
    made = {**AUDIT, "forge": forge}
    made["report"] = {**made["report"], "subject": {**made["report"]["subject"], "revision": revision}}

    assert f'<a href="{forge}/-/blob/{revision}/dvc.lock#L20"><code>dvc.lock:20</code></a>' in markdown.render(made)
