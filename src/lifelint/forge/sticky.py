"""One comment that stays: made when there is something to say, then edited in place, and never made twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from lifelint.forge.answers import ForgeError


class Comment(NamedTuple):
    """A comment by anybody. ``id`` is the forge's."""

    id: int
    author: str
    body: str
    address: str


class Thread(Protocol):
    """The conversation of one change on a forge. Each of its methods asks the forge, and may raise ``ForgeError``."""

    permission: str
    """What a job needs to write here, for people."""

    def head(self) -> tuple[str, str]:
        """The commit that the change is at now, and why nobody can comment on it, ``""`` if one can."""

    def me(self) -> str:
        """The name under which we write."""

    def comments(self) -> Iterable[Comment]:
        """All comments, the oldest first."""

    def create(self, body: str) -> Comment:
        """Writes a comment."""

    def edit(self, comment: Comment, body: str) -> Comment:
        """Puts ``body`` in its place."""

    def delete(self, comment: Comment) -> None:
        """Takes it away."""


class Published(NamedTuple):
    """What became of a comment.

    ``status``: ``created``, ``updated``, ``unchanged``, ``skipped`` (there was nothing to say, or nowhere to say it),
    ``stale`` (the branch has gone on), ``denied`` (a permission is missing) or ``failed``; ``why`` explains the last
    four.
    """

    status: str
    address: str = ""
    why: str = ""


def publish(thread: Thread, commit: str, body: str, *, create: bool) -> Published:
    """Says ``body`` of ``commit`` in a conversation, in place of our comment that starts with the same line.

    Without ``create`` a comment is only edited. Nothing is raised: a comment that cannot be written changes no result.
    """
    try:
        return _published(thread, commit, body, create=create)
    except ForgeError as error:
        if error.status in (401, 403, 404):
            return Published("denied", why=f"{error}: {thread.permission}")
        return Published("failed", why=str(error))


def _published(thread: Thread, commit: str, body: str, *, create: bool) -> Published:
    head, closed = thread.head()
    if head != commit:
        return Published("stale", why=f"the branch is at {head[:12]} now")
    if closed:
        return Published("skipped", why=closed)
    marker, me = body.partition("\n")[0], thread.me()
    ours = list(_ours(thread, marker, me))
    if not ours and not create:
        return Published("skipped", why="there is nothing to say")
    if not ours:
        return _created(thread, body, marker, me)
    first, *more = ours
    for extra in more:
        _removed(thread, extra)
    if first.body.strip() == body.strip():
        return Published("unchanged", first.address)
    return Published("updated", thread.edit(first, body).address)


def _created(thread: Thread, body: str, marker: str, me: str) -> Published:
    try:
        made = thread.create(body)
    except ForgeError as error:
        # It may be there although the answer was lost: a second one is worse than none
        there = next(_ours(thread, marker, me), None) if error.unsure else None
        if there is None:
            raise
        made = there
    return Published("created", made.address)


def _ours(thread: Thread, marker: str, me: str) -> Iterator[Comment]:
    """Our comments, the oldest first. Anybody can write the marker, so the author counts as well."""
    return (comment for comment in thread.comments() if comment.author == me and comment.body.startswith(marker))


def _removed(thread: Thread, comment: Comment) -> None:
    """Two runs at once may each have made one. That the second stays is no reason to fail."""
    try:
        thread.delete(comment)
    except ForgeError:
        return
