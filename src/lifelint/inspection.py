"""The whole pipe as one function: a snapshot and a configuration in, a report out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from lifelint import __version__, catalog
from lifelint._words import suggest
from lifelint.catalog import Catalog
from lifelint.config import BASELINE, FILES, Config, ConfigError, parse
from lifelint.engine import Sides, needed, run_each
from lifelint.facts import Facts, Source
from lifelint.model import Diagnostic, Finding, Rule, Subject, Waiver
from lifelint.projects import Project, Shares, declared, detect
from lifelint.snapshot import Snapshot

if TYPE_CHECKING:
    from lifelint.scorecard import Scorecard
    from lifelint.triage.baseline import Kept, Known
    from lifelint.triage.change import Change
    from lifelint.triage.waivers import Standing


LARGE = 20_000
"""Tracked files from which on the work is worth a second process."""


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


def configuration(snapshot: Snapshot) -> Config:
    """The configuration that the inspected state itself holds.

    Raises:
        ConfigError: it is not valid, or two files hold one.
    """
    found = []
    for name in FILES:
        if name in snapshot.entries:
            [(_, data)] = snapshot.read([name])
            config = parse(name, data) if isinstance(data, bytes) else None
            if config is not None:
                found.append(config)
    if len(found) > 1:
        raise ConfigError(f"{found[0].source}:1: {found[1].source} holds a [tool.lifelint] table too; keep one of them")
    return found[0] if found else Config()


def accepted(snapshot: Snapshot) -> frozenset[Known] | None:
    """The baseline that the inspected state holds at its root, or ``None``.

    Raises:
        ConfigError: it is not valid.
    """
    if BASELINE not in snapshot.entries:
        return None
    from lifelint.triage import baseline

    [(_, data)] = snapshot.read([BASELINE])
    if not isinstance(data, bytes):
        raise ConfigError(f"{BASELINE}: cannot be read ({data.why})")
    return baseline.parse(data)


def rules_of(snapshot: Snapshot, config: Config, *, examples: bool = True) -> Catalog:
    """The built-in rules with the configuration's own ones and its settings.

    Raises:
        RuleError: a rule file is not valid.
        ConfigError: a glob of rule files matches nothing, or settings name a rule or param that does not exist.
    """
    wanted: dict[str, None] = {}
    for pattern in config.rules:
        matches = [path for path in snapshot.entries if fnmatchcase(path, pattern) and path.endswith((".yaml", ".yml"))]
        if not matches:
            raise ConfigError(f"{config.place('rules')}: no tracked rule file matches {pattern!r}")
        wanted |= dict.fromkeys(matches)
    custom = {path: data for path, data in snapshot.read(sorted(wanted)) if isinstance(data, bytes)}
    loaded = catalog.load(custom, examples=examples)
    return (
        Catalog([_with_settings(rule, config) for rule in loaded.rules], loaded.digest)
        if _checked(loaded, config)
        else loaded
    )


def _checked(loaded: Catalog, config: Config) -> bool:
    by_id = {rule.id: rule for rule in loaded.rules}
    known = {*by_id, *(former for rule in loaded.rules for former in rule.was)}
    for waiver in config.waivers:
        if waiver.rule not in known:
            place = f"{config.source}:{waiver.line}"
            raise ConfigError(f"{place}: there is no rule {waiver.rule!r} to waive{suggest(waiver.rule, by_id)}")
    for name, params in config.settings.items():
        place = config.place(f"settings.{name}")
        if name not in by_id:
            raise ConfigError(f"{place}: there is no rule {name!r}{suggest(name, by_id)}")
        legal = catalog.legal_params(by_id[name])
        for key in params:
            if key not in legal:
                raise ConfigError(f"{place}: the rule {name} has no param {key!r}{suggest(key, legal)}")
        for required in params.get("requires", ()):  # by convention, a param of that name lists rules
            if required not in by_id:
                raise ConfigError(f"{place}: there is no rule {required!r} to require{suggest(required, by_id)}")
    return bool(config.settings)


def _with_settings(rule: Rule, config: Config) -> Rule:
    given = config.settings.get(rule.id)
    return rule._replace(params={**rule.params, **given}) if given else rule


def inspect(
    snapshot: Snapshot,
    config: Config,
    loaded: Catalog,
    *,
    folder: str = "",
    files: Sequence[str] = (),
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
    return _state(facts, config, loaded, folder=folder, files=files, today=today, baseline=baseline)


def inspect_change(
    base: Snapshot,
    head: Snapshot,
    config: Config,
    loaded: Catalog,
    *,
    folder: str = "",
    today: str = "",
    baseline: frozenset[Known] | None = None,
) -> Report:
    """Judges ``head`` as ``inspect`` does, and what came between ``base`` and it.

    Rules about a change have their findings beside those of each project, and no part in its scorecard: the level of a
    commit is the same whatever it is compared with.

    Raises:
        ConfigError: ``select`` or ``ignore`` name nothing that exists.
    """
    memo: dict[tuple[str, str], Any] = {}
    before, after = (Facts(Source(state, exclude=config.exclude, memo=memo)) for state in (base, head))
    old = _state(before, config, loaded, folder=folder, today=today, baseline=baseline)
    new = _state(after, config, loaded, folder=folder, today=today, baseline=baseline, granted=old.waivers)
    return _compared(old, _with_change(old, new, before, after, loaded, today), before, after)


def _state(
    facts: Facts,
    config: Config,
    loaded: Catalog,
    *,
    folder: str = "",
    files: Sequence[str] = (),
    today: str = "",
    baseline: frozenset[Known] | None = None,
    granted: Sequence[Standing] | None = None,
) -> Report:
    source = facts.source
    shown = _selected(loaded, config)
    scope = ("file",) if files else ("repository", "file")
    rules = [rule for rule in loaded.rules if rule.scope in scope]
    large = not files and len(source.entries) >= LARGE
    if large:
        from lifelint import parallel

        parallel.prepare(facts, needed(rules))
    projects = [Project("")] if files else projects_of(facts, config, folder)
    shares = Shares(facts, projects)
    whole: list[ProjectReport] = []
    scored: dict[tuple[object, ...], Scorecard] = {}
    dealt = [shares.of(project) for project in projects]
    judged = parallel.judge(source, rules, dealt) if large else [*run_each(rules, dealt)]
    waivers, told = _waivers(source, config, judged, rules, granted, whole=not files) if today else ((), ())
    for project, share, seen in zip(projects, dealt, judged, strict=True):
        target = config.target_of(project.root)
        findings = _marked(_waived(seen, waivers, today), project.root, baseline)
        facets = [] if files else sorted({facet.name for facet in share["facets"].items})
        scorecard = None if files else _score(findings, target, scored)
        whole.append(ProjectReport(project.root, config.stage_of(project.root), target, facets, findings, scorecard))
    every = [finding for project in whole for finding in project.findings]
    return Report(
        version=__version__,
        rules_digest=loaded.digest,
        subject=source.snapshot.subject,
        folder=folder,
        config=config,
        projects=[p._replace(findings=[f for f in p.findings if f.rule.id in shown]) for p in whole],
        diagnostics=_diagnostics(source),
        left_out=_left_out(source),
        waivers=[*(() if files else _ledger(waivers, every, today)), *told],
        baseline=None if baseline is None or files else _kept(baseline, whole, loaded),
    )


def _selected(loaded: Catalog, config: Config) -> frozenset[str]:
    """The ids of the rules whose findings are wanted."""
    try:
        return frozenset(rule.id for rule in catalog.select(loaded.rules, config.select, config.ignore))
    except LookupError as error:
        raise ConfigError(f"{config.place('select')}: {error}" if config.source else str(error)) from None


def _with_change(old: Report, new: Report, before: Facts, after: Facts, loaded: Catalog, today: str) -> Report:
    """``new`` with the findings of the rules about a change, each project's with its own share of both states.

    Projects that only one state has divide both, so that a file belongs to the same one before and after.
    """
    config = new.config
    shown = _selected(loaded, config)
    rules = [rule for rule in loaded.rules if rule.scope == "change"]
    divided = [Project(root) for root in sorted({p.root for report in (old, new) for p in report.projects})]
    then, now = (Shares(facts, divided) for facts in (before, after))
    sides = [Sides(*(shares.of(Project(p.root)) for shares in (now, then))) for p in new.projects]
    projects = []
    every: list[Finding] = []
    names = {name for rule in rules for name in (rule.id, *rule.was)}
    waivers = [waiver for waiver in config.waivers if waiver.rule in names]
    for project, judged in zip(new.projects, run_each(rules, sides), strict=True):
        findings = _waived(judged, waivers, today)
        every += findings
        kept = [finding for finding in findings if finding.rule.id in shown]
        projects.append(project._replace(findings=[*project.findings, *kept]))
    return new._replace(projects=projects, waivers=[*new.waivers, *_ledger(waivers, every, today)])


def _diagnostics(source: Source) -> list[Diagnostic]:
    unread = [Diagnostic(u.path, u.line, u.message) for u in source.unread]
    return sorted({*source.snapshot.diagnostics, *unread}, key=lambda d: (d.path, d.line, d.message))


def _left_out(source: Source) -> list[tuple[str, int, str]]:
    """Each reason for leaving files out, how many there are, and the first of them."""
    reasons = Counter(source.left_out.values())
    first = {why: path for path, why in reversed([*source.left_out.items()])}
    return [(why, reasons[why], first[why]) for why in sorted(reasons)]


def _compared(base: Report, head: Report, old: Facts, new: Facts) -> Report:
    """``head`` with what differs from ``base``."""
    from lifelint.triage.change import Change, altered, unchanged_evaluations
    from lifelint.triage.metrics import measured
    from lifelint.triage.once import told_once
    from lifelint.triage.problem import gone, problems
    from lifelint.triage.versions import versions

    then, now = versions(old), versions(new)
    before, after = problems(base.projects), problems(head.projects)
    shown = {key for key, problem in after.items() if not problem.hidden}
    fixed = gone([key for key, problem in before.items() if not problem.hidden], head.projects)
    cards = [{p.root: p.scorecard.level for p in report.projects if p.scorecard} for report in (base, head)]
    change = Change(
        base=base.subject.revision,
        head="" if head.subject.dirty else head.subject.revision,
        new=told_once([after[key] for key in sorted(shown - before.keys())]),
        fixed=[before[key] for key in sorted(fixed)],
        unchanged=len(before.keys() & shown),
        levels={root: (cards[0].get(root), cards[1].get(root)) for root in sorted({*cards[0], *cards[1]})},
        altered=altered(then, now),
        evaluations=unchanged_evaluations(then, now),
        metrics=measured(old["evaluations"].items, new["evaluations"].items),
    )
    return head._replace(change=change)


def _waivers(
    source: Source,
    config: Config,
    judged: Sequence[Sequence[Finding]],
    rules: Sequence[Rule],
    base: Sequence[Standing] | None,
    *,
    whole: bool,
) -> tuple[Sequence[Waiver], Sequence[Standing]]:
    """The waivers that count, and what is told of others. Where there are too many files to search, or only some were
    asked for, comments are looked for where something is wrong."""
    bad = {seen.path for findings in judged for f in findings for seen in f.observations if seen.ok is False}
    if not whole and not bad:
        return config.waivers, ()
    from lifelint.triage import inline, waivers

    searched = source.own if whole and len(source.entries) < LARGE else sorted(filter(source.is_file, bad))
    names = {name for rule in rules for name in (rule.id, *rule.was)}
    return waivers.governing([*config.waivers, *inline.found(source, searched, names)], names, base)


def _waived(findings: Sequence[Finding], waivers: Sequence[Waiver], today: str) -> Sequence[Finding]:
    if not waivers or not today:
        return findings
    from lifelint.triage.waivers import applied

    return applied(findings, waivers, today)


def _marked(findings: Sequence[Finding], root: str, baseline: frozenset[Known] | None) -> Sequence[Finding]:
    if not baseline:
        return findings
    from lifelint.triage.baseline import marked

    return marked(findings, root, baseline)


def _kept(baseline: frozenset[Known], projects: Sequence[ProjectReport], loaded: Catalog) -> Kept:
    from lifelint.triage.baseline import kept

    return kept(baseline, projects, {name: rule for rule in loaded.rules for name in (rule.id, *rule.was)})


def _ledger(waivers: Sequence[Waiver], findings: Sequence[Finding], today: str) -> Sequence[Standing]:
    if not waivers or not today:
        return ()
    from lifelint.triage.waivers import ledger

    return ledger(waivers, findings, today)


def _score(findings: Sequence[Finding], target: int, scored: dict[tuple[object, ...], Scorecard]) -> Scorecard:
    """The scorecard of a project. It is one of outcomes, and of many projects many have the same."""
    from lifelint.scorecard import score

    outcomes = (target, *(finding.outcome for finding in findings))
    if outcomes not in scored:
        scored[outcomes] = score(findings, target)
    return scored[outcomes]


def projects_of(facts: Facts, config: Config, folder: str) -> list[Project]:
    """The projects that the configuration names, else those that are found; only ``folder`` if that is given.

    Raises:
        ConfigError: no folder is what the configuration names.
    """
    if folder or not config.projects:
        return detect(facts, folder)
    roots: list[str] = []
    for pattern in config.projects:
        if re.search(r"[*?\[]", pattern):
            folders = {"/".join(p.split("/")[: pattern.count("/") + 1]) for p in facts.source.paths}
            matches = sorted(f for f in folders if fnmatchcase(f, pattern) and facts.source.is_folder(f))
        else:
            matches = [pattern] if facts.source.is_folder(pattern) else []
        if not matches:
            raise ConfigError(f"{config.place('projects')}: no tracked folder matches the project {pattern!r}")
        roots += matches
    return declared(roots)
