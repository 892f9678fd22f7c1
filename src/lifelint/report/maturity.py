"""How mature a project is, for a person at a terminal: its level, the matrix, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from lifelint.model import LEVELS, PHASES, PRINCIPLES
from lifelint.report.look import Look, wrapped
from lifelint.scorecard import Scorecard


def scorecard(card: Scorecard, look: Look) -> Iterator[str]:
    """The level, the matrix of phases and principles, and the next steps."""
    yield from level_lines(card, look)
    yield ""
    yield from _matrix(card, look)
    if card.least_controlled or card.next_steps:
        yield ""
    if card.least_controlled:
        weak = card.least_controlled
        where = f"Least controlled: {weak.principle} of {_phase(weak.phase)}."
        yield from wrapped(f"{where} The first rule to look at there is {weak.rule}.", look)
    if card.next_steps:
        yield f"Next steps from level {card.level}:"
        for number, step in enumerate(card.next_steps, 1):
            more = f", and {step.unblocks} more wait for it" if step.unblocks else ""
            yield from wrapped(f"{step.title} ({step.rule}, level {step.level}{more})", look, f"  {number}. ")
        yield from wrapped(f"`lifelint explain {card.next_steps[0].rule}` tells why and how.", look)
    elif card.level < card.target:
        yield ""
        if card.applicable:
            told = "No rule that applies is open, and a phase in which none applies holds the level back:"
            yield from wrapped(f"{told} `lifelint plan` tells which.", look)
        else:
            yield from wrapped("No rule applies to what is here, so nothing is proven.", look)


def level_lines(card: Scorecard, look: Look) -> Iterator[str]:
    """The level, and how many rules came to what."""
    name = LEVELS[card.level]
    strict = f", strict level {card.strict_level}" if card.strict_level != card.level else ""
    colour = level_colour(card)
    proven = f"{card.proven} of {card.applicable} expected rules proven"
    level = f"Level {card.level} ({name}){strict}, target {card.target}: {proven}"
    yield from wrapped(level, look, "", colour, bold=True)
    counts = [
        f"{card.counts[key]} {word}"
        for key, word in (
            ("fail", "failed"), ("error", "crashed"), ("blocked", "blocked"), ("premature", "premature"),
            ("unknown", "unknown"), ("waived", "waived"), ("not_applicable", "not applicable"),
        )
        if card.counts[key] or key == "fail"
    ]  # fmt: skip
    yield from wrapped(f"At all levels: {card.counts['pass']} passed, {', '.join(counts)}", look)


def level_colour(card: Scorecard) -> str:
    """Green from the target on, red where nothing is held."""
    return "green" if card.level >= card.target else "yellow" if card.level else "red"


def _phase(phase: str) -> str:
    return f"the {phase} phase" if phase != "scoping" else "scoping"


def _matrix(card: Scorecard, look: Look) -> Iterator[str]:
    cells = {(cell.phase, cell.principle): cell for cell in card.matrix}
    heads = PRINCIPLES if look.width >= 78 else [f"{principle[:5]}." for principle in PRINCIPLES]
    width = max(map(len, heads)) + 2
    yield " " * 12 + "".join(head.ljust(width) for head in heads).rstrip()
    for phase in PHASES:
        row = [look.style(phase.ljust(12), bold=True)]
        for principle in PRINCIPLES:
            cell = cells[phase, principle]
            if cell.level is None:
                row.append(look.style("·".ljust(width), dim=True))
                continue
            colour = "green" if cell.proven == cell.applicable else "yellow" if cell.level else "red"
            of = f" {cell.proven}/{cell.applicable}" if cell.applicable else ""
            row.append(look.style(f"L{cell.level}{of}".ljust(width), colour))
        yield "".join(row).rstrip()
