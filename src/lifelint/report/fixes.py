"""A plan of fixes: as a patch with comments, as text for a terminal, as JSON values."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._plain import plain
from lifelint.fix.noun import Edit, Fix, Key, Left, Plan, Step
from lifelint.report.look import Look, safe
from lifelint.report.patch import coloured, comments, patch

_WIDTH = 100
_SHOWN = 10
_KINDS = {
    "mechanical": "mechanical: the rule passes afterwards",
    "scaffold": "scaffold: the rule fails until it is filled in",
}


def patches(plan: Plan) -> bytes:
    """The plan as ``git apply`` takes it: what is no patch begins with ``#``, and is left out by it."""
    parts: list[bytes] = []
    for step in plan.steps:
        parts += [comments(_head(step)), *map(patch, step.edits), b"\n"]
    parts.append(comments(_tail(plan)))
    return b"".join(parts)


def shown(plan: Plan, look: Look) -> str:
    """The plan for a terminal, which strangers' file names and contents cannot command."""
    parts = []
    for step in plan.steps:
        parts += [*(look.style(f"# {line}", bold=True) for line in _head(step)), *coloured(step.edits, look), ""]
    parts += [f"# {line}".rstrip() for line in _tail(plan)]
    return "\n".join(parts) + "\n"


def proposal(fix: Fix, edits: Sequence[Edit], look: Look) -> str:
    """One fix, before it is asked for."""
    title = fix.rule.fix.title if fix.rule.fix else ""
    head = [f"{fix.key.rule}: {title} ({_KINDS[fix.kind]})", *_wrapped(f"{_subject(fix.key)}: {safe(fix.detail)}")]
    return "\n".join([*(look.style(f"# {line}", bold=True) for line in head), *coloured(edits, look)]) + "\n"


def _head(step: Step) -> Iterator[str]:
    rule, kind = step.rule, step.fixes[0].kind
    yield f"{rule.id}: {rule.fix.title if rule.fix else ''} ({_KINDS[kind]})"
    for fix in step.fixes:
        yield from _wrapped(f"{_subject(fix.key)}: {safe(fix.detail)}", "  ")
    for other in sorted({other for fix in step.fixes for other in fix.then}):
        yield f"  {other} fails then, and says what to run"


def _tail(plan: Plan) -> Iterator[str]:
    if not plan.steps and not plan.left:
        yield "Nothing fails that could be mended."
    by_rule: dict[str, list[Left]] = {}
    for one in plan.left:
        by_rule.setdefault(one.key.rule, []).append(one)
    if by_rule:
        yield "Left to you:"
    for rule, many in by_rule.items():
        yield f"{rule}: {many[0].rule.title}"
        shown = many[:_SHOWN]
        for one, following in zip(shown, [*shown[1:], None], strict=True):
            yield from _wrapped(f"{_place(one)}: {safe(one.detail)}", "  ")
            if one.why and (following is None or following.why != one.why):  # once for all of which it is true
                yield from _wrapped(f"({safe(one.why)})", "    ")
        if len(many) > _SHOWN:
            yield f"  … and {len(many) - _SHOWN} more"
        if any(not one.written for one in many):
            for line in many[0].rule.remediation.strip().splitlines():
                yield f"  > {line}".rstrip()


def _place(one: Left) -> str:
    """Where it is; what is told of it, too, where its name does not say both."""
    subject = one.key.subject.removeprefix(f"{one.path}:")
    if not (one.path and one.line):
        return _subject(one.key._replace(subject=subject))
    return f"{safe(one.path)}:{one.line}" + (f" {safe(subject)}" if subject not in (one.path, "") else "")


def _subject(key: Key) -> str:
    """What fails, and of which project where its name does not tell."""
    whole = key.project in ("", ".") or key.subject.startswith(f"{key.project}/")
    return safe(key.subject if whole else f"{key.subject} of {key.project}")


def _wrapped(text: str, indent: str = "") -> Sequence[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_long_words=False,
        break_on_hyphens=False,
    ) or [indent]  # fmt: skip


def told(plan: Plan, written: Sequence[str]) -> str:
    """What was written, and what is left."""
    lines = [f"wrote {safe(path)}" for path in written] or ["Nothing was written."]
    for step in plan.steps:
        lines += _head(step)
    return "\n".join([*lines, *_tail(plan)]) + "\n"


def document(plan: Plan, *, written: Sequence[str]) -> Mapping[str, Any]:
    """The plan as JSON values; ``written`` are the paths that were written."""
    return {
        "schema_version": 1,
        "written": [plain(path) for path in written],
        "fixes": [_fix(step, fix) for step in plan.steps for fix in step.fixes],
        "steps": [
            {
                "rule": step.rule.id,
                "paths": [plain(edit.path) for edit in step.edits],
                "patch": plain(b"".join(map(patch, step.edits)).decode("utf-8", "surrogateescape")),
            }
            for step in plan.steps
        ],
        "left": [
            {
                **plain(one.key._asdict()),
                "title": one.rule.title,
                "detail": plain(one.detail),
                "path": plain(one.path),
                "line": one.line,
                "why": plain(one.why),
                "remediation": one.rule.remediation,
            }
            for one in plan.left
        ],
    }


def _fix(step: Step, fix: Fix) -> Mapping[str, Any]:
    return {
        **plain(fix.key._asdict()),
        "kind": fix.kind,
        "title": step.rule.fix.title if step.rule.fix else "",
        "detail": plain(fix.detail),
        "paths": sorted({plain(change.path) for change in fix.changes}),
        "then": list(fix.then),
    }
