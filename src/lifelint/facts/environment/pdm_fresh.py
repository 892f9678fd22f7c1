"""Whether a lock that keeps PDM's hash (``pdm.lock``, or a ``pylock.toml`` of PDM's) still belongs to its manifest."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._source import Source
from lifelint.facts.environment import pdm_hash
from lifelint.facts.environment.hashed_locks import unsatisfied
from lifelint.facts.environment.markers import Unjudged, same_range
from lifelint.facts.environment.nouns import Requirement, Verdict
from lifelint.facts.environment.other_locks import OtherLock
from lifelint.facts.environment.pyproject import Pyproject, parse_pyproject, table, tables, texts
from lifelint.facts.environment.requirement import normalise

_HASHES = "the content hash"


def judge(source: Source, path: str, lock: OtherLock) -> Verdict:
    """The verdict on the ``pdm.lock`` at ``path``."""
    metadata = table(lock.document, "metadata")
    version, recorded = str(metadata.get("lock_version") or ""), metadata.get("content_hash")
    if not re.fullmatch(r"4(\.\d+)*", version):
        return Verdict(None, f"version {version or 'none'} of the format is not known")
    if "lock_inputs" in metadata:
        return Verdict(None, "it keeps lock_inputs instead of a content hash, which lifelint does not recompute")
    if not isinstance(recorded, str) or not recorded.startswith("sha256:"):
        return Verdict(None, "it keeps no sha256 of the manifest")
    verdict = judge_hash(source, path, lock, recorded.removeprefix("sha256:"))
    if verdict.fresh is False and verdict.why.startswith(_HASHES) and tuple(map(int, version.split("."))) < (4, 5):
        # Older PDMs hashed in more ways than are known here, so the hash alone is no proof.
        return Verdict(None, f"{verdict.why}, and its format {version} may have been hashed in another way")
    return verdict


def judge_hash(source: Source, path: str, lock: OtherLock, recorded: str) -> Verdict:
    """The verdict by the hash that PDM recorded of the ``pyproject.toml`` beside the lock."""
    manifest = posixpath.join(posixpath.dirname(path), "pyproject.toml")
    if not source.is_file(manifest):
        return Verdict(None, "there is no pyproject.toml beside it")
    parsed = source.parse(manifest, parse_pyproject)
    if parsed is None:
        return Verdict(None, f"{manifest} could not be read")
    try:
        expected = pdm_hash.expected(source, manifest, parsed.document)
    except Unjudged as error:
        return Verdict(None, f"its content hash rests on {error}")
    if recorded in expected:
        return Verdict(True, f"its content hash {recorded[:12]}… is that of {manifest}")
    shared = sorted(pdm_hash.shared_groups(parsed.document))
    if shared:
        return Verdict(None, f"the group {shared[0]} stands in dependency-groups and in tool.pdm.dev-dependencies")
    hashes = f"{_HASHES} of {manifest} is {expected[0][:12]}…, the lock was made for {recorded[:12]}…"
    first = next(_differences(manifest, parsed, lock), "")
    return Verdict(False, f"{first} ({hashes})" if first else hashes, lock.line)


def _differences(manifest: str, parsed: Pyproject, lock: OtherLock) -> Iterator[str]:
    """What of a stale manifest the lock shows to be different; it does not keep all of it."""
    metadata = table(lock.document, "metadata")
    locked = {normalise(group) for group in texts(metadata.get("groups"))}
    wanted = [
        r._replace(path=manifest)
        for r in parsed.requirements
        if r.role != "build" and not r.url and (not r.group or not locked or normalise(r.group) in locked)
    ]
    yield from unsatisfied(wanted, lock.versions)
    yield from _extras(wanted, tables(lock.document.get("package")))
    yield from _gone(parsed, lock, frozenset(r.name for r in parsed.requirements))
    targets = [str(t["requires_python"]) for t in tables(metadata.get("targets")) if t.get("requires_python")]
    asked = parsed.requires_python
    try:
        if len(targets) == 1 and asked and not same_range([asked], targets):
            yield f"requires-python is {asked} in {manifest}, the lock was made for {targets[0]}"
    except Unjudged:
        return


def _extras(wanted: Sequence[Requirement], entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    held = {(normalise(str(e.get("name"))), normalise(extra)) for e in entries for extra in texts(e.get("extras"))}
    for requirement in wanted:
        for extra in requirement.extras:
            if (requirement.name, extra) not in held:
                yield f"{requirement.name}[{extra}] is asked for in {requirement.path}:{requirement.line}, not locked"


def _gone(parsed: Pyproject, lock: OtherLock, asked: frozenset[str]) -> Iterator[str]:
    """Locked packages that neither the manifest nor another locked package asks for."""
    if parsed.dynamic:
        return
    entries = tables(lock.document.get("package"))
    needed = {name for entry in entries for name in _needs(entry)}
    for entry in entries:
        name = normalise(str(entry.get("name")))
        # PDM lists a package once more for each set of its extras, and a workspace's members with the rest.
        if name not in asked | needed | {parsed.name} and not {"path", "editable", "extras"} & set(entry):
            yield f"{name} is in the lock, and nothing asks for it any more"


def _needs(entry: Mapping[str, Any]) -> Iterator[str]:
    for text in texts(entry.get("dependencies")):
        found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", text)
        if found:
            yield normalise(found[0])
