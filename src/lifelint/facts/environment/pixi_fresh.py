"""Whether a ``pixi.lock`` still satisfies its manifest, as ``pixi lock --check`` decides it without solving."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from lifelint.facts._source import Source
from lifelint.facts._toml import load
from lifelint.facts.environment import conda_satisfied, pixi_manifest
from lifelint.facts.environment.markers import Unjudged
from lifelint.facts.environment.nouns import Verdict
from lifelint.facts.environment.other_locks import OtherLock
from lifelint.facts.environment.pixi_manifest import Content, Wanted
from lifelint.facts.environment.places import Places
from lifelint.facts.environment.pyproject import parse_pyproject, table


def judge(source: Source, path: str, lock: OtherLock) -> Verdict:
    """The verdict on the lock at ``path``."""
    version = lock.document.get("version")
    if version not in ("4", "5", "6", "7"):
        return Verdict(None, f"version {version or 'none'} of the format is not known")
    content = _content(source, posixpath.dirname(path))
    if content is None:
        return Verdict(None, "there is no pixi manifest beside it that could be read")
    try:
        asked = list(pixi_manifest.wanted(content))
    except Unjudged as error:
        return Verdict(None, f"it rests on {error}")
    found = list(_differences(asked, content.path, lock))
    certain = next((verdict for verdict in found if verdict.fresh is False), None)
    if found:
        return certain or Verdict(None, found[0].why)
    return Verdict(True, f"it satisfies {content.path} in {len(asked)} environments by platform")


def _differences(asked: Sequence[Wanted], manifest: str, lock: OtherLock) -> Iterator[Verdict]:
    for wanted in asked:
        held = [e for e in lock.entries if e.platform == f"{wanted.environment} {wanted.platform}"]
        where = f" for {wanted.environment} on {wanted.platform}"
        if wanted.requirements and not held:
            yield Verdict(False, f"{manifest} asks for {wanted.requirements[0].name}{where}, the lock has nothing")
            continue
        if wanted.unsure:
            yield Verdict(None, wanted.unsure)
        if wanted.channels and not _same_channels(wanted.channels, lock.channels.get(wanted.environment, ())):
            yield Verdict(None, f"the channels{where} are not those by name of {manifest}")
        yield from conda_satisfied.differences(wanted.requirements, held, where)
    surplus = {e.platform for e in lock.entries} - {f"{w.environment} {w.platform}" for w in asked}
    if surplus:
        yield Verdict(None, f"the lock has the environment {sorted(surplus)[0]}, which {manifest} does not ask for")


def _content(source: Source, folder: str) -> Content | None:
    own, shared = posixpath.join(folder, "pixi.toml"), posixpath.join(folder, "pyproject.toml")
    if source.is_file(own):
        found = source.parse(own, _document)
        return Content(found[0], found[1], (), own) if found else None
    parsed = source.parse(shared, parse_pyproject) if source.is_file(shared) else None
    document = table(parsed.document, "tool", "pixi") if parsed else {}
    if parsed is None or not document:
        return None
    listed = (r for r in parsed.requirements if not r.group and r.role != "build")
    project = tuple(r._replace(path=shared, group="pip") for r in listed)
    return Content(document, parsed.places, ("tool", "pixi"), shared, project)


def _document(data: bytes) -> tuple[dict[str, object], Places]:
    return load(data), Places(data)


def _same_channels(asked: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """A channel without a scheme is one of conda.anaconda.org, or of a mirror that a user has set up."""
    return len(set(asked)) == len(set(held)) and all(
        any(url.rstrip("/") == name.rstrip("/") or url.rstrip("/").endswith(f"/{name}") for url in held)
        for name in asked
    )
