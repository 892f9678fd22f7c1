"""Images that something runs: jobs of workflows, compose services, Kubernetes containers, MLflow, BentoML, Anyscale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lifelint._patterns import lazy
from lifelint.facts._source import Source

if TYPE_CHECKING:
    from lifelint.facts._images import Image, Reference

_COMPOSE = lazy(r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml")
_CLUSTER = lazy(r"cluster_env[\w-]*\.ya?ml")
_FOLDERS = lazy(r"(?:^|/)(?:k8s|kubernetes|kustomize|overlays|manifests|deploy|deployment|deployments)(?:/|$)")
_TEMPLATED = lazy(rb"\{\{|\{%")
_JOB = lazy(rb"^\s+(?:container|services):", re.MULTILINE)


def run_images(source: Source) -> Iterator[Image]:
    """Every image that is named where it is run; what a template fills in is none."""
    yield from _workflows(source)
    places = (
        ("compose", source.names(_COMPOSE.fullmatch), b"image:"),
        ("anyscale", source.names(_CLUSTER.fullmatch), b"base_image:"),
        ("mlflow", source.named("MLproject"), b"docker_env:"),
        ("bentoml", source.named("bentofile.yaml", "bentofile.yml"), b"base_image:"),
        ("kubernetes", [p for p in source.suffixed(".yaml", ".yml") if _FOLDERS.search(p)], b"kind:"),
    )
    for kind, paths, mark in places:
        source.prefetch(paths)
        for path in paths:
            data = source.bytes(path) or b""
            if mark in data and b"image" in data and not _TEMPLATED.search(data):
                yield from _named(source, kind, path)


def clusters(source: Source) -> Iterator[Image]:
    """The images of Anyscale's cluster environments."""
    for path in source.names(_CLUSTER.fullmatch):
        yield from _named(source, "anyscale", path)


def _named(source: Source, kind: str, path: str) -> Iterator[Image]:
    from lifelint.facts._images import image_of

    parse = {
        "compose": parse_compose, "anyscale": parse_cluster, "mlflow": parse_mlproject, "bentoml": parse_bentofile,
        "kubernetes": parse_kubernetes,
    }[kind]  # fmt: skip
    for found in source.parse(path, parse) or ():
        yield image_of(path, found)


def _workflows(source: Source) -> Iterator[Image]:
    paths = [p for p in source.under(".github/workflows") if p.endswith((".yml", ".yaml")) and p.count("/") == 2]
    source.prefetch(paths)
    for path in paths:
        if not _JOB.search(source.bytes(path) or b""):
            continue
        from lifelint.facts._images import image_of
        from lifelint.facts._jobs import parse_github
        from lifelint.facts._workflow import role_of

        workflow = source.parse(path, parse_github)
        if workflow is None:
            continue
        for job in workflow.jobs:
            for image in job.images:
                found = _reference(image.line, image.instruction, image.reference)
                yield image_of(path, found, role_of(path, workflow, job))


def _reference(line: int, instruction: str, written: str) -> Reference:
    from lifelint.facts._images import Reference

    return Reference(line, instruction, written, "" if "$" in written else written, "")


def _at(section: Any, *keys: str) -> Any:
    from lifelint.facts._yaml import Map

    for key in keys:
        section = section.get(key) if isinstance(section, Map) else None
    return section


def parse_compose(data: bytes) -> tuple[Reference, ...]:
    """``image`` of the services that build nothing (compose-spec): what is built here has its own Dockerfile.

    That of one which another service of the file builds is none either.
    """
    from lifelint.facts._yaml import Map, load

    services = _at(load(data), "services")
    named = [one for one in (services.values() if isinstance(services, Map) else ()) if isinstance(one, Map)]
    named = [service for service in named if isinstance(service.get("image"), str)]
    built = {service["image"] for service in named if "build" in service}
    return tuple(
        _reference(service.lines["image"], "compose", service["image"])
        for service in named
        if service["image"] not in built
    )


def parse_cluster(data: bytes) -> tuple[Reference, ...]:
    """``base_image`` of a cluster environment (docs.anyscale.com)."""
    return _single(data, "anyscale", "base_image")


def parse_mlproject(data: bytes) -> tuple[Reference, ...]:
    """``docker_env.image`` of an ``MLproject``."""
    return _single(data, "mlflow", "docker_env", "image")


def parse_bentofile(data: bytes) -> tuple[Reference, ...]:
    """``docker.base_image`` of a ``bentofile.yaml``."""
    return _single(data, "bentoml", "docker", "base_image")


def _single(data: bytes, kind: str, *keys: str) -> tuple[Reference, ...]:
    from lifelint.facts._yaml import load

    section = _at(load(data), *keys[:-1])
    written = _at(section, keys[-1])
    return (_reference(section.lines[keys[-1]], kind, written),) if isinstance(written, str) else ()


def parse_kubernetes(data: bytes) -> tuple[Reference, ...]:
    """``image`` of the containers of every document with an ``apiVersion`` and a ``kind``."""
    from lifelint.facts._yaml import Map, Seq, load_all

    found = []
    waiting = [d for d in load_all(data) if isinstance(d, Map) and {"apiVersion", "kind"} <= set(d)]
    while waiting:
        section = waiting.pop(0)
        for key, value in section.items():
            if key in ("containers", "initContainers") and isinstance(value, Seq):
                for container in value:
                    if isinstance(container, Map) and isinstance(container.get("image"), str):
                        found.append(_reference(container.lines["image"], "kubernetes", container["image"]))
            elif isinstance(value, Map):
                waiting.append(value)
            elif isinstance(value, Seq):
                waiting += [item for item in value if isinstance(item, Map)]
    return tuple(found)
