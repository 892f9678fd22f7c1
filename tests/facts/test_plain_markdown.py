"""What is read without a parser is what the parser finds."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifelint.facts.documents import markdown
from lifelint.facts.documents.filling import Written
from lifelint.facts.documents.outline import Outline
from lifelint.facts.documents.plain import pieces

LINES = (
    "", "", "", " ", "# A", "## B c", "###  D", "#", "#E", "####### F", "## G #", " ## H", "# I `j` [k](l.md)", "a b",
    "Name: value", "Owner: see [us](https://x.org/A_b/?q)", "see [a b](./c_d.md), or `e  f`", "[a](b)[c](https://d.e)",
    "[a]", "[a][b]", "[a]: b", "![a](b.png)", "[![a](b)](c)", "**bold:** c", "_d_", "a_b_c", "`a", "b`", "``a`b``",
    "` a `", "`a`:b", "```", "```sh", "````", "  ```", "``` ```", "~~~", "- a", "- ```", "  b", "    c", "\td", "1. e",
    "* * *", "---", "===", "> f", "> ```", "a | b", "- | -", "|:-|", "<div>", "</div>", "<pre>", "<!-- g", "-->",
    "<?h", "<b>i</b>", "j &amp; k", "l\\", "m  ", "n\u00a0", "o\u2028p", "q\rr", "\u00e9t\u00e9 \u2014 s",
    "(t)", "e.g. u: v",
    "[w](http://a..b/)", "[w](//c/d)", "[w](https://-/_)", "[w](https://A.B/%zz)", "\f", "a\x00b", "x!", "![", "a [b",
)  # fmt: skip
DOCUMENTS = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=14).map("\n".join),
    st.lists(
        st.sampled_from(["# A", "b", "c `d` e", "[f](g)", "", "", "```", "- h", "* i: j", "- k:", "+ l"]), max_size=14
    ).map("\n".join),
    st.text("a#`[]()! \n-_*:/.<", max_size=40),
)
TARGETS = st.from_regex(r"(?:https?://)?[A-Za-z0-9./_-]{1,12}", fullmatch=True)


def parsed(text: str) -> tuple[Written, ...]:
    outline = Outline()
    markdown._add_parsed(outline, text, 1)
    return outline.sections()


@given(DOCUMENTS)
@example("# A\n\n- b\n\n# C\n\n```\n\n# d\n```\n\n# E\nf: g")
@example("# A\n\n```\nb\n````\n\n# C\n\n```\n")
@example("```\na\x00b\n```")
@example("<div>\n\n# A\n\n<div>\n```\n\n# B\n\n```")
@settings(max_examples=400)
def test_a_document_is_read_as_the_parser_reads_it(text: str) -> None:
    assert markdown._outline(text) == parsed(text)


@given(TARGETS)
def test_what_a_link_leads_to_is_as_written(target: str) -> None:
    text = f"# A\n\nsee [b]({target}) and [c](./d)"
    assert markdown._outline(text) == parsed(text)


def test_plain_parts_need_no_parser() -> None:
    text = "# A\n\nb\nc [d](e)\n\n```\n\n# f\n```\n\n# B\n\n1. g\n\n# C\n\n> h\n\n## D\n\ni\n"
    assert [(piece.before, piece.blocks is not None) for piece in pieces(text)] == [(0, True), (10, False), (18, True)]
