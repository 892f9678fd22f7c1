"""The address of a repository on a forge, from that of its remote. Only forges whose links are known are told."""

from __future__ import annotations

import re
from urllib.parse import quote

from lifelint._patterns import lazy

_HOST = r"(?:[a-z0-9-]+\.)*(?:github|gitlab)\.[a-z0-9.-]*[a-z0-9]"
_REMOTE = lazy(
    rf"(?:https://(?:[^/@\s]*@)?(?P<https>{_HOST}(?::\d{{1,5}})?)/|ssh://(?:[\w.-]+@)?(?P<ssh>{_HOST})(?::\d+)?/"
    rf"|[\w.-]+@(?P<scp>{_HOST}):/?)(?P<name>[\w.-]+(?:/[\w.-]+)+)/?",
    re.ASCII,
)
_ADDRESS = lazy(rf"https://{_HOST}(?::\d{{1,5}})?(?:/[\w.-]+){{2,20}}", re.ASCII)
_COMMIT = lazy(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def address(remote: str) -> str:
    """The https address of the repository that ``remote`` (https, ssh or scp form) leads to, without credentials.

    ``""`` where the host is not called GitHub or GitLab: how another forge writes its links is not known.
    """
    found = _REMOTE.fullmatch(remote)
    if found is None:
        return ""
    made = f"https://{found['https'] or found['ssh'] or found['scp']}/{found['name'].removesuffix('.git')}"
    return made if is_address(made) else ""


def is_address(text: str) -> bool:
    """Whether ``text`` is what ``address`` makes: what an archived document says may be a stranger's."""
    names = text.split("/")[3:]
    return bool(_ADDRESS.fullmatch(text)) and not any(set(name) <= {"."} for name in names)


def link(forge: str, commit: str, path: str = "", line: int = 0) -> str:
    """The address of a file at a commit, or of the commit itself (GitHub and GitLab docs, "Permalinks"); ``""`` where
    there is none."""
    if not (is_address(forge) and _COMMIT.fullmatch(commit)):
        return ""
    host = forge.split("/")[2]
    base = f"{forge}/-" if "gitlab" in host.partition(":")[0].split(".") else forge
    if not path:
        return f"{base}/commit/{commit}"
    name = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    return f"{base}/blob/{commit}/{name}{f'#L{line}' if line else ''}"
