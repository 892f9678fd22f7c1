"""What documents say of the topics of control documents, wherever it stands and in whatever form."""

from __future__ import annotations

import pytest

from lifelint.facts.documents.languages import foreign
from lifelint.facts.documents.marks import left_open
from lifelint.facts.documents.statements import Statement
from tests.conftest import facts_of

MODEL = "outs:\n- md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  size: 10\n  hash: md5\n  path: model.onnx\n"
LONG = "It is used by the people who plan the shifts of the week, and by nobody else at all.\n"


def said(files: dict[str, str | bytes]) -> list[Statement]:
    return list(facts_of({"model.onnx.dvc": MODEL, **files})["statements"].items)


def topics(files: dict[str, str | bytes], about: str) -> dict[str, bool]:
    return {one.topic: one.filled for one in said(files) if one.about == about}


def test_nothing_is_read_where_there_is_no_model() -> None:
    assert facts_of({"README.md": f"# A\n{LONG}"})["statements"].items == ()


def test_a_readme_says_first_what_it_is_for() -> None:
    [one] = [one for one in said({"README.md": f"# Shifts\n\n{LONG}"}) if one.about == "scoping"]

    assert (one.topic, one.line, one.formal, one.filled) == ("use", 1, False, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not intended for emergencies of any kind.",
        "You should not use it for single stations.",
        "Do not rely on it where lives are at stake.",
        "It must not be used to set wages.",
        "Do not use the predictions for single stations.",
        "Made for educational purposes only.",
        "A study project of four people.",
        "For research and/or personal purposes.",
        "For non-commercial use only.",
        "This is not medical advice.",
    ],
)
def test_a_sentence_says_what_it_is_not_for(sentence: str) -> None:
    assert topics({"README.md": f"# Shifts\n\n{LONG}{sentence}\n"}, "scoping") == {"use": True, "limits": True}


@pytest.mark.parametrize(
    "sentence",
    [
        "You may not use this file except in compliance with the License.",
        "See the License for the specific language governing permissions and limitations under the License.",
        "Without restriction, including without limitation the rights to use and copy.",
        "A machine learning project with a pipeline.",
        "A template to start your deep learning project.",
        "If you use it in your research, please use this entry.",
        "Training does not use a second process.",
        "Do not use the link of the e-mail.",
        "Some models do not fit into memory.",
        "Cloning all of it (not recommended) takes an hour.",
    ],
)
def test_what_is_said_of_other_things_is_no_limit(sentence: str) -> None:
    assert topics({"README.md": f"# Shifts\n\n{LONG}{sentence}\n"}, "scoping") == {"use": True}


@pytest.mark.parametrize("heading", ["Limitations", "Out-of-Scope Use", "Non-goals", "Grenzen", "局限性"])
def test_headings_of_limits(heading: str) -> None:
    assert topics({"docs/scoping.md": f"# S\n## Use\n{LONG}## {heading}\nNo {LONG}"}, "scoping")["limits"]


@pytest.mark.parametrize("heading", ["Out of scope", "Out-of-scope", "Out of the scope", "Out-of-Scope Use"])
def test_what_is_out_of_scope_is_not_what_it_is_for(heading: str) -> None:
    assert topics({"docs/scoping.md": f"# S\n## {heading}\nNo {LONG}"}, "scoping") == {"limits": True}


def test_a_mark_that_still_stands_there_keeps_a_section_open() -> None:
    [one] = [
        one
        for one in said({"docs/scoping.md": f"# S\n## Use\n{LONG}\n[more information  needed]\n"})
        if one.about == "scoping"
    ]

    assert (one.filled, one.formal, one.why) == (False, True, "still holds [more information  needed]")


def test_other_documents_answer_in_a_section_of_that_name_only() -> None:
    retraining = "## Retraining\nEvery month, by @acme/ml, if it meets the gates; it is retired when the shop closes.\n"
    files = {"README.md": f"# Shifts\n{LONG}## Install\nWhen it fails, call @acme/ml every day.\n{retraining}"}

    assert topics(files, "refresh") == {"triggers": True, "owner": True, "gate": True, "retirement": True}
    assert topics(files, "runbook") == {}


def test_the_owner_of_a_runbook_is_a_contact() -> None:
    runbook = f"# Runbook\n## Outage\n{LONG}"
    owners = "/docs/ @acme/ml\n"

    assert "contact" not in topics({"docs/runbook.md": runbook}, "runbook")
    assert topics({"docs/runbook.md": runbook, "CODEOWNERS": owners}, "runbook")["contact"]


def test_a_handoff_names_what_is_not_there() -> None:
    [inputs] = [
        one
        for one in said({"docs/handoff.md": f"# Handoff\n## Inputs\n{LONG}See `schemas/in.yaml`.\n"})
        if one.topic == "inputs"
    ]

    assert inputs.missing == ("schemas/in.yaml",)


def test_broken_bytes_are_no_obstacle() -> None:
    text = b"\xff\xfe# A\n" + LONG.encode() + b"\x00## Limits\n\xc3\x28\n\n## Disclaimer\n" + LONG.encode()

    assert topics({"README.md": text}, "scoping") == {"use": True, "limits": True}


def test_languages() -> None:
    german = (
        "Das Modell sagt, wie viele Räder der Stadt an einem Tag gebraucht werden, und ist für die Planung"
        " der Schichten da, die jeden Montag mit den Leuten gemacht wird."
    )

    assert foreign(german)
    assert foreign("Модель компьютерного зрения")
    assert not foreign(LONG * 3)
    assert not foreign("")


def test_marks() -> None:
    assert left_open(["a", "- [More Information Needed]"]) == "[More Information Needed]"
    assert left_open(["more information is needed", "[needed]"]) == ""


@pytest.mark.parametrize("heading", ["Credit Risk Data", "https://credit-risk.example.org", "Risk scores"])
def test_what_a_model_is_about_is_no_word_on_its_risks(heading: str) -> None:
    text = f"# Loans\n\n{LONG}\n## {heading}\n\n{LONG}"

    assert topics({"README.md": text}, "risks") == {}
    assert "limits" not in topics({"README.md": text}, "scoping")


@pytest.mark.parametrize("heading", ["Weights & Biases", "2. Weights and Biases (W&B)", "Logs of Weights&Biases"])
def test_a_tool_of_that_name_is_no_word_on_bias(heading: str) -> None:
    document = f"# Loans\n\n{LONG}\n## {heading}\n\nThe runs are there, in the project of the team, with all curves.\n"

    assert "limits" not in topics({"README.md": document}, "scoping")
    assert "limits" in topics({"README.md": document.replace(heading, "Biases")}, "scoping")


@pytest.mark.parametrize("heading", ["Risks", "Risk", "Risk assessment", "Known risks"])
def test_headings_of_risks(heading: str) -> None:
    text = f"# Loans\n\n{LONG}\n## {heading}\n\nA strike changes demand in a way that no year of the data shows.\n"

    assert topics({"README.md": text}, "risks") == {"risks": True}


@pytest.mark.parametrize(
    "text",
    [
        "Proyek ini adalah model untuk memprediksi harga rumah dengan data dari kota, dan hasil dari model ini dipakai"
        " oleh tim yang membuat daftar harga pada setiap bulan.",
        "Dự án này là một mô hình để dự đoán giá nhà cho các quận của thành phố, và kết quả của mô hình là một bảng"
        " được gửi cho các nhóm mỗi tháng.",
        "Dette er en modell som sier hvor mange sykler byen trenger, og den er laget til de som planlegger skift, og"
        " ikke til noe annet som er av interesse.",
    ],
)
def test_more_languages_in_latin_letters(text: str) -> None:
    assert foreign(text)


def test_code_and_terms_are_no_language() -> None:
    assert not foreign("import os\nimport re\nimport dask.array as da\n" * 8)


@pytest.mark.parametrize("name", ["README.txt", "readme.adoc", "README.org"])
def test_a_readme_in_another_form_may_say_anything(name: str) -> None:
    found = said({name: f"= Shifts\n\n{LONG}\n== Limits\n\n{LONG}"})

    assert {(one.topic, one.why) for one in found} == {("", "is in a form of which the headings are not read")}
