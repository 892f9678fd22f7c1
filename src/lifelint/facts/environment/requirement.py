"""One requirement: PEP 508 text taken apart, and whether it admits one version only.

What people write most (``name[extra]>=1.2,<2``, with a marker such as ``python_version < "3.9"``) is read without
importing packaging, which costs more than all the rest; every other form is packaging's to decide. A property test
holds the two equal.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.environment.nouns import Requirement

MAX_LENGTH = 4000
_CLAUSE = (
    r"(?:(?:[=!<>]=|[<>])[ \t]*[0-9]+(?:\.[0-9]+)*(?:(?:a|b|rc)[0-9]+)?(?:\.post[0-9]+)?"
    r"|~=[ \t]*[0-9]+(?:\.[0-9]+)+|[=!]=[ \t]*[0-9]+(?:\.[0-9]+)*(?:\.\*|\+[a-z0-9]+))[ \t]*"
)
_PLAIN = lazy(
    r"([A-Za-z0-9]++(?:[._-]++[A-Za-z0-9]++)*+)[ \t]*+(?:\[([A-Za-z0-9]+(?:,[A-Za-z0-9]+)*)\][ \t]*+)?"
    rf"((?:{_CLAUSE}(?:,[ \t]*(?=[=!<>~])|\Z))*)"
)
_TEST = (
    r"(python_(?:full_)?version|(?:os|implementation)_name|sys_platform|platform_(?:system|machine))[ \t]*"
    r"([=!<>]=|[<>])[ \t]*([\"'])([A-Za-z0-9._-]+)\3"
)
_COMMIT = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_VCS = r"(?i)(?:git|hg|svn|bzr)\+"
_SHA256 = r"[#&]sha256=[0-9a-fA-F]{64}(?:&|$)"
_WHEEL = r"/([^/?#]+)-([^-/?#]+)(?:-[^-/?#]+)?-[^-/?#]+-[^-/?#]+-[^-/?#]+\.whl(?:[?#]|$)"


class Parts(NamedTuple):
    """PEP 508 text taken apart. ``name`` is as written, ``specifier`` without blanks, in the order written."""

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    url: str = ""
    marker: str = ""


def normalise(name: str) -> str:
    """The PEP 503 form of a project name."""
    plain = name.replace("_", "-").replace(".", "-").lower()
    return re.sub("-+", "-", plain) if "--" in plain else plain


def split(text: str) -> Parts:
    """The parts of a PEP 508 requirement.

    Raises:
        ValueError: it is none, and why, in one line.
    """
    text = text.strip()
    head, semicolon, tail = text.partition(";")
    plain = _PLAIN.fullmatch(head)
    marker = _plain_marker(tail) if semicolon and plain else ""
    if plain and marker is not None:
        name, extras, specifier = plain.groups("")
        listed = tuple(sorted(set(extras.split(",")))) if extras else ()
        return Parts(name, listed, specifier.replace(" ", "").replace("\t", ""), "", marker)
    if len(text) > MAX_LENGTH:
        raise ValueError(f"is longer than {MAX_LENGTH} characters")
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    try:
        parsed = Parsed(text)
    except (InvalidRequirement, RecursionError) as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    written = re.sub(r"\s+", "", _specifier_text(text, parsed.name, bool(parsed.extras)))
    specifier = written if parsed.specifier else ""
    return Parts(parsed.name, tuple(sorted(parsed.extras)), specifier, parsed.url or "", str(parsed.marker or ""))


@lru_cache(1024)  # the few that there are stand behind many requirements
def _plain_marker(text: str) -> str | None:
    """A marker of plain comparisons as packaging writes it; ``None`` if it is anything else."""
    parts = re.split(r"[ \t]+(and|or)[ \t]+", text.strip(" \t"))
    for number in range(0, len(parts), 2):
        test = re.fullmatch(_TEST, parts[number])
        if test is None:
            return None
        parts[number] = f'{test[1]} {test[2]} "{test[4]}"'
    return " ".join(parts)


def _specifier_text(text: str, name: str, has_extras: bool) -> str:
    rest = text[len(name) :].partition(";")[0].strip()
    if has_extras or rest.startswith("["):
        rest = rest.partition("]")[2].strip()
    return rest[1:-1] if rest.startswith("(") and rest.endswith(")") else rest


def exactness(specifier: str, url: str = "") -> tuple[bool | None, str]:
    """Whether a PEP 440 specifier or a URL admits one version, and what decided it."""
    if url:
        return _url_exactness(url)
    bare = "".join(specifier.split())
    for clause in bare.split(",") if "==" in bare else ():
        version = clause.lstrip("=")
        if clause.startswith("==") and version and "*" not in version:
            return True, f"one version, {version}"
    return False, "more than one version" if bare.strip(",") else "any version"


def _url_exactness(url: str) -> tuple[bool | None, str]:
    if re.match(_VCS, url):
        return _revision_exactness(url.partition("#")[0].partition("://")[2].partition("/")[2].rpartition("@"))
    if re.search(_SHA256, url):
        return True, "a URL with its sha256"
    if "://" not in url or url.lower().startswith("file:"):
        local = not re.match(r"(?:file:/|/|[A-Za-z]:[\\/])", url)
        return (True, "a path of this repository") if local else (None, "a path outside this repository")
    if re.search(_WHEEL, url):
        return True, "one wheel, whose name holds its version"
    if re.search(r"/(?:archive|tarball|zipball|raw|get)/(?:refs/[^/]+/)?[0-9a-f]{40}\b", url):
        return True, "the archive of one commit"
    return False, "whatever the URL serves, which no sha256 fixes"


def _revision_exactness(parts: tuple[str, str, str]) -> tuple[bool | None, str]:
    _, at, revision = parts
    if not at or not revision:
        return False, "the default branch, whatever it is that day"
    return revision_exactness(revision)


def revision_exactness(revision: str) -> tuple[bool | None, str]:
    """Whether a revision of a version control system is one commit."""
    if re.fullmatch(_COMMIT, revision):
        return True, f"one commit, {revision[:12]}"
    if re.fullmatch(r"[0-9a-f]{7,39}", revision):
        return None, f"{revision} may be an abbreviated commit or the name of a tag"
    if "$" in revision:
        return None, f"{revision} is substituted when it is installed"
    return False, f"the branch or tag {revision}, which can move"


def requirement(text: str, *, line: int = 0, group: str = "", role: str = "runtime") -> Requirement:
    """A PEP 508 requirement as a fact; its path is filled in when files are linked.

    Raises:
        ValueError: as ``split`` does.
    """
    parts = split(text)
    exact, why = exactness(parts.specifier, parts.url)
    # Without the names of the fields it is made in half of the time, and there are tens of thousands.
    extras = tuple(normalise(extra) for extra in parts.extras) if parts.extras else ()
    name, written = normalise(parts.name), " ".join(text.split())
    return Requirement(
        "", line, name, written, parts.specifier, extras, parts.marker, parts.url, group, role, exact, why
    )
