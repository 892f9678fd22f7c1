"""Where templates go, and what may stand in a workflow as it is called in the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from lifelint._patterns import lazy
from lifelint.fix.noun import CannotFix
from lifelint.init.noun import DOCS
from lifelint.init.workflow import forges
from lifelint.kit.noun import Site

_PLAIN = lazy(r"(?![-~:@=,])[\w@%+=:,./-]+", re.ASCII)


def plain(text: str) -> str:
    """``text``, which means itself to YAML's block texts, to a shell and to GitHub's expressions.

    Raises:
        CannotFix: it may not.
    """
    if not _PLAIN.fullmatch(text):
        raise CannotFix(f"{text!r} cannot stand in a workflow as it is called")
    return text


def below(root: str, path: str) -> str:
    """A path of the repository as it is called in the folder ``root`` of it.

    Raises:
        CannotFix: it may not stand in a workflow.
    """
    return plain(posixpath.relpath(path, root or "."))


def forges_of(site: Site) -> Sequence[str]:
    """The forges that a template is for: the one that somebody named, else those that the repository tells of.

    Raises:
        CannotFix: nothing tells.
    """
    found = [site.forge] if site.forge else forges(site.ground)
    if not found:
        raise CannotFix(
            "nothing tells of GitHub or GitLab: say --forge github or --forge gitlab. For other CI systems see "
            f"{DOCS}/ci.md"
        )
    return found
