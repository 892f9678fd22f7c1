"""JUnit's XML (the form that Jenkins, GitLab and Azure read): a suite per project, a test per rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from lifelint._patterns import lazy
from lifelint.report.problems import target

_NOT_XML = lazy(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED = ("not-applicable", "unknown", "blocked", "premature", "waived", "known")


def render(document: Mapping[str, Any]) -> str:
    """All findings at or below the target level. Whatever is neither pass nor failure is a skipped test, with why."""
    suites = ElementTree.Element("testsuites", name="lifelint")
    for project in document["projects"]:
        expected = [f for f in project["findings"] if f["level"] <= target(document, project)]
        _suite(suites, project["root"], expected, document["rules"])
    ElementTree.indent(suites, " ")
    text: str = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(
    suites: ElementTree.Element, root: str, findings: Sequence[Mapping[str, Any]], rules: Mapping[str, Any]
) -> None:
    outcomes = [_told(finding) for finding in findings]
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name=_text(f"lifelint {root}"),
        tests=str(len(findings)),
        failures=str(outcomes.count("fail")),
        errors=str(outcomes.count("error")),
        skipped=str(sum(outcome in _SKIPPED for outcome in outcomes)),
    )
    for finding in findings:
        rule = finding["rule"]
        name = _text(f"{rule}: {rules[rule]['title']}")
        case = ElementTree.SubElement(
            suite,
            "testcase",
            name=name,
            classname=_text(f"{root if root != '.' else 'lifelint'}.{rules[rule]['area']}"),
        )
        place = next((seen["path"] for seen in finding["observations"] if seen["ok"] is False), "")
        if place:
            case.set("file", _text(place))
        _outcome(case, finding, rules[rule]["remediation"])


def _told(finding: Mapping[str, Any]) -> str:
    """The outcome; ``known`` where a rule fails for nothing that is not in the baseline."""
    bad = [seen for seen in finding["observations"] if seen["ok"] is False and not seen.get("waived")]
    known = finding["outcome"] == "fail" and all(seen.get("known") for seen in bad)
    return "known" if known else str(finding["outcome"])


def _outcome(case: ElementTree.Element, finding: Mapping[str, Any], remediation: str) -> None:
    outcome, note = _told(finding), finding["note"]
    if outcome in _SKIPPED:
        wanted = False if outcome == "known" else None
        open_ = [seen["detail"] for seen in finding["observations"] if seen["ok"] is wanted]
        ElementTree.SubElement(case, "skipped", message=_text(f"{outcome}: {note or '; '.join(open_)}"))
    elif outcome == "error":
        ElementTree.SubElement(case, "error", message=_text(note))
    elif outcome == "fail":
        bad = [seen for seen in finding["observations"] if seen["ok"] is False and not seen.get("waived")]
        failure = ElementTree.SubElement(case, "failure", message=_text(bad[0]["detail"]), type=finding["severity"])
        lines = [f"{seen['path']}:{seen['line']}: {seen['detail']} ({seen['subject']})" for seen in bad]
        failure.text = _text("\n".join([*lines, "", remediation.strip()]))


def _text(value: str) -> str:
    """``value`` without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", value)
