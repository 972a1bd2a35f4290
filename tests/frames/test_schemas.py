"""The schemas as data."""

from inspect import signature

from spoki_analytics.frames import derived
from spoki_analytics.frames.descriptions import DTYPES, describe_columns, describe_side_table
from spoki_analytics.frames.schemas import KINDS, SCHEMAS, Field


def every(fields: tuple[Field, ...]) -> list[Field]:
    return [each for field in fields for each in (field, *every(field.fields))]


def test_every_family_of_the_contract_has_a_schema():
    assert set(SCHEMAS) == {
        *("accounts", "current_report", "reports", "detailed_reports", "campaigns", "contacts", "tickets", "lists"),
        *("tags", "custom_fields", "automations", "agencies", "partners", "media", "roles", "templates"),
        *("invitations", "channels", "webhooks", "partner_accounts", "generic"),
    }


def test_schemas_are_sound():
    for schema in SCHEMAS.values():
        names = [field.name for field in schema.fields]
        assert len(names) == len(set(names))
        assert not schema.key or schema.key in names
        assert bool(schema.sides) <= bool(schema.noun)
        for field in every(schema.fields):
            assert field.kind in KINDS
            assert bool(field.fields) == (field.kind in ("object", "set", "values"))
            assert not field.choices or field.kind == "enum"


def test_leaves_are_flat_names_in_the_contracts_order():
    names = [path for path, _ in SCHEMAS["tickets"].leaves()]
    assert names[8:12] == ["closed_datetime", "contact.id", "contact.phone", "contact.email"]
    owner = [f"owner.{name}" for name in ("id", "uid", "email", "firstname", "surname", "image", "is_service")]
    assert names[-8:] == [*owner, "is_closed"]


def test_a_derived_column_names_a_function_of_columns_that_there_are():
    for schema in SCHEMAS.values():
        columns = {path for path, _ in schema.leaves()}
        for _, field in schema.leaves():
            if field.derive:
                assert set(signature(getattr(derived, field.derive)).parameters) <= columns
            if field.fallback:
                assert callable(getattr(derived, field.fallback))
            if field.also:
                assert dict(schema.leaves())[field.also].kind == "map"


def test_every_column_is_described_with_its_dtype_and_unit():
    assert {field.kind for schema in SCHEMAS.values() for _, field in schema.leaves()} <= {
        *DTYPES,
        "set",
        "map",
        "values",
    }
    said = describe_columns(SCHEMAS["accounts"])
    assert "daily_limit (Int64, people per 24 h)" in said
    assert "current_credit (Int64, thousandths of a euro), current_credit_eur (Float64, euro)" in said
    assert "phone (E.164 text), phone_raw (text, as Spoki keeps it)" in said
    assert describe_side_table(SCHEMAS["contacts"], "fields") == (
        "contact_id, field (Int64), code (text), value (text; structures as JSON), value_datetime (datetime64[us, UTC])"
    )
