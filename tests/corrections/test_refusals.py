"""A refusal has a reason from a closed set; programs decide by its code, people read its sentence."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from spoki_analytics.corrections.refusals import InvalidValueError, Reason, Refusal
from spoki_analytics.wording.arguments import Speller, spelling
from tests.corrections.spoki_double import contact


def test_every_reason_has_a_code_and_a_sentence_of_its_own() -> None:
    assert all(re.fullmatch(r"[a-z_]+", reason.value) and reason.value == reason.name.lower() for reason in Reason)
    assert len({reason.sentence for reason in Reason}) == len(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_sentence_is_whole(reason: Reason) -> None:
    names = re.findall(r"{(\w+)}", reason.sentence)
    said = Refusal("1", "phone", reason, dict.fromkeys(names, "X")).problem
    assert said
    assert "{" not in said


def test_an_invalid_value_says_what_its_refusal_says() -> None:
    error = InvalidValueError(Reason.NOT_PHONE, value='"12"')
    assert str(error) == error.refusal("1", "phone").problem == '"12" is not a phone number.'


def test_each_surface_says_a_reason_in_its_own_words() -> None:
    refusal = Refusal("1", "email", Reason.EMPTY_CELL)
    assert "missing='keep'" in refusal.problem
    with spelling(Speller(lambda name, value: f"--{name} {value}", lambda method, given: method)):
        assert "--missing keep" in refusal.problem
    assert refusal.say({Reason.EMPTY_CELL: "is empty."}) == "is empty."
    assert refusal.say({Reason.EMPTY: "is empty."}) == refusal.problem


def test_the_errors_of_a_plan_carry_the_codes(spoki, double) -> None:
    double.add("contacts", contact(1))
    frame = pd.DataFrame({"phone": ["12", "+393330000002"], "email": ["a@example.com", None], "shoe": ["41", "42"]})
    errors = spoki.contacts.sync(frame).errors
    assert list(errors.columns) == ["row", "column", "problem", "code"]
    assert errors["code"].tolist() == ["unknown_column", "invalid_phone", "empty_cell"]
