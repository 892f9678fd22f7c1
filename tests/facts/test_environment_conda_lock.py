"""A conda-lock.yml is compared with its environment files on every platform, or with the digests it has of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.environment import Lock
from lifelint.facts.environment.conda_locks import parse_conda_lock
from lifelint.facts.environment.other_locks import OtherLock
from lifelint.facts.environment.pixi_lock import parse_pixi_lock
from tests.conftest import facts_of

ENVIRONMENT = """\
name: churn
channels: [conda-forge]
dependencies:
  - python=3.11
  - conda-forge::numpy>=2
  - pytorch-cuda=11.8  # [linux]
  - pip
  - pip:
      - sam-algorithm==1.0.2
      - torch>=2
"""
PACKAGES = (
    ("python", "3.11.9", "conda", ()),
    ("numpy", "2.1.3", "conda", ("python",)),
    ("pytorch", "2.4.0", "conda", ("python",)),
    ("pip", "24.0", "conda", ()),
    ("sam-algorithm", "1.0.2", "pip", ("numpy", "pytorch")),
)
CUDA = ("pytorch-cuda", "11.8", "conda", ())


def entry(package: tuple[str, str, str, tuple[str, ...]], platform: str) -> str:
    name, version, manager, needs = package
    below = "".join(f"\n    {need}: '*'" for need in needs) or " {}"
    end = f"{name}-{version}-0.conda" if manager == "conda" else f"{name}-{version}.tar.gz"
    return (
        f"- name: {name}\n  version: {version}\n  manager: {manager}\n  platform: {platform}\n  dependencies:{below}\n"
        f"  url: https://example.org/{end}\n  hash:\n    md5: {'0' * 32}\n  category: main\n  optional: false\n"
    )


def lock_text(more: str = "", sources: str = "environment.yml") -> str:
    listed = [entry(p, platform) for platform in ("linux-64", "osx-64") for p in PACKAGES]
    head = f"version: 1\nmetadata:\n  platforms:\n  - linux-64\n  - osx-64\n  sources:\n  - {sources}\n{more}package:\n"
    return head + entry(CUDA, "linux-64") + "".join(listed)


def judged(environment: str = ENVIRONMENT, lock: str = "") -> Lock:
    files = {"environment.yml": environment, "conda-lock.yml": lock or lock_text()}
    [found] = facts_of(files)["locks"].items
    return found


@pytest.mark.parametrize(
    ("old", "new", "fresh", "why"),
    [
        ("", "", None, "torch is asked for"),
        ("      - torch>=2\n", "", True, "it satisfies environment.yml on linux-64, osx-64"),
        ("python=3.11", "python=3.12", False, "python =3.12 in environment.yml:4, locked on linux-64 at 3.11.9"),
        ("numpy>=2", "numpy>=2.2", False, "numpy >=2.2 in environment.yml:5, locked on linux-64 at 2.1.3"),
        ("numpy>=2", "numpy>=2.1,<2.2", None, "torch"),
        ("  - pip\n", "  - pip\n  - scipy\n", False, "scipy is asked for in environment.yml:8"),
        ("==1.0.2", "==1.0.3", False, "sam-algorithm ==1.0.3 in environment.yml:9"),
        ("==1.0.2", "==1.0.2\n      - omega", False, "omega is asked for"),
        ("  # [linux]", "", False, "pytorch-cuda is asked for in environment.yml:6 and not locked on osx-64"),
        ("# [linux]", "# [win]", None, "torch is asked for"),
        ("conda-forge::numpy>=2", "numpy >=2", None, "torch is asked for"),
    ],
)
def test_each_request_is_looked_for_on_each_platform(old: str, new: str, fresh: bool | None, why: str) -> None:
    lock = judged(ENVIRONMENT.replace(old, new) if old else ENVIRONMENT)

    assert (lock.fresh, lock.why.startswith(why)) == (fresh, True), lock.why


def test_a_package_that_nothing_asks_for_leaves_the_verdict_open() -> None:
    asked = ENVIRONMENT.replace("      - torch>=2\n", "")
    lock = judged(asked.replace("      - sam-algorithm==1.0.2\n", "      - numpy\n"))

    assert lock.fresh is None
    assert lock.why.startswith("sam-algorithm is locked on linux-64")


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
@pytest.mark.parametrize(
    ("environment", "fresh"),
    [
        (ENVIRONMENT, True),
        (ENVIRONMENT.replace("\n", "\r\n"), True),
        ("# hello\n" + ENVIRONMENT, None),
        (ENVIRONMENT.replace("=3.11", "=3.12"), False),
    ],
)
def test_digests_of_the_inputs_decide_where_the_lock_has_them(
    environment: str, fresh: bool | None, algorithm: str
) -> None:
    digest = hashlib.new(algorithm, ENVIRONMENT.encode()).hexdigest()
    more = f"  inputs_metadata:\n    environment.yml:\n      {algorithm}: {digest}\n"

    lock = judged(environment, lock_text(more))

    assert lock.fresh is fresh, lock.why


@pytest.mark.parametrize(
    ("sources", "why"),
    [("other.yml", "other.yml, from which it was made, is not tracked"), ("notes.txt", "notes.txt is no environment")],
)
def test_unknown_inputs_leave_the_verdict_open(sources: str, why: str) -> None:
    [lock] = facts_of({"notes.txt": "numpy\n", "conda-lock.yml": lock_text(sources=sources)})["locks"].items

    assert lock.fresh is None
    assert lock.why.startswith(why)


def test_the_order_of_keys_of_older_locks_is_read_too() -> None:
    def by_alphabet(block: str) -> str:
        lines = block.replace("- name", "  name", 1).splitlines()
        keys = [n for n, line in enumerate(lines) if not line.startswith("    ")]
        parts = sorted("\n".join(lines[a:b]) for a, b in zip(keys, [*keys[1:], len(lines)], strict=True))
        return "- " + "\n".join(parts)[2:]

    head, *blocks = lock_text().replace("\n- ", "\n\0- ").split("\0")
    text = head + "".join(by_alphabet(block) + "\n" for block in blocks)
    assert "\n- category: main\n" in text

    asked = ENVIRONMENT.replace("      - torch>=2\n", "")

    assert judged(asked, text).fresh is True
    assert judged(asked.replace("python=3.11", "python=3.12"), text).fresh is False


@given(st.text(alphabet="- :{}'\"#\n abmnpv/._0=", max_size=200))
@pytest.mark.parametrize("parse", [parse_conda_lock, parse_pixi_lock])
def test_any_text_is_read_or_refused(parse: Callable[[bytes], OtherLock], text: str) -> None:
    for head in ("", "version: 6\nenvironments:\npackages:\n", "metadata:\n  sources:\npackage:\n"):
        with suppress(Unreadable):
            assert parse((head + text).encode()).packages >= 0
