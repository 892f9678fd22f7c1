"""Whether the packages that a lock holds for one platform are those that its manifest asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifelint.facts.environment.conda_match import satisfies
from lifelint.facts.environment.nouns import Requirement, Verdict
from lifelint.facts.environment.other_locks import Locked
from lifelint.facts.environment.requirement import normalise

# Written into every environment without being asked for.
_IMPLIED = frozenset({"pip", "setuptools", "wheel", "python-abi"})


def differences(wanted: Sequence[Requirement], held: Sequence[Locked], where: str) -> Iterator[Verdict]:
    """What is certain (``fresh`` is false) and what is left open, in the order of the manifest."""
    for requirement in wanted:
        verdict = _missed(requirement, held, where)
        if verdict is not None:
            yield verdict
    asked = {normalise(r.name) for r in wanted} | _IMPLIED
    needed = {name for entry in held for name in entry.needs}
    for entry in held:
        if entry.name not in asked | needed:
            yield Verdict(None, f"{entry.name} is locked{where}, and nothing that is read here asks for it", entry.line)


def _missed(requirement: Requirement, held: Sequence[Locked], where: str) -> Verdict | None:
    name = normalise(requirement.name)
    place = f"{requirement.path}:{requirement.line}"
    found = [entry for entry in held if entry.name == name]
    own = [entry for entry in found if (entry.manager == "pip") == (requirement.group == "pip")]
    if requirement.url or requirement.marker or "[" in requirement.written.partition("::")[2]:
        return None if found else Verdict(None, f"whether {name} of {place} is locked{where} cannot be told")
    if not found:
        # A package of PyPI may be locked under the name that conda gives it: torch as pytorch.
        alike = requirement.group == "pip" and any(e.name in name or name in e.name for e in held)
        alike = alike or name in _IMPLIED
        why = f"{name} is asked for in {place} and not locked{where}"
        return Verdict(None if alike else False, why)
    if not requirement.specifier:
        return None
    verdicts = [_fits(requirement, entry) for entry in own or found]
    if True in verdicts:
        return None
    shown = f"{name} {requirement.specifier} in {place}, locked{where} at {(own or found)[0].version}"
    sure = None not in verdicts and bool(own)
    return Verdict(False if sure else None, shown, (own or found)[0].line)


def _fits(requirement: Requirement, entry: Locked) -> bool | None:
    if requirement.group != "pip":
        return satisfies(requirement.specifier, entry.version, entry.build)
    from packaging.specifiers import SpecifierSet

    try:
        return SpecifierSet(requirement.specifier).contains(entry.version, prereleases=True)
    except ValueError:
        return None
