"""Data and models: what stands behind a pointer, where the content is kept, and what lies in git itself."""

from __future__ import annotations

from lifelint.facts.data.lfsfiles import lfs_paths
from lifelint.facts.data.pointing import pointers
from lifelint.facts.data.rawfiles import blobs
from lifelint.facts.data.remoteconfig import remotes

__all__ = ["blobs", "lfs_paths", "pointers", "remotes"]
