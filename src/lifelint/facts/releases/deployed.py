"""What deployment manifests name: models, images and revisions of this repository. Read, never rendered.

KServe (``InferenceService``, ``TrainedModel``), Seldon Core 1 and 2, Kustomize ``images``, Helm values, Argo CD
``Application``, Flux ``GitRepository`` and BentoML's ``bentofile.yaml``, each as its own API reference describes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import _yaml
from lifelint.facts._source import Source, Unreadable
from lifelint.facts.evaluation.document import line_of, text
from lifelint.facts.releases import pinned
from lifelint.facts.releases.document import Release

WORDS = ("storageUri", "modelUri", "targetRevision", "GitRepository")
_ELSEWHERE = lazy(
    r"(?:^|/)(?:dev|develop|development|staging|stage|test|testing|local|sandbox|preview|qa|samples?|examples?)(?:[/.-]|$)"
)
_DEPTH = 8
_LONGEST = 2048
"""Characters of a reference; no store or registry takes a longer one."""


class Deployed(NamedTuple):
    """Something that a deployment manifest names.

    ``tool`` is ``kserve``, ``seldon``, ``kustomize``, ``helm``, ``argocd``, ``flux`` or ``bentoml``; ``kind`` is
    ``model`` (an address or a name with a version), ``image`` or ``revision`` (of a repository: ``of`` is its address,
    or a folder in it). ``reference`` is as written; ``holds`` is whether it is that of a release, ``None`` where that
    cannot be told, and ``why`` says more.
    """

    path: str
    line: int
    tool: str
    kind: str
    reference: str
    of: str = ""
    holds: bool | None = None
    why: str = ""


def deployments(source: Source, releases: Sequence[Release]) -> Iterator[Deployed]:
    """What is deployed, where there are release manifests that it could be compared with.

    Folders for development, staging, tests and samples are left out.
    """
    if not releases:
        return
    charts = {path.rpartition("/")[0] for path in source.named("Chart.yaml")}
    candidates = [path for path in source.suffixed(".yaml", ".yml") if not _ELSEWHERE.search(path)]
    speaking = set(source.holding(candidates, WORDS))
    for path in candidates:
        folder, _, name = path.rpartition("/")
        if name in ("kustomization.yaml", "kustomization.yml"):
            parser: Callable[[bytes], tuple[Deployed, ...]] = _kustomize
        elif name in ("bentofile.yaml", "bentofile.yml"):
            parser = _bentoml
        elif name.startswith("values") and folder in charts:
            parser = _helm
        elif path in speaking:
            parser = _kubernetes
        else:
            continue
        for found in source.parse(path, parser) or ():
            told = _told(found, releases, source)
            if told is not None:
                yield found._replace(path=path, holds=told[0], why=told[1])


def _told(found: Deployed, releases: Sequence[Release], source: Source) -> pinned.Told | None:
    if len(found.reference) > _LONGEST:
        return None, "it is longer than any address"
    if found.kind == "model":
        return pinned.model(found.reference, releases)
    if found.kind == "image":
        return pinned.image(found.reference, releases)
    return pinned.revision(found.reference, found.of, releases, source)


def _kubernetes(data: bytes) -> tuple[Deployed, ...]:
    try:
        documents = _yaml.load_all(data)
    except Unreadable:
        if b"{{" in data:  # a template: what it comes to is known where its values are
            return ()
        raise
    return tuple(found for document in documents if isinstance(document, dict) for found in _resource(document))


def _resource(document: Mapping[str, Any]) -> Iterator[Deployed]:
    group, kind = text(document, "apiVersion").partition("/")[0], text(document, "kind")
    spec = document.get("spec")
    if not isinstance(spec, dict):
        return
    if group == "serving.kserve.io" and kind in ("InferenceService", "TrainedModel"):
        yield from _addresses(spec, "kserve", "storageUri")
    elif group in ("machinelearning.seldon.io", "mlops.seldon.io"):
        yield from _addresses(spec, "seldon", "modelUri", "storageUri")
    elif group == "argoproj.io" and kind == "Application":
        yield from _argocd(spec)
    elif group == "source.toolkit.fluxcd.io" and kind == "GitRepository" and isinstance(spec.get("ref"), dict):
        ref = spec["ref"]
        for key in ("commit", "tag", "semver", "branch"):
            if text(ref, key):
                yield Deployed("", line_of(ref, key), "flux", "revision", text(ref, key), text(spec, "url"))
                break


def _addresses(spec: Any, tool: str, *keys: str, depth: int = 0) -> Iterator[Deployed]:
    if depth > _DEPTH:
        return
    if isinstance(spec, dict):
        for key in keys:
            if text(spec, key):
                yield Deployed("", line_of(spec, key), tool, "model", text(spec, key))
        for value in spec.values():
            yield from _addresses(value, tool, *keys, depth=depth + 1)
    elif isinstance(spec, list):
        for value in spec:
            yield from _addresses(value, tool, *keys, depth=depth + 1)


def _argocd(spec: Mapping[str, Any]) -> Iterator[Deployed]:
    several = spec.get("sources")
    for one in [spec.get("source"), *(several if isinstance(several, list) else [])]:
        if isinstance(one, dict) and text(one, "path") and text(one, "targetRevision"):
            line = line_of(one, "targetRevision")
            yield Deployed("", line, "argocd", "revision", text(one, "targetRevision"), text(one, "path").strip("./"))


def _kustomize(data: bytes) -> tuple[Deployed, ...]:
    document = _yaml.load(data)
    images = document.get("images") if isinstance(document, dict) else None
    return tuple(_overridden(images)) if isinstance(images, list) else ()


def _overridden(images: Sequence[Any]) -> Iterator[Deployed]:
    for position, image in enumerate(images):
        if isinstance(image, dict):
            name = text(image, "newName") or text(image, "name")
            digest, tag = text(image, "digest"), image.get("newTag")
            reference = f"{name}@{digest}" if digest else f"{name}:{tag}" if tag is not None else name
            line = next((at for key in ("digest", "newTag", "name") if (at := line_of(image, key))), 0)
            yield Deployed("", line or line_of(images, position), "kustomize", "image", reference)


def _helm(data: bytes) -> tuple[Deployed, ...]:
    return tuple(_values(_yaml.load(data)))


def _values(document: Any, depth: int = 0) -> Iterator[Deployed]:
    """``image`` tables, and addresses of models, at any depth: charts put them where they like."""
    if not isinstance(document, dict) or depth > _DEPTH:
        return
    name = "/".join(part for part in (text(document, "registry"), text(document, "repository")) if part)
    if text(document, "repository"):
        digest, tag = text(document, "digest"), document.get("tag")
        reference = f"{name}@{digest}" if digest else f"{name}:{tag}" if tag not in (None, "") else name
        line = next((at for key in ("digest", "tag", "repository") if (at := line_of(document, key))), 0)
        yield Deployed("", line, "helm", "image", reference)
    for key in ("storageUri", "modelUri", "modelURI"):
        if text(document, key):
            yield Deployed("", line_of(document, key), "helm", "model", text(document, key))
    for value in document.values():
        yield from _values(value, depth + 1)


def _bentoml(data: bytes) -> tuple[Deployed, ...]:
    document = _yaml.load(data)
    models = document.get("models") if isinstance(document, dict) else None
    return tuple(_tags(models)) if isinstance(models, list) else ()


def _tags(models: Sequence[Any]) -> Iterator[Deployed]:
    for position, model in enumerate(models):
        tag = text(model, "tag") if isinstance(model, dict) else model
        if isinstance(tag, str) and tag:
            yield Deployed("", line_of(models, position), "bentoml", "model", tag)
