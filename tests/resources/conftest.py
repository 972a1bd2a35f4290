"""What the tests of resources share: the published examples, served by the scripted server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.api.conftest import client  # noqa: F401 - a fixture
from tests.conftest import Answer, Script

EXAMPLES = Path(__file__).parent.parent / "examples"
FACTS = {
    "account", "operation", "filters", "as_of", "rows", "requests", "cache_hits", "stale", "drift", "unknown_columns",
}  # fmt: skip


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def serve(script: Script) -> Callable[..., list[dict[str, Any]]]:
    """Serves an example as the whole of a listing, and each of its rows under its id."""

    def put(path: str, name: str) -> list[dict[str, Any]]:
        answer = example(name)
        rows = answer if isinstance(answer, list) else answer["results"]
        whole = answer if isinstance(answer, list) else {**answer, "next": None, "count": len(rows)}
        script[f"/api/1/{path}/"] = Answer(whole)
        for row in rows:
            script[f"/api/1/{path}/{row['id']}/"] = Answer(row)
        return list(rows)

    return put


def told(frame: pd.DataFrame | pd.Series) -> dict[str, Any]:
    """The provenance, after a look at what holds for every frame."""
    facts = frame.attrs["spoki"]
    assert set(facts) >= FACTS
    assert json.loads(json.dumps(facts)) == facts
    assert pd.Timestamp(facts["as_of"]).tzinfo is not None
    return facts


def dtypes(frame: pd.DataFrame, *names: str) -> list[str]:
    return [str(frame[name].dtype) for name in names]
