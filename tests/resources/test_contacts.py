import pandas as pd
import pytest

from tests.conftest import Answer
from tests.resources.conftest import dtypes, example, told

CONTACTS = "/api/1/contacts/"


def test_columns_and_dtypes(client, serve):
    serve("contacts", "contacts")
    frame = client().contacts.load()
    assert dtypes(frame, "id", "phone", "status", "is_blocked", "created_datetime", "list_set", "field.CITTA") == [
        "Int64", "str", "category", "boolean", "datetime64[us, UTC]", "object", "str",
    ]  # fmt: skip
    assert frame["phone"].tolist()[:2] == ["+393330000001", "+393330000002"]
    assert frame["phone_raw"].tolist()[:2] == ["+393330000001", "393330000002"]
    assert frame["list_set"].tolist()[0] == ["Clienti newsletter", "VIP Milano – Natale 2025 🎄"]
    assert frame["list_set"].tolist()[3] == []
    assert frame["role_set"].tolist()[0] == ["luca.damico@example.com"]
    assert frame["field.ULTIMO_ORDINE_datetime"].tolist()[0] == pd.Timestamp("2026-09-14T16:30Z")
    assert told(frame)["unknown_columns"] == ["acquisition.utm_source"]
    assert frame.columns[-1] == "acquisition.utm_source"


def test_a_row_without_optional_fields_has_them_missing(client, serve):
    serve("contacts", "contacts")
    short = client().contacts.load().iloc[4]
    assert short["id"] == 1091005
    assert pd.isna(short["status"])
    assert pd.isna(short["is_blocked"])
    assert short["role_set"] == []


def test_every_filter_reaches_the_server(client, script):
    script[CONTACTS] = Answer(example("empty_page"))
    given = {
        "search": "à &=+%2B#", "status": "Subscribed", "language": "it", "tag": 5101, "is_blocked": True,
        "email": "a@example.com", "phone": "+393330000001", "first_name": "Anna", "last_name": "Bianchi",
    }  # fmt: skip
    frame = client().contacts.load(**given)
    asked = {name: values[0] for name, values in script.seen[0].query.items() if name != "page_size"}
    assert asked == {**given, "tag": "5101", "is_blocked": "true"}
    assert told(frame)["filters"] == {**given, "is_blocked": "true"}


def test_other_filters_are_other_listings(client, script):
    script[CONTACTS] = [Answer([{"id": 1}]), Answer([{"id": 2}])]
    spoki = client()
    assert spoki.contacts.load(language="it")["id"].tolist() == [1]
    assert spoki.contacts.load(language="de")["id"].tolist() == [2]
    assert spoki.contacts.load(language="it")["id"].tolist() == [1]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("lists", [(1091001, 41001), (1091001, 41002), (1091003, 41004), (1091005, 41005)]),
        ("tags", [(1091001, 5101), (1091003, 5103), (1091003, 5104)]),
        ("operators", [(1091001, 7702)]),
    ],
)
def test_memberships_are_long(client, serve, script, which, expected):
    serve("contacts", "contacts")
    spoki = client()
    spoki.contacts.load()
    frame = spoki.contacts.memberships(which)
    assert list(zip(frame["contact_id"], frame["id"], strict=True)) == expected
    assert dtypes(frame, "contact_id", "id") == ["Int64", "Int64"]
    facts = told(frame)
    assert (facts["requests"], facts["cache_hits"], facts["rows"]) == (0, 1, len(expected))
    assert len(script.seen) == 1


def test_unknown_fields_of_a_side_table_are_named(client, serve):
    serve("contacts", "contacts")
    assert told(client().contacts.memberships("lists"))["unknown_columns"] == ["is_dynamic"]


def test_custom_values_are_long_too(client, serve):
    serve("contacts", "contacts")
    frame = client().contacts.memberships("fields")
    assert frame["code"].tolist() == ["CITTA", "ULTIMO_ORDINE", "_TARGA_", "DATA_NASCITA"]
    assert dtypes(frame, "contact_id", "value", "value_datetime") == ["Int64", "str", "datetime64[us, UTC]"]


def test_memberships_of_nobody_keep_their_columns(client, serve, script):
    serve("contacts", "contacts")
    full = client().contacts.memberships("tags")
    script[CONTACTS] = Answer(example("empty_page"))
    empty = client().contacts.memberships("tags", refresh=True)
    assert len(empty) == 0
    assert (empty.dtypes == full.dtypes).all()


def test_half_a_surrogate_pair_in_a_name_costs_nothing(client, script):
    script[CONTACTS] = Answer(b'[{"id": 1, "first_name": "\\ud800x"}, {"id": 2, "first_name": "Anna"}]')
    assert client().contacts.load()["first_name"].tolist()[1] == "Anna"
    script["/api/1/contacts/1/"] = Answer(b'{"id": 1, "first_name": "\\ud800x"}')
    spoki = client()
    assert spoki.contacts.get(1)["first_name"] == spoki.contacts.get(1)["first_name"]
    assert len(script.seen) == 2
