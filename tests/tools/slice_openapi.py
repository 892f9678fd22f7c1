"""Cuts GitHub's own OpenAPI descriptions down to the requests that lifelint makes, for the tests of ``tests/forge``.

The package they come from holds 400 MB, so it is not among the tools of the tests:

    npm install --ignore-scripts --prefix FOLDER @octokit/openapi
    python tests/tools/slice_openapi.py FOLDER/node_modules/@octokit/openapi

writes ``tests/forge/api.github.com.json`` and ``tests/forge/ghes.json``, the newest Enterprise Server's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent / "forge"
USED = {
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ("get", "patch", "delete"),
    "/repos/{owner}/{repo}/pulls": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}": ("get",),
}
PROSE = {"description", "summary", "externalDocs", "x-github", "x-octokit", "tags"}


def main(package: Path) -> None:
    """Writes both slices."""
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    generated = package / "generated"
    servers = [path for path in generated.glob("ghes-*.json") if not path.name.endswith(".deref.json")]
    newest = max(servers, key=lambda path: [int(part) for part in path.stem.partition("-")[2].split(".")])
    for source, name in ((generated / "api.github.com.json", "api.github.com.json"), (newest, "ghes.json")):
        cut = {"x-cut-from": f"@octokit/openapi {version} {source.name}", **slice_of(json.loads(source.read_bytes()))}
        (HERE / name).write_text(json.dumps(cut, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


def slice_of(whole: dict[str, Any]) -> dict[str, Any]:
    """The used operations of a description and what they refer to, however far, without its prose."""
    paths = {}
    for path, methods in USED.items():
        operations = whole["paths"][path]
        shared = {"parameters": operations["parameters"]} if "parameters" in operations else {}
        paths[path] = {**shared, **{method: operations[method] for method in methods}}
    components: dict[str, dict[str, Any]] = {}
    wanted = list(references(paths))
    while wanted:
        kind, name = wanted.pop()
        if name not in components.setdefault(kind, {}):
            components[kind][name] = whole["components"][kind][name]
            wanted.extend(references(components[kind][name]))
    # The teams of these examples lack what the schema requires of a team
    for name in ("pull-request", "pull-request-simple-items"):
        value = components["examples"][name]["value"]
        for pull in value if isinstance(value, list) else [value]:
            pull["requested_teams"] = []
    info = {key: whole["info"][key] for key in ("title", "version", "license")}
    return bare({"openapi": whole["openapi"], "info": info, "paths": paths, "components": components})


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Kind and name of each component that a part of the description refers to."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            kind, name = value["$ref"].removeprefix("#/components/").split("/")
            yield kind, name
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def bare(value: Any, *, within: str = "") -> Any:
    """Without prose. Below ``properties`` keys are names, whatever they look like; an answer must be described."""
    if isinstance(value, list):
        return [bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    if within == "responses":
        return {key: {"description": "", **bare(item)} if "$ref" not in item else item for key, item in value.items()}
    return {
        key: item if key in ("example", "examples") else bare(item, within="" if within == "properties" else key)
        for key, item in value.items()
        if within == "properties" or key not in PROSE
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
