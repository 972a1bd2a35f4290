"""Values that strangers wrote survive the way to Spoki and back, and run nowhere on it."""

from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd
import pytest

from spoki_analytics.wording.names import escape
from tests.corrections.spoki_double import contact

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</td></tr></table><b>out",
    '=HYPERLINK("http://example.invalid","x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\x1b[2J\x1b[31mred\x07",
    "a\x01b\r\nc\td",
    "$\\href{javascript:alert(1)}{x}$",
    "{{ 7*7 }} ${7*7} %s %(x)s",
    "&lt;already&gt;",
    "👩‍👩‍👧 Żółć 漢字 عربى",
]
UNSEEN = ["\u202egpj.exe\u202c", "zero\u200bwidth\ufeff"]
ALLOWED = {"div", "p", "br", "table", "thead", "tbody", "tr", "th", "td", "code"}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@pytest.fixture(autouse=True)
def _world(double):
    double.add("contacts", contact(1))


@pytest.mark.parametrize("value", [*HOSTILE, *UNSEEN])
def test_hostile_values_survive_a_round_trip_and_run_nowhere(spoki, double, value):
    double.records["contacts"][1]["last_name"] = value
    plan = spoki.contacts.update(1, first_name=value, last_name="Rossi", keep_text=value in UNSEEN, reason=value)
    for page in (plan._repr_html_(), spoki.contacts.sync([{"phone": "+393330000001", "email": value}])._repr_html_()):
        parser = Tags()
        parser.feed(page)
        assert set(parser.tags) <= ALLOWED
        assert {name for name, _ in parser.attributes} <= {"style", "class"}
    parser = Tags()
    parser.feed(plan._repr_html_())
    assert parser.text.count(escape(value)) == 3
    assert 'class="tex2jax_ignore mathjax_ignore"' in plan._repr_html_()
    assert all(letter.isprintable() or letter in "\n\u200d" for letter in str(plan))
    assert plan.apply()["outcome"].tolist() == ["applied"]
    assert double.records["contacts"][1]["first_name"] == value
    plan.undo().apply()
    assert double.records["contacts"][1]["last_name"] == value
    assert spoki.contacts.get(1)["last_name"] == value


@pytest.mark.parametrize("value", [*UNSEEN, "a\x00b"])
def test_what_nobody_sees_is_sent_only_when_it_is_meant(spoki, value):
    plan = spoki.contacts.update(1, first_name=value)
    assert plan.errors["code"].tolist() == ["nul" if "\x00" in value else "hidden_in_text"]
    parser = Tags()
    parser.feed(plan._repr_html_())
    assert set(parser.tags) <= ALLOWED
    assert all(letter.isprintable() or letter == "\n" for letter in str(plan))
    assert len(spoki.contacts.update(1, first_name=value, keep_text=True)) == ("\x00" not in value)


def test_hostile_labels_and_columns_are_shown_as_text(spoki):
    frame = pd.DataFrame({"phone": ["12"], "<script>x</script>": ["1"]}, index=["<img src=x>\u202e"])
    plan = spoki.contacts.sync(frame)
    parser = Tags()
    parser.feed(plan._repr_html_())
    assert set(parser.tags) <= ALLOWED
    assert "\\u202e" in parser.text


def test_a_hostile_answer_shows_as_text_only(spoki, double):
    double.refuse = lambda method, path: (400, {"detail": HOSTILE[0]}) if method == "PATCH" else None
    outcome = spoki.contacts.update(1, first_name="A").apply()
    assert "<script>" not in outcome.to_html()
