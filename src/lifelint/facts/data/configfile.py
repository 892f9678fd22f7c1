"""The two INI dialects that name remotes: DVC's (ConfigObj) and git's. Only what ``dvc`` and ``git`` themselves write.

ConfigObj: https://configobj.readthedocs.io, its regular expressions; git: ``git help config``, section Syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import decode


class Setting(NamedTuple):
    """One ``key = value`` with the section it stands in; ``section`` and ``key`` are lower case, ``name`` is not."""

    section: str
    name: str
    key: str
    value: str
    line: int


class ConfigFile(NamedTuple):
    """The settings of a file, and the named sections in their order: (section, name, line)."""

    settings: tuple[Setting, ...]
    sections: tuple[tuple[str, str, int], ...]

    def value(self, section: str, key: str, name: str = "") -> Setting | None:
        """The last setting of that section and key."""
        found = [s for s in self.settings if (s.section, s.name, s.key) == (section, name, key)]
        return found[-1] if found else None


MAX_LINE, MAX_LINES = 4096, 5000

_SECTION = lazy(r"(\[++)\s*+(\"[^\"]*+\"\s*+|'[^']*+'\s*+|[^\"'\s\[\]][^\[\]]*+)(\]++)\s*+(?:#.*)?")
_NAMED = lazy(r'(remote|machine|db)\s*+"(.*)"')
_PAIR = lazy(r"(\"[^\"]*+\"\s*+|'[^']*+'\s*+|[^\"'=\s][^=]*+)=(.*)")
_TRIPLE = lazy(r"(\"{3}|'{3})(.*?)\1\s*+(?:#.*)?")
_QUOTED = lazy(r"(\"[^\"]*+\"|'[^']*+')\s*+(?:#.*)?")


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(decode(data).splitlines(), 1):
        if len(line) > MAX_LINE or number > MAX_LINES:
            raise Unreadable("is too large for a configuration", number)
        yield number, line


def parse_dvc_config(data: bytes) -> ConfigFile:
    """A ``.dvc/config``.

    Raises:
        Unreadable: a line that ConfigObj refuses, or a section or key given twice; it carries the line.
    """
    return _settled(_configobj(data))


def _configobj(data: bytes) -> Iterator[Setting]:
    section, depth, closing = "", 0, ""
    for number, line in _lines(data):
        if closing:
            closing = "" if closing in line else closing
            continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        header = _SECTION.fullmatch(line.strip())
        if header:
            depth = len(header[1])
            if depth != len(header[3]):
                raise Unreadable("has a section whose brackets do not match", number)
            if depth == 1:
                section = _unquoted(header[2].strip())
                yield Setting(section, "", "", "", number)
            continue
        pair = _PAIR.fullmatch(line.strip())
        if pair is None:
            raise Unreadable("is not valid INI: a line is neither a section nor a setting", number)
        value = pair[2].strip()
        if value[:3] in ('"""', "'''"):
            one_line = _TRIPLE.fullmatch(value)
            closing = "" if one_line else value[:3]
            value = one_line[2] if one_line else value[3:]
        else:
            value = _value(value, number)
        if depth < 2:
            yield Setting(section, "", _unquoted(pair[1].strip()).lower(), value, number)


def _value(text: str, line: int) -> str:
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return quoted[1][1:-1]
    if text[:1] in ('"', "'"):
        raise Unreadable("has a value whose quotes do not match", line)
    return text.partition("#")[0].strip()


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _settled(found: Iterator[Setting]) -> ConfigFile:
    """Splits ``remote "x"`` into section and name, and refuses what is given twice, as ConfigObj does."""
    settings: list[Setting] = []
    sections: dict[tuple[str, str], int] = {}
    seen: set[tuple[str, str, str]] = set()
    for setting in found:
        named = _NAMED.fullmatch(setting.section.lower().strip())
        section = named[1] if named else setting.section.lower().strip()
        # DVC lower-cases whole section headers, names included.
        name = named[2] if named else ""
        if not setting.key:
            if (section, name) in sections:
                raise Unreadable(f"has the section [{setting.section}] twice", setting.line)
            sections[section, name] = setting.line
            continue
        if (section, name, setting.key) in seen:
            raise Unreadable(f"has the setting {setting.key!r} twice in [{setting.section}]", setting.line)
        seen.add((section, name, setting.key))
        settings.append(Setting(section, name, setting.key, setting.value, setting.line))
    return ConfigFile(tuple(settings), tuple((*key, line) for key, line in sections.items()))


_GIT_SECTION = lazy(r'\[\s*+([A-Za-z0-9.-]++)\s*+(?:"((?:[^"\\]|\\.)*+)"\s*+)?\](.*)')
_GIT_PAIR = lazy(r"([A-Za-z][A-Za-z0-9-]*+)\s*+(?:=(.*))?")


def parse_git_config(data: bytes) -> ConfigFile:
    """A ``.lfsconfig``, which is written as ``.git/config`` is.

    Raises:
        Unreadable: a line that git refuses; it carries the line.
    """
    settings: list[Setting] = []
    sections: list[tuple[str, str, int]] = []
    section = name = ""
    for number, line in _lines(data):
        header = _GIT_SECTION.fullmatch(line.strip())
        if header:
            section, name = header[1].lower(), re.sub(r"\\(.)", r"\1", header[2] or "")
            sections.append((section, name, number))
            line = header[3]  # noqa: PLW2901  (a setting may follow on the same line)
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        pair = _GIT_PAIR.fullmatch(line.strip())
        if pair is None or not section:
            raise Unreadable("is not valid git configuration", number)
        settings.append(Setting(section, name, pair[1].lower(), _git_value((pair[2] or "").strip()), number))
    return ConfigFile(tuple(settings), tuple(sections))


def _git_value(text: str) -> str:
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:].rpartition('"')[0] or text[1:])
    return re.split("[#;]", text, maxsplit=1)[0].strip()
