"""Text from strangers, made harmless for each place it goes to."""

from __future__ import annotations

import html

from lifelint._patterns import lazy

_INVISIBLE = lazy(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def visible(text: str) -> str:
    """``text`` on one line, with control, bidirectional and zero-width characters replaced by U+FFFD."""
    return _INVISIBLE.sub("\ufffd", text)


def code(text: str) -> str:
    """``text`` as an HTML code span inside an HTML block of Markdown: there it neither formats nor mentions anybody."""
    return f"<code>{html.escape(visible(text))}</code>"


def command_data(text: str) -> str:
    """``text`` as the message of a workflow command (actions/toolkit, packages/core/src/command.ts).

    The runner also takes ``##[`` anywhere in a line for a command when it does not know the one at its start
    (actions/runner, src/Runner.Common/ActionCommand.cs), so that is broken up.
    """
    return visible_lines(text).replace("##[", "# #[").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """``text`` as a property of a workflow command."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def visible_lines(text: str) -> str:
    """As ``visible``, but line feeds stay."""
    return "\n".join(map(visible, text.split("\n")))


def cell(text: str) -> str:
    """``text`` as a CSV cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    shown = visible_lines(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else shown
