"""What a section is about, by its heading: the questions that a document of a kind has to answer.

The questions about datasets are those of Datasheets for Datasets (Gebru et al. 2021); the headings are theirs, those of
Hugging Face's dataset cards, those of Data Cards, and the keys of Croissant's vocabulary for responsible AI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.documents.noun import LABEL, Document, Section

BIAS = r"(?<!weights & )(?<!weights&)(?<!weights and )bias(?:es)?"
"""Bias, and not the tool Weights & Biases."""

DATASHEET: Mapping[str, str] = {
    "motivation": (
        r"motivations?|purposes?|rationale|why|background|introduction|overview|summary|description|about|objectives?"
        r"|goals?|what is|context|task"
    ),
    "composition": (
        r"compositions?|structure|contents?|contains?|fields?|columns?|features?|schema|instances?|splits?|variables?"
        r"|statistics|data ?dictionary|attributes?|class(?:es)?|labels?|record sets?|files?|format|size|describes?"
        r"|description|overview|summary|details|directory|layout|distribution of|samples?|entries|languages?"
    ),
    "collection": (
        r"collection|collected|sources?|origins?|provenance|acquisition|acquired|obtained|obtain|creation"
        r"|gather(?:ed|ing)|download(?:ed|ing|s)?|comes? from|sampling|generation|generated|homepage"
        r"|repository|data ?url"
    ),
    "preprocessing": (
        r"pre-?processing|pre-?processed|processing|processed|clean(?:ing|ed)|labell?ing|normali[sz]ation|filter(?:ing|ed)"
        r"|annotations?|annotated|transform(?:ation|ed)?s?|preparation|prepar(?:ing|ed)|imputation"
        r"|curation(?! rationale)|quality"
    ),
    "uses": (
        r"uses?|using|usage|used|use ?cases?|intended|applications?|tasks?|limitations?|considerations?|out-of-scope"
        rf"|recommendations?|{BIAS}|how to|getting started|quick ?start|risks?"
    ),
    "distribution": (
        r"distributi(?:on|ng)|distributed|licen[cs](?:e|es|ed|ing)|copyrights?|terms|access|availability|sharing|rights"
        r"|publication|citation|cite"
    ),
    "maintenance": (
        r"maintenance|maintain(?:er|ers|ed)?|contacts?|owners?|owned|ownership|steward|curators?|curated|authors?"
        r"|contribut(?:ions?|ing|ors?)|updates?|updated|versions?|versioning|change ?log|changes|history|refresh"
        r"|cadence|frequency|support|responsible|publishers?|creators?|retention"
    ),
}
"""Topic → words of headings (in lower case) under which it is answered. One heading may answer several."""

DATASHEET_FRONT: Mapping[str, Sequence[str]] = {
    "distribution": ("license", "licence", "license_name", "license_link"),
    "composition": ("dataset_info", "features", "columns", "schema", "recordSet"),
    "collection": ("source", "sources", "origin", "annotations_creators", "source_datasets", "source_data"),
    "uses": ("task_categories", "task_ids", "tasks", "uses"),
    "maintenance": ("maintainer", "maintainers", "owner", "owners", "contact", "curators", "maintenance"),
    "motivation": ("purpose", "motivation", "description", "summary"),
    "preprocessing": ("preprocessing", "processing"),
}

MODEL_CARD: Mapping[str, str] = {
    "description": (
        r"descriptions?|overview|summary|introduction|about|purpose|details|background|architecture|what it (?:is|does)"
        r"|motivation|model type"
    ),
    "uses": (
        r"uses?|using|usage|used|use ?cases?|intended|applications?|fit for use|how to|getting started|quick ?start"
        r"|inference|tasks?"
    ),
    "limitations": (
        rf"limitations?|limits?|limited|out[- ]of[- ]scope|{BIAS}|risks?|caveats?|ethic\w*|considerations?|fairness"
        r"|recommendations?|known issues|misuse|not fit|failures?|weakness(?:es)?|safety|disclaimer"
    ),
    "training": (
        r"train(?:ing|ed)?|pre-?train(?:ing|ed)?|fine-?tun(?:ing|ed)|data|data[- ]?sets?|hyper-?parameters?|procedure"
        r"|recipe|made|corpora|corpus"
    ),
    "evaluation": (
        r"evaluat(?:ion|ions|ed)|results?|performance|metrics?|benchmarks?|accuracy|scores?|quantitative analys[ei]s"
        r"|test(?:s|ed|ing)?|how good"
    ),
    "contact": (
        r"contacts?|authors?|maintain(?:er|ers|ed)?|maintenance|owners?|owned|ownership|support|citation|cite|develop(?:ed|ers?)"
        r"(?: by)?|team|credits|acknowledge?ments?|responsible|organi[sz]ation|contributors?|whom to ask"
    ),
}
"""Topic → words of headings in model cards: Mitchell et al. 2019 and Hugging Face's template."""

MODEL_FRONT: Mapping[str, Sequence[str]] = {
    "description": ("description", "summary"),
    "uses": ("pipeline_tag",),
    "training": ("datasets", "base_model"),
    "evaluation": ("model-index",),
    "contact": ("maintainer", "maintainers", "owner", "owners", "contact", "authors"),
}
"""Keys of a model card's front matter that answer a topic (hub-docs, modelcard.md)."""

_LISTING = lazy(r"table of contents|jump to", re.IGNORECASE)
_NOTHING = frozenset({"", "unknown", "other", "todo", "tbd", "none", "n/a", "null"})


class Answer(NamedTuple):
    """What a document says of one topic: the section, and whether it is filled. No section: nothing was found."""

    topic: str
    section: Section | None
    filled: bool


def answers(
    document: Document,
    topics: Mapping[str, str] = DATASHEET,
    front: Mapping[str, Sequence[str]] = DATASHEET_FRONT,
) -> list[Answer]:
    """For each topic the most prominent filled section about it, else one that stands there empty, else none.

    ``front`` are the keys of front matter that answer a topic.
    """
    found = []
    told = list(_telling(document.sections))
    for topic, words in topics.items():
        pattern = _pattern(words)
        about = [one for one, above in told if pattern.search(one.heading) and not (above and topic != "composition")]
        best = min(about, key=lambda one: (not one.filled, one.level), default=None)
        filled = (best is not None and best.filled) or _in_front(document, front.get(topic, ()))
        found.append(Answer(topic, best, filled))
    return found


def _telling(sections: Sequence[Section]) -> Iterator[tuple[Section, bool]]:
    """The sections whose headings tell what they are about, and whether each is a label in a description of columns."""
    headings = [one for one in sections if one.level > 0]
    if [one.level for one in headings].count(1) == 1 and headings[0].level == 1:
        headings = headings[1:]  # the title
    columns = False
    for one in headings:
        if one.level < LABEL:
            columns = _pattern(DATASHEET["composition"]).search(one.heading) is not None
        if not _LISTING.search(one.heading) and "://" not in one.heading:
            yield one, columns and one.level >= LABEL


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z_])(?:{words})(?![a-z_]|\.[a-z])", re.IGNORECASE)


def _in_front(document: Document, keys: Sequence[str]) -> bool:
    """Whether one of these keys of the front matter says something."""
    given = (document.front.get(key) for key in keys)
    return any(value not in (None, [], {}) and str(value).strip().lower() not in _NOTHING for value in given)
