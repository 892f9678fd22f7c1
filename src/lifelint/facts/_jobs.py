"""Jobs of continuous integration and what they run: the one reader of GitHub's workflows.

Source: docs.github.com, "Workflow syntax for GitHub Actions". ``_otherjobs`` reads the files of other systems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._folders import Variant, ended, joined, variants
from lifelint.facts._matrix import environment, matrix
from lifelint.facts._yaml import Map, Seq, load_all

COMMANDS = frozenset(
    ("run", "script", "bash", "powershell", "command", "commands", "before_script", "after_script", "args")
)
_NAMES = ("job", "deployment", "label", "key", "id", "name", "displayName")
_IN_FOLDER = ("working-directory", "workingDirectory", "working_directory", "directory", "dir")
_EARLIER = ("before_install", "install", "before_script")
"""What the same shell runs before ``script``: in GitLab, and in Travis."""

_OF_SHELL = lazy(r"-[a-z]*c")
_ACCEPTED = lazy(r"\|\|\s*(?:true|:|exit 0)\s*$")
_MAY_FAIL = "continue-on-error: true"
_FAILS = lazy(r"\bexit\s+(?:[1-9]|\$)|\bsetFailed\b|\bfalse\s*$|\braise\b", re.MULTILINE)
"""What makes a step fail that looks at what others came to."""


class Run(NamedTuple):
    """A command, or ``uses: name`` for a prepared action, under the ``key`` that makes it one.

    ``line`` is that of the key's value, ``folder`` where it starts (``_folders``), ``variants`` what it is with each of
    the values that its job lists. ``ignored`` says why its failure is without consequence, ``off`` why it never runs;
    both are empty otherwise.
    """

    line: int
    text: str
    key: str
    folder: str = ""
    ignored: str = ""
    off: str = ""
    variants: tuple[Variant, ...] = ()

    @property
    def first_line(self) -> int:
        """The line of the first command: the text of a block begins below its mark."""
        return self.line + ("\n" in self.text)


class Uses(NamedTuple):
    """An image that a job runs in (``container``) or beside itself (``services``)."""

    line: int
    instruction: str
    reference: str


class Job(NamedTuple):
    """One job: its ``name`` in the file, the ``title`` people read, what it runs, and the images it runs in."""

    name: str
    line: int
    title: str
    runs: tuple[Run, ...]
    images: tuple[Uses, ...] = ()


class Token(NamedTuple):
    """What the token of the job ``job`` may do: ``scopes`` as they are ``declared`` (by ``job``, ``workflow``, nobody).

    ``line`` is that of the ``permissions`` that count, of the job where there are none.
    """

    line: int
    job: str
    declared: str
    scopes: tuple[str, ...]


class Workflow(NamedTuple):
    """The jobs of one file, its own name, and the events that start it, where the file says so."""

    name: str
    on: tuple[str, ...]
    jobs: tuple[Job, ...]
    tokens: tuple[Token, ...] = ()


def parse_github(data: bytes) -> Workflow:
    """The jobs of a workflow; none for some other YAML.

    Raises:
        Unreadable: not YAML.
    """
    document = next((found for found in load_all(data) if isinstance(found, Map)), Map())
    found = document.get("jobs")
    jobs = found if isinstance(found, Map) else Map()
    default, env = _folder(document), environment(document, {})
    made = (_github(str(key), jobs.lines[key], job, default, env) for key, job in jobs.items() if isinstance(job, Map))
    tokens = (_token(document, jobs, key) for key in jobs)
    return Workflow(_text(document.get("name")), _events(document.get("on")), tuple(made), tuple(tokens))


def _token(document: Map, jobs: Map, key: Any) -> Token:
    for where, held in (("job", jobs[key]), ("workflow", document)):
        if isinstance(held, Map) and "permissions" in held:
            return Token(held.lines["permissions"], str(key), where, _scopes(held["permissions"]))
    return Token(jobs.lines[key], str(key), "", ())


def _scopes(value: Any) -> tuple[str, ...]:
    if isinstance(value, Map):
        return tuple(f"{scope}: {access}" for scope, access in value.items())
    return (str(value),) if value else ()


def _github(key: str, line: int, job: Map, default: str | None, env: Mapping[str, str]) -> Job:
    own = _folder(job)
    folder = (default if own is None else own) or ""
    title = f"{key} {_text(job.get('name'))}".strip()
    ignored, off = _standing(job, "", "")
    values = matrix(job.get("strategy"), environment(job, env))
    parts = [part for part in ("uses", "strategy", "steps") if part in job]
    runs = [run for part in parts for run in _part(job, part, ignored, off, _checked_out(job) or folder, values)]
    return Job(key, line, title, tuple(runs), tuple(_images(job)))


def _part(
    job: Map, part: str, ignored: str, off: str, folder: str, values: Sequence[Mapping[str, str]]
) -> Iterator[Run]:
    if part == "uses":
        yield from commands(part, job[part], job.value_lines[part], ignored, off)
    elif part == "strategy":
        yield from _walk(job[part], ignored, off, folder)
    steps = job[part] if part == "steps" and isinstance(job[part], Seq) else ()
    for step in steps:
        own = _working(step)
        where = folder if own is None or folder == _ELSEWHERE else ""  # a folder of its own is one of the workspace
        given = [environment(step, one) for one in values] if isinstance(step, Map) else values
        for run in _walk(step, ignored, off, where):
            # A step may fail so that those after it are run too, and one of them fails in its place.
            late = run.ignored == _MAY_FAIL and _failed_later(job, step, steps)
            why = ignored or _accepted(run.text) if late else run.ignored
            yield run._replace(ignored=why, variants=variants(run.folder, run.text, given))


_ELSEWHERE = "$GITHUB_WORKSPACE/.."
"""Where a job starts that has the repository in a folder of its workspace."""


def _checked_out(job: Map) -> str:
    for step in job["steps"] if isinstance(job.get("steps"), Seq) else ():
        given = step.get("with") if isinstance(step, Map) else None
        if isinstance(given, Map) and _text(step.get("uses")).startswith("actions/checkout@"):
            own = "repository" not in given or "github.repository" in _text(given["repository"])
            if own and _text(given.get("path")).strip("./"):
                return _ELSEWHERE
    return ""


def _failed_later(job: Map, step: Any, steps: Sequence[Any]) -> bool:
    """Whether a step that asks for the outcome of this one ends with a failure, or the job tells it to others.

    ``outcome`` is what a step came to before ``continue-on-error`` was applied (docs.github.com, "Contexts reference").
    """
    name = step.get("id") if isinstance(step, Map) else None
    if not isinstance(name, str) or step.get("continue-on-error") is not True:
        return False
    asks = re.compile(rf"\bsteps\.{re.escape(name)}\.outcome\b")
    others = ["\n".join(_texts(other)) for other in steps if other is not step]
    told = any(asks.search(text) for text in _texts(job.get("outputs")))
    return told or any(asks.search(text) and _FAILS.search(text) for text in others)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Map, Seq)):
        for item in value.values() if isinstance(value, Map) else value:
            yield from _texts(item)


def named(value: Any, name: str, ignored: str, off: str, folder: str = "") -> Iterator[tuple[str, Run]]:
    """The commands below ``value``, which starts in ``folder``, with the name of the job that holds them."""
    if isinstance(value, Map):
        ignored, off = _standing(value, ignored, off)
        if not COMMANDS.isdisjoint(value):
            folder = _beside(value, folder)
        if not name and ("steps" in value or not COMMANDS.isdisjoint(value)):
            name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), "")
        for key, item in value.items():
            if key == "uses" or key in COMMANDS:
                start = before(value, folder) if key == "script" else folder
                yield from ((name, run) for run in commands(key, item, value.value_lines[key], ignored, off, start))
            elif key == "jobs" and isinstance(item, Map):
                for job, held in item.items():
                    yield from named(held, str(job), ignored, off, folder)
            else:
                yield from named(item, name, ignored, off, folder)
    elif isinstance(value, Seq):
        for item in value:
            yield from named(item, name, ignored, off, folder)


def _beside(section: Map, folder: str) -> str:
    """Where the commands of a section run: the folder that stands beside them."""
    given = next((section[key] for key in _IN_FOLDER if isinstance(section.get(key), str)), None)
    return folder if given is None else joined(folder, given)


def before(section: Map, folder: str) -> str:
    """Where the shell is that starts in ``folder`` when it comes to the ``script`` of a section."""
    for key in _EARLIER:
        held = section.get(key)
        for text in (held,) if isinstance(held, str) else held if isinstance(held, Seq) else ():
            folder = ended(folder, text) if isinstance(text, str) else folder
    return folder


def _walk(value: Any, ignored: str, off: str, folder: str = "") -> Iterator[Run]:
    return (run for _, run in named(value, "-", ignored, off, folder))


def commands(key: str, value: Any, line: int, ignored: str, off: str, folder: str = "") -> Iterator[Run]:
    """The commands of ``value``, which stands under ``key``: a text, a list of them, or what holds some.

    A list of ``args`` is one command, in the words of which it consists; what a shell is given is that alone. Any other
    list is run by one shell, which stays in the folder that an item changes to.
    """
    if key == "args" and isinstance(value, Seq):
        said = [item for item in value if isinstance(item, str)]
        value = " ".join(said[1:] if said and _OF_SHELL.fullmatch(said[0]) else said)
    if isinstance(value, str):
        text = f"uses: {value}" if key == "uses" else value
        yield Run(line, text, key, folder, ignored or _accepted(value), off)
    elif isinstance(value, Seq):
        for at, item in enumerate(value):
            yield from commands(key, item, value.lines[at], ignored, off, folder)
            folder = ended(folder, item) if isinstance(item, str) else folder
    elif isinstance(value, Map):
        yield from _walk(value, ignored, off, folder)


def _accepted(text: str) -> str:
    return "|| true" if "||" in text and _ACCEPTED.search(text.strip()) else ""


def _standing(section: Map, ignored: str, off: str) -> tuple[str, str]:
    """Why what a section holds may fail, and why it never runs, given what holds for the section itself."""
    for key in ("continue-on-error", "continueOnError", "allow_failure", "soft_fail"):
        if section.get(key) is True:
            ignored = ignored or f"{key}: true"
    for key in ("if", "condition", "enabled"):
        value = section.get(key)
        if value is False or (isinstance(value, str) and value.strip() in ("false", "${{ false }}")):
            off = off or f"{key}: false"
    if section.get("when") in ("never", "manual"):
        off = off or f"when: {section['when']}"
    return ignored, off or ("skip" if section.get("skip") is True else "")


def _events(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(name) for name in value) if isinstance(value, (Map, Seq)) else ()


def _folder(section: Map) -> str | None:
    defaults = section.get("defaults")
    return _working(defaults.get("run") if isinstance(defaults, Map) else None)


def _working(section: Any) -> str | None:
    found = section.get("working-directory") if isinstance(section, Map) else None
    return joined("", found) if isinstance(found, str) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _images(job: Map) -> Iterator[Uses]:
    container = job.get("container")
    if isinstance(container, str):
        yield Uses(job.lines["container"], "container", container)
    elif isinstance(container, Map) and isinstance(container.get("image"), str):
        yield Uses(container.lines["image"], "container", container["image"])
    services = job.get("services")
    for service in services.values() if isinstance(services, Map) else ():
        if isinstance(service, Map) and isinstance(service.get("image"), str):
            yield Uses(service.lines["image"], "services", service["image"])
