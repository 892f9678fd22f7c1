"""A forge's API: what is asked of it, how often, and that it is asked of no other host."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from lifelint import __version__
from lifelint.forge.answers import Answer, ForgeError, strange
from lifelint.forge.line import Line

_ATTEMPTS = 3
_PAGES = 30
_PATIENCE = 10.0  # seconds: a limit that lasts longer is not waited for, because the job costs its owner money


class Client:
    """Talks to one API, such as ``https://api.github.com``.

    ``seconds`` bound all requests together. What can be done twice without harm is tried again after a failure of the
    server or the line; what creates something only when it was refused for a limit, and so not done.
    """

    def __init__(
        self,
        api: str,
        headers: Mapping[str, str],
        *,
        seconds: float = 20.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api = api.rstrip("/")
        self._sleep = sleep
        self._line = Line({"Accept": "application/json", "User-Agent": f"lifelint/{__version__}", **headers}, seconds)

    def get(self, path: str) -> Any:
        """Reads ``path``, which starts with a slash.

        Raises:
            ForgeError: it cannot be read.
        """
        return self._tried("GET", path).data

    def pages(self, path: str) -> Iterator[Any]:
        """The items of a list, page after page.

        Raises:
            ForgeError: a page cannot be read, is no list, leads to another host, or there are too many.
        """
        for _ in range(_PAGES):
            page = self._tried("GET", path)
            if not isinstance(page.data, list):
                raise strange("a list")
            yield from page.data
            path = page.following
            if not path:
                return
        raise ForgeError(0, f"the list has more than {_PAGES} pages")

    def graphql(self, address: str, query: str) -> Any:
        """Reads by a query, at the address of the same host's GraphQL.

        Raises:
            ForgeError: it cannot be read.
        """
        return self._tried("POST", address, {"query": query}).data

    def create(self, path: str, body: Mapping[str, Any]) -> Any:
        """Makes something new, once at most.

        Raises:
            ForgeError: it was refused, or it is not known whether it was done (``unsure``).
        """
        return self._tried("POST", path, body, once=True).data

    def change(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Puts something in a state, which may be done twice.

        Raises:
            ForgeError: it was refused, or failed.
        """
        return self._tried(method, path, body).data

    def _tried(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, once: bool = False) -> Answer:
        address = self._address(path)
        for attempt in range(_ATTEMPTS):
            try:
                return self._line.ask(method, address, body)
            except ForgeError as failure:
                if failure.again is None or (once and failure.unsure) or attempt == _ATTEMPTS - 1:
                    raise
                wait = max(failure.again, 2.0**attempt)
                if wait > _PATIENCE or wait >= self._line.left():
                    raise
                self._sleep(wait)
        raise AssertionError  # the last attempt returns or raises

    def _address(self, path: str) -> str:
        """The address of a path below the API, or an address of the same host: the token goes nowhere else."""
        below = path.startswith("/") and not path.startswith("//")
        address = self._api + path if below else path
        if _origin(address) != _origin(self._api):
            raise ForgeError(0, f"{'://'.join(_origin(address))} is not where the API is")
        return address


def _origin(address: str) -> tuple[str, str]:
    """Scheme and host of an address.

    Raises:
        ForgeError: it is not one of HTTP.
    """
    try:
        scheme, host, *_ = urlsplit(address)
    except ValueError:
        scheme = host = ""
    if scheme not in ("https", "http") or not host:
        raise ForgeError(0, f"the API has no address of HTTP: {address[:100]}")
    return scheme, host
