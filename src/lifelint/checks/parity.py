"""Whether a model is served with the libraries it was trained with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.environment.libraries import Library

_BEHAVIOUR = (
    "torch", "torchvision", "torchaudio", "tensorflow", "keras", "jax", "jaxlib", "flax", "scikit-learn", "xgboost",
    "lightgbm", "catboost", "statsmodels", "prophet", "spacy", "gensim", "fastai", "transformers", "tokenizers",
    "sentence-transformers", "sentencepiece", "diffusers", "timm", "category-encoders", "feature-engine", "nltk",
    "albumentations", "cloudpickle", "joblib", "skops",
)  # fmt: skip


def same_versions(libraries: Sequence[Library], *, packages: Sequence[str] = _BEHAVIOUR) -> Iterator[Observation]:
    """Each library that defines a model's behaviour has one version where it is trained and where it is served."""
    serving = [library for library in libraries if library.side == "serving" and library.name in packages]
    training = [library for library in libraries if library.side == "training" and library.name in packages]
    seen: dict[str, Observation] = {}
    for served in serving:
        for trained in nearest(served, training):
            observation = _compared(served, trained)
            if observation is not None:
                kept = seen.get(observation.subject)
                if kept is None or _rank(observation) < _rank(kept):
                    seen[observation.subject] = observation
    yield from seen.values()


def _rank(observation: Observation) -> int:
    return {False: 0, None: 1, True: 2}[observation.ok]


def nearest(served: Library, training: Sequence[Library]) -> list[Library]:
    """The environments of the nearest folder around the served one that ask for the same library.

    Several there (variants, an old and a new one) leave open which of them trains.
    """
    folder = served.manifest.rpartition("/")[0]
    while True:
        found = [t for t in training if t.name == served.name and t.manifest.rpartition("/")[0] == folder]
        if found or not folder:
            return found if len({t.versions for t in found}) == 1 else []
        folder = folder.rpartition("/")[0]


def _compared(served: Library, trained: Library) -> Observation | None:
    if (served.path, served.line) == (trained.path, trained.line) and not served.versions:
        return None  # one line for both, which other rules judge
    subject = f"{served.manifest}:{served.name}"
    there = f"{trained.path}:{trained.line}" if trained.line else trained.path
    if not trained.versions:
        detail = f"which {served.name} trains is open: {trained.why} ({there})"
        return Observation(None, subject, detail, served.path, served.line)
    expected = " or ".join(trained.versions)
    if not served.versions:
        detail = f"{served.name} is served in {served.why}, and trained with {expected} ({there})"
        return Observation(False, subject, detail, served.path, served.line)
    got = {_public(version) for version in served.versions}
    ok = bool(got & {_public(version) for version in trained.versions})
    detail = f"{served.name} is served with {' or '.join(served.versions)}, and trained with {expected} ({there})"
    return Observation(ok, subject, detail, served.path, served.line)


def _public(version: str) -> str:
    """Without what is built for one machine (``+cu121``), and without zeros at the end."""
    bare = version.partition("+")[0]
    while bare.endswith(".0"):
        bare = bare[:-2]
    return bare
