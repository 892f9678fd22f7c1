"""The comment on a pull request: what a reviewer has to know of a change, on one screen, and the rest folded away.

It is made from the JSON report alone, which may be a stranger's: numbers are counted as numbers, and every text stands
in a code span inside an HTML block without blank lines, where Markdown is not read and nobody is mentioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from lifelint.model import LEVELS
from lifelint.report.escaping import code
from lifelint.report.markdown import matrix

LIMIT = 60_000
"""Characters: GitHub refuses comments of more than 65,536."""

_SIGNS = {"error": "🔴", "warning": "🟠", "info": "🔵"}
_SHOWN = 50  # rows of a table; what goes beyond is counted
_ENDING = 400  # characters kept for the last line


class Where(NamedTuple):
    """Where a change lives, for links: the forge's address, ``owner/name``, the commit, and the run that judged it."""

    server: str = ""
    repository: str = ""
    commit: str = ""
    run: str = ""

    def link(self, path: str, line: int) -> str:
        """A place in the judged commit, as a link where the forge is known."""
        shown = code(f"{path}:{line}" if line else path)
        if not (self.server and self.repository and self.commit and path):
            return shown
        anchor = f"#L{line}" if line else ""
        target = quote(path.encode("utf-8", "surrogatepass"), safe="/")
        return f'<a href="{self.server}/{self.repository}/blob/{self.commit}/{target}{anchor}">{shown}</a>'


def marker(key: str) -> str:
    """The first line of every comment of this key: by it, and by its author, a comment is found again."""
    return f"<!-- lifelint:comment v=1 key={key} -->"


def worth(document: Mapping[str, Any]) -> bool:
    """Whether there is anything to be told: problems, versions, levels or a configuration that differ, or a failure."""
    change = document["change"]
    if change is None or not document["gate"]["passed"]:
        return True
    moved = any(change["before"].get(root) != level for root, level in change["after"].items())
    return bool(moved or change["new"] or change["fixed"] or change["altered"] or change["configuration_changed"])


def render(document: Mapping[str, Any], where: Where = Where(), key: str = "default", limit: int = LIMIT) -> str:  # noqa: B008
    """The comment, of at most ``limit`` characters. Sections that do not fit are left out whole."""
    end = _end(document, where)
    parts = [marker(key), *_head(document)]
    room = limit - len(end) - _ENDING - sum(len(part) + 2 for part in parts)
    for section in _sections(document, where, room):
        if len(section) + 2 <= room:
            parts.append(section)
            room -= len(section) + 2
    return "\n\n".join([*parts, end]) + "\n"


# The first screen --------------------------------------------------------------------------------------------------


def _head(document: Mapping[str, Any]) -> Iterator[str]:
    change, gate = document["change"], document["gate"]
    verdict = "✅ passes" if gate["passed"] else "❌ fails"
    yield f"### ML maturity: {_levels(document)} · {verdict}"
    if gate["reasons"]:
        yield "\n".join(["<ul>", *(f"<li>{code(reason)}</li>" for reason in gate["reasons"][:_SHOWN]), "</ul>"])
    if change is None:
        return
    counts = f"**{len(change['new'])} new** · **{len(change['fixed'])} fixed** · {int(change['unchanged'])} unchanged"
    yield f"{counts}, compared with {code(change['base'][:12])}"
    kinds = {one["kind"] for one in change["altered"]}
    if "model" in kinds and "evaluation" not in kinds and change["unchanged_evaluations"]:
        yield "⚠️ **The model changed and its evaluation did not.**"
    if change["configuration_changed"]:
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
    level, before = int(card["level"]), change and change["before"].get(root)
    moved = f"{int(before)} → {level}" if before is not None and int(before) != level else f"{level}"
    return f"level **{moved}** ({LEVELS[level]}), target {int(card['target'])}"


# What follows ------------------------------------------------------------------------------------------------------


def _sections(document: Mapping[str, Any], where: Where, room: int) -> Iterator[str]:
    change = document["change"]
    if change is not None:
        yield from _altered(change["altered"])
        yield from _new(change["new"], document["rules"], where, room)
        yield from _fixed(change["fixed"])
    yield from _projects(document)
    yield from _next(document)


def _altered(altered: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not altered:
        return
    rows = [
        f"<tr><td>{code(one['kind'])}</td><td>{code(one['name'])}</td><td>{_version(one['before'])}</td>"
        f"<td>{_version(one['after'])}</td></tr>"
        for one in altered[:_SHOWN]
    ]
    yield _table(("What changed", "", "before", "after"), rows, len(altered))


def _version(text: str) -> str:
    """A version as short as can be told apart; a digest by its first letters."""
    kind, colon, digest = text.rpartition(":")
    return code(f"{digest[:8]}…" if colon and kind and len(digest) > 12 else text[:24]) if text else "—"


def _new(new: Sequence[Mapping[str, Any]], rules: Mapping[str, Any], where: Where, room: int) -> Iterator[str]:
    if not new:
        return
    rows, used = [], 0
    for problem in new[:_SHOWN]:
        row = _problem(problem, rules, where)
        used += len(row)
        if used > room - _ENDING:
            break
        rows.append(row)
    many = f"{len(new)} new problem{'s' * (len(new) != 1)}"
    yield _folded(many, _table(("Rule", "Where", "What was seen, and how to mend it"), rows, len(new)), opened=True)


def _problem(problem: Mapping[str, Any], rules: Mapping[str, Any], where: Where) -> str:
    sign = _SIGNS.get(problem["severity"], "")
    place = where.link(problem["path"], int(problem["line"])) if problem["path"] else code(problem["subject"])
    mend = " ".join(rules.get(problem["rule"], {}).get("remediation", "").split("\n\n")[0].split())
    return (
        f"<tr><td>{sign} {code(problem['rule'])}</td><td>{place}</td>"
        f"<td>{code(problem['detail'])}{f'<br>→ {code(mend)}' if mend else ''}</td></tr>"
    )


def _fixed(fixed: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if fixed:
        rows = [f"<tr><td>{code(one['rule'])}</td><td>{code(one['subject'])}</td></tr>" for one in fixed[:_SHOWN]]
        yield _folded(f"{len(fixed)} fixed", _table(("Rule", "What"), rows, len(fixed)))


def _projects(document: Mapping[str, Any]) -> Iterator[str]:
    scored = [project for project in document["projects"] if project["scorecard"]]
    if len(scored) == 1:
        yield _folded("Level by phase and principle", matrix(scored[0]["scorecard"]["matrix"]))
        return
    before = document["change"]["before"] if document["change"] else {}
    rows = []
    for project in scored[:_SHOWN]:
        card, was = project["scorecard"], before.get(project["root"])
        now = (int(number) for number in (card["level"], card["target"], card["counts"]["fail"]))
        numbers = ("—" if was is None else int(was), *now)
        rows.append(f"<tr><td>{code(project['root'])}</td>{''.join(f'<td>{number}</td>' for number in numbers)}</tr>")
    if rows:
        heads = ("Project", "before", "level", "target", "failed rules")
        yield _folded("Level of each project", _table(heads, rows, len(scored)))


def _next(document: Mapping[str, Any]) -> Iterator[str]:
    cards = [project["scorecard"] for project in document["projects"] if project["scorecard"]]
    if len(cards) != 1 or not cards[0]["next_steps"]:
        return
    steps = [
        f"<li>{code(step['title'])}: {code('lifelint explain ' + step['rule'])}</li>"
        for step in cards[0]["next_steps"][:3]
    ]
    yield _folded(f"Next steps from level {int(cards[0]['level'])}", "\n".join(["<ol>", *steps, "</ol>"]))


def _table(heads: Iterable[str], rows: Sequence[str], total: int) -> str:
    cells = [f'<th align="left">{head}</th>' for head in heads]
    more = [f'<tr><td colspan="{len(cells)}">and {total - len(rows)} more in the full report</td></tr>']
    return "\n".join(["<table>", f"<tr>{''.join(cells)}</tr>", *rows, *(more if total > len(rows) else ()), "</table>"])


def _folded(summary: str, content: str, *, opened: bool = False) -> str:
    return f"<details{' open' if opened else ''}><summary><b>{summary}</b></summary>\n\n{content}\n\n</details>"


def _end(document: Mapping[str, Any], where: Where) -> str:
    revision = where.commit or document["subject"]["revision"] or ""
    parts = [f"lifelint {code(document['tool']['version'])}"]
    parts += [f"commit {code(revision[:12])}"] if revision else []
    parts += [f'<a href="{where.run}">full report</a>'] if where.run else []
    return f"<sub>{' · '.join([*parts, 'this comment is edited in place'])}</sub>"
