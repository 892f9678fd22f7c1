"""Templates: what they are filled with stays data, and an organisation's own come first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lifelint.fix.noun import CannotFix
from lifelint.fix.templates import cell, renderer, scalar
from lifelint.snapshot.memory import MemorySnapshot
from tests.cli.conftest import Ran
from tests.conftest import facts_of, write
from tests.fix.conftest import committed, plan_in_memory

POINTER = "outs:\n- md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  size: 10\n  hash: md5\n  path: {}\n"


def test_templates_cannot_reach_python(tmp_path: Path) -> None:
    write(tmp_path, {"x.j2": "{{ ''.__class__.__mro__ }}", "y.j2": "{{ nothing }}", "z.j2": "{{ v.append(1) }}"})

    for name, values in (("x", {}), ("y", {}), ("z", {"v": []})):
        with pytest.raises(CannotFix, match="cannot be filled"):
            renderer(str(tmp_path))(name, values)


@pytest.mark.parametrize("text", [b"{{ 1 + 'a' }}", b"{{ 1 // 0 }}", b"\xff", b"{% if %}"])
def test_a_template_that_fails_is_told(text: bytes, tmp_path: Path) -> None:
    write(tmp_path, {"x.j2": text})

    with pytest.raises(CannotFix, match=r"the template x\.j2 cannot be filled: "):
        renderer(str(tmp_path))("x", {})


def test_values_are_not_rendered_again(tmp_path: Path) -> None:
    write(tmp_path, {"x.j2": "{{ v }}"})

    assert renderer(str(tmp_path))("x", {"v": "{{ 7 * 7 }}{% include 'y' %}"}) == "{{ 7 * 7 }}{% include 'y' %}"


def test_a_template_of_another_folder_is_out_of_reach(tmp_path: Path) -> None:
    write(tmp_path, {"secret.j2": "s", "in/x.j2": "{% include '../secret.j2' %}"})

    with pytest.raises(CannotFix, match="TemplateNotFound"):
        renderer(str(tmp_path / "in"))("x", {})


@pytest.mark.parametrize("value", ["a: b", "# c", "'", '"', "{{ x }}", "2026-01-01", "ü", "a\nb", 0.5, 3])
def test_scalars_read_back(value: object) -> None:
    from lifelint.facts._yaml import load

    assert load(f"key: {scalar(value)}\n".encode()) == {"key": value}


def test_cells_stay_in_their_column() -> None:
    assert cell("a|b\nc") == "a\\|b c"


def test_a_team_has_its_own_template(tmp_path: Path, lifelint: Callable[..., Ran]) -> None:
    folder = committed(tmp_path / "r", {"a.csv.dvc": POINTER.format("a.csv")})
    write(
        tmp_path / "ours", {"dataset-card.md.j2": "# {{ title }}\n{% for t in topics %}## {{ t }}\nTODO\n{% endfor %}"}
    )

    lifelint("fix", "dataset-documented", "--apply", "--templates", str(tmp_path / "ours"), cwd=folder)

    assert (folder / "dataset_card.md").read_text().startswith("# a\n## motivation\nTODO\n")


def test_templates_that_are_not_there_are_a_mistake(tmp_path: Path, lifelint: Callable[..., Ran]) -> None:
    folder = committed(tmp_path / "r", {"a.csv.dvc": POINTER.format("a.csv")})
    ran = lifelint("fix", "dataset-documented", "--templates", str(tmp_path / "our"), cwd=folder)

    assert ran.code == 2
    assert "does not exist" in ran.err


def test_what_people_wrote_elsewhere_is_in_the_card() -> None:
    sources = "sources:\n- {path: a.csv, origin: https://example.org/a, owner: '@data', licence: CC0-1.0}\n"
    plan = plan_in_memory(
        MemorySnapshot({"a.csv.dvc": POINTER.format("a.csv"), "sources.yaml": sources}), "dataset-documented"
    )

    [edit] = plan.edits
    assert b'license: "CC0-1.0"\n' in edit.after
    assert b"It comes from https://example.org/a (sources.yaml).\n" in edit.after
    assert b"It belongs to @data (sources.yaml).\n" in edit.after
    assert "distribution" not in plan.left[0].detail


FILES = {
    "requirements.txt": "scikit-learn==1.5.2\n",
    "model.onnx.dvc": POINTER.format("model.onnx"),
    ".github/CODEOWNERS": "*.dvc @acme/ml\n",
    "dvc.yaml": "stages: {}\n",
    "eval/report.json": (
        '{"schema": "evaluation-report/v1", "subject": {"commit": "'
        + "1" * 40
        + '", "datasets": [{"name": "holdout: 2026",'
        ' "role": "test", "pointer": "t.dvc", "version": "md5:' + "b" * 32 + '"}]},'
        ' "metrics": [{"name": "auc|roc", "value": 0.91}, {"name": "epoch", "value": 14}]}'
    ),
}


class TestModelCard:
    def made(self) -> bytes:
        [edit] = plan_in_memory(MemorySnapshot(FILES), "model-documented").edits
        assert edit.path == "MODEL_CARD.md"
        return edit.after

    def test_it_has_the_numbers_of_the_report_in_the_form_of_the_hub(self) -> None:
        from lifelint.facts._yaml import load

        front = load(self.made().split(b"---\n")[1])

        assert front["library_name"] == "sklearn"
        [model] = front["model-index"]
        [result] = model["results"]
        assert result["dataset"]["name"] == result["dataset"]["type"] == "holdout: 2026"
        assert result["metrics"] == [{"type": "auc|roc", "value": 0.91}]
        assert b"| auc\\|roc | 0.91 | holdout: 2026 | `eval/report.json` |\n" in self.made()
        assert b"## Model Card Contact\n\n@acme/ml\n" in self.made()

    def test_the_hub_reads_it(self) -> None:
        hub = pytest.importorskip("huggingface_hub")
        [result] = hub.ModelCard(self.made().decode()).data.eval_results

        assert (result.metric_type, result.metric_value, result.dataset_name) == ("auc|roc", 0.91, "holdout: 2026")

    def test_its_numbers_are_no_report_of_their_own_until_they_differ(self) -> None:
        def reports(card: bytes) -> list[str]:
            return [one.path for one in facts_of({**FILES, "MODEL_CARD.md": card})["evaluations"].items]

        assert reports(self.made()) == ["eval/report.json"]
        assert reports(self.made().replace(b"0.91", b"0.97")) == ["MODEL_CARD.md", "eval/report.json"]
