"""Text changed in a few places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.fix.noun import CannotFix, Change
from lifelint.fix.texts import Texts, appended, changed, decode, encode, inserted_after, overlapping, place
from lifelint.snapshot import Missing
from lifelint.snapshot.memory import MemorySnapshot


@given(st.binary(max_size=200))
def test_bytes_survive_being_text(data: bytes) -> None:
    assert encode(decode(data)) == data


@given(st.text(alphabet="ab\r\n", max_size=40), st.sampled_from(["x", "/data"]))
def test_a_line_at_the_end_leaves_all_that_was_there(text: str, new: str) -> None:
    after = changed(text, [appended("p", text, new)])

    assert after.startswith(text)
    assert after[len(text) :].strip("\r\n") == new
    assert after.endswith("\n") is (not text or text.endswith("\n"))


@pytest.mark.parametrize(("text", "after"), [("a\r\nb\r\n", "a\r\nx\r\nb\r\n"), ("a\nb", "a\nx\nb"), ("a", "a\nx")])
def test_a_line_behind_another_has_the_line_ends_of_the_file(text: str, after: str) -> None:
    assert changed(text, [inserted_after("p", text, 1, "x")]) == after


def test_changes_are_of_the_text_as_it_was() -> None:
    changes = [Change("p", 4, 5, "E"), Change("p", 0, 1, "AA"), Change("p", 5, 5, "!"), Change("p", 0, 1, "AA")]

    assert changed("abcde", changes) == "AAbcdE!"


def test_what_overlaps() -> None:
    assert overlapping(Change("p", 0, 3, "x"), Change("p", 2, 4, "y"))
    assert not overlapping(Change("p", 0, 3, "x"), Change("p", 3, 4, "y"))
    assert not overlapping(Change("p", 0, 0, "x"), Change("p", 0, 0, "y"))
    assert not overlapping(Change("p", 0, 3, "x"), Change("q", 0, 3, "y"))


def test_a_line_that_is_not_there() -> None:
    assert place("a\nb\n", 2) == (2, 3)
    with pytest.raises(CannotFix):
        place("a\nb\n", 5)


class TestTexts:
    def made(self, disk: dict[str, bytes | Missing], git: dict[str, str | bytes]) -> Texts:
        return Texts(disk.get, MemorySnapshot(git), {})

    def test_line_ends_are_those_of_the_disk_and_the_rules_see_those_of_git(self) -> None:
        texts = self.made({"a": b"x\r\ny\r\n"}, {"a": "x\ny\n"})

        assert texts["a"] == "x\r\ny\r\n"
        assert texts.stored_form({"a": b"x\r\nz\r\n"}) == {"a": b"x\nz\n"}

    def test_line_ends_that_git_stores_are_left_alone(self) -> None:
        assert self.made({"a": b"x\r\n"}, {"a": b"x\r\n"}).stored_form({"a": b"z\r\n"}) == {"a": b"z\r\n"}

    def test_what_a_filter_smudged_is_not_touched(self) -> None:
        with pytest.raises(CannotFix, match="another form"):
            self.made({"a": b"content"}, {"a": "pointer"})["a"]

    def test_what_is_not_checked_out_is_not_made_anew(self) -> None:
        with pytest.raises(CannotFix, match="not in the working tree"):
            self.made({}, {"a": "x"})["a"]

    def test_what_is_not_to_be_touched_is_there(self) -> None:
        texts = self.made({"a": Missing("is a symbolic link")}, {})

        assert "a" in texts and "b" not in texts
