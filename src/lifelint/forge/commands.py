"""How a step of a GitHub Actions workflow speaks to its runner (docs.github.com, Workflow commands)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

SUMMARY_LIMIT = 1 << 20
"""Bytes of a step's job summary: a longer one is refused as a whole."""


def outputs(values: Mapping[str, str | int]) -> str:
    """Text to append to ``GITHUB_OUTPUT``: one block for each value, ended by a line that nobody can foresee."""
    end = f"end-{secrets.token_hex(16)}"
    return "".join(f"{name}<<{end}\n{value}\n{end}\n" for name, value in values.items())


@contextmanager
def unheard(out: TextIO) -> Iterator[None]:
    """While this lasts, the runner takes no line of ``out`` for a command: text of a repository may look like one."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", file=out, flush=True)
    try:
        yield
    finally:
        print(f"::{token}::", file=out, flush=True)
