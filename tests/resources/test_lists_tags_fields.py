import pytest

from tests.conftest import Answer
from tests.resources.conftest import dtypes, example, told


def test_lists(client, serve):
    serve("lists", "lists")
    frame = client().lists.load()
    assert dtypes(frame, "id", "name", "color", "contacts_count", "created_datetime") == [
        "Int64", "str", "str", "Int64", "datetime64[us, UTC]",
    ]  # fmt: skip
    assert frame["name"].tolist()[3] == "<script>alert('lista')</script>"
    assert told(frame)["unknown_columns"] == ["is_dynamic"]


def test_tags(client, serve):
    serve("tags", "tags")
    frame = client().tags.load()
    assert list(frame.columns) == ["id", "name", "color", "order"]
    assert dtypes(frame, *frame.columns) == ["Int64", "str", "str", "Int64"]
    assert frame["color"].isna().tolist() == [False, False, True, False]


@pytest.mark.parametrize("shape", ["array", "page", "wrapped"])
def test_custom_fields_in_every_envelope(client, script, shape):
    rows = example("custom_fields")
    bodies = {"array": rows, "page": {"count": 4, "next": None, "results": rows}, "wrapped": {"custom_fields": rows}}
    script["/api/1/custom-fields/"] = Answer(bodies[shape])
    frame = client().custom_fields.load()
    assert frame["code"].tolist() == ["CITTA", "DATA_NASCITA", "ULTIMO_ORDINE", "_TARGA_"]
    assert dtypes(frame, "id", "label", "field_type", "example") == ["Int64", "str", "Int64", "str"]


def test_custom_fields_without_ids_are_all_kept(client, script):
    rows = [{name: value for name, value in row.items() if name != "id"} for row in example("custom_fields")]
    script["/api/1/custom-fields/"] = Answer({"custom_fields": rows})
    frame = client().custom_fields.load()
    assert len(frame) == 4
    assert frame["id"].isna().all()


@pytest.mark.parametrize(
    ("family", "path", "given"),
    [
        ("lists", "lists", {"search": "VIP"}),
        ("custom_fields", "custom-fields", {"search": "a", "label": "b", "code": "c"}),
        ("roles", "roles", {"search": "Anna"}),
        ("invitations", "invitations", {"search": "Anna"}),
        ("webhooks", "external-webhooks", {"event": "message.outbound"}),
        ("automations", "automations", {"search": "x", "webhook_platform": "Qapla'"}),
    ],
)
def test_filters_reach_the_server(client, script, family, path, given):
    script[f"/api/1/{path}/"] = Answer([])
    getattr(client(), family).load(**given)
    assert {name: values[0] for name, values in script.seen[0].query.items()} == given
