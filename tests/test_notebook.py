"""What a dashboard notebook starts with."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from nbformat import NotebookNode

from spoki_analytics import Spoki
from spoki_analytics.errors import AuthenticationError, PermissionDeniedError, UsageError
from spoki_analytics.metrics import Period
from spoki_analytics.notebook import Report, open_report
from spoki_analytics.sandbox import Sandbox
from tests.conftest import KEY, Answer, Script
from tests.page import conftest as page_tests

shown = page_tests.shown


def test_one_call_gives_what_a_dashboard_is_about(spoki_sandbox: Sandbox) -> None:
    report = open_report(accounts=[4101], start="2026-10-01", end="2026-10-31", refresh=False)
    assert str(report.period) == "1 Oct 2026 to 31 Oct 2026"
    assert (report.previous.start, report.previous.end) == (date(2026, 8, 31), date(2026, 9, 30))
    assert (report.both.start, report.both.end) == (date(2026, 8, 31), date(2026, 10, 31))
    assert report.accounts["id"].tolist() == [4101]
    assert report.all_accounts["id"].tolist() == [4100, 4101, 4102, 4103]
    assert report.zone == report.accounts["timezone"].iloc[0]
    assert report.as_of() == pd.Timestamp(report.all_accounts.attrs["spoki"]["as_of"])
    assert isinstance(report.spoki, Spoki)
    assert spoki_sandbox.calls("list_accounts") == 1


def test_without_parameters_it_is_about_the_last_days_and_all_accounts(spoki_sandbox: Sandbox) -> None:
    report = open_report()
    assert report.period.end < report.parameters.today
    assert len(report.accounts) == 4
    with pytest.raises(FrozenInstanceError):
        report.period = report.previous  # type: ignore[misc]


def test_data_is_as_old_as_its_oldest_frame(spoki_sandbox: Sandbox) -> None:
    report = open_report()
    old, new = (pd.DataFrame().copy() for _ in range(2))
    old.attrs["spoki"], new.attrs["spoki"] = {"as_of": "2026-10-01T08:00:00Z"}, {"as_of": "2026-10-02T08:00:00Z"}
    assert report.as_of(new, old) == pd.Timestamp("2026-10-01T08:00:00Z")
    with pytest.raises(UsageError, match="carries no provenance"):
        report.as_of(pd.DataFrame())


def test_a_zone_that_was_set_is_the_zone_of_the_report(spoki_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOKI_TIMEZONE", "America/Lima")
    assert open_report().zone == "America/Lima"


def test_an_account_that_the_key_does_not_see_is_named(spoki_sandbox: Sandbox) -> None:
    report = open_report(accounts="99")
    with pytest.raises(UsageError, match="No account 99 among the 4 that this key sees"):
        _ = report.accounts


def test_wrong_parameters_and_a_missing_key_are_refused_at_once() -> None:
    with pytest.raises(UsageError, match="start"):
        open_report(start="1 October")
    with pytest.raises(AuthenticationError):
        open_report()


def test_a_client_of_ones_own_is_used(spoki_sandbox: Sandbox) -> None:
    with Spoki() as spoki:
        assert open_report(spoki=spoki).spoki is spoki


def test_its_page_says_what_it_is_about(spoki_sandbox: Sandbox, shown: list[NotebookNode]) -> None:
    report = open_report(accounts=[4101], start="2026-10-01", end="2026-10-31")
    page = report.page("Tags", [report.all_accounts, None], partial=True, otherwise={"one": "No tags."})
    page.chart("one", None)
    title = page_tests.elements(shown[0]["data"]["text/html"]).text
    notice = f"Invented data: from the sandbox at {spoki_sandbox.base_url}, not from Spoki."
    assert 0 < title.index(notice) < title.index("Tags")
    for said in ("Tags", "(4101)", "1 Oct 2026", "31 Oct 2026", report.zone, "will still grow"):
        assert said in title
    assert shown[1]["data"]["text/plain"] == "No tags."


def test_the_period_before_is_that_of_the_finished_steps(spoki_sandbox: Sandbox) -> None:
    today = open_report().parameters.today
    report = open_report(start=str(today.replace(day=1) - timedelta(days=1)), end=str(today), granularity="Month")
    months = Period(report.period.start, report.period.start, "Month")
    assert report.previous == months.previous()
    assert open_report(start=str(today), end=str(today)).previous is None


ACCOUNTS = "/api/1/accounts/"
ONE = {"id": 4100, "name": "Caffè Uno", "timezone": "Europe/Athens"}
TWO = {"id": 4101, "name": "Bar Due", "timezone": "Europe/Rome"}


def key_report(script: Script, listed: object, **options: Any) -> Report:
    """A report of rows that name no account, for a key of which List Accounts says this."""
    script[ACCOUNTS] = listed
    client = Spoki(api_key=KEY, base_url=script.base_url, account=options.pop("account", None))
    return open_report(rows="key", spoki=client, **options)


def title(report: Report, shown: list[NotebookNode], *sources: pd.DataFrame) -> str:
    report.page("Tags", sources)
    return page_tests.elements(shown[-1]["data"]["text/html"]).text


def test_the_table_of_sources_calls_a_key_by_its_end(spoki_sandbox: Sandbox, shown: list[NotebookNode]) -> None:
    report = open_report()
    report.page("Tags", [report.all_accounts, report.spoki.accounts.current_report([4100])]).footer()
    said = page_tests.elements(shown[-1]["data"]["text/html"]).text
    end = report.spoki.settings.fingerprint
    assert f"the key …{end[-4:]}" in said
    assert "4100" in said
    assert f"key-{end}" not in said


def end_of_key(report: Report) -> str:
    return f"Account of the key …{report.spoki.settings.fingerprint[-4:]}"


@pytest.mark.parametrize(
    "accounts", [[ONE, TWO], Answer({"detail": "Forbidden."}, 403), []], ids=["several", "refused", "none"]
)
def test_rows_of_an_account_that_nobody_names_bear_no_name(
    script: Script, shown: list[NotebookNode], accounts: object
) -> None:
    report = key_report(script, Answer(accounts) if isinstance(accounts, list) else accounts)
    said = title(report, shown)
    assert end_of_key(report) in said
    assert not any(name in said for name in ("Caffè Uno", "Bar Due", "4100", "4101", "Athens"))
    assert KEY[-4:] not in said
    assert script.paths() == [ACCOUNTS]


@pytest.mark.parametrize(("accounts", "stated"), [([ONE], None), ([ONE, TWO], 4100)], ids=["the only one", "stated"])
def test_rows_of_a_known_account_bear_its_name(
    script: Script, shown: list[NotebookNode], accounts: list[object], stated: int | None
) -> None:
    for asked in ([], [4100]):
        said = title(key_report(script, Answer(accounts), account=stated, accounts=asked), shown)
        assert "Caffè Uno (4100)" in said
        assert "Europe/Athens" in said
        assert "Bar Due" not in said


def test_a_stated_account_that_cannot_be_looked_up_is_named_by_its_id(
    script: Script, shown: list[NotebookNode]
) -> None:
    report = key_report(script, Answer({"detail": "Forbidden."}, 403), account=4100)
    assert "Account 4100" in title(report, shown)


@pytest.mark.parametrize("asked", [[4100], [4101], [4100, 4101], [99]])
def test_accounts_are_refused_where_rows_name_none(script: Script, asked: list[int]) -> None:
    with pytest.raises(UsageError, match=r"can't be honoured.* SPOKI_ACCOUNT"):
        key_report(script, Answer([ONE, TWO]), accounts=asked)
    if asked != [4100]:
        with pytest.raises(UsageError, match=r"can't be honoured.* SPOKI_ACCOUNT"):
            key_report(script, Answer([ONE]), accounts=asked)


def test_rows_that_contradict_the_account_of_the_key_make_no_page(script: Script) -> None:
    rows = pd.DataFrame({"id": [1, 2], "account": [4100, 4999]})
    with pytest.raises(UsageError, match="belongs to account 4100, but the data names account 4999"):
        key_report(script, Answer([ONE]), account=4100).page("Tags", [rows])


def test_a_report_whose_rows_turn_out_to_name_no_account_is_about_that_of_the_key(
    script: Script, shown: list[NotebookNode]
) -> None:
    unnamed = pd.DataFrame({"account": pd.array([None, None], dtype="Int64"), "sent": [1, 2]})
    script[ACCOUNTS] = Answer([ONE, TWO])
    with Spoki(api_key=KEY, base_url=script.base_url) as spoki:
        report = open_report(spoki=spoki)
        assert report.about(unnamed.assign(account=[4100, 4101])) is report
        assert report.about(unnamed.iloc[:0]) is report
        said = title(report.about(unnamed), shown)
        assert end_of_key(report) in said
        assert "Caffè Uno" not in said
        with pytest.raises(UsageError, match="Set SPOKI_ACCOUNT"):
            open_report(accounts=[4101], spoki=spoki).about(unnamed)
    with Spoki(api_key=KEY, base_url=script.base_url, account=4101) as spoki:
        assert "Bar Due (4101)" in title(open_report(spoki=spoki).about(unnamed), shown)


def test_rows_that_name_no_account_count_for_that_of_the_key_and_no_other(script: Script) -> None:
    unnamed = pd.DataFrame({"account": pd.array([None, None], dtype="Int64"), "sent": [1, 2]})
    named = unnamed.assign(account=[4100, 4101])
    script[ACCOUNTS] = Answer([ONE, TWO])
    for stated, asked, kept in [(None, [], 0), (None, [4101], 0), (4100, [4101], 0), (4100, [], 0), (4101, [4101], 2)]:
        with Spoki(api_key=KEY, base_url=script.base_url, account=stated) as spoki:
            report = open_report(accounts=asked, spoki=spoki)
            assert (len(report.attributable(unnamed)), len(report.attributable(named))) == (kept, 2)
    script[ACCOUNTS] = Answer([ONE])
    with Spoki(api_key=KEY, base_url=script.base_url, refresh=True) as spoki:
        assert len(open_report(spoki=spoki).attributable(unnamed)) == 2


def test_accounts_are_asked_for_once_and_not_before_they_are_needed(script: Script) -> None:
    script[ACCOUNTS] = Answer({"detail": "Forbidden."}, 403)
    with Spoki(api_key=KEY, base_url=script.base_url) as spoki:
        assert not script.seen
        report = open_report(rows="key", spoki=spoki)
        assert (len(report.accounts), report.zone, spoki.region) == (0, "Europe/Rome", "IT")
    assert script.paths() == [ACCOUNTS]


def test_the_pace_is_taken_from_13_weeks_whatever_the_period(spoki_sandbox: Sandbox) -> None:
    report = open_report(start="2026-10-01", end="2026-10-02")
    today = report.as_of().tz_convert(report.zone).date()
    assert (today - report.pace.end, today - report.pace.start) == (timedelta(days=1), timedelta(weeks=13))


def test_scheduled_campaigns_are_those_of_an_account_that_is_known(spoki_sandbox: Sandbox) -> None:
    assert open_report().scheduled_campaigns() is None
    assert spoki_sandbox.calls("list_campaigns") == 0
    with Spoki(account=4101) as spoki:
        assert open_report(accounts=[4100], spoki=spoki).scheduled_campaigns() is None
        campaigns = open_report(spoki=spoki).scheduled_campaigns()
    assert campaigns is not None
    assert campaigns["account"].eq(4101).all()
    assert "spoki" in campaigns.attrs


def test_without_a_list_of_campaigns_a_report_does_without(
    spoki_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionDeniedError("No.", operation="List Campaigns", account="4101", status=403)

    with Spoki(account=4101) as spoki:
        monkeypatch.setattr(spoki.campaigns, "load", refuse)
        assert open_report(spoki=spoki).scheduled_campaigns() is None
