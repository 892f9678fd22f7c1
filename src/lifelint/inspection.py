"""The whole pipe as one function: a snapshot and a configuration in, a report out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint import __version__, catalog
from lifelint.catalog import Catalog
from lifelint.config import Config, ConfigError
from lifelint.engine import Sides
from lifelint.facts import Facts, Memo, Source
from lifelint.model import Diagnostic, Finding, Rule, Subject
from lifelint.projects import Shares
from lifelint.snapshot import Snapshot, SnapshotError
from lifelint.snapshot._objects import ABSENT
from lifelint.states import State, is_large, judged, ruled

if TYPE_CHECKING:
    from lifelint.scorecard import Scorecard
    from lifelint.triage.acceptance import Acceptance
    from lifelint.triage.baseline import Kept, Known
    from lifelint.triage.change import Change
    from lifelint.triage.waivers import Standing


class ProjectReport(NamedTuple):
    """One project's findings. ``scorecard`` is ``None`` when only single files were judged."""

    root: str
    stage: str
    target: int
    facets: Sequence[str]
    findings: Sequence[Finding]
    scorecard: Scorecard | None


class Report(NamedTuple):
    """All that one run found. Its JSON form is the contract from which every other format can be made."""

    version: str
    rules_digest: str
    subject: Subject
    folder: str
    config: Config
    projects: Sequence[ProjectReport]
    diagnostics: Sequence[Diagnostic]
    left_out: Sequence[tuple[str, int, str]]
    waivers: Sequence[Standing] = ()
    change: Change | None = None
    baseline: Kept | None = None

    @property
    def reasons(self) -> list[str]:
        """Why the run does not pass, by the limits of the configuration; none when it does."""
        from lifelint.triage.gate import Limits, reasons

        config = self.config
        return reasons(self.projects, self.change, Limits(config.fail_on, config.min_level, config.no_level_drop))


class _Asked(NamedTuple):
    """What is asked of a run beyond its configuration. ``granted`` are the waivers of a change's base."""

    folder: str = ""
    files: Sequence[str] | None = None
    today: str = ""
    baseline: frozenset[Known] | None = None
    granted: Sequence[Standing] | None = None


def inspect(
    snapshot: Snapshot,
    config: Config,
    loaded: Catalog,
    *,
    folder: str = "",
    files: Sequence[str] | None = None,
    today: str = "",
    baseline: frozenset[Known] | None = None,
) -> Report:
    """Judges a snapshot: all of it, one ``folder`` as a project, or single ``files`` by the rules that need no more.

    ``today``, a day in ISO 8601, decides which waivers are in force; without it none is. What the ``baseline`` holds is
    marked.

    Raises:
        ConfigError: ``select`` or ``ignore`` name nothing that exists.
    """
    facts = Facts(Source(snapshot, exclude=config.exclude, only=files))
    return inspect_facts(facts, config, loaded, folder=folder, files=files, today=today, baseline=baseline)


def inspect_facts(
    facts: Facts,
    config: Config,
    loaded: Catalog,
    *,
    base: Facts | None = None,
    folder: str = "",
    files: Sequence[str] | None = None,
    today: str = "",
    baseline: frozenset[Known] | None = None,
) -> Report:
    """Judges a state by its facts, and what came between those of a ``base`` and it, for who goes on with them.

    Of single ``files``, which are those that both see, rules that need no more are judged; of what came between, none.

    Raises:
        ConfigError: ``select`` or ``ignore`` name nothing that exists.
        SnapshotError: files of the base are not in this clone, so that what was wrong before would count as new.
    """
    asked = _Asked(folder, files, today, baseline)
    single = files is not None
    scope = ("file",) if single else ("repository", "file")
    rules = [rule for rule in loaded.rules if rule.scope in scope]
    states = judged([facts] if base is None else [facts, base], rules, config, folder, single=single)
    if base is None:
        made = _reported(states[0], config, loaded, asked)
        return _without_ledger(made) if single else made
    old = _reported(states[1], config, loaded, asked)
    # What is absent in both states is as unknown as it was.
    lacking = sorted(_absent(old.diagnostics) - _absent(_diagnostics(facts.source)))
    if lacking:
        raise SnapshotError(
            f"the base {old.subject.revision[:12]} cannot be compared with: {len(lacking)} of its files, {lacking[0]} "
            "among them, are not in this clone (clone without --filter, or check the base out once)"
        )
    from lifelint.triage.comparison import compared, with_versions

    new = _reported(states[0], config, loaded, asked._replace(granted=old.waivers))
    if not single:
        new = _with_change(new, states[1], states[0], loaded, today)
    commits = old.subject.revision, "" if new.subject.dirty else new.subject.revision
    change = compared(old.projects, new.projects, commits)
    if single:
        return _without_ledger(new._replace(change=change))
    return new._replace(change=with_versions(change, base, facts))


def inspect_change(
    base: Snapshot,
    head: Snapshot,
    config: Config,
    loaded: Catalog,
    *,
    folder: str = "",
    files: Sequence[str] | None = None,
    today: str = "",
    baseline: frozenset[Known] | None = None,
) -> Report:
    """Judges ``head`` as ``inspect`` does, and what came between ``base`` and it.

    Rules about a change have their findings beside those of each project, and no part in its scorecard: the level of a
    commit is the same whatever it is compared with.

    Raises:
        ConfigError: ``select`` or ``ignore`` name nothing that exists.
        SnapshotError: files of the base are not in this clone.
    """
    memo = Memo()
    after = Facts(Source(head, exclude=config.exclude, only=files, memo=memo))
    before = Facts(Source(base, exclude=config.exclude, only=files, memo=memo), like=after)
    return inspect_facts(after, config, loaded, base=before, folder=folder, files=files, today=today, baseline=baseline)


def _without_ledger(report: Report) -> Report:
    """Of the waivers of a whole repository a few files show only some in use."""
    return report._replace(waivers=())


def _reported(state: State, config: Config, loaded: Catalog, asked: _Asked) -> Report:
    source, single = state.facts.source, asked.files is not None
    shown = _selected(loaded, config)
    accepted = _accepted(source, config, state.rules, [*state.findings.values()], asked)
    whole: list[ProjectReport] = []
    scored: dict[tuple[object, ...], Scorecard] = {}
    for project, seen in state.findings.items():
        target = config.target_of(project.root)
        findings = accepted.of(seen, project.root) if accepted else seen
        facets = [] if single else sorted({facet.name for facet in state.shares.of(project).get("facets").items})
        scorecard = None if single else _score(findings, target, scored)
        whole.append(ProjectReport(project.root, config.stage_of(project.root), target, facets, findings, scorecard))
    every = [finding for project in whole for finding in project.findings]
    return Report(
        version=__version__,
        rules_digest=loaded.digest,
        subject=source.snapshot.subject,
        folder=asked.folder,
        config=config,
        projects=[p._replace(findings=[f for f in p.findings if f.rule.id in shown]) for p in whole],
        diagnostics=_diagnostics(source),
        left_out=_left_out(source) if single or asked.folder else sorted([*_left_out(source), *_of_nobody(state)]),
        waivers=accepted.ledger(every) if accepted else (),
        baseline=None if asked.baseline is None or single else _kept(asked.baseline, whole, loaded),
    )


def _selected(loaded: Catalog, config: Config) -> frozenset[str]:
    """The ids of the rules whose findings are wanted."""
    try:
        return frozenset(rule.id for rule in catalog.select(loaded.rules, config.select, config.ignore))
    except LookupError as error:
        raise ConfigError(f"{config.place('select')}: {error}" if config.source else str(error)) from None


def _with_change(new: Report, before: State, after: State, loaded: Catalog, today: str) -> Report:
    """``new`` with the findings of the rules about a change, each project's with its own share of both states.

    Projects that only one state has divide both, so that a file belongs to the same one before and after.
    """
    from lifelint.triage.acceptance import acceptance

    config = new.config
    shown = _selected(loaded, config)
    rules = [rule for rule in loaded.rules if rule.scope == "change"]
    then, now = before.shares, after.shares
    if before.findings.keys() != after.findings.keys():
        divided = sorted({*before.findings, *after.findings})
        then, now = (Shares(state.facts, divided) for state in (before, after))
    sides = [[Sides(now.of(project), then.of(project))] for project in after.findings]
    accepted = acceptance(config.waivers, rules, today, frozenset())
    projects = []
    every: list[Finding] = []
    said = ruled([after.facts, before.facts], rules, sides)
    for project, [seen] in zip(new.projects, said, strict=True):
        findings = accepted.of(seen, project.root)
        every += findings
        kept = [finding for finding in findings if finding.rule.id in shown]
        projects.append(project._replace(findings=[*project.findings, *kept]))
    return new._replace(projects=projects, waivers=[*new.waivers, *accepted.ledger(every)])


def _diagnostics(source: Source) -> list[Diagnostic]:
    unread = [Diagnostic(u.path, u.line, u.message) for u in source.unread]
    return sorted({*source.snapshot.diagnostics, *unread}, key=lambda d: (d.path, d.line, d.message))


def _absent(diagnostics: Sequence[Diagnostic]) -> set[str]:
    return {one.path for one in diagnostics if one.message == ABSENT.why}


def _left_out(source: Source) -> list[tuple[str, int, str]]:
    """Each reason for leaving files out, how many there are, and the first of them."""
    reasons = Counter(source.left_out.values())
    first = {why: path for path, why in reversed([*source.left_out.items()])}
    return [(why, reasons[why], first[why]) for why in sorted(reasons)]


OUTSIDE = "lying in no project"
"""Why files are left out that a rule would judge in a project."""

_JUDGED = ("manifests", "locks", "images", "installs", "pointers", "stages", "blobs", "evaluations", "gates")
"""Kinds of facts that rules judge where they lie."""


def _of_nobody(state: State) -> Iterator[tuple[str, int, str]]:
    """As ``_left_out``, of the files with facts that no project has: where the top is none, some lie beside all."""
    items = [item for kind in _JUDGED for item in state.shares.of_nobody(kind).items]
    paths = {item.path for item in items if state.facts.source.is_file(item.path)}
    if paths:
        yield OUTSIDE, len(paths), min(paths)


def _accepted(
    source: Source, config: Config, rules: Sequence[Rule], judged: Sequence[Sequence[Finding]], asked: _Asked
) -> Acceptance | None:
    """What is accepted of the findings. Single files in which nothing is wrong need no answer.

    Comments are looked for where something is wrong, and in all other files too where these are not too many.
    """
    bad = {seen.path for findings in judged for f in findings for seen in f.observations if seen.ok is False}
    single = asked.files is not None
    if single and not bad:
        return None
    from lifelint.triage import inline

    searched = source.own if not (single or is_large(source)) else sorted(filter(source.is_file, bad))
    inside = [path for path in searched if path.startswith(f"{asked.folder}/")] if asked.folder else searched
    comments = inline.found(source, inside, rules) if asked.today else ()
    if not (comments or config.waivers or asked.baseline):
        return None
    from lifelint.triage.acceptance import acceptance

    known = asked.baseline or frozenset()
    if single:  # these are judged as of one project, whichever they belong to; their subjects tell them apart
        known = frozenset(one._replace(project="") for one in known)
    return acceptance(config.waivers, rules, asked.today, known, comments, asked.granted)


def _kept(baseline: frozenset[Known], projects: Sequence[ProjectReport], loaded: Catalog) -> Kept:
    from lifelint.triage.baseline import kept

    return kept(baseline, projects, {name: rule for rule in loaded.rules for name in (rule.id, *rule.was)})


def _score(findings: Sequence[Finding], target: int, scored: dict[tuple[object, ...], Scorecard]) -> Scorecard:
    """The scorecard of a project. It is one of outcomes, and of many projects many have the same."""
    from lifelint.scorecard import score

    outcomes = (target, *(finding.outcome for finding in findings))
    if outcomes not in scored:
        scored[outcomes] = score(findings, target)
    return scored[outcomes]
