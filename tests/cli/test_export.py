"""``lifelint release export`` and what it tells of what it leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from lifelint.cli.release.export import PREDICATES
from lifelint.exports import intoto
from tests.cli.conftest import Ran
from tests.conftest import git
from tests.exports.conftest import PATH, commit, folder, manifest, release

__all__ = ["folder"]

Run = Callable[..., Ran]


def test_a_verified_release_is_exported_in_silence(lifelint: Run, folder: Path) -> None:
    release(folder)
    ran = lifelint("release", "export", "--to", "in-toto", "1.0.0", cwd=folder)

    assert (ran.code, ran.err) == (0, "")
    assert {json.loads(line)["_type"] for line in ran.out.splitlines()} == {"https://in-toto.io/Statement/v1"}


def test_every_predicate_that_there_is_can_be_asked_for() -> None:
    assert tuple(intoto.PREDICATES) == PREDICATES


def test_one_predicate_can_be_asked_for(lifelint: Run, folder: Path) -> None:
    release(folder)
    ran = lifelint("release", "export", "--to", "in-toto", "--predicate", "svr", "v1.0.0", cwd=folder)

    assert ran.json["predicateType"] == "https://in-toto.io/attestation/svr/v0.2"


def test_a_bom_goes_to_the_file_that_is_named(lifelint: Run, folder: Path, tmp_path: Path) -> None:
    release(folder)
    file = tmp_path / "churn.cdx.json"
    ran = lifelint("release", "export", "--to", "cyclonedx", "1.0.0", "-o", str(file), cwd=folder)

    assert (ran.code, ran.out) == (0, "")
    assert json.loads(file.read_text())["bomFormat"] == "CycloneDX"


def test_a_refuted_release_is_not_exported_and_its_field_is_told(lifelint: Run, folder: Path, tmp_path: Path) -> None:
    release(folder, rollback={"previous": "0.9.0"})
    file = tmp_path / "never"
    ran = lifelint("release", "export", "--to", "cyclonedx", "1.0.0", "-o", str(file), cwd=folder)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("churn 1.0.0 is not exported:\n  rollback.previous: ")
    assert "`lifelint release verify 1.0.0`" in ran.err
    assert not file.exists()


def test_what_is_unknown_is_told_on_standard_error(lifelint: Run, folder: Path) -> None:
    hub = {"name": "prior\x1b[31m", "role": "train", "uri": "hf://datasets/a/b", "version": f"hf:{'1' * 40}"}
    release(folder, data=[*manifest("", "")["data"], hub])
    ran = lifelint("release", "export", "--to", "in-toto", "1.0.0", cwd=folder)

    assert ran.code == 0
    assert ran.err.splitlines() == [
        "churn 1.0.0 is exported without what is unknown:",
        "  data:prior\\x1b[31m: it names no place in the repository",
    ]


def test_a_release_of_which_nothing_is_known_is_not_exported(lifelint: Run, folder: Path) -> None:
    release(folder)
    git(folder.parent, "clone", "-q", "--depth", "1", f"file://{folder}", "shallow")
    for form in ("in-toto", "cyclonedx"):
        ran = lifelint("release", "export", "--to", form, "1.0.0", cwd=folder.parent / "shallow")

        assert (ran.code, ran.out) == (1, "")
        assert "  source.commit: " in ran.err


def test_a_revision_is_exported_as_it_was(lifelint: Run, folder: Path) -> None:
    release(folder)
    commit(folder, "edit", {PATH: (folder / PATH).read_text() + "\n"})

    assert lifelint("release", "export", "--to", "in-toto", "1.0.0", cwd=folder).code == 1
    assert lifelint("release", "export", "--to", "in-toto", "1.0.0", "--rev", "v1.0.0").code == 0


def test_wrong_usage_is_told(lifelint: Run, folder: Path) -> None:
    release(folder)
    other = json.loads((folder / PATH).read_text())
    other["release"] |= {"name": "other", "tag": "other-1.0.0"}
    commit(folder, "other", {"other/release.yaml": json.dumps(other)})

    absent = lifelint("release", "export", "--to", "in-toto", "9.9.9", cwd=folder)
    needless = lifelint("release", "export", "--to", "cyclonedx", "--predicate", "svr", "v1.0.0")
    several = lifelint("release", "export", "--to", "cyclonedx", "1.0.0")

    assert [ran.code for ran in (absent, needless, several)] == [2, 2, 2]
    assert f"name one of {PATH}, other/release.yaml" in several.err
