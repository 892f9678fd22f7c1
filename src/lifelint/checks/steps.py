"""Whether the work is declared as steps, of whatever tool, and whether somebody runs them before a merge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts._stepwords import EVALUATE, OF_CODE, TRAIN, is_of_data, words_in
from lifelint.facts.ci import OWN
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.ci import Command
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.dvc.stage import Unfilled
    from lifelint.facts.steps.noun import Step
    from lifelint.facts.steps.scripts import Script

CHORES = frozenset({"make", "shell"})
"""Tools that are used for anything: only a file of theirs that trains and evaluates is a pipeline."""

_DECLARING = frozenset({"dvc", "snakemake", "kedro", "make"})
"""Tools whose steps name what they read and make, so that what is not connected there is not connected at all."""
_SHOWN = 3
_SCRIPT = lazy(r"[\w./-]+\.(?:py|R|r|sh|ipynb|jl)\b")


def declared(
    steps: Sequence[Step],
    unfilled_stages: Sequence[Unfilled],
    scripts: Sequence[Script],
    pointers: Sequence[Pointer],
    *,
    train: Sequence[str] = TRAIN,
    evaluate: Sequence[str] = EVALUATE,
) -> Iterator[Observation]:
    """A step trains, a step judges what it made, and the two are connected. A stage that is to be filled in is none."""
    for each in unfilled_stages:
        detail = f"the stage {each.name} is to be filled in: it still says {each.mark}"
        yield Observation(False, f"{each.path}:{each.name}", detail, each.path, each.line)
    if unfilled_stages:
        return
    found = _pipelines(steps, train, evaluate)
    if not found:
        if scripts:
            yield from _loose(steps, scripts, pointers, train)
        return
    trainers = [step for step in found if does(step, train)]
    judges = [step for step in found if does(step, _judging(step, evaluate))]
    both = [step for step in trainers if step in judges or _scores(step)]
    if both:
        yield Observation(True, subject(both[0]), "trains and judges in one step", both[0].path, both[0].line)
    elif not trainers or not judges:
        verb = "evaluates" if trainers else "trains"
        first = found[0]
        names = ", ".join(dict.fromkeys(step.name for step in found[:_SHOWN]))
        # What a step of other tools does inside is not said by what it makes.
        ok = False if all(step.tool in _DECLARING for step in found) else None
        yield Observation(ok, "pipeline", f"no step {verb}: there are {names}", first.path, first.line)
    else:
        yield _connected(trainers, judges, found)


def _loose(
    steps: Sequence[Step], scripts: Sequence[Script], pointers: Sequence[Pointer], train: Sequence[str]
) -> Iterator[Observation]:
    """Data has versions here, and what trains on it by hand says nowhere on which. Any step that trains may say it."""
    from lifelint.facts.steps.scripts import is_kept

    trainers = sorted((one for one in scripts if one.role == "train"), key=lambda one: (len(one.path), one.path))
    first = trainers[0] if trainers else None
    if (
        first
        and any(map(is_kept, pointers))
        and not any(step.tool not in CHORES or does(step, train) for step in steps)
    ):
        detail = f"no pipeline runs {first.path}: nothing in git tells which version of the data a model was trained on"
        yield Observation(False, "pipeline", detail, first.path)


def _scores(step: Step) -> bool:
    """Whether a step says that it writes metrics: it declares them, or its command has a place for them."""
    return step.scores or (step.tool in CHORES and any("metrics" in words_in(run) for run in step.runs))


def _connected(trainers: Sequence[Step], judges: Sequence[Step], steps: Sequence[Step]) -> Observation:
    for judge in judges:
        maker = _maker(judge, trainers, steps)
        if maker:
            return Observation(True, subject(judge), f"evaluates what {maker.name} makes", judge.path, judge.line)
    makers, others = (", ".join(dict.fromkeys(step.name for step in some[:_SHOWN])) for some in (trainers, judges))
    first = judges[0]
    if all(step.tool in _DECLARING for step in (*trainers, *judges)):
        detail = f"no step depends on what {makers} makes and evaluates it ({others} does not)"
        return Observation(False, "pipeline", detail, first.path, first.line)
    detail = f"nothing says statically that {others} evaluates what {makers} makes"
    return Observation(None, "pipeline", detail, first.path, first.line)


def _pipelines(steps: Sequence[Step], train: Sequence[str], evaluate: Sequence[str] = EVALUATE) -> list[Step]:
    """The steps that count: DVC's, those of other tools where one trains, and a script or Makefile that does it all."""
    training = {step.tool for step in steps if does(step, train)}
    proper = [step for step in steps if step.tool == "dvc" or (step.tool in training and step.tool not in CHORES)]
    if proper:
        return proper
    chores = [step for step in steps if step.tool in CHORES]
    trains, judges = ({s.path for s in chores if does(s, _judging(s, words))} for words in (train, evaluate))
    return [step for step in chores if step.path in trains & judges]


def _judging(step: Step, words: Sequence[str]) -> Sequence[str]:
    """``make test`` tests code, and so does a script of that name."""
    return [word for word in words if word not in OF_CODE] if step.tool in CHORES else words


def does(step: Step, words: Sequence[str]) -> bool:
    """By the words of its name, else by those of the scripts it runs. What is done to data alone is neither."""
    if step.tool in CHORES and re.search(r"(?:^|[^a-z])tests?(?:[^a-z]|$)", step.name):
        return False
    name = step.name.partition("@")[0]
    if is_of_data(name):
        return False
    scripts = [script.rpartition("/")[2] for text in step.runs for script in _SCRIPT.findall(text) or [text]]
    stems = [script.rpartition(".")[0] or script for script in scripts if len(script) < 100]
    for text in (name, *stems):
        found = words_in(text)
        if "split" not in found and found & set(words) and not is_of_data(text):
            return True
    return False


def _maker(judge: Step, trainers: Sequence[Step], steps: Sequence[Step]) -> Step | None:
    """The training step that ``judge`` depends on, directly or through other steps."""
    makers: Mapping[str, Step] = {path: step for step in steps for path in step.makes}
    named = {(step.tool, step.pipeline, step.name): step for step in steps}
    waiting, seen = [judge], {id(judge)}
    while waiting:
        step = waiting.pop()
        before = [named[key] for name in step.after if (key := (step.tool, step.pipeline, name)) in named]
        for path in step.reads:
            parts = path.split("/")
            above = ("/".join(parts[:end]) for end in range(len(parts), 0, -1))
            before += [makers[place] for place in above if place in makers]
            before += [other for made, other in makers.items() if made.startswith(f"{path}/")]
        for one in before:
            if one in trainers:
                return one
            if id(one) not in seen:
                seen.add(id(one))
                waiting.append(one)
    return None


def subject(step: Step) -> str:
    """The stable name of a step: ``stage:train`` for DVC's at the root, ``path:step:name`` for others."""
    if step.tool == "dvc":
        return f"stage:{step.name}" if step.path == "dvc.yaml" else f"{step.path}:stage:{step.name}"
    return f"{step.path}:step:{step.name}"


# Running them ------------------------------------------------------------------------------------------------------

RUNNERS: Mapping[str, str] = {
    "dvc": r"\bdvc\s+(?:--cd[ =]\S+\s+|-[qv]+\s+)*(?:repro|exp\s+run)\b",
    "snakemake": r"\bsnakemake\b(?!.*--lint\b)",
    "nextflow": r"\bnextflow\s+run\b|\bnf-test\b",
    "kedro": r"\bkedro\s+run\b",
    "mlflow": r"\bmlflow\s+run\b",
    "dagster": r"\bdagster\s+(?:job|asset)\s+(?:execute|materialize)\b",
    "airflow": r"\bairflow\s+dags\s+test\b",
    "flyte": r"\bpyflyte\s+run\b",
    "azureml": r"\baz\s+ml\s+job\s+create\b",
    "argo": r"\bargo\s+submit\b",
    "databricks": r"\bdatabricks\s+(?:bundle\s+run|jobs\s+run-now)\b",
}
_OPAQUE = lazy(
    r"^(?!uses:).*(?<![\w.-])(?:pytest|tox|nox|hatch|mise|just|invoke|bash|docker(?:-compose)?|make|python[\d.]*)(?![\w.-])"
    r"|\.sh\b",
    re.M,
)
_INNER = lazy(r"\$\(|`|[<>]\(")
"""A command that holds another one, which may run anything too."""
_PLAIN = (
    r"(?:python[\d.]*\s+-m\s+)?(?:pip[\d.]*|pipx|uv|conda|mamba|micromamba|poetry|pdm|pipenv|hatch)\s+(?:pip\s+|tool\s+|env\s+|self\s+)?"
    r"(?:install|sync|add|lock|create|update|config|export|venv|cache)\b|(?:apt|apt-get|brew|yum|choco)\s|npm\s+(?:ci|install)\b"
    r"|(?:echo|printf|cd|export|mkdir|chmod|cp|mv|rm|cat|ls|source|git|curl|wget)\s|docker\s+(?:login|push|pull|tag)\b"
)
"""Commands of which it is known that they run no pipeline, whatever names stand behind them; compiled when needed."""
_PROPOSED = frozenset({"pull_request", "push", "merge_group", "pull_request_target", "workflow_call"})


def exercised(
    steps: Sequence[Step], ci_commands: Sequence[Command], *, train: Sequence[str] = TRAIN
) -> Iterator[Observation]:
    """Some job that is started by a change runs the pipeline, and its failure counts."""
    found = _pipelines(steps, train)
    if not any(does(step, train) for step in found):
        return
    recipes = {step.name: "\n".join(step.runs) for step in steps if step.tool == "make"}
    opaque: tuple[Command, str] | None = None
    for command in ci_commands:
        own = command.reach == OWN
        text = _expanded(command.text, recipes) if own else command.text
        step = next((step for step in found if _runs(text, step, train)), None)
        starts = not command.on or not _PROPOSED.isdisjoint(command.on)
        if step is not None and own and starts and not command.ignored:
            detail = f"the pipeline of {step.path} is run by: {next(_lines(command.text), '')[:80]}"
            yield Observation(True, step.path, detail, command.path, command.line)
            return
        if opaque is None and starts and not command.ignored and (said := _doubtful(command, step)):
            opaque = command, said
    first = next(step for step in found if does(step, train))
    if opaque is not None:
        command, detail = opaque
        yield Observation(None, first.path, detail, command.path, command.line)
    else:
        detail = "no job of continuous integration runs the pipeline when something changes"
        yield Observation(False, first.path, detail, first.path, first.line)


def _doubtful(command: Command, step: Step | None) -> str:
    """What is not known of a command that may run the pipeline: of which project, or what it runs; empty for others."""
    if step is not None and command.reach != OWN:
        line = next((line for line in _lines(command.text) if not re.match(_PLAIN, line)), "")
        return f"whether `{line[:80]}` runs the pipeline of this project is not known"
    said = _unknown(command.text)
    return said and f"no job names the pipeline, and what `{said[:80]}` runs in the end is not known"


def _unknown(text: str) -> str:
    """The first command in a text that may run anything; empty where there is none."""
    if not _OPAQUE.search(text):
        return ""
    from lifelint.facts._commands import commands

    parts = (part.text for part in commands(text))
    return next(
        (part for part in parts if _OPAQUE.search(part) and (_INNER.search(part) or not re.match(_PLAIN, part))), ""
    )


def _lines(text: str) -> Iterator[str]:
    """The lines of a command that are no comments."""
    return (line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def _expanded(text: str, recipes: Mapping[str, str]) -> str:
    """The command with the recipes of the make targets it names."""
    targets = [target for found in re.findall(r"\bmake\s+([^;&|\n]+)", text) for target in found.split()]
    return "\n".join([text, *(recipes[target] for target in targets if target in recipes)])


def _runs(text: str, step: Step, train: Sequence[str]) -> bool:
    runner = RUNNERS.get(step.tool)
    if runner and re.search(runner, text):
        return True
    if step.tool == "make":
        return does(step, train) and any(run and run in text for run in step.runs)
    file = step.path.rpartition("/")[2]
    return (
        step.tool not in ("dvc", "argo", "azureml", "databricks")
        and re.search(rf"(?<![\w-]){re.escape(file)}\b", text) is not None
    )
