"""Forms: where they are written, what they are filled with, and that nothing is earned by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifelint import engine
from lifelint.facts import Facts, Source
from lifelint.facts.decisions import decisions, parse_decision
from lifelint.fix.noun import CannotFix
from lifelint.model import Outcome
from lifelint.snapshot.memory import MemorySnapshot
from lifelint.snapshot.overlay import OverlaySnapshot
from tests.fix.conftest import LOADED, opened
from tests.kit.conftest import STATES, made, site, why

GITHUB = ".github/pull_request_template.md"
GITLAB = ".gitlab/merge_request_templates/"
GATES = "schema: gates/v1\ngates:\n- {{metric: auc, op: '>=', threshold: {}}}\n"


class TestPullRequest:
    def test_it_names_what_a_change_can_be_about(self) -> None:
        pointer = "outs:\n- md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  size: 10\n  hash: md5\n  path: a.csv\n"
        files = {
            "data/a.csv.dvc": pointer,
            "dvc.yaml": "stages:\n  train: {cmd: python t.py, outs: [model.pkl]}\n",
            "uv.lock": "version = 1\n",
            "gates.yaml": GATES.format(0.9),
            "docs/adr/0001-a.md": "# A\n",
        }
        text = made("pull-request", files, forge="github")[GITHUB]

        for line in ("data: `data/a.csv`", "code or parameters of the pipeline: `dvc.yaml`", "packages or images: "):
            assert f"- [ ] {line}" in text
        assert "- [ ] gates, or how it is evaluated: `gates.yaml`\n" in text
        assert "\n| auc | | |\n" in text
        assert "or a record in `docs/adr` says" in text

    def test_where_nothing_is_known_it_is_whole_all_the_same(self) -> None:
        text = made("pull-request", {}, forge="github")[GITHUB]

        assert "- [ ] data\n- [ ] code or parameters of the pipeline\n" in text
        assert "\n|---|---|---|\n| | | |\n" in text
        assert "\n\n\n" not in text and text.endswith("-->\n")

    @pytest.mark.parametrize(
        ("there", "forge", "path"),
        [
            ("README.md", "github", GITHUB),
            ("README.md", "gitlab", f"{GITLAB}Default.md"),
            ("PULL_REQUEST_TEMPLATE.md", "github", ".github/PULL_REQUEST_TEMPLATE/ml-change.md"),
            ("docs/pull_request_template.md", "github", ".github/PULL_REQUEST_TEMPLATE/ml-change.md"),
            (".github/PULL_REQUEST_TEMPLATE/a.md", "github", ".github/PULL_REQUEST_TEMPLATE/ml-change.md"),
            (f"{GITLAB}Bug.md", "gitlab", f"{GITLAB}ml-change.md"),
        ],
    )
    def test_what_is_there_stays(self, there: str, forge: str, path: str) -> None:
        assert [*made("pull-request", {there: "ours\n"}, forge=forge)] == [path]

    def test_files_tell_of_the_forge(self) -> None:
        assert [*made("pull-request", {".gitlab-ci.yml": "a: {script: [ls]}\n"})] == [f"{GITLAB}Default.md"]
        with pytest.raises(CannotFix, match="say --forge github or --forge gitlab"):
            made("pull-request", {})

    def test_names_of_files_stay_in_their_line(self) -> None:
        files = {"a\n## b|c/gates.yaml": GATES.format(0.9)}

        assert "`a ## b\\|c/gates.yaml`" in made("pull-request", files, forge="github")[GITHUB]


class TestDecisionRecord:
    @pytest.mark.parametrize(
        ("there", "path"),
        [
            ({}, "docs/decisions/0001-no-fax.md"),
            ({"docs/adr/README.md": "# Records\n"}, "docs/adr/0001-no-fax.md"),
            ({"docs/adr/0007-a.md": "# A\n", "docs/adr/0003-b.md": "# B\n"}, "docs/adr/0008-no-fax.md"),
            ({"adr/ADR-012 a.md": "# A\n"}, "adr/ADR-013 no-fax.md"),
            ({"decisions/9_a.md": "# A\n"}, "decisions/10_no-fax.md"),
            ({"docs/decisions/a.md": "# A\n"}, "docs/decisions/0001-no-fax.md"),
            ({"x/adr/1-a.md": "", "adr/01-a.md": "", "adr/02-b.md": ""}, "adr/03-no-fax.md"),
        ],
    )
    def test_it_has_the_next_number_where_the_others_are(self, there: dict[str, str | bytes], path: str) -> None:
        assert [*made("decision-record", there, title="No fax!")] == [path]

    def test_what_is_on_the_disk_and_not_in_git_has_a_number_too(self) -> None:
        held = site({"docs/adr/0007-a.md": "# A\n"}, title="B")._replace(names=lambda _: ["0008-x.md", "notes"])
        from lifelint.kit.forms import decision_record

        assert decision_record(held).changes[0].path == "docs/adr/0009-b.md"

    def test_one_that_was_begun_is_not_begun_again(self) -> None:
        files: dict[str, str | bytes] = dict(made("decision-record", {}))
        assert [*files] == ["docs/decisions/0001-decision.md"]

        with pytest.raises(CannotFix, match=r"docs/decisions/0001-decision\.md is there"):
            made("decision-record", files)
        assert [*made("decision-record", files, title="B")] == ["docs/decisions/0002-b.md"]

    @pytest.mark.parametrize("title", ["日本", "!!!", "../../x", "a\nb\n"])
    def test_a_title_makes_a_name(self, title: str) -> None:
        if title.isascii() and any(map(str.isalpha, title)):
            [(path, text)] = made("decision-record", {}, title=title).items()
            assert path in ("docs/decisions/0001-x.md", "docs/decisions/0001-a-b.md")
            assert text.count("\n# ") == 0
        else:
            with pytest.raises(CannotFix, match="give one with letters"):
                made("decision-record", {}, title=title)

    def test_it_is_what_the_facts_read(self) -> None:
        files = made("decision-record", {"README.md": "hi\n"}, title="Accept a lower AUC")
        [one] = decisions(Source(MemorySnapshot(files)))

        assert (one.title, one.status) == ("Accept a lower AUC", "proposed")

    def test_a_gate_passes_once_it_is_accepted_and_names_metric_and_threshold(self) -> None:
        [(path, text)] = made("decision-record", {}, title="Accept a lower AUC, 0.85").items()
        accepted = text.replace("Status: proposed", "Status: accepted")

        assert loosened(path, text) is Outcome.FAIL
        assert loosened(path, accepted) is Outcome.PASS
        assert loosened(path, accepted.replace("AUC", "error")) is Outcome.FAIL
        assert "threshold-loosened" in why("decision-record", {})


def loosened(path: str, record: str) -> Outcome:
    """What threshold-loosened says of a change that lowers a gate and adds a record."""
    rule = next(rule for rule in LOADED.rules if rule.id == "threshold-loosened")
    base = Facts(Source(MemorySnapshot({"gates.yaml": GATES.format(0.9)})))
    head = Facts(Source(MemorySnapshot({"gates.yaml": GATES.format(0.85), path: record})))
    [finding] = engine.run([rule], engine.Sides(head, base))
    assert parse_decision(record.encode()).status
    return finding.outcome


@pytest.mark.parametrize("forge", ["github", "gitlab"])
@pytest.mark.parametrize(
    "files", [{"README.md": "hi\n"}, {"train.py": "import torch\n", "requirements.txt": "torch\n"}]
)
def test_unedited_they_are_nothing_to_any_rule(files: dict[str, str | bytes], forge: str) -> None:
    forms = {**made("pull-request", files, forge=forge), **made("decision-record", files, title="Use no fax")}

    assert outcomes(MemorySnapshot({**files, **forms})) == outcomes(MemorySnapshot(files))


def test_unedited_they_are_nothing_to_any_rule_in_the_example(bikes: Path) -> None:
    with opened(bikes) as (snapshot, _):
        forms = {**made("pull-request", {}, forge="github"), **made("decision-record", {}, title="Accept a lower mae")}
        with_them = OverlaySnapshot(snapshot, {path: text.encode() for path, text in forms.items()})

        assert outcomes(with_them) == outcomes(snapshot)


def outcomes(snapshot: object) -> list[tuple[str, Outcome, int]]:
    """What rules say of a state, and of how much."""
    found = engine.run(STATES, Facts(Source(snapshot)))  # type: ignore[arg-type]
    return [(one.rule.id, one.outcome, len(one.observations)) for one in found]
