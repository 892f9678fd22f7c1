"""``[tool.lifelint]`` in pyproject.toml, or ``lifelint.toml``."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from lifelint._words import suggest
from lifelint.facts import Unreadable
from lifelint.model import STAGES, Waiver

FAIL_ON = ("error", "warning", "info", "new-error", "new-warning", "never")
FILES = ("lifelint.toml", "pyproject.toml")
BASELINE = "lifelint-baseline.json"


class ConfigError(ValueError):
    """A configuration that cannot be used; the message starts with its path and line."""


class Config(NamedTuple):
    """What a project asks of lifelint. ``source`` is the file it came from, or ``""``."""

    source: str = ""
    stage: str = ""
    target: int = 0
    fail_on: str = "error"
    min_level: int = 0
    no_level_drop: bool = False
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    exclude: Sequence[str] = ()
    rules: Sequence[str] = ()
    projects: Mapping[str, str] = MappingProxyType({})
    settings: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
    waivers: Sequence[Waiver] = ()
    lines: Mapping[str, int] = MappingProxyType({})

    def stage_of(self, root: str) -> str:
        """The stage of the project at ``root``: its own, the repository's, or ``exploring`` when none is declared."""
        return self.projects.get(root, "") or self.stage or "exploring"

    def target_of(self, root: str) -> int:
        """The level that the project at ``root`` aims for: as configured, or as its stage sets it."""
        return self.target or STAGES[self.stage_of(root)]

    def place(self, key: str) -> str:
        """``file:line`` of a key, for messages."""
        return f"{self.source}:{self.lines.get(key, 1)}"


class Option(NamedTuple):
    """One configuration key: its JSON Schema (draft 2020-12), what it means, and how its value becomes a field's."""

    schema: Mapping[str, Any]
    meaning: str
    convert: Callable[[Any], Any] = lambda value: value


_WORDS: Mapping[str, Any] = {"type": "array", "items": {"type": "string", "minLength": 1}}
_PROJECT = {
    "type": "object",
    "required": ["root"],
    "additionalProperties": False,
    "properties": {"root": {"type": "string"}, "stage": {"enum": list(STAGES)}},
}

_WAIVER = {
    "type": "object",
    "required": ["rule", "reason", "owner", "expires"],
    "additionalProperties": False,
    "properties": {
        key: {"type": "string", "minLength": 1} for key in ("rule", "subject", "reason", "owner", "expires")
    },
}


def _waivers(value: Sequence[Mapping[str, str]]) -> tuple[Waiver, ...]:
    return tuple(Waiver(w["rule"], w.get("subject", "*"), w["reason"], w["owner"], w["expires"]) for w in value)


def _projects(value: Sequence[Any]) -> dict[str, str]:
    tables = [{"root": item} if isinstance(item, str) else item for item in value]
    return {_root(table["root"]): table.get("stage", "") for table in tables}


def _root(text: str) -> str:
    text = text.strip("/").removeprefix("./")
    return "" if text == "." else text


OPTIONS: Mapping[str, Option] = {
    "stage": Option(
        {"enum": list(STAGES)},
        "How far the project is: exploring aims for level 2, piloting for level 3, operating for level 4.",
    ),
    "target": Option(
        {"type": "integer", "minimum": 1, "maximum": 5},
        "The level to aim for, where it differs from the stage's. Rules above it are shown as next, never as failures.",
    ),
    "fail-on": Option(
        {"enum": list(FAIL_ON)},
        "The least severity of a failed rule, at or below the target, that makes `check` exit 1.",
    ),
    "min-level": Option(
        {"type": "integer", "minimum": 0, "maximum": 5}, "The level below which no project may be, or `check` exits 1."
    ),
    "no-level-drop": Option(
        {"type": "boolean"}, "With `--base`: whether a lower level than at the base makes `check` exit 1."
    ),
    "select": Option(
        _WORDS, "Show and count only rules with these ids, areas, phases, principles, severities or levels.", tuple
    ),
    "ignore": Option(
        _WORDS, "Neither show nor count rules with these. The scorecard is of all rules in any case.", tuple
    ),
    "exclude": Option(
        _WORDS, "Globs of paths that are not part of the project's lifecycle; `**` crosses folders.", tuple
    ),
    "rules": Option(_WORDS, "Globs of rule files of your own, relative to the configuration file.", tuple),
    "projects": Option(
        {"type": "array", "items": {"anyOf": [{"type": "string"}, _PROJECT]}},
        "The roots of projects in a monorepo, as paths or as tables with `root` and `stage`. Found if not given.",
        _projects,
    ),
    "settings": Option(
        {"type": "object", "additionalProperties": {"type": "object"}},
        "Params of rules, by rule id: `[tool.lifelint.settings.no-raw-binaries]`.",
    ),
    "waivers": Option(
        {"type": "array", "items": _WAIVER},
        "Failures that are accepted until a day: tables with `rule`, `subject` (a glob; all if left out), `reason`, "
        "`owner` and `expires` (a date, the last day in force).",
        _waivers,
    ),
}


def schema() -> dict[str, Any]:
    """The JSON Schema of the configuration table."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lifelint configuration",
        "description": "The table [tool.lifelint] of pyproject.toml, or the whole of lifelint.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: {"description": option.meaning, **option.schema} for key, option in OPTIONS.items()},
    }


def parse(source: str, data: bytes) -> Config | None:
    """The configuration in a file called ``source``, or ``None`` when it holds none.

    Raises:
        ConfigError: not TOML, an unknown key, or a value that the schema does not allow.
    """
    from lifelint.facts import _toml

    if source.endswith("pyproject.toml") and b"lifelint" not in data:
        return None
    try:
        document = _toml.load(data)
    except Unreadable as error:
        raise ConfigError(f"{source}:{error.line}: {error.message}") from None
    prefix = ""
    if source.endswith("pyproject.toml"):
        prefix = "tool.lifelint."
        document = document.get("tool", {}).get("lifelint")
        if document is None:
            return None
    lines = {key.removeprefix(prefix): line for key, line in _toml.key_lines(data).items() if key.startswith(prefix)}
    values = {}
    for key, value in _dates_as_text(document).items():
        where = f"{source}:{lines.get(key, lines.get(f'{key}.0', 1))}"
        option = OPTIONS.get(key)
        if option is None:
            raise ConfigError(f"{where}: unknown key {key!r}{suggest(key, OPTIONS)}")
        _conform(value, option.schema, key, where)
        values[key.replace("-", "_")] = option.convert(value)
    config = Config(source=source, lines=lines, **values)
    return config._replace(waivers=tuple(_placed(config, number) for number in range(len(config.waivers))))


def _dates_as_text(value: Any) -> Any:
    """TOML's dates as the text they were written as, in lists and tables too."""
    if isinstance(value, list):
        return [_dates_as_text(item) for item in value]
    if isinstance(value, dict):
        return {key: _dates_as_text(item) for key, item in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else value


def _placed(config: Config, number: int) -> Waiver:
    from datetime import date

    waiver = config.waivers[number]
    line = config.lines.get(f"waivers.{number}", config.lines.get("waivers", 1))
    place = f"{config.source}:{config.lines.get(f'waivers.{number}.expires', line)}"
    try:
        expires = date.fromisoformat(waiver.expires).isoformat()
    except ValueError:
        raise ConfigError(f"{place}: expires is {waiver.expires!r}; it must be a date such as 2027-01-31") from None
    return waiver._replace(expires=expires, line=line, path=config.source)


def shown(config: Config) -> str:
    """The configuration in force as TOML, with where it came from."""
    import json

    origin = f"# from {config.source}" if config.source else "# no configuration: these are the defaults"
    lines = [origin, "[tool.lifelint]"]
    for key in OPTIONS:
        value = getattr(config, key.replace("-", "_"))
        if key in ("projects", "settings", "waivers"):
            continue
        default = value in ("", 0, False)
        value = {"stage": config.stage_of(""), "target": config.target_of("")}.get(key, value)
        note = "  # default" if default else ""
        lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}{note}")
    tables = [
        f"{{ root = {json.dumps(root or '.')}" + (f", stage = {json.dumps(stage)} }}" if stage else " }")
        for root, stage in config.projects.items()
    ]
    lines.append(f"projects = [{', '.join(tables)}]" + ("" if tables else "  # found in the repository"))
    for waiver in config.waivers:
        keys = ("rule", "subject", "reason", "owner", "expires")
        pairs = [f"{key} = {json.dumps(getattr(waiver, key), ensure_ascii=False)}" for key in keys]
        lines += ["[[tool.lifelint.waivers]]", *pairs]
    for rule, params in config.settings.items():
        lines += [f"[tool.lifelint.settings.{rule}]", *(f"{k} = {json.dumps(v)}" for k, v in params.items())]
    return "\n".join(lines) + "\n"


class Difference(NamedTuple):
    """What two configurations say of one key, or of one item of a list; ``""`` where one says nothing."""

    key: str
    before: str
    after: str


def differences(base: Config, head: Config) -> list[Difference]:
    """How ``head`` differs from ``base``, in the order of the options."""
    before, after = _said(base), _said(head)
    keys = dict.fromkeys((*before, *after))
    order = list(OPTIONS)
    return [
        Difference(key, before.get((key, item), ""), after.get((key, item), ""))
        for key, item in sorted(keys, key=lambda k: (order.index(k[0].partition(".")[0]), k))
        if before.get((key, item), "") != after.get((key, item), "")
    ]


def _said(config: Config) -> dict[tuple[str, str], str]:
    """What a configuration says, as text: of a list each item by itself."""
    said: dict[tuple[str, str], str] = {}
    for key in OPTIONS:
        value = getattr(config, key.replace("-", "_"))
        if key == "waivers":
            said |= {(key, f"{w.rule} {w.subject}"): f"{w.rule} for {w.subject} until {w.expires}" for w in value}
        elif key == "projects":
            said |= {(key, root): f"{root or '.'} {stage}".rstrip() for root, stage in value.items()}
        elif key == "settings":
            said |= {
                (f"{key}.{rule}.{name}", ""): str(v) for rule, params in value.items() for name, v in params.items()
            }
        elif isinstance(value, Sequence) and not isinstance(value, str):
            said |= {(key, item): item for item in value}
        else:
            said[key, ""] = str(value or "")
    return said


_TYPES: Mapping[str, Any] = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def _conform(value: Any, wanted: Mapping[str, Any], key: str, where: str) -> None:
    """Checks ``value`` against the few schema words that ``OPTIONS`` uses."""
    if "anyOf" in wanted:
        wanted = next((w for w in wanted["anyOf"] if isinstance(value, _TYPES[w["type"]])), wanted["anyOf"][-1])
    if "enum" in wanted:
        if value not in wanted["enum"]:
            legal = ", ".join(wanted["enum"])
            raise ConfigError(f"{where}: {key} is {value!r}; it must be one of {legal}{suggest(value, wanted['enum'])}")
        return
    kind = wanted["type"]
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise ConfigError(f"{where}: {key} is {value!r}; it must be of type {kind}")
    if kind == "integer" and not wanted["minimum"] <= value <= wanted["maximum"]:
        raise ConfigError(f"{where}: {key} is {value}; it must be {wanted['minimum']} to {wanted['maximum']}")
    if kind == "array":
        for item in value:
            _conform(item, wanted["items"], f"an item of {key}", where)
    if kind == "object" and "additionalProperties" in wanted:
        _conform_table(value, wanted, key, where)


def _conform_table(value: Mapping[str, Any], wanted: Mapping[str, Any], key: str, where: str) -> None:
    known = wanted.get("properties", {})
    for name in wanted.get("required", ()):
        if name not in value:
            raise ConfigError(f"{where}: {key} lacks the key {name!r}")
    for name, item in value.items():
        below = known.get(name) or wanted["additionalProperties"]
        if not below:
            raise ConfigError(f"{where}: {key} has an unknown key {name!r}{suggest(name, known)}")
        _conform(item, below, name, where)
