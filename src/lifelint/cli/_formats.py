"""Formats for other tools, made from the JSON report, and files that reports are written to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

FOREIGN = ("sarif", "junit", "gitlab", "github", "markdown", "csv", "badge", "endpoint")
"""Each is a module of ``lifelint.report`` whose ``render`` takes the JSON report's document."""

AUDITS = ("html", "pdf", "markdown", "csv")
"""Each is a module of ``lifelint.report.audit`` whose ``render`` takes the document of an audit."""


class NoReport(ValueError):
    """JSON text that is not a lifelint report."""


MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
"""What a report raises, in the hands of a renderer, that lacks what a report holds."""


def read(text: str | bytes) -> Mapping[str, Any]:
    """The document of a JSON report, also of one in an audit.

    Raises:
        NoReport: the text is not a report of the version that is read here.
    """
    document = _loaded(text)
    report: Mapping[str, Any] = document["report"] if _is_audit(document) else document
    return report


def _loaded(text: str | bytes) -> Mapping[str, Any]:
    import json

    try:
        document: Mapping[str, Any] = json.loads(text)
        version = (document["report"] if _is_audit(document) else document)["schema_version"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NoReport("is not a JSON report of lifelint (lifelint check --format json)") from None
    if version != 1:
        raise NoReport(f"is a report of version {version!r}; this lifelint reads version 1")
    return document


def _is_audit(document: Mapping[str, Any]) -> bool:
    return document.get("schema") == "audit/v1"


def report_at(file: str, largest: int = 0) -> Mapping[str, Any]:
    """The document of the JSON report in a file, of at most ``largest`` bytes if that is given.

    Raises:
        click.ClickException: it cannot be read, is too large, or is no report.
    """
    try:
        with click.open_file(file, "rb") as opened:
            data: bytes = opened.read(largest + 1) if largest else opened.read()
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read ({error.strerror})") from None
    if largest and len(data) > largest:
        raise click.ClickException(f"{file}: is larger than {largest >> 20} MB")
    try:
        return read(data)
    except NoReport as error:
        raise click.ClickException(f"{file}: {error}") from None


def foreign(text: str | bytes, name: str) -> str | bytes:
    """A JSON report, or an audit, in another format; only PDF is bytes.

    Raises:
        NoReport: the text is not a report of the version that is read here.
        ClickException: what makes the format is not installed.
    """
    document = _loaded(text)
    audit = _is_audit(document)
    if name not in FOREIGN and not audit:
        raise NoReport(f"is a report of a check: {name} is made from an audit (lifelint report --format json)")
    module = f"audit.{name}" if audit and name in AUDITS else name
    about = document if module != name or not audit else document["report"]
    try:
        return rendered(module, about)
    except MALFORMED as error:
        raise NoReport(f"does not hold what a report of version 1 holds ({type(error).__name__}: {error})") from None


def rendered(module: str, document: Mapping[str, Any]) -> str | bytes:
    """What a module of ``lifelint.report`` makes of a document.

    Raises:
        ClickException: what the module needs is not installed.
    """
    from importlib import import_module

    if module != "audit.pdf":
        made: str = import_module(f"lifelint.report.{module}").render(document)
        return made
    from lifelint.report.audit import pdf

    try:
        return pdf.render(document)
    except pdf.NoPrinter as error:
        raise click.ClickException(str(error)) from None


def written(file: str, text: str | bytes) -> None:
    """Writes a report to a file; ``-`` is standard output."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    try:
        with click.open_file(file, "wb") as opened_file:
            opened_file.write(data)
    except OSError as error:
        raise click.ClickException(f"cannot write {file}: {error.strerror}") from None
