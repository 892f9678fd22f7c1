"""An audit as PDF: the page, printed by WeasyPrint, which runs no script, and is given nothing to fetch.

WeasyPrint writes no date of its own and names fonts by their content: the same audit gives the same bytes where it is
of the same version and finds the same fonts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifelint.report.audit import html


class NoPrinter(Exception):
    """WeasyPrint, or a library that it needs, is not installed; the message tells how it is."""


def render(document: Mapping[str, Any]) -> bytes:
    """The audit as a tagged PDF with bookmarks.

    Raises:
        NoPrinter: what prints it is not installed.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ImportError:
        raise NoPrinter("PDF needs WeasyPrint: pip install 'lifelint[pdf]'") from None
    except OSError as error:
        raise NoPrinter(
            f"PDF needs Pango, which WeasyPrint does not find ({str(error).splitlines()[0]}): install it with the "
            "system's packages (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)"
        ) from None
    # Of no protocol: whatever the page names is refused, files too.
    page = HTML(string=html.render(document), url_fetcher=URLFetcher(allowed_protocols=()))
    printed: bytes = page.write_pdf(pdf_tags=True)
    return printed
