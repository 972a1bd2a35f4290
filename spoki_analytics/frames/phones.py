"""Phone numbers, in the one place that reads them; docs/phones.md has the table (contract, sections 1.9 and 6.2).

There are two kinds. A number that Spoki *holds* is shown as plus and its digits, whatever it is by the numbering plan:
WhatsApp has ids of its own (521… in Mexico, eight digits in Brazil), and a digit more or less is another contact. A
number that somebody *typed* is read as people of the account's country write it, is checked by the numbering plan, and
is refused where it can mean two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import lru_cache

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import PhoneNumberType

Region = str | Callable[[], str]
"""ISO country code of numbers without a country code, such as ``IT``, or what is asked for it once one turns up."""

_PLAIN = r"^\+?[1-9][0-9]{6,14}$"
"""Plus and digits, or digits alone, of the lengths that numbers with a country code have (E.164)."""
_WRITTEN = re.compile(r"\+?[0-9][0-9\s()./–-]*|\([0-9][0-9\s()./–-]*")
_TWO_LINES = re.compile(
    r"[0-9]{5,}\s*/\s*[0-9]{1,3}$"  # 06 1234567/8; a prefix before a slash, as in 06/1234567, is shorter
    r"|[0-9]{4}.*(?:[,;&|]|\s[/–-]\s|\b(?:o|oppure|or|ou|oder|e|and|und|et|y)\b).*[0-9]{4}",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"[0-9]{5,}\s*[–-]\s*[0-9]{1,2}$")
"""A dash and one or two digits at the end: another line in most countries, part of the number in these."""
_DIRECT_DIALLING = {"DE", "AT", "CH"}
_FLOAT = re.compile(r"\+?[0-9]{5,}\.[0-9]{1,2}")
"""What a program makes of a number; the zero behind its point is none of the digits."""
_NOT_ON_WHATSAPP = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PAGER,
    PhoneNumberType.VOICEMAIL,
}
_LONGEST_PREFIX = 4
"""Digits of a group that is a prefix of mobiles or of a town, rather than a country code and more."""
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_WHATSAPP_IDS = (
    (re.compile(r"(\+52)1(\d{10})"), re.compile(r"(\+52)(\d{10})"), r"\g<1>1\2"),
    (re.compile(r"(\+55\d\d)9([6-9]\d{7})"), re.compile(r"(\+55\d\d)([6-9]\d{7})"), r"\g<1>9\2"),
    (re.compile(r"(\+54)9(\d{10})"), re.compile(r"(\+54)(\d{10})"), r"\g<1>9\2"),
)
"""Mexico, Brazil, Argentina: the longer form, the shorter one, and how the longer is made. WhatsApp knows people by
either of them, the numbering plan by one."""


class Problem(Enum):
    """Why a typed number cannot be read."""

    NOT_PHONE = "there are no digits, or other signs among them"
    TWO_LINES = "it stands for two numbers"
    INVALID = "no country has such a number"
    NOT_ON_WHATSAPP = "it is a voicemail, pager, premium or shared-cost number, often one with a digit too many"
    TWO_READINGS = "it is one number with the country code that it begins with, another one in the account's country"


class UnreadableError(ValueError):
    """A typed number that cannot be read.

    Attributes:
        problem: Why.
        readings: The numbers that it may stand for.
    """

    def __init__(self, problem: Problem, *readings: str) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.readings = readings


def country(region: Region) -> str:
    """The country code itself; where it still has to be found out, it is found out now."""
    return region if isinstance(region, str) else region()


def is_region(code: str) -> bool:
    """Whether there is a numbering plan for a country."""
    return code in phonenumbers.SUPPORTED_REGIONS


def e164(phones: pa.Array, region: Region) -> pa.Array:
    """Numbers that Spoki holds, with plus; missing where a text holds no number.

    Their digits stay as they are. Only a number that begins with a single zero, which no country code does, is read as
    a national one of ``region``, which is asked for only then.

    Args:
        phones: Texts as the API gave them.
        region: Country of numbers that begin with a zero.
    """
    plain = pc.match_substring_regex(phones, _PLAIN)
    digits = pc.utf8_ltrim(phones, "+")
    ready = pc.if_else(plain, pc.binary_join_element_wise("+", digits, ""), None)
    if ready.null_count == phones.null_count:
        return ready
    return pc.coalesce(ready, _read_each(pc.if_else(pc.is_null(ready), phones, None), region))


def _read_each(phones: pa.Array, region: Region) -> pa.Array:
    distinct = pc.dictionary_encode(phones)
    numbers = pa.array([held(text, region) for text in distinct.dictionary.to_pylist()], pa.string())
    return numbers.take(distinct.indices)


def held(text: str, region: Region) -> str | None:
    """A number that Spoki holds, with plus; None where the text holds none."""
    written = _western(text).strip()
    if not _WRITTEN.fullmatch(written) or _FLOAT.fullmatch(written):
        return None
    digits = re.sub(r"\D", "", written)
    if digits.startswith("00") and not written.startswith("+"):
        digits = digits[2:]
    elif digits.startswith("0"):
        at_home = _parse(digits, country(region))
        return at_home if at_home and _kind(at_home) is not None else None
    return f"+{digits}" if re.match(_PLAIN, digits) else None


def read(text: str, region: Region) -> str:
    """A typed number in E.164.

    Args:
        text: As somebody wrote it.
        region: The account's country; asked for only where there is no plus.

    Raises:
        UnreadableError: It is no number that WhatsApp can have, or may stand for two.
    """
    written = _western(text).strip()
    if _TWO_LINES.search(written) or (_EXTENSION.search(written) and country(region) not in _DIRECT_DIALLING):
        raise UnreadableError(Problem.TWO_LINES)
    if not _WRITTEN.fullmatch(written) or _FLOAT.fullmatch(written):
        raise UnreadableError(Problem.NOT_PHONE)
    digits = re.sub(r"\D", "", written)
    if written.startswith(("+", "00")):
        return _only((_parse("+" + re.sub(r"^(\+|00)", "", written), None),))
    if digits.startswith("0"):
        return _only((_parse(written, country(region)),))
    return _either(written, digits, country(region))


def _only(readings: tuple[str | None, ...]) -> str:
    """The one reading that WhatsApp can have."""
    known = [number for number in dict.fromkeys(readings) if number and _kind(number) is not None]
    usable = [number for number in known if _kind(number) not in _NOT_ON_WHATSAPP]
    if len(usable) == 1:
        return usable[0]
    problem = Problem.TWO_READINGS if usable else Problem.NOT_ON_WHATSAPP if known else Problem.INVALID
    raise UnreadableError(problem, *(usable or known))


def _either(written: str, digits: str, home: str) -> str:
    """The reading of a number without plus: as one of the account's country, or with the code that it begins with.

    The country decides, but where the other reading would be a mobile and this one is none. A number that would be a
    voicemail or premium number at home is mostly a foreign mobile, or has a digit too many; it is the former only where
    its groups do not cut the country code in two, as in "348 12345678".
    """
    abroad, at_home = _parse(f"+{digits}", None), _parse(written, home)
    if not abroad or not at_home or abroad == at_home or _kind(abroad) is None or _kind(at_home) is None:
        return _only((abroad, at_home))
    if _kind(at_home) in _NOT_ON_WHATSAPP:
        if _kind(abroad) in _MOBILE and not _cuts_code(written, abroad):
            return abroad
    elif _kind(at_home) in _MOBILE or _kind(abroad) not in _MOBILE:
        return at_home
    raise UnreadableError(Problem.TWO_READINGS, abroad, at_home)


def _cuts_code(written: str, abroad: str) -> bool:
    """Whether the first group of the digits is too long for a country code, and too short for one and more."""
    first = re.split(r"[^0-9]", written.lstrip("("))[0]
    return len(str(phonenumbers.parse(abroad).country_code)) < len(first) <= _LONGEST_PREFIX


def _western(text: str) -> str:
    """The text with the digits of any script as 0 to 9, and with plain spaces for those of typesetters."""
    if text.isascii():
        return text
    return "".join(str(int(sign)) if sign.isdecimal() else " " if sign.isspace() else sign for sign in text)


@lru_cache(maxsize=65_536)
def _parse(text: str, region: str | None) -> str | None:
    """What the numbering plan makes of a text; WhatsApp's own ids stay as they are."""
    digits = "+" + re.sub(r"\D", "", text)
    if region is None and any(pattern.fullmatch(digits) for each in _WHATSAPP_IDS for pattern in each[:2]):
        return digits
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=65_536)
def _kind(number: str) -> int | None:
    """The type of a number, or of the other form of it that WhatsApp may have; None where no country has it."""
    for form in same_person(number):
        kind = int(phonenumbers.number_type(phonenumbers.parse(form)))
        if kind != PhoneNumberType.UNKNOWN:  # of no type are the numbers that are not valid
            return kind
    return None


def same_person(number: str) -> Iterator[str]:
    """The number, and the other form of it under which WhatsApp may know the same person.

    Example:
        >>> list(same_person("+5215512345678"))
        ['+5215512345678', '+525512345678']
    """
    yield number
    for longer, shorter, lengthen in _WHATSAPP_IDS:
        if longer.fullmatch(number):
            yield longer.sub(r"\1\2", number)
        elif shorter.fullmatch(number):
            yield shorter.sub(lengthen, number)


def identity(number: str) -> str:
    """What is the same of all forms of one person's number."""
    return min(same_person(number), key=lambda form: (len(form), form))


def is_same(one: str, other: str) -> bool:
    """Whether WhatsApp knows one person by both."""
    return identity(one) == identity(other)


def stored_forms(number: str, region: Region) -> Iterator[str]:
    """The texts under which Spoki may hold a number, those with plus first, as ``?phone=`` must be told exactly."""
    forms = list(same_person(number))
    yield from forms
    yield from (form.removeprefix("+") for form in forms)
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:  # Spoki may hold what begins with no country's code
        return
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    if (digits := re.sub(r"\D", "", national)).startswith("0") and held(digits, region) == number:
        yield digits
