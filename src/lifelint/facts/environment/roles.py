"""What a manifest or group of requirements is for, decided by its name and place."""

from __future__ import annotations

import re

_ROLES = {
    "docs": "doc docs documentation sphinx mkdocs rtd readthedocs website",
    "test": "test tests testing tox pytest nox coverage bench benchmark benchmarks e2e",
    "dev": "dev devel develop development lint linter linters linting format formatting formatter style typing types "
    "mypy typecheck ci precommit pre tools tooling debug qa quality check checks ruff black devtools contributing",
    "build": "build release publish packaging",
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split()}
_FOLDERS = {
    "docs": "docs doc documentation website",
    "test": "tests test testing",
    "dev": ".github .circleci .gitlab .devcontainer .ci .vscode ci hack tools",
}
_ROLE_OF_FOLDER = {name: role for role, names in _FOLDERS.items() for name in names.split()}


def of_group(group: str) -> str:
    """The role of an extra, dependency group or category, by its name."""
    for word in re.split(r"[-_. ]", group.lower()):
        if word in _ROLE_OF:
            return _ROLE_OF[word]
    return "runtime"


def of_path(path: str) -> str:
    """The role of a manifest, by its folders and then the words of its name."""
    *folders, name = path.split("/")
    for folder in folders:
        role = _ROLE_OF_FOLDER.get(folder.lower())
        if role is not None:
            return role
    return of_group(name.rsplit(".", 1)[0])
