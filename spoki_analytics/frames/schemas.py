"""What each family of rows looks like, as data: every documented field, in the contract's order, with its kind.

Sources: Spoki API contract, section 4. One entry serves the Arrow table, the pandas frame and its empty form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spoki_analytics.wording.messages import noop

KINDS = {
    "id": noop("whole number"),
    "int": noop("whole number"),
    "money": noop("whole number of thousandths of a euro"),
    "number": noop("number"),
    "bool": noop("true or false"),
    "text": noop("text"),
    "phone": noop("text"),
    "enum": noop("text"),
    "datetime": noop("ISO 8601 date and time"),
    "date": noop("ISO 8601 date"),
    "any": noop("anything"),
    "secret": noop("anything"),
    "object": noop("object"),
    "set": noop("list of objects"),
    "values": noop("list of objects"),
    "map": noop("object"),
}
"""Every kind of field, and how a warning calls the values it expects.

``any`` is kept as text whatever it is (compact JSON for objects and lists), ``secret`` is never kept, ``object``
flattens with a dot, ``set`` is a list of small objects with a side table of its own, ``values`` is one of custom
values, which also become columns, ``map`` holds the same values by code.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """One documented field.

    Attributes:
        name: The API's own name.
        kind: A key of ``KINDS``.
        choices: The documented values of an ``enum``.
        fields: What is inside an ``object``, or inside each item of a ``set``.
        label: The sub-field that stands for an item of a ``set`` in the main frame.
        side: Name of the side table that a ``set`` fills.
        about: Its unit, or what else a reader should know of it.
        derive: Function of ``derived`` that gives a column which the API does not send.
        fallback: Function of ``derived`` that gives the values which the API leaves out.
        also: The ``map`` that holds the same custom values as a field of kind ``values``.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    label: str = "name"
    side: str = ""
    about: str = ""
    derive: str = ""
    fallback: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """One family of rows.

    Attributes:
        name: The family, such as ``contacts``.
        fields: The documented fields, in the contract's order.
        key: The field that identifies a row; empty where no field does.
        noun: One row of it, as in the ``contact_id`` of a side table.
        is_open: No source documents what the rows are: most of their columns are known when they are here.
    """

    name: str
    fields: tuple[Field, ...]
    key: str = "id"
    noun: str = ""
    is_open: bool = False

    @property
    def sides(self) -> dict[str, Field]:
        """The sets of a row by the name of their side table."""
        return {field.side: field for field in self.fields if field.side}

    def leaves(self) -> Iterator[tuple[str, Field]]:
        """Each column of the flat table with its field; objects are replaced by what is inside them."""
        return _leaves(self.fields, "")


def _leaves(fields: tuple[Field, ...], prefix: str) -> Iterator[tuple[str, Field]]:
    for field in fields:
        if field.kind == "object":
            yield from _leaves(field.fields, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, field


def _plain(text: str) -> tuple[Field, ...]:
    """Fields from lines of ``kind: name name … (about the last)``, in that order."""
    return tuple(field for line in text.strip().splitlines() for field in _line(line))


def _line(line: str) -> Iterator[Field]:
    kind, _, rest = line.strip().partition(": ")
    names, _, about = rest.rstrip(")").partition(" (")
    *others, last = names.split()
    yield from (Field(name, kind) for name in others)
    yield Field(last, kind, about=about)


_GRANULARITY = Field("granularity", "enum", ("Day", "Month", "Year"))
_CATEGORY = Field("category", "enum", ("MARKETING", "UTILITY", "AUTHENTICATION"))

_USER = _plain("id: id\ntext: uid email firstname surname image\nbool: is_service")
_ROLE = (*_plain("id: id\ntext: role"), Field("user", "object", fields=_USER))
_LIST = _plain("id: id\ntext: name color\nint: contacts_count\ndatetime: created_datetime")
_TAG = _plain("id: id\ntext: name color\nint: order")
_OPERATORS = Field("role_set", "set", fields=_ROLE, label="user.email", side="operators")

_COLOUR = Field(
    "quality_colour",
    "enum",
    ("green", "yellow", "red"),
    about="where the score names a colour in words",
    derive="quality_colour",
)
_CHANNEL = (
    *_plain("""
    id: id
    text: name identifier platform type status
    phone: phone
    text: phone_status
    any: quality_score
    """),
    _COLOUR,
    *_plain("""
    any: quality_reasons
    bool: has_official_verification is_primary is_active
    int: daily_limit (people per 24 h)
    int: account_type
    """),
)

_ACCOUNT = (
    *_plain("""
    id: id
    text: name status
    int: account_type
    bool: is_active
    phone: phone
    text: phone_status
    any: quality_score
    """),
    _COLOUR,
    *_plain("""
    any: quality_reasons
    bool: has_official_verification
    int: daily_limit (people per 24 h)
    int: contacted_in_24h contacted_in_7d
    money: current_credit low_credit_threshold
    bool: has_low_credit_alert
    int: min_credit_balance_millicents estimated_available_conversations
    number: default_pricing_delta
    text: country_code default_country_code default_prefix default_language
    text: timezone (IANA name)
    id: primary_channel_id
    """),
    Field("channels", "set", fields=_CHANNEL, side="channels"),
)

_REPORT = (
    Field("account", "id"),
    _GRANULARITY,
    *_plain("""
    date: period_start
    int: contacted_contacts conversation_count exchanged_messages
    int: sent_message_count delivered_message_count read_message_count incoming_message_count
    int: template_message_count free_message_count
    datetime: created_datetime updated_datetime
    """),
)

_CAMPAIGN = (
    *_plain("id: id\ntext: name"),
    Field("status", "enum", ("Draft", "Scheduled", "Processing", "Paused", "Completed")),
    *_plain("datetime: scheduled_datetime created_datetime"),
    Field("automation", "object", fields=_plain("id: id\ntext: name")),
    Field("lists", "set", fields=_LIST, side="lists"),
    *_plain("""
    any: other_contacts
    int: contacts_count
    int: automation_started automation_completed automation_failed automation_valid_failed automation_interacted_with
    int: messages_sent
    int: messages_received (delivered to the contact; those read among them or not, see docs/spoki-api.md)
    int: messages_read messages_failed
    """),
)

_CONTACT_NAMES = _plain("id: id\nphone: phone\ntext: email first_name last_name language")
_CONTACT_LINK = _plain("text: chat_link\nbool: has_invalid_phone")
_CUSTOM_VALUE = _plain("id: id field\ntext: visual_code\nany: value\ndatetime: value_datetime")

_CONTACT = (
    *_CONTACT_NAMES,
    Field("status", "enum", ("Not Declared", "Subscribed", "Unsubscribed"), fallback="consent"),
    *_CONTACT_LINK,
    *_plain("bool: is_blocked is_restricted\ndatetime: created_datetime"),
    Field("contactfield_set", "values", fields=_CUSTOM_VALUE, side="fields", also="contactfield_values"),
    Field("contactfield_values", "map"),
    Field("list_set", "set", fields=_LIST, side="lists"),
    Field("tag_set", "set", fields=_TAG, side="tags"),
    _OPERATORS,
)

_TICKET = (
    *_plain("id: id\ntext: title description reference status"),
    Field("priority", "enum", ("Lowest", "Low", "Medium", "High", "Highest", "Urgent")),
    *_plain("datetime: created_datetime updated_datetime closed_datetime"),
    Field("contact", "object", fields=(*_CONTACT_NAMES, *_CONTACT_LINK, _OPERATORS)),
    Field("owner", "object", fields=_USER),
    Field("is_closed", "bool", about="by its closing time, else by its status", derive="is_closed"),
)

_COMPONENT = _plain("text: component_type format text\nany: parameters")
_LOCALIZATION = (
    *_plain("id: id\ntext: language\nany: status\ntext: rejection_reason rejection_detail rejection_recommendation"),
    *_plain("datetime: status_updated_at"),
    *(Field(name, "object", fields=_COMPONENT) for name in ("header", "body", "footer")),
    *_plain("any: button_set default_header_media"),
    *(Field(f"{name}_template_component", "object", fields=_COMPONENT) for name in ("header", "body", "footer")),
    *_plain(
        "any: templatebuttoncomponent_set templatecarouselcomponent_set example_custom_fields example_header_media"
    ),
)

_TEMPLATE = (
    *_plain("id: id\ntext: name"),
    _CATEGORY,
    *_plain("""
    text: subcategory
    int: status
    bool: is_approved is_favorite
    int: integration
    any: template_groups customfield_set
    """),
    Field("templatelocalization_set", "set", fields=_LOCALIZATION, label="language", side="localizations"),
)

_TRIGGER = _plain("text: uuid link\nsecret: secret\nbool: is_active")
_AUTOMATION = (
    *_plain("""
    id: id
    text: name
    bool: is_active is_favorite
    text: first_message_text
    datetime: created_datetime updated_datetime
    any: automation_groups
    """),
    Field("updated_user", "object", fields=_USER),
    Field("webhook_set", "set", fields=_TRIGGER, label="uuid", side="webhooks"),
)

_MEDIA = _plain("id: id\ntext: title media content_type format_type external_url external_id\nbool: is_deleted")
_INVITATION = (
    *_plain("id: id\ntext: email role"),
    Field("additional_info", "object", fields=_plain("text: first_name last_name")),
    *_plain("datetime: created_datetime"),
)

SCHEMAS: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        Schema("accounts", _ACCOUNT, noun="account"),
        Schema("current_report", _REPORT, key="account"),
        Schema("reports", _REPORT, key="", is_open=True),
        Schema("detailed_reports", (), key="", is_open=True),
        Schema("campaigns", _CAMPAIGN, noun="campaign"),
        Schema("contacts", _CONTACT, noun="contact"),
        Schema("tickets", _TICKET),
        Schema("lists", _LIST),
        Schema("tags", _TAG),
        Schema("custom_fields", _plain("id: id\ntext: label code\nint: field_type\ntext: example")),
        Schema("automations", _AUTOMATION, noun="automation"),
        Schema("agencies", _plain("id: id account")),
        Schema("partners", _plain("id: id\ntext: name"), is_open=True),
        Schema("media", _MEDIA),
        Schema("roles", _ROLE),
        Schema("templates", _TEMPLATE, noun="template"),
        Schema("invitations", _INVITATION, is_open=True),
        Schema("channels", _CHANNEL),
        Schema("webhooks", _plain("id: id\ntext: event\nint: version\ntext: url\nbool: is_active")),
        Schema("partner_accounts", _ACCOUNT, noun="account"),
        Schema("generic", (), key="", is_open=True),
    )
}
