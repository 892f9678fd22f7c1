"""A server on loopback that fails when told to, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit


class Request(NamedTuple):
    """A request as it came, its headers' names In-Title-Case, and what it was answered: ``status`` is 0 for nothing."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    status: int = 0


class Reply(NamedTuple):
    """An answer. Bytes are sent as they are, anything else as JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


class Fault(NamedTuple):
    """What happens in place of the answer. Without a ``reply`` the line breaks: after what was asked was ``done`` or
    before it, at once or, ``hanging``, only when the server ends.
    """

    reply: Reply | None = None
    done: bool = False
    hanging: bool = False


BAD_GATEWAY = Fault(Reply(502, b"<html>502 Bad Gateway</html>", {"Content-Type": "text/html"}))
LOST = Fault(done=True)  # it was done, and the answer lost
BROKEN = Fault()  # the line broke before anything was done
HANGING = Fault(hanging=True)


class Loopback:
    """Asks ``respond`` for the answer to each request, one at a time. Leave it to let go of requests that hang.

    ``kind`` names the queue of faults that a request meets: its method, unless told otherwise.
    """

    def __init__(
        self,
        respond: Callable[[Request], Reply],
        *,
        port: int = 0,
        kind: Callable[[Request], str] = lambda request: request.method,
    ) -> None:
        self.requests: list[Request] = []
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._respond = respond
        self._kind = kind
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"loopback": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request) -> Reply | None:
        """The answer, ``None`` where the line breaks."""
        with self._lock:
            request = request._replace(method=self._kind(request))
            waiting = self.faults[request.method]
            fault = waiting.popleft() if waiting else None
            reply = self._respond(request) if fault is None or fault.done else None
            if fault is not None:
                reply = fault.reply
            self.requests.append(request._replace(status=reply.status if reply else 0))
        if fault is not None and fault.hanging:
            self._ending.wait()
        return reply


class _Handler(BaseHTTPRequestHandler):
    loopback: Loopback

    def _serve(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        body = json.loads(sent) if sent else None
        headers = {name.title(): value for name, value in self.headers.items()}
        reply = self.loopback.answer(Request(self.command, url.path, query, headers, body))
        if reply is None:
            self.close_connection = True
            return
        data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        data = b"" if reply.body is None else data
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve

    def log_message(self, *_: object) -> None:
        """Says nothing."""
