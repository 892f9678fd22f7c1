"""Random splits that code makes, and whether they can be made again. By the syntax tree.

The parameters are those of scikit-learn's ``model_selection``, ``torch.utils.data.random_split`` and
``datasets.Dataset.train_test_split``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source, Unreadable
from lifelint.facts.code import SPLITS, candidates, shows
from lifelint.facts.references.syntax import DYNAMIC, Call

_SETS = lazy(r"(?:^|\.)(?:seed|manual_seed|(?:set|fix)_?(?:all_?|random_?|global_?)*seeds?|seed_everything)$")
_SKLEARN = ("train_test_split", "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit")


class Split(NamedTuple):
    """A call that splits data at random. ``seeded`` is ``None`` where something else in the file speaks of a seed."""

    path: str
    line: int
    function: str
    seeded: bool | None
    why: str


def splits(source: Source) -> Iterator[Split]:
    """Every random split in the project's own Python files, those that only show or try something left out."""
    from lifelint.facts.references.syntax import parse

    for path, data in source.once(candidates).items():
        if not path.endswith(".py") or shows(path) or not any(sign in data for sign in SPLITS):
            continue
        try:
            module = parse(data)
        except Unreadable as error:
            source.cannot_read(path, error.message, error.line)
            continue
        sets = next((call.name for call in module.calls if _SETS.search(call.name)), "")
        for call in sorted(module.calls, key=lambda call: call.line):
            made = _of_call(call)
            if made is not None:
                function, seed = made
                yield Split(path, call.line, function, *_judged(seed, sets, b"seed" in data.lower()))


def _of_call(call: Call) -> tuple[str, Any] | None:
    """The function, and the seed it is given."""
    top, last = call.name.partition(".")[0], call.name.rpartition(".")[2]
    if last in _SKLEARN and top in ("sklearn", "cuml", "dask_ml"):
        if call.given(-1, "shuffle") is False:
            return None
        return f"sklearn's {last}", call.given(-1, "random_state")
    if last == "random_split" and top in ("torch", "lightning"):
        return "torch's random_split", call.given(2, "generator")
    if last == "train_test_split" and call.name.startswith(".") and call.given(-1, "shuffle") is not False:
        return "train_test_split", call.given(-1, "seed", "random_state")
    return None


def _judged(seed: Any, sets: str, spoken_of: bool) -> tuple[bool | None, str]:
    if seed is DYNAMIC:
        return True, "its seed is given by a variable"
    if seed is not None:
        return True, f"its seed is {seed!r}"
    if sets:
        return True, f"the file sets a seed by {sets.lstrip('.')}"
    if spoken_of:
        return None, "it is given no seed, and another line of the file may set one"
    return False, "it is given no seed, so each run splits otherwise"
