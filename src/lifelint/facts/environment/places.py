"""Where a value stands in a TOML file: tables and keys by the line scan, array items by their text below the key."""

from __future__ import annotations

from lifelint.facts._toml import key_lines
from lifelint.facts._yaml import decode


class Places:
    """Looks lines of one TOML document up."""

    def __init__(self, data: bytes) -> None:
        self._keys = key_lines(data)
        self._lines = decode(data).splitlines()

    def key(self, *parts: str) -> int:
        """The line of a key, else that of the nearest table around it, else 0."""
        for end in range(len(parts), 0, -1):
            found = self._keys.get(".".join(parts[:end]))
            if found:
                return found
        return 0

    def item(self, text: str, *parts: str, after: int = 0) -> int:
        """The line of an array item below a key, at or after line ``after``; the key's line when it is not found."""
        key = self.key(*parts)
        start = max(key, after, 1)
        for number in range(start, min(start + 2000, len(self._lines)) + 1):
            if text in self._lines[number - 1]:
                return number
        return key
