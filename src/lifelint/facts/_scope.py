"""Which paths are not the project's own: vendored trees, tests and their fixtures, templates, virtual environments.

Facts are not looked for there (a lock that is a test fixture says nothing about the environment), but the paths still
exist: a stage may depend on them. Each reason is stated in the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

VENDORED = frozenset(
    [
        "node_modules",
        "site-packages",
        "vendor",
        "vendored",
        "_vendor",
        "third_party",
        "third-party",
        "thirdparty",
        "bower_components",
    ]
)
FIXTURES = frozenset(["fixtures", "fixture", "__fixtures__", "testdata", "test_data", "test-data", "__snapshots__"])
TESTS = frozenset({"tests", "test"})
_TEMPLATE = re.compile(r"\{\{|\{%|__cookiecutter")
_TEMPLATE_FILE = (".j2", ".jinja", ".jinja2", ".tmpl", ".mustache")
_TEST_FILE = re.compile(r"/(?:conftest\.py|test_[^/]*\.py|[^/]*_test\.(?:py|go))$")


def left_out(paths: Iterable[str], patterns: Sequence[str] = ()) -> Callable[[str], str]:
    """A function that gives the reason why a path is left out, or ``""``.

    ``test`` is as often a data split as a test suite, so a folder of that name counts as one only when test modules
    are tracked below it. ``patterns`` are the configuration's ``exclude`` globs (``**`` crosses folders).
    """
    paths = list(paths)
    suites = {
        path[: match.end()]
        for path in paths
        if "test" in path and _TEST_FILE.search(f"/{path}")
        for match in re.finditer(r"(?:^|(?<=/))tests?(?=/)", path)
    }
    virtual = {path.rpartition("/")[0] for path in paths if path.endswith("/pyvenv.cfg")}
    excluded = [_glob(pattern) for pattern in patterns]
    known: dict[str, str] = {"": ""}

    def folder_reason(folder: str) -> str:
        if folder not in known:
            parent, _, name = folder.rpartition("/")
            known[folder] = folder_reason(parent) or _reason(folder, name)
        return known[folder]

    def _reason(folder: str, name: str) -> str:
        if name in VENDORED:
            return "vendored code"
        if name in FIXTURES:
            return "test fixtures"
        if name in TESTS and folder in suites:
            return "a test suite"
        if folder in virtual:
            return "a virtual environment"
        return "a template" if _TEMPLATE.search(name) else ""

    def reason(path: str) -> str:
        if any(pattern.fullmatch(path) for pattern in excluded):
            return "excluded by the configuration"
        if path.endswith(_TEMPLATE_FILE):
            return "a template"
        return folder_reason(path.rpartition("/")[0])

    return reason


def _glob(pattern: str) -> re.Pattern[str]:
    parts = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    pattern = pattern.removeprefix("./").removeprefix("/")
    body = re.sub(r"\*\*/|\*\*|\*|\?|[^*?]+", lambda m: parts.get(m[0]) or re.escape(m[0]), pattern.rstrip("/"))
    return re.compile(rf"{body}(?:/.*)?")
