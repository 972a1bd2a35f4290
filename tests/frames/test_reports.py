"""Report rows of every shape that was thought of, in three forms."""

import pandas as pd
import pytest

from spoki_analytics.errors import SpokiWarning, UsageError
from spoki_analytics.frames.provenance import stamp
from spoki_analytics.frames.reports import LONG, WIDE, long_form, natural_form, wide_form
from spoki_analytics.frames.reports.words import STATUSES

DAY = pd.Timestamp("2026-10-07T00:00:00Z")
LONG_DTYPES = ["datetime64[us, UTC]", "Int64", "str", "category", "category", "Int64"]
WIDE_DTYPES = ["datetime64[us, UTC]", *["Int64"] * 11]


def entries(long: pd.DataFrame) -> set[tuple]:
    texts = long.astype(object).where(long.notna(), None)
    return {tuple(row) for row in texts[["channel", "category", "status", "count"]].itertuples(index=False)}


@pytest.fixture
def detailed(frame):
    return lambda *rows: frame("detailed_reports", list(rows))


EXPECTED = {("WA", "MARKETING", "Sent", 3), ("WA", "MARKETING", "Read", 2)}
BOTH = {"period_start": "2026-10-07", "channel": "WA", "category": "MARKETING"}
SHAPES = {
    "flat": [{**BOTH, "status": "Sent", "count": 3}, {**BOTH, "status": "Read", "count": 2}],
    "camel case": [
        {
            "periodStart": "2026-10-07",
            "channelName": "WA",
            "templateCategory": "MARKETING",
            "messageStatus": "sent",
            "total": 3,
        },
        {
            "periodStart": "2026-10-07",
            "channelName": "WA",
            "templateCategory": "MARKETING",
            "messageStatus": "READ",
            "total": 2,
        },
    ],
    "other words": [
        {
            "day": "2026-10-07T00:00:00+02:00",
            "channel": {"name": "WA"},
            "template_category": "marketing",
            "state": "SENT",
            "quantity": "3",
        },
        {
            "day": "2026-10-07T00:00:00+02:00",
            "channel": {"name": "WA"},
            "template_category": "marketing",
            "state": "seen",
            "quantity": "2",
        },
    ],
    "channel object without a name": [
        {
            "date": "2026-10-07",
            "channel": {"id": 17, "identifier": "WA"},
            "category": "MARKETING",
            "status": "Sent",
            "messages": 3,
        },
        {
            "date": "2026-10-07",
            "channel": {"id": 17, "identifier": "WA"},
            "category": "MARKETING",
            "status": "Read",
            "messages": 2.0,
        },
    ],
    "period object": [
        {
            "period": {"start": "2026-10-07", "end": "2026-10-07"},
            "channel": "WA",
            "category": "MARKETING",
            "statuses": {"sent": 3, "read": 2},
        }
    ],
    "status map": [{**BOTH, "statuses": {"Sent": 3, "Read": 2, "Delivered": None}}],
    "counts by state": [{**BOTH, "counts": {"sent": 3, "read": 2}}],
    "category map": [{"date": "2026-10-07", "channel": "WA", "data": {"MARKETING": {"Sent": 3, "Read": 2}}}],
    "bare category map": [{"date": "2026-10-07", "channel": "WA", "MARKETING": {"Sent": 3, "Read": 2}}],
    "state over category": [
        {"date": "2026-10-07", "channel": "WA", "Sent": {"MARKETING": 3}, "Read": {"MARKETING": 2}}
    ],
    "channel map": [{"date": "2026-10-07", "channels": {"WA": {"MARKETING": {"Sent": 3, "Read": 2}}}}],
    "channel and category maps": [
        {
            "date": "2026-10-07",
            "by_channel": {"WA": {"categories": {"MARKETING": {"statuses": {"Sent": 3, "Read": 2}}}}},
        }
    ],
    "list of channels": [
        {
            "date": "2026-10-07",
            "channels": [
                {"name": "WA", "categories": [{"name": "MARKETING", "sent": {"count": 3}, "read": {"count": 2}}]}
            ],
        }
    ],
    "list of states": [{**BOTH, "statuses": [{"status": "Sent", "count": 3}, {"status": "Read", "count": 2}]}],
    "list of everything": [
        {
            "date": "2026-10-07",
            "channels": [
                {
                    "name": "WA",
                    "category": "MARKETING",
                    "statuses": [{"name": "Sent", "value": 3}, {"name": "Read", "value": 2}],
                }
            ],
        }
    ],
}


@pytest.mark.parametrize("name", SHAPES)
def test_detailed_shapes_are_all_the_same_report(name, detailed):
    rows = detailed(*SHAPES[name])
    natural, long, wide = natural_form(rows), long_form(rows), wide_form(rows)
    assert list(natural.columns[:5]) == ["period_start", "channel", "category", "status", "count"]
    assert list(long.columns) == list(LONG)
    assert [str(dtype) for dtype in long.dtypes] == LONG_DTYPES
    assert entries(long) == EXPECTED
    assert set(long["period_start"]) == {DAY}
    assert list(wide.columns) == list(WIDE)
    assert [str(dtype) for dtype in wide.dtypes] == WIDE_DTYPES
    assert wide.loc[0, ["sent", "delivered", "read", "failed", "pending"]].tolist() == [5, 2, 2, 0, 0]
    assert wide.loc[0, ["incoming", "template", "conversations"]].isna().all()


def test_the_detailed_example(frame, rows):
    natural = natural_form(frame("detailed_reports", rows("reports_detailed.inferred")))
    assert list(natural.columns) == ["period_start", "channel", "category", "status", "count", "channel.id"]
    assert natural["channel"].tolist()[:2] == ["WhatsApp principale"] * 2
    assert natural.loc[2, ["channel", "category", "channel.id"]].isna().all()
    assert natural["status"].tolist() == ["Delivered", "Read", "Error"]
    assert wide_form(natural).loc[0, ["sent", "delivered", "read", "failed"]].tolist() == [754, 754, 144, 21]


def test_the_natural_form_keeps_the_words_and_the_long_form_unifies_them(detailed):
    rows = detailed({"date": "2026-10-07", "category": "utility", "status": "failed", "count": 1, "extra": "x"})
    assert natural_form(rows).loc[0, ["category", "status", "extra"]].tolist() == ["utility", "failed", "x"]
    assert long_form(rows).loc[0, ["category", "status"]].tolist() == ["UTILITY", "Error"]


@pytest.mark.parametrize("family", ["reports", "detailed_reports"])
def test_legacy_rows_keep_the_apis_names_and_types(family, frame, rows):
    documented = frame("reports", rows("reports.inferred"))
    natural = natural_form(frame(family, rows("reports.inferred")))
    pd.testing.assert_frame_equal(natural, documented)


def test_legacy_rows_in_the_other_forms(frame, rows):
    legacy = frame("reports", rows("reports.inferred"))
    wide, long = wide_form(legacy), long_form(legacy)
    assert wide["sent"].tolist() == [640, 0, 901]
    assert wide.loc[0].tolist()[1:] == [130042, 640, 622, 441, pd.NA, pd.NA, 215, 560, 80, 290, 310]
    first = long[long["period_start"] == pd.Timestamp("2026-10-05", tz="UTC")]
    assert entries(first) == {
        (None, None, "Read", 441),
        (None, None, "Delivered", 181),
        (None, None, "Sent", 18),
        (None, None, "Incoming", 215),
    }
    again = wide_form(long)
    for name in ("period_start", "account", "sent", "delivered", "read", "incoming"):
        assert again[name].tolist() == wide[name].tolist()


@pytest.mark.parametrize("names", [
    ("sentMessageCount", "deliveredMessageCount", "readMessageCount", "incomingMessageCount", "conversationCount"),
    ("messages_sent", "messages_delivered", "messages_read", "messages_incoming", "conversations"),
    ("Sent", "Delivered", "Read", "Incoming", "Conversations"),
    ("inviati", "consegnati", "letti", "incoming", "conversations"),
])  # fmt: skip
def test_counters_under_other_names(names, detailed):
    rows = detailed({"startDate": "2026-10-07", "accountId": 5, **dict(zip(names, (10, 9, 4, 3, 2), strict=True))})
    wide = wide_form(rows)
    assert wide.loc[0, ["account", "sent", "delivered", "read", "incoming", "conversations"]].tolist() == [
        5,
        10,
        9,
        4,
        3,
        2,
    ]
    assert wide.loc[0, "period_start"] == DAY
    assert natural_form(rows)["sent_message_count"].tolist() == [10]


def test_counters_that_contradict_each_other_still_add_up_to_what_was_reported(detailed):
    rows = detailed({"date": "2026-10-07", "sent": 5, "delivered": None, "read": 8})
    assert entries(long_form(rows)) == {(None, None, "Read", 8), (None, None, "Sent", -3)}
    assert wide_form(long_form(rows))[["sent", "read"]].iloc[0].tolist() == [5, 8]


def test_periods_and_accounts_are_summed_in_order(detailed):
    rows = detailed(
        {"date": "2026-10-08", "account": 1, "status": "Sent", "count": 1, "category": "UTILITY"},
        {"date": "2026-10-07", "account": 2, "status": "Sent", "count": 2, "category": "UTILITY"},
        {"date": "2026-10-07", "account": 1, "status": "Sent", "count": 3, "category": "UTILITY"},
        {"date": "2026-10-07", "account": 1, "status": "Pending", "count": 4, "category": None},
    )
    wide = wide_form(rows)
    assert wide["account"].tolist() == [1, 2, 1]
    assert wide["sent"].tolist() == [3, 2, 1]
    assert wide["pending"].tolist() == [4, 0, 0]


def test_an_empty_answer_is_complete_and_silent(detailed, frame):
    for rows in (detailed(), frame("reports")):
        assert [str(dtype) for dtype in long_form(rows).dtypes] == LONG_DTYPES
        assert [str(dtype) for dtype in wide_form(rows).dtypes] == WIDE_DTYPES
    assert list(natural_form(detailed()).columns) == ["period_start", "channel", "category", "status", "count"]
    assert natural_form(frame("reports")).columns[6] == "sent_message_count"


def test_forms_can_be_taken_again(detailed):
    rows = detailed(*SHAPES["flat"])
    long, wide = long_form(rows), wide_form(rows)
    pd.testing.assert_frame_equal(long_form(long), long)
    pd.testing.assert_frame_equal(wide_form(wide), wide)
    pd.testing.assert_frame_equal(wide_form(natural_form(rows)), wide)


def test_unknown_states_are_kept_and_told(detailed):
    rows = detailed({**BOTH, "status": "Clicked", "count": 3}, {**BOTH, "status": "Sent", "count": 4})
    assert list(long_form(rows)["status"].cat.categories) == [
        "Pending",
        "Sent",
        "Delivered",
        "Read",
        "Error",
        "Clicked",
    ]
    with pytest.warns(SpokiWarning, match="Clicked") as caught:
        assert wide_form(rows).loc[0, "sent"] == 4
    assert caught[0].filename == __file__


@pytest.mark.parametrize("form", [natural_form, long_form, wide_form])
def test_what_is_not_recognised_stays_and_the_warning_shows_the_way(form, detailed):
    rows = detailed({"quando": "2026-10-07", "esito": "Sent", "tot_msg": 3, "sent": "no number"})
    with pytest.warns(SpokiWarning) as caught:
        kept = form(rows)
    message = str(caught[0].message)
    assert "column_map={'quando': 'period_start', 'esito': 'status', 'tot_msg': 'count'}" in message
    assert caught[0].filename == __file__
    assert len(caught) == 1
    assert kept["esito"].tolist() == ["Sent"]
    columns = {natural_form: [], long_form: LONG, wide_form: WIDE}[form]
    assert list(kept.columns[: len(columns)]) == list(columns)
    assert [str(dtype) for dtype in kept.dtypes[: len(columns)]] == {
        natural_form: [],
        long_form: LONG_DTYPES,
        wide_form: WIDE_DTYPES,
    }[form]


def test_the_map_of_columns_wins_over_what_is_recognised(detailed):
    rows = detailed(
        {"quando": "2026-10-07", "date": "1999-01-01", "esito": "letti", "status": "x", "tot": 3, "count": 9}
    )
    mapped = {"quando": "period_start", "esito": "status", "tot": "count"}
    long = long_form(rows, mapped)
    assert long.loc[0, ["period_start", "status", "count"]].tolist() == [DAY, "Read", 3]
    assert "date" in natural_form(rows, mapped).columns


def test_the_map_of_columns_may_name_counters(detailed):
    rows = detailed({"quando": "2026-10-07", "usciti": 5, "arrivati": 4})
    wide = wide_form(rows, {"quando": "period_start", "usciti": "sent", "arrivati": "delivered"})
    assert wide.loc[0, ["period_start", "sent", "delivered"]].tolist() == [DAY, 5, 4]


def test_a_wrong_map_of_columns_is_refused(detailed):
    rows = detailed(*SHAPES["flat"])
    with pytest.raises(UsageError, match="unknown target totals"):
        natural_form(rows, {"count": "totals"})
    with pytest.raises(UsageError, match=r"no column conto; the columns are period_start"):
        natural_form(rows, {"conto": "count"})


def test_provenance_goes_along(detailed):
    rows = stamp(detailed({"date": "2026-10-07", "statuses": {"sent": 1, "read": 2}, "category": None}), account=5)
    assert long_form(rows).attrs["spoki"]["account"] == 5
    assert long_form(rows).attrs["spoki"]["rows"] == 2
    assert rows.attrs["spoki"]["rows"] == 1


def test_counts_that_are_no_numbers_are_missing(detailed):
    rows = detailed({**BOTH, "status": "Sent", "count": "many"}, {**BOTH, "status": "Read", "count": 2})
    assert long_form(rows)["count"].tolist() == [pd.NA, 2]


def test_the_state_of_a_channel_is_not_that_of_a_message(detailed):
    channel = {"name": "WA", "status": "Active", "count": 99}
    rows = detailed({"date": "2026-10-07", "channel": channel, "messageStatus": "Sent", "total": 3})
    assert entries(long_form(rows)) == {("WA", None, "Sent", 3)}


def test_a_mapped_column_means_nothing_else(detailed):
    rows = detailed({"date": "2026-10-07", "channel": "WA", "total": 5})
    assert wide_form(rows, {"total": "sent"}).loc[0, "sent"] == 5


def test_counters_inside_an_object_include_later_states_as_those_of_legacy_rows_do(detailed):
    rows = detailed({"date": "2026-10-07", "totals": {"sent_message_count": 10, "delivered_message_count": 8}})
    assert wide_form(rows).loc[0, ["sent", "delivered"]].tolist() == [10, 8]


UNKNOWN_STATES = {
    "beside known ones": {"statuses": {"Sent": 10, "Held": 5, "Deleted": 1}},
    "under a category": {"MARKETING": {"Delivered": 10, "Held": 5, "Deleted": 1}},
    "above categories": {"Sent": {"UTILITY": 10}, "Held": {"UTILITY": 5}, "Deleted": {"UTILITY": 1}},
    "alone": {"by_status": {"Held": 5, "Deleted": 1}},
    "with a total": {"statuses": {"Sent": 10, "Held": 5, "Deleted": 1, "total": 16}},
    "in rows": {"status": "Held", "count": 5},
}


@pytest.mark.parametrize("shape", UNKNOWN_STATES)
def test_a_state_nobody_documented_keeps_its_name(detailed, shape) -> None:
    states = {word: label for label, words in STATUSES.items() for word in words}
    row = {"period_start": "2026-10-07", "channel": {"id": 1, "platform": "WhatsApp"}, **UNKNOWN_STATES[shape]}
    long = long_form(detailed(row))
    counted = dict(zip(long["status"].astype(str), long["count"], strict=True))
    assert counted["Held"] == 5
    assert counted.get("Deleted", 1) == 1
    assert {word.casefold() for word in counted} - set(states) <= {"held", "deleted"}
    assert natural_form(detailed(row))["count"].sum() == long["count"].sum()


def test_a_wide_form_names_the_states_that_it_cannot_count(detailed) -> None:
    row = {"period_start": "2026-10-07", "statuses": {"Sent": 10, "Held": 5, "Warning": 1}}
    with pytest.warns(SpokiWarning, match="state Held, Warning"):
        assert wide_form(detailed(row))["sent"].tolist() == [10]


def test_a_category_nobody_documented_keeps_its_name(detailed) -> None:
    row = {"period_start": "2026-10-07", "TRANSACTIONAL": {"Sent": 10}, "MARKETING": {"Sent": 1}}
    assert entries(long_form(detailed(row))) == {(None, "TRANSACTIONAL", "Sent", 10), (None, "MARKETING", "Sent", 1)}
