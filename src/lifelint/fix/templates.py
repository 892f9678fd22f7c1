"""Templates of documents, filled with what the repository tells. What they are filled with is data and never code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifelint import _resources
from lifelint.fix.noun import CannotFix, Render


def renderer(folder: str = "", kind: str = "fix") -> Render:
    """What renders the templates of ``templates/fix/``, or of another ``kind`` beside it. Those in ``folder``, of an
    organisation, come before them.

    The sandbox keeps a template from reaching Python, and a value that a template asks for and nobody gives is an
    error: half-filled text is written nowhere.
    """

    def render(name: str, values: Mapping[str, Any]) -> str:
        from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        shipped = f"{_resources.directory('templates')}/{kind}"
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([folder, shipped] if folder else shipped),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,  # Markdown and YAML, not HTML
        )
        environment.filters |= {"scalar": scalar, "cell": cell}
        try:
            return environment.get_template(f"{name}.j2").render(values)
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:  # what expressions of others come to
            raise CannotFix(f"the template {name}.j2 cannot be filled: {type(error).__name__}: {error}") from None

    return render


def scalar(value: Any) -> str:
    """A value as YAML that reads back as it: JSON, of which every text is YAML."""
    import json

    return json.dumps(value, ensure_ascii=False)


def cell(value: Any) -> str:
    """A text as it stands in one cell of a Markdown table."""
    return " ".join(str(value).replace("|", "\\|").split())
