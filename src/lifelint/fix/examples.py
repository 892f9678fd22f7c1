"""Whether a rule's fix does to an example what the example says of it."""

from __future__ import annotations

from lifelint import examples
from lifelint.catalog import Catalog
from lifelint.config import Config
from lifelint.fix.noun import Plan
from lifelint.fix.plan import Asked, State, planned
from lifelint.fix.templates import renderer
from lifelint.model import Example, Outcome, Rule


def plan(rule: Rule, example: Example, loaded: Catalog, templates: str = "") -> Plan:
    """What the fix of a rule plans for the miniature repository of an example, among all rules that are ``loaded``."""
    snapshot = examples.snapshot(example)

    def held(path: str) -> bytes | None:
        data = next((data for _, data in snapshot.read([path])), None) if path in snapshot.entries else None
        return data if isinstance(data, bytes) else None

    return planned(State(snapshot, Config(), loaded, held, renderer(templates)), Asked([rule.id]))


def verdict(rule: Rule, example: Example, loaded: Catalog, templates: str = "") -> str:
    """What is wrong with what an example says of its rule's fix, or ``""``."""
    if rule.fix is None or example.outcome is not Outcome.FAIL:
        return ""
    made = plan(rule, example, loaded, templates)
    if example.fixed and not made.fixes:
        return f"is not fixed ({'; '.join(one.why for one in made.left)})"
    if made.fixes and not example.fixed:
        return "is fixed, and does not say so (`fixed: true`)"
    if example.fixed and rule.fix.kind == "mechanical" and made.left:
        return f"is fixed in part ({'; '.join(f'{one.key.subject}: {one.why}' for one in made.left)})"
    return ""
