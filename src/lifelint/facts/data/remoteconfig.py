"""Where the content behind pointers is kept: ``.dvc/config`` and ``.lfsconfig``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lifelint.facts._source import Source, Unreadable
from lifelint.facts.data import stores
from lifelint.facts.data.configfile import ConfigFile, parse_dvc_config, parse_git_config


class Remote(NamedTuple):
    """A store that a configuration names.

    ``project`` is the folder that the configuration serves (``""``: the repository). ``default``: used when no remote
    is named. ``declared``: ``False`` if only ``core.remote`` speaks of it. ``shared``: whether others can reach it, by
    its address alone, ``None`` when that cannot tell; ``why`` says what the address is. ``local`` configuration is
    not tracked by git, so a remote without address here may have one there. ``access`` is ``login`` or ``anonymous``
    where an option says so.

    Formats: https://dvc.org/doc/user-guide/project-structure/configuration and git-lfs docs/man/git-lfs-config.adoc.
    """

    path: str
    line: int
    system: str
    name: str
    url: str
    default: bool
    declared: bool
    shared: bool | None
    why: str
    project: str
    access: str = ""


class _Unparsed(NamedTuple):
    message: str
    line: int


def _dvc(data: bytes) -> ConfigFile | _Unparsed:
    try:
        return parse_dvc_config(data)
    except Unreadable as error:
        return _Unparsed(error.message, error.line)


def remotes(source: Source) -> Iterator[Remote]:
    """Every remote that DVC's or git-lfs's tracked configuration names."""
    for path in source.named("config"):
        if path == ".dvc/config" or path.endswith("/.dvc/config"):
            found = source.parse(path, _dvc)
            if found is not None:
                yield from _of_dvc(path, found)
    if source.is_file(".lfsconfig"):
        git_config = source.parse(".lfsconfig", parse_git_config)
        if git_config is not None:
            yield from _of_lfs(git_config)


def _of_dvc(path: str, found: ConfigFile | _Unparsed) -> Iterator[Remote]:
    project = path.removesuffix(".dvc/config").rstrip("/")
    if isinstance(found, _Unparsed):
        yield Remote(path, found.line, "dvc", "", "", False, False, None, found.message, project)
        return
    chosen = found.value("core", "remote")
    named = {name: line for section, name, line in found.sections if section == "remote"}
    for name, line in named.items():
        url = found.value("remote", "url", name)
        address = _followed(found, url.value if url else "")
        endpoint = found.value("remote", "endpointurl", name)
        can, why = stores.shared(address, endpoint.value if endpoint else "")
        is_default = chosen is not None and chosen.value.lower() == name
        place = url.line if url else line
        access = _access(found, name)
        yield Remote(path, place, "dvc", name, url.value if url else "", is_default, True, can, why, project, access)
    if chosen is not None and chosen.value.lower() not in named:
        why = f"core.remote names {chosen.value}, which has no section in this file"
        yield Remote(path, chosen.line, "dvc", chosen.value, "", True, False, None, why, project)


_LOGINS = ("auth", "user", "password", "ask_password", "custom_auth_header", "cert_path", "token")


def _access(found: ConfigFile, name: str) -> str:
    """What the options of a remote say about who may read it."""
    anonymous = found.value("remote", "allow_anonymous_login", name)
    if anonymous is not None and anonymous.value.lower() in ("true", "yes", "on", "1"):
        return "anonymous"
    return "login" if any(found.value("remote", key, name) for key in _LOGINS) else ""


def _followed(found: ConfigFile, url: str, hops: int = 10) -> str:
    """The address behind ``remote://name/path``."""
    if not url.startswith("remote://") or not hops:
        return url
    name, _, rest = url.removeprefix("remote://").partition("/")
    base = found.value("remote", "url", name.lower())
    return _followed(found, f"{base.value.rstrip('/')}/{rest}", hops - 1) if base else ""


def _of_lfs(found: ConfigFile) -> Iterator[Remote]:
    for setting in found.settings:
        names = setting.section == "lfs" and setting.key == "url" and not setting.name
        if names or (setting.section == "remote" and setting.key == "lfsurl"):
            can, why = stores.shared(setting.value)
            yield Remote(".lfsconfig", setting.line, "lfs", setting.name, setting.value, names, True, can, why, "")
