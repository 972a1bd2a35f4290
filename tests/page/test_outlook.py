"""What the credit page says of how long credit lasts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from spoki_analytics.metrics.runway import HORIZON
from spoki_analytics.page.outlook import runway_remarks

KNOWN = {
    "name": "Rossi",
    "conversations_left": 90,
    "days": 91,
    "basis": "template_delivered",
    "used_per_day": 10.0,
    "days_left": 8.88,
    "days_left_low": 7.0,
    "days_left_high": 11.0,
    "empty_on_low": pd.Timestamp("2026-12-05"),
    "empty_on_high": pd.Timestamp("2026-12-09"),
    "days_left_by_conversations": 9.0,
}
NO_RANGE = dict.fromkeys(("days_left_low", "days_left_high", "empty_on_low", "empty_on_high"))
NOT_AT_ALL = {**NO_RANGE, "days_left": None, "used_per_day": None, "days_left_by_conversations": None}
NUMBERS = [name for name, value in KNOWN.items() if isinstance(value, float)]


def remarks(*accounts: dict[str, Any]) -> list[str]:
    table = pd.DataFrame([{**KNOWN, **account} for account in accounts])
    dates = dict.fromkeys(("empty_on_low", "empty_on_high"), "datetime64[us]")
    whole = dict.fromkeys(("conversations_left", "days"), "Int64")
    return runway_remarks(table.astype(dict.fromkeys(NUMBERS, "Float64") | whole | dates))


def test_the_range_is_said_in_plain_words_with_what_no_past_shows() -> None:
    assert remarks({}) == [
        "In four of five cases the credit of Rossi ends between 5 Dec 2026 and 9 Dec 2026. That is learned from its "
        "own past, which shows no season, price or campaign that is yet to come."
    ]


def test_a_range_without_an_end_says_when_it_begins() -> None:
    (said,) = remarks({"empty_on_high": None, "days_left_high": HORIZON})
    assert said.startswith("In nine of ten cases the credit of Rossi lasts until 5 Dec 2026 or longer.")


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (
            {"days": 9, **NO_RANGE},
            "No range for Rossi: fewer than 14 days since the first use don't tell how weeks differ.",
        ),
        ({"days": 6, **NOT_AT_ALL}, "No estimate for Rossi: there are fewer than 7 complete days since the first use."),
        ({"days": 0, **NOT_AT_ALL}, "No estimate for Rossi: there are fewer than 7 complete days since the first use."),
        ({"days_left": 0, "days_left_low": 0, "days_left_high": 0}, "Rossi has no credit left."),
        (
            dict.fromkeys(("days_left", "days_left_low", "days_left_high", "days_left_by_conversations"), HORIZON),
            "The credit of Rossi is not used up within two years (730 days); the estimate goes no further.",
        ),
    ],
)
def test_what_is_missing_or_beyond_is_said_with_its_reason(account: dict[str, Any], said: str) -> None:
    assert said in remarks(account)


def test_an_account_that_used_nothing_has_no_range_for_that_reason() -> None:
    said = remarks({"used_per_day": 0, "days_left": HORIZON, **NO_RANGE, "days_left_by_conversations": None})
    assert "No range for Rossi: nothing was used in these days." in said
    assert not any("fewer than" in sentence for sentence in said)


def test_both_readings_of_what_costs_credit_are_said_where_they_differ() -> None:
    desk = {"name": "Desk", "basis": "template", "days_left": 125.0, "days_left_by_conversations": 2.0}
    said = remarks({}, desk)
    assert said[-1].startswith(
        "There are two readings. Counted in template messages, which cost credit since July 2025"
    )
    assert "the credit of Desk lasts about 125 days." in said[-1]
    assert said[-1].endswith("it lasts about 2 days.")
    assert any(sentence.startswith("For Desk, the reports don't tell which template messages") for sentence in said)
    longer = remarks({"days_left_by_conversations": HORIZON})
    assert longer[-1].endswith("it lasts more than two years.")


@pytest.mark.parametrize("basis", ["conversations", "sent"])
def test_what_stands_for_templates_is_said_to_last_longer(basis: str) -> None:
    said = remarks({"basis": basis, "days_left_by_conversations": None})
    assert said[-1].endswith("so that the credit may last longer.")


def test_many_accounts_are_named_up_to_three() -> None:
    said = remarks(*({"name": name, "days": 9, **NO_RANGE} for name in ("A", "B", "C", "D", "E")))
    assert said[0].startswith("No range for A, B, C and 2 more:")
