"""What experiment trackers leave beside the code: run folders, local databases, event files.

Layouts: MLflow's file store and its SQLite files, W&B's ``run-<time>-<id>`` folders, Lightning's ``version_<n>``,
TensorBoard's event files, Hydra's ``.hydra`` folders, CatBoost's ``catboost_info``, Aim and Neptune folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.data import places
from lifelint.snapshot import Missing


class RunRecord(NamedTuple):
    """A store of run records: one that git tracks (``files`` and bytes ``size`` of it), or a line that ignores one."""

    path: str
    line: int
    tool: str
    root: str
    ignored: bool
    files: int = 0
    size: int = 0


_ROOTS = (
    ("MLflow", lazy(r"((?:.*/)?(?:mlruns|mlartifacts))/(?:\d+|[0-9a-f]{32}|models|\.trash)/.+")),
    ("Weights & Biases", lazy(r"((?:.*/)?wandb)/(?:offline-)?run-\d{8}_\d{6}-\w+/.+")),
    ("Lightning", lazy(r"((?:.*/)?lightning_logs)/version_\d+/.+")),
    ("Hydra", lazy(r"((?:.*/)?(?:outputs|multirun))/\d{4}-\d\d-\d\d/.+")),
    ("CatBoost", lazy(r"((?:.*/)?catboost_info)/.+")),
    ("Aim", lazy(r"((?:.*/)?\.aim)/(?:meta|seqs|run_metadata.*|VERSION)(?:/.*)?")),
    ("Neptune", lazy(r"((?:.*/)?\.neptune)/(?:async|offline|sync)/.+")),
    ("TensorBoard", lazy(r"((?:.*/)?events\.out\.tfevents\.[^/]+)")),
)
_HINT = lazy(r"mlruns|mlartifacts|wandb/|ning_logs/|outputs/|multirun/|catboost_info|\.aim/|\.neptune/|tfevents")
_DATABASE = lazy(r"(?:mlflow|mlruns|optuna)[\w.-]*\.(?:db|sqlite3?)", re.IGNORECASE)
_IGNORED = lazy(
    r"/?(?:\*\*/)?(mlruns|mlartifacts|mlflow\.db|wandb|lightning_logs|outputs|multirun|catboost_info|\.aim|\.neptune"
    r"|tb_logs|\*?tfevents\*)/?\*{0,2}"
)


def run_records(source: Source) -> Iterator[RunRecord]:
    """Stores that git tracks, largest part first, then the lines of ``.gitignore`` that keep them out."""
    stores: dict[tuple[str, str], list[str]] = {}
    named = source.names(lambda name: "tfevents" in name)  # the one hint that stands in a name
    for path in sorted({*named, *source.inside(_HINT.search)}):
        if not places.is_fixture(path):
            for tool, layout in _ROOTS:
                found = layout.fullmatch(path)
                if found:
                    stores.setdefault((tool, found[1]), []).append(path)
                    break
    databases = [path for path in source.names(_DATABASE.fullmatch) if not places.is_fixture(path)]
    for path, data in source.snapshot.read(databases):
        if not isinstance(data, Missing) and data.startswith(b"SQLite format 3\0"):
            stores["MLflow" if "optuna" not in path.lower() else "Optuna", path] = [path]
    for (tool, root), paths in stores.items():
        sizes = source.snapshot.sizes(paths)
        yield RunRecord(paths[0], 0, tool, root, False, len(paths), sum(sizes.values()))
    yield from _kept_out(source)


def _kept_out(source: Source) -> Iterator[RunRecord]:
    files = source.named(".gitignore")
    source.prefetch(files)
    for path in files:
        for number, line in enumerate((source.bytes(path) or b"").decode("utf-8", "replace").splitlines(), 1):
            found = _IGNORED.fullmatch(line.strip())
            if found:
                folder = path.rpartition("/")[0]
                yield RunRecord(path, number, "", f"{folder}/{found[1]}" if folder else found[1], True)
