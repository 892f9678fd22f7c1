"""Where content is kept: DVC's and git-lfs's configuration, compared with dvc's own reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Unreadable
from lifelint.facts.data.configfile import parse_dvc_config, parse_git_config
from lifelint.facts.data.remoteconfig import Remote
from lifelint.facts.data.stores import shared
from tests.conftest import facts_of


def remotes(files: dict[str, str]) -> list[Remote]:
    return list(facts_of(files)["remotes"].items)


DEFAULT = "[core]\n    remote = storage\n['remote \"storage\"']\n    url = s3://bucket/dvc\n"


def test_the_default_remote_is_read_with_its_line() -> None:
    [remote] = remotes({".dvc/config": DEFAULT})

    assert (remote.name, remote.url, remote.default, remote.declared) == ("storage", "s3://bucket/dvc", True, True)
    assert (remote.path, remote.line, remote.shared) == (".dvc/config", 4, True)


def test_a_default_without_section_is_told() -> None:
    [remote] = remotes({".dvc/config": "[core]\nremote = gone\n"})

    assert (remote.name, remote.default, remote.declared, remote.line) == ("gone", True, False, 2)


def test_names_are_compared_without_case_as_dvc_does() -> None:
    [remote] = remotes({".dvc/config": "[core]\nremote = Store\n['remote \"STORE\"']\nurl = s3://b\n"})

    assert (remote.name, remote.default) == ("store", True)


def test_an_address_may_build_on_another_remote() -> None:
    text = "['remote \"base\"']\nurl = ssh://localhost/data\n['remote \"sub\"']\nurl = remote://base/sub\n"

    found = {remote.name: remote for remote in remotes({".dvc/config": text})}

    assert found["sub"].shared is False
    assert "ssh://localhost/data/sub" in found["sub"].why


def test_remotes_that_name_each_other_in_a_circle_end() -> None:
    text = "['remote \"a\"']\nurl = remote://b/x\n['remote \"b\"']\nurl = remote://a/x\n"

    assert [remote.shared for remote in remotes({".dvc/config": text})] != [False, False]


def test_a_bucket_served_by_the_machine_itself_is_not_shared() -> None:
    text = "['remote \"minio\"']\nurl = s3://dvc\nendpointurl = http://localhost:9000\n"

    [remote] = remotes({".dvc/config": text})

    assert remote.shared is False
    assert "http://localhost:9000" in remote.why


def test_a_configuration_that_cannot_be_read_is_one_nameless_remote() -> None:
    [remote] = remotes({".dvc/config": "[core]\n<<<<<<< HEAD\n"})

    assert (remote.name, remote.declared, remote.line) == ("", False, 2)


def test_other_files_called_config_are_not_read() -> None:
    assert remotes({"config": DEFAULT, "dvc/config": DEFAULT, "x.dvc/config": DEFAULT}) == []


def test_the_address_of_git_lfs_is_read() -> None:
    [remote] = remotes({".lfsconfig": '[lfs]\n\turl = "http://localhost:8080/store" ; mine\n\tfetchexclude = *\n'})

    assert (remote.system, remote.url, remote.line) == ("lfs", "http://localhost:8080/store", 2)
    assert remote.shared is False


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://bucket/path", True),
        ("gs://bucket", True),
        ("azure://container/path", True),
        ("ssh://host.example.org/path", True),
        ("gdrive://folder/path", True),
        ("https://example.org/store", True),
        ("hdfs://user@host/path", True),
        ("webdavs://example.org/x", True),
        ("git@example.org:group/store", True),
        ("file:///srv/dvc", False),
        ("ssh://localhost/srv", False),
        ("http://127.0.0.1:9000/x", False),
        ("http://user@localhost/x", False),
        ("/tmp/dvc-storage", False),
        ("/home/anna/store", False),
        ("../store", False),
        ("store", False),
        ("~/store", False),
        ("C:\\data\\store", False),
        ("D:/store", False),
        ("/mnt/nas/store", None),
        ("/Volumes/team/store", None),
        ("\\\\server\\share", None),
        ("s3://${BUCKET}/dvc", None),
        ("<your bucket>", None),
        ("", None),
        ("s3://localhost-backups/dvc", True),
    ],
)
def test_an_address_says_whether_others_can_reach_it(url: str, expected: bool | None) -> None:
    can, why = shared(url)

    assert can is expected
    assert why


# dvc's reader ------------------------------------------------------------------------------------------------------

CONFIGS = {
    "written by dvc": DEFAULT,
    "unquoted section": '[remote "a"]\nurl=x\n',
    "comments": '# one\n[core] # two\nremote = a # three\n[\'remote "a"\']\n url = "b#c" # four\n',
    "quoted key": "[core]\n'remote' = 'a'\n",
    "indented": "    [core]\n        remote = a\n",
    "upper case": "[CORE]\nREMOTE = A\n['REMOTE \"A\"']\nURL = S3://B\n",
    "no section": "x = 1\n",
    "empty value": "[core]\nremote =\n",
    "equals in value": "['remote \"a\"']\nurl = s3://b?x=1\n",
    "empty": "",
    "section twice": "['remote \"a\"']\nurl = b\n['remote \"a\"']\nurl = c\n",
    "key twice": "[core]\nremote = a\nremote = b\n",
    "conflict": "<<<<<<< HEAD\n[core]\n",
    "unclosed quote": '[core]\nremote = "a\n',
    "unclosed section": "[core\n",
}


def by_dvc(text: str, path: Path) -> dict[tuple[str, str, str], str] | None:
    from dvc.config import Config, ConfigError

    path.write_text(text, "utf-8")
    try:
        loaded = Config.load_file(str(path))
    except ConfigError:
        return None
    found = {}
    for section, values in loaded.items():
        if section in ("remote", "machine", "db"):
            found |= {(section, name, key): value for name, keys in values.items() for key, value in keys.items()}
        elif isinstance(values, dict):
            found |= {(section, "", key): value for key, value in values.items()}
        else:
            found["", "", section] = values
    return found


def by_us(text: str) -> dict[tuple[str, str, str], str] | None:
    try:
        return {(s.section, s.name, s.key): s.value for s in parse_dvc_config(text.encode()).settings}
    except Unreadable:
        return None


@pytest.mark.parametrize("text", CONFIGS.values(), ids=CONFIGS)
def test_dvc_reads_the_same(text: str, tmp_path: Path) -> None:
    assert by_us(text) == by_dvc(text, tmp_path / "config")


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), st.from_regex(r"[ -~]{0,20}", fullmatch=True)
    )
)
def test_what_dvc_writes_is_read_back(urls: dict[str, str]) -> None:
    from configobj import ConfigObj, ConfigObjError

    urls = {name: url for name, url in urls.items() if not {",", "%"} & set(url)}
    try:
        lines = ConfigObj({f'remote "{name}"': {"url": url} for name, url in urls.items()}).write()
    except ConfigObjError:  # it cannot quote a text that holds both kinds of quotes
        return

    assert by_us("\n".join(lines)) == {("remote", name, "url"): url for name, url in urls.items()}


@pytest.mark.parametrize("parse", [parse_dvc_config, parse_git_config])
def test_a_line_made_to_be_slow_is_refused(parse: Callable[[bytes], object]) -> None:
    with pytest.raises(Unreadable, match="too large"):
        parse(b"[core]\n[" + b" " * 1_000_000 + b"x")


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_readers(data: bytes) -> None:
    for parse in (parse_dvc_config, parse_git_config):
        try:
            parse(data)
        except Unreadable as error:
            assert error.line <= data.count(b"\n") + data.count(b"\r") + len(data)
