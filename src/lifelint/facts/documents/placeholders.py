"""What stands in a document before anybody has filled it in: tokens, and the words of templates.

Whole lines of templates are known by their digests (``boilerplate``). Here are the tokens that stand in a line, and
sentences that people leave with changes: those of Hugging Face's cards (huggingface_hub, templates/; datasets,
templates/README.md), and the questions of Datasheets for Datasets (Gebru et al. 2021).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lifelint._patterns import lazy
from lifelint.facts.documents.boilerplate import KNOWN, without
from lifelint.facts.documents.marks import left_open
from lifelint.facts.documents.words import count, words

_TOKEN = lazy(
    r"""
      \[\s*(?:more|needs?)\s+(?:more\s+)?information(?:\s+needed)?\s*\]
    | \bmore\s+information\s+needed\b(?:\s+for\s+further\s+recommendations)?
    | \{\{.{0,200}?\}\} | \{%.{0,200}?%\} | \$\{[^}\n]{0,200}\} | <[^<>\s@:/][^<>\n@:/]{0,60}> | <\s*(?:\.\.\.|…)?\s*>
    | \[\s*(?:insert|your|add|describe|fill|enter|name\s+of|e\.g\.|todo|tbd|tbc|x+|\.\.\.|…|\s)[^\]\n]{0,200}\]
    | \[\s*(?:dataset|model|project|version|date|author|link|url)(?:\s+(?:name|id|here))?\s*\]
    | \b(?:TODO|TBD|TBC|TBA|FIXME|WIP|XXX+|xxx+)\b(?:\([^)]*\))?
    | \b(?:to\s+be\s+(?:added|announced|completed|decided|defined|described|determined|done|filled(?:\s+in)?|written))\b
    | \b(?:coming\s+soon|work\s+in\s+progress|fill\s+(?:me\s+|this\s+)?in|your\s+(?:text|name|answer)\s+here)\b
    | \blorem\s+ipsum\b[^.]*\.? | \bn/?a\b | @github-username | \.\.\. | … | _{3,}
    """,
    re.VERBOSE | re.IGNORECASE,
)

_QUESTION = r"[^.!?\n]{0,400}\?(?![^\s)\"*_])"  # a question is not an answer
_PHRASES = r"""
      (?:if\s+(?:so|not|yes|any),?\s+)?please\s+
      (?:provide|describe|explain|specify|list|add|state|include|see\s+above)\b[^.!?\n]*[.!]?
    | (?:provide|describe|write|give|add|insert)\s+(?:a|an|the|any|here|how|what|your)\s+(?:\w+\s+){0,3}?
      (?:summary|description|overview|text|details?|information|section)\b[^.!?\n]*[.!]?
    | users\s+(?:\(both\s+direct\s+and\s+downstream\)\s+)?should\s+be\s+made\s+aware\s+of\s+the\s+risks,\s+biases
      [^.\n]*\.?
    | carbon\s+emissions\s+can\s+be\s+estimated\s+using\s+the\s+machine\s+learning\s+impact\s+calculator
      [^\n]*
    | this\s+(?:dataset|model)\s?card\s+aims\s+to\s+be\s+a\s+base\s+template\b[^\n]*
    | use\s+the\s+code\s+below\s+to\s+get\s+started\s+with\s+the\s+model\.? | \(?click\s+to\s+expand\)?
    | thanks\s+to\s+\[?@github-username[^\n]* | add\s+yaml\s+tags\s+here\b[^\n]*
    | (?:bibtex|apa|optional)\s*:?\s*$
    """
_FLAGS = re.VERBOSE | re.IGNORECASE | re.MULTILINE
_HINTS = lazy(_PHRASES, _FLAGS)
_ASKING = lazy(f"{_QUESTION} | {_PHRASES}", _FLAGS)

# The patterns above are tried at every letter; most of what people write holds nothing that one could begin with.
_SIGNS = ("[", "{{", "{%", "${", "<", "...", "___", "xxx", "@github-username")
_TOKEN_WORDS = frozenset({
    "information", "todo", "tbd", "tbc", "tba", "fixme", "wip", "be", "coming", "progress", "fill", "your", "lorem",
    "n", "na",
})  # fmt: skip
"""Each token holds one of these signs, or one of these as a word of its own."""

_ASKS = ("provide", "describe", "write", "give", "add", "insert")
_ASKED = ("summary", "description", "overview", "text", "detail", "information", "section")
_PHRASE_PARTS = ("please", "made", "carbon", "aims", "below", "expand", "thanks", "yaml", "bibtex", "apa", "optional")
"""Each phrase holds one of these, or one of each of the two above."""

_NOT_APPLICABLE = lazy(
    r"\s*(?:n/?a|not\s+applicable|does\s+not\s+apply)\b\s*(?:[:;,.(\u2013\u2014-]+|because|since|as)\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)

_SHOWN = 40
_SAID = lazy(r"\w")
_NOTHING = lazy(r"[\s*_|>.:-]*n/?a[\s*_|>.:-]*", re.IGNORECASE)

REASON = 5
"""Words that say why something does not apply."""


def remaining(text: str, known: Collection[str] = KNOWN) -> str:
    """The text without placeholders, hints and questions of templates; several spaces are one.

    ``known`` are the fingerprints of lines that a template brought along.
    """
    kept = without(text, known)
    plain = text.isascii()  # other letters have more forms than one in lower case
    if not plain or "?" in text or _may_ask(text.lower()):
        # Questions are looked for at every place, as far as they could reach.
        kept = (_ASKING if "?" in text else _HINTS).sub(" ", kept)
    if not plain or _may_be_token(kept.lower()):
        kept = _TOKEN.sub(" ", kept)
    lines = (" ".join(line.split()).strip(" *_|>-:") for line in kept.splitlines())
    return "\n".join([line for line in lines if _SAID.search(line)])


def _may_ask(text: str) -> bool:
    holds = text.__contains__
    return any(map(holds, _PHRASE_PARTS)) or (any(map(holds, _ASKS)) and any(map(holds, _ASKED)))


def _may_be_token(text: str) -> bool:
    return any(map(text.__contains__, _SIGNS)) or not _TOKEN_WORDS.isdisjoint(words(text))


def left(text: str, rest: str) -> str:
    """What a template left in a text: its first placeholder where nothing else is written, the mark of cards anywhere.

    A bare *N/A* is none, for which somebody may have had a reason. ``rest`` is what is remaining of the text.
    """
    mark = left_open([text])
    if mark or not re.search(r"\w|\.\.\.|\u2026", text) or _NOTHING.fullmatch(text) or rest:
        return mark
    found = _TOKEN.search(text)
    first = " ".join((found[0] if found else text).split())
    return first if len(first) <= _SHOWN else f"{first[:_SHOWN]}\u2026"


def reason(text: str) -> str:
    """Why something does not apply: what follows ``N/A:``, if that is long enough; else nothing."""
    found = _NOT_APPLICABLE.match(text)
    return found[1].strip() if found and count(remaining(found[1])) >= REASON else ""
