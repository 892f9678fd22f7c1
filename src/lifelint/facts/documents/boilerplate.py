"""Lines that a template brought along: whoever copies it has written none of them.

Known are the hints of Hugging Face's cards (huggingface_hub, templates/), which stand in comments until somebody takes
the marks away, the text of the annotated model card (hub-docs, model-card-annotated.md) and of the guide to dataset
cards (datasets, templates/README_guide.md), and what our own templates say besides their questions. A line counts by
its words, whatever emphasis or links it has, and only as a whole. Tests derive the digests of both kinds of templates.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

from lifelint._patterns import lazy
from lifelint.facts.data.formats import words

LEAST = 4
"""Words of a line from which on it can be one of a template: shorter ones anybody may write."""

_ADDRESS = lazy(r"\(?\b\w+://[^\s()]*\)?")
_WORD = lazy(r"[^\W\d_]+")

KNOWN = words("""
    00a6850ceaf2626d 02b1d44247d9e860 031294d1c5667db8 04c4efc14d256a7a 04e75fdbeb71d772 05c6ddb02e314493
    05c75b36fbde1dd5 05cacab85bda424d 06ee7feb80cc1e78 07257fa82aaabee1 08abddaa7bd7b59f 08dc120b858347a9
    0a3cc19c00a34d6a 0ba9116fcd42e7bd 0c8d31be4a7177d0 0c93d28fddcc36d6 0eded302eda9896a 10faa086c2a7ef8e
    16bcab1f8e3f5305 16dfda84f47d8237 182c3b45adb4b57a 19bdc1fbfb0fd9b3 1a037f1a5388621d 1b37b4d955237b47
    1e1c5fd1e10966dd 22b893fefb7e5ae2 23252f266ebf8533 238be3a34b52bece 26783605ce4463d7 26e78e0edd653e7f
    2866c9476a52d975 288daf385301cdca 28a75cae9029a51a 29489d03681e8af1 29dd6db98769461b 2b26811a0f963b1b
    2db6aa59c0b88c46 2e7c079ec2e38679 2f7184e09c525b86 2fd4383308a6604f 314ba2d032b54a31 31bf33f466d00dea
    34bad4eb29104f3f 38118cb1bfa847ff 3d94f5525075d338 3dfa4ff0698ea4f0 41b8c51344de2f83 453ff5162bb7f73f
    481421f2c404b0f2 49d118fa9e2bfac8 4ceecf30ff42f87f 4dfce6d9eca84fed 4e439e4db6c1b45d 4ecad10935e3380a
    4ee590844c250dd8 5034528d073b2fc1 528595a93a4649d1 56e9338599b8c73c 58337d219a7af81b 5adbab806e918fbd
    6058d156f24dc435 605a4e8c61b9634b 60c0fb769af2446b 61be006faf2de207 622c1b864172608f 633a95a04c571c32
    6644084624dc0a39 66958a3636986ffc 6eabf0ee1955e249 7131973c03f2484e 719fe31b0809668d 71a346b660fe98ae
    76443ee0638b0ee0 76dabad99e355fe3 77ceb37f90e908c3 7814dedacbfcc22e 7fbb0756c4bfad75 815d89132a143448
    81a481fa97259bc7 81b02e4029e81a39 81e44948794760ed 8ac7418da7677685 8d30a1de3cf0720b 8dc8177af5a7becb
    8e3fb4994cd3f212 8e710034a678a176 91a849cc3004f7c4 91f9b2f6c2b0f2bf 95deb7a28c82a6fa 9a7b9b6afcce2242
    9e9acfb40efe83bc 9f9a835bd62d8316 a1d1d3646b12c64b a2605fb7784a1c25 a410aa1aacd090a2 a591b667277a0939
    a592e6dcb600409a a627518be94e6352 a6317e89d1315134 a7cdb9c761e5497d a7e52f1029ed2375 ac6e93328ea58879
    ad3affe86c67abeb b2c327a5493de025 b30e0daa14e7be9d b3f1cb824cef24bd b41b5b8e64200ec3 b8f9574c5a266279
    ba3361be8dda7661 bb751aab036bf1b4 bcaa1a027d286c1d beb42feccb72194c c1c44d130cac79d5 c3a0f7d04e60cefc
    c3d7d47e90932b13 c52bede4d8321fb9 c637f3b89a8bc75d c837ffc1e8e601e6 caedff048977d92c cb43153d69abc92a
    d0bcd282318ffc7e d28b2ebef79f7dbf d30e219efd76fc5b d5ff8fa74b3699b1 d7ab63a93d8eeff1 d95274f791276cfe
    d95cce38b4faba6d e287e898041cce39 e2e64f6495b76414 e57db3ff235652d0 e66d3b0d79be3b8b edee8fc0a875ecb6
    ef3af4cac2f4e5f1 f37e32be6ca6287f f534df1a317bf898 f57b36b66aa5529e f676b1f3b71ee6d6 fbe9871b99154c89
    fcce7eaf05351a96 fefe58144832954e
""")


_FIRST = words("""
    a add address also briefly clearly describe description detail evaluation explain for fully if instructions it
    list model more motivation name note please provide provides quantitative relevant results state summarizes
    template the these this total training under use what when where whom why write you
""")
"""The words that these lines begin with: most others do not, and need no digest."""


def fingerprint(line: str) -> str:
    """What a line is known by: a digest of its words in lower case; nothing for a short line.

    Addresses are left out, since a reader of Markdown tells them with the text of the link or does not.
    """
    bare = _ADDRESS.sub(" ", line) if "://" in line else line
    found = _WORD.findall(bare.casefold())
    return sha256(" ".join(found).encode()).hexdigest()[:16] if len(found) >= LEAST else ""


def without(text: str, known: Collection[str]) -> str:
    """The text without the lines that have one of these fingerprints."""
    lines = text.split("\n") if known else ()
    kept = [line for line in lines if not (_begins(line) and fingerprint(line) in known)]
    return text if len(kept) == len(lines) else "\n".join(kept)


def _begins(line: str) -> bool:
    first = _WORD.search(line)
    return first is not None and first[0].casefold() in _FIRST
