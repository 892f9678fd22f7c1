"""``lifelint gitlab note``: what is on the merge request afterwards, and what the job's log says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

from tests.cli.conftest import Ran
from tests.forge.fake_gitlab import FakeGitLab
from tests.forge.loopback import BAD_GATEWAY

ROOT = Path(__file__).parents[2]
HEAD, MERGED = "4b64" * 10, "9c1f" * 10
Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a change that makes something worse."""
    folder = tmp_path_factory.mktemp("gitlab")
    subprocess.run([sys.executable, "examples/replay.py", "bike-demand", folder / "bike"], cwd=ROOT, check=True)
    command = ["check", "--rev", "raise-learning-rate", "--base", "main", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "lifelint", *command], cwd=folder / "bike", capture_output=True, check=False
    )
    assert done.returncode == 1
    (folder / "report.json").write_bytes(done.stdout)
    return folder / "report.json"


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitLab]:
    """A GitLab, and the environment of a job for its merge request."""
    for name in ("LIFELINT_COMMENT", "LIFELINT_COMMENT_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    with FakeGitLab(project="42", number=7, commit=HEAD) as fake:
        environment = {
            "CI_API_V4_URL": fake.url,
            "CI_COMMIT_SHA": HEAD,
            "CI_JOB_URL": f"{fake.server}/acme/churn/-/jobs/12",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_PROJECT_PATH": "acme/churn",
            "CI_MERGE_REQUEST_PROJECT_URL": f"{fake.server}/acme/churn",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
            "CI_PROJECT_ID": "42",
            "LIFELINT_GITLAB_TOKEN": fake.token,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield fake


def note(lifelint: Run, report: Path, *more: str) -> str:
    """What the command says; it never fails."""
    ran = lifelint("gitlab", "note", str(report), *more)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_a_note_is_written_once_and_then_edited(lifelint: Run, lab: FakeGitLab, report: Path, tmp_path: Path) -> None:
    mended = json.loads(report.read_bytes())
    mended["change"]["new"] = []
    (tmp_path / "mended.json").write_text(json.dumps(mended))

    said = [note(lifelint, file) for file in (report, report, tmp_path / "mended.json")]

    [ours] = lab.notes()
    page = f"{lab.server}/acme/churn/-/merge_requests/7#note_{ours.id}"
    assert said == [f"note {word} {page}\n" for word in ("created", "unchanged", "updated")]
    assert [one.method for one in lab.requests if one.method != "GET"] == ["POST", "PUT"]


def test_its_links_lead_to_the_files_of_the_branch_and_to_the_job(lifelint: Run, lab: FakeGitLab, report: Path) -> None:
    note(lifelint, report)

    [ours] = lab.notes()
    page = html5lib.parse(
        github_flavored_markdown_to_html(ours.body, options=Options.CMARK_OPT_UNSAFE), namespaceHTMLElements=False
    )
    links = {link.get("href") for link in page.iter("a")}
    assert links == {f"{lab.server}/acme/churn/-/blob/{HEAD}/dvc.lock#L44", f"{lab.server}/acme/churn/-/jobs/12"}


def test_a_pipeline_on_the_merged_result_speaks_of_the_branch(
    lifelint: Run, lab: FakeGitLab, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_COMMIT_SHA", MERGED)
    monkeypatch.setenv("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", HEAD)

    assert note(lifelint, report).startswith("note created")


def test_two_jobs_have_a_note_each(lifelint: Run, lab: FakeGitLab, report: Path) -> None:
    note(lifelint, report, "--comment-key", "api")
    note(lifelint, report, "--comment-key", "batch")

    assert len(lab.notes()) == 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CI_COMMIT_SHA", MERGED, f"note stale: the branch is at {HEAD[:12]} now\n"),
        ("CI_MERGE_REQUEST_IID", "", "note skipped: this is no pipeline of a merge request\n"),
        ("LIFELINT_COMMENT", "off", "note skipped\n"),
    ],
)
def test_nothing_is_written_where_there_is_nothing_to_write_to(
    lifelint: Run, lab: FakeGitLab, report: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)

    assert note(lifelint, report) == told
    assert lab.notes() == []


def test_nothing_is_written_where_there_is_nothing_to_say(
    lifelint: Run, lab: FakeGitLab, report: Path, tmp_path: Path
) -> None:
    calm = json.loads(report.read_bytes())
    calm["gate"] = {"passed": True, "reasons": []}
    calm["change"] |= {"new": [], "fixed": [], "altered": [], "before": calm["change"]["after"]}
    (tmp_path / "calm.json").write_text(json.dumps(calm))

    assert note(lifelint, tmp_path / "calm.json") == "note skipped: there is nothing to say\n"
    assert note(lifelint, tmp_path / "calm.json", "--comment", "on-failure").startswith("note skipped")
    assert note(lifelint, tmp_path / "calm.json", "--comment", "always").startswith("note created")


def test_without_a_token_it_says_which_is_missing(
    lifelint: Run, lab: FakeGitLab, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIFELINT_GITLAB_TOKEN")
    assert note(lifelint, report).startswith("note denied: LIFELINT_GITLAB_TOKEN is not set, or it is protected")

    monkeypatch.setenv("CI_PROJECT_ID", "99")
    assert "a fork's pipeline is given no variable" in note(lifelint, report)


def test_the_token_of_the_job_is_not_enough(
    lifelint: Run, lab: FakeGitLab, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFELINT_GITLAB_TOKEN", lab.job_token)

    told = note(lifelint, report)
    assert told.startswith("note denied: ")
    assert "LIFELINT_GITLAB_TOKEN must be a project access token with the scope `api`" in told


def test_a_server_that_fails_does_not_fail_the_job(
    lifelint: Run, lab: FakeGitLab, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    lab.fail("GET", *[BAD_GATEWAY] * 9)

    assert note(lifelint, report).startswith("note failed: status 502")


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "gitlab.example/api/v4"])
def test_an_address_that_is_none_does_not_fail_the_job(
    lifelint: Run, lab: FakeGitLab, report: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("CI_API_V4_URL", address)

    assert note(lifelint, report).startswith("note failed: ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read"),
        ("{}", "is not a JSON report"),
        ('{"schema_version": 1}', "does not hold what a report"),
        (
            '{"schema_version": 1, "change": null, "gate": {"passed": true}, "projects": 3}',
            "does not hold what a report",
        ),
    ],
)
def test_what_is_no_report_is_wrong_usage(
    lifelint: Run, lab: FakeGitLab, tmp_path: Path, text: str | None, told: str
) -> None:
    if text is not None:
        (tmp_path / "report.json").write_text(text)
    ran = lifelint("gitlab", "note", str(tmp_path / "report.json"))

    assert ran.code == 2
    assert told in ran.err
    assert lab.requests == []


def test_a_key_cannot_end_the_marker(lifelint: Run, lab: FakeGitLab, report: Path) -> None:
    assert lifelint("gitlab", "note", str(report), "--comment-key", "a --> b").code == 2
    assert lab.requests == []
