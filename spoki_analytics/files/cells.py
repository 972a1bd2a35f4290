"""What a cell of a sheet shows, as text: its number format decides, not the number that is stored.

A postcode 184 in the format ``00000`` is shown, and meant, as 00184; 0.15 as 15%; thirty hours as 30:00. Where what is
shown depends on the language of the computer, such as a decimal comma, the text has a point, and a note names the cell.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
"""Parts of a format that are shown as they are; an underscore or asterisk with its character is a gap."""
_BRACKETED = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
"""Colours, languages, currencies and conditions; not the hours, minutes and seconds that count on."""
_PLACES = "0#?"
_DATE_OF_A_CODE = re.compile(r"d{1,2}-mmm|mmm-yy", re.IGNORECASE)
"""The formats that Excel gives by itself to what it takes for a date, such as the code 1-3."""


def shown(value: Any, number_format: str) -> str | None:
    """The text of a cell; None when it is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return _duration(value, number_format)
    if isinstance(value, date | time):
        return _moment(value, number_format)
    if isinstance(value, int | float):
        return _number(value, number_format)
    return str(value)


def depends_on_language(value: Any, number_format: str) -> bool:
    """Whether what is shown has a decimal or thousands separator, a currency, or is a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    pattern = _pattern(number_format)
    return bool(re.search(r"[.,/$€£]", pattern)) and "E" not in pattern.upper()


def _pattern(number_format: str) -> str:
    """The section of a format for positive numbers, without quoted and bracketed parts and with plain signs."""
    section = _QUOTED.sub(_plain_sign, (number_format or "General").split(";")[0])
    return _BRACKETED.sub("", section).strip()


def _plain_sign(quoted: re.Match[str]) -> str:
    """What a backslash stands before, such as a hyphen; a letter there is shown, and says nothing of the format."""
    sign = quoted[2] or ""
    return "" if sign.isalnum() else sign


def _number(value: float, number_format: str) -> str:
    sections = number_format.split(";")
    if value < 0:  # the second section, where there is one, shows negative numbers in its own way
        return _positive(-value, sections[1]) if len(sections) > 1 else f"-{_positive(-value, number_format)}"
    return _positive(value, sections[2] if value == 0 and len(sections) > len("+-") else sections[0])


def _positive(value: float, number_format: str) -> str:
    pattern = _pattern(number_format)
    exact = Decimal(str(value))
    if pattern == "General":
        return _QUOTED.sub(lambda quoted: quoted[1] or quoted[2] or "", number_format.replace("General", _plain(value)))
    if "E" in pattern.upper() or "/" in pattern:
        return _plain(value)
    if "%" in pattern:
        return f"{_rounded(exact * 100, _decimals(pattern))}%"
    if "." in pattern:
        places = pattern.partition(".")[0].count("0") + 1 + _decimals(pattern)
        return str(_rounded(exact, _decimals(pattern))).zfill(places)
    if "," not in pattern and set(pattern) & set(_PLACES) and _is_digits(pattern):
        return _placed(str(_rounded(exact, 0)), number_format)
    return _plain(value)


def _plain(value: float) -> str:
    """A number with the 15 digits that Excel keeps, and its decimals, so that it is refused where there can be none."""
    return str(value) if isinstance(value, int) else repr(float(f"{value:.15g}"))


def _decimals(pattern: str) -> int:
    return sum(letter in _PLACES for letter in pattern.partition(".")[2])


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _is_digits(pattern: str) -> bool:
    """Whether a format does nothing but place digits between signs."""
    return not set(pattern) - set(_PLACES) - set(" -+()/:'")


def _placed(digits: str, number_format: str) -> str:
    """Digits put into the places of a format, from the right; those that are left stand in front of the first place."""
    letters = _letters(number_format)
    left = digits if any(is_place for _, is_place in letters) else ""
    first = next(place for place, (_, is_place) in enumerate(letters) if is_place)
    text: list[str] = []
    for place in range(len(letters) - 1, -1, -1):
        letter, is_place = letters[place]
        if not is_place:
            text.append(letter)
            continue
        text.append(left[-1:] or ("0" if letter == "0" else ""))
        left = left[:-1]
        if place == first:
            text.append(left[::-1])
    return "".join(text)[::-1].strip()


def _letters(number_format: str) -> list[tuple[str, bool]]:
    """The letters of a format, each with whether it is a place for a digit."""
    section = _BRACKETED.sub("", number_format.split(";", maxsplit=1)[0])
    letters: list[tuple[str, bool]] = []
    end = 0
    for match in _QUOTED.finditer(section):
        letters += [(letter, letter in _PLACES) for letter in section[end : match.start()]]
        letters += [(letter, False) for letter in match[1] or match[2] or ""]
        end = match.end()
    return letters + [(letter, letter in _PLACES) for letter in section[end:]]


def _duration(value: timedelta, number_format: str) -> str:
    """A span as hours, minutes and seconds that count on: ``30:00``."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    pattern = _pattern(number_format).lower()
    with_seconds = "s" in pattern
    if "h" in pattern:
        text = f"{seconds // 3600}:{seconds % 3600 // 60:02d}" + (f":{seconds % 60:02d}" if with_seconds else "")
    else:
        text = f"{seconds // 60}:{seconds % 60:02d}" if with_seconds else str(seconds // 60)
    return sign + text


def _moment(value: date | time, number_format: str) -> str:
    """A date as ISO 8601, with its time where the format shows one; in UTC where the format says so."""
    pattern = _pattern(number_format).lower()
    has_time = bool(re.search("[hs]", pattern)) or number_format == "General"
    has_date = bool(re.search("[dy]", pattern)) or number_format == "General"
    if isinstance(value, datetime):
        value += timedelta(microseconds=500)  # Excel keeps fractions of a day, good for milliseconds
        value = value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, date) and _DATE_OF_A_CODE.fullmatch(pattern):
        return f"{value:%d-%b}" if pattern.startswith("d") else f"{value:%b-%y}"
    if isinstance(value, datetime) and not has_time:
        return value.date().isoformat()
    if isinstance(value, datetime) and has_date:
        return value.isoformat() + ("Z" if '"UTC"' in number_format else "")
    if isinstance(value, datetime | time):
        return f"{value:%H:%M:%S}" if "s" in pattern else f"{value:%H:%M}"
    return value.isoformat()
