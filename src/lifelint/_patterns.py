"""Regular expressions that are compiled when one of them is first asked.

There are hundreds, and the files of one repository need a third of them: what is never asked costs no start-up.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any, AnyStr, cast


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, done at the first use. That is also when ``re.error`` is raised for what is no pattern."""
    return cast("re.Pattern[AnyStr]", Late(pattern, flags))


_OF_PATTERN = (
    *("flags", "groupindex", "groups", "pattern"),
    *("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"),
)


class Late:
    """Stands for a compiled pattern. After the first use its methods are those of the pattern, found as quickly."""

    __slots__ = ("_compile", *_OF_PATTERN)

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._compile = partial(re.compile, pattern, flags)

    def __getattr__(self, name: str) -> Any:
        if name not in _OF_PATTERN:
            raise AttributeError(name)
        compiled = self._compile()
        for one in _OF_PATTERN:
            setattr(self, one, getattr(compiled, one))
        return getattr(compiled, name)
