"""Which parts of a repository are projects: roots inside it that own an ML lifecycle."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from lifelint.facts import Collected, Crashed, Facts, Unread

if TYPE_CHECKING:
    from lifelint.facts._reach import Reach

LIFECYCLE = ("stages", "pointers", "manifests", "locks")
"""Kinds of facts that make a folder a candidate: a pipeline, versioned data, or a declared environment."""

INHERITED = frozenset({"manifests", "locks", "python_versions", "remotes", "owners", "team", "statements", "risks"})
"""Kinds that count for a nested project too when it has none of its own."""

ONCE = frozenset({"codeowners", "dependency_files", "permissions"})
"""Kinds about the repository as a whole: where its top is no project, the first project has them, to be told once."""

COMMON = frozenset({"ci_commands"})
"""Kinds that count for projects below their place too: for which of several, ``facts/_reach`` tells."""

_NOTHING = Collected((), ())


class Project(NamedTuple):
    """A project's root; ``""`` is the repository's."""

    root: str


class Share:
    """The facts of one project: what lies in it and in no project nested in it, by kind."""

    def __init__(self, shares: "Shares", root: str) -> None:
        self._shares, self._root = shares, root
        self._known: dict[str, Collected] = {}  # most kinds are asked for by many rules

    def __getitem__(self, kind: str) -> Collected:
        """The project's facts of ``kind``; for an inherited kind those of the nearest project that has any."""
        if kind not in self._known:
            self._known[kind] = self._found(kind)
        return self._known[kind]

    def _found(self, kind: str) -> Collected:
        root = self._root
        parts = self._shares.parts(kind)
        while kind in INHERITED and root not in ("", "/") and not parts.get(root, _NOTHING).items:
            root = self._shares.owner(root.rpartition("/")[0])
        if kind in COMMON and root != "/":
            return self._common(parts)
        found = parts.get(root, _NOTHING)
        return self._covering(found) if kind == "locks" and root != self._root else found

    def _common(self, parts: dict[str, Collected]) -> Collected:
        """What lies in the project and in those around it, as far as it counts for this one."""
        holders = [self._root]
        while holders[-1] != "/":
            holders.append(self._shares.owner(holders[-1].rpartition("/")[0]) if holders[-1] else "/")
        found = _NOTHING
        for holder in holders:
            found = found.joined(self._shares.counting(parts.get(holder, _NOTHING), self._root, holder))
        return found

    def _covering(self, locks: Collected) -> Collected:
        """Of a project's locks above, those that cover an environment of this one; all where it declares none."""
        own = {manifest.path for manifest in self._shares.parts("manifests").get(self._root, _NOTHING).items}
        if not own:
            return locks
        return locks._replace(items=tuple(lock for lock in locks.items if not own.isdisjoint(lock.covers)))

    def get(self, kind: str) -> Collected:
        """The project's facts of ``kind``, none where they crashed: for what only helps, and never for a verdict."""
        try:
            return self[kind]
        except Crashed:
            return _NOTHING


class Shares:
    """The facts of a repository, dealt out to its projects. What lies in no project belongs to none.

    A part that is made of the same objects as in another state, ``like``, is the same object, if it was made there.
    """

    def __init__(self, facts: Facts, projects: Sequence[Project], *, like: "Shares | None" = None) -> None:
        self._facts, self._like = facts, like
        self._roots = {project.root for project in projects}
        self._owners: dict[str, str] = {}
        self._parts: dict[str, dict[str, Collected]] = {}

    def of(self, project: Project) -> Share:
        """The share of one project."""
        return Share(self, project.root)

    def of_nobody(self, kind: str) -> Collected:
        """What lies in no project, none where the facts crashed."""
        return Share(self, "/").get(kind)

    def parts(self, kind: str) -> dict[str, Collected]:
        """The facts of ``kind`` by the root of the project that owns them."""
        if kind not in self._parts:
            items: dict[str, list[Any]] = {}
            unread: dict[str, list[Unread]] = {}
            nobodys = min(self._roots, default="/") if kind in ONCE else "/"
            for item in self._facts[kind].items:
                root = self.owner(item.path)
                items.setdefault(nobodys if root == "/" else root, []).append(item)
            for one in self._facts[kind].unread:
                root = self.owner(one.path)
                unread.setdefault(nobodys if root == "/" else root, []).append(one)
            parts = {
                root: Collected(tuple(items.get(root, ())), tuple(unread.get(root, ()))) for root in {*items, *unread}
            }
            others = self._like._parts.get(kind, {}) if self._like else {}
            self._parts[kind] = {
                root: other if (other := others.get(root)) and part.same(other) else part
                for root, part in parts.items()
            }
        return self._parts[kind]

    def counting(self, held: Collected, root: str, holder: str) -> Collected:
        """What of the commands that ``holder`` holds counts for the project at ``root``: of most, the same."""
        if not held.items or self.reach is None:
            return held
        return Collected(self.reach.counting(held.items, root, holder), held.unread)

    @cached_property
    def reach(self) -> "Reach | None":
        """For which project a command counts; ``None`` where there is one project, for which all of them do."""
        if len(self._roots) < 2:
            return None
        from lifelint.facts._aims import Land
        from lifelint.facts._reach import Reach

        kept = [path for path in self._facts.source.named("config") if f"/{path}".endswith("/.dvc/config")]
        subrepos = frozenset(path.removesuffix(".dvc/config").rstrip("/") for path in kept)
        return Reach(Land(self._roots, self.owner, subrepos, frozenset(self._feeding())))

    def _feeding(self) -> Iterator[tuple[str, str]]:
        """Pairs of projects of which the stages of the first take what those of the second make, or lead to that."""
        steps = [step for step in self._facts.get("steps").items if step.tool == "dvc"]
        makers = {path: self.owner(step.path) for step in steps for path in step.makes}
        taking: dict[str, set[str]] = {}
        for step in steps:
            into = self.owner(step.path)
            for path in step.reads:
                taking.setdefault(into, set()).update(makers[one] for one in (path, *_above(path)) if one in makers)
        for root in taking:
            waiting, seen = [root], {root}
            while waiting:
                new = taking.get(waiting.pop(), set()) - seen
                seen |= new
                waiting += new
            yield from ((root, other) for other in seen if other != root)

    def owner(self, path: str) -> str:
        """The root of the innermost project around ``path``; ``"/"`` when it is in none."""
        if path not in self._owners:
            if path in self._roots:
                self._owners[path] = path
            else:
                self._owners[path] = self.owner(path.rpartition("/")[0]) if path else "/"
        return self._owners[path]


def declared(roots: Iterable[str]) -> list[Project]:
    """The projects with exactly these roots."""
    return [
        Project(root) for root in sorted({root.strip("/").removeprefix("./") if root != "." else "" for root in roots})
    ]


def detect(facts: Facts, folder: str = "") -> list[Project]:
    """The projects of a repository, or of one ``folder`` in it, found from what its folders hold.

    A folder with a pipeline of its own *and* an environment of its own stands alone. Where the top has neither, the
    topmost folders that hold a pipeline or an environment are projects, if there are several: that is a monorepo or
    a collection. Everything else belongs to the project around it. The environment of a module of Nextflow, which lies
    beside its ``main.nf``, is that of the topmost folder with one.
    """
    if folder:
        return [Project(folder)]
    pipelines = {_folder(item.path) for item in facts.get("stages").items}
    flows = {_folder(path) for path in facts.source.named("main.nf")}
    environments = {_flow(_folder(item.path), flows) for item in facts.get("manifests").items if item.role == "runtime"}
    roots = {""} | (pipelines & environments)
    if "" not in pipelines | environments:
        top = _topmost(pipelines | environments)
        if len(top) > 1:
            roots |= top
    found = [Project(root) for root in sorted(roots)]
    shares = Shares(facts, found)
    holding = {
        root
        for kind in LIFECYCLE
        if facts.get(kind).items or facts.get(kind).unread
        for root, part in shares.parts(kind).items()
        if any(getattr(item, "role", "runtime") == "runtime" for item in part.items) or part.unread
    }
    return [project for project in found if project.root in holding] or [Project("")]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _flow(folder: str, flows: set[str]) -> str:
    """The pipeline that ``folder`` is a module of, itself where it is none."""
    return min((folder, *flows.intersection(_above(folder))), key=len) if folder in flows else folder


def _topmost(folders: set[str]) -> set[str]:
    # "a/requirements" and "a/docker" belong to "a": a manifest's own folder is often a drawer, not a project.
    return {folder for folder in folders if folders.isdisjoint(_above(folder))}


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = _folder(folder)
        yield folder
