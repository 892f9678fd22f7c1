"""An audit in GitHub's Markdown: one file that the forge shows.

All but the headings are HTML blocks without blank lines: there Markdown is not read. What comes from the inspected
repository stands in code spans, or in sentences that are escaped and mention nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lifelint.report.audit.page import filled
from lifelint.report.escaping import visible


def render(document: Mapping[str, Any]) -> str:
    """The audit as Markdown."""
    return re.sub(r"\n{3,}", "\n\n", filled("audit.md.j2", document, _unmentioned))


def _unmentioned(text: str) -> str:
    """``text`` on one line, with a zero-width space behind each ``@``: outside of code it would mention somebody."""
    return visible(text).replace("@", "@\u200b")
