"""Sentences in the reader's language: every text that a person reads goes through here.

A sentence is written in English where it is said, with named places for its values, and looked up when it is said:

    >>> gettext("There is no account {account}.", account=4100)
    'There is no account 4100.'
    >>> ngettext("{count} request", "{count} requests", 3)
    '3 requests'

A sentence that stands in a table is marked with ``noop`` there and looked up where it is shown. The calls are those of
the standard library's gettext, so that ``pybabel extract`` finds every sentence; the values are filled in after the
look-up, never into the sentence itself (no f-strings), as a catalogue knows only the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations, translation
from importlib.resources import as_file, files
from typing import Any

DOMAIN = "spoki_analytics"
SOURCE_LANGUAGE = "en"
"""The language in which sentences stand in the code; it needs no catalogue."""
_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


def gettext(message: str, **values: Any) -> str:
    """A sentence in the language of the reader, its values filled in.

    Args:
        message: The English sentence, a literal, with ``{name}`` where a value goes.
        **values: The values by name; without any, the sentence is taken as it is, braces and all.
    """
    said = _catalogue(_language.get()).gettext(message)
    return said.format(**values) if values else said


def ngettext(one: str, many: str, count: int, **values: Any) -> str:
    """A counted sentence in the language of the reader, in the form that the count asks for.

    Args:
        one: The English sentence for one.
        many: The English sentence for any other number.
        count: How many; it fills ``{count}`` with the thousands separators of the language.
        **values: Further values by name.
    """
    from spoki_analytics.wording.numbers import value_text

    said = _catalogue(_language.get()).ngettext(one, many, count)
    return said.format(count=value_text(count), **values)


def noop(message: str) -> str:
    """Mark a sentence that stands in a table, so that catalogues have it; ``gettext`` looks it up where it is shown."""
    return message


def language() -> str:
    """The language in which sentences are said now, such as ``en``."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say every sentence inside the block in that language; one without a catalogue is said in English."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _catalogue(language: str) -> NullTranslations | GNUTranslations:
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    with as_file(files("spoki_analytics.wording") / "locales") as folder:
        return translation(DOMAIN, folder, [language], fallback=True)
