"""Agreement with answers that people gave about real repositories.

    python benchmarks/accuracy.py --corpus corpus.json --repos DIR [--format json] [--only QUESTION …]

The corpus file holds, per repository, a commit and answers to questions, each with its evidence:
`{"questions": {Q: text}, "repos": {"owner/name": {"commit": …, "answers": {Q: {"value": …, "disputable": true?}}}}}`.
DIR holds clones named `owner+name` (a work tree, a bare clone, or a folder with the git directory in `repo/`). Each
repository is judged at its commit; facts and outcomes are translated to answers by the table `ANSWERS` below and
compared. Disputable answers are left out.

"yes" is the positive answer. Agree: equal answers. Unknown: we could not tell. False positive: we say yes and it is
not, or we say that the question does not apply where the answer is no (a flaw not seen). False negative: it is yes and
we deny it, or we say no where the question does not apply (an alarm about nothing).
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifelint.facts import Facts, Source
from lifelint.governance import configuration, rules_of
from lifelint.inspection import Report, inspect
from lifelint.model import Outcome
from lifelint.snapshot._open import open_snapshot

YES, NO, NA, UNKNOWN = "yes", "no", "not-applicable", "unknown"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Seen:
    """What lifelint made of one repository."""

    report: Report
    facts: Facts

    def items(self, kind: str) -> Sequence[Any]:
        return self.facts[kind].items

    def rules(self, *names: str) -> str:
        """The worst outcome of some rules over all projects, as an answer."""
        outcomes = {
            finding.outcome
            for project in self.report.projects
            for finding in project.findings
            if finding.rule.id in names
        }
        for outcome, answer in (
            (Outcome.FAIL, NO),
            (Outcome.BLOCKED, NO),
            (Outcome.ERROR, UNKNOWN),
            (Outcome.UNKNOWN, UNKNOWN),
            (Outcome.PASS, YES),
        ):
            if outcome in outcomes:
                return answer
        return NA


def some(values: Iterable[object]) -> str:
    """Yes if any value is true."""
    return YES if any(values) else NO


def images(seen: Seen, answer: Callable[[Sequence[Any]], str]) -> str:
    """An answer about the external images that Dockerfiles start from."""
    bases = [image for image in seen.items("images") if image.instruction == "FROM"]
    return answer(bases) if bases else NA


def digests(bases: Sequence[Any]) -> str:
    """Whether all images are pinned by digest."""
    if any(image.pinned is False for image in bases):
        return NO
    return UNKNOWN if any(image.pinned is None for image in bases) else YES


def remote(seen: Seen) -> str:
    """Whether the pointers have a store; Git LFS keeps its own beside the repository."""
    ours = seen.rules("data-retrievable")
    return YES if ours == NA and any(pointer.system == "lfs" for pointer in seen.items("pointers")) else ours


CI_PLACES = (".github/", ".gitlab-ci", ".devcontainer", "azure-pipelines")

ANSWERS: Mapping[str, Callable[[Seen], str]] = {
    "deps_direct_exact": lambda seen: seen.rules("environment-pinned"),
    "deps_fully_locked": lambda seen: (
        some(lock.packages for lock in seen.items("locks")) if seen.items("manifests") or seen.items("locks") else NO
    ),
    "lock_fresh": lambda seen: seen.rules("lock-fresh"),
    "python_pinned": lambda seen: some(
        version.kind == "fixed" and not version.path.startswith(CI_PLACES) for version in seen.items("python_versions")
    ),
    "images_digest_pinned": lambda seen: images(seen, digests),
    "images_floating": lambda seen: images(seen, lambda bases: some(image.floating for image in bases)),
    "ci_present": lambda seen: some(facet.name.startswith("ci:") for facet in seen.items("facets")),
    "raw_data_gt1mb_in_git": lambda seen: some(
        blob.kind != "model" and (blob.size is None or blob.size > MEGABYTE) for blob in seen.items("blobs")
    ),
    "model_binary_in_git": lambda seen: some(blob.kind == "model" and not blob.fixture for blob in seen.items("blobs")),
    "data_pointers": lambda seen: some(seen.items("pointers")),
    "pointer_remote_declared": remote,
    "dvc_lock_consistent": lambda seen: seen.rules(
        "pipeline-lock-fresh", "pipeline-lock-committed", "data-chain-consistent", "stage-outputs-match-lock"
    ),
}
"""Question of the corpus → how our facts and outcomes answer it."""


def judge(repository: Path, commit: str) -> Seen:
    """Inspects one repository at a commit."""
    folder = repository / "repo" if (repository / "repo" / "HEAD").is_file() else repository
    state = open_snapshot([folder], rev=commit)
    with closing(state.snapshot):
        config = configuration(state.snapshot)
        report = inspect(state.snapshot, config, rules_of(state.snapshot, config))
        facts = Facts(Source(state.snapshot, exclude=config.exclude))
        for kind in ("images", "python_versions", "facets", "blobs", "pointers", "locks", "manifests"):
            facts[kind]
    return Seen(report, facts)


def compare(ours: str, truth: str) -> str:
    """How our answer stands to the true one."""
    if ours == truth:
        return "agree"
    if ours == UNKNOWN:
        return "unknown"
    return "false_positive" if ours == YES or (truth == NO and ours == NA) else "false_negative"


def main() -> None:
    """Judges every repository of the corpus and prints the agreement per question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--only", nargs="+", default=[], metavar="QUESTION")
    arguments = parser.parse_args()
    corpus = json.loads(arguments.corpus.read_text("utf-8"))
    questions = [q for q in corpus["questions"] if q in ANSWERS and (not arguments.only or q in arguments.only)]
    table: dict[str, dict[str, Any]] = {
        q: {"agree": 0, "false_positive": 0, "false_negative": 0, "unknown": 0, "disagreements": []} for q in questions
    }
    gc.disable()
    for name, about in corpus["repos"].items():
        place = arguments.repos / name.replace("/", "+")
        if not place.is_dir():
            print(f"{name}: there is no clone in {place}", file=sys.stderr)
            continue
        start = time.process_time()
        seen = judge(place, about["commit"])
        print(f"{name}: {time.process_time() - start:.2f} s", file=sys.stderr)
        for question in questions:
            answer = about.get("answers", {}).get(question)
            if answer is None or answer.get("disputable"):
                continue
            ours = ANSWERS[question](seen)
            verdict = compare(ours, answer["value"])
            table[question][verdict] += 1
            if verdict != "agree":
                more = {"repo": name, "ours": ours, "truth": answer["value"], "evidence": answer["evidence"]}
                table[question]["disagreements"].append(more)
        gc.collect()
    print(json.dumps({"questions": table}, indent=2) if arguments.format == "json" else text(table))


def text(table: Mapping[str, Mapping[str, Any]]) -> str:
    """The agreement as a table, with the disagreements below."""
    lines = [f"{'question':26} {'agree':>6} {'false +':>8} {'false -':>8} {'unknown':>8}"]
    for question, row in table.items():
        counts = (row["agree"], row["false_positive"], row["false_negative"], row["unknown"])
        lines.append(f"{question:26} {counts[0]:6} {counts[1]:8} {counts[2]:8} {counts[3]:8}")
    for question, row in table.items():
        lines += [
            f"\n{question}: {d['repo']}: ours {d['ours']}, truth {d['truth']} ({d['evidence']})"
            for d in row["disagreements"]
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
