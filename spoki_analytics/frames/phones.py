"""Phone numbers in E.164, so that they join; the original is kept beside (contract, section 1.9)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

_E164 = r"^\+[1-9][0-9]{7,14}$"


def e164(phones: pa.Array, region: str) -> pa.Array:
    """The numbers with plus and country code; missing where a text cannot be read as a number.

    Digits without a plus are read as international first and as national of ``region`` second. Only what is
    neither E.164 already nor a plain number of ``region`` goes to phonenumbers, each distinct text once.

    Args:
        phones: Texts as the API gave them.
        region: ISO country code of numbers without a country code, such as ``IT``.
    """
    ready = pc.if_else(pc.match_substring_regex(phones, _E164), phones, None)
    at_home = pc.match_substring_regex(phones, _home_pattern(region))
    ready = pc.coalesce(ready, pc.if_else(at_home, pc.binary_join_element_wise("+", phones, ""), None))
    if ready.null_count == phones.null_count:
        return ready
    return pc.coalesce(ready, _parsed(pc.if_else(pc.is_null(ready), phones, None), region))


@cache
def _home_pattern(region: str) -> str:
    """Matches country code and national number of a region, digits only, after the numbering plan of phonenumbers."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        return r"[^\s\S]"
    return f"^{metadata.country_code}(?:{metadata.general_desc.national_number_pattern})$"


def _parsed(phones: pa.Array, region: str) -> pa.Array:
    distinct = pc.dictionary_encode(phones)
    numbers = pa.array([_parse(text, region) for text in distinct.dictionary.to_pylist()], pa.string())
    return numbers.take(distinct.indices)


def _parse(text: str, region: str) -> str | None:
    """The best reading of one text: the first that is a valid number, else the first of a possible length."""
    readings = list(_readings(text.strip(), region))
    for acceptable in (phonenumbers.is_valid_number, phonenumbers.is_possible_number):
        for number in readings:
            if acceptable(number):
                return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _readings(text: str, region: str) -> Iterator[phonenumbers.PhoneNumber]:
    for candidate in (text,) if text.startswith(("+", "00")) else (f"+{text}", text):
        try:
            yield phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
