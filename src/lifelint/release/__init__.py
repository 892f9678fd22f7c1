"""Releases: which one is meant, and manifests made from the facts of a commit. Pure."""
