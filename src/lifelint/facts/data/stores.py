"""Whether an address is a store that others can reach, or a place on one machine."""

from __future__ import annotations

from lifelint._patterns import lazy

_SCHEME = lazy(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)")
_PLACEHOLDER = lazy(r"\$\{?[A-Za-z_(]|%\(|\{\{|<[^>]+>")
_THIS_MACHINE = lazy(r"(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?::\d+)?$")
_MOUNT = lazy(r"/(?:mnt|media|nfs|net|gpfs|lustre|shared|beegfs|ceph|efs|Volumes|scratch|cluster)(?:/|$)")


_LOCAL = (
    (lazy(r"[A-Za-z]:(?:[\\/]|$)"), False, "is a Windows drive"),
    (lazy(r"\\\\"), None, "is a Windows network share"),
    (lazy(r"[\w.-]+@[\w.-]+:"), True, "is reached by ssh"),
    (lazy(r"~"), False, "is somebody's home folder"),
    (_MOUNT, None, "may be a mounted share or a local folder"),
    (lazy(r"/"), False, "is a folder of one machine"),
    (lazy(r""), False, "is a folder beside the repository"),
)


def shared(url: str, endpoint: str = "") -> tuple[bool | None, str]:
    """``True`` for a store others can reach, ``False`` for a place on one machine, ``None`` if the text cannot tell.

    ``endpoint`` is the server behind an object-store address. The second value says why.
    """
    if not url:
        return None, "no address is given"
    if _PLACEHOLDER.search(url):
        return None, f"{url} holds a placeholder"
    scheme = _SCHEME.match(url)
    if scheme:
        return _by_scheme(url, scheme[1].lower(), scheme[2], endpoint)
    return next((can, f"{url} {what}") for pattern, can, what in _LOCAL if pattern.match(url))


def _by_scheme(url: str, scheme: str, host: str, endpoint: str) -> tuple[bool, str]:
    if scheme == "file":
        return False, f"{url} is a folder of one machine"
    server = _SCHEME.match(endpoint)
    if server and _THIS_MACHINE.match(server[2]):
        return False, f"{endpoint} is served by the machine itself"
    if _THIS_MACHINE.match(host.rpartition("@")[2]):
        return False, f"{url} is served by the machine itself"
    return True, f"{url} is reached by {scheme}"
