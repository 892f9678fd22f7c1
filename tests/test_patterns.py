"""Patterns that are compiled at their first use: each can be, and works as a compiled one."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator

import pytest

import lifelint
from lifelint._patterns import Late, lazy


def test_it_is_compiled_at_the_first_use_and_once() -> None:
    broken, pattern = lazy("("), lazy(r"(?P<word>[a-z]+)", re.IGNORECASE)

    assert pattern.fullmatch("Word") and pattern.fullmatch is pattern.fullmatch
    assert (pattern.pattern, dict(pattern.groupindex)) == (r"(?P<word>[a-z]+)", {"word": 1})
    assert lazy(rb"\d+").findall(b"1 and 22") == [b"1", b"22"]
    with pytest.raises(re.error):
        broken.search("x")
    with pytest.raises(AttributeError):
        pattern.serach  # type: ignore[attr-defined]  # noqa: B018


def late(value: object) -> Iterator[Late]:
    if isinstance(value, Late):
        yield value
    elif isinstance(value, dict):
        yield from late(list(value.values()))
    elif isinstance(value, Iterable) and isinstance(value, list | tuple):
        for one in value:
            yield from late(one)


def test_all_of_them_can_be_compiled() -> None:
    names = [module.name for module in pkgutil.walk_packages(lifelint.__path__, "lifelint.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    patterns = {id(one): one for module in modules for value in vars(module).values() for one in late(value)}

    assert len(patterns) > 300
    for one in patterns.values():
        assert one.groups >= 0
