"""Releases: which one is meant, how versions are ordered, and manifests made from the facts of a commit. Pure."""
