"""The page in Chromium: offline, under its policy, by keyboard, printed, and judged by axe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lifelint.report.audit import html
from tests.report.audit.conftest import AUDIT, SEVERAL, audit_of, named

TOOLS = Path(__file__).parents[2] / "tools"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
    pytest.mark.skipif(not shutil.which("node"), reason="node is not installed"),
    pytest.mark.skipif(
        not (TOOLS / "node_modules/playwright-core").exists(), reason="npm has not installed playwright"
    ),
]


def looked(page: str, folder: Path) -> dict[str, Any]:
    """What was seen of a page."""
    file = folder / "audit.html"
    file.write_text(page, "utf-8")
    command = ["node", str(Path(__file__).with_name("look.mjs")), CHROMIUM, str(TOOLS), str(file)]
    environment = {**os.environ, "HOME": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return looked(html.render(AUDIT), tmp_path_factory.mktemp("page"))


def test_it_is_quiet_asks_for_nothing_and_keeps_to_its_policy(seen: dict[str, Any]) -> None:
    assert seen["said"] == []
    assert seen["refused"] == []
    assert {address.split("/")[-1].partition("#")[0] for address in seen["asked"]} == {"audit.html"}


def test_axe_has_nothing_to_say_in_light_and_dark_and_narrow(seen: dict[str, Any]) -> None:
    assert seen["checked"] == "axe-core"
    assert seen["axe"] == {f"{scheme} {width}": [] for scheme in ("light", "dark") for width in (1280, 360)}


def test_the_page_never_scrolls_sideways(seen: dict[str, Any]) -> None:
    assert {wide for wide in seen["wide"].values() if wide > 0} == set()


def test_a_search_leaves_what_holds_its_words(seen: dict[str, Any]) -> None:
    assert 0 < len(seen["found"]) < len(seen["all"])
    assert all("lock-fresh" in text for text in seen["found"])
    assert seen["count"].startswith(f"{len(seen['found'])} of ")
    assert seen["reset"] == seen["all"]


def test_a_box_hides_what_it_stands_for(seen: dict[str, Any]) -> None:
    assert "pass" in seen["all"]
    assert seen["without"] == [outcome for outcome in seen["all"] if outcome != "pass"]


def test_the_keyboard_reaches_everything(seen: dict[str, Any]) -> None:
    assert seen["first"] == "Skip to the report"
    assert seen["opened"] is True
    assert seen["followed"] is True


def test_all_is_printed(seen: dict[str, Any]) -> None:
    assert seen["printed"] and min(seen["printed"]) > 0
    assert seen["screen"] == []
    assert seen["pdf"] == "%PDF-"


def test_without_its_script_everything_is_there(seen: dict[str, Any]) -> None:
    assert seen["still"]["form"] is False
    assert seen["still"]["findings"] > 20


def test_what_strangers_write_runs_nothing(tmp_path: Path) -> None:
    text = "</script><script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
    seen = looked(html.render(named(text)), tmp_path)

    assert (seen["said"], seen["refused"]) == ([], [])
    assert {address.split("/")[-1].partition("#")[0] for address in seen["asked"]} == {"audit.html"}


def test_many_projects_are_as_accessible(tmp_path: Path) -> None:
    seen = looked(html.render(audit_of(SEVERAL)), tmp_path)

    assert seen["said"] == []
    assert [one for found in seen["axe"].values() for one in found] == []
    assert {wide for wide in seen["wide"].values() if wide > 0} == set()
