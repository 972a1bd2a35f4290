"""Names of arguments, as the reader at hand types them: ``again=True`` in Python, ``--again`` in the shell.

A sentence about an argument leaves a place for its name, so that whoever reads it finds a word that they can type:

    >>> argument("limit")
    'limit'
    >>> argument("missing", "keep")
    "missing='keep'"

Python's spelling is the default; the command line sets its own for as long as it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

Speller = Callable[[str, object], str]
"""Spells an argument, with its value or, where that is ``UNSET``, without."""
UNSET: Final = object()
"""Stands for: no value is meant."""


def argument(name: str, value: object = UNSET) -> str:
    """The argument as the reader types it.

    Args:
        name: Its name in Python.
        value: The value that is meant; none when the argument as such is.
    """
    return _speller(name, value)


@contextmanager
def spelling(speller: Speller) -> Iterator[None]:
    """Spell arguments in that way inside the block, in all threads: a process has one kind of reader."""
    global _speller
    before, _speller = _speller, speller
    try:
        yield
    finally:
        _speller = before


def _in_python(name: str, value: object) -> str:
    return name if value is UNSET else f"{name}={value!r}"


_speller: Speller = _in_python
