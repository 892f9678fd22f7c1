"""The nouns of what people write for people."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

LABEL, ITEM = 7, 8
"""The levels of a labelled line and of a labelled item of a list or a table: below every heading."""


OPTIONAL = "[optional]"
"""What the headings hold, in lower case, of what a template of Hugging Face leaves to whoever fills it in."""


class Section(NamedTuple):
    """A heading and what stands below it.

    ``level`` is 1 to 6 for a heading, 7 for a labelled line (``**Licence:** MIT``), 8 for such an item of a list or a
    row of a table of two columns, 0 for what comes before the first heading. Keys of Croissant metadata are headings.
    ``text`` is its own text without that of nested sections, without comments, placeholders and the words of templates.
    ``words`` counts what remains here and below. ``filled``: twelve words or a value (a date, an amount, an address, a
    licence, a path that exists) remain, or a reason why it does not apply; ``why`` tells what is wrong where not.
    ``left`` is what a template left in its own text: its first placeholder where nothing else is written there, or the
    mark ``[More Information Needed]`` wherever it stands. ``bare``: nothing at all stands between the heading and the
    next one, not even a picture.
    """

    heading: str
    level: int
    line: int
    text: str
    words: int
    filled: bool
    why: str = ""
    left: str = ""
    bare: bool = False


class Document(NamedTuple):
    """A document about data, a model or how something is run.

    ``role``: ``dataset``, ``model``, ``runbook``, ``release``, ``handoff``, ``scoping``, ``risks``, ``refresh`` or
    ``readme``. ``form``: ``markdown``, ``restructuredtext``, ``croissant``, or ``other``, of which the headings are not
    read. ``front`` is the front matter (of Croissant: the document); ``why`` tells why that, or a document of another
    form, cannot be read. A section holds the sections of higher levels that follow it. ``another`` tells why a model's
    card is that of a model from elsewhere, which is not the one of this repository; it is empty where nothing shows it.

    Forms: CommonMark with tables (spec.commonmark.org, GFM), reStructuredText sections (docutils, ref/rst), the cards
    of Hugging Face (hub-docs, datasetcard.md and modelcard.md), Croissant (docs.mlcommons.org).
    """

    path: str
    line: int
    role: str
    form: str
    title: str
    front: Mapping[str, Any]
    sections: tuple[Section, ...]
    why: str = ""
    another: str = ""


def within(sections: Sequence[Section], at: int) -> Sequence[Section]:
    """The sections that the one at this place holds: those of higher levels that follow it."""
    level = sections[at].level
    end = next((n for n in range(at + 1, len(sections)) if sections[n].level <= level), len(sections))
    return sections[at + 1 : end] if level else ()
