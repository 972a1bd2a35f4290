"""Columns that somebody chooses: before any request, in the order given, for every load."""

import inspect

import pandas as pd
import pytest

from spoki_analytics import SpokiWarning, UsageError
from spoki_analytics.client import Spoki
from spoki_analytics.resources.calls import READS
from tests.conftest import Answer
from tests.resources.conftest import dtypes, told

MANY = [call for call in READS if call.takes == ("filters",) and call.about]


def method(client, call):
    return getattr(getattr(client, call.family), call.method)


def test_columns_come_in_the_order_given_with_derived_and_custom_ones(client, serve):
    serve("contacts", "contacts")
    names = ["field.CITTA", "phone_raw", "id", "field.ULTIMO_ORDINE_datetime"]
    spoki = client()
    frame = spoki.contacts.load(columns=names)
    pd.testing.assert_frame_equal(frame, spoki.contacts.load()[names])
    assert list(frame.columns) == names
    assert told(frame)["unknown_columns"] == []
    assert told(frame)["rows"] == len(frame)


def test_the_cache_keeps_all_columns(client, serve, script):
    serve("contacts", "contacts")
    spoki = client()
    spoki.contacts.load(columns=["id"])
    whole = spoki.contacts.load()
    assert told(whole)["requests"] == 0
    assert "phone" in whole.columns
    assert len(script.seen) == 1


def test_a_single_name_is_one_column(client, serve):
    serve("tags", "tags")
    assert list(client().tags.load(columns="name").columns) == ["name"]


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        (["id", "fone"], 'have no column "fone".*Did you mean phone'),
        (["field."], "have no column"),
        ([], "must name one column or more"),
        (7, "must name one column or more"),
        ([None], "must name one column or more"),
        (["id", "phone", "id"], 'names "id" twice'),
    ],
)  # fmt: skip
def test_wrong_columns_ask_nothing(client, script, columns, complaint):
    with pytest.raises(UsageError, match=complaint):
        client().contacts.load(columns=columns)
    assert script.seen == []


@pytest.mark.parametrize("call", MANY, ids=lambda call: call.resource)
def test_every_load_takes_columns_and_refuses_unknown_ones_before_any_request(client, script, call):
    load = method(client(), call)
    assert "columns" in inspect.signature(getattr(getattr(Spoki, call.family).func(None), call.method)).parameters
    if call.family in ("partners", "invitations", "reports") and call.resource != "partners.accounts":
        return  # no source documents their columns
    with pytest.raises(UsageError, match="no column"):
        load(**call.fixed, columns=["nonsense_"])
    assert script.seen == []


def test_a_custom_value_that_nobody_has_is_an_empty_column_and_said(client, serve):
    serve("contacts", "contacts")
    with pytest.warns(SpokiWarning, match=r"No row has a value of \"field.CITA\".*field.CITTA"):
        frame = client().contacts.load(columns=["id", "field.CITA"])
    assert dtypes(frame, "field.CITA") == ["str"]
    assert frame["field.CITA"].isna().all()


def test_rows_are_chosen_by_columns_that_are_not_wanted(client, serve):
    rows = serve("tickets", "tickets")
    spoki = client()
    status = rows[0]["status"]
    frame = spoki.tickets.load(status=status, columns=["title"])
    pd.testing.assert_frame_equal(frame, spoki.tickets.load(status=status)[["title"]])
    assert told(frame)["rows"] == len(frame) > 0


@pytest.mark.filterwarnings("ignore:reports:spoki_analytics.SpokiWarning")
def test_side_tables_and_reports_have_columns_of_their_own(client, serve, script):
    serve("contacts", "contacts")
    spoki = client()
    assert list(spoki.contacts.memberships("lists", columns=["name", "contact_id"]).columns) == ["name", "contact_id"]
    with pytest.raises(UsageError, match="no column"):
        spoki.reports.load(form="wide", columns=["conversation"])
    script["/api/1/reports/detailed/"] = Answer([{"date": "2026-10-01", "what": 4}])
    asked = len(script.seen)
    assert spoki.reports.load("2026-10-01", "2026-10-01", columns=["what"])["what"].tolist() == [4]
    with pytest.raises(UsageError, match="Did you mean what"):
        spoki.reports.load("2026-10-01", "2026-10-01", columns=["whats"])
    assert len(script.seen) > asked


@pytest.mark.parametrize("limit", [0, -1, True])
def test_a_limit_is_checked_before_any_request_where_rows_are_chosen_here(client, script, limit):
    with pytest.raises(UsageError, match="at least 1"):
        client().tickets.load(status="open", limit=limit)
    assert script.seen == []
