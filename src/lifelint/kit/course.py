"""How a project is run and judged: the commands that make its results again, and where these are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.checks.steps import does
from lifelint.facts._stepwords import EVALUATE, OF_CODE
from lifelint.fix.noun import CannotFix
from lifelint.kit.noun import Site
from lifelint.kit.places import below
from lifelint.kit.setup import VERSIONS

_EVALUATE = tuple(word for word in EVALUATE if word not in OF_CODE)
_SHOWN = 5
_EXTRAS: Mapping[str, str] = {
    "s3": "s3", "gs": "gs", "azure": "azure", "gdrive": "gdrive", "ssh": "ssh", "sftp": "ssh", "hdfs": "hdfs",
    "oss": "oss", "webdav": "webdav", "webdavs": "webdav", "webhdfs": "webhdfs",
}  # fmt: skip
"""How an address begins → the extra of DVC that reads it (dvc.org/doc/install)."""

_SECRETS: Mapping[str, Sequence[str]] = {
    "s3": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "azure": ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY"),
    "gdrive": ("GDRIVE_CREDENTIALS_DATA",),
}
"""What an extra reads from the environment (dvc.org/doc/user-guide/data-management/remote-storage)."""


class Store(NamedTuple):
    """The remote that data is pulled from: its name, whether it is only a folder on a disk, and what lets jobs read it.

    It has no name where no remote is configured.
    """

    name: str
    folder: bool
    secrets: Sequence[str]


class Course(NamedTuple):
    """Commands that ``reproduce`` what a change left undone, and that ``evaluate`` the model anew.

    ``locks`` hold what was run, and stay the same where nothing was left undone; ``results`` are files of figures.
    ``dvc`` is the requirement of DVC where the environment does not have it. ``gates`` are the options that
    ``lifelint gates check`` needs. Where nothing tells how it is run, ``unknown`` says why, and
    ``scripts`` are files that may be meant.
    """

    reproduce: Sequence[str] = ()
    evaluate: Sequence[str] = ()
    locks: Sequence[str] = ()
    results: Sequence[str] = ()
    dvc: str = ""
    store: Store | None = None
    gates: str = ""
    gated: bool = False
    lfs: bool = False
    unknown: str = ""
    scripts: Sequence[str] = ()


def course(site: Site, run: str) -> Course:
    """How it is run with ``run`` before each command.

    Raises:
        CannotFix: a file or stage cannot be named in a workflow.
    """
    share = site.share
    found = _dvc(site, run) or _tasks(site, run)
    found = found or Course(unknown="nothing tells which command evaluates the model", scripts=_scripts(site))
    lfs = any(one.system == "lfs" and one.kind in ("data", "model") for one in share["pointers"].items)
    gates = share["gates"].items
    outside = sorted({one.path for one in share["evaluations"].items if _unkept(one)}) if _needs(gates) else []
    options = [f"--report {below(site.root, path)}" for path in outside]
    if site.root:
        options += [f"--gates {below(site.root, path)}" for path in sorted({gate.path for gate in gates})]
    return found._replace(lfs=lfs, gates=" ".join(options), gated=bool(gates), results=_results(site))


def _scripts(site: Site) -> Sequence[str]:
    """Scripts that are called as if they evaluated, as they can be named in a workflow."""
    start = f"{site.root}/" if site.root else ""
    words = re.compile(rf"(?:^|[_-])(?:{'|'.join(_EVALUATE)})(?:[_-]|$)", re.IGNORECASE)
    found = []
    for path in site.ground.facts.source.suffixed(".py"):
        name = path.rpartition("/")[2].removesuffix(".py")
        if path.startswith(start) and words.search(name) and not name.startswith("test_"):
            try:
                found.append(below(site.root, path))
            except CannotFix:
                continue
    return sorted(found, key=lambda path: (path.count("/"), path))[:_SHOWN]


def _needs(gates: Sequence[Any]) -> bool:
    """Whether a gate is decided by a report that is not in git."""
    return any(gate.found is not True for gate in gates)


def _unkept(report: Any) -> bool:
    return not report.kept and report.judges == "model" and not report.doubt


def _results(site: Site) -> Sequence[str]:
    reports = {one.path for one in site.share["evaluations"].items if one.judges == "model" and not one.doubt}
    return [below(site.root, path) for path in sorted(reports)]


def _dvc(site: Site, run: str) -> Course | None:
    stages = [one for one in site.share["stages"].items if one.state != "orphan"]
    if not stages:
        return None
    files = sorted({below(site.root, one.path) for one in stages})
    targets = "" if files == ["dvc.yaml"] else "".join(f" {file}" for file in files)
    judges = [one for one in stages if one.address in _judging(site)]
    addresses = sorted(_address(below(site.root, one.path), one.name) for one in judges)
    repro = f"{run}dvc repro"
    again = [f"{repro} --pull{targets}"]
    again += [f"{repro} --force --single-item {' '.join(addresses)}" if addresses else f"{repro} --force{targets}"]
    store = next((one for one in _stores(site) if one.default), next(iter(_stores(site)), None))
    extra = _EXTRAS.get(store.url.partition("://")[0], "") if store else ""
    has = any(one.name == "dvc" for manifest in site.share["manifests"].items for one in manifest.dependencies)
    return Course(
        reproduce=again[:1],
        evaluate=again,
        locks=sorted({below(site.root, one.lock) for one in stages if one.lock}),
        dvc="" if has else f"dvc{f'[{extra}]' if extra else ''}=={VERSIONS['dvc']}",
        store=_store(store, extra) if store or _pulls(site) else None,
    )


def _pulls(site: Site) -> bool:
    """Whether there is data that git does not have."""
    return any(one.system == "dvc" and one.digest and not one.stage for one in site.share["pointers"].items)


def _stores(site: Site) -> Sequence[Any]:
    return [one for one in site.share["remotes"].items if one.system == "dvc" and one.declared]


def _store(remote: Any, extra: str) -> Store | None:
    """What a person has to see to; nothing where anybody may read."""
    if remote is None:
        return Store("", False, ())
    if remote.access == "anonymous" or (not extra and re.match(r"https?://", remote.url) and not remote.access):
        return None
    name = remote.name if re.fullmatch(r"[\w.-]+", remote.name, re.ASCII) else "in .dvc/config"
    return Store(name, "://" not in remote.url, _SECRETS.get(extra, ()))


def _judging(site: Site) -> set[str]:
    """The addresses of the stages that judge a model."""
    return {
        one.stage for one in site.share["evaluations"].items if one.stage and one.judges == "model" and not one.doubt
    }


def _address(file: str, name: str) -> str:
    stage = below("", name)
    return stage if file == "dvc.yaml" else f"{file}:{stage}"


def _tasks(site: Site, run: str) -> Course | None:
    """The steps that evaluate, with all before them, by other tools."""
    start = f"{site.root}/" if site.root else ""
    own = {one.path.removeprefix(start): one for one in site.share["steps"].items if one.path.startswith(start)}
    judges = [one for one in site.share["steps"].items if does(one, _EVALUATE)]
    for path, (tool, command) in _TOOLS.items():
        names = sorted({below("", one.name) for one in judges if one.path == f"{start}{path}"})
        if names and own[path].tool == tool:
            again = [f"{run}{command} {' '.join(names)}"]
            return Course(again, again)
    return None


_TOOLS: Mapping[str, tuple[str, str]] = {
    "Makefile": ("make", "make --always-make"),
    "Snakefile": ("snakemake", "snakemake --cores all --forcerun"),
    "workflow/Snakefile": ("snakemake", "snakemake --cores all --forcerun"),
}
"""File → the tool that reads it, and its command for steps in any case: a checkout makes all files as new as others."""
