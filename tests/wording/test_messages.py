"""Sentences: their values, their plural forms, and another language."""

from __future__ import annotations

import gettext as standard
import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo

from spoki_analytics.wording import messages
from spoki_analytics.wording.messages import gettext, ngettext, ngettext_noop, speaking


def test_values_fill_their_places_and_are_not_read_again() -> None:
    assert gettext("{name} has {count} rows", name="{count}", count=3) == "{count} has 3 rows"


def test_a_sentence_without_values_keeps_its_braces() -> None:
    assert gettext('a body such as {"name": 1}') == 'a body such as {"name": 1}'


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 requests"), (1, "1 request"), (2, "2 requests"), (1200, "1,200 requests")]
)
def test_a_count_chooses_its_form_and_is_written_as_a_number(count: int, said: str) -> None:
    assert ngettext("{count} request", "{count} requests", count) == said


def test_sentences_follow_the_language_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(locale="it")
    catalog.add("There is no account {account}.", "L'account {account} non esiste.")
    catalog.add(("{count} request", "{count} requests"), ("{count} richiesta", "{count} richieste"))
    file = io.BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    italian = standard.GNUTranslations(file)
    english = messages._catalogue("en")
    monkeypatch.setattr(messages, "_catalogue", lambda language: italian if language == "it" else english)
    with speaking("it"):
        assert gettext("There is no account {account}.", account=4100) == "L'account 4100 non esiste."
        assert ngettext("{count} request", "{count} requests", 1) == "1 richiesta"
        assert gettext("Nobody translated this.") == "Nobody translated this."
    assert gettext("There is no account {account}.", account=4100) == "There is no account 4100."


def test_a_language_without_catalogue_is_said_in_english() -> None:
    with speaking("fi"):
        assert gettext("Nothing to send.") == "Nothing to send."


def test_a_counted_sentence_of_a_table_is_one_entry_for_translators() -> None:
    code = io.BytesIO(b'ROWS = ngettext_noop("{count} row", "{count} rows")')
    extracted = extract("python", code, keywords={"ngettext_noop": (1, 2)})
    assert [message for _, message, *_ in extracted] == [ngettext_noop("{count} row", "{count} rows")]
