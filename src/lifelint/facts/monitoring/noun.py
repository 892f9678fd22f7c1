"""The nouns of monitoring."""

from typing import NamedTuple

SERVICE, BEHAVIOUR = "service", "behaviour"

ALERTING = frozenset({"prometheus", "grafana", "openslo", "sloth", "pyrra", "azureml", "terraform"})
"""Tools that only something in operation is watched with; a check in code may be one of a training."""


class Monitor(NamedTuple):
    """Something that looks at a system in operation and says when it is not as it should be.

    ``tool`` is ``prometheus``, ``grafana``, ``openslo``, ``sloth``, ``pyrra``, ``azureml``, ``terraform``,
    ``evidently``, ``nannyml``, ``whylogs``, ``alibi-detect``, ``sagemaker``, ``vertex`` or ``code``. ``watches`` is
    ``service`` (whether it answers, and how fast), ``behaviour`` (data, predictions, how good they are), or empty
    where its names do not tell. ``threshold`` says from which value on it speaks: empty where there is none or it is
    not filled in, ``None`` where that cannot be told.
    """

    path: str
    line: int
    tool: str
    name: str
    watches: str
    threshold: str | None


class AlertRoute(NamedTuple):
    """Where alerts are sent, or whose a component is.

    ``tool`` is ``alertmanager``, ``grafana`` or ``backstage``; ``receiver`` the name that is written there.
    ``defined`` is whether there is one of that name, ``None`` where it may be kept elsewhere. ``by`` are the ways by
    which it is told (``slack``, ``pagerduty``, …), of Backstage the owner; where there are none nobody is told.
    ``known`` are the names that there are.
    """

    path: str
    line: int
    tool: str
    receiver: str
    defined: bool | None = True
    by: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
