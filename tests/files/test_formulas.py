"""Text that starts no formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoki_analytics.files.formulas import disarm, rearm

ALPHABET = "=+-@\t\r\n\uff1d\u200b\x00 ;a1',\""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\n'=1"),
        ("a\r\nb", "a\nb"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ("Anna;=1+1;x", "Anna;'=1+1;x"),
        ("Anna\n=1+1", "Anna\n'=1+1"),
        ("+393331234567", "+393331234567"),
        ("+39 333 123 4567", "+39 333 123 4567"),
        ("-12.5", "-12.5"),
        ("1964-04-08", "1964-04-08"),
        ("a=b; c - d", "a=b; c - d"),
        ("", ""),
    ],
)
def test_text_that_starts_a_formula_is_disarmed(text: str, written: str) -> None:
    assert disarm(text) == written


@given(st.text(alphabet=ALPHABET, max_size=8))
def test_no_part_of_any_text_starts_a_formula(text: str) -> None:
    written = disarm(text)
    if written.startswith(("+", "-")):
        assert not set(written) - set("+-0123456789 ,.")
    else:
        parts = written.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";")
        assert not [part for part in parts if part.strip(" ").startswith(DANGEROUS)]
    assert written.replace("'", "") == text.replace("\r\n", "\n").replace("\r", "\n").replace("'", "")


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1)


@given(texts)
def test_rearming_undoes_disarming(text: str) -> None:
    if rearm(text) == text:
        assert rearm(disarm(text)) == text
