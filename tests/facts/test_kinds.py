"""Names of files may spare work, and never hide a fact."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lifelint import catalog, facts
from lifelint.examples import before, snapshot
from lifelint.facts import FEW, KINDS, TRACES, Facts, Source
from lifelint.model import Rule
from lifelint.snapshot.memory import MemorySnapshot
from tests.conftest import facts_of

RULES = catalog.load().rules


def every_kind(made: Facts) -> Mapping[str, facts.Collected]:
    return {kind: made[kind] for kind in KINDS}


def unguarded(files: MemorySnapshot, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, facts.Collected]:
    with monkeypatch.context() as patch:
        patch.setattr(facts, "TRACES", {})
        return every_kind(Facts(Source(files)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_example_gives_the_same_facts_with_and_without_traces(
    rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    for example in rule.examples:
        for files in (snapshot(example), before(example)):
            assert every_kind(Facts(Source(files))) == unguarded(files, monkeypatch), example.title


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_file_of_an_example_gives_the_same_facts_alone(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    every = [pair for example in rule.examples for pair in (*example.files.items(), *(example.base or {}).items())]
    for files in ({path: text} for path, text in every if text is not None):
        assert every_kind(facts_of(files)) == unguarded(MemorySnapshot(files), monkeypatch), [*files]


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("Requirements-Dev.TXT", "numpy\n", "manifests"),
        ("reqs/base.in", "numpy\n", "requirements"),
        ("pylock.toml", 'lock-version = "1.0"\n', "locks"),
        ("docker/gpu.DOCKERFILE", "FROM python:3.11\n", "images"),
        ("Containerfile.dev", "FROM python:3.11\nRUN pip install numpy\n", "installs"),
        ("Doc\u212aerfile", "FROM python:3.11\n", "images"),
        ("conta\u0131nerfile", "FROM python:3.11\n", "images"),
        (".lfsconfig", "[lfs]\n\turl = https://x.org/lfs\n", "remotes"),
        ("a/.dvc/config", "[core]\n\tremote = s\n['remote \"s\"']\n\turl = s3://b\n", "remotes"),
        (
            "old/Dvcfile",
            "cmd: python a.py\nmd5: " + "0" * 32 + "\nouts:\n- path: m\n  md5: " + "1" * 32 + "\n",
            "stages",
        ),
        ("train.dvc", "cmd: python a.py\nouts:\n- path: m\n  md5: " + "1" * 32 + "\n", "stages"),
        ("train.dvc", '"\\x63md": python a.py\nouts:\n- path: m\n', "stages"),
    ],
)
def test_unusual_names_and_spellings_are_found(path: str, text: str, kind: str) -> None:
    assert facts_of({path: text})[kind].items


def test_an_unreadable_pointer_makes_stages_unknown_also_where_there_is_no_pipeline() -> None:
    assert [u.path for u in facts_of({"a.dvc": "outs: [\n"})["stages"].unread] == ["a.dvc"]


def test_many_paths_are_not_looked_through() -> None:
    many = facts_of({f"{number}.md": "" for number in range(FEW + 1)})

    assert all(many._possible(kind) for kind in TRACES)
    assert not any(facts_of({"a.md": ""})._possible(kind) for kind in TRACES)
