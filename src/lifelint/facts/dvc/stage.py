"""Stages, what changed since they ran, and the edges between them: the nouns of the pipeline facts."""

from typing import NamedTuple


class StageDep(NamedTuple):
    """Something a stage reads. ``path`` is relative to the repository, or a URL, or starts with ``..`` or ``/``.

    ``held`` tells where its content is kept: ``git`` (a tracked file), ``folder`` (a tracked folder, or one that holds
    outputs), ``stage`` or ``pointer`` (an output of a stage or a ``.dvc`` file, named in ``by``), ``inside`` (below
    such an output), ``link`` (a symlink or submodule), ``outside`` (a URL or a path outside the repository),
    ``absent``, or ``unknown`` where a file that may produce it cannot be read or resolved.

    ``hash_name``, ``digest``, ``size``, ``nfiles`` and ``lock_line`` are what ``dvc.lock`` recorded; ``now`` is the
    present digest, empty where it cannot be known without the data.
    """

    path: str
    line: int
    held: str
    by: str = ""
    hash_name: str = ""
    digest: str = ""
    size: int | None = None
    nfiles: int | None = None
    lock_line: int = 0
    now: str = ""


class StageOut(NamedTuple):
    """Something a stage makes. ``kind`` is ``out``, ``metric`` or ``plot``.

    ``cache`` is false where DVC leaves the content to git. ``in_git`` tells whether it is tracked there. ``hash_name``,
    ``digest``, ``nfiles`` and ``lock_line`` are what ``dvc.lock`` recorded; ``now`` is the digest of what git holds.
    """

    path: str
    line: int
    kind: str
    cache: bool = True
    persist: bool = False
    in_git: bool = False
    hash_name: str = ""
    digest: str = ""
    nfiles: int | None = None
    lock_line: int = 0
    now: str = ""


class StageParam(NamedTuple):
    """A parameter a stage reads: a key of a file, or with an empty key all of it. ``held`` is as in ``StageDep``."""

    path: str
    key: str
    line: int
    held: str = "git"


class Use(NamedTuple):
    """A tracked file that a stage's command runs (``by`` empty), or a local module that the file ``by`` imports there.

    ``declared`` tells whether a dependency covers it. Only what certainly happens is listed: module-level imports.
    ``unread`` says why what it imports is unknown, where only a newer Python may tell.
    """

    path: str
    by: str
    line: int
    declared: bool
    unread: str = ""


class Change(NamedTuple):
    """A difference between what a stage was run with and what is there now.

    ``kind`` is ``cmd``, ``dep``, ``param`` or ``out``; ``name`` the path or the parameter (a
    key, ``file:key``, or for a whole file its path). ``was`` and ``now`` are
    digests or values as text, empty where there is none. ``path`` and ``line`` say where the old state is recorded, or
    where the new one is written if it is recorded nowhere. ``certain`` is false where the difference cannot be proven
    from git; ``why`` says what was seen.
    """

    kind: str
    name: str
    was: str
    now: str
    path: str
    line: int
    certain: bool
    why: str


class Stage(NamedTuple):
    """A stage of a DVC pipeline, from ``dvc.yaml`` (``foreach`` and ``matrix`` expanded) or an old ``.dvc`` file.

    ``state`` compares ``dvc.lock`` with the tree by the rules of ``dvc status``: ``clean``, ``changed``, ``never-run``
    (defined, not in the lock), ``always`` (runs every time), ``unknown`` (``why`` says what keeps it so) or ``orphan``
    (in the lock, no longer defined). ``lock`` is the path of the tracked ``dvc.lock``, empty where there is none.
    ``inputs`` is a digest of the command, the dependencies and the parameters that it records.
    """

    path: str
    line: int
    name: str
    address: str
    cmd: str | tuple[str, ...]
    wdir: str
    deps: tuple[StageDep, ...]
    outs: tuple[StageOut, ...]
    params: tuple[StageParam, ...]
    frozen: bool
    always_changed: bool
    lock: str
    lock_line: int
    state: str
    changes: tuple[Change, ...] = ()
    why: str = ""
    uses: tuple[Use, ...] = ()
    inputs: str = ""


class Unfilled(NamedTuple):
    """A stage of a ``dvc.yaml`` that a scaffold began and nobody has finished: ``mark`` still stands in it.

    It is no stage: nothing that it says was said by a person.
    """

    path: str
    line: int
    name: str
    mark: str


class Edge(NamedTuple):
    """A place where what a stage consumed meets what holds it now.

    ``path`` and ``line`` are those of the dependency in the consumer's ``dvc.lock``. ``held_by`` is ``stage``,
    ``pointer``, ``git`` or, for what a description says of a file, ``file``; ``producer`` the stage's address, the
    ``.dvc`` file, or the tracked path. ``agrees`` is none where the two digests cannot be compared; ``why`` says why.
    """

    path: str
    line: int
    consumer: str
    producer: str
    held_by: str
    artifact: str
    consumed: str
    held: str
    agrees: bool | None
    why: str = ""
