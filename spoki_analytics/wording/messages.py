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

from functools import cache
from gettext import GNUTranslations, NullTranslations, translation
from importlib.resources import as_file, files
from typing import Any

from spoki_analytics.wording.language import SOURCE_LANGUAGE, language, speaking
from spoki_analytics.wording.numbers import format_number, is_missing

__all__ = ["DOMAIN", "gettext", "language", "ngettext", "ngettext_noop", "noop", "speaking"]

DOMAIN = "spoki_analytics"


def gettext(message: str, /, **values: Any) -> str:
    """A sentence in the language of the reader, its values filled in.

    Args:
        message: The English sentence, a literal, with ``{name}`` where a value goes.
        **values: The values by name; without any, the sentence is taken as it is, braces and all.
    """
    said = _catalogue(language()).gettext(message)
    return said.format(**values) if values else said


def ngettext(one: str, many: str, count: Any, /, **values: Any) -> str:
    """A counted sentence in the language of the reader, in the form that the count asks for.

    Args:
        one: The English sentence for one.
        many: The English sentence for any other number.
        count: How many; it fills ``{count}`` with the thousands separators of the language, a missing one with a dash.
        **values: Further values by name.
    """
    # an unknown count is written as a dash; the form that goes with none is the nearest
    said = _catalogue(language()).ngettext(one, many, 0 if is_missing(count) else int(count))
    return said.format(count=format_number(count), **values)


def noop(message: str) -> str:
    """Mark a sentence that stands in a table, so that catalogues have it; ``gettext`` looks it up where it is shown."""
    return message


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    """Mark a counted sentence that stands in a table; ``ngettext`` looks both forms up as the one entry they are."""
    return one, many


@cache
def _catalogue(code: str) -> NullTranslations | GNUTranslations:
    if code == SOURCE_LANGUAGE:
        return NullTranslations()
    with as_file(files("spoki_analytics.wording") / "locales") as folder:
        return translation(DOMAIN, folder, [code], fallback=True)
