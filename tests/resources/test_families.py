"""What holds for every family alike."""

import pandas as pd
import pytest

from spoki_analytics import NotFoundError, SpokiWarning, UsageError
from tests.conftest import Answer
from tests.resources.conftest import told

FAMILIES = {
    "accounts": ("accounts", "accounts", "List Accounts"),
    "agencies": ("agencies", "agencies", "List Agencies"),
    "automations": ("automations", "automations", "List Automations"),
    "campaigns": ("campaigns", "campaigns", "List campaigns"),
    "channels": ("channel", "channels.inferred", "List Channels"),
    "contacts": ("contacts", "contacts", "List Contacts"),
    "custom_fields": ("custom-fields", "custom_fields", "List Custom Fields"),
    "invitations": ("invitations", "invitations.inferred", "List Invitations"),
    "lists": ("lists", "lists", "List Lists"),
    "media": ("media", "media", "List media"),
    "partners": ("partners", "partners.inferred", "List Partners"),
    "roles": ("roles", "roles", "List Roles"),
    "tags": ("tags", "tags", "List tags"),
    "templates": ("templates", "templates", "List templates"),
    "tickets": ("tickets", "tickets", "List Tickets"),
    "webhooks": ("external-webhooks", "webhooks.inferred", "List Webhooks"),
}
SINGLES = sorted(set(FAMILIES) - {"partners"})


@pytest.mark.parametrize("family", FAMILIES)
def test_a_load_has_all_rows_and_says_where_they_come_from(client, serve, script, family):
    path, name, operation = FAMILIES[family]
    rows = serve(path, name)
    frame = getattr(client(), family).load()
    facts = told(frame)
    assert frame["id"].tolist() == [row["id"] for row in rows]
    assert str(frame["id"].dtype) == "Int64"
    assert facts["operation"] == operation
    assert facts["account"].startswith("key-")
    assert facts["filters"] == {}
    assert (facts["rows"], facts["requests"], facts["cache_hits"]) == (len(rows), len(script.seen), 0)
    assert (facts["stale"], facts["drift"]) == (False, False)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_empty_answer_has_the_columns_and_dtypes_of_a_full_one(client, serve, script, family):
    path, name, _ = FAMILIES[family]
    rows = serve(path, name)
    full = getattr(client(), family).load()
    script[f"/api/1/{path}/"] = Answer({"count": 0, "next": None, "previous": None, "results": []})
    empty = getattr(client(), family).load(refresh=True)
    known = [column for column in full.columns if column in empty.columns]
    assert len(rows)
    assert len(empty) == 0
    assert list(empty.columns) == known
    assert [str(empty[column].dtype) for column in known] == [str(full[column].dtype) for column in known]


@pytest.mark.parametrize("family", SINGLES)
def test_get_gives_the_row_of_load(client, serve, family):
    path, name, _ = FAMILIES[family]
    rows = serve(path, name)
    spoki = client()
    frame = getattr(spoki, family).load()
    series = getattr(spoki, family).get(rows[0]["id"])
    facts = told(series)
    assert series.name == rows[0]["id"]
    assert facts["rows"] == 1
    common = series.index.intersection(frame.columns)
    assert len(common) >= 2
    pd.testing.assert_series_equal(series[common], frame.iloc[0][common], check_names=False, check_dtype=False)


@pytest.mark.parametrize("family", SINGLES)
def test_get_of_what_is_not_there(client, script, family):
    with pytest.raises(NotFoundError) as caught:
        getattr(client(), family).get(999)
    assert caught.value.status == 404
    assert caught.value.operation.startswith("Retrieve")
    assert len(script.seen) == 1


@pytest.mark.parametrize("wrong", ["../1", "1/../2", "", None, -1, 1.5, True, "1?x=1", "１", [1], 10**30])
@pytest.mark.parametrize("family", SINGLES)
def test_a_wrong_id_is_refused_before_any_request(client, script, family, wrong):
    with pytest.raises(UsageError, match="must be a whole number"):
        getattr(client(), family).get(wrong)
    assert not script.seen


def test_an_id_from_a_frame_is_an_id(client, serve):
    serve("accounts", "accounts")
    spoki = client()
    facts = told(spoki.accounts.get(spoki.accounts.load()["id"].iloc[0]))
    assert (facts["account"], facts["filters"]) == (130042, {"account_id": 130042})


@pytest.mark.parametrize("family", ["contacts", "campaigns", "templates", "automations"])
@pytest.mark.parametrize("which", ["friends", None, ["lists"]])
def test_a_side_table_that_is_none_is_refused_before_any_request(client, script, family, which):
    with pytest.raises(UsageError, match="side table"):
        getattr(client(), family).memberships(which)
    assert not script.seen


def test_one_row_of_the_wrong_type_costs_one_warning_and_no_row(client, script):
    rows = [{"id": 1, "name": "a", "order": 0}, {"id": 2, "name": "b", "order": "first"}]
    script["/api/1/tags/"] = Answer(rows)
    with pytest.warns(SpokiWarning, match=r"tags\.order") as caught:
        frame = client().tags.load()
    assert len(caught) == 1
    assert frame["order"].tolist() == ["0", "first"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"tag": "x"}, "tag"), ({"tag": 5.5}, "tag"), ({"tag": True}, "tag"), ({"is_blocked": "yes"}, "is_blocked")],
)
def test_a_filter_of_the_wrong_type_is_refused_before_any_request(client, script, options, message):
    with pytest.raises(UsageError, match=f"{message} must be"):
        client().contacts.load(**options)
    assert not script.seen
