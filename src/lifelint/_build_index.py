"""Build hook: writes every rule, and every framework, into one JSON file in the wheel, so that no YAML is parsed."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``lifelint/rules/index.json``, its digest, the same without examples, and the frameworks to a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from lifelint.catalog import brief, index
            from lifelint.frameworks.reading import index as frameworks
        finally:
            sys.path.pop(0)
        text = index(root / "rules")
        digest = hashlib.sha256(text.encode()).hexdigest()
        contents = {
            "index.json": text,
            "index.sha256": digest,
            "brief.json": brief(text),
            "frameworks.json": frameworks(root / "rules"),
        }
        for name, content in contents.items():
            target = Path(self.directory) / f"rules-{name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
            build_data["force_include"][str(target)] = f"lifelint/rules/{name}"
