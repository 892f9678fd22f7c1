"""One HTTP request and its answer: to the end of a given time, and never to another host than the asked one.

The standard library serves: importing a client library costs more than the few requests made here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib import error, request

from lifelint.forge.answers import Answer, ForgeError, answer, refusal

_LARGEST = 64 << 20  # bytes of an answer: a hundred comments of the greatest length
_SILENCE = 10.0  # seconds without a byte


class _NoRedirect(request.HTTPRedirectHandler):
    """A redirect could lead the token to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Line:
    """Sends requests with the same headers, all of them within ``seconds``.

    Certificates are those of the system, or of ``SSL_CERT_FILE``; proxies those of the environment.
    """

    def __init__(self, headers: Mapping[str, str], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._headers = headers
        self._clock = clock
        self._until = clock() + seconds
        self._opener = request.build_opener(_NoRedirect)

    def left(self) -> float:
        """Seconds until the end, less than none after it."""
        return self._until - self._clock()

    def ask(self, method: str, address: str, body: Mapping[str, Any] | None) -> Answer:
        """Sends one request.

        Raises:
            ForgeError: it was refused, or no good answer came in time.
        """
        headers = {**self._headers, **({"Content-Type": "application/json"} if body is not None else {})}
        data = None if body is None else json.dumps(body).encode()
        asked = request.Request(address, data, headers, method=method)  # noqa: S310  (the client has seen to it)
        try:
            with self._opener.open(asked, timeout=min(self._some_left(), _SILENCE)) as good:
                return answer(self._read(good), good.headers)
        except error.HTTPError as bad:
            with bad:
                raise refusal(bad.code, self._read(bad), bad.headers) from None
        except (OSError, HTTPException) as failure:
            raise ForgeError(0, f"no answer ({getattr(failure, 'reason', failure)})", again=0.0) from None
        except ValueError:  # its words would show the token
            raise ForgeError(400, "the request cannot be written: is the token one line of ASCII?") from None

    def _read(self, source: HTTPResponse | error.HTTPError) -> bytes:
        """All that is sent. A server that sends a byte now and then never lets the time of silence pass."""
        data = bytearray()
        while len(data) < _LARGEST and (chunk := source.read1(1 << 16)):
            data += chunk
            self._some_left()
        return bytes(data)

    def _some_left(self) -> float:
        left = self.left()
        if left <= 0:
            raise ForgeError(0, "there was no time left")
        return left
