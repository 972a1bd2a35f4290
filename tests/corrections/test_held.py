"""A cell that says what Spoki holds is accepted, whatever it looks like; a column that cannot be written may stay."""

from __future__ import annotations

import socket
from contextlib import closing

import numpy as np
import pandas as pd
import pytest

from spoki_analytics.errors import UnavailableError
from tests.corrections.spoki_double import contact

ODD = ["Vero", "#N/D", "NiccolÃ²", "nan", "3,93E+11", "zero\u200bwidth", "a\x00b", "01-mar", "1.0"]


@pytest.fixture(autouse=True)
def _fields(double):
    double.add("custom_fields", {"id": 1, "code": "CAP", "field_type": 1})


def nothing_to_send(plan, rows=1):
    return (plan.totals["to_send"], plan.totals["already_so"], plan.totals["refused"]) == (0, rows, 0)


@pytest.mark.parametrize("name", ODD)
def test_whatever_is_there_already_is_accepted(spoki, double, name):
    entry = {"visual_code": "%%CAP%%", "value": name}
    double.add("contacts", contact(1, first_name=name, email="anna@", contactfield_set=[entry]))
    row = {"id": 1, "first_name": name, "email": "anna@", "field.CAP": name}
    assert nothing_to_send(spoki.contacts.update(pd.DataFrame([row])))
    assert nothing_to_send(spoki.contacts.update(1, first_name=name, custom_fields={"CAP": name}))
    known = {"phone": "+393330000001", "first_name": name, "email": "anna@", "field.CAP": name}
    assert nothing_to_send(spoki.contacts.sync([known]))
    assert nothing_to_send(spoki.contacts.create_or_update("+393330000001", first_name=name, email="anna@"))
    double.add("lists", {"id": 7, "name": "Clienti"})
    assert spoki.lists.sync_contacts(7, [known]).errors.empty


def test_an_address_that_is_none_names_the_contact_that_has_it(spoki, double):
    double.add("lists", {"id": 7, "name": "Clienti"})
    double.add("contacts", contact(1, email="anna@", list_set=[{"id": 7}]))
    assert spoki.lists.remove_contacts(7, emails=["anna@"]).totals["to_send"] == 1
    assert spoki.lists.remove_contacts(7, emails=["bruno@"]).errors["code"].tolist() == ["not_email"]


def test_a_changed_cell_beside_it_is_sent_alone(spoki, double):
    double.add("contacts", contact(1, first_name="Vero", email="anna@"))
    plan = spoki.contacts.update(pd.DataFrame([{"id": 1, "first_name": "Vero", "email": "anna@", "last_name": "Bo"}]))
    plan.apply()
    assert double.writes[-1][2] == {"phone": "+393330000001", "last_name": "Bo"}


def test_what_others_are_called_is_no_excuse(spoki, double):
    double.add("contacts", contact(1, first_name="Vero"), contact(2))
    plan = spoki.contacts.update(pd.DataFrame({"id": [1, 2], "first_name": ["Vero", "Vero"]}))
    assert plan.errors[["row", "column", "code"]].values.tolist() == [["1", "first_name", "truth_word"]]


@pytest.mark.parametrize("held", [None, ""])
def test_an_empty_cell_where_nothing_is_changes_nothing(spoki, double, held):
    double.add("contacts", contact(1, email=held), contact(2))
    plan = spoki.contacts.update(pd.DataFrame({"id": [1, 2], "email": [np.nan, np.nan]}))
    assert plan.errors[["row", "column", "code"]].values.tolist() == [["1", "email", "empty_cell"]]


def test_blanks_that_are_there_are_no_change(spoki, double):
    double.add("contacts", contact(1, email=" anna@example.com "))
    assert nothing_to_send(spoki.contacts.update(pd.DataFrame([{"id": 1, "email": " anna@example.com "}])))


def test_columns_that_cannot_be_written_may_stand_there_unchanged(spoki, double):
    double.add("contacts", contact(1, list_set=[{"id": 7, "name": "VIP"}], acquisition="web"), contact(2))
    frame = spoki.contacts.load()
    assert {"created_datetime", "list_set", "phone_raw", "acquisition"} <= set(frame.columns)
    assert nothing_to_send(spoki.contacts.update(frame), rows=2)
    assert nothing_to_send(spoki.contacts.sync(frame), rows=2)
    changed = frame.assign(chat_link="x", created_datetime=pd.Timestamp("2020-01-01", tz="UTC"))
    codes = spoki.contacts.update(changed).errors
    assert set(zip(codes["row"], codes["column"], codes["code"], strict=True)) >= {
        ("0", "created_datetime", "read_only"),
        ("1", "created_datetime", "read_only"),
    }


def test_a_slip_of_the_pen_is_no_column_that_spoki_shows(spoki, double):
    double.add("contacts", contact(1))
    plan = spoki.contacts.update(pd.DataFrame([{"id": 1, "frist_name": "A"}]))
    assert plan.errors["code"].tolist() == ["unknown_column"]
    assert not [path for path in double.reads if path.endswith("/contacts/1/")]


def test_each_target_is_read_once_for_its_preview(spoki, double):
    double.add("contacts", contact(1))
    spoki.contacts.update(1, first_name="Vero")
    spoki.contacts.update(1, first_name="Anna")
    assert len([path for path in double.reads if path.endswith("/contacts/1/")]) == 2


def test_what_is_wrong_is_said_also_where_spoki_cannot_be_asked(client):
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    plan = client(base_url=nowhere).contacts.update(1, email="no address")
    assert plan.errors["code"].tolist() == ["not_email"]
    with pytest.raises(UnavailableError):
        client(base_url=nowhere).contacts.update(1, email="anna@example.com")
