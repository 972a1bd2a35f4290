"""Phone numbers in E.164, so that they join; the original is kept beside (contract, section 1.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

Region = str | Callable[[], str]
"""ISO country code of numbers without a country code, such as ``IT``, or what is asked for it once one turns up."""

_E164 = r"^\+[1-9][0-9]{7,14}$"
_MOST_COMMON = "IT"
"""The country whose numbers are recognised without the parser of phonenumbers; any other only takes longer."""
_TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
"""The types of numbers of a numbering plan; a number is valid when it is of one of them."""


def country(region: Region) -> str:
    """The country code itself; where it still has to be found out, it is found out now."""
    return region if isinstance(region, str) else region()


def e164(phones: pa.Array, region: Region) -> pa.Array:
    """The numbers with plus and country code; missing where a text cannot be read as a number.

    Digits without a plus are read as international first and as national of ``region`` second. Only what is
    neither E.164 already nor a plain Italian number goes to phonenumbers, each distinct text once, and ``region`` is
    asked only when a text is no international number.

    Args:
        phones: Texts as the API gave them.
        region: Country of numbers without a country code.
    """
    ready = pc.if_else(pc.match_substring_regex(phones, _E164), phones, None)
    plain = pc.match_substring_regex(phones, _home_pattern(_MOST_COMMON, *_TYPES))
    ready = pc.coalesce(ready, pc.if_else(plain, pc.binary_join_element_wise("+", phones, ""), None))
    if ready.null_count == phones.null_count:
        return ready
    return pc.coalesce(ready, _parse_each(pc.if_else(pc.is_null(ready), phones, None), region))


@cache
def _home_pattern(region: str, *kinds: str) -> str:
    """Matches country code and national number of a region, digits only, after the numbering plan of phonenumbers."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    plans = [plan for kind in kinds or ("general_desc",) if (plan := getattr(metadata, kind, None))]
    patterns = [plan.national_number_pattern for plan in plans if plan.national_number_pattern]
    return f"^{metadata.country_code}(?:{'|'.join(patterns)})$" if metadata and patterns else r"[^\s\S]"


def _parse_each(phones: pa.Array, region: Region) -> pa.Array:
    distinct = pc.dictionary_encode(phones)
    numbers = pa.array([_parse(text.strip(), region) for text in distinct.dictionary.to_pylist()], pa.string())
    return numbers.take(distinct.indices)


def _parse(text: str, region: Region) -> str | None:
    """The best reading of one text: the first that is a valid number, else the first of a possible length."""
    is_international = text.startswith(("+", "00"))
    abroad = _number("+" + text.removeprefix("+").removeprefix("00") if is_international else f"+{text}", None)
    if abroad and phonenumbers.is_valid_number(abroad):
        return _spell(abroad)
    if is_international or not any(map(str.isdigit, text)):
        return _spell(abroad) if abroad and phonenumbers.is_possible_number(abroad) else None
    home = country(region)
    if re.fullmatch(_home_pattern(home), text):  # new ranges of numbers are in the plan before their type is known
        return f"+{text}"
    at_home = _number(text, home)
    if at_home and phonenumbers.is_valid_number(at_home):
        return _spell(at_home)
    possible = (number for number in (abroad, at_home) if number and phonenumbers.is_possible_number(number))
    return next(map(_spell, possible), None)


def _number(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _spell(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
