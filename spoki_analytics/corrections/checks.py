"""What a value must be before it is sent: a check for each kind of value, and the one of a documented parameter.

A check gives the value as the API writes it, or raises ``InvalidValueError`` with a sentence for the table of problems.
Values that look as if pandas had made them are refused: a phone that went through a float is another phone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from spoki_analytics.catalogue import Parameter
from spoki_analytics.corrections.artefacts import TRUTHS, require_genuine
from spoki_analytics.corrections.refusals import InvalidValueError, Reason
from spoki_analytics.frames import phones
from spoki_analytics.frames.phones import Region
from spoki_analytics.wording.names import escape, quote, suggest
from spoki_analytics.wording.numbers import format_list, language_codes

Check = Callable[[Any], Any]
Zone = tzinfo | Callable[[], tzinfo]


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides how the values of one correction are read.

    Attributes:
        region: Country of phone numbers that come without a country code; asked only when one turns up.
        zone: Time zone of times that come without one; asked only when one turns up.
        keep_text: Whether texts that look garbled, or made by a program, are meant.
        holds: Whether Spoki holds a contact of that very number; asked only of one that would be refused.
    """

    region: Region = "IT"
    zone: Zone = UTC
    keep_text: bool = False
    holds: Callable[[str], bool] = lambda number: False


DATE_FIELD, MOMENT_FIELD = 2, 3
"""Types of custom fields that hold a date, or a date and time; 1 is text (dart-sdk)."""
_CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
RESERVED_CODES = frozenset({"FIRST_NAME", "LAST_NAME", "EMAIL", "PHONE", "ACCOUNT_NAME", "LANGUAGE"})
"""Codes that custom fields must not have (dart-sdk)."""
_LONGEST_EMAIL = 254
LARGEST = 10**18
"""Whole numbers are smaller than this."""

_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]{1,24}(?:\.[A-Za-z0-9_+-]{1,18}){0,2}@(?:[A-Za-z0-9]{1,30}\.){1,4}[A-Za-z]{2,20}"
)
"""What nearly all addresses look like, and the library takes all of; it takes 30 times as long to say so."""
_DOMAIN = re.compile(r".+\.[^\W\d_]{2,}")
_DIGITS = re.compile(r"\+?[0-9]+")
_UNREADABLE = {
    phones.Problem.NOT_PHONE: Reason.NOT_PHONE,
    phones.Problem.TWO_LINES: Reason.TWO_LINES,
    phones.Problem.INVALID: Reason.INVALID_PHONE,
    phones.Problem.NOT_ON_WHATSAPP: Reason.NOT_ON_WHATSAPP,
    phones.Problem.TWO_READINGS: Reason.TWO_READINGS,
}
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[_-][A-Za-z]{2,4})?")
_CODE = re.compile(r"[A-Z_][A-Z0-9_]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, NaT or pandas' NA."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def check_for(parameter: Parameter, terms: Terms, own: Check | None = None, longest: int = 0) -> Check:
    """The check of one documented parameter.

    Args:
        parameter: The parameter.
        terms: How values are read.
        own: What its values must be, where their type does not say it all.
        longest: Characters that a value may have; 0 for any number.
    """
    check = own or _by_type(terms)[parameter.type]
    if parameter.choices:
        return partial(_choice, check=check, choices=parameter.choices)
    check = partial(_at_most, check=check, longest=longest) if longest else check
    return partial(filled, check=check) if parameter.required else check


def text(value: Any, *, keep_text: bool = False, plain: bool = False) -> str:
    """A text, as it is.

    Args:
        value: The cell.
        keep_text: Whether a text that looks garbled, or made by a program, is meant.
        plain: Whether it is an address, a number or a code, in which nothing invisible belongs.
    """
    if isinstance(value, float):
        raise InvalidValueError(Reason.FLOAT, value=quote(value))
    if not isinstance(value, str):
        raise InvalidValueError(Reason.NOT_TEXT, value=quote(value))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidValueError(Reason.HALF_CHARACTER) from None
    require_genuine(value, keep_text=keep_text, plain=plain)
    return value


_plain_text = partial(text, plain=True)


def whole_number(value: Any) -> int:
    """A whole number, also written as digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LARGEST:
        raise InvalidValueError(Reason.NOT_WHOLE_NUMBER, value=quote(value))
    return value


def identifier(value: Any) -> int:
    """The id of a record."""
    number = whole_number(value)
    if number <= 0:
        raise InvalidValueError(Reason.NOT_ID, value=quote(value))
    return number


def truth(value: Any) -> bool:
    """True or false, also as a spreadsheet of any language writes them."""
    known = TRUTHS.get(value.strip().casefold()) if isinstance(value, str) else value
    if not isinstance(known, bool):
        raise InvalidValueError(Reason.NOT_TRUE_OR_FALSE, value=quote(value))
    return known


def phone(value: Any, terms: Terms) -> str:
    """A phone number in E.164, read as people of the region write it; one that Spoki holds means its contact."""
    written = _plain_text(value)
    try:
        return phones.read(written, terms.region)
    except phones.UnreadableError as unread:
        known = phones.held(written, terms.region) if _DIGITS.fullmatch(written) else None
        if known and terms.holds(known):
            return known
        reason, readings = _UNREADABLE[unread.problem], format_list(unread.readings)
        raise InvalidValueError(reason, value=quote(value), readings=readings) from None


def email(value: Any) -> str:
    """An e-mail address, or nothing to clear it."""
    address = _plain_text(value).strip()
    if value and not _is_email(address):
        raise InvalidValueError(Reason.NOT_EMAIL, value=quote(value))
    return address


def _is_email(address: str) -> bool:
    return _PLAIN_EMAIL.fullmatch(address) is not None or _is_unusual_email(address)


def _is_unusual_email(address: str) -> bool:
    from email_validator import EmailNotValidError, validate_email

    try:
        # Nobody is asked about the domain. The ending lets pass what is reserved (.local, .test), as Spoki does.
        domain = validate_email(f"{address}.com", check_deliverability=False, strict=True).domain.removesuffix(".com")
    except EmailNotValidError:
        return False
    return len(address) <= _LONGEST_EMAIL and _DOMAIN.fullmatch(domain) is not None


def language(value: Any) -> str:
    """A language code such as ``it`` or ``pt_BR``."""
    code = _plain_text(value).strip()
    match = _LANGUAGE.fullmatch(code)
    if not match or match[1] not in _languages():
        raise InvalidValueError(Reason.NOT_LANGUAGE, value=quote(value), hint=suggest(code, _languages()))
    return code


@cache
def _languages() -> frozenset[str]:
    """Codes of two letters, and Filipino, which WhatsApp has."""
    return frozenset(code for code in language_codes() if len(code) == len("it")) | {"fil"}


def template_category(value: Any) -> str:
    """The category of a template: an open set, but values are case sensitive (contract, sections 1.3 and 4.10)."""
    category = _plain_text(value).strip()
    if category != category.upper():
        hint = suggest(category.upper(), _CATEGORIES)
        raise InvalidValueError(Reason.NOT_A_CHOICE, value=quote(value), choices=", ".join(_CATEGORIES), hint=hint)
    return category


def address(value: Any) -> str:
    """A web address."""
    written = _plain_text(value).strip()
    try:
        parts = urlsplit(written)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", written)
    except ValueError:
        good = False
    if not good:
        raise InvalidValueError(Reason.NOT_WEB_ADDRESS, value=quote(value))
    return written


def field_code(value: Any) -> str:
    """The code of a new custom field."""
    code = _plain_text(value).strip()
    if not _CODE.fullmatch(code):
        raise InvalidValueError(Reason.NOT_FIELD_CODE, value=quote(value))
    if code in RESERVED_CODES:
        raise InvalidValueError(Reason.RESERVED_CODE, value=code)
    return code


def moment(value: Any, terms: Terms) -> str:
    """A date and time as ISO 8601 in UTC; without a zone it is one of the account's."""
    return read_moment(value, terms).isoformat().replace("+00:00", "Z")


def minute(value: Any, terms: Terms) -> str:
    """A date and time to the minute, which is what Spoki takes of a custom field."""
    half = timedelta(seconds=0.5)  # Excel keeps 10:31 as a fraction of a day, a little before or after
    return moment((read_moment(value, terms) + half).replace(second=0, microsecond=0), terms)


def read_moment(value: Any, terms: Terms) -> datetime:
    """The moment that a value means, in UTC; without a zone it is cut in the account's.

    Raises:
        InvalidValueError: It is none, or its hour comes twice or never where the clocks change.
    """
    when = _written_moment(value) if isinstance(value, str) else value
    if not isinstance(when, datetime) or is_missing(when):
        raise InvalidValueError(Reason.NOT_MOMENT, value=quote(value))
    if isinstance(when, pd.Timestamp):
        when = when.floor("us").to_pydatetime()
    try:
        return when.astimezone(UTC) if when.utcoffset() is not None else _in_zone(when, value, terms)
    except OverflowError:
        raise InvalidValueError(Reason.NOT_MOMENT, value=quote(value)) from None


def _written_moment(value: str) -> datetime | None:
    """The moment that a text says; None where it says none, or a day alone."""
    written = re.sub(r" UTC$", "Z", _plain_text(value).strip())
    try:
        return None if _DAY.fullmatch(written) else datetime.fromisoformat(written)
    except ValueError:
        return None


def _in_zone(when: datetime, value: Any, terms: Terms) -> datetime:
    zone = terms.zone() if callable(terms.zone) else terms.zone
    first, second = (when.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == when
    readings = sorted(each.astimezone(UTC).astimezone(zone).isoformat() for each in (first, second))
    reason = Reason.TWICE if exists else Reason.NEVER
    raise InvalidValueError(reason, value=quote(value), zone=zone, first=readings[0], second=readings[1])


def day(value: Any) -> str:
    """A calendar day as YYYY-MM-DD; a moment at midnight is one, as a column of pandas and a cell of Excel have it."""
    written = value.strip() if isinstance(value, str) else value
    if isinstance(written, str):
        try:
            written = datetime.fromisoformat(written) if len(written) >= len("2026-11-30") else None
        except ValueError:
            written = None
    if isinstance(written, datetime) and not is_missing(written) and written.time() == time():
        written = written.date()
    if not isinstance(written, date) or isinstance(written, datetime):
        raise InvalidValueError(Reason.NOT_DAY, value=quote(value))
    return written.isoformat()


def custom_text(value: Any, *, keep_text: bool = False) -> str:
    """The text of a custom field; a whole number is written out."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else text(value, keep_text=keep_text)


def custom_fields(value: Any, definitions: Mapping[str, Any], terms: Terms) -> dict[str, str]:
    """Custom values by code; each code must exist, each value fit its type, and nothing clears."""
    if not isinstance(value, Mapping):
        raise InvalidValueError(Reason.NOT_MAPPING, value=quote(value))
    problems, checked = [], {}
    for code, inner in value.items():
        try:
            checked[str(code)] = custom_value(str(code), inner, definitions, terms)
        except InvalidValueError as problem:
            problems.append(f"{quote(str(code))}: {problem}")
    if problems:
        raise InvalidValueError(Reason.CUSTOM_VALUES, problems=" ".join(problems))
    return checked


def custom_value(code: str, value: Any, definitions: Mapping[str, Any], terms: Terms) -> str:
    """The value of one custom field."""
    if code not in definitions:
        raise unknown_custom_field(code, definitions)
    if is_missing(value):
        raise InvalidValueError(Reason.EMPTY_CELL)
    if isinstance(value, str) and not value:
        return ""
    if definitions[code] == DATE_FIELD:
        return day(value)
    if definitions[code] == MOMENT_FIELD:
        return minute(value, terms)
    return custom_text(value, keep_text=terms.keep_text)


def unknown_custom_field(code: str, definitions: Iterable[str]) -> InvalidValueError:
    """There is no custom field of that code."""
    return InvalidValueError(Reason.UNKNOWN_CUSTOM_FIELD, code=escape(code), hint=suggest(code, definitions))


def items(value: Any, check: Check) -> list[Any]:
    """A list whose items all pass a check."""
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise InvalidValueError(Reason.NOT_LIST, value=quote(value))
    return [check(each) for each in value]


def structure(value: Any, *, keep_text: bool = False) -> Any:
    """A JSON structure, such as a template's localization: texts, numbers, lists and objects all the way down."""
    within = partial(structure, keep_text=keep_text)
    if isinstance(value, Mapping):
        return {_plain_text(name): within(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [within(inner) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    return whole_number(value) if isinstance(value, int) else text(value, keep_text=keep_text)


def _object(value: Any, *, keep_text: bool = False) -> Any:
    if not isinstance(value, Mapping):
        raise InvalidValueError(Reason.NOT_MAPPING, value=quote(value))
    return structure(value, keep_text=keep_text)


def _choice(value: Any, check: Check, choices: tuple[str, ...]) -> Any:
    checked = check(value)
    if str(checked) not in choices:
        hint = suggest(str(checked), choices)
        raise InvalidValueError(Reason.NOT_A_CHOICE, value=quote(value), choices=", ".join(choices), hint=hint)
    return checked


def _at_most(value: Any, check: Check, longest: int) -> Any:
    checked = check(value)
    if len(checked) > longest:
        raise InvalidValueError(Reason.TOO_LONG, count=len(checked), longest=longest)
    return checked


def filled(value: Any, check: Check) -> Any:
    """A checked value that is not empty."""
    checked = check(value)
    if isinstance(checked, str | list) and not (checked.strip() if isinstance(checked, str) else checked):
        raise InvalidValueError(Reason.EMPTY)
    return checked


def _by_type(terms: Terms) -> dict[str, Check]:
    own_text = partial(text, keep_text=terms.keep_text)
    own_object = partial(_object, keep_text=terms.keep_text)
    return {
        "str": own_text,
        "int": whole_number,
        "bool": truth,
        "datetime": partial(moment, terms=terms),
        "object": own_object,
        "list[int]": partial(items, check=identifier),
        "list[str]": partial(items, check=partial(filled, check=own_text)),
        "list[object]": partial(items, check=own_object),
    }
