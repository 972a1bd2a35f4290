"""Every operation of the API as a frame: what it is, how often it may be asked, and how this client uses it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spoki_analytics.catalogue import Operation, catalogue
from spoki_analytics.resources.calls import ABSENT, call_of
from spoki_analytics.resources.spelling import in_python, in_shell

_COUNTS = ("number", "rate")
_NAMES = (
    "number",
    "family",
    "name",
    "method",
    "path",
    "kind",
    "rate",
    "rate_source",
    "retry",
    "python",
    "command",
    "removed",
    "replacement",
    "absent",
)


def operations() -> pd.DataFrame:
    """Every operation of the API; nothing is asked of Spoki.

    Returns:
        number (Int64, place in Spoki's published list of 57, missing beyond it), family, name, method, path, kind
        (``read`` or ``correction``), rate (Int64, requests a minute, missing where no source states one), rate_source
        (``documented``, ``observed``, ``inferred``, ``default``), retry (``R``, ``I``, ``U`` or ``N``: what may be
        repeated), python and command (how it is used, with capitals for what the caller puts in), removed and
        replacement (empty while it works), absent (why this client leaves it alone, empty when it does not).
    """
    frame = pd.DataFrame([_row(entry) for entry in catalogue()], columns=list(_NAMES), dtype=object)
    return frame.astype({name: "Int64" if name in _COUNTS else "str" for name in _NAMES})


def _row(entry: Operation) -> list[Any]:
    call = call_of(entry.slug)
    kind = "read" if entry.is_read else "correction"
    use = (in_python(call), in_shell(call)) if call else ("", "")
    facts = [entry.number, entry.family, entry.name, entry.method, entry.route, kind]
    pace = [entry.rate, entry.rate_source, entry.retry.value]
    return [*facts, *pace, *use, entry.removed, entry.replacement, ABSENT.get(entry.slug, "")]
