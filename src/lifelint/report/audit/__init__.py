"""An audit as one document: JSON, from which HTML, Markdown and CSV are made, also later from an archived file."""

LIMITS = (
    "Repository evidence proves consistency, not truth. What is verified here is that what the repository says agrees "
    "with itself: digests with contents, locks with manifests, reports with the versions they name, manifests with "
    "commits. A determined author can make a set of files that agree and are false. Data and models behind pointers "
    "were not read, nothing of the repository was run, and nothing was fetched."
)
"""What an audit from a repository cannot do. It stands in every form of it."""
