"""Numbers, shares, money, days and spans of time as a reader writes them: the one formatter of pages, charts and shell.

CLDR's patterns, by babel, in the language of the reader. The house differs from CLDR in a few of them, see `_HOUSE`.
babel is imported where it is used: what prints no number does not pay for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from math import floor
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from spoki_analytics.wording.language import SOURCE_LANGUAGE, language

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

MISSING = "–"
_SPACE = "\u00a0"
_PERCENT = f"{_SPACE}%"
"""A space before the percent sign in every language, as the SI asks for; CLDR's English and Italian have none."""
_HOUSE = {
    "en": {
        "euro": f"¤{_SPACE}",  # CLDR's "€1" runs sign and digits together
        "d": "d MMM",  # international English: CLDR's "en" is American, its "en_GB" shortens September to "Sept"
        "dE": "EEE d MMM",
        "dy": "d MMM y",
        "dEy": "EEE d MMM y",
        "moment": "{1}, {0}",
        "list": "en_GB",  # CLDR's "en" has a comma before the last "and"
    }
}
"""Where the house differs from CLDR: patterns by language and name."""
_SKELETONS = {"d": "MMMd", "dE": "MMMEd", "dy": "yMMMd", "dEy": "yMMMEd", "m": "MMM", "my": "yMMM", "y": "y"}
"""CLDR's name of what a day says: day (d), month (m), year (y), name of the day (E)."""


def is_missing(value: object) -> bool:
    """Whether a value is None, NaN, NaT or pandas' NA, seen without importing pandas."""
    if value is None:
        return True
    try:
        return bool(value != value)  # noqa: PLR0124 - what equals not even itself is missing
    except (TypeError, ValueError):  # pandas' NA refuses to say; so does an array, which is no single value
        return type(value).__name__ == "NAType"


def uses_decimal_comma() -> bool:
    """Whether spreadsheets on this desk write 1,5, and then put semicolons between the cells of a CSV.

    The language in which people are spoken to decides, else the locale of the shell; without either it is an Italian
    desk, as the account is at home in Italy when nothing says otherwise.
    """
    from babel import Locale, UnknownLocaleError

    variables = (os.environ.get(name, "").partition(".")[0] for name in ("LC_ALL", "LC_NUMERIC", "LANG"))
    shell = next((value for value in variables if value not in ("", "C", "POSIX")), "it")
    try:
        locale = Locale.parse(language() if language() != SOURCE_LANGUAGE else shell)
    except (ValueError, UnknownLocaleError):
        return True
    return str(locale.number_symbols["latn"]["decimal"]) == ","


def format_number(value: Any, digits: int = 0, *, signed: bool = False) -> str:
    """A number with thousands separators.

    Args:
        value: The number; a missing one gives a dash.
        digits: Decimals, always as many.
        signed: Write the sign of a positive number too.
    """
    if is_missing(value):
        return MISSING
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return _apply(f"+{pattern};-{pattern}" if signed else pattern, value)


def whole_days(days: float) -> int:
    """Days as a sentence says them: the nearest whole number, half a day rounded up; 8.88 is "about 9 days"."""
    return floor(days + 0.5)


def format_plain(value: Any) -> str:
    """A number of which nothing is known: whole where it is whole, else with as many decimals as its size calls for."""
    if is_missing(value):
        return MISSING
    if float(value).is_integer():
        return format_number(value)
    return format_number(value, 2 if abs(value) < 100 else 1)


def format_percent(share: Any, digits: int = 1, *, signed: bool = False) -> str:
    """A share such as 0.712 as "71.2 %"; a missing one gives a dash."""
    return MISSING if is_missing(share) else format_number(share * 100, digits, signed=signed) + _PERCENT


def format_percent_range(low: float, high: float, digits: int = 1) -> str:
    """Two shares as "70.4–72.0 %"."""
    return f"{format_number(low * 100, digits)}–{format_percent(high, digits)}"


def format_euro(amount: Any, digits: int = 2) -> str:
    """An amount such as "€ 1,234.50"; a missing one gives a dash."""
    if is_missing(amount):
        return MISSING
    number = "#,##0" + ("." + "0" * digits if digits else "")
    sign = _house("euro")
    # where the house has no pattern of its own: CLDR's, with our number of decimals
    pattern = f"{sign}{number}" if sign else _locale().currency_formats["standard"].pattern.replace("#,##0.00", number)
    return _apply(pattern, amount, "EUR")


def format_day(day: date, says: str = "dy") -> str:
    """A day, such as "1 Oct 2026".

    Args:
        day: The day.
        says: What of it to write: ``d`` day and month, ``dy`` with the year, ``dE`` and ``dEy`` with the name of the
            day; ``m`` the month, ``my`` month and year, ``y`` the year.
    """
    from babel.dates import format_date, format_skeleton

    pattern = _house(says)
    if pattern:
        return format_date(day, pattern, locale=_locale())
    return format_skeleton(_SKELETONS[says], day, locale=_locale())


def format_weekday(number: int, *, short: bool = False) -> str:
    """The name of a day of the week; Monday is 0."""
    return str(_locale().days["stand-alone"]["abbreviated" if short else "wide"][number])


def format_moment(moment: str | datetime, timezone: str) -> str:
    """A moment in a time zone, such as "22 Nov 2026, 07:31"."""
    known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local = known.astimezone(ZoneInfo(timezone)) if known.tzinfo else known
    pattern = _house("moment") or _locale().datetime_formats["medium"]
    return pattern.replace("{1}", format_day(local.date())).replace("{0}", f"{local:%H:%M}")


def format_span(seconds: float) -> str:
    """A span of time, such as "12 s" or "3 min"; the symbols are those of the SI, alike in every language."""
    return f"{format_number(seconds)} s" if seconds < 120 else f"{format_number(seconds / 60)} min"


def format_list(texts: Iterable[str]) -> str:
    """Texts as a part of a sentence, such as "a, b and c"."""
    from babel.lists import format_list as join

    return join(list(texts), locale=_house("list") or _locale())


def _apply(pattern: str, number: Any, currency: str | None = None) -> str:
    number = number.item() if hasattr(number, "item") else number  # numpy's numbers as Python's
    exact = number if isinstance(number, int) else Decimal(float(number))
    text: str = _pattern(pattern).apply(exact, _locale(), currency=currency, currency_digits=False)
    return text


def _house(name: str) -> str | None:
    return _HOUSE.get(_locale().language, {}).get(name)


@cache
def _pattern(text: str) -> NumberPattern:
    from babel.numbers import parse_pattern

    return parse_pattern(text)


def _locale() -> Locale:
    return _locale_of(language())


@cache
def _locale_of(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE)


@cache
def language_codes() -> frozenset[str]:
    """Every language that has a name in English, by its code: two letters where ISO 639-1 has it, else three."""
    return frozenset(_locale_of(SOURCE_LANGUAGE).languages)
