"""What ``load`` wrote is accepted by ``correct`` as it is, and changes nothing."""

from __future__ import annotations

import pytest

from spoki_analytics.sandbox import Sandbox
from tests.cli.conftest import Run

FAMILIES = {
    "contacts": "update",
    "campaigns": "update",
    "tickets": "update",
    "custom-fields": "update",
    "templates": "update",
    "media": "update",
    "roles": "update",
    "invitations": "update-role",
    "channels": "update",
    "webhooks": "update",
}


@pytest.fixture(autouse=True)
def sandbox(spoki_sandbox: Sandbox) -> Sandbox:
    return spoki_sandbox


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet"])
@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_changes_on_the_way_to_a_file_and_back(run: Run, sandbox: Sandbox, family: str, form: str) -> None:
    file = f"{family}.{form}"
    assert run("load", family, "--limit", "6", "--out", file).code == 0
    told = run("correct", family, FAMILIES[family], "--from-file", file)
    assert (told.code, sandbox.writes()) == (0, [])
    assert "There is nothing to send." in told.out
    assert " 0 refused." in told.out


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nor_where_contacts_are_named_by_their_numbers(run: Run, form: str) -> None:
    run("load", "contacts", "--limit", "6", "--out", f"contacts.{form}")
    told = run("correct", "contacts", "sync", "--from-file", f"contacts.{form}")
    assert told.code == 0
    assert "There is nothing to send." in told.out
