"""What writes are about: contacts, lists, campaigns and so on, and what is special about each value of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spoki_analytics.corrections.checks import (
    Check,
    address,
    email,
    field_code,
    identifier,
    language,
    template_category,
)

ApiRow = Mapping[str, Any]
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z")
NOT_SHOWN = object()
"""A value that Spoki's row does not hold, as against one that is empty."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is special about one written value.

    Attributes:
        check: What it must be, where its documented type does not say it all.
        longest: Characters that it may have; 0 for any number.
        is_phone: Whether it is a phone number, which is read in the account's country and compared as a number.
        ignores_case: Whether upper and lower case mean the same.
        is_state: Whether it comes in several spellings, such as Open and OPEN, In progress and IN_PROGRESS.
        is_set: Whether the order of its items means nothing.
        refers_to: The listing that has the ids it holds, and what they are ids of.
        look: Finds it in a row that Spoki gives, for what is written, where it is not under its own name.
    """

    check: Check | None = None
    longest: int = 0
    is_phone: bool = False
    ignores_case: bool = False
    is_state: bool = False
    is_set: bool = False
    refers_to: tuple[str, str] | None = None
    look: Callable[[ApiRow, Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """How the status of a record tells whether its messages go out.

    Attributes:
        draft: The status in which nothing is ever sent.
        waiting: The status in which nothing has been sent yet.
        halted: The status that stops a sending.
        done: The status in which nothing is sent any more.
        labels: Values that customers never see.
    """

    draft: str
    waiting: str
    halted: str
    done: str
    labels: tuple[str, ...] = ("name",)

    def may_start(self, values: Mapping[str, Any]) -> bool:
        """Whether writing these values can start a sending."""
        return "status" in values and values["status"] not in (self.draft, self.halted)

    def reaches_customers(self, row: ApiRow, values: Mapping[str, Any]) -> bool:
        """Whether writing these values changes what customers still get of a record."""
        seen = values.keys() - set(self.labels)
        return bool(seen) and row.get("status") not in (self.draft, self.done, None)

    def has_begun(self, row: ApiRow) -> bool:
        """Whether messages may have gone out."""
        return row.get("status") not in (self.draft, self.waiting)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a write is about.

    Attributes:
        noun: What one of it is called.
        retrieve: Slug of the read that gives one.
        listing: Slug of the listing of all.
        values: What is special about its values, by the names under which they are written.
        touches: Families whose kept answers a write of it makes old; empty when only its own.
        always: A value that every edit sends along.
        is_dated: Whether its rows say when they were made, and are too many to be read before each creation.
        sending: How its status tells whether messages go out; None where it sends none.
    """

    noun: str
    retrieve: str
    listing: str
    values: Mapping[str, Value] = field(default_factory=dict)
    touches: tuple[str, ...] = ()
    always: str = ""
    is_dated: bool = False
    sending: Sending | None = None

    def value(self, name: str) -> Value:
        """What is special about one of its values."""
        return self.values.get(name, _PLAIN)

    @property
    def phones(self) -> tuple[str, ...]:
        """Names of the values that are phone numbers."""
        return tuple(name for name, value in self.values.items() if value.is_phone)

    @property
    def references(self) -> dict[str, tuple[str, str]]:
        """The values that hold ids of other records: the listing that has these, and what they are called."""
        return {name: value.refers_to for name, value in self.values.items() if value.refers_to}


def custom_values(row: ApiRow) -> dict[str, Any] | None:
    """The custom values of a contact by code; None when the row does not show them."""
    if isinstance(entries := row.get("contactfield_set"), list):
        good = [entry for entry in entries if isinstance(entry, Mapping) and "visual_code" in entry]
        return {str(entry["visual_code"]).strip("%"): entry.get("value") for entry in good}
    values = row.get("contactfield_values")
    return dict(values) if isinstance(values, Mapping) else None


def operators(row: ApiRow) -> list[str] | None:
    """The e-mails of a contact's operators; None when the row does not show them."""
    if not isinstance(row.get("role_set"), list):
        return None
    users = [role["user"] if isinstance(role.get("user"), Mapping) else role for role in row["role_set"]]
    return sorted(str(user["email"]) for user in users if user.get("email"))


def list_ids(row: ApiRow, name: str = "list_set") -> list[int] | None:
    """The ids of the lists that a row belongs to; None when it does not show them."""
    if not isinstance(row.get(name), list):
        return None
    return [each["id"] if isinstance(each, Mapping) else each for each in row[name]]


def _written_codes(row: ApiRow, written: Any) -> Any:
    values, moments = custom_values(row), _custom_moments(row)
    if values is None:
        return NOT_SHOWN
    return {code: (_is_moment(text) and moments.get(code)) or values.get(code) for code, text in written.items()}


def _custom_moments(row: ApiRow) -> dict[str, Any]:
    """The moments of a contact's custom values by code; the values themselves say them in the account's zone."""
    entries = row.get("contactfield_set")
    good = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []
    return {str(entry.get("visual_code")).strip("%"): entry.get("value_datetime") for entry in good}


def _is_moment(text: Any) -> bool:
    """Whether a written value is a moment as ``checks.moment`` spells it."""
    return isinstance(text, str) and _MOMENT.fullmatch(text) is not None


def _operators(row: ApiRow, written: Any) -> Any:
    emails = operators(row)
    return NOT_SHOWN if emails is None else emails


def _target_lists(row: ApiRow, written: Any) -> Any:
    ids = list_ids(row, "lists")
    return NOT_SHOWN if ids is None else ids


def _expands(row: ApiRow, written: Any) -> Any:
    return row.get("expands", row.get("items", NOT_SHOWN))


def _never(row: ApiRow, written: Any) -> Any:
    """Nothing: what the row holds cannot be compared with what is written."""
    return NOT_SHOWN


def _inside(outer: str, name: str) -> Callable[[ApiRow, Any], Any]:
    """Looks at a value of an object inside the row, which some answers replace by the bare value."""

    def look(row: ApiRow, written: Any) -> Any:
        inner = row.get(outer, NOT_SHOWN)
        return inner.get(name) if isinstance(inner, Mapping) else inner

    return look


def _of_user(name: str) -> Callable[[ApiRow, Any], Any]:
    """Looks at a value of the user of a role."""

    def look(row: ApiRow, written: Any) -> Any:
        user = row.get("user")
        return user.get(name, NOT_SHOWN) if isinstance(user, Mapping) else NOT_SHOWN

    return look


_PLAIN = Value()
_EMAIL = Value(check=email, ignores_case=True)
_PHONE = Value(is_phone=True)

CONTACT = Subject(
    "contact",
    "retrieve_contact",
    "list_contacts",
    {
        "phone": _PHONE,
        "email": _EMAIL,
        "language": Value(check=language),
        "custom_fields": Value(look=_written_codes),
        "operators": Value(is_set=True, look=_operators),
    },
    touches=("contacts", "lists", "tickets"),
    always="phone",  # which some sources call required (contract, section 5.9)
)
CONTACT_LIST = Subject("list", "retrieve_list", "list_lists", touches=("lists", "contacts", "campaigns"))
CAMPAIGN = Subject(
    "campaign",
    "retrieve_campaign",
    "list_campaigns",
    {
        "automation": Value(
            check=identifier, refers_to=("list_automations", "automation"), look=_inside("automation", "id")
        ),
        "template": Value(check=identifier, refers_to=("list_templates", "template"), look=_inside("template", "id")),
        "lists": Value(refers_to=("list_lists", "list"), is_set=True, look=_target_lists),
    },
    is_dated=True,
    sending=Sending(draft="Draft", waiting="Scheduled", halted="Paused", done="Completed"),
)
TICKET = Subject(
    "ticket",
    "retrieve_ticket",
    "list_tickets",
    {
        "contact_phone": Value(is_phone=True, look=_inside("contact", "phone")),
        "status": Value(is_state=True),  # sources spell it in different ways (contract, section 5.1)
        "title": Value(longest=256),  # lengths: docs page, Open Ticket step
        "description": Value(longest=1024),
        "reference": Value(longest=256),
    },
    is_dated=True,
)
CUSTOM_FIELD = Subject(
    "custom field",
    "retrieve_custom_field",
    "list_custom_fields",
    {"code": Value(check=field_code)},
    touches=("custom_fields", "contacts"),
)
TEMPLATE = Subject(
    "template",
    "retrieve_template",
    "list_templates",
    {
        "template_groups": Value(is_set=True),
        "category": Value(check=template_category),
        # Spoki shows localizations under other names than those by which they are written (contract, section 4.10), so
        # that what is there can be neither compared with what is sent nor sent back.
        "templatelocalization_set": Value(look=lambda row, written: NOT_SHOWN),
    },
)
MEDIA_FILE = Subject("media file", "retrieve_media", "list_media", {"external_url": Value(check=address)})
ROLE = Subject(
    "role",
    "retrieve_role",
    "list_roles",
    {
        "name": Value(look=_of_user("firstname")),
        "email": Value(check=email, ignores_case=True, look=_of_user("email")),
    },
    touches=("roles", "contacts", "tickets"),
)
INVITATION = Subject("invitation", "retrieve_invitation", "list_invitations", {"email": _EMAIL})
CHANNEL = Subject(
    "channel",
    "retrieve_channel",
    "list_channels",
    {"platform": Value(look=_never)},  # written as a number, shown as a text that nobody documents (4.2)
    touches=("channels", "accounts"),
)
WEBHOOK = Subject(
    "webhook",
    "retrieve_webhook",
    "list_webhooks",
    {"url": Value(check=address), "expands": Value(is_set=True, look=_expands)},
)
