"""Text of strangers: spelled out, shortened, replaced; and the nearest known word to one of theirs."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoki_analytics.wording.names import describe, escape, nearest, quote, replace_hidden, shorten, suggest


@given(st.text())
def test_an_escaped_text_shows_all_of_it(text: str) -> None:
    shown = escape(text)
    assert all(letter.isprintable() or unicodedata.category(letter) == "Zs" or letter == "\u200d" for letter in shown)
    if "\\" not in text:
        assert shown.encode("raw_unicode_escape").decode("unicode_escape") == text


@given(st.text())
def test_a_replaced_text_keeps_its_length_and_lines(text: str) -> None:
    shown = replace_hidden(text)
    assert len(shown) == len(text)
    assert shown.count("\n") == text.count("\n")
    assert not {unicodedata.category(letter) for letter in shown if letter not in "\n\u200d"} & {"Cc", "Cf", "Cs", "Zl"}


def test_a_number_with_its_space_passes_to_the_terminal() -> None:
    assert replace_hidden("71.2\u00a0%\x1b") == "71.2\u00a0%\ufffd"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Saldi", "Saldi"),
        ("  a\n\tb\r ", "a b"),
        ("\u202eevil\u2066", "evil"),
        ("null\x00byte", "nullbyte"),
        ("", "(no name)"),
        (None, "(no name)"),
        (pd.NA, "(no name)"),
        ("x" * 31, "x" * 29 + "…"),
        ("x" * 30, "x" * 30),
        ("日" * 16, "日" * 14 + "…"),
    ],
)
def test_names_become_short_single_lines(name: str, expected: str) -> None:
    assert shorten(name) == expected


@given(st.text())
def test_no_name_breaks_a_picture(name: str) -> None:
    short = shorten(name, 12)
    assert 0 < len(short) <= 13
    assert not {unicodedata.category(character) for character in short} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        ("", "(empty)"),
        (True, "yes"),
        ([], "(none)"),
        ([1, "a\u202e"], "1, a\\u202e"),
        ({"A": "x", "B": None}, "A: x, B: –"),
        ("plain", "plain"),
        ("a\nb", "a\\nb"),
    ],
)
def test_values_as_one_line(value: object, text: str) -> None:
    assert describe(value) == text


def test_long_values_are_cut_in_problems() -> None:
    assert quote("x" * 100) == '"' + "x" * 58 + "…"
    assert quote("\x1b") == '"\\\\x1b"'


@pytest.mark.parametrize(
    ("word", "near"), [("contcats", "contacts"), ("CONTACTS", "contacts"), ("tag", "tags"), ("xyz", None), ("", None)]
)
def test_the_nearest_word_is_the_one_that_was_meant(word: str, near: str | None) -> None:
    assert nearest(word, ["contacts", "campaigns", "tags"]) == near
    assert suggest(word, ["contacts", "campaigns", "tags"]) == ("" if near is None else f" Did you mean {near}?")
