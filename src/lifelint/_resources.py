"""Where ``rules/`` and ``templates/`` are: beside the package in a wheel, at the top of a checkout otherwise.

Found from ``__file__``, because ``importlib.resources`` costs as much start-up time as click and an editable install
does not carry forced-in folders.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def directory(name: str) -> Path:
    """The folder of shipped resources called ``name``.

    Raises:
        FileNotFoundError: the package was taken apart; neither place holds the folder.
    """
    for base in (_PACKAGE, _PACKAGE.parent.parent):
        path = base / name
        if path.is_dir():
            return path
    raise FileNotFoundError(f"{name}/ is neither in the package ({_PACKAGE}) nor in a checkout around it")
