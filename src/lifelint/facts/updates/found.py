"""The kinds ``update_bots`` and ``dependency_files``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts._source import Parser, Source
from lifelint.facts._yaml import Map, Seq, load
from lifelint.facts.data import places
from lifelint.facts.updates import dependabot, renovate
from lifelint.facts.updates.noun import DependencyFile, UpdateBot

if TYPE_CHECKING:
    from lifelint.facts._images import Image
    from lifelint.facts.ci import Command
    from lifelint.facts.environment.nouns import Lock, Manifest, Requirement

_PYUP = (".pyup.yml", ".pyup.yaml")
_RENEWS = lazy(
    r"\b(?:uv\s+(?:lock|sync)\s[^\n;|&]*(?:--upgrade\b|-U\b)|(?:uv\s+)?pip(?:-|\s+)compile\s[^\n;|&]*(?:--upgrade\b|-U\b)"
    r"|poetry\s+(?:update|lock\s[^\n;|&]*--regenerate)|pdm\s+update|pipenv\s+(?:update|upgrade)|pip-compile-multi\b)"
)
"""Commands that take newer versions into a lock."""
_RUNS_RENOVATE = lazy(r"renovatebot/github-action|renovate-bot/renovate-runner|\brenovate/renovate\b")
_ACTION = lazy(r"uses: ([\w.-]+/[\w./-]+)@([\w./-]+)")
_BRANCHES = frozenset({"main", "master", "dev", "develop", "latest", "stable", "nightly"})
_TOOLS = frozenset({"pip", "pyproject", "poetry", "pipenv", "setuptools"})
_BOUND = lazy(r"==|~=|<|\^|(?<![~=])~(?!=)")


def update_bots(source: Source, ci_commands: Sequence[Command]) -> Iterator[UpdateBot]:
    """What each update bot is told, and by which file."""
    for path in [path for path in dependabot.FILES if source.is_file(path)][:1]:
        yield from _told_by(source, path, "dependabot", dependabot.parse)
    yield from _renovate(source)
    for path in [path for path in _PYUP if source.is_file(path)][:1]:
        yield from _told_by(source, path, "pyup", parse_pyup)
    for one in ci_commands:
        if one.ignored:
            continue
        if "schedule" in one.on and _RENEWS.search(one.text):
            yield UpdateBot(one.path, one.line, "workflow", ("pip", "uv"))
        elif _RUNS_RENOVATE.search(one.text):
            why = "a job runs Renovate, and what that is told stands elsewhere"
            yield UpdateBot(one.path, one.line, "renovate", works=None, why=why)


def _told_by(source: Source, path: str, bot: str, parse: Parser[tuple[UpdateBot, ...]]) -> Iterator[UpdateBot]:
    found = source.parse(path, parse)
    if found is None:
        yield UpdateBot(path, 0, bot, works=None, why="it cannot be read")
    yield from (one._replace(path=path) for one in found or ())


def _renovate(source: Source) -> Iterator[UpdateBot]:
    for path in renovate.FILES:
        if source.is_file(path):
            parse = renovate.parse_package if path == "package.json" else renovate.parse
            found = list(_told_by(source, path, "renovate", parse))
            if found:
                yield from found
                return


def parse_pyup(data: bytes) -> tuple[UpdateBot, ...]:
    """PyUp's configuration, without its path: ``update``, ``search`` and ``requirements`` (pyup.io, "Configuration").

    Raises:
        Unreadable: not one document of YAML.
    """
    document = load(data)
    settings = document if isinstance(document, Map) else Map()
    listed = settings.get("requirements")
    searches = settings.get("search") is not False
    files = () if searches or not isinstance(listed, Seq) else tuple(_named(listed))
    off = settings.get("update") is False or not (searches or files)
    why = "PyUp is switched off" if off else ""
    return (UpdateBot("", settings.lines.get("update", 0), "pyup", ("pip",), only=files, works=not off, why=why),)


def _named(listed: Seq) -> Iterator[str]:
    for one in listed:
        if isinstance(one, Map):
            yield from (
                str(name) for name, how in one.items() if not (isinstance(how, Map) and how.get("update") is False)
            )
        elif isinstance(one, str):
            yield one


def dependency_files(
    manifests: Sequence[Manifest],
    locks: Sequence[Lock],
    images: Sequence[Image],
    ci_commands: Sequence[Command],
    update_bots: Sequence[UpdateBot],
) -> Iterator[DependencyFile]:
    """Manifests of what is run, images to build from and workflows, where versions are fixed in them.

    What is for tests, documentation and development alone is not asked for, nor are samples, and libraries only for
    locks of theirs: new versions come into their ranges by themselves.
    """
    found = [*_packages(manifests, locks), *_from_images(images), *_actions(ci_commands)]
    told = {file.path: _told(file, update_bots) for file in found}
    for manifest in manifests:  # a bot follows what a file includes
        for one in manifest.includes:
            if told.get(manifest.path, (False, ""))[0] and one.target in told:
                told[one.target] = told[manifest.path]
    for file in found:
        watched, why = told[file.path]
        yield file._replace(watched=watched, why=why)


def _packages(manifests: Sequence[Manifest], locks: Sequence[Lock]) -> Iterator[DependencyFile]:
    freezing: dict[str, list[Lock]] = {}
    for lock in locks:
        for path in dict.fromkeys((lock.manifest, *lock.covers)):
            freezing.setdefault(path, []).append(lock)
    for manifest in manifests:
        if manifest.tool not in _TOOLS or manifest.role != "runtime" or places.is_fixture(manifest.path):
            continue
        frozen = freezing.get(manifest.path, [])
        fixed = next((one for one in manifest.dependencies if _is_fixed(one)), None)
        if not frozen and (fixed is None or manifest.library):
            continue
        ecosystem = "uv" if any(lock.tool == "uv" for lock in frozen) else "pip"
        line = fixed.line if fixed is not None and fixed.path == manifest.path else manifest.line
        yield DependencyFile(manifest.path, line, ecosystem, tuple(sorted({lock.path for lock in frozen})))


def _is_fixed(one: Requirement) -> bool:
    """Whether a requirement keeps a newer version out."""
    return one.role == "runtime" and not one.url and bool(one.exact or _BOUND.search(one.specifier))


def _from_images(images: Sequence[Image]) -> Iterator[DependencyFile]:
    seen = set()
    for one in images:
        fixed = one.reference and not one.floating and "$" not in one.written
        asked = one.instruction == "FROM" and one.role == "runtime" and not places.is_fixture(one.path)
        if asked and fixed and one.path not in seen:
            seen.add(one.path)
            yield DependencyFile(one.path, one.line, "docker")


def _actions(commands: Sequence[Command]) -> Iterator[DependencyFile]:
    seen = set()
    for one in commands:
        action = _ACTION.fullmatch(one.text.strip()) if one.system == "github" else None
        if action and action[2] not in _BRANCHES and one.path not in seen:
            seen.add(one.path)
            yield DependencyFile(one.path, one.line, "github-actions")


def _told(file: DependencyFile, bots: Sequence[UpdateBot]) -> tuple[bool | None, str]:
    """Whether any bot watches a file, and by what, or why none does."""
    told = [_watched(file, bot) for bot in bots]
    yes = next((one for one in told if one[0]), None)
    open_ = next((one for one in told if one[0] is None), None)
    reasons = list(dict.fromkeys(why for _, why in told if why))
    return yes or open_ or (False, reasons[0] if reasons else _uncovered(file, bots))


def _watched(file: DependencyFile, bot: UpdateBot) -> tuple[bool | None, str]:
    by = f"{bot.path}:{bot.line}" if bot.line else bot.path
    if bot.bot == "renovate" and bot.works:
        sure, why = renovate.watches(bot, file)
        return sure, by if sure else why
    if bot.bot == "dependabot" and bot.names and not dependabot.watches(bot, file):
        return False, ""
    if bot.bot == "pyup" and (file.ecosystem != "pip" or (bot.only and file.path not in bot.only)):
        return False, ""
    if bot.bot == "workflow" and file.ecosystem not in bot.names:
        return False, ""
    return bot.works, by if bot.works else f"{by}: {bot.why}"


def _uncovered(file: DependencyFile, bots: Sequence[UpdateBot]) -> str:
    if not bots:
        return ""
    places_ = ", ".join(dict.fromkeys(bot.path for bot in bots))
    return f"{places_} has no {file.ecosystem} in /{file.folder}"
