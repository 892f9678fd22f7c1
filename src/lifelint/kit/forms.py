"""Forms for people: what a change to a model has to say of itself, and the record of a decision."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.fix.fixers._told import told
from lifelint.fix.noun import CannotFix, Change
from lifelint.fix.texts import encode
from lifelint.init.noun import Proposal
from lifelint.kit.noun import Site
from lifelint.kit.places import forges_of

_SHOWN = 10
_GITHUB = lazy(
    r"(?:(?:\.github|docs)/)?pull_request_template(?:/[^/]+)?\.(?:md|txt)|"
    r"(?:(?:\.github|docs)/)?pull_request_template/[^/]+\.md",
    re.IGNORECASE,
)
"""Where GitHub looks for one (docs.github.com, "Creating a pull request template for your repository")."""

_GITLAB = ".gitlab/merge_request_templates/"
"""Where GitLab does (docs.gitlab.com, "Description templates")."""


def pull_request(site: Site) -> Proposal:
    """The template of pull requests or merge requests; one more beside those that are there.

    Raises:
        CannotFix: nothing tells of GitHub or GitLab, or ours is there already.
    """
    text = site.render("pull-request.md", _of_change(site))
    changes: list[Change] = []
    why: list[str] = []
    for forge in forges_of(site):
        there = _there(site, forge)
        _require_not_ours(site, there, text)
        path, said = (_at_github if forge == "github" else _at_gitlab)(there)
        site.ground.texts.require_nothing(path)
        changes.append(Change(path, 0, 0, text))
        why.append(said)
    return Proposal("pull-request", changes, why)


def _there(site: Site, forge: str) -> Sequence[str]:
    """The templates that the forge finds already."""
    paths = site.ground.snapshot.entries
    if forge == "github":
        return [path for path in paths if _GITHUB.fullmatch(path)]
    return [path for path in paths if path.startswith(_GITLAB)]


def _require_not_ours(site: Site, paths: Sequence[str], text: str) -> None:
    """Makes sure that no template is ours, as it was written or as people have changed it."""
    for path, data in site.ground.snapshot.read(paths):
        if isinstance(data, bytes) and (b"lifelint" in data or data == encode(text)):
            raise CannotFix(f"{path} is there already")


def _at_github(there: Sequence[str]) -> tuple[str, str]:
    if not there:
        return ".github/pull_request_template.md", "GitHub puts it into the description of each new pull request."
    path = ".github/PULL_REQUEST_TEMPLATE/ml-change.md"
    return path, (
        f"{there[0]} is there and stays as it is. This one more is taken where the address of a new pull request ends "
        "with ?template=ml-change.md"
    )


def _at_gitlab(there: Sequence[str]) -> tuple[str, str]:
    if there:
        return f"{_GITLAB}ml-change.md", "GitLab offers it by its name where a merge request is described."
    return f"{_GITLAB}Default.md", "GitLab puts it into the description of each new merge request."


def _of_change(site: Site) -> Mapping[str, Any]:
    """What of this project a change can be about."""
    share = site.share
    known = told(site)
    metrics = {gate.metric for gate in share["gates"].items}
    return {
        "data": _paths(share["datasets"].items, "artifact"),
        "models": known["models"][:_SHOWN],
        "pipeline": _paths(share["stages"].items, "path"),
        "environment": _paths([*share["locks"].items], "path") or _paths(_runtime(site), "path"),
        "gates": _paths(share["gates"].items, "path"),
        "metrics": sorted(metrics)[:_SHOWN],
        "reports": sorted({one.path for one in share["evaluations"].items if one.judges == "model" and not one.doubt}),
        "releases": bool(share["releases"].items),
        "decisions": _folder(site).path,
    }


def _runtime(site: Site) -> Sequence[Any]:
    return [one for one in site.share["manifests"].items if one.role == "runtime"]


def _paths(items: Sequence[Any], field: str) -> Sequence[str]:
    """The places of facts, the first few."""
    return sorted({getattr(one, field) for one in items})[:_SHOWN]


# Decisions ---------------------------------------------------------------------------------------------------------

_FOLDERS = lazy(
    r"(?P<folder>(?:.*/)?(?:adrs?|decisions?|decision[-_]records?|architectur(?:e|al)[-_]decisions?))/[^/]+", re.I
)
_NUMBERED = lazy(r"(?P<before>\D{0,12}?)(?P<number>\d{1,6})(?P<after>[-_. ]+).+\.(?:md|markdown)", re.I)
_OPEN_TITLE = "decision"


class _Folder(NamedTuple):
    """Where records are kept, and how they are called: ``before`` the number, its ``width``, ``after`` it."""

    path: str
    before: str
    number: int
    width: int
    after: str


def decision_record(site: Site) -> Proposal:
    """A record with the next number, in the folder that the repository has for them.

    Raises:
        CannotFix: one that was begun is there without a title, or the records are no Markdown.
    """
    folder = _folder(site)
    title = " ".join(site.title.split())
    slug = _slug(title) if title else _OPEN_TITLE
    if title and not slug:
        raise CannotFix(f"no file can be called by the title {title!r}: give one with letters")
    begun = _begun(site, folder, slug)
    if begun:
        raise CannotFix(f"{begun} is there: write what it asks for, or give another title with --title")
    path = f"{folder.path}/{folder.before}{folder.number:0{folder.width}}{folder.after}{slug}.md"
    site.ground.texts.require_nothing(path)
    text = site.render("decision-record.md", {"title": title, "number": folder.number})
    why = [
        "While its status is proposed it decides nothing. Once it is accepted, a gate that the same change lowers or "
        "takes out passes threshold-loosened and control-removed, if the record names the metric and the new threshold."
    ]
    return Proposal("decision-record", [Change(path, 0, 0, text)], why)


def _folder(site: Site) -> _Folder:
    """The folder with most records of the project, else the first that is called so, else ``docs/decisions``."""
    records = [one.path for one in site.share["decisions"].items]
    records = records or [one.path for one in site.ground.facts["decisions"].items]
    if records:
        count = Counter(path.rpartition("/")[0] for path in records)
        path = min(count, key=lambda folder: (-count[folder], folder))
    else:
        path = next(iter(sorted(_called_so(site))), f"{site.root}/docs/decisions".lstrip("/"))
    names = {name for one in site.ground.snapshot.entries if (name := _name_in(one, path))} | {*site.names(path)}
    numbered = [found for name in names if (found := _NUMBERED.fullmatch(name))]
    if not numbered:
        return _Folder(path, "", 1, 4, "-")
    last = max(numbered, key=lambda found: int(found["number"]))
    return _Folder(path, last["before"], int(last["number"]) + 1, len(last["number"]), last["after"])


def _called_so(site: Site) -> Iterator[str]:
    """Folders for records that hold none yet, in the project."""
    start = f"{site.root}/" if site.root else ""
    for path in site.ground.facts.source.own:
        found = _FOLDERS.fullmatch(path) if path.startswith(start) else None
        if found and path.lower().endswith((".md", ".markdown")):
            yield found["folder"]


def _name_in(path: str, folder: str) -> str:
    above, _, name = path.rpartition("/")
    return name if above == folder else ""


def _begun(site: Site, folder: _Folder, slug: str) -> str:
    """A record of this title that is there already, given to git or not."""
    tracked = [path for path in site.ground.snapshot.entries if path.startswith(f"{folder.path}/")]
    there = [*tracked, *(f"{folder.path}/{name}" for name in site.names(folder.path))]
    return next((path for path in there if path.endswith(f"{folder.after}{slug}.md")), "")


def _slug(title: str) -> str:
    """A title as the name of a file."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:60].rstrip("-")
