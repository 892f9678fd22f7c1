"""An audit as one HTML file that works offline, printed, and without its script.

All styles and the one script are inside, and a Content-Security-Policy (CSP level 3, ``meta`` element) allows these by
their hashes and nothing else. What comes from the repository is escaped, and its invisible characters are shown.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from lifelint import _resources
from lifelint.report.audit.page import FOLDER, filled


def render(document: Mapping[str, Any]) -> str:
    """The audit as a page."""
    from markupsafe import Markup

    style, script = (_resources.text(FOLDER, name) or "" for name in ("audit.css", "audit.js"))
    ours = Markup(style), Markup(script)  # noqa: S704  (nothing of the repository is in them)
    return filled("audit.html.j2", document, style=ours[0], script=ours[1], policy=policy(style, script))


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing but this style and this script, by their content."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
