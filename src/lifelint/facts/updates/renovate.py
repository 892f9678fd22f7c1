"""Renovate's configuration, as far as it stands in the repository: presets of others are not fetched.

Source: docs.renovatebot.com, "Configuration Options" and the page of each manager (``managerFilePatterns``). All
managers are on unless something switches one off, so a preset that is not here is taken for one that leaves them so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lifelint.facts import _json5
from lifelint.facts._globs import regex
from lifelint.facts._yaml import Map, Seq
from lifelint.facts.updates.noun import DependencyFile, UpdateBot

FILES = (
    *(f"{folder}renovate.json{kind}" for folder in ("", ".github/", ".gitlab/") for kind in ("", "c", "5")),
    *(".renovaterc", ".renovaterc.json", ".renovaterc.jsonc", ".renovaterc.json5", "package.json"),
)
"""Where it is looked for; the first that is there counts."""

_MANAGERS = {
    "pip_requirements": r"(?:.*/)?[\w-]*requirements(?:[-._]\w+)?\.(?:txt|pip)",
    "pep621": r"(?:.*/)?pyproject\.toml",
    "poetry": r"(?:.*/)?pyproject\.toml",
    "pipenv": r"(?:.*/)?Pipfile",
    "pip_setup": r"(?:.*/)?setup\.py",
    "setup-cfg": r"(?:.*/)?setup\.cfg",
    "dockerfile": r"(?:.*/)?(?:[^/]*\.)?(?:[Dd]ocker|[Cc]ontainer)file|(?:.*/)?(?:[Dd]ocker|[Cc]ontainer)file[^/]*",
    "github-actions": r"(?:.*/)?\.github/(?:workflows|actions)/.+\.ya?ml",
    "pip-compile": r"(?!)",  # it takes no file unless it is told which
}
"""Manager → the files it takes by itself (only those kinds of which it is asked here)."""

_PYTHON = ("pip_requirements", "pep621", "poetry", "pipenv", "pip_setup", "setup-cfg", "pip-compile")
_OF = {
    "pip": _PYTHON,
    "uv": ("pep621", "pip_requirements"),
    "docker": ("dockerfile",),
    "github-actions": ("github-actions",),
}
_OLD = {"docker": ("dockerfile",), "python": _PYTHON}
"""Names of groups of managers that older versions switched on and off at once."""
_PRESETS = {
    "docker:disable": ("dockerfile",),
    ":disableRenovate": ("*",),
}
_TESTS = ("config:", ":ignoreModulesAndTests")
_IGNORED = tuple(
    f"**/{name}/**"
    for name in ("node_modules", "bower_components", "vendor", "examples", "__tests__", "test", "tests", "__fixtures__")
)
"""What ``config:recommended`` and what it was called before leave out (``:ignoreModulesAndTests``)."""

_ODD = frozenset("{}[]!()+@")
"""Characters of patterns (minimatch) that are not read here."""


def parse(data: bytes) -> tuple[UpdateBot, ...]:
    """What Renovate is told, without its path.

    Raises:
        Unreadable: not JSON5.
    """
    return _told(_json5.load(data))


def parse_package(data: bytes) -> tuple[UpdateBot, ...]:
    """What Renovate is told in ``package.json``; nothing where that does not speak of it.

    Raises:
        Unreadable: not JSON.
    """
    document = _json5.load(data) if b'"renovate"' in data else None
    return _told(document["renovate"]) if isinstance(document, Map) and "renovate" in document else ()


def _told(document: Any) -> tuple[UpdateBot, ...]:
    if not isinstance(document, Map):
        return (UpdateBot("", 0, "renovate", works=None, why="Renovate's configuration is no object"),)
    extends = _texts(document.get("extends"))
    without = [*_off(document), *(name for preset in extends for name in _PRESETS.get(preset, ()))]
    ignored = _texts(document.get("ignorePaths"))
    if "ignorePaths" not in document and any(preset.startswith(_TESTS) for preset in extends):
        ignored = _IGNORED
    off = document.get("enabled") is False or ("*" in without and document.get("enabled") is not True)
    return (
        UpdateBot(
            "",
            document.lines["enabled"] if document.get("enabled") is False else document.line,
            "renovate",
            _texts(document.get("enabledManagers")),
            only=_texts(document.get("includePaths")),
            without=tuple(dict.fromkeys(without)),
            ignored=ignored,
            ruled=tuple(_ruled(document)),
            also=tuple(_also(document)),
            works=not off,
            why="Renovate is switched off" if off else "",
        ),
    )


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, Seq) else ()


def _off(document: Map) -> Iterator[str]:
    """The managers that are switched off, by themselves or by a rule that is about nothing else."""
    for name in (*_MANAGERS, *_OLD):
        section = document.get(name)
        if isinstance(section, Map) and section.get("enabled") is False:
            yield from _OLD.get(name, (name,))
    for rule in _switching_off(document):
        if {*rule} <= {"matchManagers", "enabled", "description"}:
            yield from _texts(rule.get("matchManagers"))


def _ruled(document: Map) -> Iterator[str]:
    """The patterns of rules that switch paths off (``-``) and on (``+``), in their order: the last that fits decides.

    One that also depends on something else may switch them on (``?``), and switches off none of them as a whole.
    """
    rules = document.get("packageRules")
    for rule in rules if isinstance(rules, Seq) else ():
        enabled = rule.get("enabled") if isinstance(rule, Map) else None
        for key in ("matchFileNames", "matchPaths") if isinstance(enabled, bool) else ():
            alone = {*rule} <= {key, "enabled", "description"}
            if alone or enabled:
                sign = "?" if not alone else "+" if enabled else "-"
                yield from (f"{sign}{pattern}" for pattern in _texts(rule.get(key)))


def _switching_off(document: Map) -> Iterator[Map]:
    rules = document.get("packageRules")
    for rule in rules if isinstance(rules, Seq) else ():
        if isinstance(rule, Map) and rule.get("enabled") is False:
            yield rule


def _also(document: Map) -> Iterator[str]:
    """``manager:pattern``; one between slashes is a regular expression, as all were that ``fileMatch`` has."""
    for name in _MANAGERS:
        section = document.get(name)
        if isinstance(section, Map):
            yield from (f"{name}:/{pattern}/" for pattern in _texts(section.get("fileMatch")))
            yield from (f"{name}:{pattern}" for pattern in _texts(section.get("managerFilePatterns")))


def watches(bot: UpdateBot, file: DependencyFile) -> tuple[bool | None, str]:
    """Whether Renovate looks at a file or at a lock of it, and if not, why."""
    named = [name for name in _OF.get(file.ecosystem, ()) if not bot.names or name in bot.names]
    managers = [name for name in named if name not in bot.without]
    if not managers:
        return False, f"{bot.path} switches off what looks at {file.ecosystem}"
    told = [_looks_at(bot, managers, path) for path in (file.path, *file.frozen)]
    return next((one for one in told if one[0]), None) or next((one for one in told if one[0] is None), told[0])


def _looks_at(bot: UpdateBot, managers: Sequence[str], path: str) -> tuple[bool | None, str]:
    left = _any(bot.ignored, path, within=True)
    if left:
        return False, f"{bot.path} leaves {path} out"
    switched = _switched(bot.ruled, path)
    if switched is False:
        return False, f"{bot.path} leaves {path} out"
    kept = _any(bot.only, path) if bot.only else True
    if kept is False:
        return False, f"{bot.path} leaves {path} out"
    known = any(re.fullmatch(_MANAGERS[name], path) for name in managers)
    more = [pattern for name, _, pattern in (one.partition(":") for one in bot.also) if name in managers]
    added = True if known else _any(more, path)
    if added is False:
        return False, f"Renovate knows no file of the name {path.rpartition('/')[2]}, and {bot.path} does not name it"
    sure = left is False and switched and kept and added
    return (True, "") if sure else (None, f"{bot.path} has patterns for {path} that are not evaluated here")


def _switched(ruled: Sequence[str], path: str) -> bool | None:
    """Whether rules leave a path switched on, ``None`` where that is not known."""
    on: bool | None = True
    for one in ruled:
        fits, to = _any((one[1:],), path), one[0] != "-"
        if fits and one[0] != "?":
            on = to
        elif fits is not False and on is not to:
            on = None
    return on


def _any(patterns: Sequence[str], path: str, *, within: bool = False) -> bool | None:
    """Whether a pattern matches a path, ``None`` where one may that is not read. ``within``: also as a part of it."""
    odd = [one for one in patterns if _ODD & set(one) or (one.startswith("/") and one.endswith("/"))]
    plain = [one for one in patterns if one not in odd]
    if any((within and one in path) or re.fullmatch(regex(one, below=False), path, re.DOTALL) for one in plain):
        return True
    return None if odd else False
