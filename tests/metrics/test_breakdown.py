from datetime import date

import pandas as pd
import pytest

from spoki_analytics.metrics.breakdown import add_delivered_templates, add_templates, by_part
from spoki_analytics.metrics.periods import Period

WEEK = Period(date(2026, 10, 5), date(2026, 10, 11))


def long(*rows: tuple[str, str | None, str | None, str, int]) -> pd.DataFrame:
    """Long report rows: day, channel, category, status, count."""
    frame = pd.DataFrame(list(rows), columns=["period_start", "channel", "category", "status", "count"])
    frame["period_start"] = pd.to_datetime(frame["period_start"], utc=True).dt.as_unit("us")
    kinds = {"channel": "str", "category": "category", "status": "category", "count": "Int64"}
    return frame.assign(account=pd.Series([pd.NA] * len(frame), dtype="Int64")).astype(kinds)


ROWS = (
    ("2026-10-07", "Shop", "MARKETING", "Delivered", 60),
    ("2026-10-07", "Shop", "MARKETING", "Read", 20),
    ("2026-10-08", "Shop", "UTILITY", "Sent", 5),
    ("2026-10-08", None, None, "Read", 10),
    ("2026-10-08", None, None, "Error", 3),
    ("2026-10-12", "Shop", "MARKETING", "Read", 1000),
)


def test_messages_by_category_count_once_and_only_inside_the_period() -> None:
    table = by_part(long(*ROWS), "category", WEEK)
    assert table["category"].tolist() == ["MARKETING", "no template category", "UTILITY"]
    assert table["sent"].tolist() == [80, 10, 5]
    assert table["delivered"].tolist() == [80, 10, 0]
    assert table["failed"].tolist() == [0, 3, 0]
    assert table.loc[0, "read_per_delivered"] == 0.25
    assert pd.isna(table.loc[2, "read_per_delivered"])


def test_a_hostile_channel_is_a_name_like_any_other() -> None:
    table = by_part(long(("2026-10-07", "$\\frac{<script>", None, "Sent", 1)), "channel", WEEK)
    assert table.loc[0, "channel"] == "$\\frac{<script>"


@pytest.mark.parametrize("part", ["channel", "category"])
def test_what_no_row_states_is_no_breakdown(part: str) -> None:
    assert by_part(long(("2026-10-07", None, None, "Sent", 9)), part, WEEK).empty  # type: ignore[arg-type]
    assert by_part(long(), part, WEEK).empty  # type: ignore[arg-type]


def test_templates_are_the_messages_with_a_template_category(reports) -> None:
    wide = reports({"2026-10-07": {"sent": 80}, "2026-10-08": {"sent": 15}, "2026-10-09": {"sent": 0}}, None)
    filled = add_templates(wide, long(*ROWS[:5]))
    assert filled["template"].tolist() == [80, 5, 0]
    assert filled["free"].tolist() == [0, 10, 0]


def test_templates_are_not_guessed_where_all_or_no_messages_have_a_category(reports) -> None:
    wide = reports({"2026-10-07": {"sent": 80}}, None)
    for rows in (ROWS[:2], ROWS[3:5], ()):
        assert add_templates(wide, long(*rows))["template"].isna().all()


def test_templates_that_the_source_counts_are_kept(reports) -> None:
    wide = reports({"2026-10-07": {"sent": 80, "template": 7}}, None)
    assert add_templates(wide, long(*ROWS))["template"].tolist() == [7]


def test_delivered_templates_are_those_that_arrived_under_a_template_category(reports) -> None:
    wide = reports({"2026-10-07": {"sent": 80, "template": 99}, "2026-10-08": {"sent": 15}, "2026-10-09": {}}, None)
    answers = ("2026-10-07", None, "SERVICE", "Read", 500)
    assert add_delivered_templates(wide, long(*ROWS[:5], answers))["template_delivered"].tolist() == [80, 0, 0]


def test_a_category_that_nobody_documented_is_one_of_templates(reports) -> None:
    wide = reports({"2026-10-07": {"sent": 80}}, None)
    rows = long(("2026-10-07", "Shop", "TRANSACTIONAL", "Delivered", 9))
    assert add_delivered_templates(wide, rows)["template_delivered"].tolist() == [9]


def test_delivered_templates_are_not_known_without_a_category(reports) -> None:
    wide = reports({"2026-10-07": {"sent": 80, "template": 7}}, None)
    for rows in (long(ROWS[3]), long(("2026-10-07", None, "SERVICE", "Read", 5)), long()):
        assert add_delivered_templates(wide, rows)["template_delivered"].isna().all()
