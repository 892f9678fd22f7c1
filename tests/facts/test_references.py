"""What code, notebooks and configuration read from elsewhere, and how firmly they name its version."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.references.addresses import hub_revision, of_address, of_read
from lifelint.facts.references.configured import addresses
from lifelint.facts.references.noun import Named
from lifelint.facts.references.syntax import parse
from tests.conftest import facts_of

COMMIT = "1588ec454efa1a09f29cd18ddd04fe05fc8653a2"
OX, PACH = "154857de7959b00c38a63b4aa8e703d3", "95661767ab0e4fe28aaeacca8230449b"


def seen(code: str, path: str = "train.py") -> list[tuple[str, str, str, str, str]]:
    found = facts_of({path: code})["references"].items
    return [(one.system, one.kind, one.name, one.version, one.strength) for one in found]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "import datasets as d\nd.load_dataset('imdb')",
            ("huggingface", "data", "imdb", "", "moving"),
        ),
        (
            f"from datasets import load_dataset as ld\nld('a/b', revision='{COMMIT}')",
            ("huggingface", "data", "a/b", COMMIT, "content"),
        ),
        (
            "from huggingface_hub import snapshot_download\nsnapshot_download('a/b', repo_type='dataset')",
            ("huggingface", "data", "a/b", "", "moving"),
        ),
        (
            "from huggingface_hub import hf_hub_download\nhf_hub_download(repo_id='a/b', filename='m', revision='v1')",
            ("huggingface", "model", "a/b", "v1", "moving"),
        ),
        (
            "from peft import PeftModel\nPeftModel.from_pretrained(base, 'a/lora')",
            ("huggingface", "model", "a/lora", "", "moving"),
        ),
        (
            "from transformers import pipeline\npipeline('ner', model='a/b')",
            ("huggingface", "model", "a/b", "", "moving"),
        ),
        ("import torch\ntorch.hub.load('a/b:main', 'x')", ("torchhub", "model", "a/b", "main", "moving")),
        (f"import torch\ntorch.hub.load('a/b:{COMMIT}', 'x')", ("torchhub", "model", "a/b", COMMIT, "content")),
        ("import wandb\nrun.use_artifact('e/p/split:v3')", ("wandb", "data", "e/p/split", "v3", "fixed")),
        ("import wandb\nrun.use_artifact('e/p/clf', type='model')", ("wandb", "model", "e/p/clf", "", "moving")),
        ("import kagglehub as k\nk.dataset_download('a/b')", ("kaggle", "data", "a/b", "", "moving")),
        ("import kagglehub as k\nk.model_download('a/m/f/v/2')", ("kaggle", "model", "a/m/f/v", "2", "fixed")),
        ("import quilt3\nquilt3.Package.browse('a/b', registry='s3://x')", ("quilt", "data", "a/b", "", "moving")),
        (
            "from sklearn.datasets import fetch_openml\nfetch_openml('mnist_784', version=1)",
            ("openml", "data", "mnist_784", "1", "fixed"),
        ),
        (
            "from oxen.datasets import load_dataset\nload_dataset('o/r', 'a.csv')",
            ("oxen", "data", "o/r", "", "moving"),
        ),
        (
            f"import oxen.datasets as d\nd.download('o/r', 'a.csv', '{OX}')",
            ("oxen", "data", "o/r", OX, "fixed"),
        ),
        (
            "from oxen.datasets import download\ndownload('o/r', 'a.csv', revision=branch.commit_id)",
            ("oxen", "data", "o/r", "", "unknown"),
        ),
        (
            f"import pandas as pd\npd.read_csv('oxen://o:r@{OX}/a.csv')",
            ("oxen", "data", "o/r", OX, "fixed"),
        ),
        ("URL = 'oxen://o:r@main/a.csv'", ("oxen", "data", "o/r", "main", "moving")),
        ("URL = 'oxen://o:r/a.csv'", ("oxen", "data", "o/r", "", "moving")),
        (
            "from pachyderm_sdk.api import pfs\npfs.File.from_uri('p/images@master:/a.png')",
            ("pachyderm", "data", "p/images:/a.png", "master", "moving"),
        ),
        (
            f"from pachyderm_sdk.api.pfs import File\nFile.from_uri('images@{PACH}:/a.png')",
            ("pachyderm", "data", "images:/a.png", PACH, "fixed"),
        ),
        (
            f"from pachyderm_sdk.api import pfs\npfs.File.from_uri('images@master={PACH}^2')",
            ("pachyderm", "data", "images", f"{PACH}^2", "fixed"),
        ),
        (
            "from pachyderm_sdk.api import pfs\npfs.File.from_uri('images@master^2:/')",
            ("pachyderm", "data", "images:/", "master^2", "moving"),
        ),
        (
            "from pachyderm_sdk.api import pfs\npfs.File.from_uri(f'images@{commit}:/{name}')",
            ("pachyderm", "data", "images:/…", "", "unknown"),
        ),
        (
            "import pandas as pd\npd.read_csv('s3://b/k.csv?versionId=abc')",
            ("s3", "data", "s3://b/k.csv", "abc", "fixed"),
        ),
        (
            "from vllm import LLM\nLLM(model='a/b')",
            ("huggingface", "model", "a/b", "", "moving"),
        ),
        (
            f"import vllm\nvllm.LLM('a/b', revision='{COMMIT}')",
            ("huggingface", "model", "a/b", COMMIT, "content"),
        ),
        (
            "t = spark.sql('SELECT * FROM shop.sales VERSION AS OF 12 WHERE x')",
            ("sql", "data", "shop.sales", "12", "fixed"),
        ),
        (
            "t = spark.sql('select * from sales for timestamp as of \\'2026-01-01\\'')",
            ("sql", "data", "sales", "2026-01-01", "fixed"),
        ),
        (
            "t = pd.read_sql('SELECT * FROM `p.d.sales` FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()', c)",
            ("sql", "data", "p.d.sales", "CURRENT_TIMESTAMP()", "moving"),
        ),
        (
            "t = spark.sql(f'SELECT * FROM sales VERSION AS OF {version}')",
            ("sql", "data", "sales", "", "unknown"),
        ),
        (
            "t = spark.sql('SELECT * FROM sales VERSION AS OF \\'audit\\'')",
            ("sql", "data", "sales", "audit", "unknown"),
        ),
        (
            "t = spark.read.format('delta').option('versionAsOf', 12).load('s3://b/t')",
            ("delta", "data", "s3://b/t", "12", "fixed"),
        ),
        (
            "t = (spark.read.format('iceberg')\n  .load('db.t'))",
            ("iceberg", "data", "db.t", "", "moving"),
        ),
        (
            "import pooch\npooch.retrieve('https://x.org/a.csv', known_hash=None)",
            ("http", "data", "https://x.org/a.csv", "", "moving"),
        ),
        ("u = f'models:/churn-{name}/Production'", ("mlflow", "model", "churn-…", "Production", "moving")),
        ("u = 'models:/scorer@champion'", ("mlflow", "model", "scorer", "@champion", "moving")),
    ],
)  # fmt: skip
def test_a_call_or_address_is_read_as(code: str, expected: tuple[str, ...]) -> None:
    assert seen(code) == [expected]


@pytest.mark.parametrize(
    "code",
    [
        "from datasets import load_dataset\nload_dataset('parquet', data_files='x')",
        "from datasets import load_dataset\nload_dataset('./local')",
        "from datasets import load_dataset\nload_dataset('data/local')",
        "from datasets import load_dataset\nload_dataset(name)",
        "from seaborn import load_dataset\nload_dataset('iris')",
        "def load_dataset(name): ...\nload_dataset('iris')",
        "from transformers import AutoModel\nAutoModel.from_pretrained('my_model')",
        "from transformers import AutoModel\nAutoModel.from_pretrained(f'{org}/name')",
        "from transformers import AutoModel\nm.save_pretrained('a/b')\nAutoModel.from_pretrained('a/b')",
        "self.from_pretrained('a/b')",
        "run.use_artifact('a:latest')  # no wandb is imported",
        "import pandas as pd\npd.read_csv('data/local.csv')",
        "import pandas as pd\npd.to_csv('https://x.org/a.csv')",
        "import torch\ntorch.load('a/b')",
        "t = spark.write.format('delta').save('s3://b/t')",
        '"""Use models:/scorer/Production to load it."""\nx = 1  # models:/a/1',
        "mlflow.register_model('models:/scorer/Production')",
        "u = f'models:/{name}@champion'",
        "OUTPUT_URI = 'lakefs://r/main/out'",
        "table.to_csv('oxen://o:r@main/a.csv')",
        "wallet = 'oxen://LT2mP2DrmGD82gFnH16ty8ZtP6f33czpA6XgQdnuTVeT5bNGyy3vnaUezzKq1rEYyq3cvb2GBZ5L'",
        "from oxen.datasets import upload\nupload('o/r', 'a.csv', 'new')",
        "from oxen import RemoteRepo\nrepo = RemoteRepo('o/r')\nrepo.add('a.csv')\nrepo.commit('new')",
        "from mine import download\ndownload('o/r', 'a.csv')",
        "from pachyderm_sdk.api import pfs\npfs.Branch.from_uri('images@master')",
        "from pachyderm_sdk.api import pfs\npfs.File.from_uri(f'{repo}@master:/a.png')",
        "from pachyderm_sdk.api import pfs\npfs.File.from_uri('images')",
        "from mine import File\nFile.from_uri('images@master:/a.png')",
        "u = f'models:/scorer/{version}'",
    ],
)
def test_what_is_local_written_or_only_known_to_a_run_is_no_reference(code: str) -> None:
    assert seen(code) == []


def test_a_revision_that_a_run_gives_is_unknown_and_a_constant_is_followed() -> None:
    start = "from datasets import load_dataset\n"

    assert seen(f"{start}load_dataset('a/b', revision=args.rev)")[0][4] == "unknown"
    assert seen(f"{start}load_dataset('a/b', **options)")[0][4] == "unknown"
    assert seen(f"{start}REV = '{COMMIT}'\nload_dataset('a/b', revision=REV)")[0][4] == "content"
    assert seen(f"{start}REV = 'x'\nREV = '{COMMIT}'\nload_dataset('a/b', revision=REV)")[0][4] == "unknown"


def test_a_module_of_the_repository_hides_the_library() -> None:
    code = "from datasets import load_dataset\nload_dataset('imdb')"

    assert not facts_of({"a/train.py": code, "datasets/__init__.py": ""})["references"].items
    assert not facts_of({"a/train.py": code, "a/datasets.py": ""})["references"].items
    assert not facts_of({"a/train.py": code, "a/imdb/imdb.txt": ""})["references"].items
    assert facts_of({"a/train.py": code, "b/datasets.py": ""})["references"].items


def test_notebook_cells_are_one_program_with_the_lines_of_the_file() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["load_dataset('no/cell')"]},
        {"cell_type": "code", "source": ["%pip install datasets\n", "from datasets import load_dataset"]},
        {"cell_type": "code", "source": "!ls\nfor x in y:\n    print x"},
        {"cell_type": "code", "source": ["%%bash\n", "load_dataset('no/python')"]},
        {"cell_type": "code", "source": ["!ls\n", "data = load_dataset('org/name')\n"]},
    ]
    text = json.dumps({"cells": cells, "nbformat": 4}, indent=1)

    [one] = facts_of({"a.ipynb": text})["references"].items

    assert one.name == "org/name"
    assert "org/name" in text.splitlines()[one.line - 1]


def test_python_that_cannot_be_parsed_is_told_only_where_something_may_be_read() -> None:
    broken = facts_of({"a.py": "from datasets import load_dataset\ndef (", "b.py": "def ("})["references"]

    assert [(unread.path, unread.line) for unread in broken.unread] == [("a.py", 2)]


def test_files_that_only_show_or_try_are_marked() -> None:
    code = "from datasets import load_dataset\nload_dataset('a/b')"
    paths = ["examples/a.py", "docs/a.py", "tutorial.ipynb.py", "hack/smoke-test/a.py", "src/a.py", "demo_data.py"]
    found = facts_of(dict.fromkeys(paths, code))["references"].items

    assert [one.path for one in found if not one.fixture] == ["src/a.py"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("model: hf://org/name", ("org/name", "moving")),
        (f"- hf://org/name@{COMMIT}", ("org/name", "content")),
        (f'storageUri: "hf://org/name:{COMMIT}"', ("org/name", "content")),
        ("uri = 'models:/scorer/4'", ("scorer", "fixed")),
        ('{"uri": "s3://b/k?versionId=x"}', ("s3://b/k", "fixed")),
        ("a: gs://b/k.csv#1718000000000000", ("gs://b/k.csv", "fixed")),
        (f"a: lakefs://r/{'a' * 64}/p", ("lakefs://r/p", "content")),
        (f"a: quilt+s3://b#package=n/p@{'a' * 64}", ("n/p", "content")),
        (f"a: oxen://o:r@{OX}/a.parquet", ("o/r", "fixed")),
        ("a: oxen://o:r@main/a.parquet", ("o/r", "moving")),
        ("a: voxen://delete/note/1", None),
        ("a: oxen://LT2mP2DrmGD82gFnH16ty8ZtP6f33czp", None),
        ("# model: hf://org/name", None),
        ("a: 1  # was models:/scorer/4", None),
        ("output: lakefs://r/main/p", None),
        ("model: models:/scorer/${VERSION}", None),
        ("model: hf://{{ name }}/x", None),
        ("a: hf://buckets/org/name", None),
        ("text: load it by models:/scorer/4 as said", None),
        ("a: s3://b/k", None),
    ],
)
def test_addresses_in_configuration(text: str, found: tuple[str, str] | None) -> None:
    for yaml in (False, True) if text[0] in "#am-s" and " = " not in text else (False,):
        named = [(one.name, one.strength) for _, one in addresses(text.encode(), yaml=yaml)]

        assert named == ([found] if found else [])


def test_text_inside_a_block_of_yaml_is_no_value() -> None:
    text = "notes: |\n  model: hf://org/name\nmodel: hf://org/name\n"

    assert [line for line, _ in addresses(text.encode(), yaml=True)] == [3]


@pytest.mark.parametrize(
    ("address", "strength"),
    [
        (f"https://raw.githubusercontent.com/o/r/{COMMIT}/a.csv", "content"),
        ("https://github.com/o/r/raw/main/a.csv", "moving"),
        (f"https://huggingface.co/datasets/o/r/resolve/{COMMIT}/a.csv", "content"),
        ("https://github.com/o/r/releases/download/v1/a.csv", "fixed"),
        ("https://zenodo.org/records/123/files/a.csv", "fixed"),
        ("https://a.blob.core.windows.net/c/a.csv?versionid=2026", "fixed"),
        ("https://example.org/a.csv", "moving"),
    ],
)
def test_addresses_that_are_read(address: str, strength: str) -> None:
    found = of_read(address)

    assert found is not None
    assert found.strength == strength


def test_a_short_commit_is_a_fixed_name() -> None:
    assert hub_revision("1588ec4")[0] == "fixed"
    assert hub_revision("main")[0] == "moving"


@given(st.text(alphabet="models:/@hf lakes3quit+#?=\0{}.-v1", max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    for read in (of_address, of_read):
        found = read(text)
        assert found is None or isinstance(found, Named)


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_unreadable(text: str) -> None:
    try:
        parse(text.encode("utf-8", "surrogatepass"))
    except Unreadable as error:
        assert error.message
