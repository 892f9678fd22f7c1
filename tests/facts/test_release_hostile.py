"""Documents of releases, evaluations and owners as strangers may write them: read or unreadable, never a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.data.formats import words
from lifelint.facts.evaluation import document as evaluations
from lifelint.facts.evaluation import foreign, mlflow
from lifelint.facts.owners.lines import parse_github, parse_gitlab
from lifelint.facts.releases import attested, checklist, deployed, document, interface, numbered, valid
from lifelint.release.measured import figures, measured
from tests.conftest import facts_of
from tests.facts.test_releases import manifest

KEYS = sorted(
    words("""
    schema release source environment data model evaluation approvals rollback interface name version tag paths path
    digest image role pointer report gates result by person previous breaking images newName newTag repository registry
    storageUri models apiVersion kind spec ref sources targetRevision signature inputs outputs metrics value slice
    dataset results versions config subject datasets baselines ci stderr n op threshold metric run project tool
    end_time lifecycle_stage run_id
""")
)
WORDS = [
    "release-manifest/v1", "gates/v1", "evaluation-report/v1", "==", "sha256:a", "serving.kserve.io/v1",
    "InferenceService", "argoproj.io/v1", "Application", "source.toolkit.fluxcd.io/v1", "GitRepository", "2026-01-31",
    "'[1'", "'[{\"name\":1}]'", f"'{'[' * 9000}'", f"0x{'f' * 6000}", ".nan", "-.inf", "1e999", "null", "true",
    "!!binary aGk=", "''", '"\\u0001"',
]  # fmt: skip


def flow(made: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in made.items())}}}"


VALUES: Any = st.recursive(
    st.sampled_from(WORDS) | st.integers(-9, 9).map(str),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda values: f"[{', '.join(values)}]")
        | st.dictionaries(st.sampled_from([*KEYS, *WORDS[-12:]]), inner, max_size=5).map(flow)
    ),
    max_leaves=15,
)
DOCUMENTS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=9)
READERS: list[Callable[[bytes], Any]] = [
    attested._subjects, checklist._items, deployed._kubernetes, deployed._kustomize, deployed._helm, deployed._bentoml,
    document.parse, valid.problems, interface._signature, interface._schema, numbered._package, numbered._card,
    parse_github, parse_gitlab, evaluations.parse_report, evaluations.parse_gates, evaluations.parse_sidecar,
    foreign.parse_foreign, foreign.parse_card, foreign.parse_eval_results, mlflow.parse_run, mlflow.parse_logged,
    lambda data: figures("a.yaml", data), lambda data: measured("a.yaml", data),
]  # fmt: skip


@given(DOCUMENTS | VALUES.map(lambda value: {"spec": value}))
@example({"1": "a", "b": "c"})
@example({"signature": "{inputs: '[" + "[" * 9000 + "'}"})
@example({"schema": "release-manifest/v1", "release": f"{{version: 0x{'f' * 6000}}}", "source": "{1: 2}"})
@example({"results": "{1: {acc: 1}}", "versions": "{}", "config": "{}"})
def test_any_document_is_read_or_unreadable(made: Mapping[str, str]) -> None:
    block = "\n".join(f"{key}: {value}" for key, value in made.items())
    for text in (block, flow(made), f"---\n{block}\n---\n", block.replace(": ", " = ")):
        for reader in READERS:
            try:
                reader(text.encode())
            except Unreadable as error:
                assert error.message


LONG = 30_000
"""Where time grows with the square of the length, this takes minutes."""


@pytest.mark.parametrize(
    "text",
    [
        "# Release" + " " * LONG + "x\n- a\n",
        "- a\n" + "  b\n" * LONG,
        "# Release checklist\n- " + "`" * LONG + "x" * LONG,
        "# Release checklist\n- " + "[" * LONG,
        "# Release checklist\n- " + "[](a" * LONG,
    ],
)
def test_a_hostile_checklist_takes_time_by_its_length(text: str) -> None:
    assert [found.names for found in facts_of({"RELEASING.md": text})["release_criteria"].items] == [()]


def test_a_hostile_address_takes_time_by_its_length() -> None:
    served = (
        "apiVersion: serving.kserve.io/v1\nkind: InferenceService\nspec: {storageUri: 's3://m/" + ".a" * LONG + "!'}\n"
    )
    files = {"releases/1.0.0/release.yaml": manifest("1" * 40, "{}"), "serve.yaml": served}

    assert [found.holds for found in facts_of(files)["deployments"].items] == [None]
