"""Environment variables that hold for a while."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from spoki_analytics.sandbox.environment import Block

NAMES = ("SPOKI_TEST_ONE", "SPOKI_TEST_TWO")


@pytest.fixture(autouse=True)
def _before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SPOKI_TEST_ONE", "mine")
    monkeypatch.delenv("SPOKI_TEST_TWO", raising=False)
    yield
    assert seen() == {"SPOKI_TEST_ONE": "mine"}


def seen() -> dict[str, Any]:
    return {name: value for name, value in os.environ.items() if name.upper() in NAMES}


def variables(value: str) -> dict[str, str]:
    return dict.fromkeys(NAMES, value)


def test_a_block_holds_and_is_undone() -> None:
    with Block(variables("a")):
        assert seen() == variables("a")


def test_an_exception_undoes_it_as_well() -> None:
    with pytest.raises(ZeroDivisionError), Block(variables("a")):
        1 / 0  # noqa: B018 - the exception is what is tested


def test_what_the_block_itself_changed_is_undone() -> None:
    with Block(variables("a")):
        os.environ["SPOKI_TEST_ONE"] = "another"
        del os.environ["SPOKI_TEST_TWO"]
        assert seen() == {"SPOKI_TEST_ONE": "another"}
    assert seen() == {"SPOKI_TEST_ONE": "mine"}


def test_the_inner_one_of_nested_blocks_holds() -> None:
    with Block(variables("outer")) as outer:
        with Block(variables("inner")):
            assert seen() == variables("inner")
            outer.change({"SPOKI_TEST_ONE": "outer, changed"})
            assert seen() == variables("inner")
        assert seen() == variables("outer") | {"SPOKI_TEST_ONE": "outer, changed"}


def test_blocks_may_be_left_in_any_order() -> None:
    first, second, third = (Block(variables(value)).__enter__() for value in "abc")
    second.__exit__(None, None, None)
    assert seen() == variables("c")
    third.__exit__(None, None, None)
    assert seen() == variables("a")
    first.__exit__(None, None, None)


@pytest.mark.skipif(os.name == "nt", reason="names have no case there")
def test_other_spellings_of_a_name_are_away_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("spoki_test_one", "small")
        with Block(variables("a")):
            assert seen() == variables("a")
        assert seen() == {"SPOKI_TEST_ONE": "mine", "spoki_test_one": "small"}
