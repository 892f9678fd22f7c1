"""Rules written as expressions over facts, in CEL (the Common Expression Language, https://cel.dev)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._plain import plain
from lifelint.model import Observation

EXPRESSIONS = ("where", "expect", "subject", "message")


class BadExpression(ValueError):
    """An expression that does not compile; the message says which and where in it."""


def holds(
    each: Sequence[Any], *, expect: str, where: str = "true", subject: str = "", message: str = ""
) -> Iterator[Observation]:
    """Each fact that satisfies ``where`` satisfies ``expect``.

    ``each`` names the kind of facts. The others are CEL expressions over ``it``, one fact in the form that
    ``lifelint facts`` prints: ``where`` and ``expect`` are booleans, ``subject`` (default: the path, with the name if
    there is one) and ``message`` are strings. A field that is absent or of another type makes the fact *unknown*.
    """
    programs = compiled({"where": where, "expect": expect, "subject": subject, "message": message})
    used: dict[str, int] = {}
    for item in each:
        it = plain(item)
        if _value(programs["where"], it) is False:
            continue
        verdict = _value(programs["expect"], it)
        name = _value(programs["subject"], it) if subject else _name(it)
        used[name] = used.get(name, 0) + 1
        told = _value(programs["message"], it) if message else expect.strip()
        ok = verdict if isinstance(verdict, bool) else None
        detail = str(told) if ok is not None else f"{expect.strip()} cannot be told: {verdict}"
        yield Observation(ok, name if used[name] == 1 else f"{name}#{used[name]}", detail, it["path"], it["line"])


def _name(it: Mapping[str, Any]) -> str:
    name = it.get("name") or it.get("subject")
    return f"{it['path']}:{name}" if name else str(it["path"])


def _value(program: Any, it: Mapping[str, Any]) -> Any:
    result = program.eval(data={"it": it})
    return str(result.value()) if result.type().name() == "ERROR" else result.plain_value()


def compiled(params: Mapping[str, Any]) -> dict[str, Any]:
    """The compiled expressions among ``params``.

    Raises:
        BadExpression: one of them is not CEL, or of the wrong type.
    """
    from cel_expr_python import cel

    environment = cel.NewEnv(variables={"it": cel.Type.DYN})
    programs = {}
    for name in EXPRESSIONS:
        text = params.get(name) or ("true" if name in ("where", "expect") else '""')
        try:
            program = environment.compile(text)
        except (RuntimeError, TypeError) as error:
            lines = str(error).removeprefix("INVALID_ARGUMENT: ERROR: <input>:").splitlines() or ["cannot be compiled"]
            raise BadExpression(f"{name!r} is not valid CEL at {lines[0]}") from None
        kind = program.return_type().name().lower()
        wanted = "bool" if name in ("where", "expect") else "string"
        if kind not in (wanted, "dyn"):
            raise BadExpression(f"{name!r} gives a {kind} where a {wanted} is needed")
        programs[name] = program
    return programs
