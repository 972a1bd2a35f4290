"""What help() says of a method: every argument, every column with dtype and unit, and an example."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from spoki_analytics import Spoki
from spoki_analytics.frames.descriptions import describe_columns
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.resources.calls import FAMILIES, READS
from spoki_analytics.resources.docstrings import complete, join, split
from spoki_analytics.resources.methods import family_of


def methods() -> Iterator[Any]:
    for family in FAMILIES:
        for name, method in vars(family).items():
            if not name.startswith("_") and inspect.isfunction(method) and method.__name__ == name:
                yield pytest.param(family, method, id=f"{family_of(family)}.{name}")


def examples(docstring: str) -> list[str]:
    return [line.strip().removeprefix(">>> ") for line in docstring.splitlines() if line.strip().startswith(">>> ")]


@pytest.mark.parametrize(("family", "method"), list(methods()))
def test_help_names_every_argument_and_shows_an_example(family, method):
    sections = split(inspect.getdoc(method) or "")
    for name in inspect.signature(method).parameters:
        assert name == "self" or f"{name}: " in sections["Args"], name
    shown = examples(sections["Example"])
    assert shown
    for line in shown:
        for call in (node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call)):
            path = ast.unparse(call.func).split(".")
            if path[0] == "spoki":
                of = {family_of(each): each for each in FAMILIES}[path[1]]
                given = [None for _ in call.args], {str(word.arg): None for word in call.keywords}
                inspect.signature(getattr(of, path[2])).bind(None, *given[0], **given[1])
    if method.__name__ != "onboarding_link":
        assert f"spoki.{family_of(family)}.{method.__name__}(" in " ".join(shown)


@pytest.mark.parametrize(
    "call", [call for call in READS if call.takes == ("filters",) and call.about], ids=lambda call: call.resource
)
def test_help_names_every_column_with_its_dtype_and_unit(call):
    schema = SCHEMAS[call.schema]
    said = " ".join(getattr(getattr(Spoki, call.family).func(None), call.method).__doc__.split())
    if call.family == "reports":
        assert "period_start (datetime64[us, UTC]" in said
    elif call.method in ("memberships", "localizations"):
        assert f"{schema.noun}_id" in said
    else:
        assert describe_columns(schema) in said


def test_what_a_method_says_itself_stays():
    def load(self: object, search: str, limit: int | None = None, refresh: bool | None = None) -> None:
        """All of them.

        Args:
            limit: Not more
                than these.

        Raises:
            UsageError: Never.

        Example:
            >>> load()
        """

    complete(load, "filters", SCHEMAS["tags"])
    assert split(load.__doc__ or "") == {
        "": "All of them.",
        "Args": "limit: Not more than these.\nrefresh: Ask Spoki again instead of using the cache.",
        "Returns": "id (Int64), name, color (text), order (Int64); fields that no source documents follow.",
        "Raises": "UsageError: Never.\nSpokiError: See ``spoki_analytics.errors``.",
        "Example": ">>> load()",
    }
    assert join(split(load.__doc__ or "")) == load.__doc__


def test_signatures_stay_as_they_are_written():
    load = Spoki.contacts.func(None).load
    assert str(inspect.signature(load)).startswith("(*, search: 'str | None' = None, status: 'str | None' = None")
