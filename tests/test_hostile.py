"""Whatever a repository holds, facts are made and rules come to an outcome: none crashes on what it did not expect."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifelint import catalog
from lifelint.engine import run
from lifelint.examples import given as facts_for
from lifelint.model import Example, Outcome, Rule

HOSTILE = (
    *("null", "~", "-1", "true", ".nan", "-.inf", "NaN", "1e999", "9" * 5000, "1_000", "2026-13-45", '""', '"\\x00"'),
    *("[]", "{}", "[null]", "[[]]", "[1, [2], {a: 3}]", '{"a": {"b": [null]}}', "{null: null}", "&a [*a]", "*a", "[x"),
    *('"\\ud800"', '"\\ud800\\udfff x"', "\u2028", "!!binary '////'", "${", "${a.b}", "{{", "(((((((", "**", "\\"),
    *('"/"', '".."', '"a//b"', "../../etc/passwd", "http://[", "https://[::1", "git@:x", "file:///%ff", "sha256:"),
)
VALUE = re.compile(r"(?<=[:,\[-] )[^\s,\]}{\[][^\n,}\]]*|(?<==)[^\n]*|\"[^\"\n]*\"|(?<=\n)[^\n]+")
EXAMPLES = [(rule, example) for rule in catalog.load().rules for example in rule.examples]


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[Rule, Example]:
    """An example of a rule in which something stands where something else was."""
    rule, example = draw(st.sampled_from(EXAMPLES))
    for side in ("files", "base"):
        files = {path: text for path, text in (getattr(example, side) or {}).items() if text}
        if files and draw(st.booleans() if side == "base" else st.just(True)):
            path = draw(st.sampled_from(sorted(files)))
            places = [found.span() for found in VALUE.finditer(files[path])] or [(0, 0)]
            start, end = draw(st.sampled_from(places))
            end = draw(st.sampled_from([end, end, end, len(files[path])]))  # the rest of the file may be missing too
            text = files[path][:start] + draw(st.sampled_from(HOSTILE)) + files[path][end:]
            example = example._replace(**{side: {**(getattr(example, side) or {}), path: text}})
    return rule, example


@given(spoilt())
@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_crashes_on_what_it_did_not_expect(spoilt: tuple[Rule, Example]) -> None:
    rule, example = spoilt

    [finding] = run([rule], facts_for(example))

    assert finding.outcome is not Outcome.ERROR, finding.note


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("data/croissant.json", r'{"\ud800": "x y", "@type": "sc:Dataset", "dct:conformsTo": "http://mlcommons.org/croissant/1.0"}'),
        ("a.ipynb", r'{"cells": [{"outputs": [{"data": {"text/html": "<table class=dataframe><thead><th>name\ud800</th>'
         r'<th>age</th></thead><tbody><td>x</td></tbody>"}}]}]}'),
    ],
)  # fmt: skip
def test_half_a_surrogate_pair_is_read_like_any_other_text(path: str, text: str) -> None:
    card = "---\npii: true\ncolumns: [name, age]\n---\n# Card\n"
    files: dict[str, str | None] = {
        path: text,
        "dataset-card.md": card,
        "data/people.csv.dvc": "outs:\n- path: people.csv\n",
    }

    of_a_state = [rule for rule in catalog.load().rules if rule.scope != "change"]

    findings = run(of_a_state, facts_for(Example(title="", files=files, outcome=Outcome.PASS)))

    assert [finding for finding in findings if finding.outcome is Outcome.ERROR] == []
