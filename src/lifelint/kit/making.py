"""What a template comes to in a repository, and what the rules say of it then."""

from __future__ import annotations

from lifelint.init.beginning import written
from lifelint.init.proof import Ruler, compared
from lifelint.kit.noun import Made, Site, Template


def made(template: Template, site: Site, ruler: Ruler) -> Made:
    """The files of a template, and what would be new in a check with them.

    It was asked for, so what it makes fail is told and does not keep it from being written.

    Raises:
        CannotFix: there is nothing to write.
    """
    ground = site.ground
    held = written(ground, template.make(site))
    files = ground.texts.stored_form({edit.path: edit.after for edit in held.edits})
    after = ruler.facts(ground.snapshot, ground.config, files)
    worse, why = compared(ground.facts, after, ground.config, ruler)
    not_told = [f"Not all that it may make fail was judged: {why}."] if why else []
    return Made(template.name, held.edits, [*held.why, *not_told], worse)
