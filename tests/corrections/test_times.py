"""Times are read in the account's zone, shown in it, and written as Spoki wants them."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.corrections.spoki_double import contact


@pytest.fixture(autouse=True)
def _fields(double):
    double.add(
        "custom_fields", {"id": 1, "code": "ORDINE", "field_type": 3}, {"id": 2, "code": "NATO", "field_type": 2}
    )
    entry = {"visual_code": "%%ORDINE%%", "value": "2026-09-14 18:30", "value_datetime": "2026-09-14T16:30:00Z"}
    double.add("contacts", contact(1, contactfield_set=[entry]))


@pytest.fixture
def spoki(client):
    return client(timezone="Europe/Rome")


@pytest.mark.parametrize("cell", ["2026-07-17 15:00", "2026-07-17T13:00:00Z", pd.Timestamp("2026-07-17 15:00:00.4")])
def test_a_custom_moment_is_sent_in_the_accounts_time_month_first(spoki, double, cell):
    plan = spoki.contacts.update(pd.DataFrame([{"id": 1, "field.ORDINE": cell}]))
    assert "ORDINE is 2026-07-17 15:00 in Europe/Rome." in str(plan)
    plan.apply()
    assert double.writes[-1][2]["custom_fields"] == {"ORDINE": "07/17/2026 15:00"}
    plan.undo().apply()
    assert double.writes[-1][2]["custom_fields"] == {"ORDINE": "09/14/2026 18:30"}


def test_upserts_write_it_alike(spoki, double):
    row = {"phone": "+393330000001", "field.ORDINE": "2026-01-17 15:00", "field.NATO": pd.Timestamp("1990-05-21")}
    new = {"phone": "+393339999999", "field.ORDINE": "2026-01-17 15:00", "field.NATO": "1990-05-21"}
    spoki.contacts.sync(pd.DataFrame([row, new])).apply()
    sent = [item["custom_fields"] for item in double.writes[-1][2]]
    assert sent == [{"ORDINE": "01/17/2026 15:00", "NATO": "1990-05-21"}] * 2


@pytest.mark.parametrize("cell", ["2026-09-14 18:30", "2026-09-14T16:30:00Z", pd.Timestamp("2026-09-14 18:30")])
def test_the_moment_that_is_there_is_no_change(spoki, cell):
    plan = spoki.contacts.update(pd.DataFrame([{"id": 1, "field.ORDINE": cell}]))
    assert (plan.totals["already_so"], plan.totals["refused"]) == (1, 0)


def test_a_planned_campaign_shows_its_time_by_the_accounts_clocks(spoki, double):
    double.add("campaigns", {"id": 5, "name": "A", "status": "Draft", "scheduled_datetime": None})
    plan = spoki.campaigns.update(5, scheduled_datetime="2026-12-20 10:00")
    assert "scheduled_datetime is 2026-12-20 10:00 in Europe/Rome." in str(plan)
    plan.apply()
    assert double.writes[-1][2] == {"scheduled_datetime": "2026-12-20T09:00:00Z"}
