"""Text of strangers, made harmless to look at, and the nearest known word to one of theirs.

What the API or a file says may hold marks that show nothing, or that change how the text around them is shown: control
sequences of a terminal, changes of direction, line breaks. There are three ways of dealing with them, for three places:

* ``escape`` spells them out. Nothing is lost: for previews and problems, where somebody decides by what is there.
* ``shorten`` drops them and cuts: for labels of pictures, where there is one short line.
* ``replace_hidden`` puts one sign in the place of each: for a page of a terminal, where columns must stay aligned.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.numbers import MISSING, is_missing

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that show nothing, or change how what follows is shown."""
KEY_PREFIX = "key-"
"""How the name of a key begins that stands for an account whose id is not known."""
_JOINER = "\u200d"
"""Joins emoji and letters of some scripts: harmless, and ugly when spelled out."""
_JOINERS = {_JOINER, "\u200c"}
_JOINED = ("L", "M", "S")
"""First letters of the categories of what a joiner may join: letters, their marks, and emoji."""
_SOFT_HYPHEN = "\u00ad"
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Signs of some scripts that Unicode counts as format characters, and that are seen."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing, which Unicode does not count as format characters."""
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
"""The flag of a country such as Scotland is spelled in tags that nobody sees."""


def escape(text: str) -> str:
    """The text with every hidden character written as an escape, as Python writes it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter.encode("unicode_escape").decode("ascii") if _is_hidden(letter) else letter for letter in text)


def shorten(name: object, width: int = 30) -> str:
    """A name as one short line.

    Line breaks become spaces, hidden characters go; what is longer than `width` columns ends in an ellipsis (wide East
    Asian characters and emoji take two). A name of which nothing is left to see becomes "(no name)".
    """
    spaced = "" if is_missing(name) else " ".join(str(name).split())
    text = " ".join("".join(letter for letter in spaced if unicodedata.category(letter) not in _HIDDEN).split())
    taken = 0
    for index, letter in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if taken > width:
            return text[: index - 1].rstrip() + "…"
    return text or gettext("(no name)")


def replace_hidden(text: str) -> str:
    """The text with one replacement character for each hidden one; line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_hidden(letter) and letter != "\n" else letter for letter in text)


def find_unseen(text: str, *, joins: bool) -> str:
    """The Unicode name of the first character that nobody sees and that does not belong there; empty when none is.

    Args:
        text: The text.
        joins: Whether it is a text of a language, in which joiners stand inside words and emoji, and soft hyphens; none
            of them belongs in an address, a number or a code.
    """
    if text.isascii():
        return ""
    shown = _FLAG.sub("", text) if joins else text
    unseen = (each for place, each in enumerate(shown) if _is_unseen(shown, place, joins))
    letter = next(unseen, "")
    return letter and unicodedata.name(letter, f"U+{ord(letter):04X}").lower()


def _is_unseen(text: str, place: int, joins: bool) -> bool:
    letter = text[place]
    if not joins:
        return letter in _BLANK or unicodedata.category(letter) == "Cf"
    if unicodedata.category(letter) != "Cf" or letter in _SEEN or letter == _SOFT_HYPHEN:
        return False
    sides = text[place - 1 : place] + text[place + 1 : place + 2] if letter in _JOINERS else ""
    return not (len(sides) == len("ab") and all(unicodedata.category(each).startswith(_JOINED) for each in sides))


def describe(value: Any) -> str:
    """Any JSON value as one line of escaped text."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, str):
        return escape(value) or gettext("(empty)")
    if isinstance(value, Mapping):
        return ", ".join(f"{escape(str(name))}: {describe(inner)}" for name, inner in value.items()) or gettext(
            "(none)"
        )
    if isinstance(value, list | tuple):
        return ", ".join(map(describe, value)) or gettext("(none)")
    return escape(str(value))


def quote(value: Any, longest: int = 60) -> str:
    """A value as it is named in a problem: in quotation marks when it is a text, cut when it is long."""
    text = json.dumps(escape(value), ensure_ascii=False) if isinstance(value, str) else escape(repr(value))
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def name_account(account: str | int) -> str:
    """An account as a reader is told of it: its id, or "the key …272a" where only the key is known.

    Args:
        account: The id, or the fingerprint of the key, as errors and the provenance of frames have it.
    """
    text = str(account)
    return gettext("the key …{end}", end=text[-4:]) if text.startswith(KEY_PREFIX) else text


def key_account(account: str | int) -> str:
    """Whose data it is where only the key is known, such as "Account of the key …7f3a".

    Args:
        account: The fingerprint of the key, as the provenance of frames has it.
    """
    return gettext("Account of the key …{end}", end=str(account)[-4:])


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest to a word, whatever its case; None where none is near."""
    choices = {str(each).casefold(): str(each) for each in known}
    match = difflib.get_close_matches(word.casefold(), list(choices), n=1)
    return choices[match[0]] if match else None


def suggest(word: str, known: Iterable[str]) -> str:
    """A sentence that proposes the nearest known word, a space before it, or nothing."""
    near = nearest(word, known)
    return "" if near is None else " " + gettext("Did you mean {word}?", word=near)


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in _HIDDEN and letter != _JOINER
