"""The noun of what is versioned outside git."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lifelint.facts.data.remoteconfig import Remote


class Pointer(NamedTuple):
    """Something whose content is kept outside git, and the text in git that stands for it.

    ``artifact`` is the path (or address) of the content, ``path`` that of the pointer; for LFS and git-annex they are
    the same. ``stage`` names the stage of ``dvc.lock`` that made it. ``digest`` has a prefix that says how it was made
    (``md5:``, ``md5-dos2unix:`` for DVC 2 and older, ``sha256:``, ``etag:`` …) and is empty where none is recorded.
    ``kind`` is data, model or unknown, by name. ``strength``: ``integrity`` for a digest of the content, ``bound`` for
    an etag or version id, ``declared`` for neither. ``well_formed`` is ``None`` if that cannot be told; ``why`` says
    more.

    Imports: ``imported_from`` is the path inside the repository at ``url``, or the address itself; ``rev`` what was
    asked for, ``rev_lock`` the commit it was; ``origin_digest`` what is recorded of the origin; ``checksum_holds``
    whether the file's checksum of itself recomputes. ``project`` is the folder that holds ``.dvc``, ``None`` without
    one; ``store`` the remote the content is pulled from, as far as tracked configuration tells. ``also_in_git`` names a
    tracked file that is the artifact, or lies in it: the content is then kept twice.

    Formats: https://dvc.org/doc/user-guide/project-structure, git-lfs docs/spec.md, git-annex internals.
    """

    path: str
    line: int
    system: str
    artifact: str
    digest: str
    size: int | None
    nfiles: int | None
    kind: str
    strength: str
    well_formed: bool | None
    why: str = ""
    stage: str = ""
    imported_from: str = ""
    url: str = ""
    rev: str = ""
    rev_lock: str = ""
    origin_digest: str = ""
    checksum_holds: bool | None = None
    push: bool = True
    remote: str = ""
    project: str | None = None
    store: "Remote | None" = None
    also_in_git: str = ""
