"""Names of arguments and calls, as the reader at hand types them: ``again=True`` in Python, ``--again`` in the shell.

A sentence about an argument leaves a place for its name, so that whoever reads it finds a word that they can type:

    >>> argument("limit")
    'limit'
    >>> argument("missing", "keep")
    "missing='keep'"
    >>> call("journal.resume", "20261122-180412-3fa94c")
    "spoki.journal.resume('20261122-180412-3fa94c')"

Python's spelling is the default; the command line sets its own for as long as it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

UNSET: Final = object()
"""Stands for: no value is meant."""


class Speller(NamedTuple):
    """How one kind of reader types arguments and calls.

    Attributes:
        argument: Spells an argument from its name in Python and its value, or ``UNSET``.
        call: Spells a call from the method below the client and what it is given.
    """

    argument: Callable[[str, object], str]
    call: Callable[[str, tuple[object, ...]], str]


def argument(name: str, value: object = UNSET) -> str:
    """The argument as the reader types it.

    Args:
        name: Its name in Python.
        value: The value that is meant; none when the argument as such is.
    """
    return _speller.argument(name, value)


def call(method: str, *given: object) -> str:
    """The call as the reader types it.

    Args:
        method: Method below the client, such as ``journal.resume``.
        given: What it is given.
    """
    return _speller.call(method, given)


@contextmanager
def spelling(speller: Speller) -> Iterator[None]:
    """Spell in that way inside the block, in all threads: a process has one kind of reader."""
    global _speller  # noqa: PLW0603 - a process has one kind of reader
    before, _speller = _speller, speller
    try:
        yield
    finally:
        _speller = before


def _python_argument(name: str, value: object) -> str:
    return name if value is UNSET else f"{name}={value!r}"


def _python_call(method: str, given: tuple[object, ...]) -> str:
    return f"spoki.{method}({', '.join(map(repr, given))})"


_speller = Speller(_python_argument, _python_call)
