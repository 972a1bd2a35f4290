"""Texts garbled by a wrong encoding: UTF-8 that a program took for Windows, Mac or DOS text, such as ``NiccolÃ²``.

ftfy judges; its heuristic is tuned on what people really write, so that ``SÃO PAULO`` is none. It was made for long
texts, and what it leaves out is here: single words in the code pages of Central Europe, Mac OS and DOS. Such a word is
garbled when its letters beyond ASCII can be read back as UTF-8 *and* something in it tells that nobody spelled it so.
"""

from __future__ import annotations

import re

_LOST = "\N{REPLACEMENT CHARACTER}"
_CODECS = ("cp1252", "mac-roman", "cp850", "cp437", "cp1250")
_OTHERS = re.compile(r"[^\x00-\x7f]+")
_TELLING = re.compile(
    r"[┬├─┼╨╤╧][^\x00-\x7f]"  # lines of DOS tables in front of a letter
    r"|[^\W\d_][¬√≈][^\x00-\x7f]|[¬√≈][^\x00-\x7f][^\W\d_]"  # signs of Mac OS inside a word
    r"|[ÃÄÅ][ŠŒŽšœžŸƒ]|[ÃÅ]’|[ÔΓ](?:Ç|é¼)"  # letters that no language has side by side
    r"|[a-zß-öø-ÿ][À-ÖØ-ÞĂĹĽ][^\x00-\x7f]|[A-Z][Ă-Ĺ][^\x00-\x7f][a-z]"  # a capital inside a word of small letters
    r"|[^\W\d_][^\x00-\x7f][^\x00-\x7f\w][^\x00-\x7f]*[^\W\d_]"  # a sign inside a word
)
_CUT_OFF = re.compile(r"[a-zß-öø-ÿ][ÃÂ](?!\w)")
"""``perchÃ``: the second half was a blank without a break, and went the way of blanks."""


def is_garbled(text: str) -> bool:
    """Whether a text was read in a wrong encoding somewhere on its way."""
    from ftfy import fix_encoding

    return _LOST in text or fix_encoding(text) != text or bool(_CUT_OFF.search(text)) or _is_telling(text)


def _is_telling(text: str) -> bool:
    return any(
        _TELLING.search(text[max(match.start() - 1, 0) : match.end() + 1]) and _is_utf8(match[0])
        for match in _OTHERS.finditer(text)
    )


def _is_utf8(letters: str) -> bool:
    """Whether the letters, written as bytes of some code page, are UTF-8."""
    return any(_reads_back(letters, codec) for codec in _CODECS)


def _reads_back(letters: str, codec: str) -> bool:
    try:
        b"".join(_byte(letter, codec) for letter in letters).decode()
    except UnicodeError:
        return False
    return True


def _byte(letter: str, codec: str) -> bytes:
    """The byte of a letter; one that the code page leaves free stays what it is, as programs read it."""
    return letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else codec)
