"""Reports for other tools, read back by the programs that will read them, with the names that strangers choose."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import cmarkgfm
import html5lib
import jsonschema
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Failure, JUnitXml, Skipped

from lifelint import catalog
from lifelint.config import Config
from lifelint.inspection import inspect
from lifelint.model import Outcome
from lifelint.report import csv as csv_report
from lifelint.report import github, gitlab, junit, markdown, sarif
from lifelint.report import json as json_report
from lifelint.report.problems import problems
from lifelint.snapshot.memory import MemorySnapshot

MULTITOOL = Path(__file__).parents[1] / "tools/node_modules/@microsoft/sarif-multitool-linux"

[CHAIN] = [rule for rule in catalog.load().rules if rule.id == "data-chain-consistent"]
[BROKEN] = [example for example in CHAIN.examples if example.title.startswith("a new model was trained")]
FILES = {
    **BROKEN.files,
    "requirements.txt": "numpy\n",
    ".dvc/config": "[core]\nremote = store\n['remote \"store\"']\nurl = ../neighbour\n",
    "broken/dvc.yaml": "stages: [\n",
}


def report_of(files: Mapping[str, str]) -> dict[str, Any]:
    """The JSON report of a repository written inline."""
    made: dict[str, Any] = json.loads(json_report.render(inspect(MemorySnapshot(files), Config(), catalog.load())))
    return made


REPORT = report_of(FILES)


def named(text: str) -> dict[str, Any]:
    """The report with ``text`` in every place where a stranger can put it."""
    made: dict[str, Any] = json.loads(json.dumps(REPORT))
    for project in made["projects"]:
        project["root"] = text
        for finding in project["findings"]:
            finding["note"] = text
            for number, seen in enumerate(finding["observations"]):
                seen |= {"subject": f"{text}{number}", "detail": text, "path": text}
    for rule in made["rules"].values():
        rule |= {"title": text or "t", "rationale": text or "r", "remediation": text or "m"}
    made["diagnostics"] = [{"path": text, "line": 1, "message": text}]
    return made


HOSTILE = [
    "a|b", "```", "``x`` `", "<!-- lifelint -->", "</code></td></table><script>alert(1)</script>", "@octocat",
    "a\n\n# b",
    "::error::x", "x\r\n::set-output name=a::b", "##[set-output name=gate;]pass", "%0A::error::", "=HYPERLINK(1)", "+1",
    "\u202egnp.exe", "a\x1b[31mb", "]]>", "&lt;", "\x00", "\\udcff", "[x](javascript:1)", "![i](http://e.org/i.png)",
    "a:b,c",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=40), st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join)
)


def test_what_failed_at_or_below_the_target_is_a_problem_worst_first() -> None:
    found = problems(REPORT)

    assert [one.severity for one in found] == sorted(one.severity for one in found)
    assert ("data-chain-consistent", "dvc.lock", 20) in [(one.rule, one.path, one.line) for one in found]
    assert all(one.level <= 2 for one in found)
    assert len({one.fingerprint for one in found}) == len(found)


def test_a_fingerprint_stays_when_lines_move() -> None:
    moved = report_of({**FILES, "dvc.lock": "# a comment\n" + FILES["dvc.lock"]})

    assert {one.fingerprint for one in problems(moved)} == {one.fingerprint for one in problems(REPORT)}
    assert [one.line for one in problems(moved)] != [one.line for one in problems(REPORT)]


@pytest.mark.parametrize("module", [csv_report, github, gitlab, junit, markdown, sarif])
def test_the_same_report_gives_the_same_bytes(module: Any) -> None:
    assert module.render(REPORT) == module.render(json.loads(json.dumps(REPORT)))


class TestSarif:
    def test_names_a_place_a_rule_and_a_fingerprint_for_each_problem(self) -> None:
        [run] = json.loads(sarif.render(REPORT))["runs"]

        assert len(run["results"]) == len(problems(REPORT))
        for result, problem in zip(run["results"], problems(REPORT), strict=True):
            place = result["locations"][0]["physicalLocation"]
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == problem.rule
            assert place["artifactLocation"]["uri"] == (problem.path or "lifelint.toml")
            assert place["region"]["startLine"] == max(problem.line, 1)
            assert result["fingerprints"] == {"lifelint/v1": problem.fingerprint}
        [told] = run["invocations"][0]["toolExecutionNotifications"]
        assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "broken/dvc.yaml"

    @given(TEXTS)
    def test_keeps_strange_paths_apart_from_the_address(self, text: str) -> None:
        [run] = json.loads(sarif.render(named(text)))["runs"]

        for result in run["results"]:
            uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[\w.~/%-]+", uri, re.ASCII)
            assert unquote(uri) == (text or "lifelint.toml")

    @pytest.mark.skipif(not MULTITOOL.exists(), reason="npm has not installed the SARIF multitool")
    @pytest.mark.parametrize("text", ["", "hostile"])
    def test_is_valid_by_the_schema_and_by_the_rules_of_code_scanning(self, text: str, tmp_path: Path) -> None:
        log = json.loads(sarif.render(named("<a b>|ü/#%20?.csv") if text else REPORT))
        schema = json.loads((MULTITOOL / "sarif-2.1.0.json").read_text("utf-8-sig"))
        jsonschema.validators.validator_for(schema)(schema).validate(log)

        (tmp_path / "report.sarif").write_text(json.dumps(log))
        program = MULTITOOL / "Sarif.Multitool"
        program.chmod(0o755)
        command = [program, "validate", "report.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
        environment = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(tmp_path)}
        output = ["--output", "said.sarif", "--log", "ForceOverwrite"]
        subprocess.run([*command, *output], cwd=tmp_path, env=environment, capture_output=True, check=True)
        said = json.loads((tmp_path / "said.sarif").read_text("utf-8-sig"))["runs"][0]["results"]
        # SARIF2005 asks for an address of the tool, which has none yet.
        assert {one["ruleId"] for one in said} <= {"SARIF2005"}


GITLAB_ISSUE = {
    "type": "object",
    "required": ["description", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string"},
        "fingerprint": {"type": "string"},
        "severity": {"enum": ["blocker", "critical", "major", "minor", "info"]},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "minLength": 1},
                "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer"}}},
            },
        },
    },
}
"""GitLab's own schema (app/validators/json_schemas/codeclimate.json), made stricter by what its pages need."""


def read_by_gitlab(text: bytes) -> dict[str, Any]:
    """What GitLab keeps of a report (lib/gitlab/ci/parsers/codequality, lib/gitlab/ci/reports): it stops at the first
    issue that does not fit, and of several with the same fingerprint it keeps the last."""
    kept = {}
    for issue in json.loads(text.decode("utf-8")):
        if not jsonschema.Draft202012Validator(GITLAB_ISSUE).is_valid(issue):
            break
        kept[issue["fingerprint"]] = issue
    return kept


class TestGitLab:
    def test_loses_no_problem(self) -> None:
        kept = read_by_gitlab(gitlab.render(REPORT).encode())

        assert list(kept) == [one.fingerprint for one in problems(REPORT)]
        assert {issue["check_name"] for issue in kept.values()} == {one.rule for one in problems(REPORT)}
        assert not [issue for issue in kept.values() if issue["location"]["path"].startswith(("./", "/"))]
        assert min(issue["location"]["lines"]["begin"] for issue in kept.values()) == 1

    def test_tells_two_problems_of_one_subject_apart(self) -> None:
        twice = json.loads(json.dumps(REPORT))
        finding = next(f for f in twice["projects"][0]["findings"] if f["rule"] == "data-chain-consistent")
        [bad] = [seen for seen in finding["observations"] if seen["ok"] is False]
        finding["observations"] += [{**bad, "line": 99}, {**bad, "line": 7}]
        kept = read_by_gitlab(gitlab.render(twice).encode())

        assert len(kept) == len(problems(REPORT)) + 2
        assert set(read_by_gitlab(gitlab.render(REPORT).encode())) < set(kept)

    @given(TEXTS | st.just("data/\udcff.csv"))
    def test_loses_none_to_a_strange_name(self, text: str) -> None:
        written = gitlab.render(named(text)).encode("utf-8", "surrogateescape")

        assert len(read_by_gitlab(written)) == len(problems(named(text)))


class TestJUnit:
    def test_is_read_back_with_all_counts(self) -> None:
        read = JUnitXml.fromstring(junit.render(REPORT).encode())
        expected = [f for p in REPORT["projects"] for f in p["findings"] if f["level"] <= p["scorecard"]["target"]]
        cases = [case for suite in read for case in suite]

        assert len(cases) == sum(suite.tests for suite in read) == len(expected)
        failed = [case for case in cases if any(isinstance(result, Failure) for result in case.result)]
        assert len(failed) == sum(suite.failures for suite in read) == [f["outcome"] for f in expected].count("fail")
        skipped = [case for case in cases if any(isinstance(result, Skipped) for result in case.result)]
        passed = [f["outcome"] for f in expected].count("pass")
        assert len(skipped) == sum(suite.skipped for suite in read) == len(cases) - len(failed) - passed
        assert "dvc.lock:20: model.pkl was consumed as cfa72f" in junit.render(REPORT)

    @given(TEXTS)
    def test_is_xml_whatever_is_in_it(self, text: str) -> None:
        assert ElementTree.fromstring(junit.render(named(text)).encode()).tag == "testsuites"


class TestMarkdown:
    def tags(self, text: str) -> list[str]:
        """The elements that GitHub's parser, with raw HTML let through, makes of Markdown."""
        page = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        return [element.tag if isinstance(element.tag, str) else "comment" for element in tree.iter()]

    @given(TEXTS)
    def test_shows_strange_names_as_code_and_as_nothing_else(self, text: str) -> None:
        plain = markdown.render(named("x"))
        rendered = markdown.render(named(text))

        if text:
            assert self.tags(rendered) == self.tags(plain)
        assert not re.search(r"(?<!<code>)@octocat", re.sub(r"<code>.*?</code>", "", rendered))

    def test_counts_what_does_not_fit(self) -> None:
        many = json.loads(json.dumps(REPORT))
        finding = next(f for f in many["projects"][0]["findings"] if f["rule"] == "data-chain-consistent")
        [bad] = [seen for seen in finding["observations"] if seen["ok"] is False]
        finding["observations"] = [{**bad, "subject": f"s{number}"} for number in range(5000)]
        rendered = markdown.render(many, limit=20_000)

        assert len(rendered) < 20_000
        shown = rendered.count("</code></td></tr>")
        assert f"and {len(problems(many)) - shown} more in the full report" in rendered
        assert rendered.rstrip().endswith(("</table>", "</sub></p>"))

    def test_says_so_when_nothing_fails(self) -> None:
        assert "No rule at or below the target level fails." in markdown.render(report_of({"README.md": "x"}))


def commands(text: str) -> list[str]:
    """The workflow commands that GitHub's runner sees (actions/runner, ActionCommand.cs): both of its spellings."""
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.lstrip().startswith("::") or "##[" in line]
    return [match[1] for line in lines if (match := re.search(r"(?:^\s*::|##\[)([\w-]+)", line))]


class TestGitHub:
    @given(TEXTS)
    def test_gives_no_command_but_its_own(self, text: str) -> None:
        given_ = named(text)
        expected = {"error": "error", "warning": "warning", "info": "notice"}
        severities = [one.severity for one in problems(given_) if one.path]

        assert commands(github.render(given_)) == [expected[severity] for severity in severities]

    def test_keeps_ten_of_a_type_and_counts_the_rest(self) -> None:
        many = json.loads(json.dumps(REPORT))
        finding = next(f for f in many["projects"][0]["findings"] if f["rule"] == "data-chain-consistent")
        [bad] = [seen for seen in finding["observations"] if seen["ok"] is False]
        finding["observations"] = [{**bad, "subject": f"s{number:02}"} for number in range(40)]
        errors = [line for line in github.render(many).splitlines() if line.startswith("::error")]
        placed = [one for one in problems(many) if one.severity == "error" and one.path]

        assert len(errors) == 10
        assert errors[-1] == f"::error::{len(placed) - 9} more are in the report"


class TestCsv:
    @given(TEXTS)
    def test_has_no_formula_and_a_row_for_each_observation(self, text: str) -> None:
        given_ = named(text)
        rows = list(csv.reader(io.StringIO(csv_report.render(given_), newline="")))

        assert {len(row) for row in rows} == {len(csv_report.COLUMNS)}
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert len(rows) - 1 == sum(
            max(len(finding["observations"]), 1) for project in given_["projects"] for finding in project["findings"]
        )


def test_the_report_that_all_this_is_about_has_failures_of_several_kinds() -> None:
    outcomes = {finding["outcome"] for project in REPORT["projects"] for finding in project["findings"]}

    assert {Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE, Outcome.PASS} <= {Outcome(o) for o in outcomes}
    assert len({one.severity for one in problems(REPORT)}) > 1
