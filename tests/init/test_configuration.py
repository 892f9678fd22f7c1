"""Where the configuration is written, and that nothing else in that file changes."""

from __future__ import annotations

import pytest
import tomli

from lifelint.config import parse
from lifelint.fix.noun import CannotFix
from lifelint.init.configuration import configuration
from tests.init.conftest import ground, written

COMMENTED = (
    '# ours\n[project]\nname = "churn"   # not yet on the index\nversion = "1"\n\n[tool.ruff]\nline-length = 99\n'
)


def proposed(files: dict[str, str | bytes]) -> tuple[str, str]:
    """The one file that is changed, and what it holds."""
    [(path, text)] = written(files, configuration(ground(files)).changes).items()
    return path, text


def test_without_pyproject_it_is_a_file_of_its_own() -> None:
    path, text = proposed({"README.md": "hi\n"})
    config = parse(path, text.encode())

    assert path == "lifelint.toml"
    assert config is not None and config.stage == "exploring"
    assert text.startswith("# Guessed, because no release, no packaged model")


@pytest.mark.parametrize(
    "before",
    [
        COMMENTED,
        COMMENTED.replace("\n", "\r\n"),
        COMMENTED.rstrip("\n"),
        COMMENTED + "\n",
        "",
        "[tool]\nblack = {}\n",
        "tool.black.line-length = 88\n",
        "[[tool.mypy.overrides]]\nmodule = 'a'\n",
    ],
)
def test_in_pyproject_what_was_there_stays_byte_by_byte(before: str) -> None:
    path, text = proposed({"pyproject.toml": before})
    config = parse(path, text.encode())

    assert path == "pyproject.toml"
    assert text.startswith(before)
    assert config is not None and config.stage == "exploring"
    assert ("\r\n" in before) == ("\r\n" in text) and text.count("\r\n") in (0, text.count("\n"))
    document = tomli.loads(text)
    document["tool"].pop("lifelint")
    assert (document["tool"] or None) == tomli.loads(before).get("tool")


@pytest.mark.parametrize(
    ("before", "because"),
    [
        ("tool = {black = {}}\n", "none can be added at the end of pyproject.toml"),
        ("[project\n", "none can be added at the end of pyproject.toml"),
        (b"[project]\nname = '\xff'\n", "none can be added at the end of pyproject.toml"),
    ],
)
def test_where_pyproject_cannot_hold_it_it_is_beside_it(before: str | bytes, because: str) -> None:
    made = configuration(ground({"pyproject.toml": before}))

    assert [change.path for change in made.changes] == ["lifelint.toml"]
    assert because in made.why[-1]


def test_one_that_is_there_stays() -> None:
    files = {"pyproject.toml": COMMENTED + "[tool.lifelint]\nstage = 'piloting'  # agreed\n"}
    given = ground(files)
    config = parse("pyproject.toml", files["pyproject.toml"].encode())
    assert config is not None

    with pytest.raises(CannotFix, match=r"pyproject\.toml holds one, which stays as it is"):
        configuration(given._replace(config=config))


def test_a_name_that_would_be_toml_is_text_in_the_comment() -> None:
    name = 'a\n[tool.x]\nstage = "operating"\n#\x1b'
    release = "schema: release-manifest/v1\nrelease: {name: a, version: 1.0.0}\n"
    path, text = proposed({f"releases/{name}/release.yaml": release})

    assert list(tomli.loads(text)) == ["stage"]
    assert all(line.startswith(("#", "stage")) for line in text.splitlines())
    assert path == "lifelint.toml" and "\x1b" not in text


class TestProjects:
    PART = ("requirements.txt", "train.py")

    def files(self, *roots: str) -> dict[str, str | bytes]:
        texts = {"requirements.txt": "torch==2.1.0\n", "train.py": "import torch\n"}
        return {f"{root}/{name}": text for root in roots for name, text in texts.items()}

    def test_what_is_found_without_help_is_not_written(self) -> None:
        assert "projects" not in proposed(self.files("churn", "fraud"))[1]

    def test_where_the_top_has_an_environment_too_they_are_named(self) -> None:
        files = {**self.files("churn", "fraud", "fraud/old"), "requirements.txt": "ruff==0.8.0\n"}
        path, text = proposed(files)
        config = parse(path, text.encode())

        assert config is not None
        assert list(config.projects) == ["", "churn", "fraud"]

    def test_one_folder_alone_is_a_part_of_the_whole(self) -> None:
        files = {**self.files("src"), "requirements.txt": "ruff==0.8.0\n", "docs/requirements.txt": "sphinx\n"}

        assert "projects" not in proposed(files)[1]

    @pytest.mark.parametrize("name", ["a*", 'a"', "a\n", "a\udcff"])
    def test_names_that_a_configuration_cannot_say_are_left_out(self, name: str) -> None:
        files = {**self.files("churn", "fraud", name), "requirements.txt": "ruff==0.8.0\n"}

        assert tomli.loads(proposed(files)[1])["projects"] == [".", "churn", "fraud"]
