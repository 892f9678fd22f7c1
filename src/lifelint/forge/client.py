"""A forge's API over HTTPS: few requests, bounded in time, with the token sent to one host.

The standard library serves: importing a client library costs more than the few requests made here.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib import error, request
from urllib.parse import urljoin, urlsplit

from lifelint import __version__

_LARGEST = 16 << 20  # bytes of an answer
_PAGES = 30
_WAITS = 10.0  # seconds: a limit that lasts longer is not waited for, because the job costs its owner money
_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next"?')


class ForgeError(Exception):
    """A request that did not succeed. ``status`` is that of the answer, 0 where there was none."""

    def __init__(self, status: int, message: str, *, sent: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.sent = sent
        """Whether the forge may have done what was asked although no good answer came."""


class Answer(NamedTuple):
    """A good answer: its JSON, and the address of the next page, ``""`` for the last."""

    data: Any
    following: str = ""


class _NoRedirect(request.HTTPRedirectHandler):
    """A redirect could lead the token to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Client:
    """Talks to one API, such as ``https://api.github.com``.

    ``seconds`` bound all requests together. What can be done twice without harm is tried again after a failure of the
    server or the line; a POST only when it was refused for a limit, and so not done. Certificates are those of the
    system, or of ``SSL_CERT_FILE``; proxies those of the environment.
    """

    def __init__(
        self,
        api: str,
        headers: Mapping[str, str],
        *,
        seconds: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api.rstrip("/")
        self._headers = {"Accept": "application/json", "User-Agent": f"lifelint/{__version__}", **headers}
        self._sleep = sleep
        self._clock = clock
        self._until = clock() + seconds
        self._opener = request.build_opener(_NoRedirect)

    def get(self, path: str) -> Answer:
        """Reads ``path``, which starts with a slash.

        Raises:
            ForgeError: it cannot be read.
        """
        return self._tried("GET", self._address(path), None)

    def pages(self, path: str) -> Iterator[Any]:
        """The items of a list, page after page.

        Raises:
            ForgeError: a page cannot be read, leads to another host, or there are too many.
        """
        address = self._address(path)
        for _ in range(_PAGES):
            answer = self._tried("GET", address, None)
            yield from answer.data if isinstance(answer.data, list) else ()
            if not answer.following:
                return
            address = self._address(urljoin(address, answer.following))
        raise ForgeError(0, f"the list has more than {_PAGES} pages")

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Writes.

        Raises:
            ForgeError: it was refused, or it is not known whether it was done (``sent``).
        """
        return self._tried(method, self._address(path), body)

    def _address(self, path: str) -> str:
        """The address of a path below the API, or an address of the same host: the token goes nowhere else."""
        if path.startswith("/"):
            return self._api + path
        if _origin(path) != _origin(self._api):
            raise ForgeError(0, f"{urlsplit(path).netloc} is not the host of the API")
        return path

    def _tried(self, method: str, address: str, body: Mapping[str, Any] | None) -> Answer:
        for attempt in range(3):
            try:
                return self._once(method, address, body)
            except _Again as again:
                wait = again.after if again.after is not None else 2.0**attempt
                safe = method != "POST" or again.refused
                late = wait > _WAITS or self._clock() + wait >= self._until
                if attempt == 2 or not safe or late:
                    raise again.failure from None
                self._sleep(wait)
        raise AssertionError  # the last attempt returns or raises

    def _once(self, method: str, address: str, body: Mapping[str, Any] | None) -> Answer:
        left = self._until - self._clock()
        if left <= 0:
            raise ForgeError(0, "there was no time left")
        headers = {**self._headers, **({"Content-Type": "application/json"} if body is not None else {})}
        data = None if body is None else json.dumps(body).encode()
        asked = request.Request(address, data, headers, method=method)  # noqa: S310  (the runner's own address)
        try:
            with self._opener.open(asked, timeout=min(left, 10.0)) as answer:
                return _answer(answer.read(_LARGEST), answer.headers)
        except error.HTTPError as refusal:
            with refusal:
                raise _refused(method, refusal) from None
        except (OSError, HTTPException) as failure:
            reason = getattr(failure, "reason", failure)
            raise _Again(ForgeError(0, f"no answer ({reason})", sent=method == "POST")) from None


class _Again(Exception):
    """A failure that may pass. ``refused``: nothing was done; ``after``: seconds to wait, if the forge said."""

    def __init__(self, failure: ForgeError, *, refused: bool = False, after: float | None = None) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.refused = refused
        self.after = after


def _answer(data: bytes, headers: Any) -> Answer:
    following = _NEXT.search(headers.get("Link") or "")
    if not data:
        return Answer(None)
    try:
        return Answer(json.loads(data), following[1] if following else "")
    except ValueError:
        raise ForgeError(0, "the answer is not JSON") from None


def _refused(method: str, refusal: error.HTTPError) -> ForgeError | _Again:
    """What a status means (docs.github.com, REST API best practices: 403 and 429 for limits, with Retry-After)."""
    status = refusal.code
    message = _message(refusal)
    failure = ForgeError(status, message, sent=method == "POST" and status >= 500)
    limited = status == 429 or (status == 403 and re.search(r"rate limit|abuse", message, re.I) is not None)
    if limited:
        return _Again(failure, refused=True, after=_after(refusal.headers.get("Retry-After")))
    if status >= 500:
        return _Again(failure)
    return failure


def _message(refusal: error.HTTPError) -> str:
    try:
        said = json.loads(refusal.read(1 << 16)).get("message")
    except (ValueError, OSError, AttributeError, HTTPException):
        said = None
    return said[:500] if isinstance(said, str) else f"status {refusal.code}"


def _after(said: str | None) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3): a number or a date."""
    if not said:
        return 60.0  # what GitHub asks to wait for where it does not say
    if said.strip().isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
