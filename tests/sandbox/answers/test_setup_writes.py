"""What an account is set up with: custom fields, templates, media, roles, invitations, channels, webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox.conftest import Client

FIELD = {"label": "Taglia", "code": "TAGLIA", "field_type": 1}
USED, UNUSED = 332001, 332003
USED_TEMPLATE, UNUSED_TEMPLATE = 454501, 454502
WRITTEN = {
    "language": "it",
    "header_template_component": {"component_type": "header", "format": "text", "text": "Ciao"},
    "body_template_component": {"component_type": "body", "format": "text", "text": "Ciao %%FIRST_NAME%% di %%CITTA%%"},
    "templatebuttoncomponent_set": [{"order": 0, "button_type": "quick_reply", "text": "Sì"}],
}
TEMPLATE = {"name": "natale", "category": "MARKETING", "templatelocalization_set": [WRITTEN]}
SET = "templatelocalization_set"


def statuses(template: dict[str, Any]) -> list[str]:
    return [each["status"] for each in template[SET]]


def test_a_custom_field_is_made_renamed_and_deleted(start: Callable[..., Client]) -> None:
    client = start()
    made = client.send("POST", "/custom-fields/", {**FIELD, "example": "XL"})
    assert (made.status_code, made.json()) == (201, {**FIELD, "example": "XL", "id": 332006})
    sent = {"label": "Misura", "code": "MISURA", "field_type": 2}
    renamed = client.done("PATCH", "/custom-fields/332006/", sent)
    assert renamed == {**made.json(), "label": "Misura"} == client.ask("/custom-fields/332006/").json()
    assert client.done("PATCH", "/custom-fields/332006/", {"label": "Misura"}) == renamed
    client.done("PATCH", "/contacts/900002/", {"custom_fields": {"TAGLIA": "M"}})
    client.done("DELETE", "/custom-fields/332006/")
    assert "TAGLIA" not in client.ask("/contacts/900002/").json()["contactfield_values"]
    client.done("POST", "/custom-fields/", FIELD)
    assert "TAGLIA" not in client.ask("/contacts/900002/").json()["contactfield_values"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "taglia"}, "code"),
        ({"code": "TAGLIA XL"}, "code"),
        ({"code": "1_TAGLIA"}, "code"),
        ({"code": "EMAIL"}, "code"),
        ({"code": "ACCOUNT_NAME"}, "code"),
        ({"code": "CITTA"}, "code"),
        ({"code": "_TARGA_"}, "code"),
        ({"label": "Città"}, "label"),
        ({"field_type": 4}, "field_type"),
        ({"field_type": "1"}, "field_type"),
    ],
)
def test_codes_and_labels_follow_the_rules(client: Client, values: dict[str, Any], field: str) -> None:
    before = client.ask("/custom-fields/").json()
    assert list(client.refused("POST", "/custom-fields/", {**FIELD, **values})) == [field]
    assert client.ask("/custom-fields/").json() == before


def test_a_label_that_another_field_has_is_refused(client: Client) -> None:
    assert list(client.refused("PATCH", f"/custom-fields/{UNUSED}/", {"label": "Città"})) == ["label"]


def test_a_field_that_automations_use_stays(start: Callable[..., Client]) -> None:
    client = start()
    assert "used in automations" in client.refused("DELETE", f"/custom-fields/{USED}/")["detail"]
    assert client.ask(f"/custom-fields/{USED}/").status_code == 200
    assert client.done("DELETE", f"/custom-fields/{UNUSED}/") is None


def test_a_template_begins_as_a_draft_and_is_asked_for(start: Callable[..., Client]) -> None:
    client = start()
    made = client.send("POST", "/templates/", TEMPLATE)
    template = made.json()
    assert made.status_code == 201
    assert template.keys() == client.ask(f"/templates/{USED_TEMPLATE}/").json().keys()
    assert (template["is_approved"], statuses(template)) == (False, ["DRAFT"])
    assert template["customfield_set"] == ["CITTA", "FIRST_NAME"]
    (shown,) = template[SET]
    assert shown["body"] == WRITTEN["body_template_component"]
    assert shown["button_set"] == WRITTEN["templatebuttoncomponent_set"]
    assert (shown["footer"], shown["language"]) == (None, "it")
    path = f"/templates/{template['id']}"
    assert statuses(client.done("POST", f"{path}/submit/", {})) == ["PENDING"]
    assert statuses(client.done("POST", f"{path}/back_to_draft/", {})) == ["DRAFT"]
    assert client.done("DELETE", f"{path}/") is None


def test_a_template_needs_a_known_category_and_texts(client: Client) -> None:
    wrong = {"category": "ACCOUNT_UPDATE", SET: "x"}
    assert set(client.refused("POST", "/templates/", {**TEMPLATE, **wrong})) == {"category", SET}
    for localization, missing in (({}, ["language", "body"]), ({"language": "it"}, ["body"])):
        told = client.refused("POST", "/templates/", {**TEMPLATE, SET: [WRITTEN, localization]})
        assert [list(each) for each in told[SET]] == [[], missing]
    empty = next(row for row in client.rows("/templates/") if not row[SET])
    assert "no localization" in client.refused("POST", f"/templates/{empty['id']}/submit/", {})["detail"]


def test_a_changed_localization_is_a_draft_again(start: Callable[..., Client]) -> None:
    client = start()
    path = f"/templates/{USED_TEMPLATE}/"
    before = client.ask(path).json()
    assert statuses(before) == ["APPROVED", "APPROVED"]
    first, second = before[SET]
    renamed = client.done("PATCH", path, {"name": "saldi", "template_groups": [7]})
    assert renamed == {**before, "name": "saldi", "template_groups": [7]}
    assert client.done("PATCH", path, {SET: [first, second]})[SET] == [first, second]
    changed = client.done("PATCH", path, {SET: [first, {**second, "body": {"text": "Hello"}}]})
    assert statuses(changed) == ["APPROVED", "DRAFT"]
    assert [each["id"] for each in changed[SET]] == [first["id"], second["id"]]
    assert changed["is_approved"]
    replaced = client.done("PATCH", path, {SET: [WRITTEN]})
    assert (statuses(replaced), replaced["is_approved"]) == (["DRAFT"], False)
    assert replaced[SET][0]["id"] not in (first["id"], second["id"])


def test_a_reverted_template_is_a_draft(start: Callable[..., Client]) -> None:
    client = start()
    reverted = client.done("POST", f"/templates/{USED_TEMPLATE}/back_to_draft/", {})
    assert (statuses(reverted), reverted["is_approved"]) == (["DRAFT", "DRAFT"], False)


def test_a_used_template_goes_only_by_force(start: Callable[..., Client]) -> None:
    client = start()
    path = f"/templates/{USED_TEMPLATE}/"
    for query in ({}, {"force_delete": "false"}):
        assert "used in automations" in client.refused("DELETE", path, **query)["detail"]
    assert "force_delete" in client.refused("DELETE", path, force_delete="maybe")
    assert client.ask(path).status_code == 200
    client.done("DELETE", path, force_delete="true")
    assert client.ask(path).status_code == 404
    assert client.done("DELETE", f"/templates/{UNUSED_TEMPLATE}/") is None


def test_localizations_of_clones_have_ids_of_their_own(start: Callable[..., Client]) -> None:
    client = start()
    for _ in range(2):
        client.ask(f"/templates/{USED_TEMPLATE}/clone/")
    ids = [each["id"] for row in client.rows("/templates/") for each in row[SET]]
    assert len(ids) == len(set(ids))


def test_a_file_is_registered_and_renamed(start: Callable[..., Client]) -> None:
    client = start()
    made = client.done("POST", "/media/", {"title": "logo", "external_url": "https://example.com/logo.png"})
    assert made.keys() == client.ask("/media/66001/").json().keys()
    sent = {"title": "marchio", "external_url": "https://example.com/b.png"}
    assert client.done("PATCH", f"/media/{made['id']}/", sent) == {**made, "title": "marchio"}
    for address in ("logo.png", "ftp://example.com/a", "https://", "https://a b"):
        assert list(client.refused("POST", "/media/", {"title": "x", "external_url": address})) == ["external_url"]


def test_the_only_administrator_stays(start: Callable[..., Client]) -> None:
    client = start()
    administrators = [row["id"] for row in client.rows("/roles/") if row["role"] == "Administrator"]
    assert len(administrators) == 2
    client.done("DELETE", f"/roles/{administrators[0]}/")
    assert "only administrator" in client.refused("DELETE", f"/roles/{administrators[1]}/")["detail"]
    client.done("POST", "/roles/add_service_user/", {"name": "Nuovo", "role": "Administrator"})
    client.done("DELETE", f"/roles/{administrators[1]}/")


def test_a_deleted_operator_is_nobodys(start: Callable[..., Client]) -> None:
    client = start()
    row = next(each for each in client.rows("/contacts/") if each["role_set"])
    client.done("DELETE", f"/roles/{row['role_set'][0]['id']}/")
    assert client.ask(f"/contacts/{row['id']}/").json()["role_set"] == []


def test_a_service_user_gets_a_key(start: Callable[..., Client]) -> None:
    client = start()
    made = client.send("POST", "/roles/add_service_user/", {"name": "Robot", "role": "Chat Operator"})
    role = made.json()
    assert made.status_code == 201
    assert role.keys() == client.ask("/roles/7701/").json().keys()
    assert (role["user"]["firstname"], role["user"]["is_service"]) == ("Robot", True)
    path = f"/roles/{role['id']}"
    assert client.ask(f"{path}/has_private_key/").json() == {"has_private_key": False}
    old, new = (client.done("POST", f"{path}/generate_private_key/", {})["value"] for _ in range(2))
    assert client.ask(f"{path}/has_private_key/").json() == {"has_private_key": True}
    assert client.ask(f"{path}/").json() == role
    asked = [{"email": role["user"]["email"], "private_key": key} for key in (old, new)]
    answers = [client.send("POST", "/auth/get_authentication_token/", body) for body in asked]
    assert [each.status_code for each in answers] == [401, 200]
    assert answers[1].json().keys() == {"token", "uid"}
    assert client.done("POST", f"{path}/update_role/", {"role": "Chat Operator Manager"})["id"] == role["id"]
    assert client.ask(f"{path}/").json()["role"] == "Chat Operator Manager"
    assert list(client.refused("POST", f"{path}/update_role/", {"role": "administrator"})) == ["role"]


def test_an_invitation_is_sent_changed_and_taken_back(start: Callable[..., Client]) -> None:
    client = start()
    sent = {"email": "eva@example.com", "role": "Chat Operator", "additional_info": {"first_name": "Eva"}}
    made = client.done("POST", "/invitations/", sent)
    path = f"/invitations/{made['id']}"
    assert {name: made[name] for name in sent} == sent
    assert made.keys() == client.ask("/invitations/8801/").json().keys()
    assert client.done("POST", f"{path}/send/", {}) == made
    changed = client.done("POST", f"{path}/update_role/", {"role": "Administrator"})
    assert changed == {**made, "role": "Administrator"} == client.ask(f"{path}/").json()
    assert client.ask(f"/partner-invitations/{made['id']}/").json() == changed
    client.done("DELETE", f"{path}/")
    assert client.ask(f"{path}/").status_code == 404
    assert list(client.refused("POST", "/invitations/", {**sent, "email": "eva"})) == ["email"]


def test_a_channel_on_whatsapp_begins_with_an_onboarding(start: Callable[..., Client]) -> None:
    client = start()
    made = client.done("POST", "/channel/", {"platform": 1})
    assert made["redirect_url"].startswith("https://")
    channel = client.ask(f"/channel/{made['id']}/").json()
    assert (channel["status"], channel["platform"], channel["is_primary"]) == ("Onboarding Started", "WhatsApp", False)
    assert client.refused("POST", "/channel/", {"platform": 6}).keys() == {"name", "identifier"}
    assert client.refused("POST", "/channel/", {"platform": 2}).keys() == {"platform"}
    other = client.done("POST", "/channel/", {"platform": 6, "name": "Web", "identifier": "w1", "is_primary": True})
    assert (other["name"], other["is_primary"]) == ("Web", True)
    assert client.ask("/channel/17/").json()["is_primary"]
    assert client.done("PATCH", f"/channel/{other['id']}/", {"name": "Sito"}) == {**other, "name": "Sito"}


def test_one_channel_of_a_platform_is_primary(start: Callable[..., Client]) -> None:
    client = start()
    assert client.ask("/accounts/4100/").json()["primary_channel_id"] == 17
    assert client.done("POST", "/channel/18/set-primary/", {})["is_primary"]
    assert [row["id"] for row in client.ask("/channel/").json()["results"] if row["is_primary"]] == [18]
    account = client.ask("/accounts/4100/").json()
    assert account["primary_channel_id"] == 18 == client.ask("/accounts/").json()[0]["primary_channel_id"]
    assert [each["is_primary"] for each in account["channels"]] == [False, True]
    before = client.ask("/channel/18/").json()
    assert client.done("POST", "/channel/18/refresh-wa-status/", {}) == before


def test_a_webhook_shows_its_secret_only_when_it_is_new(start: Callable[..., Client]) -> None:
    client = start()
    sent = {"event": "contact.updated", "version": 2, "url": "https://example.com/h?a=1&b=<2>"}
    made = client.done("POST", "/external-webhooks/", sent)
    first, path = made.pop("secret"), f"/external-webhooks/{made['id']}"
    assert made == {**sent, "id": made["id"], "is_active": True} == client.ask(f"{path}/").json()
    rotated = client.done("POST", f"{path}/rotate_secret/", {})
    assert rotated.pop("secret") != first
    assert rotated == made
    assert client.done("PATCH", f"{path}/", {"is_active": False}) == {**made, "is_active": False}
    assert client.done("POST", f"{path}/expands/", {"expands": ["contact"]}) == {"expands": ["contact"]}
    assert client.ask(f"{path}/expands/").json() == {"expands": ["contact"]}
    assert client.done("POST", f"{path}/test/", {})
    assert list(client.refused("PATCH", f"{path}/", {"url": "example.com"})) == ["url"]
    client.done("DELETE", f"{path}/")
    assert client.ask(f"{path}/").status_code == 404


def test_triggers_need_a_secret_and_no_key(start: Callable[..., Client]) -> None:
    client = start()
    (hook,) = client.ask("/automations/345001/").json()["webhook_set"]
    url = f"{client.sandbox.base_url}/wh/ap/{hook['uuid']}/"

    def trigger(address: str, **body: Any) -> requests.Response:
        return requests.post(address, json=body, timeout=10)

    started = trigger(url, secret=hook["secret"], phone="+393337654321", first_name="Eva")
    assert (started.status_code, started.content) == (200, b"")
    assert client.rows("/contacts/", phone="+393337654321")[0]["first_name"] == "Eva"
    assert trigger(url, secret="wrong", phone="+393337654321").status_code == 401
    assert trigger(url, phone="+393337654321").status_code == 400
    assert trigger(url.replace("8000", "9000"), secret=hook["secret"], phone="+393337654321").status_code == 404
    bulk = trigger(f"{url}bulk/", secret=hook["secret"], contacts=[{"phone": "+393337654322"}, {"phone": "x"}])
    assert [each["index"] for each in bulk.json()["errors"]] == [1]
    assert client.rows("/contacts/", phone="+393337654322")
    assert [each.has_key for each in client.sandbox.writes()] == [False] * 5


def test_partners_write_only_to_accounts_that_they_see(start: Callable[..., Client]) -> None:
    client = start()
    body = {"destination_account": 4101, "amount": 10_000}
    assert client.done("POST", "/partners/create_subrecharge/", body) == {"account": 4101, "status": "ok"}
    other = Client(client.sandbox, client.sandbox.api_keys[4102])
    assert other.send("POST", "/partners/create_subrecharge/", body).status_code == 403
    assert other.send("POST", "/partners/create_subrecharge/", {**body, "destination_account": 1}).status_code == 404
    other.http.close()


def test_an_automation_is_made(start: Callable[..., Client]) -> None:
    client = start()
    made = client.done("POST", "/automations/", {"name": "Benvenuto", "webhook_set": [{}]})
    assert made.keys() == client.ask("/automations/345001/").json().keys()
    assert made["webhook_set"][0]["secret"]
    assert client.rows("/automations/")[0] == made
