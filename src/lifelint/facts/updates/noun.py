"""The nouns of updates."""

from typing import NamedTuple


class UpdateBot(NamedTuple):
    """One thing that a bot is told to watch: an entry of Dependabot's, or all that another one does.

    ``bot`` is ``dependabot``, ``renovate``, ``pyup`` or ``workflow`` (a scheduled job that renews a lock). It watches
    ``names`` (ecosystems as Dependabot calls them, managers as Renovate does; all where there are none) in ``folders``
    or in files ``only`` below some paths, but none of ``without``, and no path that ``ignored`` matches; ``also`` are
    patterns of more files, ``ruled`` those that switch paths off (``-``) and on again (``+``), in their order.
    ``works`` is false where it does nothing, ``None`` where that is decided elsewhere, and ``why`` says more.
    """

    path: str
    line: int
    bot: str
    names: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    ruled: tuple[str, ...] = ()
    works: bool | None = True
    why: str = ""


class DependencyFile(NamedTuple):
    """A file that names versions, which stay what they are until somebody renews them.

    ``ecosystem`` is ``pip``, ``uv``, ``docker`` or ``github-actions`` (Dependabot's names). ``frozen`` are the locks of
    it. ``watched`` says whether an update bot looks at it, ``None`` where that cannot be told; ``why`` is by what, or
    what keeps the bots from it, empty where there is no bot at all.
    """

    path: str
    line: int
    ecosystem: str
    frozen: tuple[str, ...] = ()
    watched: bool | None = False
    why: str = ""

    @property
    def folder(self) -> str:
        """The folder that Dependabot has to be told, ``""`` for the top: that of workflows is always the top."""
        return "" if self.ecosystem == "github-actions" else self.path.rpartition("/")[0]
