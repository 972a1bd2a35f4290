"""Numbers, days and spans as readers of two languages write them."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoki_analytics.wording.language import speaking
from spoki_analytics.wording.numbers import (
    MISSING,
    format_day,
    format_euro,
    format_list,
    format_moment,
    format_number,
    format_percent,
    format_percent_range,
    format_plain,
    format_span,
    format_weekday,
    is_missing,
)

OCTOBER = date(2026, 10, 1)
EVENING = datetime(2026, 1, 5, 18, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("write", "english", "italian"),
    [
        (lambda: format_number(12345), "12,345", "12.345"),
        (lambda: format_number(1234.5, 2), "1,234.50", "1.234,50"),
        (lambda: format_number(0.25, 1, signed=True), "+0.2", "+0,2"),
        (lambda: format_plain(1.256), "1.26", "1,26"),
        (lambda: format_plain(1234.56), "1,234.6", "1.234,6"),
        (lambda: format_plain(12.0), "12", "12"),
        (lambda: format_percent(0.712), "71.2\u00a0%", "71,2\u00a0%"),
        (lambda: format_percent(-0.088, signed=True), "-8.8\u00a0%", "-8,8\u00a0%"),
        (lambda: format_percent_range(0.704, 0.72), "70.4–72.0\u00a0%", "70,4–72,0\u00a0%"),
        (lambda: format_euro(1234.5), "€\u00a01,234.50", "1.234,50\u00a0€"),
        (lambda: format_euro(-1234.5), "-€\u00a01,234.50", "-1.234,50\u00a0€"),
        (lambda: format_euro(1234.5, 0), "€\u00a01,234", "1.234\u00a0€"),
        (lambda: format_euro(0.0121, 3), "€\u00a00.012", "0,012\u00a0€"),
        (lambda: format_day(OCTOBER), "1 Oct 2026", "1 ott 2026"),
        (lambda: format_day(date(2026, 9, 7), "dE"), "Mon 7 Sep", "lun 7 set"),
        (lambda: format_day(OCTOBER, "dEy"), "Thu 1 Oct 2026", "gio 1 ott 2026"),
        (lambda: format_day(OCTOBER, "d"), "1 Oct", "1 ott"),
        (lambda: format_day(OCTOBER, "my"), "Oct 2026", "ott 2026"),
        (lambda: format_day(OCTOBER, "m"), "Oct", "ott"),
        (lambda: format_day(OCTOBER, "y"), "2026", "2026"),
        (lambda: format_weekday(0), "Monday", "lunedì"),
        (lambda: format_weekday(6, short=True), "Sun", "dom"),
        (
            lambda: format_moment("2026-11-22T06:31:00+00:00", "Europe/Rome"),
            "22 Nov 2026, 07:31",
            "22 nov 2026, 07:31",
        ),
        (
            lambda: format_moment(datetime(2026, 1, 5, 18, 2, tzinfo=UTC), "UTC"),
            "5 Jan 2026, 18:02",
            "5 gen 2026, 18:02",
        ),
        (lambda: format_span(12.4), "12 s", "12 s"),
        (lambda: format_span(180), "3 min", "3 min"),
        (lambda: format_span(120_000), "2,000 min", "2.000 min"),
        (lambda: format_list(["a", "b", "c"]), "a, b and c", "a, b e c"),
    ],
)
def test_a_value_reads_as_its_language_writes_it(write, english: str, italian: str) -> None:
    assert write() == english
    with speaking("it"):
        assert write() == italian
    with speaking("no such language"):
        assert write() == english


@pytest.mark.parametrize("value", [None, math.nan, np.float64("nan"), pd.NA, pd.NaT], ids=repr)
def test_what_is_missing_is_a_dash(value: object) -> None:
    assert is_missing(value)
    assert {format_number(value), format_plain(value), format_percent(value), format_euro(value)} == {MISSING}


@pytest.mark.parametrize("value", [False, "", "nan", [], np.int64(0), pd.Timestamp(0), Decimal(0), math.inf], ids=repr)
def test_what_is_there_is_not_missing(value: object) -> None:
    assert not is_missing(value)


@given(st.integers(-(10**15), 10**15), st.sampled_from([int, np.int64]))
def test_a_whole_number_keeps_all_its_digits(number: int, kind: type) -> None:
    assert int(format_number(kind(number)).replace(",", "")) == number


@given(st.floats(-1e12, 1e12), st.integers(0, 4), st.sampled_from(["en", "it", "de"]))
def test_a_number_is_rounded_and_never_changed(number: float, digits: int, language: str) -> None:
    with speaking(language):
        text = format_number(number, digits)
    separators = ",." if language == "en" else ".,"
    read = float(text.replace(separators[0], "").replace(separators[1], "."))
    assert abs(read - number) <= 0.5 * 10**-digits + 1e-9 * abs(number)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_in_english_is_what_the_calendar_says(day: date) -> None:
    assert datetime.strptime(format_day(day), "%d %b %Y").date() == day


def test_numbers_cost_the_start_nothing() -> None:
    code = (
        "import sys, spoki_analytics.wording.numbers, spoki_analytics.wording.units, spoki_analytics.wording.names;"
        "print([name for name in ('babel', 'pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_a_tie_is_rounded_as_python_rounds_it(number: float, digits: int) -> None:
    assert format_number(number, digits).removeprefix("-") == f"{number:,.{digits}f}".removeprefix("-")
