"""What jobs of continuous integration run, of whatever system, and whether its failure counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import facts_of

GITHUB = """\
name: CI
on: {pull_request: {}, schedule: [{cron: '0 5 * * 1'}]}
defaults: {run: {working-directory: ./model}}
jobs:
  test:
    name: Unit tests
    steps:
    - uses: actions/checkout@v4
    - run: |
        pip install .
        pytest
    - run: ruff check .
      continue-on-error: true
  evaluate:
    if: false
    steps:
    - run: dvc repro
  shared:
    uses: org/repo/.github/workflows/x.yaml@v1
  docker:
    steps:
    - uses: docker/run@v1
      with:
        args: dvc metrics diff
"""


def commands(path: str, text: str) -> list[Any]:
    return list(facts_of({path: text})["ci_commands"].items)


def test_a_workflow_of_github_is_read_job_by_job() -> None:
    found = [(c.job, c.text, c.line, c.why) for c in commands(".github/workflows/a.yaml", GITHUB)]

    assert found == [
        ("test", "uses: actions/checkout@v4", 8, ""),
        ("test", "pip install .\npytest\n", 9, ""),
        ("test", "ruff check .", 12, "continue-on-error: true"),
        ("evaluate", "dvc repro", 17, "if: false"),
        ("shared", "uses: org/repo/.github/workflows/x.yaml@v1", 19, ""),
        ("docker", "uses: docker/run@v1", 22, ""),
        ("docker", "dvc metrics diff", 24, ""),
    ]
    assert {c.on for c in commands(".github/workflows/a.yaml", GITHUB)} == {("pull_request", "schedule")}


@pytest.mark.parametrize(
    ("path", "text", "job", "why"),
    [
        (".gitlab-ci.yml", "stages: [a]\ntest:\n  script:\n  - pytest\n", "test", ""),
        (".gitlab-ci.yml", "test:\n  allow_failure: true\n  script: [pytest]\n", "test", "allow_failure: true"),
        (".gitlab-ci.yml", "test:\n  when: manual\n  script: [pytest]\n", "test", "when: manual"),
        (".gitlab-ci.yml", "before_script: [pytest]\nvariables: {script: none}\n", "before_script", ""),
        ("azure-pipelines.yml", "jobs:\n- job: Test\n  steps:\n  - script: pytest\n", "Test", ""),
        ("azure-pipelines.yml", "steps:\n- bash: pytest\n  condition: false\n", "", "condition: false"),
        ("azure-pipelines.yml", "jobs:\n- job: T\n  continueOnError: true\n  steps:\n  - script: pytest\n", "T",
         "continueOnError: true"),
        (".circleci/config.yml", "jobs:\n  test:\n    steps:\n    - run: {command: pytest}\n", "test", ""),
        ("bitbucket-pipelines.yml", "pipelines:\n  default:\n  - step: {name: Test, script: [pytest]}\n", "Test", ""),
        (".travis.yml", "script: pytest\n", "", ""),
        (".buildkite/pipeline.yml", "steps:\n- {label: Test, command: pytest, soft_fail: true}\n", "Test",
         "soft_fail: true"),
        ("cloudbuild.yaml", "steps:\n- {id: test, name: python, args: [pytest]}\n", "test", ""),
        (".drone.yml", "steps:\n- {name: test, commands: [pytest]}\n", "test", ""),
        ("Jenkinsfile", "stage('t') {\n  sh 'pytest'\n}\n", "", ""),
    ],
)  # fmt: skip
def test_other_systems_are_read_too(path: str, text: str, job: str, why: str) -> None:
    [found] = commands(path, text)

    assert "pytest" in found.text
    assert (found.job, found.why, found.ignored) == (job, why, bool(why))


def test_the_words_of_a_step_of_cloud_build_are_one_command() -> None:
    [found] = commands("cloudbuild.yaml", "steps:\n- name: x\n  args:\n  - -c\n  - make install && make run\n")

    assert (found.text, found.line) == ("make install && make run", 4)


LATE = """\
on: pull_request
jobs:
  test:
    {job}
    steps:
    - id: unit
      run: pytest{end}
      continue-on-error: true
    - {{if: always(), run: cat report.txt}}
    - {last}
"""


@pytest.mark.parametrize(
    ("job", "end", "last", "why"),
    [
        ("if: true", "", "{if: steps.unit.outcome == 'failure', run: \"echo failed\\nexit 1\"}", ""),
        ("if: true", "", "{env: {WAS: '${{ steps.unit.outcome }}'}, run: 'test $WAS = success || exit 1'}", ""),
        ("if: true", "", "{if: steps.unit.outcome == 'failure', uses: actions/github-script@v7, "
         "with: {script: core.setFailed('tests failed')}}", ""),
        ("outputs: {unit: '${{ steps.unit.outcome }}'}", "", "{run: echo done}", ""),
        ("if: true", "", "{if: steps.unit.outcome == 'failure', run: echo failed}", "continue-on-error: true"),
        ("if: true", "", "{if: steps.unit.conclusion == 'failure', run: exit 1}", "continue-on-error: true"),
        ("if: true", "", "{if: steps.other.outcome == 'failure', run: exit 1}", "continue-on-error: true"),
        ("if: true", " || true", "{if: steps.unit.outcome == 'failure', run: exit 1}", "|| true"),
        ("continue-on-error: true", "", "{if: steps.unit.outcome == 'failure', run: exit 1}",
         "continue-on-error: true"),
    ],
)  # fmt: skip
def test_a_step_may_fail_where_a_later_one_fails_in_its_place(job: str, end: str, last: str, why: str) -> None:
    found = commands(".github/workflows/a.yaml", LATE.format(job=job, end=end, last=last))

    assert found[0].text == f"pytest{end}"
    assert (found[0].why, found[0].ignored) == (why, bool(why))


@pytest.mark.parametrize(
    ("include", "said"),
    [
        ("ci/a.yml", ["uses: ./ci/a.yml"]),
        ("'https://example.org/a.yml'", ["uses: https://example.org/a.yml"]),
        ("[{local: /ci/a.yml, rules: []}, {template: T.yml}]", ["uses: ./ci/a.yml", "uses: template T.yml"]),
        ("{project: org/ci, file: [a.yml]}", ["uses: project org/ci"]),
        ("{local: 3, component: [x]}", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_gitlab_includes_is_a_prepared_action(include: str, said: list[str]) -> None:
    found = commands(".gitlab-ci.yml", f"include: {include}\ntest: {{script: [pytest]}}\n")

    assert [(c.text, c.job) for c in found] == [*((text, "include") for text in said), ("pytest", "test")]


def test_a_template_of_azure_is_a_prepared_action() -> None:
    found = commands("azure-pipelines.yml", "jobs:\n- template: ci/test.yml\n- job: A\n  steps:\n  - bash: pytest\n")

    assert [(c.text, c.job, c.line) for c in found] == [("pytest", "A", 5), ("uses: ./ci/test.yml", "template", 2)]


@pytest.mark.parametrize("end", ["|| true", "|| :", "|| exit 0"])
def test_a_failure_that_the_command_itself_accepts_does_not_count(end: str) -> None:
    [found] = commands(".gitlab-ci.yml", f"test:\n  script:\n  - 'pytest {end}'\n")

    assert found.ignored


@pytest.mark.parametrize(
    "text", ["", "[]", "jobs: []", "jobs: {a: }", "jobs: {a: {steps: x}}", "jobs: {a: {steps: [x, {run: }]}}", "on: 1"]
)  # fmt: skip
def test_what_is_no_workflow_runs_nothing(text: str) -> None:
    assert commands(".github/workflows/a.yaml", text) == []


def test_a_workflow_that_is_not_yaml_is_told() -> None:
    assert [u.path for u in facts_of({".github/workflows/a.yaml": "jobs: ["})["ci_commands"].unread] == [
        ".github/workflows/a.yaml"
    ]
