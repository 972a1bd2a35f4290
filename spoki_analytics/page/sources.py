"""Where a report's figures come from, in a reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from spoki_analytics.charts.labels import spell_out
from spoki_analytics.frames.provenance import remarks
from spoki_analytics.page.tables import Table, table
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.names import name_account
from spoki_analytics.wording.numbers import MISSING, format_moment

_COLUMNS = {
    "operation": noop("Data"),
    "account": noop("Account"),
    "as_of": noop("Read at"),
    "rows": noop("Rows"),
    "requests": noop("Requests"),
    "cache_hits": noop("From cache"),
    "remarks": noop("Remarks"),
}


def source_facts(provenance: Sequence[Any]) -> list[dict[str, Any]]:
    """The facts that frames carry in ``attrs["spoki"]``; frames without them are passed over."""
    carried = [item if isinstance(item, dict) else getattr(item, "attrs", {}).get("spoki") for item in provenance]
    return [dict(facts) for facts in carried if facts]


def oldest(sources: Sequence[dict[str, Any]]) -> str | None:
    """When the oldest data was read: the page is no fresher than that."""
    return min((str(source["as_of"]) for source in sources if source.get("as_of")), default=None)


def freshness(sources: Sequence[dict[str, Any]]) -> str:
    """How much was asked of Spoki and how much came from the cache."""
    if not sources:
        return ""
    requests = sum(int(source.get("requests") or 0) for source in sources)
    hits = sum(int(source.get("cache_hits") or 0) for source in sources)
    answered = ngettext("{count} request to Spoki", "{count} requests to Spoki", requests)
    cached = ngettext("{count} from the cache", "{count} from the cache", hits)
    return f"{answered}, {cached}" if hits else answered


def sources_table(sources: Sequence[dict[str, Any]], timezone: str) -> Table:
    """One row for each listing that the report rests on."""
    if not sources:
        return Table("", [])
    frame = pd.DataFrame([_row(source, timezone) for source in sources], columns=list(_COLUMNS))
    headings = {name: gettext(heading) for name, heading in _COLUMNS.items()}
    caption = gettext("Data behind this report; times in {timezone}", timezone=timezone)
    return table(frame.astype({"account": str}), headings, caption=caption)


def _row(source: dict[str, Any], timezone: str) -> dict[str, Any]:
    said = remarks(source)
    if unknown := source.get("unknown_columns"):
        said.append(gettext("new columns: {names}", names=", ".join(map(str, unknown))))
    as_of = source.get("as_of")
    shown = format_moment(str(as_of), timezone) if as_of else ""
    return {
        **source,
        "account": name_account(source.get("account", "")),
        "operation": spell_out(source.get("operation", "")),
        "as_of": shown,
        "remarks": "; ".join(said) or MISSING,
    }
