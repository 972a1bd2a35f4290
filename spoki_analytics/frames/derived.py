"""Columns that this package adds to what the API sends, always beside the original."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spoki_analytics.frames.schemas import Schema

COLOURS = {"green": "green|verde", "yellow": "yellow|giallo", "red": "red|rosso"}
"""Quality colours and the words that name them; a number is never read as a colour (contract, 5.2)."""
CLOSED = ("closed", "terminated", "resolved")
"""Ticket states that mean the end, whatever their case (contract, 5.1)."""
THOUSANDTHS = 1000
"""Parts of a euro in the API's money (contract, section 1.8)."""

_SUFFIXES = {"phone": "_raw", "money": "_eur"}


def derived_names(schema: Schema) -> frozenset[str]:
    """The names that an unknown field may not take."""
    leaves = list(schema.leaves())
    names = {path + _SUFFIXES[field.kind] for path, field in leaves if field.kind in _SUFFIXES}
    names |= {"quality_colour" for path, _ in leaves if path == "quality_score"}
    return frozenset(names | ({"is_closed"} if schema.name == "tickets" else set()))


def euros(thousandths: Any) -> Any:
    """Euros (float64) of whole thousandths; all missing when the column holds something else."""
    if not pa.types.is_integer(thousandths.type):
        return pa.nulls(len(thousandths), pa.float64())
    return pc.divide(pc.cast(thousandths, pa.float64(), safe=False), float(THOUSANDTHS))


def quality_colour(scores: Any) -> Any:
    """Colour that a quality score names in words, in English or Italian: green, yellow, red or missing."""
    words = pc.utf8_lower(scores)
    named = [pc.match_substring_regex(words, rf"\b(?:{pattern})\b") for pattern in COLOURS.values()]
    return pc.case_when(pc.make_struct(*named), *(pa.scalar(colour) for colour in COLOURS))


def is_closed(closed: Any, status: Any) -> Any:
    """Whether a ticket is closed: by its closing time if it has one, else by its status; missing if it has neither."""
    word = pc.utf8_trim_whitespace(pc.utf8_lower(status))
    ended = pc.if_else(pc.is_null(word), None, pc.is_in(word, pa.array(CLOSED)))
    return pc.if_else(pc.is_valid(closed), True, ended)


def consent(status: Any, is_subscribed: Any) -> Any:
    """Consent of a contact: its status, or what ``is_subscribed`` of other API versions says (contract, 5.21)."""
    return pc.coalesce(status, pc.if_else(is_subscribed, "Subscribed", "Unsubscribed"))
