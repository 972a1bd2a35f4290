"""Warnings point at the line of the person who can do something about them."""

from __future__ import annotations

import inspect

import pytest

from spoki_analytics import Spoki, SpokiWarning
from tests.conftest import KEY, Answer, Script


def test_a_warning_points_at_the_first_line_outside_the_package(script: Script) -> None:
    rows = [{"id": 1, "name": "Clienti"}]
    script["/api/1/lists/"] = [Answer({"count": 2, "next": None, "previous": None, "results": rows})]
    spoki = Spoki(api_key=KEY, base_url=script.base_url, progress=False)
    with pytest.warns(SpokiWarning, match="counts 2") as caught:
        here = inspect.currentframe()
        assert here is not None
        line = here.f_lineno + 1
        spoki.lists.load()
    assert {(warning.filename, warning.lineno) for warning in caught} == {(__file__, line)}
