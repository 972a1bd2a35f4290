from datetime import UTC, date, datetime

import pandas as pd
import pytest

from spoki_analytics import SpokiWarning, UsageError
from tests.conftest import Answer
from tests.resources.conftest import dtypes, example, told


def test_columns_and_dtypes(client, serve):
    serve("campaigns", "campaigns")
    frame = client().campaigns.load()
    assert dtypes(frame, "status", "scheduled_datetime", "automation.id", "automation.name", "messages_sent") == [
        "category", "datetime64[us, UTC]", "Int64", "str", "Int64",
    ]  # fmt: skip
    assert frame["scheduled_datetime"].tolist()[1] == pd.Timestamp("2026-10-07T14:30Z")
    assert frame["lists"].tolist()[0] == ["Clienti newsletter"]
    assert frame["automation.id"].isna().sum() == 1
    assert told(frame)["unknown_columns"] == ["template"]
    assert list(frame.columns)[-1] == "template"
    assert {"Draft", "Scheduled", "Processing", "Completed"} <= set(frame["status"].cat.categories)


@pytest.mark.parametrize(
    ("first", "last", "ids"),
    [
        ("2026-10-07", "2026-10-07", [88002]),
        (date(2026, 9, 5), date(2026, 10, 7), [88001, 88002]),
        (datetime(2026, 10, 6, 23, tzinfo=UTC), None, [88002, 88003, 88004]),
        (None, "2026-09-04", []),
        ("2027-01-01", None, [88004]),
        (None, "2026-12-31", [88001, 88002, 88003]),
        ("0001-01-01", "9999-12-31", [88001, 88002, 88003, 88004]),
    ],
)
def test_days_are_cut_here_in_the_time_zone(client, serve, first, last, ids):
    serve("campaigns", "campaigns")
    assert client().campaigns.load(first, last)["id"].tolist() == ids


def test_the_server_is_asked_for_a_day_more_and_provenance_says_both(client, serve, script):
    serve("campaigns", "campaigns")
    frame = client().campaigns.load("2026-10-01", "2026-10-31")
    sent = {"scheduled_datetime_gte": "2026-09-30", "scheduled_datetime_lte": "2026-11-01"}
    assert {name: values[0] for name, values in script.seen[0].query.items()} == sent
    facts = told(frame)
    assert facts["filters"] == {**sent, "scheduled_from": "2026-10-01", "scheduled_to": "2026-10-31"}
    assert facts["rows"] == len(frame) == 1


def test_a_date_that_cannot_be_read_falls_on_no_day(client, script):
    rows = [*example("campaigns")["results"], {**example("campaign"), "id": 1, "scheduled_datetime": "soon"}]
    script["/api/1/campaigns/"] = Answer(rows)
    with pytest.warns(SpokiWarning, match="scheduled_datetime"):
        assert client().campaigns.load("2026-10-01", "2026-10-31")["id"].tolist() == [88002]


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-10-32", None), ("x", None), (5, None), ("", None), (pd.NaT, None), ("2026-10-02", "2026-10-01")],
)
def test_wrong_days_are_refused_before_any_request(client, script, first, last):
    with pytest.raises(UsageError, match="scheduled_from"):
        client().campaigns.load(first, last)
    assert not script.seen


def test_target_lists_of_each_campaign(client, serve, script):
    rows = serve("campaigns", "campaigns")
    frame = client().campaigns.memberships()
    expected = [(row["id"], item["id"]) for row in rows for item in row["lists"]]
    assert list(zip(frame["campaign_id"], frame["id"], strict=True)) == expected
    assert told(frame)["unknown_columns"] == ["is_dynamic"]
