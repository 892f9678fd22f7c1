"""Steps that Python declares: decorated functions, operators, nodes and flows. By the syntax tree, never imported.

Sources: the public documentation of Airflow, Prefect, Dagster, Kubeflow Pipelines, ZenML, Metaflow, Flyte, Kedro and
SageMaker Pipelines. What a step depends on is what its arguments are made of, followed through assignments.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._python import imported, statements
from lifelint.facts._python import parse as syntax_tree
from lifelint.facts._source import Unreadable
from lifelint.facts.data.formats import words

TOOLS = {
    "prefect": "prefect", "zenml": "zenml", "kfp": "kubeflow", "flytekit": "flyte", "dagster": "dagster",
    "airflow": "airflow", "metaflow": "metaflow", "kedro": "kedro", "sagemaker": "sagemaker",
}  # fmt: skip
_IMPORTS = lazy(rb"^[ \t]*(?:from|import)[ \t]+(?:" + "|".join(TOOLS).encode() + rb")\b", re.MULTILINE)
_MAKES = lazy(rb"^[ \t]*@|FlowSpec|Operator\(|Sensor\(|[Nn]ode\(|Step\(", re.MULTILINE)
_SIGNS = (b"@", b"FlowSpec", b"Operator(", b"Sensor(", b"ode(", b"Step(")  # one of them is in all that matches
_NAMES = tuple(name.encode() for name in TOOLS)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_STEP = words("task step component container_component op asset multi_asset create_component_from_func")
_PIPELINE = words("flow pipeline workflow dynamic job graph dag")
_BY_CALLS = frozenset({"airflow", "sagemaker", "kedro"})
"""Tools whose steps are made by calls, wherever these stand."""
_NOT_STEPS = words("EmptyOperator DummyOperator BaseOperator BaseSensorOperator")
_SAGEMAKER = lazy(r"(?:Training|Processing|Transform|Tuning|Model|Lambda|Callback|QualityCheck|EMR)Step")
_SENT = words("submit map with_options expand partial")


class Called(NamedTuple):
    """A step in a pipeline's body: what is called, under which name, and the steps its arguments come from."""

    function: str
    name: str
    line: int
    after: tuple[str, ...]
    reads: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()


class Body(NamedTuple):
    """A pipeline: its tool, its name and what it calls in order. ``certain``: every call in it is a step."""

    tool: str
    name: str
    line: int
    called: Sequence[Called]
    certain: bool


class Declared(NamedTuple):
    """What one file declares: step functions by name, and pipelines."""

    functions: Mapping[str, tuple[str, int]]
    bodies: Sequence[Body]


def possible(data: bytes) -> bool:
    """Whether a file imports one of the tools and has something that can be a step."""
    named = any(map(data.__contains__, _NAMES)) and any(map(data.__contains__, _SIGNS))
    return named and _IMPORTS.search(data) is not None and _MAKES.search(data) is not None


def parse(data: bytes) -> Declared:
    """The steps and pipelines that a Python file declares.

    Raises:
        Unreadable: it is not Python that this interpreter can parse; with the line.
    """
    tree = syntax_tree(data)
    try:
        return _declared(tree)
    except RecursionError:
        raise Unreadable("is nested too deeply to be followed") from None


def _declared(tree: ast.Module) -> Declared:
    every = list(statements(tree))
    names = imported(every)
    functions: dict[str, tuple[str, int]] = {}
    bodies: list[Body] = []
    for node in every:
        if isinstance(node, _FUNCTIONS):
            for tool, decorator in _decorators(node, names):
                if decorator in _STEP:
                    functions[node.name] = tool, node.lineno
                if decorator in ("asset", "multi_asset"):
                    after = tuple(arg.arg for arg in node.args.args)
                    called = Called(node.name, node.name, node.lineno, after)
                    bodies.append(Body(tool, "assets", node.lineno, [called], True))
                if decorator in _PIPELINE and not (tool == "kubeflow" and decorator != "pipeline"):
                    called_here = _followed(node.body, names, free=tool != "airflow")
                    bodies.append(Body(tool, node.name, node.lineno, called_here, False))
        elif isinstance(node, ast.ClassDef) and any(_dotted(base, names).endswith("FlowSpec") for base in node.bases):
            bodies.append(_metaflow(node, names))
    if not _BY_CALLS.isdisjoint(name.partition(".")[0] for name in names.values()):
        bodies += _of_scopes([tree, *(n for n in every if isinstance(n, _FUNCTIONS))], names)
    return Declared(functions, bodies)


def _of_scopes(
    scopes: Sequence[ast.Module | ast.FunctionDef | ast.AsyncFunctionDef], names: Mapping[str, str]
) -> Iterator[Body]:
    """Operators, nodes and steps that are made by calls, wherever they stand: one pipeline for each tool of a file."""
    found: dict[str, list[Called]] = {}
    for scope in scopes:
        flow = _Flow(names, free=False)
        flow.statements(scope.body, nested=False)
        for tool, called in flow.made:
            found.setdefault(tool, []).append(called)
    for tool, made in found.items():
        yield Body(tool, "", made[0].line, made, True)


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        else:
            node = node.func
    if isinstance(node, ast.Name):
        return ".".join([names.get(node.id, node.id), *reversed(parts)])
    return ""


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for decorator in node.decorator_list:
        dotted = _dotted(decorator, names)
        tool = TOOLS.get(dotted.partition(".")[0], "")
        parts = dotted.split(".")
        if tool and tool != "metaflow":
            # @task.virtualenv, @dsl.pipeline, @flow(name=…)
            yield tool, next((part for part in parts if part in _STEP | _PIPELINE), "")


def _metaflow(node: ast.ClassDef, names: Mapping[str, str]) -> Body:
    """A flow's steps are its ``@step`` methods; ``self.next(self.a, self.b)`` says what follows."""
    steps: dict[str, tuple[int, list[str]]] = {}
    follows: list[tuple[str, str]] = []
    for method in node.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        if any(_dotted(d, names).endswith("step") for d in method.decorator_list):
            steps[method.name] = method.lineno, []
        for call in ast.walk(method):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "next":
                follows += [(method.name, arg.attr) for arg in call.args if isinstance(arg, ast.Attribute)]
    for before, name in follows:
        if name in steps:
            steps[name][1].append(before)
    called = [Called(name, name, line, tuple(after)) for name, (line, after) in steps.items()]
    return Body("metaflow", node.name, node.lineno, called, True)


def _followed(body: Sequence[ast.stmt], names: Mapping[str, str], *, free: bool) -> Sequence[Called]:
    flow = _Flow(names, free=free)
    flow.statements(body, nested=True)
    return [called for _, called in flow.made]


class _Flow:
    """Follows values through statements: which steps each name is made of.

    With ``free`` every call of a plain name is taken for a step; whoever knows the step functions sorts out the rest.
    """

    def __init__(self, names: Mapping[str, str], *, free: bool) -> None:
        self._names, self._free = names, free
        self._made_of: dict[str, frozenset[str]] = {}
        self._index: dict[str, int] = {}
        self.made: list[tuple[str, Called]] = []

    def statements(self, body: Sequence[ast.stmt], *, nested: bool) -> None:
        """Takes statements in their order, those of loops and branches as if each ran."""
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                if nested:
                    self.statements(node.body, nested=True)
                continue
            for name in ("body", "orelse", "finalbody", "handlers"):
                inner = getattr(node, name, None)
                if isinstance(inner, list):
                    if name == "body":
                        self._heads(node)
                    for each in inner:
                        self.statements(each.body if isinstance(each, ast.ExceptHandler) else [each], nested=nested)
            if not hasattr(node, "body"):
                self._statement(node)

    def _heads(self, node: ast.stmt) -> None:
        for item in getattr(node, "items", ()):
            self._value(item.context_expr)

    def _statement(self, node: ast.stmt) -> None:
        value = getattr(node, "value", None)
        if not isinstance(value, ast.expr):
            return
        made_of = self._value(value)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            for name in ast.walk(target) if target is not None else ():
                if isinstance(name, ast.Name):
                    self._made_of[name.id] = made_of

    def _value(self, node: ast.AST) -> frozenset[str]:
        if isinstance(node, ast.Name):
            return self._made_of.get(node.id, frozenset())
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.RShift, ast.LShift)):
            return self._ordered(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Lambda):
            return frozenset()
        return frozenset().union(*(self._value(child) for child in ast.iter_child_nodes(node)))

    def _ordered(self, node: ast.BinOp) -> frozenset[str]:
        left, right = self._value(node.left), self._value(node.right)
        before, later = (left, right) if isinstance(node.op, ast.RShift) else (right, left)
        self._after(later, before)
        return right

    def _after(self, later: frozenset[str], before: frozenset[str]) -> None:
        for name in later:
            at = self._index.get(name)
            if at is not None:
                tool, called = self.made[at]
                self.made[at] = tool, called._replace(after=tuple(sorted({*called.after, *(before - {name})})))

    def _call(self, node: ast.Call) -> frozenset[str]:
        inner = [*node.args, *(keyword.value for keyword in node.keywords)]
        dotted = _dotted(node.func, self._names)
        last = dotted.rpartition(".")[2]
        parts = [self._value(child) for child in inner]
        used = frozenset().union(*parts)
        if isinstance(node.func, ast.Attribute):
            owner = self._value(node.func.value)
            if last in ("set_upstream", "after", "set_downstream"):
                self._after(*((used, owner) if last == "set_downstream" else (owner, used)))
                return owner
            used |= owner
        if last == "chain":
            for before, later in pairwise(parts):
                self._after(later, before)
        tool, name = self._step(node, dotted, last)
        if not name:
            return used
        reads, makes = _kedro(node) if tool == "kedro" else ((), ())
        self._index[name] = len(self.made)
        function = self._function(node, last)
        self.made.append((tool, Called(function, name, node.lineno, tuple(sorted(used - {name})), reads, makes)))
        return frozenset([name])

    def _step(self, node: ast.Call, dotted: str, last: str) -> tuple[str, str]:
        """The tool and the name of a step that a call makes, if it is one."""
        top = dotted.partition(".")[0]
        if top == "airflow" and last.endswith(("Operator", "Sensor")) and last not in _NOT_STEPS:
            return "airflow", _text(node, "task_id") or last
        if top == "sagemaker" and _SAGEMAKER.fullmatch(last):
            return "sagemaker", _text(node, "name") or last
        if top == "kedro" and last in ("node", "Node") and (node.args or node.keywords):
            return "kedro", _text(node, "name") or self._function(node, last)
        if self._free and isinstance(node.func, ast.Name):
            return "", node.func.id
        if self._free and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            return "", node.func.value.id if last in _SENT else ""
        return "", ""

    def _function(self, node: ast.Call, last: str) -> str:
        given = {k.arg: k.value for k in node.keywords}
        value = given.get("func") or given.get("python_callable") or (node.args[0] if node.args else None)
        if last in ("node", "Node") or last.endswith("Operator"):
            return value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
        return last


def _text(node: ast.Call, name: str) -> str:
    value = next((k.value for k in node.keywords if k.arg == name), None)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _kedro(node: ast.Call) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dataset names that a node takes and gives: ``node(func, inputs, outputs)``."""
    given = {k.arg: k.value for k in node.keywords}
    inputs = given.get("inputs") or (node.args[1] if len(node.args) > 1 else None)
    outputs = given.get("outputs") or (node.args[2] if len(node.args) > 2 else None)
    return _strings(inputs), _strings(outputs)


def _strings(node: ast.expr | None) -> tuple[str, ...]:
    inside = ast.walk(node) if node is not None else ()
    return tuple(n.value for n in inside if isinstance(n, ast.Constant) and isinstance(n.value, str))
