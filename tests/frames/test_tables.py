"""Rows to typed frames: names, dtypes, derived columns, side tables, and what happens to data that is not as told."""

import datetime
import warnings
from pathlib import Path

import pandas as pd
import pytest

from spoki_analytics.errors import SpokiWarning, UsageError
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.frames.tables import dump, load, memberships, to_frame

EXAMPLES = Path(__file__).parent.parent / "examples"
FAMILIES = {
    "account": "accounts", "account_current_report": "current_report", "media_item": "media",
    "reports_detailed": "detailed_reports", "custom_field": "custom_fields",
}  # fmt: skip
LISTINGS = sorted(path.stem for path in EXAMPLES.glob("*.json") if not path.name.startswith("role_has"))


def family_of(name: str) -> str:
    stem = name.split(".", maxsplit=1)[0]
    plural = FAMILIES.get(stem, stem)
    return plural if plural in SCHEMAS else f"{plural}s" if f"{plural}s" in SCHEMAS else "generic"


@pytest.mark.parametrize("name", LISTINGS)
def test_every_example_loads_without_a_warning_and_has_the_dtypes_of_an_empty_answer(name, table, frame, rows):
    family = family_of(name)
    assert family != "generic" or name == "empty_page"
    kept = load(dump(table(family, rows(name))))
    loaded, empty = to_frame(kept, SCHEMAS[family]), frame(family)
    assert len(loaded) == len(rows(name))
    for column in empty:
        assert str(loaded[column].dtype) == str(empty[column].dtype), column
    assert list(loaded.columns)[: len(empty.columns)] == list(empty.columns) or family == "contacts"


def test_contacts_have_the_documented_columns_and_dtypes(frame, rows):
    contacts = frame("contacts", rows("contacts"), rows("contacts.alt-last-page"))
    assert {name: str(dtype) for name, dtype in contacts.dtypes.items()} == {
        "id": "Int64",
        "phone": "str",
        "phone_raw": "str",
        "email": "str",
        "first_name": "str",
        "last_name": "str",
        "language": "str",
        "status": "category",
        "chat_link": "str",
        "has_invalid_phone": "boolean",
        "is_blocked": "boolean",
        "is_restricted": "boolean",
        "created_datetime": "datetime64[us, UTC]",
        "list_set": "object",
        "tag_set": "object",
        "role_set": "object",
        "field.CITTA": "str",
        "field.ULTIMO_ORDINE": "str",
        "field.ULTIMO_ORDINE_datetime": "datetime64[us, UTC]",
        "field._TARGA_": "str",
        "field.DATA_NASCITA": "str",
        "field.DATA_NASCITA_datetime": "datetime64[us, UTC]",
        "acquisition.utm_source": "str",
    }
    anna, company = contacts.iloc[0], contacts.iloc[1]
    assert anna["list_set"] == ["Clienti newsletter", "VIP Milano – Natale 2025 🎄"]
    assert (anna["tag_set"], anna["role_set"]) == (["VIP"], ["luca.damico@example.com"])
    assert anna["field.CITTA"] == "Bologna"
    assert anna["field.ULTIMO_ORDINE_datetime"] == pd.Timestamp("2026-09-14T16:30:00Z")
    assert company["first_name"] == "<b>Anna</b> & Co"
    assert (company["phone"], company["phone_raw"]) == ("+393330000002", "393330000002")
    assert company["list_set"] == []
    assert contacts["created_datetime"].iloc[2] == pd.Timestamp("2026-06-21T10:00:00Z")
    assert pd.isna(contacts["status"].iloc[4])
    assert contacts.attrs["spoki"] == {"rows": 7, "unknown_columns": ["acquisition.utm_source"]}


def test_lists_in_the_frame_are_separate_objects(frame):
    contacts = frame("contacts", [{"id": 1}, {"id": 2}])
    contacts["list_set"].iloc[0].append("mine")
    assert contacts["list_set"].iloc[1] == []


def test_money_is_whole_thousandths_with_euros_beside(frame, rows):
    accounts = frame("accounts", rows("accounts"))
    assert accounts["current_credit"].tolist() == [125430, 9000]
    assert accounts["current_credit_eur"].tolist() == [125.43, 9.0]
    assert accounts["low_credit_threshold_eur"].tolist() == [15.0, 15.0]
    assert str(accounts["min_credit_balance_millicents"].dtype) == "Int64"
    assert list(accounts.columns).index("current_credit_eur") == list(accounts.columns).index("current_credit") + 1


def test_quality_is_read_from_words_in_two_languages_and_never_from_numbers(frame):
    scores = [1, "🟢 Green", "GIALLO", "qualità: rossa", "rosso", None, "unscored", 3.5]
    accounts = frame("accounts", [{"id": n, "quality_score": score} for n, score in enumerate(scores)])
    assert accounts["quality_score"].tolist()[:2] == ["1", "🟢 Green"]
    colours = accounts["quality_colour"]
    assert [None if pd.isna(c) else c for c in colours] == [None, "green", "yellow", None, "red", None, None, None]
    assert list(colours.cat.categories) == ["green", "yellow", "red"]


def test_tickets_are_closed_by_their_time_first_and_their_status_second(frame):
    tickets = frame(
        "tickets",
        [
            {"id": 1, "status": "Open", "closed_datetime": "2026-01-01T00:00:00Z"},
            {"id": 2, "status": " RESOLVED "},
            {"id": 3, "status": "In attesa fornitore", "closed_datetime": None},
            {"id": 4, "status": None},
        ],
    )
    assert tickets["is_closed"].tolist() == [True, True, False, pd.NA]
    assert tickets["status"].tolist()[1] == " RESOLVED "


def test_enumerations_hold_all_declared_values_and_unknown_ones_after_them(frame):
    status = frame("campaigns", [{"status": "Held"}, {"status": "Draft"}, {"status": "Archived"}])["status"]
    declared = ["Draft", "Scheduled", "Processing", "Paused", "Completed"]
    assert list(status.cat.categories) == [*declared, "Archived", "Held"]
    assert status.tolist() == ["Held", "Draft", "Archived"]


def test_consent_falls_back_to_the_boolean_of_other_versions(frame):
    contacts = frame(
        "contacts",
        [
            {"id": 1, "is_subscribed": True},
            {"id": 2, "is_subscribed": False, "status": "Not Declared"},
            {"id": 3, "is_subscribed": False},
        ],
    )
    assert contacts["status"].tolist() == ["Subscribed", "Not Declared", "Unsubscribed"]
    assert contacts["is_subscribed"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("field", "values", "texts", "told"),
    [
        (
            "daily_limit",
            [1000, "secret value"],
            ["1000", "secret value"],
            "1 value of the wrong type (text in place of whole number)",
        ),
        ("daily_limit", [1000, "12"], ["1000", "12"], "text"),
        ("daily_limit", [7, True], ["7", "true"], "boolean"),
        ("daily_limit", [7, 1.5], ["7", "1.5"], "number"),
        ("daily_limit", [2.0, 1.5], None, "number"),
        ("daily_limit", [7, 2**70], ["7", str(2**70)], "number beyond 64 bits"),
        ("name", ["a", 5], ["a", "5"], "number"),
        ("name", ["a", {"b": [1]}], ["a", '{"b":[1]}'], "object"),
        ("is_active", [True, "yes"], ["true", "yes"], "text"),
        ("default_pricing_delta", [0.5, [1]], ["0.5", "[1]"], "list"),
        ("current_credit", [5, "5 €"], ["5", "5 €"], "text"),
    ],
)
@pytest.mark.parametrize("apart", [True, False])
def test_a_wrong_type_turns_its_column_into_text_with_one_warning(table, field, values, texts, told, apart):
    pages = [[{"id": n, field: value}] for n, value in enumerate(values)]
    built = table("accounts", *(pages if apart else [pages[0] + pages[1]]))
    kept = load(dump(built))
    with pytest.warns(SpokiWarning) as caught:
        accounts = to_frame(kept, SCHEMAS["accounts"])
    assert len(caught) == 1
    message = str(caught[0].message)
    assert message.startswith(f"accounts.{field}: ")
    assert told in message
    assert "secret value" not in message
    assert caught[0].filename == __file__
    assert texts is None or accounts[field].tolist() == texts
    assert str(accounts[field].dtype) == "str"
    assert accounts["id"].tolist() == [0, 1]


def test_whole_numbers_may_be_written_as_floats(frame):
    assert frame("accounts", [{"id": 5.0, "daily_limit": 12.0, "default_pricing_delta": 3}]).loc[0, "daily_limit"] == 12


def test_date_times_of_every_iso_form_are_one_instant_type(frame):
    texts = [
        "2026-10-05T09:00:00Z",
        "2026-10-05T11:00:00+02:00",
        "2026-10-05 09:00:00.000+0000",
        "20261005T090000Z",
        "2026-10-05T09:00:00.000000000Z",
    ]
    moments = frame("lists", [{"id": n, "created_datetime": text} for n, text in enumerate(texts)])["created_datetime"]
    assert set(moments) == {pd.Timestamp("2026-10-05T09:00:00Z")}
    assert str(moments.dtype) == "datetime64[us, UTC]"


def test_a_missing_offset_is_read_in_the_given_zone_with_one_warning(frame):
    page = [{"id": 1, "created_datetime": "2026-07-01T10:00:00"}, {"id": 2, "created_datetime": "2026-01-01T10:00:00Z"}]
    with pytest.warns(SpokiWarning, match=r"lists.created_datetime: 1 value without an offset.*Europe/Rome") as caught:
        lists = frame("lists", page, zone="Europe/Rome")
    assert len(caught) == 1
    assert lists["created_datetime"].tolist() == [
        pd.Timestamp("2026-07-01T08:00:00Z"),
        pd.Timestamp("2026-01-01T10:00:00Z"),
    ]


def test_an_unreadable_date_time_keeps_its_column_as_text(frame):
    page = [{"id": 1, "created_datetime": "ieri"}, {"id": 2, "created_datetime": "2026-01-01T10:00:00Z"}]
    with pytest.warns(SpokiWarning, match=r"lists.created_datetime: 1 value cannot be read as ISO 8601"):
        lists = frame("lists", page)
    assert lists["created_datetime"].tolist() == ["ieri", "2026-01-01T10:00:00Z"]


def test_an_empty_date_time_is_a_missing_one(frame):
    page = [{"id": 1, "created_datetime": ""}, {"id": 2, "created_datetime": "2026-01-01T10:00:00Z"}]
    assert frame("lists", page)["created_datetime"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+02:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59"]
)
def test_dates_at_the_end_of_the_calendar_do_no_harm(table, text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lists = to_frame(table("lists", [{"id": 1, "created_datetime": text}], zone="Europe/Rome"), SCHEMAS["lists"])
    assert lists["created_datetime"].notna().all()
    assert text[:4] in lists.to_html()
    assert text[:4] in lists["created_datetime"].dt.tz_convert("Pacific/Kiritimati").to_frame().to_html()


def test_periods_are_calendar_days_at_midnight_utc_whatever_their_offset(frame):
    texts = ["2026-10-01", "2026-10-01T00:00:00+02:00", "20261001", "2026-10", "2026-10-01T23:59:59Z"]
    days = frame("reports", [{"period_start": text} for text in texts])["period_start"]
    assert set(days) == {pd.Timestamp("2026-10-01T00:00:00Z")}


def test_unknown_fields_come_last_flattened_and_complete(frame):
    page = [
        {
            "id": 1,
            "x": 1,
            "deep": {"a": {"b": True}},
            "many": [{"c": 1}],
            "words": ["u", "v"],
            "mixed": 1,
            "half": None,
        },
        {"id": 2, "x": 2, "deep": {"a": {"b": False}, "s": "t"}, "mixed": "one", "half": 1.5},
    ]
    tags = frame("tags", page, [{"id": 3, "x": 3.5, "deep": "bare", "mixed": None}])
    assert list(tags.columns) == [
        "id",
        "name",
        "color",
        "order",
        "x",
        "deep",
        "deep.a.b",
        "deep.s",
        "many",
        "words",
        "mixed",
        "half",
    ]
    assert tags["x"].tolist() == [1.0, 2.0, 3.5]
    assert tags["deep"].tolist()[2] == "bare"
    assert tags["deep.a.b"].tolist() == [True, False, pd.NA]
    assert tags["many"].tolist()[0] == '[{"c":1}]'
    assert tags["words"].tolist()[0] == '["u","v"]'
    assert tags["mixed"].tolist()[:2] == ["1", "one"]
    assert tags.attrs["spoki"]["unknown_columns"] == [
        "x",
        "deep",
        "deep.a.b",
        "deep.s",
        "many",
        "words",
        "mixed",
        "half",
    ]


def test_mixed_unknown_values_on_different_pages_become_text(frame):
    with pytest.warns(SpokiWarning, match="x: 2 values, of one type on one page and of another on the next"):
        mixed = frame("tags", [{"id": 1, "x": 1}], [{"id": 2}], [{"id": 3, "x": "one"}])["x"]
    assert mixed.tolist()[::2] == ["1", "one"]


def test_unknown_fields_never_take_the_name_of_ours(frame):
    page = [{"id": 1, "current_credit": 5, "current_credit_eur": "theirs", "phone": "+393330000001", "phone_raw": "x"}]
    accounts = frame("accounts", page)
    assert accounts.loc[0, ["current_credit_eur", "current_credit_eur_api", "phone_raw", "phone_raw_api"]].tolist() == [
        0.005,
        "theirs",
        "+393330000001",
        "x",
    ]
    assert accounts.attrs["spoki"]["unknown_columns"] == ["current_credit_eur_api", "phone_raw_api"]


def test_unknown_fields_never_take_the_name_of_a_custom_value(frame):
    entry = {"id": 1, "field": 2, "visual_code": "%%CITTA%%", "value": "Bologna"}
    contacts = frame(
        "contacts", [{"id": 1, "contactfield_set": [entry], "field.CITTA": "a", "field": {"CITTA": "b"}, "owner": 1}]
    )
    assert contacts.loc[0, ["field.CITTA", "field.CITTA_api", "field.CITTA_api_api"]].tolist() == ["Bologna", "a", "b"]


def test_a_dotted_name_does_not_clash_with_a_flattened_one(frame):
    tickets = frame("tickets", [{"id": 1, "owner": {"email": "a@example.com"}, "owner.email": "other"}])
    assert tickets.loc[0, ["owner.email", "owner.email_api"]].tolist() == ["a@example.com", "other"]


def test_what_comes_in_place_of_an_object_or_a_list_is_kept_beside(frame):
    with pytest.warns(SpokiWarning) as caught:
        tickets = frame("tickets", [{"id": 1, "owner": "someone", "contact": {"id": 7, "role_set": "nobody"}}])
    assert tickets.loc[0, ["owner", "contact.role_set_api"]].tolist() == ["someone", "nobody"]
    assert pd.isna(tickets.loc[0, "owner.id"])
    assert tickets.loc[0, "contact.role_set"] == []
    assert sorted(str(w.message).split(":")[0] for w in caught) == ["tickets.contact.role_set_api", "tickets.owner"]


def test_bare_values_in_a_list_of_objects_are_taken_for_ids_and_names(table):
    built = table("campaigns", [{"id": 1, "lists": [41001, "VIP", None]}])
    with pytest.warns(SpokiWarning, match="lists"):
        campaigns = to_frame(built, SCHEMAS["campaigns"])
    assert campaigns.loc[0, "lists"] == ["41001", "VIP"]
    assert memberships(built, SCHEMAS["campaigns"], "lists")["id"].tolist() == [41001, pd.NA]


def test_rows_that_are_no_objects_are_left_out_and_counted(frame):
    with pytest.warns(SpokiWarning, match=r"tags: 3 rows were not objects"):
        tags = frame("tags", [{"id": 1}, "x", None, [1], {"id": 2}])
    assert tags["id"].tolist() == [1, 2]


def test_secrets_never_reach_a_table(table, rows):
    page = [
        *rows("automations"),
        {
            "id": 9,
            "webhook_set": {"secret": "EXAMPLE-NOT-A-SECRET"},
            "api_key": "EXAMPLE-NOT-A-SECRET",
            "more": [{"token": "EXAMPLE-NOT-A-SECRET"}],
        },
        {
            "id": 10,
            "webhook_set": [
                {"uuid": "u", "secret": ["EXAMPLE-NOT-A-SECRET"], "next": {"Secret": "EXAMPLE-NOT-A-SECRET"}}
            ],
        },
    ]
    built = table("automations", page)
    assert "EXAMPLE-NOT" not in str(built.to_pylist())
    hooks = memberships(built, SCHEMAS["automations"], "webhooks")
    assert hooks["secret"].tolist() == ["[redacted]"] * 3
    assert hooks["automation_id"].tolist() == [345001, 345003, 10]


def test_side_tables_of_contacts(table, rows):
    built = load(dump(table("contacts", rows("contacts"))))
    lists = memberships(built, SCHEMAS["contacts"], "lists")
    assert list(lists.columns) == [
        "contact_id",
        "id",
        "name",
        "color",
        "contacts_count",
        "created_datetime",
        "is_dynamic",
    ]
    assert lists["contact_id"].tolist() == [1091001, 1091001, 1091003, 1091005]
    assert str(lists["created_datetime"].dtype) == "datetime64[us, UTC]"
    operators = memberships(built, SCHEMAS["contacts"], "operators")
    assert operators.loc[0, ["contact_id", "id", "role", "user.email"]].tolist() == [
        1091001,
        7702,
        "Chat Operator",
        "luca.damico@example.com",
    ]
    fields = memberships(built, SCHEMAS["contacts"], "fields")
    assert list(fields.columns) == ["contact_id", "field", "code", "value", "value_datetime"]
    assert fields["code"].tolist() == ["CITTA", "ULTIMO_ORDINE", "_TARGA_", "DATA_NASCITA"]
    assert memberships(built, SCHEMAS["contacts"], "tags")["name"].tolist() == ["VIP", "Perché no?", "lead & <caldo>"]


def test_custom_values_of_the_other_spelling_fill_the_gaps(table):
    entry = {"id": 1, "field": 2, "visual_code": "%%A%%", "value": "set"}
    page = [
        {"id": 1, "contactfield_set": [entry], "contactfield_values": {"A": "map", "B": "b"}},
        {"id": 2, "contactfield_values": {"A": "only", "C": 3}},
        {"id": 3, "contactfield_set": [{"field": 7, "value": "no code"}]},
    ]
    built = table("contacts", page)
    contacts = to_frame(built, SCHEMAS["contacts"])
    assert contacts["field.A"].tolist()[:2] == ["set", "only"]
    assert contacts["field.C"].tolist()[1] == "3"
    assert contacts["field.7"].tolist()[2] == "no code"
    fields = memberships(built, SCHEMAS["contacts"], "fields")
    assert sorted(zip(fields["contact_id"], fields["code"], strict=True)) == [
        (1, "A"),
        (1, "B"),
        (2, "A"),
        (2, "C"),
        (3, "7"),
    ]


def test_side_tables_are_typed_and_complete_when_empty(table):
    for schema in SCHEMAS.values():
        for which in schema.sides:
            side = memberships(table(schema.name), schema, which)
            assert side.columns[0] == f"{schema.noun}_id"
            assert str(side.iloc[:, 0].dtype) == "Int64"
            assert len(side) == 0


def test_an_unknown_side_table_names_the_known_ones(table):
    with pytest.raises(UsageError, match="fields, lists, tags, operators"):
        memberships(table("contacts"), SCHEMAS["contacts"], "friends")
    with pytest.raises(UsageError, match="there are: none"):
        memberships(table("tags"), SCHEMAS["tags"], "lists")


def test_a_side_table_repeats_only_its_own_warnings(table):
    built = table("contacts", [{"id": 1, "email": 5, "list_set": [{"id": "x"}]}])
    with pytest.warns(SpokiWarning) as caught:
        memberships(built, SCHEMAS["contacts"], "lists")
    assert [str(w.message).split(":")[0] for w in caught] == ["contacts.list_set.id"]


def test_columns_that_come_and_go_between_pages_stay_in_their_rows(frame):
    pages = [[{"id": 1, "name": "a"}], [{"id": 2}], [], [{"id": 3, "name": "c", "x": 1}], [{"id": 4}]]
    tags = frame("tags", *pages)
    assert tags["id"].tolist() == [1, 2, 3, 4]
    assert tags["name"].isna().tolist() == [False, True, False, True]
    assert tags["x"].isna().tolist() == [True, True, False, True]


def test_lists_that_come_and_go_between_pages_stay_in_their_rows(table):
    pages = [
        [{"id": 1}],
        [{"id": 2, "tag_set": [{"name": "a"}, {"name": "b"}]}],
        [{"id": 3}],
        [{"id": 4, "tag_set": [{"name": "c"}]}],
        [{"id": 5}],
    ]
    built = table("contacts", *pages)
    assert to_frame(built, SCHEMAS["contacts"])["tag_set"].tolist() == [[], ["a", "b"], [], ["c"], []]
    assert memberships(built, SCHEMAS["contacts"], "tags")["contact_id"].tolist() == [2, 2, 4]


def test_a_stored_table_is_small_and_the_same(table, rows):
    built = table("tickets", rows("tickets"))
    kept = load(dump(built))
    assert kept.equals(built)
    assert kept.schema.metadata[b"spoki"] == built.schema.metadata[b"spoki"]


def test_values_are_not_changed_by_their_look(frame):
    tags = frame("tags", [{"id": 1, "name": "007", "color": "1e5", "when": "2026-01-01", "note": "NaN"}])
    assert tags.loc[0, ["name", "color", "when", "note"]].tolist() == ["007", "1e5", "2026-01-01", "NaN"]


def test_python_datetimes_come_out(frame):
    lists = frame("lists", [{"id": 1, "created_datetime": "2026-10-05T09:00:00Z"}])
    assert lists["created_datetime"].iloc[0].to_pydatetime() == datetime.datetime(2026, 10, 5, 9, tzinfo=datetime.UTC)
