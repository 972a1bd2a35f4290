"""Names of arguments, as the reader types them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from spoki_analytics.wording.arguments import UNSET, Speller, argument, call, spelling


def loud_argument(name: str, value: object) -> str:
    return name.upper() if value is UNSET else f"{name.upper()}: {value}"


def loud_call(method: str, given: tuple[object, ...]) -> str:
    return f"{method.upper()} {given}"


LOUD = Speller(loud_argument, loud_call)


def test_python_is_the_default() -> None:
    assert argument("limit") == "limit"
    assert argument("again", True) == "again=True"
    assert argument("limit", None) == "limit=None"
    assert argument("missing", "keep") == "missing='keep'"
    assert call("journal.show") == "spoki.journal.show()"
    assert call("contacts.get", 7, "x") == "spoki.contacts.get(7, 'x')"


def test_another_spelling_holds_inside_its_block_and_in_every_thread() -> None:
    with spelling(LOUD), ThreadPoolExecutor(1) as pool:
        assert argument("limit") == pool.submit(argument, "limit").result() == "LIMIT"
        assert argument("limit", 3) == "LIMIT: 3"
        assert call("journal.show", 1) == "JOURNAL.SHOW (1,)"
    assert argument("limit") == "limit"
