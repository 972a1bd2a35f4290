"""What may be sent, and what is refused with a sentence that helps."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spoki_analytics.corrections import checks
from spoki_analytics.corrections.checks import InvalidValueError, Terms, custom_fields, day, is_missing, moment
from spoki_analytics.corrections.refusals import Reason
from spoki_analytics.corrections.writes import WRITES

ROME = timezone(timedelta(hours=1))
AT_ROME = Terms(zone=ZoneInfo("Europe/Rome"))
TYPES = {"CITTA": 1, "NATO": 2, "ORDINE": 3}


def check(slug, name, value, **terms):
    write = WRITES[slug]
    (parameter,) = [each for each in write.entry.parameters if each.name == name]
    return write.check(parameter, Terms(**terms))(value)


@pytest.mark.parametrize(
    ("slug", "name", "value", "sent"),
    [
        ("update_contact", "phone", "+39 333 000 0001", "+393330000001"),
        ("update_contact", "phone", "3330000001", "+393330000001"),
        ("update_contact", "phone", "393330000001", "+393330000001"),
        ("update_contact", "phone", "0039 333 0000001", "+393330000001"),
        ("update_contact", "phone", "(02) 1234-5678", "+390212345678"),
        ("update_contact", "phone", "+44 20 7946 0958", "+442079460958"),
        ("update_contact", "phone", "3271504991", "+393271504991"),
        ("update_contact", "phone", "447911123456", "+447911123456"),
        ("update_contact", "email", " Anna@Example.com ", "Anna@Example.com"),
        ("update_contact", "email", "", ""),
        ("update_contact", "email", "o'neil+news@mail.example.co.uk", "o'neil+news@mail.example.co.uk"),
        ("update_contact", "email", "info@città.it", "info@città.it"),
        ("update_contact", "email", "print@office.local", "print@office.local"),
        ("update_contact", "language", "fil", "fil"),
        ("update_contact", "language", "pt_BR", "pt_BR"),
        ("update_contact", "first_name", "", ""),
        ("update_contact", "first_name", "=1+1 <b>", "=1+1 <b>"),
        ("update_contact", "is_blocked", "True", True),
        ("create_or_update_contact", "status", "Not Declared", "Not Declared"),
        ("update_campaign", "scheduled_datetime", "2026-11-30T09:00+01:00", "2026-11-30T08:00:00Z"),
        ("update_campaign", "scheduled_datetime", datetime(2026, 11, 30, 9, tzinfo=ROME), "2026-11-30T08:00:00Z"),
        ("update_campaign", "scheduled_datetime", pd.Timestamp("2026-11-30 09:00", tz="UTC"), "2026-11-30T09:00:00Z"),
        ("update_campaign", "lists", [1, "2"], [1, 2]),
        ("create_custom_field", "field_type", 2, 2),
        ("create_custom_field", "code", "_TARGA_2", "_TARGA_2"),
        ("create_ticket", "priority", "Highest", "Highest"),
        ("create_webhook", "url", "https://example.com/hook?x=1", "https://example.com/hook?x=1"),
        (
            "create_template",
            "templatelocalization_set",
            [{"language": "it", "parts": [1, None]}],
            [{"language": "it", "parts": [1, None]}],
        ),
    ],
)
def test_good_values_are_sent_as_the_api_writes_them(slug, name, value, sent):
    assert check(slug, name, value) == sent


@pytest.mark.parametrize(
    ("slug", "name", "value", "problem"),
    [
        ("update_contact", "phone", 3.93e11, "float"),
        ("update_contact", "phone", "3.93e+11", "shortened"),
        ("update_contact", "phone", "393330000001.0", "pandas"),
        ("update_contact", "phone", 393330000001, "text"),
        ("update_contact", "phone", "12", "not a valid phone"),
        ("update_contact", "phone", "+39 333 abc", "not a phone"),
        ("update_contact", "phone", "", "not a phone"),
        ("update_contact", "phone", "nan", "pandas"),
        ("update_contact", "email", "anna@", "not an e-mail"),
        ("update_contact", "email", "  ", "not an e-mail"),
        ("create_webhook", "version", 10**30, "not a whole number"),
        ("update_contact", "email", "anna@example", "not an e-mail"),
        ("update_contact", "email", "a@example.com, b@example.com", "not an e-mail"),
        ("update_contact", "email", "a b@example.com", "not an e-mail"),
        ("update_contact", "email", "a..b@example.com", "not an e-mail"),
        ("update_contact", "email", ".a@example.com", "not an e-mail"),
        ("update_contact", "email", "a@-example.com", "not an e-mail"),
        ("update_contact", "email", "a@example.c0", "not an e-mail"),
        ("update_contact", "email", "a\u200b@example.com", "nobody sees"),
        pytest.param("update_contact", "email", "x" * 65 + "@example.com", "not an e-mail", id="a name too long"),
        ("update_contact", "language", "nap", "not a language"),
        ("update_contact", "email", "a@example.com\r\nBcc: x@example.com", "not an e-mail"),
        ("update_contact", "language", "italian", "not a language"),
        ("update_contact", "language", "xx", "not a language"),
        ("update_contact", "language", "IT", "Did you mean it"),
        ("update_contact", "first_name", "NaN", "pandas"),
        ("update_contact", "first_name", "<NA>", "pandas"),
        ("update_contact", "first_name", "123.0", "pandas"),
        ("update_contact", "first_name", 5, "not a text"),
        ("update_contact", "first_name", "half \ud800", "surrogate"),
        ("update_contact", "is_blocked", 1, "neither"),
        ("create_or_update_contact", "status", "subscribed", "Did you mean Subscribed"),
        ("update_campaign", "scheduled_datetime", "2026-11-30", "not a date and time"),
        ("update_campaign", "scheduled_datetime", pd.NaT, "not a date and time"),
        ("update_campaign", "scheduled_datetime", "tomorrow", "not a date"),
        ("update_campaign", "lists", [], None),
        ("update_campaign", "lists", 5, "not a list"),
        pytest.param("update_campaign", "lists", "5", "not a list", id="a text is no list"),
        ("update_campaign", "lists", [0], "not an id"),
        ("create_campaign", "lists", [], "empty"),
        ("create_custom_field", "field_type", 4, "not one of 1, 2, 3"),
        ("create_custom_field", "code", "EMAIL", "reserved"),
        ("create_custom_field", "code", "città", "upper-case"),
        ("create_ticket", "title", "  ", "empty"),
        ("create_ticket", "title", "x" * 257, "at most 256"),
        ("create_ticket", "description", "x" * 1025, "at most 1024"),
        ("create_ticket", "priority", "HIGHEST", "Did you mean Highest"),
        ("create_ticket", "priority", "Urgent", "not one of"),
        ("create_webhook", "url", "javascript:alert(1)", "not a web address"),
        ("create_webhook", "url", "https://", "not a web address"),
        ("create_template", "templatelocalization_set", [{"price": 1.5}], "float"),
    ],
)
def test_bad_values_are_refused_with_the_reason(slug, name, value, problem):
    if problem is None:
        assert check(slug, name, value) == value
        return
    with pytest.raises(InvalidValueError, match=re.escape(problem)):
        check(slug, name, value)


def test_custom_values_fit_the_type_of_their_field():
    values = {"CITTA": "Roma", "NATO": date(1990, 5, 21), "ORDINE": datetime(2026, 1, 2, tzinfo=UTC)}
    sent = {"CITTA": "Roma", "NATO": "1990-05-21", "ORDINE": "2026-01-02T00:00:00Z"}
    assert custom_fields(values, TYPES, Terms()) == sent
    assert custom_fields({"CITTA": 42, "NATO": ""}, TYPES, Terms()) == {"CITTA": "42", "NATO": ""}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"CITTÀ": "Roma"}, "Did you mean CITTA"),
        ({"NATO": "21/05/1990"}, "not a calendar day"),
        ({"NATO": "1990-02-30"}, "not a calendar day"),
        ({"ORDINE": "02/01/2026 10:00"}, "not a date and time"),
        ({"CITTA": 1.5}, "float"),
        ("CITTA=Roma", "not a mapping"),
    ],
)
def test_custom_values_that_do_not_fit_are_refused(values, problem):
    with pytest.raises(InvalidValueError, match=re.escape(problem)):
        custom_fields(values, TYPES, Terms())


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("2026-12-20 10:00", "2026-12-20T09:00:00Z"),
        ("2026-07-20T10:00:30", "2026-07-20T08:00:30Z"),
        (datetime(2026, 12, 20, 10), "2026-12-20T09:00:00Z"),
        (pd.Timestamp("2026-12-20 10:00"), "2026-12-20T09:00:00Z"),
        ("2026-12-20 10:00:00 UTC", "2026-12-20T10:00:00Z"),
        ("2026-12-20 10:00+00:00", "2026-12-20T10:00:00Z"),
    ],
)
def test_a_time_without_zone_is_one_of_the_account(value, sent):
    assert moment(value, AT_ROME) == sent


@pytest.mark.parametrize(
    ("value", "reason", "readings"),
    [
        ("2026-10-25 02:30", Reason.TWICE, ["2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+02:00"]),
        ("2026-03-29 02:30", Reason.NEVER, ["2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"]),
    ],
)
def test_an_hour_that_comes_twice_or_never_is_refused_with_both_readings(value, reason, readings):
    with pytest.raises(InvalidValueError) as caught:
        moment(value, AT_ROME)
    assert caught.value.reason is reason
    assert [caught.value.values["first"], caught.value.values["second"]] == readings
    assert all(isinstance(moment(reading, AT_ROME), str) for reading in readings)


@pytest.mark.parametrize(
    "value",
    [pd.Timestamp("2026-12-20"), datetime(2026, 12, 20), "2026-12-20 00:00:00", "2026-12-20", date(2026, 12, 20)],
)
def test_midnight_is_a_day(value):
    assert day(value) == "2026-12-20"


@pytest.mark.parametrize(
    "value", [pd.Timestamp("2026-12-20 10:00"), "2026-12-20T10:00", pd.NaT, "20/12/2026", "20261220"]
)
def test_another_hour_is_no_day(value):
    with pytest.raises(InvalidValueError):
        day(value)


def test_all_that_pandas_calls_missing_is_missing():
    assert all(map(is_missing, [None, float("nan"), pd.NA, pd.NaT, np.nan]))
    assert not any(map(is_missing, ["", 0, False, "nan"]))


@settings(max_examples=100, deadline=None)
@given(st.from_regex(checks._PLAIN_EMAIL, fullmatch=True))
def test_an_address_that_looks_plain_is_one_that_the_library_takes(address):
    assert checks._is_unusual_email(address)


def test_plain_addresses_are_not_given_to_the_library(monkeypatch):
    monkeypatch.setattr(checks, "_is_unusual_email", pytest.fail)
    assert checks.email("anna.rossi_7@mail.example.it") == "anna.rossi_7@mail.example.it"
