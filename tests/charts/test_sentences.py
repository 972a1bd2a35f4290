"""What charts say of changes and of the days, months and years of a period."""

from datetime import date

import pandas as pd
import pytest

from spoki_analytics.charts.sentences import describe_change, name_start
from spoki_analytics.metrics.periods import Period


@pytest.mark.parametrize(
    ("value", "previous", "n", "direction", "expected"),
    [
        (0.64, 0.71, 900, "down", "Read rate fell from 71 % to 64 %"),
        (0.714, 0.706, 900, "up", "Read rate rose from 70.6 % to 71.4 %"),
        (0.64, 0.65, 900, "same", "Read rate is 64 %, no clear change from 65 %"),
        (0.64, pd.NA, 900, "", "Read rate is 64 %"),
        (0.25, 0.5, 12, "", "Read rate is 3 of 12"),
    ],
)
def test_a_change_is_told_only_where_it_is_one(value, previous, n, direction, expected) -> None:
    figure = pd.Series({"value": value, "previous": previous, "n": n, "direction": direction})
    assert describe_change("Read rate", figure).replace("\u00a0", " ") == expected


def test_days_name_the_year_only_where_it_is_needed() -> None:
    day = pd.Timestamp("2026-01-05", tz="UTC")
    assert name_start(day, Period(date(2026, 1, 1), date(2026, 1, 31))) == "Mon 5 Jan"
    assert name_start(day, Period(date(2025, 12, 1), date(2026, 1, 31))) == "Mon 5 Jan 2026"
    assert name_start(day, Period(date(2026, 1, 1), date(2026, 1, 31), "Month")) == "Jan 2026"
    assert name_start(day, Period(date(2026, 1, 1), date(2026, 1, 31), "Year")) == "2026"
