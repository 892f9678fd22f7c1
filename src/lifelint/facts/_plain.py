"""Facts as JSON values: the form that ``lifelint facts`` prints and that expressions read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from math import isfinite
from typing import Any


def plain(value: Any) -> Any:
    """``value`` made of dicts, lists, strings, numbers, booleans and ``None``.

    Undecodable bytes are escaped; what JSON cannot hold (a date, ``nan``, an infinity) becomes text.
    """
    if type(value) is str:  # by far the most frequent, so asked first
        return text(value)
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return text(str(value))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: plain(item) for name, item in zip(value._fields, value, strict=True)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return _single(value)


def text(value: str) -> str:
    """``value`` with the surrogates of undecodable bytes written out."""
    return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")


def _single(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} is not a value a fact may hold")
