"""Where ``rules/``, ``templates/`` and ``schemas/`` are: beside the package in a wheel, otherwise at the top of a
checkout, or in its ``docs/``.

Found from ``__file__``, because ``importlib.resources`` costs as much start-up time as click and an editable install
does not carry forced-in folders. Paths are text, because ``pathlib`` takes longer to import than the rules to read.
"""

import os

_PACKAGE = os.path.dirname(__file__)


def directory(name: str) -> str:
    """The folder of shipped resources called ``name``.

    Raises:
        FileNotFoundError: the package was taken apart; neither place holds the folder.
    """
    top = os.path.dirname(os.path.dirname(_PACKAGE))
    for base in (_PACKAGE, top, os.path.join(top, "docs")):
        path = os.path.join(base, name)
        if os.path.isdir(path):
            return path
    raise FileNotFoundError(f"{name}/ is neither in the package ({_PACKAGE}) nor in a checkout around it")


def text(name: str, file: str) -> str | None:
    """The text of a file in the folder ``name``; ``None`` where it was not shipped."""
    try:
        with open(os.path.join(directory(name), file), encoding="utf-8") as opened:
            return opened.read()
    except FileNotFoundError:
        return None
