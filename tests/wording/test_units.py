"""Values with their units: the rule of small denominators, points, yes and no."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from spoki_analytics.wording.language import speaking
from spoki_analytics.wording.units import format_interval, format_share, format_share_of, format_value


@pytest.mark.parametrize(
    ("value", "unit", "english", "italian"),
    [
        (0.712, "share", "71.2\u00a0%", "71,2\u00a0%"),
        (-0.088, "points", "-8.8\u00a0points", "-8,8\u00a0points"),
        (-1234.5, "eur", "-€\u00a01,234.50", "-1.234,50\u00a0€"),
        (3, "days", "3.0", "3,0"),
        (88.52, "contacts", "89", "89"),
        (5.5, "contacts", "5.5", "5,5"),
        (41001234, "id", "41001234", "41001234"),
        (41001234.0, "id", "41001234", "41001234"),
        (np.int64(12345), "messages", "12,345", "12.345"),
        (np.float64(1.256), None, "1.26", "1,26"),
        (True, None, "yes", "yes"),
        (np.False_, None, "no", "no"),
        ("text", "share", "text", "text"),
        (date(2026, 10, 1), None, "2026-10-01", "2026-10-01"),
        (["a", 1234, None], None, "a, 1,234, –", "a, 1.234, –"),
        ([], None, "–", "–"),
        (pd.NA, "eur", "–", "–"),
    ],
)
def test_any_cell_becomes_text(value: object, unit: str | None, english: str, italian: str) -> None:
    assert format_value(value, unit) == english
    with speaking("it"):
        assert format_value(value, unit) == italian


@pytest.mark.parametrize(
    ("share", "out_of", "alone", "beside"),
    [
        (0.25, 12, "3\u00a0of\u00a012", "3 of 12"),
        (0.25, 19, "5\u00a0of\u00a019", "5 of 19"),
        (0.25, 20, "25.0\u00a0%", "25\u00a0% of 20"),
        (0.25, 1200, "25.0\u00a0%", "25\u00a0% of 1,200"),
        (0.25, pd.NA, "25.0\u00a0%", "–"),
        (pd.NA, 12, "–", "–"),
    ],
)
def test_few_are_counted_and_many_are_shared(share: object, out_of: object, alone: str, beside: str) -> None:
    assert format_share(share, out_of) == alone
    assert format_share_of(share, out_of) == beside


def test_an_interval_has_both_ends_or_none() -> None:
    assert format_interval(0.704, 0.72, "share") == "70.4–72.0\u00a0%"
    assert format_interval(3, 12.5, "days") == "3.0 to 12.5"
    assert format_interval(pd.NA, 0.5, "share") == ""
