"""What governs a run: the configuration, the baseline and the rules of a state."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from lifelint import catalog
from lifelint._words import suggest
from lifelint.catalog import Catalog
from lifelint.config import BASELINE, FILES, Config, ConfigError, parse
from lifelint.model import Rule
from lifelint.snapshot import Snapshot

if TYPE_CHECKING:
    from lifelint.triage.baseline import Known


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
