"""What a request sends: the documented values of its body, checked and complained about as the API would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from spoki_analytics.catalogue import Operation, Parameter
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.replies import RefusedError
from spoki_analytics.sandbox.world.inventory import CATEGORIES, ROLE_NAMES, TICKET_STATUSES
from spoki_analytics.sandbox.world.moments import stamp

Values = dict[str, Any]
Complaints = dict[str, Any]

MOST_ITEMS = 500
"""Contacts in one request (php-sdk)."""
CHOICES: dict[tuple[str, str], tuple[Any, ...]] = {
    ("campaigns", "status"): ("Draft", "Scheduled", "Processing", "Paused", "Completed"),
    ("channels", "platform"): (1, 6),
    ("invitations", "role"): ROLE_NAMES,
    ("messages", "type"): ("Template", "Message", "Note"),
    ("partner_invitations", "role"): ROLE_NAMES,
    ("partner_roles", "role"): ROLE_NAMES,
    ("roles", "role"): ROLE_NAMES,
    ("templates", "category"): CATEGORIES,
    ("tickets", "status"): tuple(TICKET_STATUSES),
}
"""Values that the catalogue leaves open and the sandbox does not; spelling counts."""
LONGEST = {("tickets", "title"): 256, ("tickets", "description"): 1024, ("tickets", "reference"): 256}
NULLABLE = ("email", "example", "description", "reference", "automation", "template")
NEVER_BLANK = ("name", "title", "label", "phone", "contact_phone", "event")
E_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
PHONE = re.compile(r"\+?[1-9][0-9]{7,14}")


class _InvalidError(Exception):
    """A value that is refused; its only argument is the complaint."""


def read_body(call: Call) -> Values:
    """The documented values of a body; unknown ones are ignored.

    Raises:
        RefusedError: It is no object, or values are missing or wrong (400, by field).
    """
    body = {} if call.body is None else call.body
    if not isinstance(body, dict):
        complaint = f"Invalid data. Expected a dictionary, but got {type(body).__name__}."
        raise RefusedError(400, {"non_field_errors": [complaint]})
    values, complaints = read_values(call.operation, body)
    if complaints:
        raise RefusedError(400, complaints)
    return values


def read_array(call: Call) -> list[Any]:
    """A body that is a JSON array at the root.

    Raises:
        RefusedError: It is none, or too long (400).
    """
    complaint = _complain_about_items(call.body)
    if complaint:
        raise RefusedError(400, {"non_field_errors": [complaint]})
    items: list[Any] = call.body
    return items


def read_contacts(call: Call) -> list[Any]:
    """The array under ``contacts``.

    Raises:
        RefusedError: There is none, or it is too long (400).
    """
    contacts: list[Any] = read_body(call)["contacts"]
    complaint = _complain_about_items(contacts)
    if complaint:
        raise RefusedError(400, {"contacts": [complaint]})
    return contacts


def read_values(operation: Operation, given: Any) -> tuple[Values, Complaints]:
    """The documented values of an object, and what is wrong with it, by field."""
    if not isinstance(given, dict):
        return {}, {"non_field_errors": [f"Invalid data. Expected a dictionary, but got {type(given).__name__}."]}
    values: Values = {}
    complaints: Complaints = {}
    for parameter in operation.accepts("body"):
        if parameter.name not in given:
            if parameter.required:
                complaints[parameter.name] = ["This field is required."]
            continue
        try:
            values[parameter.name] = _read(operation.family, parameter, given[parameter.name])
        except _InvalidError as problem:
            complaints[parameter.name] = [str(problem)]
    return values, complaints


def _read(family: str, parameter: Parameter, value: Any) -> Any:
    if value is None:
        if parameter.name in NULLABLE and not parameter.required:
            return None
        raise _InvalidError("This field may not be null.")
    value = READERS[parameter.type](value)
    allowed = CHOICES.get((family, parameter.name), parameter.choices)
    if allowed and str(value) not in map(str, allowed):
        raise _InvalidError(f'"{value}" is not a valid choice.')
    if isinstance(value, str):
        _check_text(family, parameter, value)
    return value


def _check_text(family: str, parameter: Parameter, text: str) -> None:
    if not text.strip():
        if parameter.required or parameter.name in NEVER_BLANK:
            raise _InvalidError("This field may not be blank.")
        return
    longest = LONGEST.get((family, parameter.name))
    if longest and len(text) > longest:
        raise _InvalidError(f"Ensure this field has no more than {longest} characters.")
    if parameter.name == "email" and not E_MAIL.fullmatch(text):
        raise _InvalidError("Enter a valid email address.")
    if parameter.name in ("url", "external_url") and not _is_web_address(text):
        raise _InvalidError("Enter a valid URL.")


def _is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)


def _complain_about_items(items: Any) -> str:
    if not isinstance(items, list):
        return f'Expected a list of items but got type "{type(items).__name__}".'
    return f"Ensure this field has no more than {MOST_ITEMS} elements." if len(items) > MOST_ITEMS else ""


def _only(kind: type, complaint: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise _InvalidError(complaint)
        return value

    return read


def _list_of(read: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def read_list(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _InvalidError(f'Expected a list of items but got type "{type(value).__name__}".')
        return [read(each) for each in value]

    return read_list


def _read_moment(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _InvalidError("Datetime has wrong format.") from None
    return stamp(moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC))


def _read_object(value: Any) -> dict[str, Any]:
    """A dictionary; PHP writes an empty one as an empty array, and its clients send that by default."""
    if value == []:
        return {}
    read: dict[str, Any] = _only(dict, "Expected a dictionary of items.")(value)
    return read


_read_text = _only(str, "Not a valid string.")
_read_number = _only(int, "A valid integer is required.")

READERS: dict[str, Callable[[Any], Any]] = {
    "str": _read_text,
    "int": _read_number,
    "bool": _only(bool, "Must be a valid boolean."),
    "datetime": _read_moment,
    "object": _read_object,
    "list[str]": _list_of(_read_text),
    "list[int]": _list_of(_read_number),
    "list[object]": _list_of(lambda each: each),
}
"""How each type of the catalogue is read."""


def require_phone(values: Values, field: str = "phone", pattern: re.Pattern[str] = PHONE) -> Complaints:
    """What is wrong with a number that is about to be kept."""
    return {} if pattern.fullmatch(values[field]) else {field: ["Enter a valid phone number."]}


def require_known(field: str, ids: Iterable[int], known: Callable[[int], object]) -> None:
    """Refuse ids of records that do not exist.

    Raises:
        RefusedError: One does not (400).
    """
    for each in ids:
        if known(each) is None:
            raise RefusedError(400, {field: [f'Invalid pk "{each}" - object does not exist.']})
