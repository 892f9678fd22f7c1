"""What the examples of the rules cannot show."""

from __future__ import annotations

from collections.abc import Mapping

from lifelint.checks import environment, pythons
from lifelint.facts import Facts
from lifelint.model import Observation
from tests.conftest import facts_of


def pinned(files: Mapping[str, str], **settings: object) -> dict[str, Observation]:
    facts = facts_of(files)
    seen = list(environment.pinned(facts["manifests"].items, facts["locks"].items, **settings))  # type: ignore[arg-type]
    assert len({o.subject for o in seen}) == len(seen)
    return {o.subject: o for o in seen}


def consistent(facts: Facts) -> list[Observation]:
    return list(pythons.consistent(facts["python_versions"].items, facts["manifests"].items))


def test_a_name_written_twice_is_one_subject_and_the_open_line_counts() -> None:
    seen = pinned({"requirements.txt": "a==1 ; python_version<'3.12'\na ; python_version>='3.12'\n"})

    assert {s: (o.ok, o.line) for s, o in seen.items()} == {"requirements.txt:a": (False, 2)}


def test_a_shared_file_counts_as_its_strictest_reader_sees_it() -> None:
    files = {
        "requirements.txt": "-r base.txt\n-c limits.txt\n",
        "requirements-gpu.txt": "-r base.txt\n",
        "base.txt": "a\n",
        "limits.txt": "a==1\n",
    }

    assert [o.ok for o in pinned(files).values()] == [True]


def test_a_lock_of_another_folder_covers_nothing_here() -> None:
    project = '[project]\nname = "%s"\nversion = "1"\ndependencies = ["numpy"]\n'
    lock = (
        'version = 1\n[[package]]\nname = "a"\nversion = "1"\n'
        'source = { virtual = "." }\n[package.metadata]\n'
        'requires-dist = [{ name = "numpy" }]\n'
    )

    seen = pinned({"a/pyproject.toml": project % "a", "a/uv.lock": lock, "b/pyproject.toml": project % "b"})

    assert {s: o.ok for s, o in seen.items()} == {"a/pyproject.toml": True, "b/pyproject.toml:numpy": False}


def test_members_of_a_workspace_are_covered_by_its_lock() -> None:
    root = '[project]\nname = "a"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["libs/*"]\n'
    files = {
        "pyproject.toml": root,
        "libs/b/pyproject.toml": '[project]\nname = "b"\nversion = "1"\ndependencies = ["numpy"]\n',
        "uv.lock": "version = 1\n",
    }

    assert {s: o.ok for s, o in pinned(files).items()} == {"pyproject.toml": True, "libs/b/pyproject.toml": True}


def test_an_environment_that_only_bootstraps_pip_needs_no_versions_of_its_own() -> None:
    files = {
        "environment.yml": (
            "name: x\ndependencies:\n  - python=3.11\n  - pip\n  - poetry\n  - pip:\n    - -r requirements.txt\n"
        ),
        "requirements.txt": "numpy==2.1.0\n",
    }

    assert {s: o.ok for s, o in pinned(files).items()} == {"requirements.txt:numpy": True}


def test_roles_widen_what_is_judged() -> None:
    files = {"requirements-dev.txt": "pytest\n"}

    assert pinned(files) == {}
    assert not pinned(files, roles=("runtime", "dev"))["requirements-dev.txt:pytest"].ok


def test_a_frozen_list_covers_what_it_lists_completely() -> None:
    files = {"requirements.txt": "pandas\n", "requirements.lock.txt": "numpy==2.1.0\npandas==2.2.3\n"}

    assert pinned(files)["requirements.txt"].ok
    assert not pinned(files | {"requirements.lock.txt": "numpy==2.1.0\n"})["requirements.txt:pandas"].ok


def test_python_is_compared_with_the_declarations_not_between_images() -> None:
    files = {"requirements.txt": "a==1\n", "a.Dockerfile": "FROM python:3.9\n", "b.Dockerfile": "FROM python:3.11\n"}

    assert [o.ok for o in consistent(facts_of(files))] == [True]
    [wrong] = consistent(facts_of(files | {".python-version": "3.11\n"}))
    assert (wrong.ok, wrong.subject) == (False, "a.Dockerfile:image")


def test_ci_with_an_unresolved_version_is_not_judged() -> None:
    steps = (
        "on: push\njobs:\n  t:\n    steps:\n"
        "      - uses: actions/setup-python@v5\n        with:\n"
        "          python-version: %s\n"
        "      - run: pytest\n"
    )
    files = {"requirements.txt": "a==1\n", ".python-version": "3.11\n", "Dockerfile": "FROM python:3.11\n"}

    assert [
        o.ok for o in consistent(facts_of(files | {".github/workflows/ci.yml": steps % "${{ inputs.python }}"}))
    ] == [True]
    [wrong] = consistent(facts_of(files | {".github/workflows/ci.yml": steps % "'3.12'"}))
    assert (wrong.ok, wrong.detail) == (False, "it says Python 3.12, .python-version:1 says 3.11")


def test_the_odd_one_out_among_declarations_is_named() -> None:
    project = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["a"]\n'
    files = {"pyproject.toml": project, ".python-version": "3.12\n", "runtime.txt": "python-3.9.1\n"}

    [wrong] = consistent(facts_of(files))

    assert (wrong.path, wrong.detail) == ("runtime.txt", "python-3.9.1 is Python 3.9, .python-version:1 says 3.12")


def test_a_stale_lock_gives_the_line_of_the_difference() -> None:
    files = {
        "requirements.in": "torch>=2\n",
        "requirements.txt": (
            "# This file was autogenerated by uv via the following command:\n"
            "#    uv pip compile requirements.in\ntorch==1.13\n"
        ),
    }

    [seen] = environment.fresh(facts_of(files)["locks"].items)

    assert (seen.ok, seen.subject, seen.path, seen.line) == (False, "requirements.txt", "requirements.txt", 3)


def test_a_python_version_is_told_against_a_place_that_contradicts_it() -> None:
    from lifelint.checks.pythons import consistent

    facts = facts_of(
        {
            "pyproject.toml": '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.10"\n',
            ".python-version": "3.10\n",
            "Dockerfile": "FROM python:3.11-slim\n",
        }
    )
    [seen] = consistent(facts["python_versions"].items, facts["manifests"].items)

    assert (seen.ok, seen.path) == (False, "Dockerfile")
    assert seen.detail.endswith(".python-version:1 says 3.10")


def test_a_python_version_of_a_pixi_feature_is_not_that_of_the_project() -> None:
    feature = '[tool.pixi.feature.py310.dependencies]\npython = "3.10.*"\n'
    project = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.10"\n'
    facts = facts_of({"pyproject.toml": f"{project}{feature}", "Dockerfile": "FROM python:3.11-slim\n"})

    assert [v.where for v in facts["python_versions"].items] == ["image", "requires-python"]


def test_a_workflow_that_only_formats_says_nothing_of_the_python_in_use() -> None:
    from lifelint.checks.pythons import consistent

    workflow = (
        'jobs:\n  a:\n    steps:\n    - uses: actions/setup-python@v5\n      with:\n        python-version: "3.9"\n'
        "    - run: pytest\n"
    )
    for name, outcomes in (("code-formatting.yml", []), ("tests.yml", [False])):
        files = {".python-version": "3.11\n", f".github/workflows/{name}": workflow}
        facts = facts_of({**files, "requirements.txt": "numpy==2.1.0\n"})
        seen = consistent(facts["python_versions"].items, facts["manifests"].items)
        assert [o.ok for o in seen if o.ok is False] == outcomes, name
