"""Python that is newer than the one that runs: what of its grammar can be left out, and what to say of the rest.

Sources: the grammar of each version and PEPs 695 and 696 (type parameters), 701 (f-strings), 750 (template strings),
758 (``except`` without parentheses).
"""

from __future__ import annotations

import io
import keyword
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence

_TYPE_PARAMETERS = (3, 13)
"""From here on all of them are read: 3.12 knows no defaults."""

_SIGN = re.compile(r"\b(?:class|def|type)\s+\w+\s*(?:\[|=)")
_BETWEEN = (tokenize.NL, tokenize.COMMENT)

_CONSTRUCTS = (
    # Message and line of the error, the first version that may read it, and what it is there.
    (r"f-string: (?!empty|invalid conv)", r"", (3, 12), "an f-string"),
    (r"", r"(?i)\b(?:f|rf|fr)(?P<quote>[\"'])[^\"']*\{[^}\"']*(?P=quote)", (3, 12), "an f-string"),
    (r"unterminated string", r"(?i)\b(?:f|rf|fr)[\"'][^\"']*\{[^}\"']*$", (3, 12), "an f-string"),
    (r"", r"(?i)(?<![\w'\"])(?:t|rt|tr)['\"]", (3, 14), "a template string"),
    # `except Error, e:` is Python 2.
    (r"multiple exception types", r"except\b[^,]*,\s*(?:\w+\.)*[A-Z]", (3, 14), "an except clause"),
)


def hint(error: SyntaxError, running: tuple[int, ...] = sys.version_info[:2]) -> str:
    """What a newer Python than the ``running`` one may read where that found an error; nothing where none is known."""
    for message, line, version, what in _CONSTRUCTS:
        if running < version and re.match(message, error.msg) and re.search(line, error.text or ""):
            named = f"{what} of Python {version[0]}.{version[1]}"
            return f"it looks like {named}, which lifelint reads when that or a newer one runs it"
    return ""


def plainer(code: str) -> str:
    """The same program without type parameters and type aliases, on the same lines, where this Python knows neither.

    Nothing that is asked of a program hangs on them. What cannot be split into tokens is given back as it is.
    """
    if sys.version_info >= _TYPE_PARAMETERS or not _SIGN.search(code):
        return code
    return without_type_parameters(code)


def without_type_parameters(code: str) -> str:
    """``code`` with nothing where type parameters were, and of ``type X = value`` with the value alone."""
    lines = list(io.StringIO(code))
    try:
        tokens = [one for one in tokenize.generate_tokens(iter(lines).__next__) if one.type not in _BETWEEN]
    except (SyntaxError, tokenize.TokenError):
        return code
    for (first, start), (last, end) in reversed([*_left_out(tokens)]):
        kept = lines[first - 1][:start] + "\\\n" * (last - first) + lines[last - 1][end:]
        lines[first - 1 : last] = io.StringIO(kept)
    return "".join(lines)


_Place = tuple[int, int]


def _left_out(tokens: Sequence[tokenize.TokenInfo]) -> Iterator[tuple[_Place, _Place]]:
    """From where to where something is left out, in order."""
    for at, (word, name, sign) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        if name.type != tokenize.NAME or keyword.iskeyword(name.string) or sign.string not in ("[", "="):
            continue
        after = _closed(tokens, at + 2)
        if word.string in ("class", "def") and sign.string == "[":
            yield sign.start, tokens[after - 1].end
        elif word.string == "type" and tokens[after].string == "=":
            yield word.start, tokens[after + 1].start


def _closed(tokens: Sequence[tokenize.TokenInfo], at: int) -> int:
    """The token after the brackets that open at ``at``; that one itself where none do."""
    depth = 0
    for index in range(at, len(tokens) - 1):
        if depth == 0 and (index > at or tokens[index].string != "["):
            return index
        if tokens[index].type == tokenize.OP:
            depth += (tokens[index].string in "([{") - (tokens[index].string in ")]}")
    return len(tokens) - 1
