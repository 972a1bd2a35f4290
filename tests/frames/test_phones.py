"""Phone numbers: what Spoki holds, and what people type."""

import phonenumbers
import pyarrow as pa
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from spoki_analytics.frames.phones import Problem, UnreadableError, e164, identity, read, same_person, stored_forms

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
EXAMPLES = {
    (region, kind): number
    for region in REGIONS
    for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
    if (number := phonenumbers.example_number_for_type(region, kind))
}


def held(text: str | None, region: str = "IT") -> str | None:
    return e164(pa.array([text], pa.string()), region).to_pylist()[0]


def typed(text: str, region: str = "IT") -> str | Problem:
    try:
        return read(text, region)
    except UnreadableError as unread:
        return unread.problem


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+393330000001", "+393330000001"),
        ("393330000001", "+393330000001"),
        ("39 333 000 0001", "+393330000001"),
        ("00393330000001", "+393330000001"),
        ("+39 (333) 000-0001", "+393330000001"),
        ("3330000001", "+3330000001"),
        ("+5215512345678", "+5215512345678"),
        ("5215512345678", "+5215512345678"),
        ("551187654321", "+551187654321"),
        ("5511987654321", "+5511987654321"),
        ("06 6982 0001", "+390669820001"),
        ("447700900123", "+447700900123"),
        ("12125550123", "+12125550123"),
        ("wa: nobody", None),
        ("wa: 393330000001", None),
        ("", None),
        ("12", None),
        (None, None),
        ("+", None),
        ("00", None),
        ("1234567890123456", None),
        ("٣٩٣٣٣٠٠٠٠٠٠١", "+393330000001"),
        ("393330000001.0", None),
    ],
)
def test_what_spoki_holds_is_shown_as_plus_and_its_digits(text, number):
    assert held(text) == number


def test_what_begins_with_a_zero_is_of_the_account_s_country():
    assert held("0151 23456789", "DE") == "+4915123456789"
    assert held("07400 123456", "GB") == "+447400123456"


def test_only_what_is_not_plain_is_looked_at_by_itself_and_the_country_is_asked_only_for_a_zero():
    def region() -> str:
        pytest.fail("nobody needs to know")

    assert e164(pa.array(["+393330000001", "393330000001", None, "odd", "00 39 333 0000001"]), region).to_pylist() == [
        "+393330000001", "+393330000001", None, None, "+393330000001",
    ]  # fmt: skip


@pytest.mark.parametrize(("region", "kind"), EXAMPLES)
def test_a_number_of_any_country_means_itself_however_it_is_written(region, kind):
    number = EXAMPLES[region, kind]
    e164_form = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    digits = e164_form.removeprefix("+")
    assert held(e164_form) == held(digits) == held(f"00{digits}") == e164_form
    assert typed(e164_form) == typed(f"00{digits}") == e164_form
    assert typed(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)) == e164_form
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    assert typed(national, region) in {e164_form, Problem.TWO_READINGS}
    for account in ("IT", "DE", "US", "BR", region):
        # Without plus: itself or refused, and another number only where the account's own country has one of it.
        meant = typed(digits, account)
        assert meant in {e164_form, *Problem} or meant.startswith(f"+{phonenumbers.country_code_for_region(account)}")


@pytest.mark.parametrize("kind", ["VOICEMAIL", "PAGER", "PREMIUM_RATE", "SHARED_COST"])
def test_numbers_that_whatsapp_cannot_have_are_refused_in_every_country(kind):
    numbers = [phonenumbers.example_number_for_type(region, getattr(PhoneNumberType, kind)) for region in REGIONS]
    for number in filter(None, numbers):
        text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        assert typed(text) is Problem.NOT_ON_WHATSAPP


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("3331234567", "IT", "+393331234567"),
        ("+39\u202f333\u202f123\u00a04567", "IT", "+393331234567"),
        ("3271504991", "IT", "+393271504991"),
        ("333/1234567", "IT", "+393331234567"),
        ("06/1234567", "IT", "+39061234567"),
        ("06 765 43 21", "IT", "+39067654321"),
        ("39333 1234567", "IT", "+393331234567"),
        ("+39 (0)6 1234567", "IT", "+39061234567"),
        ("+49 (0)151 23456789", "IT", "+4915123456789"),
        ("380501234567", "IT", "+380501234567"),
        ("33612345678", "IT", "+33612345678"),
        ("34612345678", "IT", "+34612345678"),
        ("385911234567", "IT", "+385911234567"),
        ("15123456789", "DE", "+4915123456789"),
        ("030/123456-78", "DE", "+493012345678"),
        ("01-23-45-67-89", "FR", "+33123456789"),
        ("(650) 253-0000", "US", "+16502530000"),
        ("55 1234 5678", "MX", "+525512345678"),
        ("(11) 98765-4321", "BR", "+5511987654321"),
        ("5215512345678", "IT", "+5215512345678"),
        ("+551187654321", "IT", "+551187654321"),
        ("+5491112345678", "IT", "+5491112345678"),
        ("06 1234567/8", "IT", Problem.TWO_LINES),
        ("02 123456/7", "IT", Problem.TWO_LINES),
        ("333 1234567/8", "IT", Problem.TWO_LINES),
        ("06 1234567/68", "IT", Problem.TWO_LINES),
        ("+39 06 1234567/8", "IT", Problem.TWO_LINES),
        ("06 1234567-8", "IT", Problem.TWO_LINES),
        ("06 1234567, 06 2345678", "IT", Problem.TWO_LINES),
        ("333 1234567 o 334 1234567", "IT", Problem.TWO_LINES),
        ("+39 348 12345678", "IT", Problem.NOT_ON_WHATSAPP),
        ("348 12345679", "IT", Problem.TWO_READINGS),
        ("347 12345678", "IT", Problem.TWO_READINGS),
        ("393331234567.0", "IT", Problem.NOT_PHONE),
        ("3,93331E+11", "IT", Problem.NOT_PHONE),
        ("chiedere a Anna", "IT", Problem.NOT_PHONE),
        ("12", "IT", Problem.INVALID),
        ("", "IT", Problem.NOT_PHONE),
    ],
)
def test_what_people_type(text, region, number):
    assert typed(text, region) == number


def test_a_refusal_of_two_readings_names_both():
    with pytest.raises(UnreadableError) as refused:
        read("348 12345679", "IT")
    assert refused.value.readings == ("+34812345679", "+3934812345679")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+5215512345678", "+525512345678"),
        ("+5511987654321", "+551187654321"),
        ("+5491112345678", "+541112345678"),
    ],
)
def test_whatsapp_knows_a_person_by_two_forms(one, other):
    assert set(same_person(one)) == set(same_person(other)) == {one, other}
    assert identity(one) == identity(other)


def test_a_landline_of_brazil_is_no_mobile_without_its_nine():
    assert set(same_person("+551133334444")) == {"+551133334444"}


def test_spoki_is_asked_with_plus_first():
    assert list(stored_forms("+393331234567", "IT")) == ["+393331234567", "393331234567"]
    assert list(stored_forms("+390669820001", "IT")) == ["+390669820001", "390669820001", "0669820001"]
    assert list(stored_forms("+390669820001", "DE")) == ["+390669820001", "390669820001"]


def test_a_float_is_no_number_whatever_stands_before_it():
    assert {typed("393331234567.0"), typed("+390212345678.0")} == {Problem.NOT_PHONE}


@pytest.mark.parametrize("number", ["+999123456789", "+2101234567"])
def test_a_number_of_no_country_can_still_be_looked_for(number):
    assert list(stored_forms(number, "IT")) == [number, number.removeprefix("+")]
