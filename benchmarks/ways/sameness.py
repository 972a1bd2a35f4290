"""What the tables of all ways must have in common."""

from __future__ import annotations

from typing import Any

import pandas as pd


def fingerprint(tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Rows, sums and types that tell whether four tables hold the same contacts."""
    contacts, fields = tables["contacts"], tables["fields"]
    return {
        "rows": {name: len(table) for name, table in sorted(tables.items())},
        "ids": int(contacts["id"].sum()),
        "owners": [int(tables[name]["contact_id"].sum()) for name in ("fields", "lists", "tags")],
        "lists": int(tables["lists"]["id"].sum()),
        "subscribed": int((contacts["status"] == "Subscribed").sum()),
        "status": str(contacts["status"].dtype),
        "blocked": int(contacts["is_blocked"].sum()),
        "created": [str(contacts["created_datetime"].min()), str(contacts["created_datetime"].dtype)],
        "values": [int(fields["value"].str.len().sum()), str(fields["value_datetime"].max())],
    }
