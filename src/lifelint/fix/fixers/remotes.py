"""Remotes of DVC."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from lifelint.facts import Unreadable
from lifelint.facts.data.configfile import parse_dvc_config
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import encode, inserted_after, line_end, place


def default(case: Case) -> Iterator[Change]:
    """Makes the only remote the default; one of several only where the name in ``core.remote`` is nearly its own."""
    path = case.seen.subject
    text = case.texts[path]
    try:
        config = parse_dvc_config(encode(text))
    except Unreadable:
        raise CannotFix("the file cannot be read as it stands") from None
    names = [name for section, name, _ in config.sections if section == "remote"]
    chosen = config.value("core", "remote")
    if chosen is not None:
        [*near] = get_close_matches(chosen.value.lower(), names, n=2, cutoff=0.75)
        if len(near) != 1:
            raise CannotFix(f"which remote is meant by {chosen.value} cannot be told ({', '.join(names)})")
        start, end = place(text, chosen.line)
        at = text.rfind(chosen.value, start, end)
        if at < 0:
            raise CannotFix("its value is not on one line")
        yield Change(path, at, at + len(chosen.value), near[0])
        return
    if len(names) != 1:
        raise CannotFix(f"which of its remotes is the default is for you to decide ({', '.join(names)})")
    core = next((line for section, _, line in config.sections if section == "core"), 0)
    if core:
        yield inserted_after(path, text, core, f"    remote = {names[0]}")
    else:
        end_of_line, start = line_end(text), int(text.startswith("\ufeff"))
        yield Change(path, start, start, f"[core]{end_of_line}    remote = {names[0]}{end_of_line}")
