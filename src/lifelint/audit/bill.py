"""What exactly has to be reproducible: one row for each thing that was found, and for each that nothing identifies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from lifelint._patterns import lazy
from lifelint.audit.artifacts import artifacts
from lifelint.audit.nouns import Item
from lifelint.facts.dvc.templating import DEFAULT_PARAMS
from lifelint.facts.proof import Verdict, of_content
from lifelint.model import Finding, Observation
from lifelint.projects import Share
from lifelint.release import chosen
from lifelint.release.status import REFUTED, UNKNOWN, VERIFIED, status

if TYPE_CHECKING:
    from lifelint.facts import Facts
    from lifelint.facts.dvc.stage import Change, Stage
    from lifelint.facts.environment.nouns import Lock
    from lifelint.facts.evaluation.noun import Evaluation

KINDS = (
    "code", "environment", "image", "parameters", "data", "base model", "model", "artifact", "pipeline", "evaluation",
    "release decision",
)  # fmt: skip
"""Kinds of rows, in their order."""

GAPS: Mapping[str, str] = {
    "environment-pinned": "environment",
    "data-versioned": "data",
    "pipeline-lock-committed": "pipeline",
    "evaluation-report-present": "evaluation",
    "gates-declared": "release decision",
}
"""Rules that tell what ought to be in the bill and is not → what that would be."""

_INSTALL: Mapping[str, str] = {
    "uv": "uv sync --locked",
    "poetry": "poetry install",
    "pipenv": "pipenv sync",
    "pdm": "pdm sync",
    "pixi": "pixi install --locked",
    "renv": "Rscript -e 'renv::restore()'",
}
_UP = lazy(r"^(?:\.\./)+")
_HOLDS: Mapping[str, bool | None] = {VERIFIED: True, REFUTED: False, UNKNOWN: None}


def bill(facts: Facts, share: Share, findings: Sequence[Finding], root: str = "") -> Sequence[Item]:
    """Every row of the bill of the project at ``root``; ``facts`` are those of the repository, ``share`` its own."""
    rows = [
        *_code(facts),
        *(_lock(facts, lock) for lock in share.get("locks").items),
        *_images(share),
        *_parameters(facts, share),
        *artifacts(facts, share, root),
        *_pipelines(facts, share),
        *(_evaluation(facts, one) for one in share.get("evaluations").items if one.kept and not one.doubt),
        *_decisions(facts, share),
    ]
    return sorted([*rows, *_gaps(findings, {row.path for row in rows})], key=lambda row: KINDS.index(row.kind))


def digest(facts: Facts, path: str) -> str:
    """The SHA-256 of a tracked file's content; empty where it cannot be read."""
    return next(iter(of_content(facts.source, path) or ()), "") if facts.source.is_file(path) else ""


def _code(facts: Facts) -> Iterator[Item]:
    subject = facts.source.snapshot.subject
    if subject.revision:
        why = "it differs from the commit: there are changes that are in none" if subject.dirty else "it is the commit"
        command = f"git checkout {subject.revision[:12]}"
        yield Item("code", "all tracked files", subject.revision, "integrity", not subject.dirty, why, command=command)


def _lock(facts: Facts, lock: Lock) -> Item:
    about = f"it belongs to {lock.manifest}" if lock.manifest else "its packages are fixed"
    hashed = lock.hashed == "complete"
    named = {"pip-compile": "pip", "uv pip compile": "pip"}.get(lock.tool, lock.tool)
    hashes = "--require-hashes " if hashed else ""
    folder = lock.path.rpartition("/")[0]
    install = f"{f'cd {quote(folder)} && ' if folder else ''}{_INSTALL[named]}" if named in _INSTALL else ""
    command = f"pip install {hashes}-r {quote(lock.path)}" if named == "pip" else install
    return Item(
        "environment",
        f"{lock.path} ({lock.tool})",
        digest(facts, lock.path),
        "integrity" if hashed else "well-formed",
        lock.fresh,
        lock.why or (about if lock.fresh else "whether it belongs to its manifest cannot be told"),
        lock.difference_path or lock.path if lock.fresh is False else lock.path,
        lock.difference_line if lock.fresh is False else lock.line,
        command,
    )


def _images(share: Share) -> Iterator[Item]:
    seen: dict[str, Any] = {}
    for image in (*share.get("images").items, *share.get("run_images").items):
        if image.role in ("runtime", "build"):
            seen.setdefault(image.reference or image.written, image)
    for name, image in seen.items():
        why = image.why or ("its digest fixes its content" if image.pinned else "its tag may lead to another one")
        command = f"docker pull {quote(name)}" if image.pinned and image.digest else ""
        strength = "integrity" if image.digest else "declared" if image.tag else ""
        yield Item(
            "image", name.partition("@")[0], image.digest, strength, image.pinned, why, image.path, image.line, command
        )


def _parameters(facts: Facts, share: Share) -> Iterator[Item]:
    """Every file of parameters that a stage reads; whether the stages were run with what it says."""
    readers: dict[str, list[Stage]] = {}
    for stage in share.get("stages").items:
        for path in dict.fromkeys(param.path for param in stage.params):
            readers.setdefault(path, []).append(stage)
    for path, stages in sorted(readers.items()):
        seen = [(s, c) for s in stages for c in s.changes if _of_params(c, s, path)]
        changes = [(s, c) for s, c in seen if c.certain]
        doubted = {s.name for s, c in seen if not c.certain}
        unsure = [s.name for s in stages if s.name in doubted or _not_compared(s)]
        holds = False if changes else None if unsure else True
        names, were = ", ".join(s.name for s in stages), "were" if len(stages) > 1 else "was"
        if changes:
            stage, change = changes[0]
            was, now = change.was or "nothing", change.now or "gone"
            why = f"{stage.name} was run with {change.name} = {was}, and it is {now}"
            if change.name == path:  # all of it: no value was compared
                why = f"{stage.name}: {change.why}"
        else:
            why = (
                f"what {', '.join(unsure)} was run with is not known"
                if unsure
                else f"{names} {were} run with what it says"
            )
        yield Item("parameters", path, digest(facts, path), "integrity", holds, why, path)


def _of_params(change: Change, stage: Stage, path: str) -> bool:
    """Whether a change is of parameters that ``path`` holds: it is named ``path``, ``key`` or ``file:key``."""
    if change.kind != "param" or change.name in {param.path for param in stage.params}:
        return change.kind == "param" and change.name == path
    file, colon, _ = change.name.partition(":")
    return f"/{path}".endswith(f"/{_UP.sub('', file) if colon else DEFAULT_PARAMS}")


def _not_compared(stage: Stage) -> bool:
    return stage.state == "never-run" or (stage.state == "unknown" and not stage.changes)


def _pipelines(facts: Facts, share: Share) -> Iterator[Item]:
    by_file: dict[str, list[Stage]] = {}
    for stage in share.get("stages").items:
        if stage.state != "orphan":
            by_file.setdefault(stage.path, []).append(stage)
    for path, stages in by_file.items():
        stale = [s for s in stages if s.state in ("changed", "never-run")]
        unsure = [s for s in stages if s.state in ("unknown", "always")]
        told = [*stale, *unsure]
        lock = next((s.lock for s in stages if s.lock), "")
        why = f"each of its {len(stages)} stages was last run with what is here"
        if told:
            said = ", ".join(f"{s.name} ({s.state.replace('-', ' ')})" for s in told[:5])
            why = f"{len(told)} of {len(stages)} stages: {said}{' …' if len(told) > 5 else ''}"
        holds = False if stale else None if unsure else True
        line = told[0].line if told else 0
        command = f"dvc repro {quote(path)}"
        yield Item("pipeline", path, digest(facts, lock), "integrity" if lock else "", holds, why, path, line, command)
    others: dict[tuple[str, str], int] = {}
    for step in share.get("steps").items:
        if step.tool != "dvc":
            others[step.path, step.tool] = others.get((step.path, step.tool), 0) + 1
    for (path, tool), count in others.items():
        why = f"declares {count} step{'s' * (count > 1)}; with what they were last run is recorded nowhere in git"
        yield Item("pipeline", f"{path} ({tool})", digest(facts, path), "declared", None, why, path)


def _evaluation(facts: Facts, one: Evaluation) -> Item:
    verdicts = (*one.verdicts, *one.fresh)
    said: str = status(verdicts)
    why = _first(verdicts) if one.bound else "it names neither code nor model nor data"
    command = f"dvc repro {quote(one.stage)}" if one.stage else ""
    strength = "bound" if one.bound else "declared"
    holds = _HOLDS[said] if one.bound else None
    return Item("evaluation", one.path, digest(facts, one.path), strength, holds, why, one.path, one.line, command)


def _first(verdicts: Sequence[Verdict]) -> str:
    """The worst verdict in words, or how many there are."""
    for holds in (False, None):
        told = [f"{verdict.field}: {verdict.why}" for verdict in verdicts if verdict.holds is holds]
        if told:
            return told[0] + (f" (and {len(told) - 1} more)" if len(told) > 1 else "")
    return f"{len(verdicts)} statement{'s' * (len(verdicts) > 1)} about its subject verified"


def _decisions(facts: Facts, share: Share) -> Iterator[Item]:
    """The gates in force, and the newest release of each name."""
    gates: dict[str, list[Any]] = {}
    for gate in share.get("gates").items:
        gates.setdefault(gate.path, []).append(gate)
    for path, inside in gates.items():
        open_ = [g for g in inside if g.holds is not True]
        holds = True if not open_ else False if any(g.holds is False for g in inside) else None
        why = f"each of {len(inside)} gates is met" if not open_ else f"{open_[0].metric}: {open_[0].why}"
        line = (open_ or inside)[0].line
        yield Item("release decision", path, digest(facts, path), "integrity", holds, why, path, line)
    known = {release.path for release in share.get("releases").items}
    for release in chosen.newest([one for one in chosen.releases(facts) if one.path in known]):
        name = f"{release.name} {release.version}".strip() or release.path
        holds = _HOLDS[status(release.verdicts)]
        named = release.commit if release.commit else digest(facts, release.path)
        command = f"git checkout {quote(release.tag)}" if release.tag else ""
        yield Item(
            *("release decision", name, named, "temporal", holds),
            *(_first(release.verdicts), release.path, release.line, command),
        )


def _gaps(findings: Sequence[Finding], known: set[str]) -> Iterator[Item]:
    """What nothing identifies, one row for each file."""
    found: dict[tuple[str, str, bool | None], list[Observation]] = {}
    for finding in findings:
        for seen in finding.observations if finding.rule.id in GAPS else ():
            if seen.ok is not True and seen.path not in known:
                found.setdefault((GAPS[finding.rule.id], seen.path or seen.subject, seen.ok), []).append(seen)
    for (kind, name, holds), inside in found.items():
        first = inside[0]
        more = f" (and {len(inside) - 1} more)" if len(inside) > 1 else ""
        yield Item(kind, name, "", "", holds, f"{first.detail}{more}", first.path, first.line)
