"""What update bots are told to watch, and which files that name versions are left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import _json5
from lifelint.facts._source import Unreadable
from tests.conftest import facts_of

PINNED = "torch==2.4.0\n"
ENTRY = "- package-ecosystem: {}\n  directory: {}\n  schedule: {{interval: weekly}}\n"


def watched(files: Mapping[str, str]) -> dict[str, tuple[bool | None, str]]:
    found = facts_of(files)["dependency_files"].items
    return {one.path: (one.watched, one.why) for one in found}


def by_dependabot(updates: str, *paths: str) -> list[bool | None]:
    files = {".github/dependabot.yml": f"version: 2\nupdates:\n{updates}", **dict.fromkeys(paths, PINNED)}
    return [watched(files)[path][0] for path in paths]


def by_renovate(told: Any, *paths: str, name: str = "renovate.json") -> list[bool | None]:
    text = told if isinstance(told, str) else json.dumps(told)
    files = {name: text, **{path: "FROM a:1\n" if "ocker" in path else PINNED for path in paths}}
    return [watched(files)[path][0] for path in paths]


def test_requirements_are_taken_of_a_folder_and_of_those_in_it() -> None:
    paths = ("requirements.txt", "requirements/base.txt", "services/api/requirements.txt")

    assert by_dependabot(ENTRY.format("pip", "/"), *paths) == [True, True, False]
    assert by_dependabot(ENTRY.format("pip", "services"), *paths) == [False, False, True]


@pytest.mark.parametrize(
    ("folders", "found"),
    [
        ("['/']", [True, False, False]),
        ("['/*']", [False, True, True]),
        ("['**/*']", [True, True, True]),
        ("['/', 'a/b/']", [True, False, True]),
        ("['/c']", [False, False, False]),
    ],
)
def test_folders_may_have_globs(folders: str, found: list[bool]) -> None:
    updates = f"- package-ecosystem: pip\n  directories: {folders}\n  schedule: {{interval: daily}}\n"

    assert by_dependabot(updates, "requirements.txt", "a/requirements.txt", "a/b/requirements.txt")[::2] == found[::2]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("updates: []\n", 1, "it does not say version: 2"),
        ("version: 1\nupdates: []\n", 1, "it does not say version: 2"),
        ("version: 2\n", 1, "it has no list of updates"),
        ("- 1\n", 0, "it has no updates"),
        ("version: 2\nupdates: [pip]\n", 2, "an entry is no mapping"),
        ("version: 2\nupdates:\n- package-ecosystem: ''\n", 3, "an entry names no package-ecosystem"),
        ("version: 2\nupdates:\n- {package-ecosystem: pip}\n", 3, "the entry pip has no directory"),
        ("version: 2\nupdates:\n- {package-ecosystem: pip, directory: /}\n", 3, "the entry pip has no schedule"),
    ],
)
def test_what_lacks_a_key_is_refused_as_a_whole(text: str, line: int, why: str) -> None:
    files = {".github/dependabot.yml": text, "requirements.txt": PINNED}
    [bot] = facts_of(files)["update_bots"].items

    assert (bot.line, bot.works, bot.why) == (line, False, f"Dependabot refuses the file: {why}")
    assert watched(files)["requirements.txt"][0] is False


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("  open-pull-requests-limit: 0\n", "switches updates of versions off"),
        ("  ignore: [{dependency-name: '*'}]\n", "it ignores every dependency"),
    ],
)
def test_an_entry_may_do_nothing(more: str, why: str) -> None:
    updates = f"version: 2\nupdates:\n{ENTRY.format('pip', '/')}{more}"

    told = watched({".github/dependabot.yml": updates, "requirements.txt": PINNED})["requirements.txt"]

    assert told[0] is False
    assert why in told[1]


def test_an_entry_that_ignores_updates_of_one_kind_watches() -> None:
    more = "  ignore: [{dependency-name: '*', update-types: ['version-update:semver-major']}]\n"

    assert by_dependabot(ENTRY.format("pip", "/") + more, "requirements.txt") == [True]


def test_several_documents_are_told_and_nothing_is_known() -> None:
    files = {".github/dependabot.yml": "version: 2\n---\nversion: 2\n", "requirements.txt": PINNED}

    assert [one.line for one in facts_of(files)["update_bots"].unread] == [3]
    assert watched(files) == {"requirements.txt": (None, ".github/dependabot.yml: it cannot be read")}


def test_workflows_are_at_the_top_wherever_they_lie() -> None:
    workflow = "on: push\njobs: {a: {steps: [{uses: actions/checkout@v4}]}}\n"
    files = {".github/workflows/a.yml": workflow, "requirements.txt": PINNED}
    for folder in ("/", "/.github/workflows"):
        entry = f"version: 2\nupdates:\n{ENTRY.format('github-actions', folder)}"
        assert watched({**files, ".github/dependabot.yaml": entry})[".github/workflows/a.yml"][0] is True


def test_what_no_bot_could_renew_is_not_asked_for() -> None:
    files = {
        "requirements.txt": "torch\nnumpy>=1\n",
        "docs/requirements.txt": PINNED,
        "requirements-dev.txt": PINNED,
        "examples/a/requirements.txt": PINNED,
        "tests/fixtures/requirements.txt": PINNED,
        "third_party/x/Dockerfile": "FROM a:1\n",
        "Dockerfile": "FROM python\nRUN true\n",
        "gpu/Dockerfile": "ARG V\nFROM python:${V}\n",
        ".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{uses: ./x}, {uses: a/b@main}]}}\n",
        ".gitlab-ci.yml": "include: [{component: gitlab.com/a/b@1.0}]\n",
    }

    assert watched(files) == {}


def test_what_a_watched_file_includes_is_watched() -> None:
    files = {
        "requirements.txt": "-r reqs/deep/base.txt\nnumpy==1.0\n",
        "reqs/deep/base.txt": PINNED,
        ".github/dependabot.yml": f"version: 2\nupdates:\n{ENTRY.format('pip', '/')}",
    }

    assert {watched_ for watched_, _ in watched(files).values()} == {True}


# Renovate ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, [True, False, True]),
        ({"extends": ["config:recommended"]}, [True, False, True]),
        ({"extends": ["github>acme/presets"]}, [True, False, True]),
        ({"enabled": False}, [False, False, False]),
        ({"extends": [":disableRenovate"]}, [False, False, False]),
        ({"enabledManagers": ["dockerfile"]}, [False, False, True]),
        ({"extends": ["docker:disable"]}, [True, False, False]),
        ({"pip_requirements": {"enabled": False}, "setup-cfg": {"enabled": False}}, [False, False, True]),
        ({"docker": {"enabled": False}}, [True, False, False]),
        ({"packageRules": [{"matchManagers": ["dockerfile"], "enabled": False}]}, [True, False, False]),
        ({"packageRules": [{"matchFileNames": ["api/**"], "enabled": False}]}, [True, False, False]),
        (
            {
                "packageRules": [
                    {"matchPaths": ["**"], "enabled": False},
                    {"matchPaths": ["api/**"], "enabled": True},
                ]
            },
            [False, False, True],
        ),
        (
            {
                "packageRules": [
                    {"matchFileNames": ["api/**"], "enabled": True},
                    {"matchFileNames": ["**"], "enabled": False},
                    {"matchFileNames": ["api/**"], "matchUpdateTypes": ["major"], "enabled": True},
                ]
            },
            [False, False, None],
        ),
        ({"packageRules": [{"matchFileNames": ["{api,web}/**"], "enabled": False}]}, [None, False, None]),
        (
            {"packageRules": [{"matchManagers": ["dockerfile"], "matchPackageNames": ["a"], "enabled": False}]},
            [True, False, True],
        ),
        ({"ignorePaths": ["api"]}, [True, False, False]),
        ({"ignorePaths": ["**/Docker*"]}, [True, False, False]),
        ({"ignorePaths": ["**/{api,web}/**"]}, [None, False, None]),
        ({"includePaths": ["api/**"]}, [False, False, True]),
        ({"pip_requirements": {"managerFilePatterns": ["reqs/*.txt"]}}, [True, True, True]),
        ({"pip_requirements": {"managerFilePatterns": ["/reqs/.+$/"]}}, [True, None, True]),
        ({"pip_requirements": {"fileMatch": ["reqs/.+$"]}}, [True, None, True]),
        ([], [None, None, None]),
    ],
)
def test_what_renovate_is_told(told: Any, found: list[bool | None]) -> None:
    assert by_renovate(told, "requirements.txt", "reqs/base.txt", "api/Dockerfile") == found


@pytest.mark.parametrize(
    "name",
    ["renovate.json5", ".github/renovate.json", ".gitlab/renovate.jsonc", ".renovaterc", ".renovaterc.json"],
)
def test_renovate_has_many_places(name: str) -> None:
    text = "// ours\n{\n\textends:['config:base',], /* more\n */ enabled: false, // 'off'\n}\n"

    assert by_renovate(text, "requirements.txt", name=name) == [False]


def test_package_json_counts_where_it_speaks_of_renovate() -> None:
    assert by_renovate({"name": "x"}, "requirements.txt", name="package.json") == [False]
    assert by_renovate({"renovate": {"extends": []}}, "requirements.txt", name="package.json") == [True]


def test_the_first_file_counts() -> None:
    files = {"renovate.json": "{}", ".renovaterc": '{"enabled": false}', "requirements.txt": PINNED}

    assert watched(files)["requirements.txt"] == (True, "renovate.json:1")


def test_what_is_no_json_is_told() -> None:
    made = facts_of({"renovate.json": "{\n  'a': [\n", "requirements.txt": PINNED})

    assert [(one.path, one.line) for one in made["update_bots"].unread] == [("renovate.json", 2)]
    assert [one.watched for one in made["dependency_files"].items] == [None]


def test_a_job_that_runs_renovate_may_be_told_elsewhere() -> None:
    workflow = "on: {schedule: [{cron: '0 5 * * 1'}]}\njobs: {a: {steps: [{uses: renovatebot/github-action@v40}]}}\n"

    assert watched({".github/workflows/r.yml": workflow, "requirements.txt": PINNED})["requirements.txt"][0] is None


# PyUp and jobs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("schedule: every week\n", True),
        ("update: false\n", False),
        ("search: False\nrequirements:\n- requirements.txt:\n    update: all\n", True),
        ("search: False\nrequirements:\n- requirements.txt:\n    update: False\n", False),
        ("search: False\nrequirements: [other.txt]\n", False),
        ("", True),
    ],
)
def test_pyup_watches_requirements(text: str, found: bool) -> None:
    files = {".pyup.yml": text, "requirements.txt": PINNED, "Dockerfile": "FROM a:1\n"}

    assert [told[0] for told in watched(files).values()] == [found, False]


@pytest.mark.parametrize(
    ("on", "command", "found"),
    [
        ("{schedule: [{cron: '0 5 * * 1'}]}", "uv lock --upgrade", True),
        ("{schedule: [{cron: '0 5 * * 1'}]}", "poetry update", True),
        ("{schedule: [{cron: '0 5 * * 1'}]}", "uv lock --check", False),
        ("push", "uv lock --upgrade", False),
    ],
)
def test_a_scheduled_job_that_renews_locks_counts(on: str, command: str, found: bool) -> None:
    workflow = f"on: {on}\njobs: {{a: {{steps: [{{run: {command}}}]}}}}\n"

    assert watched({".github/workflows/r.yml": workflow, "requirements.txt": PINNED})["requirements.txt"][0] is found


# JSON5 -------------------------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc:/'\"\\ #*", max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES.filter(lambda value: isinstance(value, (dict, list))), st.sampled_from([None, 2, "\t"]))
def test_all_json_is_json5(value: Any, indent: int | str | None) -> None:
    assert _json5.load(json.dumps(value, indent=indent).encode()) == value


@given(st.text("{}[]\"'\\/*:,ab \n\t", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        _json5.load(text.encode())
    except Unreadable:
        pass


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 'it\\'s \"x\"', }", {"a": 'it\'s "x"'}),
        ("{'a':[1,2,],\"b\":{}}", {"a": [1, 2], "b": {}}),
        ('{"url": "https://x.org/*a*/"} // end', {"url": "https://x.org/*a*/"}),
        ("/* a\n b */ {\"a\": 'x//y'}", {"a": "x//y"}),
    ],
)
def test_what_json5_adds_is_read(text: str, value: Any) -> None:
    assert _json5.load(text.encode()) == value


def documents(*keys: str) -> st.SearchStrategy[str]:
    """JSON whose keys and texts are those that a reader asks for, at whatever place."""
    leaves = st.sampled_from([None, True, False, 0, 2, 1.5, "", "*", "/", "pip", "[", "{a}", *keys])
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys), inner), max_leaves=25
    ).map(json.dumps)


DEPENDABOT = documents(
    *("version", "updates", "package-ecosystem", "directory", "directories", "schedule", "interval", "ignore"),
    *("dependency-name", "exclude-paths", "open-pull-requests-limit", "multi-ecosystem-group"),
)
RENOVATE = documents(
    *("extends", "enabled", "enabledManagers", "ignorePaths", "includePaths", "packageRules", "matchManagers"),
    *("matchFileNames", "pip_requirements", "managerFilePatterns", "fileMatch", "docker", "renovate"),
)


@given(DEPENDABOT, RENOVATE, documents("update", "search", "requirements", "requirements.txt"))
def test_no_document_breaks_the_facts(dependabot: str, renovate: str, pyup: str) -> None:
    files = {
        ".github/dependabot.yml": dependabot, "renovate.json": renovate, ".pyup.yml": pyup, "requirements.txt": PINNED,
    }  # fmt: skip

    assert [one.path for one in facts_of(files)["dependency_files"].items] == ["requirements.txt"]


@given(DEPENDABOT)
def test_what_is_refused_for_a_missing_key_watches_nothing(text: str) -> None:
    document = json.loads(text)
    files = {".github/dependabot.yml": text, "requirements.txt": PINNED}

    if not isinstance(document, dict) or document.get("version") != 2:
        assert watched(files)["requirements.txt"][0] is False
