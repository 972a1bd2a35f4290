from datetime import UTC, date, datetime

import pandas as pd
import pytest

from spoki_analytics import PermissionDeniedError, RemovedOperationError, SpokiWarning, UsageError
from tests.conftest import Answer
from tests.resources.conftest import dtypes, example, told

DETAILED = "/api/1/reports/detailed/"
LEGACY = "/api/1/reports/"
PERIOD = ("2026-10-01", "2026-10-31")


def test_the_detailed_report_is_long(client, script):
    script[DETAILED] = Answer(example("reports_detailed.inferred"))
    frame = client().reports.load(*PERIOD)
    assert dtypes(frame, "period_start", "channel", "category", "status", "count") == [
        "datetime64[us, UTC]", "str", "category", "category", "Int64",
    ]  # fmt: skip
    assert frame["count"].tolist() == [610, 144, 21]
    facts = told(frame)
    assert facts["operation"] == "List Detailed Reports"
    assert facts["filters"] == {"granularity": "Day", "start_date": "2026-10-01", "end_date": "2026-10-31"}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 10, 1), date(2026, 10, 31)),
        (datetime(2026, 10, 1, 23), datetime(2026, 10, 31)),
        (datetime(2026, 9, 30, 22, 30, tzinfo=UTC), "2026-10-31T10:00:00Z"),
        (pd.Timestamp("2026-10-01"), " 2026-10-31 "),
    ],
)
def test_days_may_be_written_in_many_ways(client, script, start, end):
    script[DETAILED] = Answer([])
    client().reports.load(start=start, end=end, granularity="month")
    asked = {name: values[0] for name, values in script.seen[-1].query.items()}
    assert asked == {"granularity": "Month", "start_date": "2026-10-01", "end_date": "2026-10-31"}


@pytest.mark.parametrize(
    "options",
    [
        {"start": "x"},
        {"start": 5},
        {"end": "2026-02-30"},
        {"start": pd.NaT},
        {"start": "2026-10-02", "end": "2026-10-01"},
    ],
)
def test_wrong_days_are_refused_before_any_request(client, script, options):
    with pytest.raises(UsageError):
        client().reports.load(**options)
    assert not script.seen


@pytest.mark.parametrize("granularity", ["Hour", None, "", 5])
def test_a_wrong_granularity_is_refused_before_any_request(client, script, granularity):
    with pytest.raises(UsageError, match="Day, Week, Month or Year"):
        client().reports.load(*PERIOD, granularity=granularity)
    assert not script.seen


def test_without_a_detailed_report_the_older_one_is_read_and_both_requests_are_told(client, script):
    script[LEGACY] = Answer(example("reports.inferred"))
    spoki = client()
    with pytest.warns(SpokiWarning, match="older report"):
        frame = spoki.reports.load(*PERIOD)
    facts = told(frame)
    assert (facts["operation"], facts["requests"]) == ("List Reports", 2)
    assert frame["sent_message_count"].tolist() == [640, 0, 901]
    with pytest.warns(SpokiWarning, match="older report"):
        again = told(spoki.reports.load(*PERIOD))
    assert (again["requests"], again["cache_hits"]) == (0, 1)
    assert script.paths() == [DETAILED, LEGACY]


def test_without_either_report_the_operation_is_removed(client, script):
    with pytest.raises(RemovedOperationError) as caught:
        client().reports.load(*PERIOD)
    assert caught.value.status == 404
    assert "current_report" in caught.value.replacement
    assert script.paths() == [DETAILED, LEGACY]


def test_a_refusal_is_no_absence(client, script):
    script[DETAILED] = Answer({"detail": "no"}, 403)
    script[LEGACY] = Answer(example("reports.inferred"))
    with pytest.raises(PermissionDeniedError):
        client().reports.load(*PERIOD)
    assert script.paths() == [DETAILED]


def test_what_is_not_recognised_stays_and_can_be_mapped(client, script):
    script[DETAILED] = Answer([{"giornata": "2026-10-07", "x": {"tipo": "Read"}, "quanti": 5}])
    spoki = client()
    with pytest.warns(SpokiWarning, match="column_map"):
        frame = spoki.reports.load(*PERIOD)
    assert list(frame.columns) == ["giornata", "x.tipo", "quanti"]
    named = {"giornata": "period_start", "x.tipo": "status", "quanti": "count"}
    mapped = spoki.reports.load(*PERIOD, column_map=named)
    assert (mapped["status"].tolist(), mapped["count"].tolist()) == (["Read"], [5])
    assert len(script.seen) == 1


def test_rows_that_share_an_id_are_no_duplicates(client, script):
    row = {"id": 17, "period_start": "2026-10-07", "status": "Sent", "category": "MARKETING", "count": 1}
    script[DETAILED] = Answer([row, {**row, "status": "Read", "count": 2}])
    frame = client().reports.load(*PERIOD)
    assert frame["count"].tolist() == [1, 2]
    assert told(frame)["drift"] is False


def test_an_object_of_figures_is_one_row(client, script):
    script[DETAILED] = Answer({"period_start": "2026-10-07", "sent_message_count": 4, "delivered_message_count": 3})
    frame = client().reports.load(*PERIOD, form="wide")
    assert (frame["sent"].tolist(), frame["delivered"].tolist()) == ([4], [3])


@pytest.mark.parametrize("form", ["long", "wide"])
def test_an_empty_period_keeps_columns_and_dtypes(client, script, form):
    script[DETAILED] = [Answer(example("reports_detailed.inferred")), Answer([])]
    spoki = client()
    full = spoki.reports.load(*PERIOD, form=form)
    empty = spoki.reports.load(*PERIOD, form=form, refresh=True)
    assert (len(full) > 0, len(empty)) == (True, 0)
    assert list(empty.columns) == list(full.columns)
    assert [str(x) for x in empty.dtypes] == [str(x) for x in full.dtypes]


def test_the_wide_form_takes_what_is_missing_from_the_older_report(client, script):
    script[DETAILED] = Answer(example("reports_detailed.inferred"))
    script[LEGACY] = Answer(example("reports.inferred"))
    spoki = client()
    wide = spoki.reports.load(*PERIOD, form="wide")
    asked = wide[wide["sent"].notna()]
    assert asked["sent"].tolist() == [610 + 144]
    assert asked["failed"].tolist() == [21]
    assert (asked["incoming"].tolist(), asked["conversations"].tolist()) == ([260], [377])
    facts = told(wide)
    assert (facts["operation"], facts["completed_from"], facts["requests"]) == (
        "List Detailed Reports", "List Reports", 2,
    )  # fmt: skip
    assert spoki.reports.load(*PERIOD, form="wide").attrs["spoki"]["requests"] == 0
    assert len(script.seen) == 2


@pytest.mark.parametrize("detailed", [[{"period_start": "2026-10-02", "status": "Sent", "count": 7}], []])
def test_days_that_only_the_older_report_knows_count_too(client, script, detailed):
    script[DETAILED] = Answer(detailed)
    script[LEGACY] = Answer(
        [
            {"account": 4100, "period_start": "2026-10-02", "sent_message_count": 7, "incoming_message_count": 3},
            {"account": 4100, "period_start": "2026-10-04", "sent_message_count": 0, "incoming_message_count": 9},
            {"account": 4100, "period_start": "2026-10-05", "sent_message_count": 0, "incoming_message_count": 0},
        ]
    )
    wide = client().reports.load(*PERIOD, form="wide")
    assert (wide["incoming"].sum(), wide["sent"].sum()) == (12, 7)
    assert [day.day for day in wide["period_start"]] == [2, 4]
    assert told(wide)["rows"] == 2


@pytest.mark.parametrize(("stated", "incoming"), [(4101, [5]), (None, [pd.NA])])
def test_rows_without_account_get_no_counters_of_other_accounts(client, script, stated, incoming):
    script[DETAILED] = Answer([{"period_start": "2026-10-02", "status": "Sent", "count": 7}])
    script["/api/1/accounts/"] = Answer([{"id": 4100}, {"id": 4101}])
    rows = [
        {"account": account, "period_start": "2026-10-02", "incoming_message_count": count}
        for account, count in [(4100, 100), (4101, 5)]
    ]
    script[LEGACY] = Answer(rows)
    wide = client(account=stated).reports.load(*PERIOD, form="wide")
    assert wide["incoming"].tolist() == incoming


def test_the_wide_form_does_without_the_older_report_where_it_is_gone(client, script):
    script[DETAILED] = Answer(example("reports_detailed.inferred"))
    spoki = client()
    assert spoki.reports.load(*PERIOD, form="wide")["incoming"].isna().all()
    spoki.reports.load(*PERIOD, form="wide")
    assert [seen.path for seen in script.seen] == [DETAILED, LEGACY]
