"""Small frames with the columns and dtypes that loaders give."""

from collections.abc import Callable

import pandas as pd
import pytest

REPORT_COUNTS = (
    *("sent", "delivered", "read", "failed", "pending", "incoming"),
    *("template", "free", "conversations", "contacts_reached"),
)
ROME = "Europe/Rome"


@pytest.fixture
def reports() -> Callable[..., pd.DataFrame]:
    """Wide report rows: day to counts; what is not given is missing."""

    def make(rows: dict[str, dict[str, int]], account: int | None = 4100) -> pd.DataFrame:
        frame = pd.DataFrame(list(rows.values()), columns=list(REPORT_COUNTS)).astype("Int64")
        days = pd.to_datetime(pd.Series(list(rows), dtype="str"), utc=True).dt.as_unit("us")
        accounts = pd.Series([account] * len(rows), dtype="Int64")
        return pd.concat([days.rename("period_start"), accounts.rename("account"), frame], axis=1)

    return make


@pytest.fixture
def accounts() -> Callable[..., pd.DataFrame]:
    """Accounts from credit in thousandths, threshold, estimated conversations and flag."""

    def make(*rows: tuple[int | None, int | None, int | None, bool | None]) -> pd.DataFrame:
        names = ("current_credit", "low_credit_threshold", "estimated_available_conversations", "has_low_credit_alert")
        frame = pd.DataFrame(list(rows), columns=list(names)).astype(dict.fromkeys(names[:3], "Int64"))
        frame["has_low_credit_alert"] = frame["has_low_credit_alert"].astype("boolean")
        ids = pd.Series(range(4100, 4100 + len(rows)), dtype="Int64")
        return frame.assign(id=ids, name=[f"Account {i}" for i in ids], timezone=ROME).astype({"name": "str"})

    return make


@pytest.fixture
def campaigns() -> Callable[..., pd.DataFrame]:
    """Campaigns from dictionaries; counts that are not given are zero."""

    def make(*rows: dict[str, object]) -> pd.DataFrame:
        counters = (
            *("contacts_count", "automation_started", "automation_completed", "automation_interacted_with"),
            *("messages_sent", "messages_received", "messages_read", "messages_failed"),
        )
        start = {"status": "Completed", "scheduled_datetime": "2026-10-05T09:00Z", "automation.name": None}
        full = [
            {"id": 88000 + i, "name": f"Campaign {i}"} | start | dict.fromkeys(counters, 0) | row
            for i, row in enumerate(rows)
        ]
        columns = ["id", "name", *start, *counters]
        frame = pd.DataFrame(full, columns=columns).astype(dict.fromkeys(("id", *counters), "Int64"))
        frame["scheduled_datetime"] = pd.to_datetime(frame["scheduled_datetime"], utc=True, format="ISO8601")
        return frame.astype({"name": "str", "status": "category", "automation.name": "str"})

    return make
