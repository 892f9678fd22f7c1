"""Single requirements: packaging and pip's own reader are the judges."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed

from lifelint.facts._source import Unreadable
from lifelint.facts.environment import markers, versions
from lifelint.facts.environment.conda import conda_exactness, match_spec
from lifelint.facts.environment.pip_files import parse_requirements
from lifelint.facts.environment.requirement import exactness, normalise, split

NAMES = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
VERSIONS = st.from_regex(
    r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}(?:(?:a|rc)[0-9])?(?:\.post[0-9])?(?:\.\*|\+[a-z0-9]{1,3}(?:\.1)?|\.dev1)?",
    fullmatch=True,
)
CLAUSES = st.builds(
    "{}{}{}".format, st.sampled_from(["==", ">=", "<", "!=", "~=", "==="]), st.sampled_from(["", " "]), VERSIONS
)
TESTS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["python_version", "sys_platform", "os_name", "os.name", "extra", "platform_machine", "'3'", "x"]),
    st.sampled_from(["", " ", "\t"]),
    st.sampled_from(["==", "!=", "<", ">=", "~=", " in ", "=", "==="]),
    st.sampled_from(["", "  "]),
    st.sampled_from(["'3.9'", '"3.9"', '"linux"', "'a b'", "''", "'a\"", '"it\'s"', "python_version"]),
)
MARKERS = st.lists(TESTS, min_size=1, max_size=3).flatmap(
    lambda tests: st.sampled_from([" and ", " or ", "  or\t", "and", " AND ", " and (", ""]).map(
        lambda j: j.join(tests)
    )
)
TAILS = st.sampled_from(
    ["", " # no", "[", " @ https://x.org/a.whl", ";", " ; and", "; and and os_name == 'nt'"]
) | st.builds("{}{}".format, st.sampled_from([";", " ; ", ";;"]), MARKERS)
TEXTS = st.builds(
    "{}{}{}{}{}".format,
    NAMES,
    st.sampled_from(["", " ", "[extra]", "[a, b] "]),
    st.lists(CLAUSES, max_size=3).map(",".join),
    TAILS,
    st.sampled_from(["", " "]),
)


@given(TEXTS | st.text(max_size=30))
def test_a_requirement_is_split_as_packaging_splits_it(text: str) -> None:
    try:
        expected = Parsed(text.strip())
    except InvalidRequirement:
        with pytest.raises(ValueError):
            split(text)
        return

    made = split(text)

    assert (made.name, set(made.extras), made.url) == (expected.name, expected.extras, expected.url or "")
    assert made.marker == str(expected.marker or "")
    assert {re.sub(r"\s", "", str(s)) for s in expected.specifier} == {s for s in made.specifier.split(",") if s}


@given(
    st.lists(
        st.sampled_from(
            [
                "numpy==1.2",
                "pandas",
                "a>=1 ; python_version<'3.9'",
                "# c",
                "",
                "x \\",
                "-i u",
                "--pre",
                "\\",
                "y==1 \\",
                "    --hash=sha256:" + "a" * 64,
                "z # d",
                "q==1#no",
                "./local",
                "-e .",
                "./a;b",
            ]
        ),
        max_size=8,
    )
)
@settings(max_examples=300, deadline=None)
def test_lines_are_joined_and_stripped_as_pip_does(lines: list[str]) -> None:
    from pip._internal.req.req_file import preprocess

    text = "\n".join(lines) + "\n"
    expected = [line for _, line in preprocess(text)]

    made = parse_requirements(text.encode())

    seen = len(made.requirements) + len(made.includes) + len(made.broken) + len(made.options)
    assert seen == len(expected), (expected, made)


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    try:
        parse_requirements(data)
    except Unreadable as error:
        assert error.message


@pytest.mark.parametrize(
    ("line", "exact"),
    [
        ("numpy==2.1.0", True),
        ("numpy == 2.1.0", True),
        ("torch===2.1.0+cu121", True),
        ("torch==2.1.0+cu121", True),
        ("numpy==2.*", False),
        ("numpy~=2.1", False),
        ("numpy>=1,<=1", False),
        ("numpy", False),
        ("numpy==1.0 ; python_version < '3.12'", True),
        ("x @ git+https://github.com/a/b@" + "a" * 40, True),
        ("git+https://github.com/a/b.git@" + "a" * 40 + "#egg=x", True),
        ("git+ssh://git@github.com/a/b.git#egg=x", False),
        ("git+https://github.com/a/b@main", False),
        ("git+https://github.com/a/b@v1.2", False),
        ("git+https://github.com/a/b@abc1234", None),
        ("https://x.org/a-1.0.tar.gz#sha256=" + "b" * 64, True),
        ("https://x.org/a-1.0.tar.gz --hash=sha256:" + "b" * 64, False),
        ("https://x.org/a-1.0-py3-none-any.whl", True),
        ("https://github.com/a/b/archive/refs/heads/main.zip", False),
        ("https://github.com/a/b/archive/" + "c" * 40 + ".zip", True),
        (".", True),
        ("-e ./lib[extra]", True),
        ("--editable=lib", True),
        ("file:///opt/x", None),
    ],
)
def test_exactness(line: str, exact: bool | None) -> None:
    [made] = parse_requirements(line.encode()).requirements

    if "--hash" not in line:
        assert (made.exact, bool(made.why)) == (exact, True)


@pytest.mark.parametrize(
    ("spec", "exact"),
    [
        ("", False),
        ("*", False),
        ("==1.2", True),
        ("=1.2.3", True),
        ("=1.2.3=py311_0", True),
        ("1.2.3", True),
        ("=1.2", None),
        ("=3", False),
        (">=1.2", False),
        ("1.2.*", False),
        ("=2.7.10b", True),
        ("=1.2.3=*cuda*", True),
        ("=2.2_63", True),
    ],
)
def test_exactness_of_conda_versions(spec: str, exact: bool | None) -> None:
    assert conda_exactness(spec)[0] is exact


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("numpy", "numpy", ""),
        ("numpy=1.26.4", "numpy", "=1.26.4"),
        ("numpy 1.26.4", "numpy", "1.26.4"),
        ("numpy =1.26.4", "numpy", "=1.26.4"),
        ("conda-forge::numpy>=1.26,<2", "numpy", ">=1.26,<2"),
        ("numpy>=1.26 # why", "numpy", ">=1.26"),
        ("pytorch=2.1.0=py3.11_cuda12.1_cudnn8.9.2_0", "pytorch", "=2.1.0=py3.11_cuda12.1_cudnn8.9.2_0"),
    ],
)
def test_conda_match_specs(text: str, name: str, version: str) -> None:
    made = match_spec(text, 1)

    assert (made.name, made.specifier) == (name, version)


def test_encodings_are_read_as_pip_reads_them() -> None:
    for data in (b"\xef\xbb\xbfnumpy==1\n", "numpy==1\n".encode("utf-16"), b"numpy==1\r\n"):
        assert [r.name for r in parse_requirements(data).requirements] == ["numpy"]


def test_notes_of_compilers_are_kept_in_every_style() -> None:
    text = (
        "a==1  # via -r x.in, b\nb==1\n    # via\n    #   -r x.in\n"
        "    #   c (pyproject.toml)\nc==1 \\\n    --hash=sha256:00\n"
        "    # via a\n"
    )

    made = parse_requirements(text.encode())

    assert made.via == (("-r x.in", "b"), ("-r x.in", "c (pyproject.toml)"), ("a",))
    assert [r.hashed for r in made.requirements] == [False, False, True]


def test_passwords_in_urls_are_not_shown() -> None:
    [made] = parse_requirements(b"git+https://me:secret@x.org/a/b.git@main#egg=b").requirements

    assert "secret" not in made.written


@given(NAMES)
def test_names_are_normalised_as_packaging_does(name: str) -> None:
    from packaging.utils import canonicalize_name

    assert normalise(name) == canonicalize_name(name)


MARKERS = st.recursive(
    st.sampled_from(
        [
            "python_version < '3.11'",
            "python_full_version >= '3.11.2'",
            "sys_platform == 'linux'",
            "os_name != 'nt'",
            "'3.9' <= python_version",
            "platform_machine in 'x86_64 aarch64'",
            "extra == 'GPU'",
            "platform_system == 'Windows'",
            "implementation_name == 'cpython'",
            "python_version not in '3.10 3.11'",
        ]
    ),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=5,
)
ENVIRONMENT = {
    "python_version": "3.11",
    "python_full_version": "3.11.4",
    "sys_platform": "linux",
    "os_name": "posix",
    "extra": "gpu",
    "platform_machine": "x86_64",
    "platform_system": "Linux",
    "implementation_name": "cpython",
}


@given(MARKERS, st.sampled_from(["3.9.1", "3.11.4", "3.12.0"]))
def test_markers_have_the_value_that_packaging_gives_them(text: str, python: str) -> None:
    from packaging.markers import Marker

    here = ENVIRONMENT | {"python_version": python.rpartition(".")[0], "python_full_version": python}

    assert markers.holds(markers.parse(text), here) is Marker(text).evaluate(here)


@pytest.mark.parametrize(
    "text",
    ["python_version <", "python_version < '<3.10'", "(os_name == 'nt'", "'a' == 'b'", "os_name ~= 'x'", "foo == 'x'"],
)
def test_markers_without_a_meaning_are_not_judged(text: str) -> None:
    with pytest.raises(markers.Unjudged):
        markers.signatures([text, ""])


@given(st.lists(CLAUSES, max_size=3).map(",".join), st.lists(CLAUSES, max_size=3).map(",".join), VERSIONS)
@settings(deadline=None)
def test_equal_ranges_admit_the_same_versions(first: str, second: str, version: str) -> None:
    from packaging.specifiers import SpecifierSet

    try:
        one, other = versions.signatures([first, second])
        sets = SpecifierSet(first), SpecifierSet(second)
    except (markers.Unjudged, ValueError):
        return
    if one == other:
        assert sets[0].contains(version, prereleases=True) == sets[1].contains(version, prereleases=True)


def test_exactness_says_why() -> None:
    assert exactness("==1.0") == (True, "one version, 1.0")
    assert exactness("") == (False, "any version")
    assert exactness("", "git+https://x.org/a@main") == (False, "the branch or tag main, which can move")


def test_every_form_of_a_path_stays_a_path() -> None:
    made = parse_requirements(b"libs/core\n./libs/core[x]\n../x\npkg @ file:./y\n")

    assert [r.name for r in made.requirements] == ["libs/core", "./libs/core", "../x", "pkg"]
    assert all(r.exact for r in made.requirements)
