"""git's own matching of attributes whose files no repository holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from lifelint.snapshot import SnapshotError

NAME = ".gitattributes"


def matched(files: Mapping[str, bytes], paths: Iterable[str]) -> Mapping[str, str]:
    """The value of the ``filter`` attribute of each path that has one, where ``files`` are all files of attributes.

    Raises:
        SnapshotError: git is not installed, or refuses.
    """
    import tempfile

    from lifelint.snapshot._git import Git
    from lifelint.snapshot._layout import discover

    with tempfile.TemporaryDirectory(prefix="lifelint-") as folder:
        _repository(folder)
        for path, data in files.items():
            if not {"", ".", "..", ".git"}.isdisjoint(path.split("/")):
                continue  # a tree can be made that names such paths; they lead out of the folder
            place = os.path.join(folder, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "xb") as file:
                file.write(data)
        layout = discover(folder)
        if layout is None:
            raise SnapshotError(f"no repository could be made in {folder}")
        found = Git(layout).attributes(paths, ["filter"], cached=False)
    return {path: named["filter"] for path, named in found.items() if named["filter"] not in ("set", "unset")}


def _repository(folder: str) -> None:
    """An empty repository: what git takes for one (gitrepository-layout)."""
    for name in ("refs", "objects"):
        os.makedirs(os.path.join(folder, ".git", name))
    with open(os.path.join(folder, ".git", "HEAD"), "x", encoding="utf-8") as file:
        file.write("ref: refs/heads/none\n")
