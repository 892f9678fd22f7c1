"""What the templates of an audit are given, and the templates themselves (``templates/report/``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from lifelint import _resources
from lifelint._patterns import lazy
from lifelint.audit.forge import link
from lifelint.model import LEVELS, PHASES, PRINCIPLES
from lifelint.report import amounts
from lifelint.report.audit import frameworks, sentences, view
from lifelint.report.escaping import code, visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

FOLDER = "templates/report"
_CODE = lazy(r"`([^`\n]+)`")


def filled(template: str, document: Mapping[str, Any], shown: Callable[[str], str] = visible, **more: Any) -> str:
    """A template filled with an audit. Every text is escaped as HTML after it was made ``shown``.

    Raises:
        ValueError: the document lacks what an audit holds.
    """
    from jinja2 import UndefinedError

    given = {
        "audit": document,
        "report": document["report"],
        "projects": list(view.projects(document)),
        "frameworks": list(frameworks.shown(document)),
        "place": partial(view.place, document),
        "anchor": view.anchor,
        "commit_link": partial(link, document["forge"] or ""),
        "say": sentences,
        "amounts": amounts,
        "levels": LEVELS,
        "phases": PHASES,
        "principles": PRINCIPLES,
    }
    try:
        text: str = _environment(shown).get_template(template).render(given | more)
    except UndefinedError as error:
        raise ValueError(error.message) from None
    return text


@cache
def _environment(shown: Callable[[str], str]) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(_resources.directory(FOLDER)),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=lambda value: shown(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"inline": inline, "code": lambda text: Markup(code(text))}  # noqa: S704  (it escapes)
    return made


def inline(text: str) -> Markup:
    """The first paragraph of a rule's text as HTML, with what stands between backticks as code."""
    from markupsafe import Markup

    parts = _CODE.split(visible(text.partition("\n\n")[0].replace("\n", " ").strip()))
    return Markup("").join(Markup("<code>{}</code>").format(p) if n % 2 else p for n, p in enumerate(parts))
