"""Documents: what stands under their headings, and whether anything does."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.documents import placeholders
from lifelint.facts.documents.noun import Document, Section
from lifelint.facts.documents.topics import DATASHEET, answers
from tests.conftest import facts_of

POINTER = f"outs:\n- md5: {'a1' * 16}\n  size: 4\n  hash: md5\n  path: raw.csv\n"
PROSE = "Prices of houses that were sold in the city, one row for each sale since the register began."


def document(text: str | bytes, path: str = "dataset_card.md", **more: str) -> Document:
    [found] = [one for one in facts_of({path: text, **more})["documents"].items if one.path == path]
    assert isinstance(found, Document)
    return found


def sections(text: str | bytes, path: str = "dataset_card.md", **more: str) -> Mapping[str, Section]:
    return {one.heading: one for one in document(text, path, **more).sections}


def filled(body: str, **more: str) -> bool:
    return sections(f"# Card\n\n## Collection\n\n{body}\n", **more)["Collection"].filled


def answered(text: str, path: str = "dataset_card.md") -> set[str]:
    return {answer.topic for answer in answers(document(text, path)) if answer.filled}


class TestWhatIsADocument:
    @pytest.mark.parametrize(
        ("path", "role"),
        [
            ("dataset_card.md", "dataset"),
            ("DATASHEET.md", "dataset"),
            ("docs/datasheet-houses.rst", "dataset"),
            ("houses.data-card.md", "dataset"),
            ("DATA.md", "dataset"),
            ("data/README.md", "dataset"),
            ("MODEL_CARD.md", "model"),
            ("docs/runbook.md", "runbook"),
            ("runbooks/drift.md", "runbook"),
            ("RELEASING.md", "release"),
            ("docs/handoff.md", "handoff"),
            ("docs/scoping.md", "scoping"),
        ],
    )
    def test_names_and_folders_tell(self, path: str, role: str) -> None:
        assert document("# A\n", path).role == role

    @pytest.mark.parametrize(
        "path",
        [
            "README.md",
            "src/README.md",
            "docs/api/data.md",
            "model_card_template.md",
            "vendor/dataset_card.md",
            "examples/dataset_card.md",
            "ansible-playbook.md",
            "scoping-pull-requests.md",
        ],
    )
    def test_others_are_none(self, path: str) -> None:
        assert facts_of({path: "# A\n"})["documents"].items == ()

    def test_a_readme_is_one_above_or_beside_a_pointer(self) -> None:
        files = {"README.md": "# A\n", "a/README.md": "# B\n", "b/README.md": "# C\n", "a/x/raw.csv.dvc": POINTER}

        assert [d.path for d in facts_of(files)["documents"].items] == ["README.md", "a/README.md"]

    @pytest.mark.parametrize(("key", "role"), [("task_categories: [x]", "dataset"), ("pipeline_tag: x", "model")])
    def test_a_readme_is_one_by_its_front_matter(self, key: str, role: str) -> None:
        assert document(f"---\n{key}\n---\n# A\n", "README.md").role == role

    def test_a_readme_of_a_site_is_none(self) -> None:
        assert facts_of({"README.md": "---\nlayout: page\n---\n# A\n"})["documents"].items == ()


class TestFilled:
    @pytest.mark.parametrize(
        "body",
        [
            PROSE,
            "From https://example.org/houses.csv",
            "From [the register](https://example.org/houses.csv)",
            "In 2024-03",
            "4,200 rows",
            "Ask data@example.org",
            "MIT",
            "See `src/fetch.py`.",
            "See [it](src/fetch.py).",
            "N/A: the export is used exactly as it came",
            "Not applicable, because all of it was made by our simulator",
            "每一行是一栋房屋的销售记录、数据来自市政登记处、自一九九八年开始。",
            "| a | b | c |\n|---|---|---|\n| one two three | four five six | seven eight nine ten eleven twelve |",
            "```\nselect price, rooms, street from sales join houses using house where sold and checked\n```",
        ],
    )
    def test_words_values_and_reasons_fill(self, body: str) -> None:
        assert filled(body, **{"src/fetch.py": ""})

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "TODO",
            "TBD: ask Ines",
            "[More Information Needed]",
            "{{ data_collection_section | default('none yet, this is for you to fill in before publishing', true) }}",
            "<describe here how the data was collected and by whom and when it was collected>",
            "[insert a description of how the data was collected here, with dates and sources]",
            f"<!-- {PROSE} -->",
            "N/A",
            "N/A: none",
            "...",
            "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore",
            "Was the data directly observable, reported by subjects, or derived from other data that were collected? "
            "If so, please describe how the data were validated and verified by those who collected them.",
            "Provide a longer summary of how this dataset was collected and who has collected it.",
            "Users should be made aware of the risks, biases and limitations of the dataset. More information needed "
            "for further recommendations.",
            "This dataset card aims to be a base template for new datasets. It has been generated using [this raw "
            "template](https://example.org/template.md).",
            "See `src/nowhere.py`.",
            "We collected it.",
            "```\nTODO\n```",
            "- **Homepage:**\n- **Repository:**\n- **Paper:**\n- **Point of Contact:**\n- **Size:**\n- **Tags:**",
        ],
    )
    def test_placeholders_hints_and_few_words_do_not(self, body: str) -> None:
        assert not filled(body)

    def test_why_not_is_told(self) -> None:
        made = sections(f"# A\n## B\n## C\nTODO\n## D\nWe did it.\n## E\n{PROSE}\n## F\n{PROSE}\n")

        assert {name: made[name].why for name in "BCDEF"} == {
            "B": "is empty",
            "C": "holds only placeholders",
            "D": "has only 3 words",
            "E": "",
            "F": "says the same as line 7",
        }

    def test_a_section_of_placeholders_is_no_empty_one(self) -> None:
        assert sections("# A\n## B\n### C\nTODO\n")["B"].why == "holds only placeholders"

    def test_a_section_holds_those_below_it(self) -> None:
        made = sections(f"# A\n## B\n### C\n{PROSE}\n## D\n")

        assert (made["B"].filled, made["C"].filled, made["D"].filled) == (True, True, False)


class TestMarkdown:
    def test_headings_have_their_lines_below_front_matter_and_comments(self) -> None:
        text = "---\nlicense: mit\n---\n<!-- a\n# not this\n-->\n# A\n\nB\n-\n\n```\n# nor this\n```\n"

        assert [(s.heading, s.level, s.line) for s in document(text).sections] == [("A", 1, 7), ("B", 2, 9)]

    def test_labelled_lines_are_sections(self) -> None:
        text = "# A\n\n- **Licence:** MIT\n- Owner: @acme/data\n\n**Source** : the register\n\n| Key | |\n|-|-|\n"
        text += "| Rows | 4 |\n"
        made = sections(text)

        assert {name: made[name].text for name in ("Licence", "Owner", "Source", "Rows")} == {
            "Licence": "MIT",
            "Owner": "@acme/data",
            "Source": "the register",
            "Rows": "4",
        }
        assert [made[name].line for name in ("Licence", "Owner", "Source", "Rows")] == [3, 4, 6, 10]

    def test_a_bold_line_takes_what_follows(self) -> None:
        assert sections(f"# A\n\n**Why was it made?**\n\n{PROSE}\n")["Why was it made?"].filled

    def test_front_matter_that_cannot_be_read_is_told_and_the_rest_is_read(self) -> None:
        made = document("---\na: [\n---\n# A\n")

        assert "front matter" in made.why
        assert [s.heading for s in made.sections] == ["A"]
        assert made.front == {}

    @pytest.mark.parametrize(
        "text",
        [b"# \xff\xfe\n\ntext \xe9\n", b"", b"---\n", b"<!--", b"# A\r\n\r\ntext\r\n", b"\xef\xbb\xbf# A\n"],
    )
    def test_odd_bytes_are_read(self, text: bytes) -> None:
        assert document(text).why == ""

    @pytest.mark.parametrize(
        "text",
        ["[" * 50_000, "> " * 20_000, "{{" * 50_000, "a " * 60_000, "<" * 100_000, "**a" * 30_000, "| a " * 30_000],
    )
    def test_hostile_text_is_read(self, text: str) -> None:
        assert document(f"# A\n\n{text}\n").sections


class TestOtherForms:
    def test_restructuredtext(self) -> None:
        text = (
            f"=====\nTitle\n=====\n\n.. a comment\n   of two lines\n\nCollection\n----------\n\n{PROSE}\n\n"
            "Uses\n----\n\nTODO\n\n:Owner: data@example.org\n"
        )
        made = document(text, "docs/datasheet.rst").sections

        assert [(s.heading, s.level, s.line, s.filled) for s in made] == [
            ("Title", 1, 2, True),
            ("Collection", 2, 8, True),
            ("Uses", 2, 13, True),
            ("Owner", 7, 18, True),
        ]

    def test_croissant(self) -> None:
        card = {
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "name": "houses",
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "rai:dataCollection": PROSE,
            "rai:dataUseCases": "TODO",
            "distribution": [{"name": "raw.csv"}],
        }
        made = document(json.dumps(card, indent=1), "data/croissant.json")

        assert (made.form, made.role, made.title) == ("croissant", "dataset", "houses")
        assert {s.heading: (s.line, s.filled) for s in made.sections} == {
            "name": (3, False),
            "license": (4, True),
            "data collection": (5, True),
            "data use cases": (6, False),
        }
        assert answered(json.dumps(card), "data/croissant.json") == {"collection", "distribution"}

    def test_other_json_is_none(self) -> None:
        assert (
            facts_of({"metadata.json": "{}", "croissant.json": '["mlcommons.org/croissant/"]'})["documents"].items == ()
        )


class TestTopics:
    def test_the_headings_of_a_datasheet(self) -> None:
        headings = ("Motivation", "Composition", "Collection process", "Preprocessing/cleaning/labeling", "Uses")
        text = "".join(
            f"## {n}. {name}\n{PROSE} {n}\n" for n, name in enumerate((*headings, "Distribution", "Maintenance"))
        )

        assert answered(f"# Datasheet\n{text}") == set(DATASHEET)

    def test_the_headings_of_a_card(self) -> None:
        headings = ("Dataset Summary", "Data Fields", "Source Data", "Annotations", "Considerations for Using the Data")
        text = "".join(
            f"## {name}\n{PROSE} {name}\n" for name in (*headings, "Licensing Information", "Dataset Curators")
        )

        assert answered(f"# Dataset Card\n{text}") == set(DATASHEET)

    def test_front_matter_answers(self) -> None:
        assert answered("---\nlicense: mit\ntask_categories: [x]\nowner: TODO\n---\n# Card\n") == {
            "distribution",
            "uses",
        }

    def test_a_title_a_table_of_contents_and_a_column_answer_nothing(self) -> None:
        text = f"# Sources and licence\n{PROSE}\n## Table of contents\n{PROSE} a\n## Schema\n- source: {PROSE} b\n"

        assert answered(text) == {"composition"}

    def test_the_section_that_lacks_text_is_named(self) -> None:
        [answer] = [a for a in answers(document("# A\n## Licence\nTODO\n")) if a.topic == "distribution"]

        assert answer.section is not None
        assert (answer.section.line, answer.filled) == (2, False)


class TestWhatATemplateLeft:
    @pytest.mark.parametrize(
        ("body", "left"),
        [
            ("[More Information Needed]", "[More Information Needed]"),
            (f"{PROSE} [More Information Needed]", "[More Information Needed]"),
            ("TODO (who?)", "TODO"),
            ("{{ contact }}", "{{ contact }}"),
            ("Why was it made?", "Why was it made?"),
            (
                "This section describes suitable use cases for the dataset.",
                "This section describes suitable use case\u2026",
            ),
            ("...", "..."),
            (PROSE, ""),
            ("TODO, ask Ada", ""),
            ("N/A", ""),
            ("N/A.", ""),
            ("N/A: nothing was collected from people", ""),
            ("---", ""),
            ("|  |\n|--|\n", ""),
            ("<!-- who? -->", ""),
            ("", ""),
        ],
    )
    def test_it_is_told_as_it_stands_there(self, body: str, left: str) -> None:
        assert sections(f"# Card\n\n## Collection\n\n{body}\n")["Collection"].left == left

    @pytest.mark.parametrize(
        ("body", "bare"),
        [
            ("", True),
            ("<!-- who? -->", True),
            ("![trees](trees.png)", False),
            ("<p><img src='trees.png' width=3></p>", False),
            ("text <img src='trees.png'>", False),
            ("`x`", False),
            ("| a |\n|--|\n| b |", False),
        ],
    )
    def test_a_picture_is_something(self, body: str, bare: bool) -> None:
        assert sections(f"# Card\n\n## Collection\n\n{body}\n")["Collection"].bare is bare

    def test_a_picture_that_is_there_fills(self) -> None:
        assert filled("![trees](trees.png)", **{"trees.png": "x"})
        assert not filled("![trees](trees.png)")

    @given(st.text(max_size=80))
    def test_nothing_is_left_where_something_is_written(self, text: str) -> None:
        rest = placeholders.remaining(text)
        assert not (placeholders.left(text, rest) and rest)


class TestACopiedCard:
    """The card of a model from elsewhere, in place of one of what is kept here."""

    CARD = '# Model Card for Tiny-Encoder\n\nLoad it with `from_pretrained("example/tiny-encoder")`.\n'
    READS = 'model = AutoModel.from_pretrained("example/tiny-encoder", revision="main")\n'
    KEPT = f"outs:\n- md5: {'a1' * 16}\n  size: 4\n  hash: md5\n  path: churn.onnx\n"

    def told(self, card: str = CARD, path: str = "MODEL_CARD.md", **more: str) -> str:
        files = {"train.py": self.READS, "churn.onnx.dvc": self.KEPT, **more}
        return document(card, path, **{name: text for name, text in files.items() if text}).another

    def test_it_has_the_title_of_a_model_that_is_read_here(self) -> None:
        assert self.told() == (
            "describes example/tiny-encoder, which train.py reads, and names nothing that is kept here"
        )

    @pytest.mark.parametrize(
        "card",
        [
            "# example/tiny-encoder\n\nhttps://huggingface.co/example/tiny-encoder\n",
            "---\npipeline_tag: x\n---\n# The tiny encoder\n\n'example/tiny-encoder'\n",
            "# Tiny_Encoder model card\n\n[here](https://huggingface.co/example/tiny-encoder)\n",
        ],
    )
    def test_a_title_can_be_written_in_many_ways(self, card: str) -> None:
        assert "example/tiny-encoder" in self.told(card)

    def test_names_without_an_owner_are_those_of_the_hub(self) -> None:
        card = "# BERT base (uncased)\n\n`pipeline('fill-mask', model='bert-base-uncased')`\n"

        assert self.told(card, **{"train.py": "x = from_pretrained('bert-base-uncased')\n"})
        assert not self.told(card.replace("bert-base-uncased", "bertbaseuncased"))

    @pytest.mark.parametrize(
        "card",
        [
            CARD.replace("Tiny-Encoder", "Complaints"),
            "---\nbase_model: example/tiny-encoder\n---\n" + CARD,
            CARD + "\nIt is kept as `churn.onnx`.\n",
            CARD + "\nVersion md5:a1a1a1a1a1a1\n",
            "# Tiny Encoder\n\nIt encodes.\n",
            "# datasets/x\n\nhttps://huggingface.co/datasets/x\n",
        ],
    )
    def test_a_card_of_what_is_here_is_none(self, card: str) -> None:
        assert self.told(card) == ""

    @pytest.mark.parametrize(
        "more",
        [
            {"train.py": ""},
            {"train.py": "", "tests/test_train.py": READS},
            {"train.py": READS.replace("encoder", "encoder-large")},
            {"train.py": READS + 'model.push_to_hub("example/tiny-encoder")\n'},
            {"models/tiny_encoder.pt.dvc": KEPT.replace("churn.onnx", "tiny_encoder.pt")},
        ],
    )
    def test_nor_is_it_where_the_model_is_kept_or_published_or_not_read_here(self, more: Mapping[str, str]) -> None:
        assert self.told(**more) == ""

    def test_a_readme_at_the_top_is_about_the_repository(self) -> None:
        assert self.told("---\npipeline_tag: x\n---\n" + self.CARD, "README.md") == ""

    @given(st.text(max_size=200))
    def test_any_text_is_read(self, text: str) -> None:
        assert self.told(text + self.CARD, **{"train.py": text + self.READS}) in ("", self.told())


@given(st.text("ab ?.!*\n", max_size=60))
def test_questions_are_hints_wherever_they_stand(text: str) -> None:
    assert placeholders.remaining(text) == placeholders.remaining(f"{text}\n\nwhy?"), "what has no question is no other"
