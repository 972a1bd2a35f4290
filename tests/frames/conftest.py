"""What the tests of frames share: rows to a frame in one step, and the example answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from spoki_analytics.frames.builder import TableBuilder
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.frames.tables import to_frame

EXAMPLES = Path(__file__).parent.parent / "examples"


def built(family: str, *pages: list[Any], zone: str = "UTC") -> pa.Table:
    builder = TableBuilder(SCHEMAS[family], zone)
    for page in pages:
        builder.add(page)
    return builder.finish()


def frame_of(family: str, *pages: list[Any], zone: str = "UTC") -> pd.DataFrame:
    return to_frame(built(family, *pages, zone=zone), SCHEMAS[family])


def example(name: str) -> list[Any]:
    answer = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    rows = answer.get("results", [answer]) if isinstance(answer, dict) else answer
    return list(rows)


@pytest.fixture
def table() -> Callable[..., pa.Table]:
    return built


@pytest.fixture
def frame() -> Callable[..., pd.DataFrame]:
    return frame_of


@pytest.fixture
def rows() -> Callable[[str], list[Any]]:
    return example
