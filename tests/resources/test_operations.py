"""Every operation of the API: it is listed, and what is listed works, over HTTP."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from spoki_analytics import RemovedOperationError, Spoki
from spoki_analytics.catalogue import Operation, catalogue
from spoki_analytics.corrections.plan import Plan
from spoki_analytics.corrections.writes import WRITES
from spoki_analytics.resources.calls import ABSENT, CORRECTIONS, READS
from spoki_analytics.resources.operations import operations
from spoki_analytics.sandbox import Sandbox
from tests.examples_of_use import EXAMPLES

USED = [entry for entry in catalogue() if entry.slug not in ABSENT]
FRAME = operations().assign(slug=[entry.slug for entry in catalogue()]).set_index("slug")


@pytest.fixture
def sandbox(spoki_sandbox_factory: Callable[..., Sandbox]) -> Sandbox:
    """A sandbox whose rates nobody meets."""
    return spoki_sandbox_factory(window=1e-9)


@pytest.fixture
def spoki(sandbox: Sandbox) -> Iterator[Spoki]:
    with Spoki(writes=True) as client:
        yield client


def arguments(call: ast.Call, example: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a written call, with an example for each word in capitals."""
    ids = example.get("IDS", example.get("ID"))
    known = {**example, "IDS": [ids], "FRAME": pd.DataFrame(example.get("FRAME", {}))}

    def value(node: ast.expr) -> Any:
        return known[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)

    named = {str(word.arg): value(word.value) for word in call.keywords}
    if "NAME" in named:
        named = {example["NAME"]: named.pop("NAME")}
    return [value(argument) for argument in call.args], named


@pytest.mark.parametrize("entry", USED, ids=lambda entry: f"{entry.number or 'beyond'}-{entry.slug}")
def test_the_python_call_reaches_spoki(spoki: Spoki, sandbox: Sandbox, entry: Operation) -> None:
    written = ast.parse(FRAME.loc[entry.slug, "python"], mode="eval").body
    assert isinstance(written, ast.Call)
    method = eval(ast.unparse(written.func), {"spoki": spoki})
    given, named = arguments(written, EXAMPLES.get(entry.slug, {}))
    if entry.slug == "list_reports":
        named["form"] = "wide"  # the older report is asked for what the detailed one does not count
    if entry.removed:
        with pytest.raises(RemovedOperationError, match=r"spoki\.channels\.create"):
            method(*given, **named)
        assert sandbox.requests == []
        return
    found = method(*given, **named)
    if isinstance(found, Plan):
        assert found.errors.empty, found.errors.to_string()
        assert sandbox.writes() == []
        outcome = found.apply(confirm=found.confirmation)
        assert outcome["outcome"].tolist() == ["applied"], outcome.to_string()
        assert [write.operation for write in sandbox.writes()] == [entry.slug]
    assert isinstance(found, Plan) is not entry.is_read
    assert sandbox.calls(entry.slug) >= 1


def test_the_frame_has_every_operation_with_its_call_or_a_reason(spoki: Spoki) -> None:
    frame = spoki.operations
    assert sorted(frame["number"].dropna()) == list(range(1, 58))
    assert len(frame) == len(catalogue())
    assert (frame["number"].notna() <= (frame["python"] != "")).all()
    assert ((frame["python"] == "") == (frame["command"] == "")).all()
    assert ((frame["python"] == "") == (frame["absent"] != "")).all()
    assert frame.dtypes.astype(str).to_dict() == {
        name: "Int64" if name in ("number", "rate") else "str" for name in frame.columns
    }
    assert set(frame["kind"]) == {"read", "correction"}
    removed = frame[frame["removed"] != ""]
    assert removed["replacement"].tolist() == ["spoki.channels.create(platform=1)"]


def test_what_is_left_alone_is_in_the_catalogue() -> None:
    assert set(ABSENT) <= {entry.slug for entry in catalogue()}
    assert {entry.slug for entry in catalogue() if "no method of this client" in entry.note} == set(ABSENT)


def test_each_call_is_a_method_of_its_own_kind(spoki: Spoki) -> None:
    for call in (*READS, *CORRECTIONS):
        assert callable(getattr(getattr(spoki, call.family), call.method)), call.path
        assert call.entry.is_read == bool(call.resource)
    assert {call.operation for call in CORRECTIONS} == {*WRITES, "create_account_onboarding_link"}
    names = [(call.resource, call.takes) for call in READS if call.about]
    assert len(names) == len(set(names))
