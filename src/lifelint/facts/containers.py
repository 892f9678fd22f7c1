"""Container images that Dockerfiles and development containers are built from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifelint._patterns import lazy
from lifelint.facts import _json5
from lifelint.facts._dockerfile import Instruction, argument, expand, option, parse_dockerfile
from lifelint.facts._images import Image, Reference, image_of
from lifelint.facts._source import Source
from lifelint.facts._yaml import Map
from lifelint.facts.code import MAKEFILES
from lifelint.snapshot import Missing

_NAME = lazy(r"(?:dockerfile|containerfile)(?:[.-].+)?|.+\.(?:dockerfile|containerfile)", re.IGNORECASE)
_LOCAL = lazy(r"[a-z0-9.]+(?:[-_]+[a-z0-9.]+)+(?::[\w.-]+)?")
"""A name without a registry or an account, and with a hyphen, as few of the official images have."""

_LARGEST = 1 << 18
_NOT_ONE = lazy(r"\.(?:dockerignore|md|rst|txt|py|sh|go|ya?ml|json|html|in|tpl|template|lock)$", re.IGNORECASE)


def images(source: Source) -> Iterator[Image]:
    """Every image from outside; earlier stages, ``scratch`` and what is built here under a name of its own are none."""
    paths = dockerfiles(source)
    source.prefetch(paths)
    named = [(path, found) for path in paths for found in source.parse(path, parse_references) or ()]
    ours = _built(source, paths, {found.reference for _, found in named})
    for path, found in named:
        if found.reference not in ours:
            yield image_of(path, found)
    for path in source.named("devcontainer.json", ".devcontainer.json"):
        for found in source.parse(path, parse_devcontainer) or ():
            yield image_of(path, found)


def _built(source: Source, containerfiles: list[str], references: set[str]) -> set[str]:
    """Those of ``references`` that a command here builds (``docker build -t NAME``) and no registry is named for."""
    wanted = {one for one in references if _LOCAL.fullmatch(one)}
    if not wanted:
        return set()
    paths = [
        *containerfiles,
        *source.named(*MAKEFILES, "justfile", "Justfile"),
        *source.suffixed(".sh", ".yml", ".yaml"),
    ]
    sizes = source.snapshot.sizes(paths)
    small = [path for path in paths if sizes.get(path, 0) <= _LARGEST]
    pattern = re.compile(
        rb"(?:-t|--tag)[ =]+[\"']?(" + b"|".join(map(re.escape, map(str.encode, wanted))) + rb")(?![\w.:/-])"
    )
    texts = (data for _, data in source.snapshot.read(small) if not isinstance(data, Missing))
    return {found[1].decode() for data in texts for found in pattern.finditer(data)}


def dockerfiles(source: Source) -> list[str]:
    """Files that are Dockerfiles by name."""
    return source.names(lambda name: _NAME.fullmatch(name) and not _NOT_ONE.search(name))


def parse_references(data: bytes) -> tuple[Reference, ...]:
    """The images one Dockerfile names."""
    return tuple(_references(parse_dockerfile(data).instructions))


def _references(instructions: tuple[Instruction, ...]) -> Iterator[Reference]:
    values: dict[str, str | None] = {}
    stages: list[str] = []
    for instruction in instructions:
        if instruction.name == "ARG" and not stages:
            for name, default in argument(instruction):
                values[name] = expand(default, values) if default is not None else None
        elif instruction.name == "FROM":
            words = [w for w in instruction.arguments.split() if not w.startswith("--")]
            written = words[0].strip("\"'") if words else ""
            stage = words[2].lower() if len(words) > 2 and words[1].upper() == "AS" else ""
            reference = expand(written, values) or ""
            is_stage = reference.lower() in {*stages, "scratch"} or (not reference and _may_be(written, stages))
            if written and not is_stage:
                yield Reference(instruction.line, "FROM", written, reference, stage)
            stages.append(stage or f"\0{len(stages)}")
        elif instruction.name == "COPY":
            yield from _other(instruction, "COPY --from", option(instruction.arguments, "from"), values, stages)
        elif instruction.name == "RUN":
            for mount in re.findall(r"--mount=(\S+)", instruction.arguments):
                place = re.search(r"(?:^|,)from=([^,]+)", mount)
                if place:
                    yield from _other(instruction, "RUN --mount", place[1], values, stages)


def _may_be(written: str, stages: list[str]) -> bool:
    """Whether a name with unknown variables can be that of an earlier stage (``FROM base-${TARGETARCH}``)."""
    pattern = ".*".join(map(re.escape, re.split(r"\$\{[^}]*\}|\$\w+", written.lower())))
    return (
        len(written) < 100 and not set(written) & set("/:@") and any(re.fullmatch(pattern, stage) for stage in stages)
    )


def _other(
    instruction: Instruction, kind: str, written: str, values: dict[str, str | None], stages: list[str]
) -> Iterator[Reference]:
    reference = expand(written, values) or ""
    # A bare word may also be a build context that is named on the command line (--build-context).
    named = "$" in written or any(mark in written for mark in "/:@")
    if named and reference.lower() not in {*stages, "scratch"}:
        yield Reference(instruction.line, kind, written, reference, "")


def parse_devcontainer(data: bytes) -> tuple[Reference, ...]:
    """The ``image`` of a ``devcontainer.json`` (containers.dev), which is JSON with comments."""
    document = _json5.load(data)
    image = document.get("image") if isinstance(document, Map) else None
    if not isinstance(image, str):
        return ()
    return (Reference(document.lines["image"], "devcontainer", image, "" if "$" in image else image, ""),)
