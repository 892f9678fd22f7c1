"""Finds the CODEOWNERS file that is in force, and who owns a path by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from lifelint.facts._source import Source
from lifelint.facts.owners.lines import parse_github, parse_gitlab
from lifelint.facts.owners.noun import OwnersLine
from lifelint.facts.owners.patterns import matches, plain

ORDER = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
}
"""Where a forge looks, in this order; it reads the first file that is there and no other."""

LARGEST = 3 << 20
"""Bytes from which on GitHub reads no CODEOWNERS file (GitHub docs, "About code owners")."""

_OTHER = (".gitea", ".forgejo")


def owners(source: Source) -> Iterator[OwnersLine]:
    """Every line of each CODEOWNERS file where the forge looks for one. A line that is not in force says why."""
    there = [path for path in dict.fromkeys((*ORDER["github"], *ORDER["gitlab"])) if source.is_file(path)]
    if not there:
        return
    forge = _forge(source)
    if not forge:
        source.cannot_read(there[0], "is for Gitea or Forgejo, whose regular expressions are not read")
        return
    parser = parse_github if forge == "github" else parse_gitlab
    first = ""
    for path in (path for path in ORDER[forge] if path in there):
        problem = f"the forge reads {first} instead" if first else ""
        if forge == "github" and source.snapshot.sizes([path]).get(path, 0) >= LARGEST:
            problem = "GitHub reads no CODEOWNERS file of 3 MB or more"
        first = first or path
        for line in source.parse(path, parser) or ():
            found = _found(source, plain(line.forge, line.pattern))
            yield line._replace(path=path, problem=problem or line.problem, whole=bool(problem), there=found)


def codeowners(owners: Sequence[OwnersLine]) -> Iterator[OwnersLine]:
    """The same lines, which one project of the repository has: what is wrong with them is told once."""
    yield from owners


def _found(source: Source, path: str) -> bool | None:
    return (path in source.entries or source.is_folder(path)) if path else None


def place(source: Source) -> str:
    """The path of the file that the forge reads, or would if it were there; ``""`` for a forge that is not known."""
    forge = _forge(source)
    if not forge:
        return ""
    there = next((path for path in ORDER[forge] if source.is_file(path)), "")
    return there or (ORDER["github"][0] if forge == "github" and source.is_folder(".github") else "CODEOWNERS")


def understood(source: Source) -> bool:
    """Whether what the forge reads, if anything, was read here too."""
    path = place(source)
    if not path:
        return not any(source.is_file(one) for some in ORDER.values() for one in some)
    parser = parse_github if _forge(source) == "github" else parse_gitlab
    return not source.is_file(path) or source.parse(path, parser) is not None


def _forge(source: Source) -> str:
    """The forge whose reading counts, by the folders that are made for it; ``""`` for one whose form is not known."""
    github = source.is_folder(".github")
    gitlab = source.is_folder(".gitlab") or source.is_file(".gitlab-ci.yml")
    if not github and not gitlab:
        return "" if any(source.is_folder(folder) for folder in _OTHER) else "github"
    if github and gitlab:  # a mirror: where the file lies says for whom it is
        return "github" if source.is_file(ORDER["github"][0]) or not source.is_file(ORDER["gitlab"][2]) else "gitlab"
    return "github" if github else "gitlab"


def owning(lines: Sequence[OwnersLine], path: str) -> list[OwnersLine]:
    """The lines that decide who owns the file ``path``: the last that matches; on GitLab, the last of each section.

    None are left where no line matches; a line without owners says that nobody owns it.
    """
    decided: dict[str, OwnersLine] = {}
    excluded: set[str] = set()
    for line in reversed(lines):
        settled = line.section in decided and not line.excludes
        if line.problem or settled or not matches(line.forge, line.pattern, path):
            continue
        if line.excludes:
            excluded.add(line.section)
        else:
            decided[line.section] = line
            if line.forge == "github":
                break
    return [line for section, line in reversed(decided.items()) if section not in excluded]


def owning_each(lines: Sequence[OwnersLine]) -> Callable[[str], list[OwnersLine]]:
    """``owning`` for many paths: lines that name one path are looked up by it, and only the others tried in turn."""
    named: dict[str, list[int]] = {}
    others: list[int] = []
    for number, line in enumerate(lines):
        where = plain(line.forge, line.pattern)
        (named.setdefault(where, []) if where else others).append(number)

    @cache
    def above(folder: str) -> list[int]:
        """The lines that may match in a folder: files that somebody owns lie together."""
        rest = above(folder.rpartition("/")[0]) if folder else others
        return sorted([*rest, *named[folder]]) if folder in named else rest

    def of(path: str) -> list[OwnersLine]:
        chosen = above(path.rpartition("/")[0])
        if path in named:
            chosen = sorted([*chosen, *named[path]])
        return owning([lines[number] for number in chosen], path)

    return of


def owners_of(lines: Sequence[OwnersLine], path: str) -> tuple[str, ...]:
    """Who owns the file ``path``, as written; on GitLab the owners of all sections together."""
    return tuple(dict.fromkeys(owner for line in owning(lines, path) for owner in line.owners))
