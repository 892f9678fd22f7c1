"""The audit as PDF, read back by pypdf."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lifelint.cli.render import command
from lifelint.report.audit import LIMITS, html, pdf
from tests.report.audit.conftest import AUDIT

try:
    import weasyprint  # noqa: F401
except OSError as error:
    pytest.skip(f"WeasyPrint finds no Pango: {error}", allow_module_level=True)

PRINT = "import json, sys; from lifelint.report.audit import pdf; "
PRINT += "sys.stdout.buffer.write(pdf.render(json.load(sys.stdin)))"


def read(data: bytes) -> Any:
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(data))


def text(reader: Any) -> str:
    """All words, without what breaks lines."""
    return "".join("".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(scope="module")
def printed() -> bytes:
    return pdf.render(AUDIT)


def test_it_holds_what_the_page_holds(printed: bytes) -> None:
    shown = text(read(printed))

    def there(said: str) -> bool:
        return "".join(said.split()) in shown

    assert there(LIMITS)
    for finding in AUDIT["report"]["projects"][0]["findings"]:
        assert there(AUDIT["report"]["rules"][finding["rule"]]["title"]) or finding["outcome"] == "not-applicable"
        assert all(there(seen["path"]) for seen in finding["observations"] if seen["ok"] is False)
    for one in AUDIT["frameworks"]:
        assert there(one["statement"]) and all(there(item["title"]) for item in one["items"])


def test_it_has_a_title_bookmarks_tags_and_no_script(printed: bytes) -> None:
    reader = read(printed)

    def titles(outline: Any) -> Iterator[str]:
        for one in outline:
            yield from titles(one) if isinstance(one, list) else [one.title]

    assert reader.metadata.title.startswith("Audit report: ")
    assert {"Summary", "Findings", "Frameworks", "What this proves, and what not"} <= {*titles(reader.outline)}
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert not {"/JavaScript", "/OpenAction", "/AcroForm"} & {*reader.trailer["/Root"]}
    assert "/JavaScript" not in reader.trailer["/Root"].get("/Names", {})
    assert len(reader.pages) > 10


def test_the_same_audit_gives_the_same_bytes_in_another_process(printed: bytes) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    again = subprocess.run(
        [sys.executable, "-c", PRINT],
        input=json.dumps(AUDIT).encode(),
        capture_output=True,
        check=True,
        env=environment,
    )

    assert again.stdout == printed


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">secret</text></svg>')
    (tmp_path / "a.css").write_text("p::after { content: 'secret' }")
    here = tmp_path.as_uri()
    page = f"<link rel=stylesheet href={here}/a.css><link rel=attachment href={here}/a.svg>"
    page += f"<p>Told.</p><img src={here}/a.svg><object data={here}/a.svg></object>"
    monkeypatch.setattr(html, "render", lambda document: page)
    reader = read(pdf.render(AUDIT))

    assert text(reader) == "Told."
    assert not reader.attachments


def test_without_its_printer_it_tells_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "audit.json").write_text(json.dumps(AUDIT))
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    ran = CliRunner().invoke(command, [str(tmp_path / "audit.json"), "--format", "pdf", "-o", str(tmp_path / "a.pdf")])

    assert ran.exit_code == 1
    assert ran.stderr == "Error: PDF needs WeasyPrint: pip install 'lifelint[pdf]'\n"
    assert not (tmp_path / "a.pdf").exists()
