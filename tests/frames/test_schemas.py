"""The schemas as data."""

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
            assert bool(field.fields) == (field.kind in ("object", "set"))
            assert not field.choices or field.kind == "enum"


def test_leaves_are_flat_names_in_the_contracts_order():
    names = [path for path, _ in SCHEMAS["tickets"].leaves()]
    assert names[8:12] == ["closed_datetime", "contact.id", "contact.phone", "contact.email"]
    assert names[-7:] == [
        f"owner.{name}" for name in ("id", "uid", "email", "firstname", "surname", "image", "is_service")
    ]
