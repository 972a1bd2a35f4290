"""Which account a key belongs to, and one country and one time zone for frames, comparisons and plans."""

from contextlib import nullcontext
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from spoki_analytics import Spoki
from spoki_analytics.errors import NotFoundError, SpokiWarning, UsageError
from tests.conftest import KEY, Answer
from tests.corrections.spoki_double import Double, contact

ACCOUNTS = "/api/1/accounts/"
CONTACTS = "/api/1/contacts/"
BERLIN = {"id": 1, "default_country_code": "de", "timezone": "Europe/Berlin"}
GERMAN = "0151 23456789"
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def spoki(script):
    with Spoki(api_key=KEY, base_url=script.base_url) as client:
        yield client


def contacts(*phones):
    rows = [{"id": number, "phone": phone} for number, phone in enumerate(phones)]
    return Answer({"count": len(rows), "next": None, "results": rows})


def test_a_number_without_a_country_is_read_in_the_accounts_own(script, spoki):
    script[ACCOUNTS] = Answer([BERLIN])
    script[CONTACTS] = contacts("+393330000001", GERMAN)
    assert spoki.contacts.load()["phone"].tolist() == ["+393330000001", "+4915123456789"]
    assert (spoki.region, spoki.zone.key) == ("DE", "Europe/Berlin")
    assert script.paths().count(ACCOUNTS) == 1


def test_numbers_with_a_country_ask_nobody(script, spoki):
    phones = ("+393330000001", "0049 151 23456789", "4915123456789", "393330000002", None, "", "wa: x")
    script[CONTACTS] = contacts(*phones)
    spoki.contacts.load()
    assert ACCOUNTS not in script.paths()


def test_a_load_of_the_accounts_themselves_is_not_asked_twice(script, spoki):
    script[ACCOUNTS] = Answer([{**BERLIN, "phone": "0151 23456789"}])
    assert spoki.accounts.load(refresh=True)["phone"].tolist() == ["+4915123456789"]
    assert script.paths() == [ACCOUNTS]


def test_the_account_is_asked_through_the_cache(script):
    script[ACCOUNTS] = Answer([BERLIN])
    for _ in range(2):
        with Spoki(api_key=KEY, base_url=script.base_url, refresh=True) as client:
            assert client.region == "DE"
    assert script.paths() == [ACCOUNTS]


def test_a_setting_wins(script, monkeypatch):
    monkeypatch.setenv("SPOKI_REGION", "FR")
    monkeypatch.setenv("SPOKI_TIMEZONE", "Europe/Paris")
    with Spoki(api_key=KEY, base_url=script.base_url) as client:
        assert (client.region, client.zone.key) == ("FR", "Europe/Paris")
    assert not script.seen


def test_an_argument_wins_over_a_setting(script, monkeypatch):
    monkeypatch.setenv("SPOKI_REGION", "FR")
    with Spoki(api_key=KEY, base_url=script.base_url, region="DE", timezone="Europe/Berlin") as client:
        assert (client.region, client.zone.key) == ("DE", "Europe/Berlin")
    assert not script.seen


def test_an_unknown_time_zone_is_refused():
    with pytest.raises(UsageError, match="timezone"):
        Spoki(api_key=KEY, timezone="Europe/Roma")


@pytest.mark.parametrize(
    "accounts",
    [
        Answer({"detail": "Not found."}, 404),
        Answer({"detail": "Forbidden."}, 403),
        Answer([]),
        Answer([{"id": 1}]),
        Answer([{"id": 1, "default_country_code": None, "timezone": None}]),
        Answer([{"id": 1, "default_country_code": "Deutschland", "timezone": "Berlin"}]),
        Answer([{"id": 1, "default_country_code": 49, "timezone": 1}]),
        Answer([BERLIN, {"id": 2, "default_country_code": "DE", "timezone": "Europe/Berlin"}]),
    ],
    ids=["absent", "forbidden", "none", "silent", "empty", "unknown", "odd", "several"],
)
def test_without_one_answer_it_is_italy(script, spoki, accounts):
    script[ACCOUNTS] = accounts
    assert (spoki.region, spoki.zone.key) == ("IT", "Europe/Rome")
    assert script.paths().count(ACCOUNTS) == 1, "what was refused is not asked again"


def test_the_country_of_older_accounts_will_do(script, spoki):
    script[ACCOUNTS] = Answer([{"id": 1, "country_code": "DE", "default_country_code": ""}])
    assert spoki.region == "DE"


def test_offline_it_is_italy_with_a_warning(script, monkeypatch):
    monkeypatch.setenv("SPOKI_MAX_ATTEMPTS", "1")
    script[ACCOUNTS] = Answer({"detail": "Down."}, 503)
    with Spoki(api_key=KEY, base_url=script.base_url) as client:
        with pytest.warns(SpokiWarning, match="Spoki did not say where the account is at home"):
            assert client.region == "IT"
        assert client.zone == ROME


def test_days_are_cut_where_the_account_is_at_home(script, spoki):
    script[ACCOUNTS] = Answer([{"id": 1, "timezone": "America/New_York"}])
    rows = [{"id": n, "scheduled_datetime": f"2026-10-02T{hour}:30:00Z"} for n, hour in ((1, "03"), (2, "04"))]
    script["/api/1/campaigns/"] = Answer({"count": 2, "next": None, "results": rows})
    assert spoki.campaigns.load()["id"].tolist() == [1, 2]
    assert ACCOUNTS not in script.paths()
    assert spoki.campaigns.load("2026-10-02")["id"].tolist() == [2]


def test_a_report_of_plain_days_asks_nobody_for_a_zone(script, spoki):
    script["/api/1/reports/detailed/"] = Answer([])
    spoki.reports.load("2026-10-01", "2026-10-31")
    assert ACCOUNTS not in script.paths()
    spoki.reports.load(datetime(2026, 10, 1, tzinfo=UTC))
    assert ACCOUNTS in script.paths()


@pytest.fixture
def german(monkeypatch):
    """A German account whose one contact is kept as it is dialled there."""
    monkeypatch.setenv("SPOKI_RATE_WINDOW", "0.001")
    server = Double()
    server.add("accounts", BERLIN)
    server.add("contacts", contact(7, phone=GERMAN, first_name="Anna"))
    with Spoki(api_key=KEY, base_url=server.base_url, writes=True) as client:
        yield client
    server.close()


def test_frame_and_plan_agree_on_a_national_number(german):
    """The frame showed +39015123456789, and the plan made a second contact of the number."""
    assert german.contacts.load()["phone"].tolist() == ["+4915123456789"]
    others = [{"phone": f"+4915123{n:06d}", "first_name": "New"} for n in range(60)]
    plan = german.contacts.sync([{"phone": GERMAN, "first_name": "Anne"}, *others])
    before = {change.step.body["phone"]: change.before for change in plan.changes}
    assert before.pop("+4915123456789")["first_name"] == "Anna"
    assert not any(before.values())


def test_the_number_that_is_there_already_is_no_change(german):
    assert german.contacts.update(7, phone="+4915123456789").changes[0].skip == "already so"


def test_a_plan_reads_numbers_at_home(german):
    plan = german.tickets.create(contact_phone=GERMAN, title="A", status="Open")
    assert plan.changes[0].after["contact_phone"] == "+4915123456789"


def test_a_key_is_called_by_its_end_where_somebody_reads_it(script, spoki):
    end = spoki.settings.fingerprint[-4:]
    assert repr(spoki) == f"<Spoki the key …{end} at {script.base_url}>"
    assert repr(spoki.journal) == f"<Journal of the key …{end}: 0 plans>"
    with pytest.raises(NotFoundError) as caught:
        spoki.lists.load()
    assert caught.value.account == f"key-{spoki.settings.fingerprint}", "what a program reads stays as it was"
    assert f"the key …{end}, HTTP 404" in str(caught.value)
    assert "key-" not in str(caught.value)


ROME_TOO = {"id": 2, "default_country_code": "IT", "timezone": "Europe/Rome"}


def test_the_only_account_that_a_key_sees_is_its_own(script, spoki):
    script[ACCOUNTS] = Answer([BERLIN])
    assert not script.seen, "nothing is asked before somebody wants to know"
    assert (spoki.account, spoki.region, spoki.home.own([1])["timezone"]) == (1, "DE", "Europe/Berlin")
    assert script.paths() == [ACCOUNTS]


def test_of_several_accounts_none_is_the_keys_own(script, spoki):
    script[ACCOUNTS] = Answer([BERLIN, ROME_TOO])
    assert (spoki.account, spoki.home.own()) == (None, {})
    for ids in ([1], [2], [1, 2], [3]):
        with pytest.raises(UsageError, match=r"accounts .* can't be honoured.* Set SPOKI_ACCOUNT"):
            spoki.home.own(ids)
    assert script.paths() == [ACCOUNTS]


@pytest.mark.parametrize("refusal", [Answer({"detail": "Forbidden."}, 403), Answer({"detail": "Not found."}, 404)])
def test_a_key_that_may_not_list_accounts_has_one_that_is_stated_or_none(script, monkeypatch, refusal):
    script[ACCOUNTS] = refusal
    with Spoki(api_key=KEY, base_url=script.base_url) as client:
        assert client.account is None
        with pytest.raises(UsageError, match="Set SPOKI_ACCOUNT"):
            client.home.own([1])
    monkeypatch.setenv("SPOKI_ACCOUNT", "4100")
    with Spoki(api_key=KEY, base_url=script.base_url) as client:
        assert (client.account, client.home.own([4100])) == (4100, {"id": 4100})
        with pytest.raises(UsageError, match=r"belongs to account 4100.*SPOKI_ACCOUNT"):
            client.home.own([4101])
    assert script.paths() == [ACCOUNTS] * 2


def test_offline_the_account_is_the_one_stated(script, monkeypatch):
    monkeypatch.setenv("SPOKI_MAX_ATTEMPTS", "1")
    script[ACCOUNTS] = Answer({"detail": "Down."}, 503)
    with Spoki(api_key=KEY, base_url=script.base_url, account=7) as client:
        with pytest.warns(SpokiWarning, match="Spoki did not say"):
            assert client.account == 7
        assert client.account == 7


def test_the_account_that_is_stated_gives_country_and_zone(script):
    script[ACCOUNTS] = Answer([ROME_TOO, BERLIN])
    with Spoki(api_key=KEY, base_url=script.base_url, account=1) as client:
        assert (client.account, client.region, client.zone.key) == (1, "DE", "Europe/Berlin")


@pytest.mark.parametrize("listed", [[BERLIN, ROME_TOO], [BERLIN], []], ids=["several", "one", "none"])
def test_a_stated_account_that_the_key_does_not_see_is_refused(script, listed):
    script[ACCOUNTS] = Answer(listed)
    with Spoki(api_key=KEY, base_url=script.base_url, account=3) as client:
        for ask in (lambda: client.account, lambda: client.region, client.home.own):
            with pytest.raises(UsageError, match="does not see account 3, which SPOKI_ACCOUNT states"):
                ask()
    assert script.paths() == [ACCOUNTS]


def test_rows_that_name_another_account_are_refused(script, spoki):
    script[ACCOUNTS] = Answer([BERLIN])
    spoki.home.refuse_others([1])
    spoki.home.refuse_others([])
    with pytest.raises(UsageError, match="belongs to account 1, but the data names account 2"):
        spoki.home.refuse_others([1, 2])


def test_a_key_of_several_accounts_may_have_rows_of_each(script):
    script[ACCOUNTS] = Answer([BERLIN, ROME_TOO])
    for stated in (None, 1):
        with Spoki(api_key=KEY, base_url=script.base_url, account=stated) as client:
            client.home.refuse_others([1, 2])
            with pytest.raises(UsageError, match="names account 3") if stated else nullcontext():
                client.home.refuse_others([1, 2, 3])
            assert client.home.account() == stated


@pytest.mark.parametrize("stated", ["0", "-1", "4100a", "all"])
def test_an_account_is_a_positive_number(monkeypatch, stated):
    monkeypatch.setenv("SPOKI_ACCOUNT", stated)
    with pytest.raises(UsageError, match="SPOKI_ACCOUNT"):
        Spoki(api_key=KEY)
