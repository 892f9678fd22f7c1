"""Whether somebody notices when a model in operation fails or gets worse, and to whom that leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._words import suggest
from lifelint.checks.documents import has
from lifelint.facts.monitoring.noun import ALERTING, BEHAVIOUR, SERVICE
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.facets import Facet
    from lifelint.facts.monitoring.noun import AlertRoute, Monitor
    from lifelint.facts.releases.deployed import Deployed

SHIPPED = ("ships_model", "deployment")
_SAID = {SERVICE: "whether the service answers", BEHAVIOUR: "the data and the answers of the model"}


def defined(
    monitors: Sequence[Monitor],
    facets: Sequence[Facet],
    deployments: Sequence[Deployed],
    *,
    of: Sequence[str] = SHIPPED,
) -> Iterator[Observation]:
    """The service and the behaviour of a model are watched, each by something that says from which value on it matters.

    Asked only of what is in operation: it has what ``of`` names, or alerts about a model, and is no library. Where
    names do not tell what is watched, or code does not tell what becomes of a figure, it is unknown.
    """
    if not _is_in_operation(monitors, facets, deployments, of):
        return
    for wanted in (SERVICE, BEHAVIOUR):
        found = [one for one in monitors if one.watches == wanted]
        good = next((one for one in found if one.threshold), None)
        unsure = next((one for one in found if one.threshold is None), None)
        unnamed = next((one for one in monitors if not one.watches and one.threshold != ""), None)
        told = f"{wanted}: {_SAID[wanted]}"
        if good is not None:
            detail = f"{good.name} ({good.tool}) watches {_SAID[wanted]}: {good.threshold}"
            yield Observation(True, wanted, detail, good.path, good.line)
        elif unsure is not None:
            detail = f"{unsure.name} ({unsure.tool}) measures, and from which value on it matters is not told ({told})"
            yield Observation(None, wanted, detail, unsure.path, unsure.line)
        elif unnamed is not None:
            detail = f"what {unnamed.name} ({unnamed.tool}) watches cannot be told by its names ({told})"
            yield Observation(None, wanted, detail, unnamed.path, unnamed.line)
        elif found:
            detail = f"{found[0].name} ({found[0].tool}) has no threshold ({told})"
            yield Observation(False, wanted, detail, found[0].path, found[0].line)
        else:
            yield Observation(False, wanted, f"nothing watches {_SAID[wanted]}")


def _is_in_operation(
    monitors: Sequence[Monitor], facets: Sequence[Facet], deployments: Sequence[Deployed], of: Sequence[str]
) -> bool:
    if any(one.name == "library" for one in facets):
        return False
    alerts = (one for one in monitors if one.tool in ALERTING and one.watches == BEHAVIOUR and one.threshold)
    return has(facets, (), deployments, of) or any(alerts)


def leads(
    alert_routes: Sequence[AlertRoute],
    monitors: Sequence[Monitor],
    facets: Sequence[Facet],
    deployments: Sequence[Deployed],
    *,
    of: Sequence[str] = SHIPPED,
) -> Iterator[Observation]:
    """Alerts are sent to receivers that there are and that tell somebody, and a component has an owner.

    Asked only of what is in operation, as ``defined`` is.
    """
    if not _is_in_operation(monitors, facets, deployments, of):
        return
    for path in dict.fromkeys(one.path for one in alert_routes):
        here = [one for one in alert_routes if one.path == path]
        sent = [one for one in here if one.tool == "alertmanager"]
        missing = {one.receiver: one for one in reversed(sent) if one.defined is False}
        for name, one in missing.items():
            detail = f"alerts are sent to {name}, and no receiver is called so{suggest(name, one.known)}"
            yield Observation(False, f"{path}:{name}", detail, path, one.line)
        if sent and not missing:
            yield _told(path, sent)
        for name, one in {one.receiver: one for one in here if one.tool != "alertmanager"}.items():
            if one.tool == "backstage":
                said = f"the owner is {name}" if one.by else f"the owner is {name or 'not named'}, which is nobody"
            else:
                said = f"{name} tells by {', '.join(one.by)}" if one.by else f"the contact point {name} tells nobody"
            yield Observation(bool(one.by), f"{path}:{name or 'owner'}", said, path, one.line)


def _told(path: str, sent: Sequence[AlertRoute]) -> Observation:
    telling = next((one for one in sent if one.by), None)
    if telling is None:
        detail = f"no route leads to a receiver that tells anybody ({sent[0].receiver} has nowhere to send)"
        return Observation(False, f"{path}:route", detail, path, sent[0].line)
    return Observation(
        True, f"{path}:route", f"{telling.receiver} tells by {', '.join(telling.by)}", path, telling.line
    )
