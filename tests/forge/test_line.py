"""What goes over the line: time that ends, and answers of every status."""

from __future__ import annotations

import itertools
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import pytest

from lifelint.forge.answers import ForgeError, answer, refusal
from lifelint.forge.client import Client
from lifelint.forge.line import Line


@contextmanager
def speaking(*parts: bytes, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that says the same to everybody, part after part."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(line, server_side=True) if context else line as speaker:
                    speaker.recv(1 << 16)
                    for part in parts:
                        speaker.sendall(part)
            except OSError:
                line.close()

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        server.join()


def test_an_answer_that_trickles_ends_when_the_time_does() -> None:
    seconds = itertools.count()
    trickle = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\n[\r\n"] * 1000, b"0\r\n\r\n"]

    with speaking(*trickle) as api, pytest.raises(ForgeError, match="no time left"):
        Line({}, seconds=100, clock=lambda: next(seconds)).ask("GET", api, None)


def test_no_request_is_made_when_the_time_is_over() -> None:
    times = iter([0.0, 30.0])

    with pytest.raises(ForgeError, match="no time left"):
        Line({}, seconds=20, clock=lambda: next(times)).ask("GET", "http://127.0.0.1:9", None)


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 999999 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1"]
)
def test_what_is_no_answer_is_an_error(said: bytes) -> None:
    with speaking(said) as api, pytest.raises(ForgeError) as failure:
        Client(api, {}, sleep=lambda _: None).get("/x")

    assert failure.value.unsure


def test_nobody_there_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(ForgeError, match="no answer"):
        Client(f"http://127.0.0.1:{port}", {}, sleep=lambda _: None).get("/x")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed: no certificate can be made")
def test_a_server_must_show_a_trusted_certificate_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "2"]
    name = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
    subprocess.run([*made, *name], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    good = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"

    with speaking(good, context=context) as plain:
        api = plain.replace("http:", "https:")
        with pytest.raises(ForgeError, match="certificate verify failed"):
            Client(api, {}, sleep=lambda _: None).get("/x")
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
        assert Client(api, {}).get("/x") == []
        with pytest.raises(ForgeError, match="certificate verify failed"):
            Client(api.replace("127.0.0.1", "localhost"), {}, sleep=lambda _: None).get("/x")


@pytest.mark.parametrize("api", ["", "file:///etc", "ftp://x.example", "https://", "http://[", "api.github.com"])
def test_an_api_has_an_address_of_http(api: str) -> None:
    with pytest.raises(ForgeError, match="no address of HTTP"):
        Client(api, {}).get("/passwd")


def headers(**given: str) -> Message:
    made = Message()
    for name, value in given.items():
        made[name.replace("_", "-")] = value
    return made


@pytest.mark.parametrize(
    "link, following",
    [
        ("", ""),
        (
            '<https://x.example/a?page=2>; rel="next", <https://x.example/a?page=9>; rel="last"',
            "https://x.example/a?page=2",
        ),
        (
            '<https://x.example/a?page=1>; rel="prev", <https://x.example/a?page=3>; rel="next"',
            "https://x.example/a?page=3",
        ),
        ('<https://x.example/a?q=1,2>; title="b"; rel=next', "https://x.example/a?q=1,2"),
        ('<https://x.example/a>; rel="last"', ""),
        ("<https://x.example/a", ""),
    ],
)
def test_the_next_page_is_what_the_link_says(link: str, following: str) -> None:
    assert answer(b"[]", headers(Link=link)).following == following


@pytest.mark.parametrize(
    "status, said, given, expected",
    [
        (403, b'{"message": "Resource not accessible by integration"}', {}, (403, None)),
        (403, b'{"message": "You have exceeded a secondary rate limit."}', {"Retry_After": "7"}, (429, 7.0)),
        (403, b'{"message": "You have triggered an abuse detection mechanism."}', {}, (429, 60.0)),
        (403, b'{"message": "API rate limit exceeded for 192.0.2.1."}', {}, (429, 60.0)),
        (403, b"", {"X_RateLimit_Remaining": "0"}, (429, 60.0)),
        (403, b"", {"X_RateLimit_Remaining": "17"}, (403, None)),
        (429, b"Retry later\n", {"Retry_After": "0"}, (429, 0.0)),
        (429, b"", {"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT"}, (429, 0.0)),
        (429, b"", {"Retry_After": "-1"}, (429, 60.0)),
        (429, b"", {"Retry_After": "\u0663"}, (429, 60.0)),
        (500, b"", {}, (500, 0.0)),
        (404, b"", {}, (404, None)),
        (302, b"", {}, (302, None)),
    ],
)
def test_a_refusal_is_told_from_a_limit(
    status: int, said: bytes, given: dict[str, str], expected: tuple[int, float | None]
) -> None:
    found = refusal(status, said, headers(**given))

    assert (found.status, found.again) == expected


@pytest.mark.parametrize(
    "said, words",
    [
        (b'{"message": "Not Found"}', "Not Found"),
        (
            b'{"message": "Validation Failed", "errors": [{"message": "Body is too long"}, 3, {"code": "x"}]}',
            "Validation Failed Body is too long",
        ),
        (b'{"message": {"note": ["is too long"]}}', '{"note": ["is too long"]}'),
        (
            b'{"error": "insufficient_scope", "error_description": "The scope is too narrow."}',
            "The scope is too narrow.",
        ),
        (b'{"message": "one\\n::error::two"}', "one ::error::two"),
        (b'{"message": "' + b"x" * 1000 + b'"}', "x" * 300),
        (b"<html>Bad Gateway</html>", "status 418"),
        (b'{"message": null, "errors": "x"}', "status 418"),
        (b"[]", "status 418"),
        (b"[" * 100_000, "status 418"),
        (b"\xff", "status 418"),
    ],
)
def test_a_refusal_says_what_the_forge_said(said: bytes, words: str) -> None:
    assert str(refusal(418, said, headers())) == words
