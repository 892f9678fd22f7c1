"""The hooks, for pre-commit and prek (pre-commit.com, Adding pre-commit plugins to your project)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lifelint.fix.noun import CannotFix, Change
from lifelint.fix.yaml_places import node, pairs
from lifelint.init.listed import item_added
from lifelint.init.noun import HOME, TAG, Ground, Proposal

FILE = ".pre-commit-config.yaml"
_ENTRY = (f"repo: https://github.com/{HOME}", f"rev: {TAG}")
_HOOKS = ("lifelint", "lifelint-repo")
_PROGRAMS = ("pre-commit", "prek")
_WHY = (
    "Before a commit, lifelint judges what is staged; before a push, the repository.",
    f"rev is the tag of the lifelint that wrote this, {TAG}.",
    "Each clone has to say it once: pre-commit install -t pre-commit -t pre-push",
)


def hooks(ground: Ground) -> Proposal:
    """An entry in the configuration of hooks; a configuration where the repository asks for pre-commit elsewhere.

    Raises:
        CannotFix: the hooks are there, or the file is not to be touched, or nothing speaks for pre-commit.
    """
    texts = ground.texts
    text = texts[FILE]
    if texts.content(FILE) is not None:
        return Proposal("hooks", [_entry(text)], _WHY)
    asks = "" if ground.hooks else _asking(ground)
    if not ground.hooks and not asks:
        raise CannotFix(f"there is no {FILE}; --hooks makes one")
    lines = [*_ENTRY, "hooks:", *(f"  - id: {name}" for name in _HOOKS)]
    made = "\n    ".join(["repos:\n  - " + lines[0], *lines[1:]])
    return Proposal("hooks", [Change(FILE, 0, 0, f"{made}\n")], [*([asks] if asks else []), *_WHY])


def _asking(ground: Ground) -> str:
    """What tells that pre-commit is used although it is not configured: a dependency of the whole repository."""
    for manifest in (one for one in ground.facts.get("manifests").items if "/" not in one.path):
        for one in manifest.dependencies:
            if one.name in _PROGRAMS:
                return f"{one.path}:{one.line} asks for {one.name}, and {FILE} is not there."
    return ""


def _entry(text: str) -> Change:
    for entry in _entries(text):
        if any(str(name).startswith("lifelint") for name in _ids(entry)):
            raise CannotFix(f"{FILE} has them")
    try:
        return item_added(FILE, text, "repos", [*_ENTRY, "hooks:", *_listed(text)])
    except CannotFix as error:
        raise CannotFix(f"{FILE} is left to you: {error}") from None


def _listed(text: str) -> Iterator[str]:
    """The ids, laid out as those of the last entry are."""
    last = list(_entries(text))[-1:]
    column = last[0].start_mark.column if last else 0
    ids = next((value for entry in last for key, value in pairs(entry) if key.value == "hooks"), None)
    indent, dash = 2, 2
    if ids is not None and ids.id == "sequence" and not ids.flow_style and ids.value:
        indent = ids.start_mark.column - column
        dash = ids.value[-1].start_mark.column - ids.start_mark.column
    return (f"{' ' * indent}-{' ' * (dash - 1)}id: {name}" for name in _HOOKS)


def _entries(text: str) -> Iterator[Any]:
    found = node(text, ["repos"])
    yield from found.value if found is not None and found.id == "sequence" else ()


def _ids(entry: Any) -> Iterator[str]:
    for key, value in pairs(entry):
        if key.value == "hooks" and value.id == "sequence":
            yield from (name.value for hook in value.value for word, name in pairs(hook) if word.value == "id")
