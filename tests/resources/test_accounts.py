import pandas as pd
import pytest

from spoki_analytics import SpokiWarning, UnexpectedAnswerError
from tests.conftest import Answer
from tests.resources.conftest import dtypes, example, told

REPORT = "/api/1/accounts/130042/current_report/"


@pytest.fixture
def reported(script, serve):
    serve("accounts", "accounts")
    script[REPORT] = Answer(example("account_current_report"))
    script["/api/1/accounts/130043/current_report/"] = Answer(example("account_current_report.alt-nulls"))


@pytest.mark.parametrize("name", ["accounts", "accounts.alt-paginated"])
def test_both_envelopes_give_the_same_accounts(client, serve, name):
    serve("accounts", name)
    frame = client().accounts.load()
    assert frame["name"].tolist() == ["Bottega Rossi S.r.l.", "Bottega Rossi – prove <sandbox>"]
    assert frame["phone"].tolist()[0] == "+393330000100"
    assert frame["phone_raw"].tolist()[0] == "393330000100"
    assert frame["phone"].isna().tolist() == [False, True]


def test_credit_is_kept_in_thousandths_and_shown_in_euro(client, serve):
    serve("accounts", "accounts")
    frame = client().accounts.load()
    assert frame["current_credit"].tolist() == [125430, 9000]
    assert frame["current_credit_eur"].tolist() == [125.43, 9.0]
    assert dtypes(frame, "current_credit", "current_credit_eur", "low_credit_threshold") == [
        "Int64",
        "Float64",
        "Int64",
    ]
    assert frame["low_credit_threshold_eur"].tolist() == [15.0, 15.0]


def test_get_shows_the_names_of_the_channels(client, script):
    script["/api/1/accounts/130042/"] = Answer(example("account"))
    account = client().accounts.get(130042)
    assert account["channels"] == ["WhatsApp principale", "WhatsApp assistenza"]
    assert told(account)["account"] == 130042


def test_by_phone_sends_the_plus_encoded(client, script):
    script["/api/1/accounts/phone/%2B393330000100/"] = Answer(example("account"))
    assert client().accounts.by_phone("+393330000100")["id"] == 130042
    assert [seen.path for seen in script.seen] == ["/api/1/accounts/phone/%2B393330000100/"]


def test_current_report_of_one_account_is_a_series(client, reported):
    report = client().accounts.current_report(130042)
    assert isinstance(report, pd.Series)
    assert (report["account"], report["sent_message_count"]) == (130042, 4410)
    assert report["period_start"] == pd.Timestamp("2026-10-01", tz="UTC")
    assert told(report)["account"] == 130042


def test_current_report_of_all_accounts_is_a_frame(client, reported, script):
    frame = client().accounts.current_report()
    assert frame["account"].tolist() == [130042, 130043]
    assert frame["contacted_contacts"].isna().tolist() == [False, True]
    assert dtypes(frame, "account", "period_start", "conversation_count") == ["Int64", "datetime64[us, UTC]", "Int64"]
    assert told(frame)["requests"] == 2
    assert len(script.seen) == 3


@pytest.mark.parametrize("missing", [{"account": None}, {}])
def test_a_report_that_names_no_account_belongs_to_the_one_asked_for(client, script, missing):
    report = example("account_current_report")
    del report["account"]
    script[REPORT] = Answer({**report, **missing})
    spoki = client()
    assert spoki.accounts.current_report(130042)["account"] == 130042
    assert spoki.accounts.current_report([130042])["account"].tolist() == [130042]


def test_the_newest_of_several_reports_is_the_current_one(client, script):
    report = example("account_current_report")
    script[REPORT] = Answer([report, {**report, "period_start": "2026-09-01"}])
    assert client().accounts.current_report(130042)["period_start"] == pd.Timestamp("2026-10-01", tz="UTC")


@pytest.mark.parametrize("answer", [[], None, "text", [None], 3])
def test_no_report_at_all_is_unexpected(client, script, answer):
    script[REPORT] = Answer(answer)
    with pytest.raises(UnexpectedAnswerError) as caught:
        client().accounts.current_report(130042)
    assert (caught.value.account, caught.value.operation) == (130042, "Get Account Current Report")


def test_no_accounts_give_an_empty_report(client, script):
    script["/api/1/accounts/"] = Answer([])
    frame = client().accounts.current_report()
    assert len(frame) == 0
    assert dtypes(frame, "account", "sent_message_count") == ["Int64", "Int64"]


@pytest.mark.parametrize("status", [403, 404])
def test_one_refused_account_does_not_hide_the_others(client, script, reported, status):
    script["/api/1/accounts/130043/current_report/"] = Answer({"detail": "No."}, status)
    with pytest.warns(SpokiWarning, match="130043 is left out"):
        frame = client().accounts.current_report()
    assert frame["account"].tolist() == [130042]
