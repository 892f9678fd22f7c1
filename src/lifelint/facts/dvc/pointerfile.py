"""``.dvc`` files: what each one points at. Not whether the content is there, nor whether anything uses it.

The format is DVC's ``SINGLE_STAGE_SCHEMA`` (dvc/schema.py) and https://dvc.org/doc/user-guide/project-structure/dvc-files.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml_values import Map, Seq, scalar
from lifelint.facts.dvc.hashing import tree_digest


class Out(NamedTuple):
    """Something DVC keeps the digest of: an entry of ``outs`` in a ``.dvc`` file or in ``dvc.lock``.

    ``hash_name`` is ``md5`` (DVC 3), ``md5-dos2unix`` (DVC 2 and older, which wrote no ``hash:``), ``etag``,
    ``checksum`` or empty where no digest is recorded. ``digest`` of a directory ends with ``.dir``. ``line`` is that of
    the entry, ``digest_line`` that of its digest.
    """

    path: str
    hash_name: str = ""
    digest: str = ""
    size: int | None = None
    nfiles: int | None = None
    cache: bool = True
    push: bool = True
    persist: bool = False
    remote: str = ""
    version_id: str = ""
    files: int = 0
    line: int = 0
    digest_line: int = 0


class Dep(NamedTuple):
    """Where an import came from, or what an old one-stage file used: an entry of ``deps``.

    ``rev`` is the revision asked for, ``rev_lock`` the commit it was resolved to. ``params`` are the recorded parameter
    values of a stage written by DVC 1.0 with ``--single-stage``.
    """

    path: str
    hash_name: str = ""
    digest: str = ""
    size: int | None = None
    nfiles: int | None = None
    repo_url: str = ""
    rev: str = ""
    rev_lock: str = ""
    version_id: str = ""
    params: Mapping[str, Any] | None = None
    line: int = 0
    digest_line: int = 0


class PointerFile(NamedTuple):
    """A ``.dvc`` file: a pointer to data, an import, or (with ``cmd``) a stage of DVC 0.x or 1.x.

    ``md5`` is the checksum of the file about itself (see ``self_checksums``), ``wdir`` the folder its paths start from,
    relative to the file's own.
    """

    md5: str = ""
    wdir: str = "."
    frozen: bool = False
    always_changed: bool = False
    cmd: str | tuple[str, ...] = ""
    deps: tuple[Dep, ...] = ()
    outs: tuple[Out, ...] = ()
    md5_line: int = 0
    cmd_line: int = 0


# What `dvc add` writes: one out, each key once, plain scalars that no YAML resolver turns into anything else.
_PLAIN = lazy(
    rb"outs:\n((?:(?:- |  )(?:md5: [0-9a-f]{32}(?:\.dir)?|size: \d{1,18}|nfiles: \d{1,18}|hash: md5"
    rb"|path: [A-Za-z_][A-Za-z0-9_./-]{0,4000})\n){2,5})"
)


def parse_pointer_file(data: bytes) -> PointerFile:
    """What a ``.dvc`` file says.

    Raises:
        Unreadable: not YAML, or keys of the wrong type.
    """
    return _machine_written(data) or _parse(data)


def _machine_written(data: bytes) -> PointerFile | None:
    match = _PLAIN.fullmatch(data)
    if match is None:
        return None
    lines = match[1].decode().splitlines()
    if any(line.startswith("- ") != (number == 0) for number, line in enumerate(lines)):
        return None
    values = dict(line[2:].split(": ", 1) for line in lines)
    if len(values) != len(lines) or "path" not in values or "md5" not in values:
        return None
    path = values["path"]
    if not isinstance(scalar(path), str):
        return None
    numbers = {line[2:].split(":", 1)[0]: number for number, line in enumerate(lines, 2)}
    out = Out(
        path,
        values.get("hash", "md5-dos2unix"),
        values["md5"],
        int(values["size"]) if "size" in values else None,
        int(values["nfiles"]) if "nfiles" in values else None,
        line=2,
        digest_line=numbers["md5"],
    )
    return PointerFile(outs=(out,))


def _parse(data: bytes) -> PointerFile:
    document = _document(data)
    cmd = document.get("cmd") or ""
    if not isinstance(cmd, (str, list)):
        raise Unreadable("has a cmd that is neither text nor a list", document.value_lines["cmd"])
    return PointerFile(
        md5=_text(document, "md5"),
        wdir=_text(document, "wdir") or ".",
        frozen=bool(document.get("frozen") or document.get("locked")),
        always_changed=bool(document.get("always_changed")),
        cmd=tuple(map(str, cmd)) if isinstance(cmd, list) else cmd,
        deps=tuple(read_dep(entry) for entry in _entries(document, "deps")),
        outs=tuple(read_out(entry) for entry in _entries(document, "outs")),
        md5_line=document.lines.get("md5", 0),
        cmd_line=document.lines.get("cmd", 0),
    )


def _document(data: bytes) -> Map:
    from lifelint.facts import _yaml

    document = _yaml.load(data)
    if not isinstance(document, Map):
        raise Unreadable("is not a DVC file: a mapping was expected", 1)
    return document


def _entries(document: Map, key: str) -> list[Map]:
    entries = document.get(key)
    if entries is None:
        return []
    if not isinstance(entries, Seq) or not all(isinstance(entry, Map) for entry in entries):
        raise Unreadable(f"has {key} that are not a list of mappings", document.value_lines[key])
    return list(entries)


def _text(entry: Map, key: str) -> str:
    value = entry.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Unreadable(f"has a {key} that is not text", entry.value_lines[key])
    return str(value)


def _count(entry: Map, key: str) -> int | None:
    value = entry.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_out(entry: Map) -> Out:
    """One entry of ``outs``. Raises ``Unreadable`` when it has no path or a digest that is not text."""
    path = _text(entry, "path")
    if not path:
        raise Unreadable("has an entry without path", entry.line)
    name, digest, line = read_digest(entry)
    return Out(
        path=path,
        hash_name=name,
        digest=digest,
        size=_count(entry, "size"),
        nfiles=_count(entry, "nfiles"),
        cache=entry.get("cache") is not False,
        push=entry.get("push") is not False,
        persist=entry.get("persist") is True,
        remote=_text(entry, "remote"),
        version_id=_version(entry),
        files=len(entry.get("files") or ()),
        line=entry.line,
        digest_line=line,
    )


_NO_REPO = Map()


def read_dep(entry: Map) -> Dep:
    """One entry of ``deps``. A dependency on a database has no path."""
    repo = entry.get("repo")
    repo = repo if isinstance(repo, Map) else _NO_REPO
    params = entry.get("params")
    name, digest, line = read_digest(entry)
    return Dep(
        path=_text(entry, "path"),
        hash_name=name,
        digest=digest,
        size=_count(entry, "size"),
        nfiles=_count(entry, "nfiles"),
        repo_url=_text(repo, "url"),
        rev=_text(repo, "rev"),
        rev_lock=_text(repo, "rev_lock"),
        version_id=_version(entry),
        params=params if isinstance(params, Map) else None,
        line=entry.line,
        digest_line=line or repo.lines.get("rev_lock", 0),
    )


def read_digest(entry: Map) -> tuple[str, str, int]:
    """Name, value and line of an entry's digest; empty where none is recorded.

    Directories of version-aware remotes list their ``files`` instead: the digest is then that of the list, as DVC
    computes it (``Output._compute_meta_hash_info_from_files``).
    """
    files = entry.get("files")
    if isinstance(files, Seq) and files:
        pairs = [(f.get("relpath"), f.get("md5")) for f in files if isinstance(f, Map)]
        if len(pairs) == len(files) and all(isinstance(part, str) for pair in pairs for part in pair):
            return _md5_name(entry), tree_digest(pairs), entry.lines["files"]  # type: ignore[arg-type]
        return "", "", 0
    if _text(entry, "md5"):
        return _md5_name(entry), _text(entry, "md5").lower(), entry.lines["md5"]
    for name in ("etag", "checksum"):
        if _text(entry, name):
            return name, _text(entry, name), entry.lines[name]
    return "", "", 0


def _md5_name(entry: Map) -> str:
    return _text(entry, "hash") or "md5-dos2unix"


def _version(entry: Map) -> str:
    cloud = entry.get("cloud")
    held = next((c for c in cloud.values() if isinstance(c, Map)), entry) if isinstance(cloud, Map) else entry
    return _text(held, "version_id")


_NOT_COUNTED = frozenset(
    ("desc", "type", "labels", "meta", "locked", "frozen", "metric", "persist", "isexec", "size", "nfiles")
)
_DEFAULTS = (("cache", True), ("push", True))


def self_checksums(data: bytes) -> tuple[str, ...]:
    """The values that the top-level ``md5`` of this ``.dvc`` file may have: what DVC recomputes from the rest of it.

    The algorithm is dvc's ``stage/utils.py:compute_md5``. There can be two: releases before 1.0 wrote default flags
    such as ``cache: true`` into the file and into the checksum, later ones leave them out of both.

    Raises:
        Unreadable: not YAML or not a mapping.
    """
    import hashlib

    document = {k: v for k, v in _document(data).items() if v and k not in ("md5", "meta", "desc")}
    if document.get("wdir") == ".":
        del document["wdir"]
    found = []
    for drop in ((), _DEFAULTS):
        try:
            text = json.dumps(_counted(document, drop), sort_keys=True)
        except (TypeError, ValueError):
            raise Unreadable("holds keys or values that DVC cannot have written") from None
        found.append(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
    return tuple(dict.fromkeys(found))


def _counted(value: Any, drop: tuple[tuple[str, bool], ...]) -> Any:
    if isinstance(value, list):
        return [_counted(item, drop) for item in value]
    if isinstance(value, dict):
        return {k: _counted(v, drop) for k, v in value.items() if k not in _NOT_COUNTED and (k, v) not in drop}
    return value
