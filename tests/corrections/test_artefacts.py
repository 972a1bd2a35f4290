"""What a program made is no value, what is garbled is no text, and what nobody sees does not belong in an address."""

from __future__ import annotations

import pandas as pd
import pytest

from spoki_analytics.corrections.artefacts import require_genuine
from spoki_analytics.corrections.checks import Terms, custom_value, truth
from spoki_analytics.corrections.refusals import InvalidValueError, Reason
from tests.corrections.spoki_double import contact


def refused(text: str, **how: bool) -> Reason | None:
    try:
        require_genuine(text, **how)
    except InvalidValueError as problem:
        return problem.reason
    return None


@pytest.mark.parametrize(
    "text",
    """
    #N/D #RIF! #VALORE! #NOME? #NUM! #NULLO! #DIV/0! #N/A #REF! #VALUE! #NAME? #NV #BEZUG! #WERT!
    #ZAHL! #VALEUR! #NOM? #NOMBRE! #¡VALOR! #¿NOMBRE? #¡REF! #¡DIV/0! #ССЫЛКА! #Н/Д #ДЕЛ/0! #DEĞER!
    #SAYI/0! #YOK #HIÁNYZIK #I/T #VÆRDI! #ERROR! #SPILL! #CALC! Err:502 Fehler:508 Err:522 #####
    #n/d #Rif!
    """.split(),  # noqa: SIM905
)
def test_errors_of_spreadsheets_are_no_values_in_any_language(text):
    assert refused(text) is Reason.SHEET_ERROR
    assert refused(f" {text} ", keep_text=True) is Reason.SHEET_ERROR


@pytest.mark.parametrize("text", ["#1!", "#", "#vip", "N. 5", "# 1", "C#", "##", "#5", "1/2", "Errico"])
def test_a_hash_alone_makes_no_error(text):
    assert refused(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "3,93331E+11",
        "3.93E+11",
        "8,01235E+12",
        "4E+12",
        "3.93331e+11",
        "3٫93E+11",
        "393.3E+09",
        "1,2E-05",
        "3,9 × 10^11",
    ],
)
def test_shortened_numbers_are_no_values_in_any_locale(text):
    assert refused(text) is refused(text, keep_text=True) is Reason.SHORTENED


@pytest.mark.parametrize("text", ["12E3B", "E12", "2E", "7E12345678", "1.5", "1,50", "3x10", "10E"])
def test_codes_and_prices_are_no_shortened_numbers(text):
    assert refused(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nan", Reason.NO_VALUE),
        ("NaT", Reason.NO_VALUE),
        ("<NA>", Reason.NO_VALUE),
        ("None", Reason.NO_VALUE),
        ("NULL", Reason.NO_VALUE),
        ("1.0", Reason.PANDAS_LEFTOVER),
        ("393330000001.0", Reason.PANDAS_LEFTOVER),
        ("184,0", Reason.PANDAS_LEFTOVER),
        ("VERO", Reason.TRUTH_WORD),
        ("Falso", Reason.TRUTH_WORD),
        ("TRUE", Reason.TRUTH_WORD),
        ("false", Reason.TRUTH_WORD),
        ("WAHR", Reason.TRUTH_WORD),
        ("FAUX", Reason.TRUTH_WORD),
        ("VERDADERO", Reason.TRUTH_WORD),
        ("ИСТИНА", Reason.TRUTH_WORD),
        ("01-mar", Reason.MADE_DATE),
        ("1-Mar", Reason.MADE_DATE),
        ("set-02", Reason.MADE_DATE),
    ],
)
def test_other_things_that_programs_make_are_no_values(text, reason):
    assert refused(text) is reason
    certain = reason is Reason.PANDAS_LEFTOVER
    assert refused(text, keep_text=True) is (reason if certain else None)
    assert refused(text, keep_text=True, plain=True) is reason


@pytest.mark.parametrize(
    "text", ["Vera", "Sand", "Nana", "Marzo 1", "12-13", "Nadia", "Truesdale", "1-marzo", "10", "0"]
)
def test_names_and_codes_are_values(text):
    assert refused(text) is None


@pytest.mark.parametrize(
    "word", ["true", "FALSE", "Vero", "FALSO", "WAHR", "falsch", "VRAI", "FAUX", "VERDADERO", "ЛОЖЬ"]
)
def test_a_true_or_false_field_takes_the_words_of_any_language(word):
    assert truth(word) is (word.casefold() in ("true", "vero", "wahr", "vrai", "verdadero"))


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman", "cp850", "cp437"])
@pytest.mark.parametrize(
    "text", ["Niccolò", "Forlì", "perché", "André", "Zürich", "Łódź", "L’Aquila è qui", "Citta‚ più"]
)
def test_text_of_a_wrong_encoding_is_garbled(text, encoding):
    wrong = "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())
    assert refused(wrong) is Reason.GARBLED
    assert refused(wrong, keep_text=True) is None


@pytest.mark.parametrize(
    "text", ["NiccolÃƒÂ²", "10 â‚¬", "Ã¨", "CITTÃ€", "Niccol\ufffd", "perchÃ", "Niccolò e NiccolÃ²", "Åžtefan"]
)
def test_garbled_twice_in_part_or_beyond_repair(text):
    assert refused(text) is Reason.GARBLED


@pytest.mark.parametrize(
    "text",
    """
    NÃO SÃO_PAULO IRMÃ GUIMARÃES ÂNGELA CHÂTEAU Ân ROMÂNIA BRĂILA ORĂŞENESC Łódź Åse Ð Þór «está»… Øresund ŠKODA
    π√2 ½ €_10 TRẦN ÎLE… CAFÉ! Привет عربى 日本
    """.split(),  # noqa: SIM905
)
def test_true_texts_of_other_languages_are_not_garbled(text):
    assert refused(text.replace("_", "\xa0")) is None


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u200d", "\u200c", "\u2060", "\u3164"]
)
def test_nothing_unseen_belongs_in_an_address(hidden):
    assert refused(f"anna{hidden}x@example.com", plain=True) is Reason.HIDDEN


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("An\u200bna", Reason.HIDDEN_IN_TEXT),
        ("\ufeffAnna", Reason.HIDDEN_IN_TEXT),
        ("Anna\u200e", Reason.HIDDEN_IN_TEXT),
        ("Anna\u200d", Reason.HIDDEN_IN_TEXT),
        ("\u200cAnna", Reason.HIDDEN_IN_TEXT),
        ("علی\u200cرضا", None),
        ("👩\u200d👩\u200d👧 👩🏽\u200d💻 ❤️\u200d🔥", None),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", None),
        ("क्\u200dष", None),
        ("Donau\u00addampf", None),
        ("a\x00b", Reason.NUL),
        ("a\x1bb", None),
    ],
)
def test_in_a_name_joiners_join_and_nothing_else_is_unseen(text, reason):
    assert refused(text) is reason


def test_all_of_it_is_refused_by_row_and_cell_and_sent_when_meant(spoki, double):
    double.add("contacts", contact(1), contact(2))
    double.add("custom_fields", {"id": 1, "code": "CAP", "field_type": 1})
    rows = [{"id": 1, "first_name": "NiccolÃ²", "field.CAP": "#N/D"}, {"id": 2, "first_name": "VERO"}]
    errors = spoki.contacts.update(pd.DataFrame(rows), missing="keep").errors
    assert errors[["row", "column", "code"]].values.tolist() == [
        ["0", "first_name", "garbled"],
        ["0", "field.CAP", "sheet_error"],
        ["1", "first_name", "truth_word"],
    ]
    assert errors["problem"].str.contains("keep_text=True").tolist() == [True, False, True]
    plan = spoki.contacts.update(1, first_name="NiccolÃ²", custom_fields={"CAP": "VERO"}, keep_text=True)
    plan.apply()
    assert double.records["contacts"][1]["first_name"] == "NiccolÃ²"


def test_a_date_that_is_none_is_refused_as_an_empty_cell():
    with pytest.raises(InvalidValueError) as caught:
        custom_value("NATO", pd.NaT, {"NATO": 3}, Terms())
    assert caught.value.reason is Reason.EMPTY_CELL
