"""Parameters: right or refused, the same by shell, Python and notebook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from spoki_analytics.cli.arguments import REPORT_OPTIONS, in_shell
from spoki_analytics.errors import UsageError
from spoki_analytics.reporting.notebooks import find_notebook, read_notebook
from spoki_analytics.reporting.parameters import Parameter, complete, read_parameters, report_parameters, validate
from spoki_analytics.wording.arguments import spelling
from tests.reporting.conftest import MakeNotebook

TODAY = date(2026, 11, 22)
CELL = """
accounts: list = []  # Account ids; empty means all
start: str = ""  # First day
end: str = ""  # Last day
granularity: str = "Day"  # Day, Month or Year
refresh: bool = False  # Ask Spoki again
phone: str = ""  # A phone
limit: int = 10  # Rows
share: float = 0.5  # Share
names: list[str] = []  # Names
odd = "x"
"""


Read = Callable[..., dict[str, Parameter]]


@pytest.fixture(scope="module")
def read(make_notebook: MakeNotebook, tmp_path_factory: pytest.TempPathFactory) -> Read:
    path = tmp_path_factory.mktemp("notebooks") / "with {braces}.ipynb"
    return lambda *cells, **options: read_parameters(read_notebook(make_notebook(path, *cells, **options)))


@pytest.fixture(scope="module")
def parameters(read: Read) -> dict[str, Parameter]:
    return read("pass", parameters=CELL)


def test_the_cell_is_read_with_types_defaults_and_help(parameters: dict[str, Parameter]) -> None:
    assert parameters["accounts"] == Parameter("accounts", "list", [], "Account ids; empty means all")
    assert parameters["refresh"].default is False
    assert parameters["odd"].kind == "str"
    assert list(parameters) == [line.split(":")[0].split("=")[0].strip() for line in CELL.strip().splitlines()]


def test_a_notebook_of_another_machine_is_read(read: Read, parameters: dict[str, Parameter]) -> None:
    alien = {"kernelspec": {"name": "myproj", "display_name": "My {project}"}}
    assert read("pass", parameters=CELL, metadata=alien) == parameters
    assert read("pass") == {}


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("refresh", "false", False),
        ("refresh", "True", True),
        ("refresh", np.bool_(True), True),
        ("refresh", "0", False),
        ("phone", "+393331234567", "+393331234567"),
        ("phone", "007", "007"),
        ("limit", "12", 12),
        ("limit", np.int64(12), 12),
        ("share", "0.25", 0.25),
        ("accounts", "4100, 4200", [4100, 4200]),
        ("accounts", ["4100", 4200, "4100"], [4100, 4200]),
        ("accounts", (np.int64(4100),), [4100]),
        ("accounts", 4100, [4100]),
        ("start", "2026-10-01", "2026-10-01"),
        ("start", date(2026, 10, 1), "2026-10-01"),
        ("start", datetime(2026, 10, 1, 9, tzinfo=UTC), "2026-10-01"),
        ("start", pd.Timestamp("2026-10-01"), "2026-10-01"),
        ("start", None, ""),
        ("granularity", "month", "Month"),
        ("names", "Città, O'Brien", ["Città", "O'Brien"]),
        ("names", ["a,b"], ["a,b"]),
    ],
)
def test_values_become_what_json_can_hold(
    parameters: dict[str, Parameter], name: str, given: Any, expected: Any
) -> None:
    found = validate({name: given}, parameters)[name]
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("refresh", "perhaps", "neither true nor false"),
        ("refresh", 2, "neither true nor false"),
        ("phone", 393331234567, "not text"),
        ("limit", "007", "not a whole number"),
        ("limit", "1_000", "not a whole number"),
        ("limit", 1.5, "not a whole number"),
        ("limit", True, "not a whole number"),
        ("share", "nan", "not a number"),
        ("share", float("inf"), "not a number"),
        ("accounts", ["Rossi"], "not a whole number"),
        ("accounts", [0], "positive"),
        ("start", "2026-02-30", "not a date"),
        ("start", "20261001", "not a date"),
        ("start", "01/10/2026", "not a date"),
        ("granularity", "Hour", "Day, Week, Month, Year"),
        ("granulrity", "Day", "did you mean granularity"),
        ("zzz", "1", "this report knows accounts"),
        ("names", [Decimal(1)], "not text"),
        ("api_key", "x", "looks like a secret"),
        ("Access_Token", "x", "looks like a secret"),
    ],
)
def test_the_rest_is_refused_with_a_reason(parameters: dict[str, Parameter], name: str, given: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        validate({name: given}, parameters)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("password: str = ''", "looks like a secret"),
        ("x = y = 3", "one line of its own"),
        ("q: str = 'a=b'", "one line of its own"),
        ("day: str = today()", "plain value"),
        ("when: date = ''", "use one of bool, int"),
        ("x: str = (", "not Python"),
    ],
)
def test_a_cell_that_papermill_would_misread_is_refused(read: Read, cell: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read("pass", parameters=cell)


def test_the_period_is_spelled_out(parameters: dict[str, Parameter]) -> None:
    assert complete({}, parameters, TODAY) == {"start": "2026-10-22", "end": "2026-11-21"}
    assert complete({"end": "2026-03-31"}, parameters, TODAY)["start"] == "2026-03-01"
    assert complete({"limit": 3}, {}, TODAY) == {"limit": 3}
    with pytest.raises(UsageError, match="after its end"):
        complete({"start": "2026-11-22"}, parameters, TODAY)


def test_a_notebook_gets_its_parameters_ready_for_use() -> None:
    found = report_parameters(accounts=["4100"], end="2026-10-31", granularity="year", refresh="false", today=TODAY)
    assert (found.accounts, found.granularity, found.refresh) == ((4100,), "Year", False)
    assert (found.start, found.end, found.today) == (date(2026, 10, 1), date(2026, 10, 31), TODAY)
    with pytest.raises(AttributeError):
        found.refresh = True  # type: ignore[misc]


def test_today_is_the_day_of_the_order_or_of_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert report_parameters(timezone="Pacific/Kiritimati").today >= report_parameters(timezone="Pacific/Niue").today
    monkeypatch.setenv("SPOKI_REPORT_TODAY", "2026-03-29")
    assert report_parameters().end == date(2026, 3, 28)
    monkeypatch.delenv("SPOKI_REPORT_TODAY")
    with pytest.raises(UsageError, match="time zone"):
        report_parameters(timezone="Europe/Roma")


def test_the_package_ships_the_notebooks_folder() -> None:
    with pytest.raises(UsageError, match="no report called"):
        find_notebook("usagee")
    with pytest.raises(UsageError, match="no notebook at"):
        find_notebook("missing.ipynb")


def test_what_is_no_notebook_is_said_to_be_none(tmp_path: Path) -> None:
    for number, text in enumerate(("no json", "[]", "{}", '{"nbformat": 4}')):
        path = tmp_path / f"{number}.ipynb"
        path.write_text(text)
        with pytest.raises(UsageError, match="is not a notebook"):
            read_notebook(path)


@pytest.mark.parametrize("start", ["2026-11-29", "2030-01-01"])
def test_a_period_in_the_future_is_refused_in_the_words_of_who_asked(start: str) -> None:
    today = date(2026, 11, 28)
    with pytest.raises(UsageError, match=f"^start {start} lies in the future.*today is 2026-11-28"):
        report_parameters(start=start, end="2030-01-31", today=today)
    with (
        spelling(in_shell("-p", REPORT_OPTIONS)),
        pytest.raises(UsageError, match=f"^--from {start} lies in the future"),
    ):
        report_parameters(start=start, today=today)
    assert report_parameters(start="2026-11-28", end="2026-11-30", today=today).start == today
