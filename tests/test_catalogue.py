import re

import pytest

from spoki_analytics.catalogue import Cache, Retry, catalogue, operation
from spoki_analytics.errors import UsageError


def test_the_57_published_operations_come_first_and_in_order():
    assert [row.number for row in catalogue()][:57] == list(range(1, 58))
    assert all(row.number is None for row in catalogue()[57:])


def test_each_row_is_unique_and_complete():
    rows = catalogue()
    assert len({row.slug for row in rows}) == len(rows)
    assert len({(row.method, row.path) for row in rows}) == len(rows)
    for row in rows:
        assert row.path[0] == row.path[-1] == "/", row.name
        assert row.source, row.name
        assert row.rate_source in ("documented", "observed", "inferred", "default"), row.name
        assert (row.rate is None) == (row.rate_source == "default"), row.name


def test_only_plain_reads_are_repeated_or_cached():
    for row in catalogue():
        if row.retry is Retry.READ:
            assert row.method == "GET", row.name
        if row.cache is not Cache.NEVER:
            assert row.is_read, row.name


def test_the_get_that_creates_is_no_read():
    clone = operation("clone_template")
    assert clone.method == "GET"
    assert clone.retry is Retry.NEVER
    assert clone.cache is Cache.NEVER


@pytest.mark.parametrize(
    ("slug", "rate"),
    [
        ("bulk_sync_contacts", 1),
        ("sync_contacts_to_list", 1),
        ("list_accounts", 5),
        ("list_lists", 5),
        ("create_ticket", 120),
    ],
)
def test_documented_rates(slug, rate):
    assert operation(slug).rate == rate
    assert operation(slug).rate_source == "documented"


def test_reports_live_as_long_as_on_the_server():
    reports = {row.slug for row in catalogue() if row.cache is Cache.REPORT and row.family in ("accounts", "reports")}
    assert reports == {"get_account_current_report", "list_reports", "list_detailed_reports"}


def test_targets_are_filled_and_encoded():
    assert operation("retrieve_contact").target(id=7) == "/api/1/contacts/7/"
    assert operation("retrieve_account_by_phone").target(phone="+39 333") == "/api/1/accounts/phone/%2B39%20333/"


@pytest.mark.parametrize("bad", ["7/../8", "", None, True, 1.5, "-1", "７"])
def test_ids_that_are_no_whole_numbers_are_refused(bad):
    with pytest.raises(UsageError, match="whole number"):
        operation("retrieve_contact").target(id=bad)


def test_parameters_are_typed():
    for row in catalogue():
        for parameter in row.parameters:
            assert re.fullmatch(r"(list\[)?(int|str|bool|date|datetime|object)\]?", parameter.type), (
                row.name,
                parameter,
            )
    granularity = next(p for p in operation("list_reports").parameters if p.name == "granularity")
    assert granularity.choices == ("Day", "Month", "Year")
