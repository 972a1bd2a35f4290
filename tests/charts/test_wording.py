from datetime import date

import pandas as pd
import pytest

from spoki_analytics.charts.wording import (
    change_text,
    euro,
    number,
    numbers_behind,
    percent,
    plural,
    share_of,
    when,
)
from spoki_analytics.metrics.periods import Period


def test_numbers_have_units_and_dashes_where_they_are_missing() -> None:
    assert [number(1234.6), percent(0.714), percent(0.0214, 1), euro(1234.5), euro(-3)] == [
        *("1,235", "71\u00a0%", "2.1\u00a0%", "€\u00a01,234.50", "-€\u00a03.00")
    ]
    assert {number(pd.NA), percent(pd.NA), euro(None), share_of(pd.NA, 3), share_of(0.5, pd.NA)} == {"–"}
    assert [plural(1, "day"), plural(0, "day"), plural(2, "day")] == ["1 day", "0 days", "2 days"]


def test_small_denominators_are_told_as_counts() -> None:
    assert share_of(0.25, 12) == "3 of 12"
    assert share_of(0.25, 1200) == "25\u00a0% of 1,200"


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
    assert change_text("Read rate", figure).replace("\u00a0", " ") == expected


def test_days_name_the_year_only_where_it_is_needed() -> None:
    day = pd.Timestamp("2026-01-05", tz="UTC")
    assert when(day, Period(date(2026, 1, 1), date(2026, 1, 31))) == "Mon 5 Jan"
    assert when(day, Period(date(2025, 12, 1), date(2026, 1, 31))) == "Mon 5 Jan 2026"
    assert when(day, Period(date(2026, 1, 1), date(2026, 1, 31), "Month")) == "Jan 2026"
    assert when(day, Period(date(2026, 1, 1), date(2026, 1, 31), "Year")) == "2026"


def test_numbers_behind_a_chart_have_headings_with_units() -> None:
    table = pd.DataFrame({"period_start": ["d"], "read_per_delivered": [0.5], "sent_per_day": [3.0], "sent": [2]})
    behind = numbers_behind(table, ["sent", "read_per_delivered", "sent_per_day"])
    assert list(behind.columns) == ["Period", "Sent", "Read per delivered, %", "Sent per day"]
    assert behind.loc[0].tolist() == ["d", 2, 50, 3]
