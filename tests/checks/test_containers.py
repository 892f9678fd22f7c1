"""What the examples of the rules cannot show."""

from __future__ import annotations

from lifelint.checks import containers
from tests.conftest import facts_of


def test_the_same_image_twice_in_a_file_is_one_subject() -> None:
    images = facts_of({"Dockerfile": "FROM python:3.11 AS a\nFROM python:3.11\n"})["images"].items

    assert [(o.subject, o.line) for o in containers.by_digest(images)] == [("Dockerfile:FROM python:3.11", 1)]


def test_development_containers_and_documentation_are_judged_only_when_asked() -> None:
    files = {".devcontainer/devcontainer.json": '{"image": "python:3.11"}', "docs/Dockerfile": "FROM python:3.11\n"}
    images = facts_of(files)["images"].items

    assert list(containers.by_digest(images)) == []
    asked = containers.by_digest(images, instructions=("FROM", "devcontainer"), roles=("dev", "docs"))
    assert [o.ok for o in asked] == [False, False]


def test_an_open_install_counts_where_the_same_name_is_also_exact() -> None:
    installs = facts_of({"Dockerfile": "FROM a\nRUN pip install x==1\nRUN pip install x\n"})["installs"].items

    assert [(o.ok, o.line) for o in containers.installs_pinned(installs, ())] == [(False, 3)]


def test_installers_are_exempt() -> None:
    installs = facts_of({"Dockerfile": "FROM a\nRUN pip install -U pip uv poetry\n"})["installs"].items

    assert list(containers.installs_pinned(installs, ())) == []
