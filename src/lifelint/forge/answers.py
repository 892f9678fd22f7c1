"""What a forge's answers mean: good ones, refusals, and failures that may pass."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from lifelint._patterns import lazy

_NEXT = lazy(r'<([^>]+)>\s*;[^,]*\brel="?next"?')
_SHOWN = 300  # characters of what a forge says of a failure
_UNTOLD = 60.0  # seconds that GitHub asks to wait for where it does not say how long a limit lasts


class ForgeError(Exception):
    """A request that did not succeed.

    ``status`` is that of the answer: 429 for every limit, 0 where no answer came that could be understood. ``again``
    is how many seconds to wait before it makes sense to ask again, ``None`` where it makes none.
    """

    def __init__(self, status: int, message: str, *, again: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.again = again

    @property
    def unsure(self) -> bool:
        """Whether the forge may have done what was asked although no good answer came."""
        return self.status == 0 or self.status >= 500


class Answer(NamedTuple):
    """A good answer: its JSON, and the address of the next page, ``""`` for the last."""

    data: Any
    following: str = ""


def answer(data: bytes, headers: Message) -> Answer:
    """Reads a good answer.

    Raises:
        ForgeError: it is not JSON; a proxy may have spoken in the forge's place.
    """
    following = _NEXT.search(headers.get("Link") or "")
    try:
        return Answer(json.loads(data) if data else None, following[1] if following else "")
    except (ValueError, RecursionError):
        raise ForgeError(0, "the answer is not JSON") from None


def strange(what: str) -> ForgeError:
    """For an answer that is JSON, but not what the API promises."""
    return ForgeError(0, f"the answer does not describe {what}")


def refusal(status: int, data: bytes, headers: Message) -> ForgeError:
    """What a status means (docs.github.com, Rate limits for the REST API; docs.gitlab.com, REST API).

    A limit is 429, or GitHub's 403 that says so; a 403 alone is a missing permission.
    """
    message = " ".join(_said(data))[:_SHOWN] or f"status {status}"
    spent = headers.get("X-RateLimit-Remaining") == "0" or re.search(r"rate limit|abuse detection", message, re.I)
    if status == 429 or (status == 403 and spent):
        return ForgeError(429, message, again=_after(headers.get("Retry-After")))
    return ForgeError(status, message, again=0.0 if status >= 500 else None)


def _said(data: bytes) -> Iterator[str]:
    """The words of a refusal: GitHub's ``message`` and those of its ``errors``, GitLab's ``message`` or ``error``."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(content, dict):
        return
    errors = content.get("errors")
    details = [one.get("message") for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    for said in (content.get("message"), content.get("error_description") or content.get("error"), *details):
        if said:
            yield " ".join((said if isinstance(said, str) else json.dumps(said)).split())


def _after(said: str | None) -> float:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3): a number or a date."""
    if said is None:
        return _UNTOLD
    if re.fullmatch(r"[0-9]{1,9}", said):
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, OverflowError):
        return _UNTOLD
