"""Phone numbers to E.164."""

import pyarrow as pa
import pytest

from spoki_analytics.frames.phones import e164


def read(text: str | None, region: str = "IT") -> str | None:
    return e164(pa.array([text], pa.string()), region).to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+393330000001", "+393330000001"),
        ("393330000001", "+393330000001"),
        ("39 333 000 0001", "+393330000001"),
        ("00393330000001", "+393330000001"),
        ("+39 (333) 000-0001", "+393330000001"),
        ("3330000001", "+393330000001"),
        ("3930000001", "+393930000001"),
        ("393930000001", "+393930000001"),
        ("06 6982 0001", "+390669820001"),
        ("447700900123", "+447700900123"),
        ("+447700900123", "+447700900123"),
        ("12125550123", "+12125550123"),
        ("wa: nobody", None),
        ("", None),
        ("12", None),
        (None, None),
        ("+", None),
        ("٣٩٣٣٣٠٠٠٠٠٠١", "+393330000001"),
    ],
)
def test_numbers_of_every_look(text, number):
    assert read(text) == number


def test_digits_without_country_code_are_of_the_region():
    assert read("07700 900123", "GB") == "+447700900123"
    assert read("2125550123", "US") == "+12125550123"


def test_an_unknown_region_still_reads_international_numbers():
    assert read("393330000001", "??") == "+393330000001"
    assert read("3330000001", "??") is None


def test_only_what_is_not_plain_goes_to_the_parser_and_each_text_once(monkeypatch):
    seen = []
    monkeypatch.setattr("spoki_analytics.frames.phones._parse", lambda text, region: seen.append(text))
    e164(pa.array(["+393330000001", "393330000001", None, "odd", "odd", "very odd"]), "IT")
    assert seen == ["odd", "very odd"]
