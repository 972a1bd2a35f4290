"""Key figures: as tiles on the page and as records in ``kpis.json``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from spoki_analytics.charts.labels import OF_ACCOUNT, figure_label, unit_word
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.numbers import format_number, format_percent
from spoki_analytics.wording.units import format_interval, format_share, format_value

FIELDS = ("name", "label", "value", "n", "low", "high", "unit", "previous", "change", "direction", "note")
_ARROWS = {"up": "▲", "down": "▼"}
_UNITS_IN_VALUE = ("share", "points", "eur", "id", "")


@dataclass(frozen=True)
class Tile:
    """One key figure, ready to be shown."""

    label: str
    value: str
    unit: str
    lines: list[str]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The key figures as plain values; missing ones are None.

    Args:
        frame: Columns name, value, n, low, high, previous, change, direction; label, unit and note where they are not
            those of `charts.labels`; since, where a figure comes from the current report; count, the numerator of a
            share; account, where each is one's.
    """
    account = ["account"] if "account" in frame else []
    rows = frame.reindex(columns=[*FIELDS, *account, "since", "count"]).astype(object).to_dict("records")
    return [_named({str(key): _plain(value) for key, value in row.items()}) for row in rows]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """The row with what the figure is called, where the frame does not say it itself."""
    name = f"{row['name']}{OF_ACCOUNT}" if "account" in row else row["name"]
    label = figure_label(name, row.pop("since"))
    own = {"label": label.title, "unit": label.unit, "note": _contradiction(row, row.pop("count")) or label.note}
    nothing = "" if row["label"] is None else None  # where we name a figure its note is a text, if an empty one
    return row | {field: word or nothing for field, word in own.items() if row[field] is None}


def _contradiction(row: dict[str, Any], count: Any) -> str:
    """The two counts of which no share can be made, such as more read than delivered messages."""
    if row["value"] is not None or count is None or not row["n"]:
        return ""
    return gettext("{part} of {whole}: that cannot be", part=format_number(count), whole=format_number(row["n"]))


def tile(record: dict[str, Any]) -> Tile:
    """One record as a tile."""
    unit = record["unit"] or ""
    share = unit == "share"
    value = format_share(record["value"], record["n"]) if share else format_value(record["value"], unit)
    label, word = record["label"] or record["name"], unit_word(unit)
    said = unit in _UNITS_IN_VALUE or word.casefold() in label.casefold() or record["value"] is None
    lines = [_interval(record), _count(record), _comparison(record), record["note"] or ""]
    return Tile(label, value, "" if said else word, [line for line in lines if line])


def _interval(record: dict[str, Any]) -> str:
    between = format_interval(record["low"], record["high"], record["unit"])
    return gettext("range {interval}", interval=between) if between else ""


def _count(record: dict[str, Any]) -> str:
    return gettext("of {count}", count=format_number(record["n"])) if record["n"] is not None else ""


def _comparison(record: dict[str, Any]) -> str:
    """Against the period before; the figure itself says whether its change is more than chance."""
    before, change, unit = record["previous"], record["change"], record["unit"]
    if record["value"] is None or before is None:
        return ""
    then = format_value(before, unit)
    arrow = _ARROWS.get(record["direction"] or "")
    if arrow is None or change is None:
        if record["direction"] == "same":
            return gettext("{value} before, no clear change", value=then)
        return gettext("{value} before", value=then)
    moved = format_value(change, "points") if unit == "share" else format_percent(change, signed=True)
    return gettext("{arrow} {change} ({value} before)", arrow=arrow, change=moved, value=then)


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
