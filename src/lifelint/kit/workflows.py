"""Workflows for GitHub and jobs for GitLab: what they run is what the repository says it is run by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lifelint import __version__
from lifelint.fix.noun import CannotFix, Change
from lifelint.fix.yaml_places import node
from lifelint.init.noun import DOCS, Proposal
from lifelint.init.workflow import GITLAB, included
from lifelint.kit.course import Course, course
from lifelint.kit.noun import Site
from lifelint.kit.places import forges_of, plain
from lifelint.kit.setup import VERSIONS, Setup, setup

_OLDEST = "3.11"
"""The version of Python that lifelint needs."""


def evaluation_gate(site: Site) -> Proposal:
    """What keeps a change out whose pipeline was not run, or whose model misses a gate.

    Raises:
        CannotFix: nothing tells of GitHub or GitLab, or a file is there, or cannot be named in a workflow.
    """
    held, run = _project(site)
    why = _told(held, run, run.reproduce)
    why.append("Let merges wait for it (a required check, or pipelines that must succeed): by itself it only tells.")
    return _proposal(site, "evaluation-gate", _values(site, held, run), why)


def scheduled_evaluation(site: Site) -> Proposal:
    """What evaluates the model anew from time to time.

    Raises:
        CannotFix: as ``evaluation_gate``.
    """
    held, run = _project(site)
    why = _told(held, run, run.evaluate)
    if "gitlab" in forges_of(site):
        why.append("On GitLab the schedule itself is made in the project: Build, Pipeline schedules.")
    return _proposal(site, "scheduled-evaluation", _values(site, held, run), why)


def verified_release(site: Site) -> Proposal:
    """What verifies the manifest of a release when its tag is pushed, and exports what was proven.

    Raises:
        CannotFix: as ``evaluation_gate``.
    """
    found = site.share["releases"].items
    tags = sorted({_pattern(one.tag, one.version) for one in found if one.version in one.tag} - {""})
    why = ["Each tag is held against the manifest of its release; one without a manifest fails."]
    if not found:
        why.append("There is no manifest yet: lifelint release new writes one.")
    return _proposal(site, "verified-release", {"tags": tags or ["v*"], "version": __version__}, why)


def _pattern(tag: str, version: str) -> str:
    """What the tags of releases have in common, with ``*`` for the version.

    Nothing where all tags would be meant, or a filter would read it otherwise.
    """
    before, _, after = tag.rpartition(version)
    known = re.fullmatch(r"(?!-)[\w./@-]+", before + after, re.ASCII)
    return f"{before}*{after}" if known else ""


def _project(site: Site) -> tuple[Setup, Course]:
    held = setup(site)
    return held, course(site, held.run)


def _values(site: Site, held: Setup, run: Course) -> Mapping[str, Any]:
    root = plain(site.root) if site.root else ""
    versions = {"version": __version__, "uv": VERSIONS["uv"], "oldest": _OLDEST}
    return {"setup": held, "course": run, "root": root, **versions}


def _told(held: Setup, run: Course, commands: Sequence[str]) -> list[str]:
    """What it does, and what is left to a person, in sentences."""
    why = []
    unknown = [one for one in (held.unknown, run.unknown) if one]
    if unknown:
        why.append(f"It fails until somebody has written what the repository does not tell: {'; '.join(unknown)}.")
    else:
        gates = ", then lifelint gates check" if run.gated else ""
        why.append(f"It installs from {held.by} and runs {', '.join(commands)}{gates}.")
        if not held.python and not held.conda:
            why.append("Nothing says which Python the model is made with: write it at the TODO.")
        if run.store:
            why.append("The data lies where the job has to be let in: see the TODO.")
    if not run.gated:
        why.append(f"There are no gates, and it fails until there are: {DOCS}/evaluation.md shows a file of them.")
    return why


def _proposal(site: Site, name: str, values: Mapping[str, Any], why: Sequence[str]) -> Proposal:
    called = f"{name}-{re.sub('[^A-Za-z0-9]+', '-', site.root).strip('-')}" if values.get("root") else name
    changes: list[Change] = []
    said: list[str] = [*why]
    for forge in forges_of(site):
        text = site.render(f"{name}.{forge}.yml", {**values, "name": called})
        make: Callable[[Site, str, str], tuple[Sequence[Change], str]] = _at_github if forge == "github" else _at_gitlab
        some, more = make(site, called, text)
        changes += some
        said += [more.strip()] if more else []
    return Proposal(name, changes, said)


def _at_github(site: Site, called: str, text: str) -> tuple[Sequence[Change], str]:
    path = f".github/workflows/{called}.yml"
    site.ground.texts.require_nothing(path)
    return [Change(path, 0, 0, text)], ""


def _at_gitlab(site: Site, called: str, text: str) -> tuple[Sequence[Change], str]:
    if node(site.ground.texts[GITLAB], [called]) is not None:
        raise CannotFix(f"{GITLAB} has a job {called}, which would become another one")
    return included(site.ground, f".gitlab/{called}.yml", text, f"{DOCS}/fix.md")
