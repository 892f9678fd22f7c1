"""The values that describe environments: what is asked for, where, and what a lock froze."""

from typing import NamedTuple


class Requirement(NamedTuple):
    """One dependency that a manifest asks for directly (PEP 508; conda match specs; Poetry, Pipenv and Pixi tables).

    ``name`` is normalised (PEP 503). ``exact`` says whether the requirement by itself admits one version only;
    ``None`` when that cannot be told, ``why`` says what decided it. ``group`` is the extra, dependency group or
    category it belongs to, empty for the main one. ``role`` is ``runtime``, ``dev``, ``test``, ``docs`` or ``build``,
    and ``model`` for what was recorded with a trained model.
    """

    path: str
    line: int
    name: str
    written: str
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    url: str = ""
    group: str = ""
    role: str = "runtime"
    exact: bool | None = False
    why: str = ""
    hashed: bool = False


class Include(NamedTuple):
    """A file that another includes: ``-r`` and ``-c`` of pip's requirements format, ``pip: [-r …]`` of conda's."""

    path: str
    line: int
    option: str
    written: str
    target: str
    found: bool


class Broken(NamedTuple):
    """A line of a requirements file that pip refuses."""

    path: str
    line: int
    written: str
    why: str


class Manifest(NamedTuple):
    """A file that declares dependencies, with what it includes resolved.

    ``tool`` is what reads it: ``pip``, ``pyproject`` (PEP 621 and 735), ``poetry``, ``pipenv``, ``setuptools``,
    ``conda``, ``pixi``, ``mlflow``, ``cog``, ``bentoml`` or ``renv``. ``dynamic`` says why the declaration cannot be
    read statically, or is empty. ``library`` is true for what looks like a package published for others to install,
    whose ranges are right as they are.
    ``hashes`` is ``complete``, ``partial`` or ``none``: a file with one ``--hash`` needs one on every line.
    """

    path: str
    line: int
    tool: str
    role: str
    dependencies: tuple[Requirement, ...] = ()
    includes: tuple[Include, ...] = ()
    broken: tuple[Broken, ...] = ()
    name: str = ""
    dynamic: str = ""
    library: bool = False
    requires_python: str = ""
    requires_python_line: int = 0
    hashes: str = "none"
    unhashed: str = ""
    unhashed_line: int = 0


class Lock(NamedTuple):
    """A file that freezes a whole environment.

    ``manifest`` is the file it was made from (empty when unknown), ``covers`` all of them (workspace members, several
    sources). ``fresh`` says whether it still belongs to them: ``None`` when that could not be judged. ``why`` gives
    the first difference or the reason, ``difference_line`` its place in ``difference_path``. ``hashed`` is
    ``complete``, ``partial``, ``none`` or empty when unknown; ``unhashed`` names the first package without a hash.
    """

    path: str
    line: int
    tool: str
    manifest: str = ""
    covers: tuple[str, ...] = ()
    packages: int = 0
    fresh: bool | None = None
    why: str = ""
    difference_path: str = ""
    difference_line: int = 0
    hashed: str = ""
    unhashed: str = ""
    unhashed_line: int = 0
    requires_python: str = ""
    requires_python_line: int = 0


class Verdict(NamedTuple):
    """``fresh`` with the first difference, or the reason why it could not be judged; ``line`` is the lock's."""

    fresh: bool | None
    why: str
    line: int = 0
