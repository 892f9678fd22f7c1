"""What is installed by name besides manifests and locks: in containers, workflows, notebooks and what they run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._notebooks import cells, codes
from lifelint.facts._source import Source
from lifelint.snapshot import Missing

if TYPE_CHECKING:
    from lifelint.facts._commands import Command
    from lifelint.facts._installs import InstallLine

# What takes commands apart is imported where a file can hold one that installs, or that leads to one.
_INSTALLS = rb"\bpip3?\b[^\n]{0,200}\binstall\b|\b(?:conda|mamba)\b[^\n]{0,200}\b(?:install|create)\b"
_WORDS = ("install", "conda")
_LEADS = rb"\.(?:sh|bash)\b|\b(?:make|just|mise|tox|nox|poe)\b"
_MAGIC = r"\s*[!%]\s*((?:\S*python\S* -m )?pip3?|uv pip|conda|mamba)\s"
_EXPRESSION = r"(?s)\$\{\{.*?\}\}"
_WORKFLOW = r"\.github/workflows/[^/]+\.ya?ml"
_TUTORIAL = frozenset(f"{word}{end}" for word in ("example", "tutorial", "demo", "sample", "doc") for end in ("", "s"))


class Install(NamedTuple):
    """Something that a command installs by name, besides manifests and locks (``pip install``, ``conda install``).

    ``exact`` says whether one version is named, ``None`` when that is not known here; ``why`` what decided it.
    ``where`` is ``container``, ``workflow`` or ``notebook``, also for scripts and tasks that these lead to. ``role``
    is that of the place, or of the job: ``runtime`` where it trains, evaluates or serves.
    """

    path: str
    line: int
    tool: str
    name: str
    written: str
    exact: bool | None
    why: str
    role: str = "runtime"
    where: str = "container"


def installs(source: Source) -> Iterator[Install]:
    """Every package that is installed by name, each place once."""
    seen: dict[tuple[str, int, str, str], Install] = {}
    for found in (*_containers(source), *_workflows(source), *_notebooks(source)):
        key = (found.path, found.line, found.name, found.written)
        if key not in seen or found.role == "runtime":
            seen[key] = found
    yield from seen.values()


def _may_install(data: bytes) -> bool:
    # The search for a word is much faster than that for a pattern.
    return any(word.encode() in data for word in _WORDS) and re.search(_INSTALLS, data) is not None


def _made(path: str, found: InstallLine, role: str, where: str) -> Install:
    return Install(path, found.line, found.tool, found.name, found.written, found.exact, found.why, role, where)


def _dockerfile(name: str) -> bool:
    lower = name.lower()
    return "dockerfile" in lower or "containerfile" in lower


def _containers(source: Source) -> Iterator[Install]:
    if not source.names(_dockerfile):
        return
    from lifelint.facts._dockerfile import parse_dockerfile
    from lifelint.facts._images import beside
    from lifelint.facts._installs import parse_installs, run_commands
    from lifelint.facts.containers import dockerfiles
    from lifelint.facts.environment import roles

    for path in dockerfiles(source):
        role = roles.of_path(beside(path))
        for found in source.parse(path, parse_installs) or ():
            yield _made(path, found, role, "container")
        if re.search(_LEADS, source.bytes(path) or b""):
            parsed = source.parse(path, parse_dockerfile)
            runs = [i for i in parsed.instructions if i.name == "RUN"] if parsed else []
            for command in (c for run in runs for c in run_commands(run)):
                # What is copied where is not followed: the context is the folder of the file, or the top.
                for folder in dict.fromkeys((path.rpartition("/")[0], "")):
                    yield from _below(source, folder, command, role, "container")


def _below(source: Source, folder: str, command: Command, role: str, where: str) -> Iterator[Install]:
    from lifelint.facts._installs import installed
    from lifelint.facts._tasks import followed

    for path, found in followed(source, folder, command):
        for line in installed(found, {}):
            yield _made(path, line, role, where)


def _workflows(source: Source) -> Iterator[Install]:
    paths = [path for path in source.under(".github/workflows") if re.fullmatch(_WORKFLOW, path)]
    source.prefetch(paths)
    for path in paths:
        data = source.bytes(path) or b""
        leads = re.search(_LEADS, data)
        if not (leads or _may_install(data)):
            continue
        from lifelint.facts._commands import commands
        from lifelint.facts._folders import is_told
        from lifelint.facts._installs import installed
        from lifelint.facts._jobs import parse_github
        from lifelint.facts._workflow import role_of

        workflow = source.parse(path, parse_github)
        if workflow is None:
            continue
        for job in workflow.jobs:
            role = role_of(path, workflow, job)
            for run in (run for run in job.runs if run.key == "run"):
                for command in commands(re.sub(_EXPRESSION, "$EXPRESSION", run.text), run.first_line):
                    for line in installed(command, {}):
                        yield _made(path, line, role, "workflow")
                    if leads:
                        yield from _below(source, run.folder if is_told(run.folder) else "", command, role, "workflow")


def _notebooks(source: Source) -> Iterator[Install]:
    for path, code in source.once(codes).items():
        if not _TUTORIAL.isdisjoint(re.split(r"[/_. -]", path.lower())):
            continue  # what it installs is what its reader has at hand that day
        if isinstance(code, Missing):
            source.cannot_read(path, code.why)
        if isinstance(code, Missing) or not _may_install(code):
            continue
        from lifelint.facts._images import beside
        from lifelint.facts._installs import installed
        from lifelint.facts.environment import roles

        for command in source.parse(path, parse_notebook) or ():
            for line in installed(command, {}):
                yield _made(path, line, roles.of_path(beside(path)), "notebook")


def parse_notebook(data: bytes) -> tuple[Command, ...]:
    """The commands of ``!`` and ``%`` lines that install (ipython docs, "magics"), with their lines in the file."""
    import json

    from lifelint.facts import _json
    from lifelint.facts._commands import Command
    from lifelint.facts._yaml import decode

    document = _json.load(data)
    text = decode(data)
    found: list[Command] = []
    at = 0
    for cell in cells(document):
        for line in cell.splitlines():
            if re.match(_MAGIC, line):
                place = text.find(json.dumps(line, ensure_ascii=False)[1:-1], at)
                at = max(at, place)
                found.append(Command(text.count("\n", 0, at) + 1 if place >= 0 else 0, line.strip(" \t!%")))
    return tuple(found)
