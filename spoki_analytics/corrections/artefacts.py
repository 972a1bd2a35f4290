"""Texts that nobody wrote: what programs leave in a cell, letters of a wrong encoding, characters that nobody sees.

Spreadsheets, pandas and databases put something into a cell where they have no value (``#N/D``, ``NaT``, ``VERO``), or
where they have shortened one (``3,93331E+11``). Sent as it is, it becomes the name of a customer.

A text that a person may have written after all, such as the nickname Vero, is sent with ``keep_text``; what is certain,
such as an error of a spreadsheet, never is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from spoki_analytics.corrections.refusals import InvalidValueError, Reason
from spoki_analytics.wording.names import find_unseen, quote


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TRUE = _words("""
    true vero wahr vrai verdadero verdadeiro vertader waar sant sand sann tosi prawda pravda igaz adevărat doğru истина
    αληθησ
""")
_FALSE = _words("""
    false falso falsch faux fals onwaar falskt falsk usann epätosi fałsz nepravda hamis yanlış ложь ψευδησ
""")
TRUTHS = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
"""True and false as spreadsheets write them, casefolded, by the language that they are set to."""
_ORDINARY = _words("true vero wahr vrai verdadero verdadeiro false falso falsch faux")
"""Those that are refused in any case; the others, such as the surname Sand, in capitals alone."""

_ERROR = re.compile(r"#[¡¿]?[^\W_][\w/.]*[!?]")
_ERRORS = _words(
    """
    #n/a #n/d #nv #nd #n/b #n/v #i/t #н/д #δ/υ #yok #hiányzik #není_k_dispozici #nedostupný #getting_data #n/disp
    #ref! #rif! #bezug! #¡ref! #value! #valore! #wert! #valeur! #¡valor! #valor! #name? #nome? #nom? #¿nombre?
    #num! #zahl! #nombre! #¡num! #núm! #null! #nullo! #nul! #¡nulo! #nulo! #div/0! #¡div/0! #error! #spill! #calc!
    """
)
_LIBREOFFICE = re.compile(r"#?(?:err|fehler|erreur|errore|error):\d{3}", re.IGNORECASE)
_TOO_NARROW = re.compile(r"#{3,}")
_SHORTENED = re.compile(
    r"[+-]?(?:\d(?:[.,٫·]\d+)?E[+-]?\d{1,3}"  # 3,93331E+11 and 4E+12
    r"|\d{1,3}(?:[.,٫·]\d+)?E[+-]\d{1,3}"  # 393.3E+09, as engineers have it
    r"|\d+(?:[.,]\d+)?\s?[×x*·]\s?10(?:\^[+-]?\d+|[⁺⁻]?[⁰¹²³⁴-⁹]+))",
    re.IGNORECASE,
)
_FLOAT = re.compile(r"[+-]?\d+[.,]0|-?inf")
_NOTHING = frozenset(("nan", "NaN", "NAN", "<NA>", "NaT", "None", "null", "NULL", "(null)", "undefined", "\\N"))
_MONTHS = "|".join(
    _words("""
    jan feb mar apr may jun jul aug sep sept oct nov dec gen mag giu lug ago set ott dic mär mrz mai okt dez
    janv févr mars avr juin juil août déc ene abr fev out mrt mei
    """)
)
_DATE = re.compile(rf"\d{{1,2}}[-/](?:{_MONTHS})\.?|(?:{_MONTHS})\.?[-/]\d{{2}}", re.IGNORECASE)


def require_genuine(text: str, *, keep_text: bool = False, plain: bool = False) -> None:
    """Refuse a text that a program made, that is garbled, or that holds what nobody sees.

    Args:
        text: What is to be sent.
        keep_text: Send what a person may have written.
        plain: Whether it is an address, a number or a code, in which nothing invisible belongs.

    Raises:
        InvalidValueError: It says what is wrong, and what would be right.
    """
    if text.isascii() and text.isalpha() and text.casefold() not in _WORDS:
        return  # most names
    bare = text.strip()
    for reason, is_so in _CERTAIN.items():
        if is_so(bare):
            raise InvalidValueError(reason, value=quote(text))
    if keep_text and not plain:
        return
    for reason, is_so in _LIKELY.items():
        if is_so(bare):
            raise InvalidValueError(reason, value=quote(text))
    if name := find_unseen(text, joins=not plain):
        reason = Reason.HIDDEN if plain else Reason.HIDDEN_IN_TEXT
        raise InvalidValueError(reason, value=quote(text), name=name)
    if not text.isascii():
        from spoki_analytics.corrections.mojibake import is_garbled

        if is_garbled(text):
            raise InvalidValueError(Reason.GARBLED, value=quote(text))


def _is_error(text: str) -> bool:
    folded = text.casefold()
    return folded in _ERRORS or any(
        (
            _ERROR.fullmatch(text) and text == text.upper() and not text[1:-1].isdecimal(),
            _LIBREOFFICE.fullmatch(text),
            _TOO_NARROW.fullmatch(text),
        )
    )


def _is_truth(text: str) -> bool:
    folded = text.casefold()
    return folded in TRUTHS and (folded in _ORDINARY or text == text.upper())


_CERTAIN: dict[Reason, Callable[[str], object]] = {
    Reason.NUL: lambda text: "\x00" in text,
    Reason.SHEET_ERROR: _is_error,
    Reason.SHORTENED: _SHORTENED.fullmatch,
    Reason.PANDAS_LEFTOVER: _FLOAT.fullmatch,
}
_LIKELY: dict[Reason, Callable[[str], object]] = {
    Reason.NO_VALUE: _NOTHING.__contains__,
    Reason.TRUTH_WORD: _is_truth,
    Reason.MADE_DATE: _DATE.fullmatch,
}
_WORDS = frozenset(TRUTHS) | {word.casefold() for word in _NOTHING} | {"inf"}
