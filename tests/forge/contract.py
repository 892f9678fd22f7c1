"""What an OpenAPI 3.0 description allows: whether a request, and the answer to it, are of its form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from jsonschema import Draft202012Validator

Json = Any


class Operation(NamedTuple):
    """One method of one path of the description, and what stands in the path's braces."""

    path: str
    content: Mapping[str, Any]
    values: Mapping[str, str]


class Contract:
    """One description, read from a file."""

    def __init__(self, path: Path) -> None:
        self.document = json.loads(path.read_text("utf-8"))
        self._components = _nullable(self.document["components"])
        self._routes = [
            (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))), template)
            for template in self.document["paths"]
        ]

    def example(self, name: str) -> Json:
        """A fresh copy of one of the description's own examples."""
        return json.loads(json.dumps(self.document["components"]["examples"][name]["value"]))

    def operation(self, method: str, path: str) -> Operation | None:
        """What a request asks for."""
        for pattern, template in self._routes:
            content = self.document["paths"][template].get(method.lower())
            if content and (found := pattern.fullmatch(path)):
                return Operation(template, content, {key: unquote(value) for key, value in found.groupdict().items()})
        return None

    def wrong_request(self, operation: Operation, query: Mapping[str, str], body: Json) -> list[str]:
        """What is wrong with a request; nothing, if it is as described. ``body`` is ``None`` where there is none."""
        known = {}
        wrong = []
        for parameter in map(self._resolved, operation.content.get("parameters", ())):
            name, place = parameter["name"], parameter["in"]
            known[name] = place
            given = (operation.values if place == "path" else query).get(name)
            if given is None:
                wrong += [f"parameter {name} is missing"] if parameter.get("required") else []
            else:
                wrong += self._wrong(parameter["schema"], _typed(given, parameter["schema"]), name)
        wrong += [f"there is no parameter {name}" for name in query if known.get(name) != "query"]
        expected = operation.content.get("requestBody")
        if expected is None:
            return wrong + (["it takes no body"] if body is not None else [])
        schema = expected["content"]["application/json"]["schema"]
        # The description allows further keys, but they are typing errors of ours
        strange = sorted(set(body) - set(schema["properties"])) if isinstance(body, dict) else ()
        return [*wrong, *self._wrong(schema, body, "body"), *(f"there is no key {key}" for key in strange)]

    def wrong_answer(self, operation: Operation, status: int, body: Json) -> list[str]:
        """What is wrong with an answer. A refusal that is not described has at least the form of all of GitHub's."""
        described = operation.content["responses"].get(str(status))
        if described is None:
            if status < 400:
                return [f"status {status} is not described"]
            return self._wrong({"$ref": "#/components/schemas/basic-error"}, body, "answer")
        content = self._resolved(described).get("content")
        if content is None:
            return ["it has no body"] if body is not None else []
        return self._wrong(content["application/json"]["schema"], body, "answer")

    def _resolved(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in part:
            return part
        kind, name = part["$ref"].removeprefix("#/components/").split("/")
        return self._components[kind][name]

    def _wrong(self, schema: Mapping[str, Any], value: Json, where: str) -> list[str]:
        judge = Draft202012Validator({**_nullable(schema), "components": self._components})
        return [f"{where}{error.json_path[1:]}: {error.message[:200]}" for error in judge.iter_errors(value)]


def _nullable(part: Json) -> Json:
    """OpenAPI 3.0 in JSON Schema's words: ``nullable`` is not among them."""
    if isinstance(part, list):
        return [_nullable(item) for item in part]
    if not isinstance(part, dict):
        return part
    plain = {key: _nullable(item) for key, item in part.items()}
    if plain.get("nullable") is True:
        del plain["nullable"]
        return {"anyOf": [{"type": "null"}, plain]}
    return plain


def _typed(text: str, schema: Mapping[str, Any]) -> int | str:
    whole = schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text)
    return int(text) if whole else text
