"""What a request asks for: typed parameters, filters and pages, from what the catalogue documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from spoki_analytics.catalogue import Operation, Parameter
from spoki_analytics.sandbox.answers.families import Family, PageSize
from spoki_analytics.sandbox.answers.replies import RefusedError
from spoki_analytics.sandbox.world.collection import Row

PAGING = ("page", "page_size", "per_page", "sort_by", "order")


def read_parameters(operation: Operation, given: Mapping[str, str]) -> dict[str, Any]:
    """The documented query parameters of a request with their types; unknown ones are ignored.

    Raises:
        RefusedError: A value is not of its type, or a required one is missing (400 with the field).
    """
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for parameter in operation.accepts("query"):
        text = given.get(parameter.name, "")
        if not text:
            if parameter.required:
                errors[parameter.name] = ["This field is required."]
            continue
        try:
            values[parameter.name] = _typed(parameter, text)
        except ValueError:
            errors[parameter.name] = [_complaint(parameter, text)]
    if errors:
        raise RefusedError(400, errors)
    return values


def _typed(parameter: Parameter, text: str) -> Any:
    if parameter.choices and text not in parameter.choices:
        raise ValueError(text)
    return READERS.get(parameter.type, str)(text)


def _complaint(parameter: Parameter, text: str) -> str:
    if parameter.choices:
        return f'"{text}" is not a valid choice.'
    return {
        "int": "A valid integer is required.",
        "bool": "Must be a valid boolean.",
        "date": "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
    }[parameter.type]


def _read_bool(text: str) -> bool:
    if text.lower() not in TRUTHS:
        raise ValueError(text)
    return TRUTHS[text.lower()]


def _read_day(text: str) -> date:
    """A calendar day, written as such or as a timestamp."""
    return datetime.fromisoformat(text).date()


TRUTHS = {"true": True, "1": True, "false": False, "0": False}
READERS: dict[str, Callable[[str], Any]] = {"int": int, "bool": _read_bool, "date": _read_day}


def select(family: Family, rows: Iterable[Row], filters: Mapping[str, Any]) -> list[int]:
    """Ids of the rows that every filter lets through, in the order asked for.

    Args:
        family: Whose rows.
        rows: What is shown of each record, with its internal keys beside.
        filters: Values of the documented parameters.
    """
    tests = [_test(family, name, value) for name, value in filters.items() if name not in PAGING]
    chosen = [row for row in rows if all(test(row) for test in tests)]
    key = filters.get("sort_by")
    if key:
        chosen.sort(key=lambda row: str(row.get(key) or ""), reverse=filters.get("order") == "desc")
    return [row["id"] for row in chosen]


def _test(family: Family, name: str, value: Any) -> Callable[[Row], bool]:
    match name:
        case "search":
            fields, needle = family.searched, str(value).casefold()
            return lambda row: any(needle in _text(row, field) for field in fields)
        case "label" | "code":
            return lambda row: str(value).casefold() in _text(row, name)
        case "tag":
            return lambda row: any(tag["id"] == value for tag in row["tag_set"])
        case "phone":
            return lambda row: str(row["phone"]) == str(value).strip()
        case "scheduled_datetime_gte":
            return lambda row: _read_day(row["scheduled_datetime"]) >= value
        case "scheduled_datetime_lte":
            return lambda row: _read_day(row["scheduled_datetime"]) <= value
        case "channel_id":
            return lambda row: value in row["channels"]
        case "whatsapp_business_account" | "waba":
            return lambda row: row["whatsapp_business_account"] == value
        case _:
            return lambda row: row.get(name) == value


def _text(row: Row, field: str) -> str:
    value: Any = row
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return "" if value is None else str(value).casefold()


class Page(NamedTuple):
    """One page of a listing: its number, the index of the first and the index behind the last of its rows."""

    number: int
    first: int
    stop: int
    total: int

    @property
    def is_last(self) -> bool:
        """True when nothing follows."""
        return self.stop >= self.total


def read_page(limits: PageSize, given: Mapping[str, str], total: int) -> Page:
    """The page that a request asks for.

    Args:
        limits: How long pages are.
        given: Query parameters as sent.
        total: How many rows there are.

    Raises:
        RefusedError: There is no such page (404).
    """
    asked = given.get("page_size") or given.get("per_page") or ""
    size = min(int(asked), limits.largest) if asked.isdecimal() and int(asked) else limits.default
    text = given.get("page") or "1"
    pages = max(-(-total // size), 1)
    if not text.isdecimal() or not 1 <= int(text) <= pages:
        raise RefusedError(404, {"detail": "Invalid page."})
    number = int(text)
    return Page(number, (number - 1) * size, min(number * size, total), total)
