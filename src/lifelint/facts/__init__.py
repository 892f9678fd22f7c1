"""What the bytes mean. Files are parsed one by one (pure, memoised by blob id), then linked into facts.

A *kind* is a tuple of immutable records, each with ``path`` and ``line``. The function that makes it has the kind's
name and lives in the module that ``KINDS`` gives; its parameters name what it is made of: ``source``, other kinds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from operator import is_
from typing import Any, NamedTuple

from lifelint.facts._source import Memo, Source, Unread, Unreadable
from lifelint.snapshot import SnapshotError

__all__ = ["KINDS", "Collected", "Crashed", "Facts", "Memo", "Source", "Unread", "Unreadable", "below"]

KINDS: Mapping[str, str] = {
    "manifests": "environment",
    "locks": "environment",
    "requirements": "environment",
    "images": "containers",
    "run_images": "run_images",
    "installs": "installs",
    "python_versions": "pythons",
    "libraries": "environment.libraries",
    "accelerators": "accelerators",
    "pointers": "data.pointing",
    "unignored": "data.unignored",
    "remotes": "data.remoteconfig",
    "blobs": "data.rawfiles",
    "lfs_paths": "data.lfsfiles",
    "stages": "pipeline",
    "unfilled_stages": "pipeline",
    "edges": "pipeline",
    "references": "references",
    "steps": "steps",
    "scripts": "steps.scripts",
    "splits": "splits",
    "data_sources": "data.sources",
    "documents": "documents.found",
    "statements": "documents.statements",
    "risks": "documents.risks",
    "datasets": "data.datasets",
    "sensitive_data": "data.sensitive",
    "run_records": "run_records",
    "past_blobs": "data.pastblobs",
    "tags": "tags",
    "ci_commands": "ci",
    "permissions": "permissions",
    "facets": "facets",
    "evaluations": "evaluation.found",
    "gates": "evaluation.found",
    "unfilled_gates": "evaluation.found",
    "spellings": "evaluation.spelled",
    "releases": "releases.found",
    "release_tags": "releases.tagged",
    "release_problems": "releases.valid",
    "deployments": "releases.deployed",
    "attestations": "releases.attested",
    "rollback_procedures": "releases.procedure",
    "release_criteria": "releases.checklist",
    "owners": "owners.found",
    "codeowners": "owners.found",
    "owned_paths": "owners.owned",
    "team": "owners.people",
    "decisions": "decisions",
    "pins": "pins",
    "update_bots": "updates.found",
    "dependency_files": "updates.found",
    "monitors": "monitoring.found",
    "alert_routes": "monitoring.found",
}
"""Kind of fact → module of ``lifelint.facts`` that makes it."""

_ENVIRONMENT = (".txt", ".in", ".pip", ".lock", ".toml", ".yml", ".yaml", "setup.", "pipfile", "mlproject", "mlmodel")
_CONTAINERS = ("dockerfile", "containerfile", "devcontainer.json")
_PIPELINES = ("dvc.yaml", ".dvc", "dvcfile")

TRACES: Mapping[str, Sequence[str]] = {
    "manifests": _ENVIRONMENT,
    "locks": _ENVIRONMENT,
    "requirements": _ENVIRONMENT,
    "libraries": _ENVIRONMENT,
    "accelerators": (*_ENVIRONMENT, *_CONTAINERS),
    "images": _CONTAINERS,
    "run_images": (".yml", ".yaml", "mlproject"),
    "installs": (*_CONTAINERS, ".github/workflows/", ".ipynb"),
    "remotes": (".dvc/config", ".lfsconfig"),
    "stages": _PIPELINES,
    "unfilled_stages": ("dvc.yaml",),
    "edges": (*_PIPELINES, "croissant", "metadata.json"),
    "references": (".py", ".ipynb", ".yaml", ".yml", ".toml", ".json"),
    "permissions": (".github/workflows/",),
    "owners": ("codeowners",),
    "codeowners": ("codeowners",),
}
"""Kind of fact → what stands in a path (in lower case) that it can come from. Any file can hold what is not here.

It names too much rather than too little: it only spares a run over a few files the import of code that would find
nothing there, which is most of what a hook costs. A test holds that no example of any rule finds less with it.
"""

FEW = 2_000
"""Up to this many paths, looking through their names costs less than importing what looks for facts in them."""


class Collected(NamedTuple):
    """The facts of one kind, and the files that could not be read while they were made."""

    items: Sequence[Any]
    unread: Sequence[Unread]

    def like(self, other: "Collected", changed: Callable[[str], bool]) -> "Collected":
        """The same with the items of ``other`` in place of those that are equal, where no file of theirs ``changed``.

        In a file that changed, 1 may have become 1.0: equal, and yet not what is written there.
        """
        known = {(item.path, item.line): item for item in other.items}
        pairs = [(item, known.get((item.path, item.line), item)) for item in self.items]
        items = tuple([old if old == item and not changed(item.path) else item for item, old in pairs])
        made = Collected(items, self.unread)
        return other if made.same(other) else made

    def joined(self, other: "Collected") -> "Collected":
        """Those of both; of nothing and something the latter itself."""
        if not (self.items or self.unread):
            return other
        return Collected((*self.items, *other.items), (*self.unread, *other.unread)) if any(other) else self

    def same(self, other: "Collected") -> bool:
        """Whether both hold the very same objects."""
        alike = len(self.items) == len(other.items) and self.unread == other.unread
        return alike and (self.items is other.items or all(map(is_, self.items, other.items)))


class Crashed(Exception):
    """Facts could not be made because of a bug of ours. It says of which kind."""

    def __init__(self, kind: str, error: Exception) -> None:
        super().__init__(f"the facts {kind} could not be made: {type(error).__name__}: {error}")


class Facts:
    """The facts of one snapshot, made when first asked for and kept.

    With ``like``, facts of another state, those that it has made and that are the same here are the same objects: they
    need not be compared or judged again, and are handed from one process to another once.
    """

    def __init__(self, source: Source, *, like: "Facts | None" = None) -> None:
        self.source = source
        self._like = like
        self._made: dict[str, Collected | Crashed] = {}
        self._names = _lowered(source.entries) if len(source.entries) <= FEW else None

    def __getitem__(self, kind: str) -> Collected:
        """The facts of ``kind``.

        Raises:
            KeyError: there is no such kind.
            Crashed: there is a bug in what makes it, or in what makes a kind that it is made of.
            SnapshotError: git does not answer any more.
        """
        if kind not in self._made:
            made = self._tried(kind) if self._possible(kind) else Collected((), ())
            self._made[kind] = self._alike(kind, made)
        kept = self._made[kind]
        if isinstance(kept, Crashed):
            raise kept
        return kept

    def get(self, kind: str) -> Collected:
        """The facts of ``kind``, none where they crashed: for what only helps, and never for a verdict."""
        try:
            return self[kind]
        except Crashed:
            return Collected((), ())

    def adopt(self, made: Mapping[str, Collected]) -> None:
        """Takes facts of the same snapshot that were made elsewhere."""
        self._made |= made

    def _possible(self, kind: str) -> bool:
        return self._names is None or kind not in TRACES or any(trace in self._names for trace in TRACES[kind])

    def _tried(self, kind: str) -> Collected | Crashed:
        make = _maker(kind)
        try:
            return self._make(make)
        except SnapshotError:
            raise
        except Crashed as below:
            return below
        except Exception as error:  # noqa: BLE001  (a bug of ours; what does not rest on it still runs)
            return Crashed(kind, error)

    def _make(self, make: Callable[..., Iterable[Any]]) -> Collected:
        names = _parameters(make)
        below = {name: self[name] for name in names if name != "source"}
        given: dict[str, Any] = {name: made.items for name, made in below.items()}
        with self.source.recording() as unread:
            items = tuple(make(**given, source=self.source) if "source" in names else make(**given))
        above = [u for made in below.values() for u in made.unread]
        return Collected(items, tuple(dict.fromkeys([*above, *unread])))

    def _alike(self, kind: str, made: Collected | Crashed) -> Collected | Crashed:
        other = self._like._made.get(kind) if self._like else None
        if self._like is None or isinstance(made, Crashed) or not isinstance(other, Collected):
            return made
        here, there = self.source.content, self._like.source.content
        return made.like(other, lambda path: here(path) != there(path))


def below(kind: str) -> Sequence[str]:
    """The kinds that facts of ``kind`` are made of."""
    return [name for name in _parameters(_maker(kind)) if name != "source"]


def _maker(kind: str) -> Callable[..., Iterable[Any]]:
    make: Callable[..., Iterable[Any]] = getattr(import_module(f"lifelint.facts.{KINDS[kind]}"), kind)
    return make


def _parameters(make: Callable[..., Iterable[Any]]) -> Sequence[str]:
    return make.__code__.co_varnames[: make.__code__.co_argcount]


def _lowered(paths: Iterable[str]) -> str | None:
    """All paths as one text in lower case; ``None`` where letters have more than two forms."""
    text = "\n".join(paths)
    return text.lower() if text.isascii() else None
