"""Which paths are not the project's own: vendored trees, tests and their fixtures, templates, virtual environments.

Facts are not looked for there (a lock that is a test fixture says nothing about the environment), but the paths still
exist: a stage may depend on them. Each reason is stated in the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from lifelint._patterns import lazy
from lifelint.facts._globs import regex

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
_TEMPLATE = lazy(r"\{\{|\{%|__cookiecutter")
_TEMPLATE_FILE = (".j2", ".jinja", ".jinja2", ".tmpl", ".mustache")
_TEST_FILE = lazy(r"(?:conftest\.py|test_[^/]*\.py|[^/]*_test\.(?:py|go))")


TEMPLATES = lazy(rb"^_subdirectory:[ \t]*[\"']?([\w./-]+)[\"']?[ \t\r]*(?:#.*)?$", re.MULTILINE)


def left_out(
    paths: Iterable[str], patterns: Sequence[str] = (), templates: frozenset[str] = frozenset()
) -> Callable[[str], str]:
    """A function that gives the reason why a path is left out, or ``""``.

    ``test`` is as often a data split as a test suite, so a folder of that name counts as one only when test modules
    are tracked below it. ``patterns`` are the configuration's ``exclude`` globs: ``**`` crosses folders, ``*`` and
    ``?`` do not, and what matches a folder matches all below it. ``templates`` are folders of templates as a whole.
    """
    paths = list(paths)
    suites = _suites(paths)
    virtual = {path.rpartition("/")[0] for path in paths if path.endswith("/pyvenv.cfg")}
    excluded = re.compile("|".join(map(regex, patterns)), re.DOTALL).fullmatch if patterns else None
    known: dict[str, str] = {"": ""}

    def of_folder(folder: str) -> str:
        unknown = []
        while folder not in known:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        why = known[folder]
        for folder in reversed(unknown):
            why = known[folder] = why or of_one(folder, folder.rpartition("/")[2])
        return why

    def of_one(folder: str, name: str) -> str:
        if name in VENDORED:
            return "vendored code"
        if name in FIXTURES:
            return "test fixtures"
        if name in TESTS and folder in suites:
            return "a test suite"
        if folder in virtual:
            return "a virtual environment"
        return "a template" if folder in templates or _TEMPLATE.search(name) else ""

    def reason(path: str) -> str:
        if excluded is not None and excluded(path):
            return "excluded by the configuration"
        if path.endswith(_TEMPLATE_FILE):
            return "a template"
        folder, _, name = path.rpartition("/")
        why = known.get(folder)
        if why is None:
            why = of_folder(folder)
        return why or ("a template" if "{" in name and _TEMPLATE.search(name) else "")

    return reason


def _suites(paths: Iterable[str]) -> set[str]:
    """The folders called ``test`` or ``tests`` that hold test modules."""
    found: set[str] = set()
    for path in paths:
        if "test/" in path or "tests/" in path:
            *folders, name = path.split("/")
            if _TEST_FILE.fullmatch(name):
                found.update("/".join(folders[: at + 1]) for at, part in enumerate(folders) if part in TESTS)
    return found
