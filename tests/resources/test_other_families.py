import pytest

from spoki_analytics import UnexpectedAnswerError, UsageError
from tests.conftest import Answer
from tests.resources.conftest import example, told

SECRET = "EXAMPLE-NOT-A-SECRET"


def test_webhook_secrets_reach_no_table_and_no_file(client, serve, tmp_path):
    rows = serve("automations", "automations")
    assert SECRET in str(rows)
    spoki = client()
    shown = (
        spoki.automations.load().to_csv(),
        spoki.automations.memberships("webhooks").to_csv(),
        str(spoki.automations.get(345001).to_dict()),
    )
    kept = [entry.body for _, entry in spoki.session.store.entries()]
    assert len(kept) == 2
    assert all(SECRET not in text for text in shown)
    assert all(SECRET.encode() not in body for body in kept)


@pytest.mark.parametrize("name", ["templates", "templates.alt-components"])
def test_localizations_in_both_spellings(client, serve, name):
    rows = serve("templates", name)
    frame = client().templates.localizations()
    expected = [(row["id"], item["language"]) for row in rows for item in row["templatelocalization_set"]]
    assert list(zip(frame["template_id"], frame["language"], strict=True)) == expected
    told(frame)


def test_roles_flatten_their_user(client, serve):
    serve("roles", "roles")
    frame = client().roles.load()
    assert frame["user.is_service"].tolist() == [False, False, True]
    assert str(frame["user.id"].dtype) == "Int64"


@pytest.mark.parametrize(
    ("name", "expected"), [("role_has_private_key", True), ("role_has_private_key.alt-bare", True)]
)
def test_both_answers_about_a_private_key(client, script, name, expected):
    script["/api/1/roles/7702/has_private_key/"] = Answer(example(name))
    assert client().roles.has_private_key(7702) is expected


@pytest.mark.parametrize("answer", [{}, "yes", None, {"has_private_key": "yes"}])
def test_no_answer_about_a_private_key_is_unexpected(client, script, answer):
    script["/api/1/roles/7702/has_private_key/"] = Answer(answer)
    with pytest.raises(UnexpectedAnswerError):
        client().roles.has_private_key(7702)


def test_channels_ask_for_their_largest_page(client, serve, script):
    serve("channel", "channels.inferred")
    frame = client().channels.load(waba="1")
    assert frame["name"].tolist() == ["WhatsApp principale", "WhatsApp assistenza"]
    assert script.seen[0].query == {"waba": ["1"], "page_size": ["30"]}


def test_reports_of_a_partner_are_flattened(client, script):
    script["/api/1/partners/get_account_report/"] = Answer({"days": {"2026-10-01": {"sent": 4}}, "account": 7})
    frame = client().partners.account_report(7, "2026-10-01", "2026-10-31")
    assert frame.loc[0, "days.2026-10-01.sent"] == 4
    asked = {name: values[0] for name, values in script.seen[0].query.items()}
    assert asked == {"account_id": "7", "granularity": "2", "startDate": "2026-10-01", "endDate": "2026-10-31"}
    assert told(frame)["account"] == 7


def test_a_wrong_account_of_a_partner_is_refused_before_any_request(client, script):
    with pytest.raises(UsageError, match="account_id"):
        client().partners.account_forecasts("seven", "IT")
    assert not script.seen


def test_accounts_of_a_partner_look_like_accounts(client, script):
    script["/api/1/partners/accounts/"] = Answer(example("accounts"))
    frame = client().partners.accounts()
    assert frame["current_credit_eur"].tolist() == [125.43, 9.0]
