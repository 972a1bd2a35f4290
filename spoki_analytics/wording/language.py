"""The language in which people are spoken to now; numbers, days and sentences follow it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SOURCE_LANGUAGE = "en"
"""The language in which sentences stand in the code; it needs no catalogue."""
_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


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
