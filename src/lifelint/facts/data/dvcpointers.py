"""What DVC versions: ``.dvc`` files and the cached outputs in ``dvc.lock``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.data import places
from lifelint.facts.data.pointer import Pointer
from lifelint.facts.dvc.pathnames import placed
from lifelint.facts.dvc.pointerfile import Dep, Out, PointerFile, parse_pointer_file, self_checksums

if TYPE_CHECKING:
    from lifelint.facts.data.remoteconfig import Remote
    from lifelint.facts.dvc.stage import Stage


def projects_of(source: Source) -> Sequence[str]:
    """Folders with a tracked ``.dvc`` folder, deepest first."""
    inside = {path[: path.index(".dvc/")] for path in source.paths if ".dvc/" in path and "/.dvc/" in f"/{path}"}
    return sorted((folder.rstrip("/") for folder in inside), key=lambda folder: (-len(folder), folder))


def file_pointers(source: Source) -> Iterator[Pointer]:
    """What each ``.dvc`` file points at. One that cannot be read is a pointer too, and not a sound one."""
    # A bare ".dvc" has no name before the suffix, and what lies inside a .dvc folder is DVC's own.
    paths = [path for path in source.suffixed(".dvc") if "/.dvc" not in f"/{path}"]
    source.prefetch(paths)
    for path in paths:
        file = source.parse(path, parse_pointer_file)
        if file is None:
            yield _unsound(source, path)
            continue
        base = placed(path.rpartition("/")[0], file.wdir)
        for out in file.outs if not file.cmd else ():
            if out.cache:
                yield _of_file(source, path, base, file, out)


def _unsound(source: Source, path: str) -> Pointer:
    artifact = path.removesuffix(".dvc")
    kind = places.kind_of(artifact)
    line, why = next(((u.line, u.message) for u in source.unread if u.path == path), (0, "cannot be read"))
    data = source.bytes(path) or b""
    conflict = re.search(rb"^<{7} ", data, re.MULTILINE)
    if conflict:
        line = data.count(b"\n", 0, conflict.start()) + 1
        why = "holds the markers of an unresolved merge conflict"
    return Pointer(path, line, "dvc", artifact, "", None, None, kind, "declared", False, why)


def _of_file(source: Source, path: str, base: str, file: PointerFile, out: Out) -> Pointer:
    dep = file.deps[0] if file.deps else None
    well_formed, why = _judge(out, dep)
    artifact = placed(base, out.path)
    made = Pointer(
        path=path,
        line=out.digest_line or out.line,
        system="dvc",
        artifact=artifact,
        digest=f"{out.hash_name}:{out.digest}" if out.digest else "",
        size=out.size,
        nfiles=out.nfiles,
        kind=places.kind_of(artifact),
        strength=_strength(out),
        well_formed=well_formed,
        why=why,
        push=out.push,
        remote=out.remote,
    )
    if dep is None:
        return made
    checksums = source.parse(path, self_checksums) if file.md5 else None
    return made._replace(
        imported_from=dep.path,
        url=dep.repo_url,
        rev=dep.rev,
        rev_lock=dep.rev_lock,
        origin_digest=f"{dep.hash_name}:{dep.digest}" if dep.digest else dep.version_id,
        checksum_holds=file.md5 in checksums if checksums else None,
    )


def stage_pointers(stages: Sequence[Stage]) -> Iterator[Pointer]:
    """The outputs that ``dvc.lock`` records and DVC's cache keeps. A stage that never ran points at nothing yet."""
    for stage in stages:
        for out in stage.outs if stage.state != "orphan" else ():
            if not out.cache or not out.digest:
                continue
            entry = Out(out.path, out.hash_name, out.digest)
            well_formed, why = _judge(entry, None)
            yield Pointer(
                path=stage.lock or stage.path,
                line=out.lock_line,
                system="dvc",
                artifact=out.path,
                digest=f"{out.hash_name}:{out.digest}",
                size=None,
                nfiles=None,
                kind=places.kind_of(out.path),
                strength=_strength(entry),
                well_formed=well_formed,
                why=why,
                stage=stage.address,
            )


_PLACEHOLDERS = (
    ".gitignore",
    ".gitkeep",
    ".keep",
    ".gitattributes",
    "README.md",
    "readme.md",
    "README.rst",
    "README.txt",
)


def _in_git(source: Source, artifact: str) -> str:
    """A tracked file that is ``artifact`` or lies in it; placeholders that keep a folder in git do not count."""
    if source.is_file(artifact):
        return artifact
    return next((path for path in source.under(artifact) if path.rpartition("/")[2] not in _PLACEHOLDERS), "")


_MD5 = lazy(r"[0-9a-f]{32}(?:\.dir)?")
_COMMIT = lazy(r"[0-9a-f]{40}|[0-9a-f]{64}")


def _judge(out: Out, dep: Dep | None) -> tuple[bool, str]:
    """Whether one entry of ``outs`` identifies its content, and how if not."""
    if dep is not None and dep.rev_lock and not _COMMIT.fullmatch(dep.rev_lock):
        return False, f"rev_lock of {out.path} is {dep.rev_lock!r}, which is not a commit id"
    if out.hash_name.startswith("md5") and out.digest and not _MD5.fullmatch(out.digest):
        return False, f"md5 of {out.path} is {out.digest!r}, which is not 32 hexadecimal digits"
    if out.digest or out.version_id or out.files:
        return True, ""
    if dep is not None:
        return True, f"{out.path} was imported without downloading it"
    return False, f"no digest is recorded for {out.path}"


def _strength(out: Out) -> str:
    if out.hash_name.startswith("md5"):
        return "integrity"
    return "bound" if out.digest or out.version_id else "declared"


def stored(source: Source, pointer: Pointer, projects: Sequence[str], remotes: Sequence[Remote]) -> Pointer:
    """The pointer with the DVC project it belongs to, the remote that serves it, and what of it is in git too."""
    project = next((p for p in projects if not p or pointer.path.startswith(f"{p}/")), None)
    store = _store(pointer.remote, project, remotes)
    return pointer._replace(project=project, store=store, also_in_git=_in_git(source, pointer.artifact))


def _store(name: str, project: str | None, remotes: Sequence[Remote]) -> Remote | None:
    """The remote that was named, else the default one, else any that others can reach.

    A configuration that cannot be read is one nameless remote, and comes first.
    """
    known = [r for r in remotes if r.system == "dvc" and r.project == project]
    if name:
        return next((r for r in known if r.name == name.lower()), None)
    ranked = sorted(known, key=lambda r: (bool(r.name), not r.default, r.shared is not True, r.shared is None, r.name))
    return ranked[0] if ranked else None
