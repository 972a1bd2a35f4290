"""Values of strangers as text that shows what is there: invisible marks spelled out, nothing that runs."""

from __future__ import annotations

import difflib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that show nothing, or change how what follows is shown."""
_PLAIN_MARKS = frozenset("\u200d\ufe0f")
"""Joiners inside emoji and scripts: harmless, and ugly when spelled out."""


def visible(text: str) -> str:
    """The text with control, direction and other invisible characters written as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if unicodedata.category(letter) not in _HIDDEN or letter in _PLAIN_MARKS:
        return letter
    return letter.encode("unicode_escape").decode("ascii")


def shown(value: Any) -> str:
    """Any JSON value as one line of visible text."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return visible(value) or "(empty)"
    if isinstance(value, Mapping):
        return ", ".join(f"{visible(str(name))}: {shown(inner)}" for name, inner in value.items()) or "(none)"
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value)) or "(none)"
    return visible(str(value))


def quoted(value: Any, longest: int = 60) -> str:
    """A value as it is named in a problem: quoted when it is a text, cut when it is long."""
    told = json.dumps(visible(value), ensure_ascii=False) if isinstance(value, str) else visible(repr(value))
    return told if len(told) <= longest else f"{told[: longest - 1]}…"


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that proposes the nearest known word, or nothing."""
    choices = {each.casefold(): each for each in known}
    match = difflib.get_close_matches(word.casefold(), list(choices), n=1)
    return f" Did you mean {choices[match[0]]}?" if match else ""
