"""Permissions that are written into workflows: only where nothing needs more than to read."""

from __future__ import annotations

import pytest

from lifelint.fix.noun import Plan
from lifelint.snapshot.memory import MemorySnapshot
from tests.fix.conftest import plan_in_memory

PATH = ".github/workflows/test.yml"
JOB = "jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: {}\n"


def planned(text: str) -> Plan:
    snapshot = MemorySnapshot({"requirements.txt": "torch==2.4.0\n", PATH: text})
    return plan_in_memory(snapshot, "workflow-least-privilege")


def written(text: str) -> str:
    [edit] = planned(text).edits
    return edit.after.decode()


def test_they_stand_above_the_jobs_and_what_is_said_of_these() -> None:
    above, job = "name: test  # all of it\non: push\n\n", f"# what is run\n# and why\n{JOB.format('pytest')}"

    assert written(above + job) == f"{above}permissions:\n  contents: read\n\n{job}"


def test_line_ends_stay() -> None:
    text = f"on: push\n{JOB.format('pytest')}".replace("\n", "\r\n")

    assert written(text) == text.replace("jobs:", "permissions:\r\n  contents: read\r\n\r\njobs:")


def test_jobs_that_come_first_have_them_above() -> None:
    assert written(f"{JOB.format('pytest')}on: push\n").startswith("permissions:\n  contents: read\n\njobs:\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (JOB.format("git push origin main"), "it may use the token (git push)"),
        (JOB.format("git -C docs push"), "it may use the token"),
        (JOB.format("pip install x && gh release create v1"), "it may use the token"),
        (JOB.format("cml comment create report.md"), "it may use the token"),
        (JOB.format("mkdocs gh-deploy --force"), "it may use the token (gh-deploy)"),
        (JOB.format("uv run mike deploy --push 1.2"), "it may use the token (mike deploy)"),
        (JOB.format("quarto publish gh-pages"), "it may use the token (publish gh-pages)"),
        (JOB.format("ghp-import -n -p _build"), "it may use the token (ghp-import)"),
        (JOB.format("git subtree push --prefix docs origin x"), "it may use the token (git subtree push)"),
        (JOB.format("dvc exp push origin"), "it may use the token (dvc exp push)"),
        (JOB.format("curl -H ${{ github.token }} x"), "it may use the token (github.token)"),
        (JOB.format("pytest") + "        env: {GITHUB_TOKEN: x}\n", "it may use the token (GITHUB_TOKEN)"),
        (
            JOB.format("pytest") + "      - uses: peaceiris/actions-gh-pages@v3\n",
            "it uses peaceiris/actions-gh-pages@v3",
        ),
        (JOB.format("pytest") + "      - {uses: acme/push@v1}\n", "it uses acme/push@v1"),
        (JOB.format("pytest") + "  call:\n    uses: ./.github/workflows/x.yml\n", "it uses ./.github/workflows/x.yml"),
        ("jobs: {test: {steps: [{uses: 'acme/push@v1'}]}}\n", "it uses acme/push@v1"),
        ("{on: push, jobs: {test: {steps: [{run: pytest}]}}}\n", "its jobs are not written as a block"),
        (f"permissions: write-all\n{JOB.format('pytest')}", "which of all the permissions are needed"),
    ],
)
def test_what_may_need_more_is_left_to_a_person(text: str, why: str) -> None:
    plan = planned(text)

    assert plan.edits == []
    assert [why in left.why for left in plan.left] == [True], plan.left
