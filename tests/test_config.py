"""The configuration: what is legal, and what is said about what is not."""

from __future__ import annotations

import jsonschema
import pytest
import tomli

from lifelint.config import Config, ConfigError, differences, parse, schema, shown


def parsed(text: str, source: str = "lifelint.toml") -> Config:
    config = parse(source, text.encode())
    assert config is not None
    return config


def test_a_pyproject_without_the_table_holds_no_configuration() -> None:
    assert parse("pyproject.toml", b'[project]\nname = "lifelint-user"\n') is None


def test_the_table_of_pyproject_and_the_whole_of_lifelint_toml_mean_the_same() -> None:
    ours = parsed('stage = "piloting"\nfail-on = "warning"\n')
    theirs = parsed('[tool.lifelint]\nstage = "piloting"\nfail-on = "warning"\n', "pyproject.toml")

    assert (ours.stage, ours.fail_on) == (theirs.stage, theirs.fail_on) == ("piloting", "warning")


@pytest.mark.parametrize(("stage", "target"), [("", 2), ("exploring", 2), ("piloting", 3), ("operating", 4)])
def test_a_stage_sets_the_target(stage: str, target: int) -> None:
    assert Config(stage=stage).target_of("") == target


def test_a_project_may_have_a_stage_of_its_own() -> None:
    config = parsed('stage = "operating"\nprojects = ["a", { root = "./b/", stage = "exploring" }]\n')

    assert (config.stage_of("a"), config.stage_of("b")) == ("operating", "exploring")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stage = 'piloting'\nstagee = 1\n", "lifelint.toml:2: unknown key 'stagee' (did you mean 'stage'?)"),
        (
            "stage = 'pilot'\n",
            "stage is 'pilot'; it must be one of exploring, piloting, operating (did you mean 'piloting'?)",
        ),
        ("target = 6\n", "lifelint.toml:1: target is 6; it must be 1 to 5"),
        ("target = true\n", "it must be of type integer"),
        ("select = 'data'\n", "select is 'data'; it must be of type array"),
        ("select = [1]\n", "an item of select is 1; it must be of type string"),
        ("projects = [{ rot = 'a' }]\n", "lacks the key 'root'"),
        ("projects = [{ root = 'a', stag = 'x' }]\n", "has an unknown key 'stag' (did you mean 'stage'?)"),
        ("[settings]\nx = 1\n", "x is 1; it must be of type object"),
        ("a = \n", "lifelint.toml:1: is not valid TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_a_suggestion(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse("lifelint.toml", text.encode())

    assert message in str(told.value)


@pytest.mark.parametrize(
    "text",
    ["stage = 'pilot'", "target = 6", "select = 'a'", "stagee = 1", "projects = [{ rot = 'a' }]", "settings = 1"],
)
def test_the_published_schema_refuses_what_we_refuse(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomli.loads(text), schema())


def test_what_is_shown_can_be_read_back() -> None:
    config = parsed(
        'projects = ["a", { root = "b", stage = "operating" }]\n[settings.no-raw-binaries]\nmodel_kib = 9\n'
    )

    again = parsed(shown(config), "pyproject.toml")

    assert (again.projects, again.settings) == (config.projects, config.settings)


def test_how_two_configurations_differ_is_told_by_item() -> None:
    before = parse("lifelint.toml", b'stage = "piloting"\nignore = ["a", "b"]\n[settings.x]\ny = 1\n')
    after = parse("lifelint.toml", b'stage = "exploring"\nignore = ["b"]\nno-level-drop = true\n[settings.x]\ny = 2\n')
    assert before
    assert after

    assert differences(before, before) == []
    assert differences(before, after) == [
        ("stage", "piloting", "exploring"),
        ("no-level-drop", "", "True"),
        ("ignore", "a", ""),
        ("settings.x.y", "1", "2"),
    ]
