"""The comment on a change: what a reviewer has to know of it, on one screen, and the rest folded away.

It is made from the JSON report alone, which may be a stranger's: numbers are counted as numbers, and every text stands
in a code span inside an HTML block without blank lines, where Markdown is not read and nobody is mentioned. What a rule
is called and how a problem is mended is told in our own rules' words, never in the report's.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from lifelint.model import LEVELS, Rule
from lifelint.report.amounts import extents
from lifelint.report.escaping import code
from lifelint.report.parts import SHOWN, also, folded, level, matrix, metrics, not_evaluated, settings, table
from lifelint.snapshot.history import COMMIT_ID

LIMIT = 60_000
"""Characters: GitHub refuses comments of more than 65,536."""

_COMMANDS = 5  # rules named in one command
_NOT_EVALUATED = "data-changed-evaluation-not"
_SIGNS = {"error": "🔴", "warning": "🟠", "info": "🔵"}
_ENDING = 400  # characters kept for the row that counts what was left out, and the end of its table


class Where(NamedTuple):
    """Where a change lives, for links: the forge's address, ``owner/name``, the commit, and the run that judged it.

    ``blob`` is what stands between repository and commit in the address of a file.
    """

    server: str = ""
    repository: str = ""
    commit: str = ""
    run: str = ""
    blob: str = "blob"

    def link(self, path: str, line: int) -> str:
        """A place in the judged commit, as a link where the forge is known."""
        shown = code(f"{path}:{line}" if line else path)
        known = self.server and self.repository and self.commit and path
        if not known or not {".", ".."}.isdisjoint(path.split("/")):  # a browser would leave the repository
            return shown
        anchor = f"#L{line}" if line else ""
        target = quote(path.encode("utf-8", "surrogatepass"), safe="/")
        return f'<a href="{self.server}/{self.repository}/{self.blob}/{self.commit}/{target}{anchor}">{shown}</a>'


NOWHERE = Where()


def marker(key: str) -> str:
    """The first line of every comment of this key: by it, and by its author, a comment is found again."""
    return f"<!-- lifelint:comment v=1 key={key} -->"


def worth(document: Mapping[str, Any]) -> bool:
    """Whether there is anything to be told: problems, versions, levels or a configuration that differ, or a failure."""
    change = document["change"]
    if change is None or not document["gate"]["passed"]:
        return True
    moved = any(change["before"].get(root) != number for root, number in change["after"].items())
    return bool(moved or change["new"] or change["fixed"] or change["altered"] or change["configuration_changed"])


def render(
    document: Mapping[str, Any],
    rules: Mapping[str, Rule],
    where: Where = NOWHERE,
    *,
    key: str = "default",
    limit: int = LIMIT,
) -> str:
    """The comment, of at most ``limit`` characters. ``rules`` are our own by id. Sections that do not fit are left out
    whole.
    """
    end = _end(document, where)
    parts = [marker(key), *_head(document)]
    room = limit - len(end) - _ENDING - sum(len(part) + 2 for part in parts)
    for section in _sections(document, rules, where, room):
        if len(section) + 2 <= room:
            parts.append(section)
            room -= len(section) + 2
    return "\n\n".join([*parts, end]) + "\n"


# The first screen --------------------------------------------------------------------------------------------------


def _head(document: Mapping[str, Any]) -> Iterator[str]:
    change, gate = document["change"], document["gate"]
    verdict = "✅ passes" if gate["passed"] else "❌ does not pass"
    yield f"### ML maturity: {_levels(document)} · {verdict}"
    if change is not None:
        many = len(change["new"])
        counts = f"<b>{many} new problem{'s' * (many != 1)}</b> · <b>{len(change['fixed'])} fixed</b>"
        as_before = f"{int(change['unchanged'])} as before, compared with {code(change['base'][:12])}"
        yield f"<p>{counts} · {as_before}</p>"
    if gate["reasons"]:
        yield f"<p>Does not pass: {'; '.join(map(code, gate['reasons'][:SHOWN]))}</p>"
    if change is not None and any(one["rule"] == _NOT_EVALUATED for one in change["new"]):
        yield "⚠️ **The data changed and its evaluation did not.**"
    if change is not None and not_evaluated(change):
        yield "⚠️ **The model changed and its evaluation did not.**"
    if change is not None and change["configuration_changed"]:
        yield "⚠️ **The configuration changed.** That of the base judges this change."


def _levels(document: Mapping[str, Any]) -> str:
    """The level of the project, or the least of several, before and after."""
    change = document["change"]
    cards = {project["root"]: project["scorecard"] for project in document["projects"] if project["scorecard"]}
    if not cards:
        return "not judged"
    if len(cards) > 1:
        return f"{len(cards)} projects, least level **{min(int(card['level']) for card in cards.values())}**"
    [(root, card)] = cards.items()
    number, before = int(card["level"]), change and change["before"].get(root)
    moved = f"{int(before)} → {number}" if before is not None and int(before) != number else f"{number}"
    return f"level **{moved}** ({LEVELS[number]}), target {int(card['target'])}"


# What follows, the most telling first ------------------------------------------------------------------------------


def _sections(document: Mapping[str, Any], rules: Mapping[str, Rule], where: Where, room: int) -> Iterator[str]:
    change = document["change"]
    if change is not None:
        yield from _altered(change["altered"])
        yield from _new(change["new"], rules, where, room)
        if change.get("metrics"):
            yield folded("Metrics", metrics(change["metrics"]), opened=True)
        if change.get("configuration"):
            yield folded("What the configuration says", settings(change["configuration"]))
        yield from _fixed(change["fixed"], rules)
    yield from _projects(document)
    yield from _next(document, rules)
    yield from _again(change, rules)


def _altered(altered: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not altered:
        return
    shown = altered[:SHOWN]
    sizes = [", ".join(extents(one["kind"], one.get("sizes", (None,)), one.get("counts", (None,)))) for one in shown]
    rows = [
        f"<tr><td>{code(one['kind'])}</td><td>{code(one['name'])}</td><td>{_version(one['before'])}</td>"
        f"<td>{_version(one['after'])}</td>{f'<td>{size}</td>' if any(sizes) else ''}</tr>"
        for one, size in zip(shown, sizes, strict=True)
    ]
    heads = ("What changed", "", "Before", "After", *(("Size",) if any(sizes) else ()))
    yield table(heads, rows, len(altered))


def _version(text: str) -> str:
    """A version as short as can be told apart; a digest by its first letters."""
    kind, colon, digest = text.rpartition(":")
    return code(f"{digest[:8]}…" if colon and kind and len(digest) > 12 else text[:24]) if text else "—"


def _new(new: Sequence[Mapping[str, Any]], rules: Mapping[str, Rule], where: Where, room: int) -> Iterator[str]:
    if not new:
        return
    rows, used = [], 0
    for problem in new[:SHOWN]:
        row = _problem(problem, rules.get(problem["rule"]), where)
        used += len(row)
        if used > room - _ENDING:
            break
        rows.append(row)
    many = f"{len(new)} new problem{'s' * (len(new) != 1)}"
    yield folded(many, table(("Where", "What was seen, and how to mend it"), rows, len(new)), opened=True)


def _problem(problem: Mapping[str, Any], rule: Rule | None, where: Where) -> str:
    sign = _SIGNS.get(problem["severity"], "")
    place = where.link(problem["path"], int(problem["line"])) if problem["path"] else code(problem["subject"])
    mend = rule.advice if rule else ""
    return (
        f"<tr><td>{sign} {place}</td><td>{code(problem['detail'])}{also(problem)}"
        f"{f'<br>→ {_prose(mend)}' if mend else ''}<br><sub>Rule: {_titled(problem['rule'], rule)}</sub></td></tr>"
    )


def _titled(name: str, rule: Rule | None) -> str:
    return f"{_prose(rule.title)} ({code(name)})" if rule else code(name)


def _prose(text: str) -> str:
    """Our own words, of which those between backticks are code."""
    words = html.escape(text, quote=False).split("`")
    return "".join(f"<code>{word}</code>" if number % 2 else word for number, word in enumerate(words))


def _fixed(fixed: Sequence[Mapping[str, Any]], rules: Mapping[str, Rule]) -> Iterator[str]:
    if fixed:
        rows = [
            f"<tr><td>{code(one['subject'])}</td><td>{_titled(one['rule'], rules.get(one['rule']))}</td></tr>"
            for one in fixed[:SHOWN]
        ]
        yield folded(f"{len(fixed)} fixed", table(("Where", "What holds now"), rows, len(fixed)))


def _projects(document: Mapping[str, Any]) -> Iterator[str]:
    scored = [project for project in document["projects"] if project["scorecard"]]
    if len(scored) == 1:
        yield folded("Level by phase and principle", matrix(scored[0]["scorecard"]["matrix"]))
        return
    before = document["change"]["before"] if document["change"] else {}
    rows = []
    for project in scored[:SHOWN]:
        card, was = project["scorecard"], before.get(project["root"])
        now = (int(number) for number in (card["level"], card["target"], card["counts"]["fail"]))
        numbers = ("—" if was is None else level(was), *now)
        rows.append(f"<tr><td>{code(project['root'])}</td>{''.join(f'<td>{number}</td>' for number in numbers)}</tr>")
    if rows:
        heads = ("Project", "Level before", "Level", "Target", "Failed rules")
        yield folded("Level of each project", table(heads, rows, len(scored)), opened=True)


def _next(document: Mapping[str, Any], rules: Mapping[str, Rule]) -> Iterator[str]:
    cards = [project["scorecard"] for project in document["projects"] if project["scorecard"]]
    if len(cards) != 1 or not cards[0]["next_steps"]:
        return
    steps = [f"<li>{_titled(step['rule'], rules.get(step['rule']))}</li>" for step in cards[0]["next_steps"][:3]]
    yield folded(f"Next steps from level {level(cards[0]['level'])}", "\n".join(["<ol>", *steps, "</ol>"]))


def _again(change: Mapping[str, Any] | None, rules: Mapping[str, Rule]) -> Iterator[str]:
    """What to type on one's own machine. Nothing stands in commands to copy that a report could choose."""
    if change is None or not change["new"] or not COMMIT_ID.fullmatch(change["base"]):
        return
    named = [rule for rule in dict.fromkeys(one["rule"] for one in change["new"]) if rule in rules]
    mended = [rule for rule in named if rules[rule].fix][:_COMMANDS]
    commands = [f"lifelint check --base {change['base'][:12]}"]
    commands += [f"lifelint fix {' '.join(mended)}"] if mended else []
    commands += [f"lifelint explain {named[0]}"] if named else []
    yield f"<p><sub>On your machine: {' · '.join(map(code, commands))}</sub></p>"


def _end(document: Mapping[str, Any], where: Where) -> str:
    revision = where.commit or document["subject"]["revision"] or ""
    parts = [f"lifelint {code(document['tool']['version'])}"]
    parts += [f"commit {code(revision[:12])}"] if revision else []
    parts += [f'<a href="{html.escape(where.run)}">full report</a>'] if where.run else []
    return f"<p><sub>{' · '.join([*parts, 'this comment is edited in place'])}</sub></p>"
