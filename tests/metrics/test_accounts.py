import pandas as pd
import pytest

from spoki_analytics.errors import UsageError
from spoki_analytics.metrics.accounts import names_accounts, reports_of, select_accounts, timezone_of

ACCOUNT = (1000, 500, 10, False)


def test_named_accounts_are_chosen_and_all_without_a_name(accounts) -> None:
    frame = accounts(ACCOUNT, ACCOUNT)
    assert select_accounts(frame, (4101,))["id"].tolist() == [4101]
    assert len(select_accounts(frame, ())) == 2


def test_an_unknown_account_is_refused_by_id(accounts) -> None:
    with pytest.raises(UsageError, match="No account 7, 9 among the 1 "):
        select_accounts(accounts(ACCOUNT), (9, 4100, 7))


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        (["Europe/Athens", "Europe/Athens"], "Europe/Athens"),
        (["Europe/Athens", "Europe/Rome"], "Europe/Rome"),
        ([None, "Europe/Athens"], "Europe/Athens"),
        (["Mars/Olympus"], "Europe/Rome"),
        (["../etc/passwd"], "Europe/Rome"),
        ([], "Europe/Rome"),
    ],
)
def test_the_zone_is_the_one_that_accounts_share(zones: list[str | None], expected: str) -> None:
    assert timezone_of(pd.DataFrame({"timezone": pd.Series(zones, dtype="str")})) == expected


def test_reports_of_other_accounts_are_left_out_and_nameless_ones_kept(accounts, reports) -> None:
    rows = pd.concat([reports({"2026-10-01": {"sent": n}}, account) for n, account in ((1, 4100), (2, 9), (4, None))])
    assert reports_of(rows, accounts(ACCOUNT))["sent"].tolist() == [1, 4]
    assert names_accounts(rows)
    assert not names_accounts(reports({"2026-10-01": {}}, None))
