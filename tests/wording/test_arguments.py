"""Names of arguments, as the reader types them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from spoki_analytics.wording.arguments import UNSET, argument, spelling


def shouted(name: str, value: object) -> str:
    return name.upper() if value is UNSET else f"{name.upper()}: {value}"


def test_python_is_the_default() -> None:
    assert argument("limit") == "limit"
    assert argument("again", True) == "again=True"
    assert argument("limit", None) == "limit=None"
    assert argument("missing", "keep") == "missing='keep'"


def test_another_spelling_holds_inside_its_block_and_in_every_thread() -> None:
    with spelling(shouted), ThreadPoolExecutor(1) as pool:
        assert argument("limit") == pool.submit(argument, "limit").result() == "LIMIT"
        assert argument("limit", 3) == "LIMIT: 3"
    assert argument("limit") == "limit"
