"""The configuration: in pyproject.toml where there is one, else in a file of its own."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from lifelint.config import FILES, ConfigError, parse
from lifelint.fix.noun import CannotFix, Change
from lifelint.fix.texts import changed, encode, set_off
from lifelint.init.noun import Ground, Proposal
from lifelint.init.roots import roots
from lifelint.init.stage import Guess, guessed
from lifelint.model import LEVELS, STAGES

OWN, SHARED = FILES
_WIDTH = 100


def configuration(ground: Ground) -> Proposal:
    """A configuration with the stage that the repository speaks for, and the projects that are not found without it.

    Raises:
        CannotFix: there is one, and it stays as it is; or no file can hold it.
    """
    if ground.config.source:
        raise CannotFix(f"{ground.config.source} holds one, which stays as it is")
    texts, guess, projects = ground.texts, guessed(ground.facts), roots(ground.facts)
    texts.content(OWN)  # one that git does not track yet may hold it
    why = [f"The stage is {guess.stage}, because {guess.why}. It sets the level to aim for: {_level(guess.stage)}."]
    if projects:
        why.append(f"The {len(projects)} projects are judged each by itself; without this, all would be one.")
    table = _table(guess, projects)
    try:
        if SHARED in texts:
            return Proposal("config", [_added(texts[SHARED], table, guess.stage)], why)
    except CannotFix as error:
        why.append(f"It is in a file of its own, because {error}.")
    return Proposal("config", [Change(OWN, 0, 0, table)], why)


def _added(text: str, table: str, stage: str) -> Change:
    """The table at the end of pyproject.toml.

    Raises:
        CannotFix: what comes out would be no configuration.
    """
    change = set_off(SHARED, text, f"[tool.lifelint]\n{table}")
    try:
        made = parse(SHARED, encode(changed(text, [change])))
    except ConfigError as error:
        raise CannotFix(f"none can be added at the end of {SHARED} ({error})") from None
    if made is None or made.stage != stage:
        raise CannotFix(f"none can be added at the end of {SHARED}")
    return change


def _table(guess: Guess, projects: Sequence[str]) -> str:
    others = " and ".join(f"{stage} would for level {level}" for stage, level in STAGES.items() if stage != guess.stage)
    said = f"Guessed, because {guess.why}. It aims for {_level(guess.stage)}; {others}. Correct it if it is wrong."
    lines = [*_comment(said), f'stage = "{guess.stage}"']
    if projects:
        lines += ["", *_comment("Folders that train with an environment of their own. Take out what is none.")]
        lines += ["projects = [", *(f'    "{root}",' for root in projects), "]"]
    return "".join(f"{line}\n" for line in lines)


def _comment(words: str) -> Sequence[str]:
    return textwrap.wrap(
        words, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False, break_on_hyphens=False
    )


def _level(stage: str) -> str:
    return f"level {STAGES[stage]} ({LEVELS[STAGES[stage]]})"
