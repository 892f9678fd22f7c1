"""Whether the numbers of the reports that a release names meet the gates that were in force when it was built."""

from __future__ import annotations

from collections.abc import Sequence

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.facts.evaluation.document import Demand, parse_gates
from lifelint.facts.evaluation.joined import joined
from lifelint.facts.evaluation.noun import Evaluation, Gate
from lifelint.facts.releases.document import Judged, Release
from lifelint.snapshot.history import History

Told = tuple[bool | None, str]


def beside(each: Judged, release: Release, then: Facts) -> Sequence[Evaluation]:
    """The other reports of the release that are held to the same file of gates."""
    paths = {other.report for other in release.evaluations if other.gates == each.gates} - {each.report}
    return [found for found in then["evaluations"].items if found.path in paths]


def deciding(
    demands: Sequence[Demand], path: str, report: Evaluation, others: Sequence[Evaluation], history: History
) -> Sequence[Gate]:
    """The gates of a file that a report decides: what it holds, and what none of the release's reports holds."""
    mine = [(demand, joined(demand, path, [report], history)) for demand in demands]
    return [
        gate
        for demand, gate in mine
        if gate.found or not any(joined(demand, path, [other], history).found for other in others)
    ]


def gated(each: Judged, report: Evaluation, others: Sequence[Evaluation], source: Source, commit: str) -> Told:
    """What the numbers say of the gates in force at the commit of the release; the stored result is not believed."""
    then = source.at(commit) if commit else None
    if not each.gates:
        return False, "no file of gates is named"
    if then is None:
        return None, "the commit that the release was built from is not here"
    if not then.is_file(each.gates):
        return False, f"there was no {each.gates} at that commit"
    demands = then.parse(each.gates, parse_gates)
    if not demands:
        unreadable = any(unread.path == each.gates for unread in then.unread)
        return None if unreadable else False, f"{each.gates} held no gates at that commit"
    return _met(each, deciding(demands, each.gates, report, others, then.snapshot.history))


def _met(each: Judged, met: Sequence[Gate]) -> Told:
    if not met:
        return False, f"no gate of {each.gates} asks for what it holds"
    for wanted in (False, None):
        for gate in met:
            if gate.holds is wanted:
                return wanted, f"{gate.metric}: {gate.why}"
    if each.result not in ("", "pass"):
        return False, f"all gates are met, and the manifest says {each.result}"
    return True, f"all {len(met)} gates are met" if len(met) > 1 else f"its gate is met ({met[0].metric})"
