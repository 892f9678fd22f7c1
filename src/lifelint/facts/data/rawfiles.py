"""Data and model files that are ordinary git blobs. Whether one is too large to be there is for a check to say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.data import formats, places
from lifelint.facts.data.formats import SUFFIXES, Format
from lifelint.facts.lfs import CUTOFF
from lifelint.snapshot import Missing

if TYPE_CHECKING:
    from lifelint.facts.data.lfsfiles import LfsPath

PROOF_BYTES = 4 << 20
PROOF_TOTAL = 64 << 20
"""Files above the first, and files after the second is spent, are known by their suffix alone."""

_ELSEWHERE = frozenset({"vendored code", "a virtual environment", "a template", "excluded by the configuration"})
_FIXTURE = frozenset({"test fixtures", "a test suite"})


class Blob(NamedTuple):
    """A data or model file whose content is in git itself, not behind a pointer.

    ``kind`` is data, model, archive or media; ``format`` that of the content; ``evidence`` whether ``magic`` (the bytes
    it starts with) or only the ``suffix`` says so; ``reason`` why it counts. ``size`` is ``None`` where the blob is
    not in the object database. ``dataset``: it lies in a folder named as a dataset; ``root`` is the folder of data it
    lies in, its own folder where none is named so. ``fixture``: it lies among tests, examples or documentation.
    """

    path: str
    size: int | None
    kind: str
    format: str
    evidence: str
    reason: str
    dataset: bool
    root: str
    fixture: bool
    line: int = 0


def blobs(source: Source, lfs_paths: "Sequence[LfsPath]") -> Iterator[Blob]:
    """Data and model files tracked as ordinary blobs, empty ones left out."""
    pointing = {item.path for item in lfs_paths if item.pointer in ("canonical", "non-canonical")}
    claims = {path: claim for path, claim in _claims(source).items() if path not in pointing}
    sizes = source.snapshot.sizes(claims)
    magic = _magic(source, claims, sizes)
    for path, (claim, reason) in claims.items():
        size = sizes.get(path)
        if size == 0 or (path in magic and not formats.proves(claim, magic[path])):
            continue
        if claim.name in ("model", "weights") and path not in magic and not _telling(path):
            continue
        yield Blob(
            path=path,
            size=size,
            kind=_kind(claim, path),
            format=_format(claim, magic.get(path, "")),
            evidence="magic" if magic.get(path, "binary") not in ("binary", "text") else "suffix",
            reason=reason or f"its format is {_format(claim, magic.get(path, ''))}",
            dataset=places.in_dataset(path),
            root=places.data_root(path),
            fixture=source.left_out.get(path, "") in _FIXTURE or places.is_fixture(path),
        )


def _claims(source: Source) -> Mapping[str, tuple[Format, str]]:
    """Paths that may be data or models by their name, with the reason. One set lookup for each path that is not."""
    found: dict[str, tuple[Format, str]] = {}
    for path in source.suffixes(lambda suffix: suffix.lower() in SUFFIXES):
        if source.left_out.get(path, "") in _ELSEWHERE or places.is_generated(path):
            continue
        claim = formats.format_of(path)
        reason = _reason(path, claim) if claim is not None else None
        if claim is not None and reason is not None:
            found[path] = claim, reason
    return found


def _reason(path: str, claim: Format) -> str | None:
    """Why a file at this place holds data or a model: empty for its format alone, ``None`` when it need not."""
    if formats.is_configuration(path):
        return None
    if claim.kind in ("model", "data", "either"):
        return ""
    if places.is_fixture(path):
        return None
    if claim.kind == "archive" and places.names_data(path):
        return "it is an archive named as data"
    return "it lies in a folder of data" if places.in_data_folder(path) else None


def _magic(source: Source, claims: Mapping[str, tuple[Format, str]], sizes: Mapping[str, int]) -> Mapping[str, str]:
    """What the first bytes say, for files whose suffix wants proof or that are short enough to be a pointer."""
    wanted, spent = [], 0
    for path, (claim, _) in claims.items():
        size = sizes.get(path, 0)
        bound = PROOF_BYTES if claim.proof and claim.kind != "media" else CUTOFF
        if 0 < size <= bound and spent + size <= PROOF_TOTAL:
            wanted.append(path)
            spent += size
    return {
        path: formats.magic_of(data[:2048])
        for path, data in source.snapshot.read(wanted)
        if not isinstance(data, Missing)
    }


def _telling(path: str) -> bool:
    """Whether the name alone makes a ``.bin`` or ``.model`` file a model."""
    name = path.rpartition("/")[2].lower()
    return name.endswith(".bin") and name.startswith(("pytorch_model", "diffusion_pytorch", "adapter_model", "model"))


def _kind(claim: Format, path: str) -> str:
    if claim.kind == "either":
        return "model" if places.looks_like_model(path) else "data"
    return "data" if claim.kind == "text" else claim.kind


def _format(claim: Format, magic: str) -> str:
    return magic if claim.name in ("model", "weights") and magic else claim.name
