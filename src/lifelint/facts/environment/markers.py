"""Environment markers (PEP 508), compared by what they mean: their values on every kind of interpreter that matters.

A text comparison would call ``python_version >= '3.8'`` and ``python_full_version >= '3.8'`` different; uv rewrites the
one to the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from lifelint._patterns import lazy

MAX_LENGTH, MAX_DEPTH, MAX_POINTS = 4000, 50, 20_000
_TOKEN = lazy(r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<op>===|==|~=|!=|<=|>=|<|>)|(?P<word>[A-Za-z_.]+)|(?P<par>[()]))")
_VERSIONS = frozenset({"python_version", "python_full_version", "implementation_version"})
_OLD_NAMES = {"os.name": "os_name", "sys.platform": "sys_platform", "platform.version": "platform_version",
              "platform.machine": "platform_machine", "python_implementation": "platform_python_implementation",
              "platform.python_implementation": "platform_python_implementation"}  # fmt: skip
_PLATFORMS = (
    ("posix", "linux", "Linux"), ("posix", "darwin", "Darwin"), ("nt", "win32", "Windows"),
    ("posix", "emscripten", "Emscripten"), ("posix", "freebsd", "FreeBSD"), ("java", "java", "Java"),
)  # fmt: skip
_IMPLEMENTATIONS = (("cpython", "CPython"), ("pypy", "PyPy"), ("other", "other"))
_PLATFORM_NAMES = ("os_name", "sys_platform", "platform_system")
_IMPLEMENTATION_NAMES = ("implementation_name", "platform_python_implementation")


class Unjudged(ValueError):
    """A marker whose meaning is not known here (malformed, or about things that are not modelled)."""


class Test(NamedTuple):
    """One comparison of a variable with a text; ``flipped`` when the text stands first."""

    variable: str
    operator: str
    text: str
    flipped: bool


class Both(NamedTuple):
    parts: tuple[Tree, ...]


class Either(NamedTuple):
    parts: tuple[Tree, ...]


Tree = Test | Both | Either


def parse(marker: str) -> Tree:
    """The tree of a marker; the empty marker is always true (``Both(())``).

    Raises:
        Unjudged: it is malformed.
    """
    if len(marker) > MAX_LENGTH:
        raise Unjudged("a marker of that length")
    tokens, position = [], 0
    while position < len(marker.rstrip()):
        match = _TOKEN.match(marker, position)
        if match is None:
            raise Unjudged(f"{marker[position : position + 20]!r} in a marker")
        tokens.append(match[0].strip())
        position = match.end()
    if not tokens:
        return Both(())
    tree, rest = _either(tokens, 0)
    if rest:
        raise Unjudged(f"{rest[0]!r} in a marker")
    return tree


def _either(tokens: Sequence[str], depth: int) -> tuple[Tree, Sequence[str]]:
    parts, rest = [], tokens
    while True:
        part, rest = _both(rest, depth)
        parts.append(part)
        if rest[:1] != ["or"]:
            return (parts[0] if len(parts) == 1 else Either(tuple(parts))), rest
        rest = rest[1:]


def _both(tokens: Sequence[str], depth: int) -> tuple[Tree, Sequence[str]]:
    parts, rest = [], tokens
    while True:
        part, rest = _one(rest, depth)
        parts.append(part)
        if rest[:1] != ["and"]:
            return (parts[0] if len(parts) == 1 else Both(tuple(parts))), rest
        rest = rest[1:]


def _one(tokens: Sequence[str], depth: int) -> tuple[Tree, Sequence[str]]:
    if depth > MAX_DEPTH or not tokens:
        raise Unjudged("an incomplete or too deep marker")
    if tokens[0] == "(":
        inner, rest = _either(tokens[1:], depth + 1)
        if rest[:1] != [")"]:
            raise Unjudged("an unclosed bracket in a marker")
        return inner, rest[1:]
    if tokens[1:3] == ["not", "in"]:
        tokens = [tokens[0], "not in", *tokens[3:]]
    if len(tokens) < 3:
        raise Unjudged("an incomplete marker")
    left, operator, right = tokens[:3]
    quoted = left[0] in "'\"", right[0] in "'\""
    if quoted[0] == quoted[1]:
        raise Unjudged("a marker that does not compare a variable with a text")
    variable, text = (right, left) if quoted[0] else (left, right)
    return Test(_OLD_NAMES.get(variable, variable), operator, text[1:-1], quoted[0]), tokens[3:]


def tests(tree: Tree) -> Iterator[Test]:
    """Every comparison in the tree."""
    if isinstance(tree, Test):
        yield tree
    else:
        for part in tree.parts:
            yield from tests(part)


def holds(tree: Tree, environment: Mapping[str, str]) -> bool:
    """The value of the marker in one environment.

    Raises:
        Unjudged: a comparison has no agreed meaning.
    """
    if not isinstance(tree, Test):
        # Every part is judged, so that whether a marker can be judged does not depend on the environment.
        values = [holds(part, environment) for part in tree.parts]
        return all(values) if isinstance(tree, Both) else any(values)
    value = environment.get(tree.variable)
    if value is None:
        raise Unjudged(f"the variable {tree.variable} in a marker")
    left, right = (tree.text, value) if tree.flipped else (value, tree.text)
    if tree.variable in _VERSIONS and tree.operator not in ("in", "not in"):
        return _version_holds(left, tree.operator, right)
    if tree.variable == "extra":
        left, right = (re.sub(r"[-_.]+", "-", text).lower() for text in (left, right))
    if tree.operator in ("in", "not in"):
        return (left in right) == (tree.operator == "in")
    if tree.operator in ("==", "===", "!="):
        return (left == right) == (tree.operator != "!=")
    raise Unjudged(f"{tree.operator} between texts in a marker")


def _version_holds(left: str, operator: str, right: str) -> bool:
    from packaging.specifiers import Specifier

    try:
        return Specifier(operator + right.strip()).contains(left.strip(), prereleases=True)
    except ValueError:
        raise Unjudged(f"{right!r} where a marker needs a version") from None


def signatures(markers: Sequence[str], requires_python: str = "") -> list[tuple[bool, ...]]:
    """The values of each marker on one common set of environments: equal markers have equal signatures.

    Raises:
        Unjudged: one of them cannot be judged.
    """
    trees = [parse(marker) for marker in markers]
    points = list(environments([test for tree in trees for test in tests(tree)], requires_python))
    return [tuple(holds(tree, point) for point in points) for tree in trees]


def environments(found: Iterable[Test], requires_python: str) -> Iterator[dict[str, str]]:
    """Environments that differ in what the given comparisons look at, and nothing else.

    Raises:
        Unjudged: there are too many.
    """
    texts: dict[str, set[str]] = {}
    for test in found:
        texts.setdefault(test.variable, set()).add(test.text)
    axes = [
        [{"python_version": p.rpartition(".")[0], "python_full_version": p} for p in _pythons(texts, requires_python)],
        list(_families(_PLATFORM_NAMES, _PLATFORMS, texts)),
        list(_families(_IMPLEMENTATION_NAMES, _IMPLEMENTATIONS, texts)),
        [{"platform_machine": m} for m in [*sorted(texts.get("platform_machine", ())), "other"]],
        [{"extra": e} for e in ["", *sorted(texts.get("extra", ()))]],
    ]
    size = 1
    for axis in axes:
        size *= len(axis)
    if size > MAX_POINTS:
        raise Unjudged("markers that tell too many environments apart")
    for point in product(*axes):
        yield {name: value for part in point for name, value in part.items()}


def _families(
    names: Sequence[str], known: Sequence[tuple[str, ...]], texts: Mapping[str, set[str]]
) -> Iterator[dict[str, str]]:
    if not any(name in texts for name in names):
        yield dict(zip(names, known[0], strict=True))
        return
    for values in known:
        yield dict(zip(names, values, strict=True))
    for place, name in enumerate(names):
        for text in sorted(texts.get(name, set()) - {values[place] for values in known}):
            yield {other: text if other == name else "other" for other in names}


def _pythons(texts: Mapping[str, set[str]], requires_python: str) -> Iterator[str]:
    written = [text for name in ("python_version", "python_full_version") for text in texts.get(name, ())]
    if not written:
        yield "3.12.0"
        return
    yield from python_points([*written, requires_python], requires_python)


def python_points(written: Iterable[str], requires_python: str = "") -> Iterator[str]:
    """Python versions on all sides of every version in the given texts, within ``requires_python``.

    Raises:
        Unjudged: ``requires_python`` is not a PEP 440 specifier.
    """
    from packaging.specifiers import SpecifierSet

    points = {(2, 7, 18), (4, 0, 0), *((3, minor, 0) for minor in range(6, 16))}
    for text in written:
        for major, minor, micro in re.findall(r"(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?", text):
            at = (int(major), int(minor or 0), int(micro or 0))
            points |= {at, (*at[:2], at[2] + 1), (*at[:2], max(at[2] - 1, 0)), (at[0], at[1] + 1, 0)}
    try:
        allowed = SpecifierSet(requires_python)
    except ValueError:
        raise Unjudged(f"{requires_python!r}, which is not a version range") from None
    for major, minor, micro in sorted(points)[:400]:
        point = f"{major}.{minor}.{micro}"
        if allowed.contains(point, prereleases=True):
            yield point


def same_range(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two conjunctions of version ranges admit the same Python versions.

    Raises:
        Unjudged: one of them is not a PEP 440 specifier.
    """
    one, other = ",".join(filter(None, first)), ",".join(filter(None, second))
    return list(python_points([one, other], one)) == list(python_points([one, other], other))
