"""What there is: templates that are asked for by name, those of rules, and the parts of ``lifelint init``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from lifelint.fix.noun import CannotFix, Plan
from lifelint.init.hooks import hooks
from lifelint.init.noun import Ground, Proposal
from lifelint.init.workflow import workflow
from lifelint.kit.forms import decision_record, pull_request
from lifelint.kit.noun import Entry, Site, Template
from lifelint.kit.workflows import evaluation_gate, scheduled_evaluation, verified_release
from lifelint.model import Rule

TEMPLATES: Sequence[Template] = (
    Template("evaluation-gate", "a job that lets no change in that misses a gate", evaluation_gate),
    Template("scheduled-evaluation", "a job that judges the model anew each week", scheduled_evaluation),
    Template(
        "verified-release", "a job that verifies the release of a tag, and exports what was proven", verified_release
    ),
    Template("pull-request", "what a change to data, model or gates has to say of itself", pull_request),
    Template("decision-record", "who decided what and why, with the next number", decision_record),
)
BY_NAME: Mapping[str, Template] = {one.name: one for one in TEMPLATES}

SERVED: Mapping[str, Sequence[str]] = {
    "evaluation-gate": ("pipeline-exercised",),
    "decision-record": ("threshold-loosened", "control-removed"),
}
"""Rules that take what a template becomes once people have written it."""

_BEGUN: Sequence[tuple[str, str, str, Callable[[Ground], Proposal]]] = (
    ("check", "the check of each change by CI", "lifelint init --only workflow --apply", workflow),
    ("hooks", "the hooks of pre-commit", "lifelint init --only hooks --hooks --apply", hooks),
)
COMMANDS: Mapping[str, str] = {name: command for name, _, command, _ in _BEGUN}
"""The commands that write what ``lifelint init`` proposes."""


def scaffolds(rules: Sequence[Rule]) -> Mapping[str, Sequence[Rule]]:
    """The templates of rules, without what their names end with, each with the rules that ask for it."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.fix and rule.fix.template:
            found.setdefault(rule.fix.template.partition(".")[0], []).append(rule)
    return found


def entries(site: Site, rules: Sequence[Rule], plan: Plan) -> Iterator[Entry]:
    """All of them, as they would be written here. ``plan`` is that of the rules that have templates."""
    for one in TEMPLATES:
        yield _entry(site, one)
    ground = site.ground._replace(hooks=True)
    for name, about, command, make in _BEGUN:
        yield _told(name, about, (), command, partial(make, ground))
    for name, asking in sorted(scaffolds(rules).items()):
        yield from _of_rules(name, asking, plan)


def _entry(site: Site, template: Template) -> Entry:
    rules = SERVED.get(template.name, ())
    command = f"lifelint template {template.name} --apply"
    return _told(template.name, template.about, rules, command, partial(template.make, site))


def _told(name: str, about: str, rules: Sequence[str], command: str, make: Callable[[], Proposal]) -> Entry:
    try:
        paths = list(dict.fromkeys(change.path for change in make().changes))
    except CannotFix as error:
        return Entry(name, about, rules, (), command, str(error))
    return Entry(name, about, rules, paths, command)


def _of_rules(name: str, asking: Sequence[Rule], plan: Plan) -> Iterator[Entry]:
    """A template of rules: one line for those that write it here, one for all where none does."""
    paths: dict[str, list[str]] = {}
    for step in plan.steps:
        if step.rule in asking:
            paths.setdefault(step.rule.id, []).extend(edit.path for edit in step.edits)
    wanted = list(paths) or [rule.id for rule in asking]
    about = asking[0].fix.title if asking[0].fix else ""
    why = next((one.why for one in plan.left if one.rule in asking and one.why), "no rule asks for it here")
    written = sorted({path for some in paths.values() for path in some})
    yield Entry(name, about, wanted, written, f"lifelint fix {' '.join(wanted)} --apply", "" if written else why)
