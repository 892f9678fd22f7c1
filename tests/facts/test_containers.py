"""Images and installs of Dockerfiles: what is one, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._dockerfile import parse_dockerfile
from lifelint.facts._images import Image
from lifelint.facts._source import Unreadable
from lifelint.facts.installs import Install
from tests.conftest import facts_of

DIGEST = "@sha256:" + "1" * 64


def images(text: str, path: str = "Dockerfile") -> list[Image]:
    return list(facts_of({path: text})["images"].items)


def installs(text: str) -> list[Install]:
    return list(facts_of({"Dockerfile": text})["installs"].items)


@pytest.mark.parametrize(
    ("text", "reference", "pinned", "floating"),
    [
        ("FROM python:3.11\n", "python:3.11", False, False),
        ("FROM python\n", "python", False, True),
        ("from python:latest as x\n", "python:latest", False, True),
        (f"FROM python:3.11{DIGEST}\n", f"python:3.11{DIGEST}", True, False),
        (f"FROM python{DIGEST}\n", f"python{DIGEST}", True, False),
        ("FROM localhost:5000/a/b\n", "localhost:5000/a/b", False, True),
        ("FROM --platform=$BUILDPLATFORM python:3.11 AS x\n", "python:3.11", False, False),
        ("ARG V=3.11\nFROM python:${V}-slim\n", "python:3.11-slim", False, False),
        ("ARG V=3.11\nARG BASE=python:$V\nFROM $BASE\n", "python:3.11", False, False),
        ('ARG BASE="python:3.11"\nFROM ${BASE}\n', "python:3.11", False, False),
        ("FROM python:${V:-3.11}\n", "python:3.11", False, False),
        ("ARG V\nFROM python:${V:-3.11}\n", "python:3.11", False, False),
        ("ARG V\nFROM python:$V\n", "", None, False),
        (f"ARG R\nFROM $R/python:3.11{DIGEST}\n", "", True, False),
        ("FROM \\\n  # a comment\n  python:3.11 \\\n  AS x\n", "python:3.11", False, False),
        ("# escape=`\nFROM `\n python:3.11\n", "python:3.11", False, False),
        ("# a licence\n# FROM nothing\n\nFROM python:3.11\n", "python:3.11", False, False),
    ],
)
def test_a_base_image(text: str, reference: str, pinned: bool | None, floating: bool) -> None:
    [image] = images(text)

    assert (image.reference, image.pinned, image.floating) == (reference, pinned, floating)


def test_stages_scratch_and_contexts_are_no_images() -> None:
    text = f"""\
FROM python:3.11{DIGEST} AS Build
FROM scratch
FROM build AS other
COPY --from=build /a /a
COPY --chown=me --from=0 /a /a
COPY --from=context /a /a
RUN --mount=type=bind,from=other,source=/a,target=/a true
ARG WHICH=build
FROM $TARGETARCH-base
"""

    found = images(text.replace("FROM build AS other", "FROM build AS arm64-base"))

    assert [image.line for image in found] == [1]


def test_copies_and_mounts_from_other_images_count() -> None:
    text = """\
FROM scratch
COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/
RUN --mount=type=cache,target=/c --mount=from=busybox:1.36,target=/b ls
"""

    found = images(text)

    assert [(i.line, i.instruction, i.name, i.tag) for i in found] == [
        (2, "COPY --from", "ghcr.io/astral-sh/uv", "latest"),
        (3, "RUN --mount", "busybox", "1.36"),
    ]


def test_here_documents_hold_no_instructions() -> None:
    text = (
        "FROM python:3.11\nRUN <<EOF\nFROM nothing:1\npip install x\nEOF\nRUN cat <<-'X' > f\nFROM other\nX\nUSER me\n"
    )

    assert [image.line for image in images(text)] == [1]
    assert [found.name for found in installs(text)] == ["x"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "FROM {{ cookiecutter.image }}\nRUN true\n"),
        ("Dockerfile", "{% if gpu %}\nFROM nvidia/cuda:12\n{% endif %}\n"),
        ("Dockerfile", "This licence text says:\nFROM time to time we change it.\n"),
        ("Dockerfile", ""),
        ("Dockerfile", "FROM x:1\nNonsense here\n"),
        ("Dockerfile.j2", "FROM {{ x }}\n"),
        ("Dockerfile.md", "FROM python\n"),
        (".dockerignore", "FROM python\n"),
        ("Dockerfile.dockerignore", "FROM python\n"),
        ("docs/make_dockerfile.py", "FROM python\n"),
    ],
)
def test_what_is_no_dockerfile(path: str, text: str) -> None:
    assert images(text, path) == []


@pytest.mark.parametrize(
    "path",
    ["Dockerfile", "train.Dockerfile", "docker/Dockerfile.gpu", "Containerfile", "a.dockerfile", "Dockerfile-cpu"],
)
def test_names_of_dockerfiles(path: str) -> None:
    assert len(images("FROM python:3.11\n", path)) == 1


def test_a_development_container_is_json_with_comments() -> None:
    text = (
        '{\n  // why\n  "name": "http://x", /* more */\n  "image": "mcr.microsoft.com/devcontainers/python:3.11",\n}\n'
    )

    [image] = images(text, ".devcontainer/devcontainer.json")

    assert (image.line, image.instruction, image.tag, image.role) == (4, "devcontainer", "3.11", "dev")


def test_what_is_installed_by_name() -> None:
    text = """\
FROM python:3.11
ARG V=2.16.0
RUN apt-get update && pip install --no-cache-dir -U pip wheel && \\
    pip3 install "mlflow==${V}" pandas -r requirements.txt -c c.txt; python -m pip install -e . ./lib
RUN ["pip", "install", "numpy>=2"]
RUN --mount=type=cache,target=/c uv pip install --system --index-url https://x.org/simple torch==2.5.0 > log 2>&1
RUN pip install -U pip & pip install pipenv || echo "pip install nothing"
RUN echo pip install; pip install $PACKAGES
"""

    found = {i.name: (i.line, i.exact) for i in installs(text)}

    assert found == {
        "pip": (7, False),
        "wheel": (3, False),
        "mlflow": (3, True),
        "pandas": (3, None),
        "numpy": (5, False),
        "torch": (6, True),
        "pipenv": (7, False),
        "$PACKAGES": (8, None),
    }


@given(st.binary(max_size=300) | st.text(alphabet="FROMRUN \\\n<$E{}:-a\"'#=", max_size=120).map(str.encode))
def test_no_text_crashes_the_reader(data: bytes) -> None:
    try:
        parse_dockerfile(data)
        facts_of({"Dockerfile": data})["images"]
        facts_of({"Dockerfile": data})["installs"]
    except Unreadable as error:
        assert error.message
