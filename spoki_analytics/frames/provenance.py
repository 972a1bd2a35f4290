"""Where a frame comes from and how old it is, carried by the frame itself."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, TypeVar

import pandas as pd

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext, noop

KEY = "spoki"
FACTS = (
    "account",
    "operation",
    "filters",
    "as_of",
    "rows",
    "requests",
    "cache_hits",
    "stale",
    "drift",
    "checked",
    "resumed",
    "unknown_columns",
)
"""The facts in the order in which they are shown; more may follow."""

REMARKS = {"stale": noop("stale"), "drift": noop("drift"), "checked": noop("not checked whether rows moved meanwhile")}
"""What a reader is told in few words of a frame that is stale, drifted, or not checked."""
Frame = TypeVar("Frame", pd.DataFrame, pd.Series)


class Provenance(dict[str, Any]):
    """The facts of one frame; a plain dict that shows itself as a table in a notebook."""

    def __str__(self) -> str:
        return "\n".join(f"{name}: {_shown(value)}" for name, value in self._ordered())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{html.escape(name)}</th><td>{html.escape(_shown(value))}</td></tr>"
            for name, value in self._ordered()
        )
        caption = "; ".join(remarks(self))
        said = f"<caption>{html.escape(caption)}</caption>" if caption else ""
        return f"<table>{said}{rows}</table>"

    def _ordered(self) -> list[tuple[str, Any]]:
        names = [*(name for name in FACTS if name in self), *(name for name in self if name not in FACTS)]
        return [(name, self[name]) for name in names]


def stamp(frame: Frame, **facts: Any) -> Frame:
    """The same frame with these facts added to its provenance (``frame.attrs["spoki"]``, a plain dict)."""
    frame.attrs[KEY] = {**frame.attrs.get(KEY, {}), **facts}
    return frame


def provenance(frame: pd.DataFrame | pd.Series) -> Provenance:
    """Where a frame or series comes from: account, operation, filters, as_of, rows, requests and more.

    Raises:
        UsageError: The frame carries no provenance; some pandas operations, such as merge, drop it.
    """
    facts = frame.attrs.get(KEY)
    if not isinstance(facts, Mapping):
        raise UsageError(gettext("This frame carries no provenance."), advice=noop("Ask the frame that load() gave."))
    return Provenance(facts)


def remarks(facts: Mapping[str, Any]) -> list[str]:
    """What to say beside a frame with these facts: what is not as it should be, in few words."""
    told = {
        "stale": facts.get("stale"),
        "drift": facts.get("drift"),
        "checked": facts.get("checked") is False and not facts.get("drift"),
    }
    return [gettext(word) for fact, word in REMARKS.items() if told[fact]]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={inner}" for name, inner in value.items()) or "none"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return "unknown" if value is None else str(value)
