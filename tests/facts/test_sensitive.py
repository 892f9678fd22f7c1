"""What counts as a flag, and where flagged data is found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from lifelint.facts.data.flags import affirms, said_by
from lifelint.facts.data.sensitive import SensitiveData
from lifelint.facts.data.tables import parse_tables
from tests.conftest import facts_of

POINTER = f"outs:\n- md5: {'a3' * 16}\n  size: 4\n  hash: md5\n  path: people.csv\n"
CARD = "---\npii: true\n---\n# People\n"


def flagged(files: Mapping[str, str | bytes]) -> list[SensitiveData]:
    return list(facts_of(files)["sensitive_data"].items)


def exposures(files: Mapping[str, str | bytes]) -> list[tuple[str, str, bool | None]]:
    return [(one.how, one.subject, one.open) for flag in flagged(files) for one in flag.exposures]


def notebook(*columns: str, rows: str = "<tr><th>0</th><td>1</td></tr>", attributes: str = 'class="dataframe"') -> str:
    head = "".join(f"<th>{column}</th>" for column in ("", *columns))
    html = f"<table {attributes}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    output = {"output_type": "execute_result", "data": {"text/html": [html]}}
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "outputs": [output]}]})


class TestFlags:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("personal_data", True),
            ("personal", True),
            ("contains-pii", "yes"),
            ("Sensitive", "Yes, health data of patients"),
            ("hasSensitivePersonalInformation", "yes"),
            ("rai:personalSensitiveInformation", ["Gender", "Age"]),
            ("personal_and_sensitive_information", "The records contain names and e-mail addresses."),
            ("classification", "personal data"),
            ("data_classification", "PII"),
        ],
    )
    def test_what_is_said_outright_is_one(self, key: str, value: object) -> None:
        assert said_by(key, value)

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("personal_data", False),
            ("personal", None),
            ("pii", "no"),
            ("pii", "removed"),
            ("sensitive", []),
            ("sensitive", {}),
            ("sensitive", float("nan")),
            ("rai:personalSensitiveInformation", ["None"]),
            ("rai:personalSensitiveInformation", "The data does not contain personal information."),
            ("personal_and_sensitive_information", "Names may be found in the text of some documents."),
            ("classification", "confidential"),
            ("classification", "image"),
            ("personal_email", "ada@example.org"),
            ("sensitivity", 0.93),
        ],
    )
    def test_denials_doubts_and_other_keys_are_none(self, key: str, value: object) -> None:
        assert said_by(key, value) == ""

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("Yes.", True),
            ("Each record contains the name and birth date of a patient.", True),
            ("The dataset contains names; they were anonymised.", False),
            ("The dataset has 4,000 rows.", False),
            ("[More Information Needed]", False),
            ("See the privacy policy for personal data.", False),
        ],
    )
    def test_prose_counts_where_it_says_so(self, text: str, told: bool) -> None:
        assert affirms(text) is told

    def test_the_place_of_a_flag_is_told(self) -> None:
        [front] = flagged({"data/README.md": f"---\na: 1\n{CARD[4:]}"})
        [section] = flagged({"data/README.md": "# A\n\n## Personal and Sensitive Information\n\nYes: names.\n"})
        [entry] = flagged({"sources.yaml": "- path: data/x.csv\n- path: data/people.csv\n  pii: true\n"})

        assert [(one.line, one.said) for one in (front, section, entry)] == [
            (3, "pii: true"),
            (3, "Personal and Sensitive Information: Yes: names."),
            (2, "pii: true"),
        ]

    def test_cards_of_models_flag_no_data(self) -> None:
        assert flagged({"MODEL_CARD.md": CARD, "data/people.csv": "a,b\n"}) == []


class TestWhatIsCovered:
    def test_files_in_git_below_the_card(self) -> None:
        files = {
            "data/hr/README.md": CARD,
            "data/hr/people.csv": "a,b\n",
            "data/hr/people_sample.csv": "a,b\n",
            "data/houses.csv": "a,b\n",
            "tests/data/people.csv": "a,b\n",
        }

        assert exposures(files) == [("git", "data/hr/people.csv", True)]

    def test_an_unflagged_card_beside_the_data_wins_over_a_flagged_one_above(self) -> None:
        files = {"data/README.md": CARD, "data/a/README.md": "# A\n", "data/a/x.csv": "1\n", "data/people.csv": "1\n"}

        assert exposures(files) == [("git", "data/people.csv", True)]

    @pytest.mark.parametrize("card", ["docs/data_card.md", "dataset-card.md"])
    def test_a_card_that_lies_apart_is_of_what_it_names(self, card: str) -> None:
        files = {"results/metrics.csv": "a,b\n", "data/people.csv": "a,b\n"}

        assert exposures({card: CARD, **files}) == [
            ("git", "data/people.csv", None),
            ("git", "results/metrics.csv", None),
        ]
        assert exposures({card: f"{CARD}\nIt describes `data/people.csv`.\n", **files}) == [
            ("git", "data/people.csv", True),
            ("git", "results/metrics.csv", None),
        ]

    def test_the_card_of_a_whole_repository_is_of_all_that_is_in_it(self) -> None:
        front = "---\ntask_categories: [x]\npersonal_data: true\n---\n# A\n"

        assert exposures({"README.md": front, "people.csv": "a,b\n"}) == [("git", "people.csv", True)]

    def test_what_an_entry_of_sources_yaml_names(self) -> None:
        files = {"sources.yaml": "- {path: data/hr, pii: true}\n", "data/hr/a.csv": "1\n", "data/b.csv": "1\n"}

        assert exposures(files) == [("git", "data/hr/a.csv", True)]

    def test_a_pointer_to_git_lfs(self) -> None:
        oid = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12\n"
        files = {".gitattributes": "*.csv filter=lfs\n", "data/README.md": CARD, "data/people.csv": oid}

        assert exposures(files) == [("store", "data/people.csv", False)]

    @pytest.mark.parametrize(
        ("options", "open_"),
        [
            ("url = s3://people/dvc", False),
            ("url = s3://people/dvc\n    allow_anonymous_login = true", True),
            ("url = https://people.s3.eu-central-1.amazonaws.com/dvc", True),
            ("url = https://storage.googleapis.com/people", True),
            ("url = https://dvc.example.org/people", None),
            ("url = https://dvc.example.org/people\n    auth = basic", False),
            ("url = /mnt/people", False),
        ],
    )
    def test_a_remote_of_dvc(self, options: str, open_: bool | None) -> None:
        config = f"[core]\n    remote = r\n['remote \"r\"']\n    {options}\n"
        files = {".dvc/config": config, "data/README.md": CARD, "data/people.csv.dvc": POINTER}

        assert exposures(files) == [("store", "data/people.csv", open_)]

    def test_a_remote_that_is_configured_elsewhere(self) -> None:
        assert exposures({"data/README.md": CARD, "data/people.csv.dvc": POINTER}) == [
            ("store", "data/people.csv", None)
        ]


class TestOutputs:
    @pytest.mark.parametrize(
        ("card", "columns", "shown"),
        [
            ("columns: [name, email, city]", ("name", "email"), True),
            ("columns: [name, email, city]", ("name", "price", "size"), False),
            ("columns: [name, email, city]", ("name",), False),
            ("columns: [id, name, email, city, phone, birth]", ("id", "name", "email"), True),
            ("features: [{name: name}, {name: email}]", ("name", "email"), True),
            ("dataset_info: {features: [{name: name}, {name: email}]}", ("name", "email"), True),
            ("tags: [x]", ("name", "email"), False),
        ],
    )
    def test_tables_with_the_columns_of_the_card(self, card: str, columns: Sequence[str], shown: bool) -> None:
        files = {"data/README.md": f"---\npii: true\n{card}\n---\n", "explore.ipynb": notebook(*columns)}

        assert exposures(files) == ([("output", "explore.ipynb", True)] if shown else [])

    def test_few_of_many_columns_may_be_those_of_other_data(self) -> None:
        card = "---\npii: true\ncolumns: [id, name, email, city, phone, birth]\n---\n"

        assert exposures({"data/README.md": card, "a.ipynb": notebook("id", "name", "price")}) == [
            ("output", "a.ipynb", None)
        ]

    def test_fields_that_a_card_lists(self) -> None:
        card = f"{CARD}## Data Fields\n\n- `name`: of the person\n- `email`: where they are reached\n"

        assert exposures({"data/README.md": card, "a.ipynb": notebook("name", "email")}) == [
            ("output", "a.ipynb", True)
        ]

    def test_the_columns_of_croissant(self) -> None:
        fields = [{"source": {"extract": {"column": name}}} for name in ("name", "email")]
        card = {
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "rai:personalSensitiveInformation": ["Age"],
            "recordSet": [{"field": fields}, "odd", {"field": [{"source": "odd"}]}],
        }
        files = {"data/croissant.json": json.dumps(card), "a.ipynb": notebook("name", "email")}

        assert exposures(files) == [("output", "a.ipynb", True)]

    def test_one_personal_column_is_enough(self) -> None:
        files = {"sources.yaml": "- {path: data/x.csv, personal_columns: [email]}\n"}

        assert exposures({**files, "a.ipynb": notebook("price", "size", "email")}) == [("output", "a.ipynb", True)]
        assert exposures({**files, "a.ipynb": notebook("price", "size")}) == []

    @pytest.mark.parametrize(
        "text",
        [
            notebook("name", "email", rows=""),
            notebook("name", "email", rows="<tr><th>count</th><td>4</td></tr>"),
            notebook("name", "email", rows="<tr><th>name</th><td>1.0</td></tr>"),
            notebook("name", "email", attributes='class="other"'),
            '{"cells": [{"outputs": [{"data": {"text/html": {"dataframe": 1}}}]}, 3, {"outputs": 4}]}',
            '["dataframe"]',
        ],
    )
    def test_statistics_empty_tables_and_odd_notebooks_show_nothing(self, text: str) -> None:
        assert parse_tables(text.encode()) == []

    def test_the_line_of_the_table_is_told(self) -> None:
        text = json.dumps(json.loads(notebook("naïve", "email")), indent=1, ensure_ascii=False)
        [table] = parse_tables(text.encode())

        assert table.columns == ("naïve", "email")
        assert "naïve" in text.splitlines()[table.line - 1]
