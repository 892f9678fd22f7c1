"""What the name of a folder says about the files in it. Names are evidence of purpose only, never of content."""

from __future__ import annotations

import re

from lifelint._patterns import lazy
from lifelint.facts.data.formats import SOURCE, format_of, suffix_of, words

DATA = words("""
    data dataset datasets corpus corpora raw_data raw-data training_data training-data train_data train-data
""")
"""Folders that hold data by name."""

_STEPS = words("raw interim processed features")
SPLITS = words("train val valid validation training trainset testset train_images val_images")
"""Folders that hold one part of a dataset."""

MODELS = words("""
    model models weights checkpoint checkpoints ckpt ckpts saved_model saved_models saved-models pretrained
    trained_models trained-models
""")
"""Folders that hold models by name."""

_FIXTURES = words("""
    tests testing testdata test_data test-data test_files test_fixtures test-fixtures fixture fixtures __fixtures__
    golden goldens doc docs .test .tests tutorial tutorials
""")
_EXAMPLE = lazy(r"(?:example|exercise|sample)s?(?:[_-]|$)|demos?$")
_GENERATED = words(".tox .nox .eggs __pycache__ .ipynb_checkpoints _build .doctrees")
_MODEL_WORD = lazy(
    r"model|(?:^|[^a-z])(?:weights?|checkpoint|ckpt|classifier|regressor|regression|estimator|scaler|encoder|vectorizer"
    r"|vectoriser|preprocessor|pipeline|clf|lgbm?|xgb|catboost|lin_?reg|svm|resnet|bert|yolo|lora|adapter)"
)

_AROUND_MODEL = lazy(
    r"(?:^|[^a-z])models?[-_ ](?:in|out)puts?(?:[^a-z]|$)"
    r"|(?:^|[^a-z])model[-_ ]"
    r"(?:data(?:set|frame)?s?|ready|predictions?|results?|scores?|metrics|comparisons?)(?:[^a-z]|$)"
)
"""In a name: what a model reads, or what is told of it (``05_model_input``, ``07_model_output`` of Kedro's layers)."""

_DATA_NAME = lazy(r"(?:^|[^a-z])(?:data|datasets?|images|train|test|corpus|annotations)$")
_DATA_WORD = r"(?:^|[^a-z])(?:data|dataset|datasets|images|train|training|corpus|annotations)(?:[^a-z]|$)"


def folders(path: str) -> list[str]:
    """The folders on the way to ``path``, lower-cased."""
    return path.lower().split("/")[:-1]


def is_fixture(path: str) -> bool:
    """Whether ``path`` lies below a folder of tests, examples or documentation that is not inside a data folder."""
    for name in folders(path):
        if name in DATA:
            return False
        if name in _FIXTURES or _EXAMPLE.match(name):
            return True
    return False


def is_documentation(path: str) -> bool:
    """Whether ``path`` lies among documentation, and among no tests, samples or tutorials beside that."""
    names = folders(path)
    kept = [name for name in names if name not in ("doc", "docs")]
    return len(kept) < len(names) and not is_fixture("/".join([*kept, ""]))


def is_generated(path: str) -> bool:
    """Whether ``path`` lies in a folder that a tool fills beside the sources."""
    return not _GENERATED.isdisjoint(folders(path))


def in_data_folder(path: str) -> bool:
    """Whether a folder on the way to ``path`` is named as holding data."""
    return not DATA.isdisjoint(folders(path))


def in_dataset(path: str) -> bool:
    """Whether a folder on the way to ``path`` is named as a dataset or a part of one (``data`` alone is too vague)."""
    names = set(folders(path))
    return not names.isdisjoint({"dataset", "datasets", "corpus", "corpora"}) or (
        not names.isdisjoint(DATA) and not names.isdisjoint(SPLITS)
    )


def data_root(path: str) -> str:
    """The topmost folder on the way to ``path`` that is named as holding data, or the folder of ``path``."""
    names = path.split("/")[:-1]
    depth = next((n for n, name in enumerate(names) if name.lower() in DATA), len(names) - 1)
    return "/".join(names[: depth + 1])


def names_data(path: str) -> bool:
    """Whether the file's own name speaks of data."""
    return bool(re.search(_DATA_WORD, path.lower().rpartition("/")[2]))


def looks_like_model(path: str) -> bool:
    """Whether the name of the file, or of a folder it is in, speaks of a model or a fitted preprocessor."""
    name = _AROUND_MODEL.sub("", path.lower().rpartition("/")[2])
    return bool(_MODEL_WORD.search(name)) or not MODELS.isdisjoint(folders(path))


def kind_of(path: str) -> str:
    """``model``, ``data`` or ``unknown``, by name alone: a pointer's content is elsewhere, a folder has no format."""
    found = format_of(path)
    kind = found.kind if found is not None else ""
    last = path.lower().rpartition("/")[2]
    if not kind and _DATA_NAME.search(last):
        return "data"
    if kind == "model" or (kind in ("either", "") and suffix_of(path) not in SOURCE and looks_like_model(path)):
        return "model"
    if kind in ("data", "either", "archive", "media"):
        return "data"
    if suffix_of(path) in SOURCE:
        return "unknown"
    named = last in DATA or last in SPLITS or last in _STEPS
    return "data" if named or in_data_folder(path) else "unknown"
