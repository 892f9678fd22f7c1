"""Permissions of workflows that do nothing for which a token has to write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifelint._patterns import lazy
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import line_end
from lifelint.fix.yaml_places import node, pairs

_READS = lazy(
    r"actions/(?:checkout|setup-[\w-]+|cache(?:/\w+)?|upload-artifact|download-artifact)@"
    r"|(?:astral-sh/(?:setup-uv|ruff-action)|prefix-dev/setup-pixi|conda-incubator/setup-miniconda|pre-commit/action"
    r"|mamba-org/setup-micromamba|snok/install-poetry|pdm-project/setup-pdm|iterative/setup-(?:dvc|cml)"
    r"|docker/setup-[\w-]+-action|codecov/codecov-action|pypa/cibuildwheel)@"
)
"""Prepared actions that need no more of the workflow's token than to read the repository, by their documentation."""

_WRITES = lazy(
    r"GITHUB_TOKEN|github\.token|\bgit\s+(?:-\S+\s+\S+\s+)*(?:(?:subtree|lfs)\s+)?push\b|(?:^|[\s;&|(])(?:gh|cml)\s|id-token"
    r"|gh-deploy|\bpublish\s+gh-pages|\bgh-pages\s+-|\bghp-import|\bmike\s+deploy|semantic-release|\bdvc\s+exp\s+push",
    re.MULTILINE,
)
"""What may use the token, or the copy of it that a checkout leaves for git: to write, or as somebody else."""


def reading(case: Case) -> Iterator[Change]:
    """``contents: read`` above the jobs, where nothing in the workflow shows that it may need more."""
    path, text = case.seen.path, case.texts[case.seen.path]
    if case.seen.subject != path:
        raise CannotFix("which of all the permissions are needed, only whoever wrote the job can tell")
    if node(text, ["permissions"]) is not None:
        raise CannotFix("permissions are declared there already")
    used = _WRITES.search(text)
    if used:
        raise CannotFix(f"it may use the token ({used[0].strip()}), and what for is not known here")
    commands = [one.text for one in case.facts["ci_commands"].items if one.path == path]
    called = [command.removeprefix("uses: ") for command in commands if command.startswith("uses: ")]
    other = next((name for name in called if not _READS.match(name) and not name.startswith("docker://")), "")
    if other:
        raise CannotFix(f"it uses {other}, which may need more than to read")
    jobs = next((key for key, _ in pairs(node(text, [])) if key.value == "jobs"), None)
    if jobs is None or jobs.start_mark.column:
        raise CannotFix("its jobs are not written as a block")
    end = line_end(text)
    at = _above_comments(text, jobs.start_mark.index)
    yield Change(path, at, at, f"permissions:{end}  contents: read{end}{end}")


def _above_comments(text: str, at: int) -> int:
    """Where the comment begins that stands directly above a place, or the place itself."""
    while at:
        before = text.rfind("\n", 0, at - 1) + 1
        if not text[before:at].startswith("#"):
            return at
        at = before
    return at
