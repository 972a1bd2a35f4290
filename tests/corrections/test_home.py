import pytest

from spoki_analytics import Spoki
from spoki_analytics.corrections.home import home_region
from tests.conftest import KEY, Answer

ACCOUNTS = "/api/1/accounts/"


@pytest.fixture
def session(script):
    with Spoki(api_key=KEY, base_url=script.base_url) as spoki:
        yield spoki.session


def test_a_number_without_a_country_is_read_in_the_accounts_own(script, session):
    script[ACCOUNTS] = Answer([{"id": 1, "default_country_code": "de"}])
    assert home_region(session, ["+393330000001", "0151 23456789"]) == "DE"


def test_numbers_with_a_country_ask_nobody(script, session):
    assert home_region(session, ["+393330000001", "0049 151 23456789", None, 3.5, " "]) == "IT"
    assert not script.seen


def test_the_users_own_setting_wins(script, monkeypatch):
    monkeypatch.setenv("SPOKI_REGION", "FR")
    with Spoki(api_key=KEY, base_url=script.base_url) as spoki:
        assert home_region(spoki.session, ["0612345678"]) == "FR"
    assert not script.seen


@pytest.mark.parametrize(
    "accounts",
    [
        Answer({"detail": "Not found."}, 404),
        Answer([]),
        Answer([{"id": 1, "default_country_code": None}]),
        Answer([{"id": 1, "default_country_code": "DE"}, {"id": 2, "default_country_code": "IT"}]),
    ],
    ids=["refused", "none", "unknown", "several"],
)
def test_without_one_answer_it_is_italy(script, session, accounts):
    script[ACCOUNTS] = accounts
    assert home_region(session, ["333 0000001"]) == "IT"


def test_a_plan_reads_numbers_at_home(spoki, double, monkeypatch):
    monkeypatch.setattr("spoki_analytics.corrections.drafts.home_region", lambda session, phones: "DE")
    plan = spoki.tickets.create(contact_phone="0151 23456789", title="A", status="Open")
    assert plan.changes[0].after["contact_phone"] == "+4915123456789"
