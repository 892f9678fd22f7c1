"""What a simple command aims at: the program that it runs in the end, in which folder, and the paths that it names.

Sources: dvc.org, "repro" and "exp run"; the manuals of the tools named here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._folders import Part, below, is_told, joined, words_of

_THROUGH = frozenset(
    (
        *(
            "pytest",
            "py.test",
            "unittest",
            "nox",
            "tox",
            "nf-test",
            "make",
            "gmake",
            "bazel",
            "bazelisk",
            "pants",
            "nx",
        ),
        *("turbo", "lerna", "moon", "pre-commit", "prek", "lifelint", "dvc"),
    )
)
"""Tools that go through all that lies below: tests, tasks, builds of monorepos, and DVC where it runs no pipeline."""

_TARGETS = frozenset({"-s", "--snakefile", "-f", "--file", "-R", "--recursive", "--pipeline-file"})
"""Options of what runs a pipeline that name the pipeline."""

_RUNNERS = frozenset({"snakemake", "nextflow", "mlflow", "dagster", "airflow", "pyflyte", "az", "argo", "databricks"})
_PLACES = frozenset({"pytest", "py.test", "mlflow", "nextflow", "nf-test", "lifelint", "bash", "sh"})
"""Programs whose words are paths, whatever they look like."""

_TESTS = frozenset({"pytest", "py.test"})
"""Tools that go through what they are given, all where that is nothing."""

_BELOW, _EVERY = frozenset({"-R", "--recursive"}), frozenset({"-P", "--all-pipelines"})
"""Options of DVC: the pipelines below the folders that it is given, and all there are."""

_CHANGES_FOLDER = frozenset({"--cd", "--directory", "--cwd", "--chdir", "--working-directory", "--working-dir"})
_CHANGES_BY_C = frozenset({"make", "gmake", "poetry", "mise", "env", "git", "just", "pnpm"})
_VALUED = frozenset(
    (
        *("-n", "--name", "-p", "--prefix", "--project", "--with", "--extra", "--group", "--python", "--package"),
        *("--env-file", "-e", "--environment", "--manifest-path", "--index", "--only-group", "--from"),
    )
)
_IGNORED = frozenset(
    (
        *("-k", "-n", "-o", "-W", "--ignore", "--ignore-glob", "--deselect", "--cov", "--cov-report", "--cov-config"),
        *("--junitxml", "--junit-xml", "--exclude", "-j", "--jobs", "--maxfail", "--cores", "-c"),
    )
)
"""Options of which the value names nothing that is run."""

_WRAPPERS = frozenset(
    (
        *("sudo", "time", "env", "nice", "exec", "command", "xvfb-run", "then", "do", "else", "if", "!", "{"),
        *("npx", "yarn", "pnpm", "bunx", "uvx", "pipx"),
    )
)
_RUNNING = frozenset(
    {"uv", "poetry", "pdm", "pipenv", "rye", "hatch", "pixi", "conda", "mamba", "micromamba", "coverage"}
)
_MOVES = frozenset(
    (
        *("", "cd", "pushd", "popd", "[", "[[", "test", "set", "exit", "true", "wait", "read", "then", "do", "else"),
        *("elif", "fi", "for", "while", "until", "done", "case", "esac", "break", "continue"),
    )
)
"""What runs nothing, and goes with what stands beside it."""

_SAYS = frozenset({"echo", "printf", "export"})
"""What runs nothing that it names; there may be another command in it."""

_ASSIGNED = lazy(r"\w+=")
_SHORT = lazy(r"-[A-Za-z]+")
_PATH = lazy(r"[./]|^[.~]")


class Land(NamedTuple):
    """The projects of a repository: their ``roots``, and the ``owner`` of a path, ``"/"`` for none.

    ``subrepos`` are the folders that DVC keeps apart. ``feeding`` are pairs of projects: the stages of the first take
    what those of the second make.
    """

    roots: Collection[str]
    owner: Callable[[str], str]
    subrepos: Collection[str] = ()
    feeding: Collection[tuple[str, str]] = ()

    def repo(self, folder: str) -> str:
        """The repository of DVC that a folder is in."""
        return max((one for one in self.subrepos if below(folder, one)), key=len, default="")


class Aim(NamedTuple):
    """What a simple command aims at.

    ``home`` is the project it runs in, ``named`` those in which paths lie that it names, ``first`` that of the first,
    ``loose`` those that a word of it may mean; ``open`` says that something else decides what it runs (a variable),
    ``kind`` how far its tool goes. ``wide`` are folders below which all pipelines are run, ``within`` those to which
    tests are kept.
    """

    folder: str
    home: str
    kind: str = ""
    named: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    first: str | None = None
    open: bool = False
    wide: tuple[str, ...] = ()
    within: tuple[str, ...] = ()

    @property
    def elsewhere(self) -> bool:
        """Whether the first path that it names lies in another project."""
        return self.first not in (None, "/", self.home)


def aim(part: Part, land: Land) -> Aim:
    """What one simple command aims at."""
    if not is_told(part.folder):
        return Aim(part.folder, "/")
    folder, program, words = _program(part.folder, words_of(part.text.strip("(){} ")))
    home = land.owner(folder) if is_told(folder) else "/"
    if program in _MOVES:
        return Aim(folder, home, "local")
    if program in _SAYS:
        return Aim(folder, home)
    kind = _kind(program, words)
    flags = _flags(words) if kind == "local" and program == "dvc" else frozenset()
    places = [_place(folder, program, option, word, bool(flags & _BELOW)) for option, word in _said(program, words)]
    told = [place for place in places if is_told(place.path)]
    owners = [land.owner(place.path) for place in told]
    sure = [place.is_path or (place.may_be and (place.path in land.roots or owner != home))
            for place, owner in zip(told, owners, strict=True)]  # fmt: skip
    strict = kind in ("local", "runner", "through")
    named = [owner for place, owner, is_sure in zip(told, owners, sure, strict=True)
             if is_sure and (place.runs or not strict)]  # fmt: skip
    first = home if kind == "local" and home in named else next(iter(named), None)
    wide = [land.repo(folder)] if flags & _EVERY else []
    return Aim(
        folder,
        home,
        kind,
        frozenset(named) - {"/"},
        frozenset(owners) - {home, "/", *named},
        first,
        not named and any(place.runs and not is_told(place.path) for place in places),
        (*wide, *(place.path for place, is_sure in zip(told, sure, strict=True) if is_sure and flags & _BELOW)),
        tuple(place.path for place in told if program in _TESTS and place.runs),
    )


def _flags(words: Sequence[str]) -> frozenset[str]:
    """The options among words, those of one letter each by itself."""
    short = (f"-{letter}" for word in words if _SHORT.fullmatch(word) for letter in word[1:])
    return frozenset((*short, *(word for word in words if word.startswith("--"))))


class _Place(NamedTuple):
    """The path that a word means, if it is one: whether it must or may be, and is of what is run."""

    path: str
    is_path: bool
    may_be: bool
    runs: bool


def _place(folder: str, program: str, option: str, word: str, below_it: bool) -> _Place:
    module = option == "-m"
    path = word.replace(".", "/") if module else word
    is_path = module or _PATH.search(path) is not None
    may_be = below_it or program in _PLACES
    return _Place(joined(folder, path), is_path, may_be, not option or module or option in _TARGETS)


def _kind(program: str, words: Sequence[str]) -> str:
    if program == "dvc":
        plain = [word for word in words if not word.startswith("-")]
        return "local" if "repro" in plain or plain[:2] == ["exp", "run"] else "through"
    if program == "kedro":
        return "local"
    return "through" if program in _THROUGH else "runner" if program in _RUNNERS else ""


def _program(folder: str, words: list[str]) -> tuple[str, str, list[str]]:
    """The folder and name of the program that a command runs in the end, and the words behind that."""
    program, at, running = "", 0, False
    while at < len(words):
        word = words[at]
        name = posixpath.basename(word)
        option, _, value = word.partition("=")
        if option in _CHANGES_FOLDER or (word == "-C" and (program in _CHANGES_BY_C or not program)):
            taken = value or (words[at + 1] if at + 1 < len(words) else "~")
            folder = joined(folder, taken)
            del words[at : at + (1 if value else 2)]
            continue
        if program and program not in _RUNNING and program not in _WRAPPERS:
            at += 1  # only what changes the folder is still looked for
            continue
        if word.startswith("-") and program:
            if word == "-m" and at + 1 < len(words):
                return _module(folder, words, at + 1)
            at += 2 if word in _VALUED else 1
        elif _ASSIGNED.match(word) or name in _WRAPPERS or name == "run":
            program = program or (name if name in _WRAPPERS else "")
            running = running or name == "run"
            at += 1
        elif name in _RUNNING and not running:
            program = name
            at += 1
        elif program in _RUNNING and not running:
            return folder, program, words[at:]  # it does something else than to run a program
        else:
            program, words, at = name, words[at + 1 :], 0
            if name.startswith("python") and "-m" in words[:3]:
                return _module(folder, words, words.index("-m") + 1)
            if "/" in word or name.endswith((".sh", ".py")):
                words, at = [word, *words], 1
    return folder, program, words


def _module(folder: str, words: list[str], at: int) -> tuple[str, str, list[str]]:
    """The same for ``-m``: a module is the program if that is a tool, and else names a path."""
    module, rest = (words[at] if at < len(words) else ""), words[at + 1 :]
    if module in _THROUGH or module in _RUNNERS or module == "kedro":
        return _program(folder, [module, *rest])
    return folder, "python", ["-m", module, *rest]


def _said(program: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The words of a program that may name something, each with the option before it."""
    rest = iter(words)
    for word in rest:
        option, mark, value = word.partition("=")
        if word.startswith("-"):
            if option in _IGNORED and not (option == "-c" and program in ("tox", "pytest")):
                if not mark and option != "-c":
                    next(rest, "")
            elif mark:
                yield option, value
            elif option in _TARGETS or option == "-m":
                given = next(rest, "")
                if option == "-m" and program != "python":
                    continue
                if given and not given.startswith("-"):
                    yield option, given
        elif not mark and not word.startswith((">", "<", "2>", "&")):
            yield "", word
