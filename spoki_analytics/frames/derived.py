"""Columns that this package adds to what the API sends, always beside the original.

A field of a schema names its function here (``derive`` or ``fallback``); the function's parameters are the names of the
columns that it reads.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spoki_analytics.frames.schemas import Schema
from spoki_analytics.frames.side_tables import column_of

COLOURS = {"green": "green|verde", "yellow": "yellow|giallo", "red": "red|rosso"}
"""Quality colours and the words that name them; a number is never read as a colour (contract, 5.2)."""
CLOSED = ("closed", "terminated", "resolved")
"""Ticket states that mean the end, whatever their case (contract, 5.1)."""
THOUSANDTHS = 1000
"""Parts of a euro in the API's money (contract, section 1.8)."""

_SUFFIXES = {"phone": "_raw", "money": "_eur"}
"""Kinds of fields that become two columns, and the end of the name of the second one."""


def derived_names(schema: Schema) -> frozenset[str]:
    """The names that an unknown field may not take."""
    leaves = list(schema.leaves())
    names = {path + _SUFFIXES[field.kind] for path, field in leaves if field.kind in _SUFFIXES}
    return frozenset(names | {path for path, field in leaves if field.derive})


def derive(name: str, table: pa.Table) -> Any:
    """What a function of this module makes of the columns of a table; None where one of them is not there."""
    function: Callable[..., Any] = globals()[name]
    sources = list(signature(function).parameters)
    if not set(sources) <= set(table.column_names):
        return None
    return function(*(column_of(table, source) for source in sources))


def euros(thousandths: Any) -> Any:
    """Euros (float64) of whole thousandths; all missing when the column holds something else."""
    if not pa.types.is_integer(thousandths.type):
        return pa.nulls(len(thousandths), pa.float64())
    return pc.divide(pc.cast(thousandths, pa.float64(), safe=False), float(THOUSANDTHS))


def quality_colour(quality_score: Any) -> Any:
    """Colour that a quality score names in words, in English or Italian: green, yellow, red or missing."""
    words = pc.utf8_lower(quality_score)
    named = [pc.match_substring_regex(words, rf"\b(?:{pattern})\b") for pattern in COLOURS.values()]
    return pc.case_when(pc.make_struct(*named), *(pa.scalar(colour) for colour in COLOURS))


def is_closed(closed_datetime: Any, status: Any) -> Any:
    """Whether a ticket is closed: by its closing time if it has one, else by its status; missing if it has neither."""
    word = pc.utf8_trim_whitespace(pc.utf8_lower(status))
    ended = pc.if_else(pc.is_null(word), None, pc.is_in(word, pa.array(CLOSED)))
    return pc.if_else(pc.is_valid(closed_datetime), True, ended)


def consent(is_subscribed: Any) -> Any:
    """Consent of a contact as ``is_subscribed`` of other API versions says it (contract, 5.21)."""
    if not pa.types.is_boolean(is_subscribed.type):
        return pa.nulls(len(is_subscribed), pa.string())
    return pc.if_else(is_subscribed, "Subscribed", "Unsubscribed")
