"""What ``dvc.lock`` recorded of a stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lifelint.facts.dvc.pointerfile import Dep, Out


@dataclass(frozen=True)
class Record:
    """One stage's entry. ``param_lines`` gives the line of ``(file, key)``."""

    cmd: str | tuple[str, ...]
    deps: tuple[Dep, ...] = ()
    outs: tuple[Out, ...] = ()
    params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    param_lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    line: int = 0
    cmd_line: int = 0

    @cached_property
    def inputs(self) -> str:
        """A digest of all that the run took, which tells two runs of the same from two runs of different things."""
        from hashlib import sha256  # only where there is a pipeline: it loads OpenSSL

        deps = sorted((dep.path, dep.hash_name, dep.digest) for dep in self.deps)
        params = sorted(
            (file, key, repr(value)) for file, values in self.params.items() for key, value in values.items()
        )
        return sha256(repr((self.cmd, deps, params)).encode("utf-8", "surrogatepass")).hexdigest()
