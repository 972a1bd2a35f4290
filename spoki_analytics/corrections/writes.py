"""Every write operation that this package offers, as data: what it does to what, what it costs, what undoes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from spoki_analytics.catalogue import Operation, Parameter, operation
from spoki_analytics.corrections.change import Change
from spoki_analytics.corrections.checks import Check, Terms, check_for, filled, phone
from spoki_analytics.corrections.subjects import (
    CAMPAIGN,
    CHANNEL,
    CONTACT,
    CONTACT_LIST,
    CUSTOM_FIELD,
    INVITATION,
    MEDIA_FILE,
    ROLE,
    TEMPLATE,
    TICKET,
    WEBHOOK,
    Subject,
)
from spoki_analytics.wording.messages import noop

Pack = Callable[[Sequence[Any]], Any]
"""Makes the body of one request from the items that it carries."""


def _only(items: Sequence[Any]) -> Any:
    (body,) = items
    return body


def _array(items: Sequence[Any]) -> Any:
    return list(items)


def _under_contacts(items: Sequence[Any]) -> Any:
    return {"contacts": list(items)}


def _merged(items: Sequence[Any]) -> Any:
    """Lists of the same name behind each other."""
    body: dict[str, list[Any]] = {}
    for item in items:
        for name, values in item.items():
            body.setdefault(name, []).extend(values)
    return body


@dataclass(frozen=True, slots=True)
class Write:
    """One write operation.

    Attributes:
        slug: Its slug in the catalogue.
        kind: How it is planned and read back: a key of ``kinds.KINDS``.
        verb: What it does, as shown.
        subject: What it does it to.
        retrieve: Slug of the read that gives one target; the subject's, where it is not another one.
        listing: Slug of the listing that targets are found in; the subject's, where it is not another one.
        touches: Families whose kept answers it makes old.
        confirm: First words of the confirmation that a destructive operation needs; empty when it needs none.
        warning: What it may cost, or whom it reaches.
        irreversible: Why it cannot be undone, or not wholly.
        inverse: Slug of the operation that undoes it, or that writes back what was there.
        unmakes: Slug of the operation that deletes what an upsert has made.
        leaves: Slug of the operation that takes out of the list what an upsert has put there.
        restores: The values that the inverse takes from what was there.
        secret: Whether the answer holds a credential.
        batch: How many changes one request carries.
        pack: Makes the body of a request from the items that it carries.
        item: Slug of the operation that describes one item, where one request carries many.
        without: Values of an item that this operation does not take.
        sets: What the target holds afterwards, where the body does not say it.
        one_per: The value within which only one record can hold what ``sets`` says.
    """

    slug: str
    kind: str
    verb: str
    subject: Subject
    retrieve: str
    listing: str
    touches: tuple[str, ...]
    confirm: str = ""
    warning: str = ""
    irreversible: str = ""
    inverse: str = ""
    unmakes: str = ""
    leaves: str = ""
    restores: tuple[str, ...] = ()
    secret: bool = False
    batch: int = 1
    pack: Pack = _only
    item: str = ""
    without: tuple[str, ...] = ()
    sets: tuple[tuple[str, object], ...] = ()
    one_per: str = ""

    @property
    def entry(self) -> Operation:
        """Its row of the catalogue."""
        return operation(self.slug)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What may be written of one target."""
        described = operation(self.item or self.slug).accepts("body")
        return tuple(parameter for parameter in described if parameter.name not in self.without)

    def check(self, parameter: Parameter, terms: Terms) -> Check:
        """The check of one of its values."""
        value = self.subject.value(parameter.name)
        if value.is_phone:
            return partial(phone, terms=terms)
        check = check_for(parameter, terms, value.check, value.longest)
        return partial(filled, check=check) if parameter.name in self._never_empty else check

    @property
    def _never_empty(self) -> set[str]:
        """Values without which a record of the kind is not made: an edit must not take them away."""
        makers = [each for each in WRITES.values() if each.kind == "create" and each.subject is self.subject]
        return {each.name for maker in makers for each in maker.parameters if each.required and each.type == "str"}

    def named(self, target: object) -> str:
        """A target as shown, such as ``contact 900001``."""
        return f"{self.subject.noun} {target}"


BATCH = 500
"""Contacts that one request may carry (php-sdk)."""
CONTACT_FIELDS = ("phone", "first_name", "last_name", "email", "language", "status", "custom_fields")
_TICKET_FIELDS = ("contact_phone", "title", "status", "priority", "description", "reference")
_CAMPAIGN_FIELDS = ("name", "scheduled_datetime", "status", "lists", "automation", "template")
START = "START"
"""First word of the confirmation that a change needs when it can start a sending."""
MASS_SENDING = noop("This status can start a mass sending, which reaches customers and costs credit.")
IN_LIST = "in_list"
"""Name under which membership of a list is shown."""
_CONSENT = noop("A change of consent may start automations, which send messages and cost credit.")


def _write(slug: str, kind: str, verb: str, subject: Subject, **facts: Any) -> Write:
    known = {
        "retrieve": subject.retrieve,
        "listing": subject.listing,
        "touches": subject.touches or (operation(slug).family,),
    }
    return Write(slug, kind, verb, subject, **{**known, **facts})


WRITES: dict[str, Write] = {
    write.slug: write
    for write in (
        _write("update_contact", "edit", noop("update"), CONTACT, inverse="update_contact"),
        _write(
            "create_or_update_contact",
            "upsert",
            noop("create or update"),
            CONTACT,
            warning=_CONSENT,
            inverse="create_or_update_contact",
            unmakes="delete_contact",
        ),
        _write(
            "bulk_sync_contacts",
            "upsert",
            noop("create or update"),
            CONTACT,
            warning=_CONSENT,
            inverse="bulk_sync_contacts",
            unmakes="delete_contact",
            batch=BATCH,
            pack=_array,
            item="create_or_update_contact",
        ),
        _write(
            "delete_contact",
            "delete",
            noop("delete"),
            CONTACT,
            confirm="DELETE",
            inverse="create_or_update_contact",
            restores=CONTACT_FIELDS,
            irreversible=noop(
                "Undoing makes a new one with another id and other dates: the chat, lists, tags and operators are lost."
            ),
        ),
        _write(
            "add_contact_operator",
            "assign",
            noop("assign operator"),
            CONTACT,
            inverse="remove_contact_operator",
        ),
        _write(
            "remove_contact_operator", "unassign", noop("unassign operator"), CONTACT, inverse="add_contact_operator"
        ),
        _write("create_contact_list", "create", noop("create"), CONTACT_LIST, inverse="delete_list"),
        _write(
            "sync_contacts_to_list",
            "upsert",
            noop("put in list"),
            CONTACT,
            touches=CONTACT_LIST.touches,
            inverse="bulk_sync_contacts",
            unmakes="delete_contact",
            leaves="remove_contacts_from_list",
            batch=BATCH,
            pack=_under_contacts,
            item="create_or_update_contact",
            without=("status",),
        ),
        _write(
            "remove_contacts_from_list",
            "leave",
            noop("remove from list"),
            CONTACT,
            touches=CONTACT_LIST.touches,
            inverse="sync_contacts_to_list",
            batch=BATCH,
            pack=_merged,
        ),
        _write(
            "remove_all_list_contacts",
            "empty",
            noop("empty"),
            CONTACT_LIST,
            confirm="CLEAR",
            inverse="sync_contacts_to_list",
        ),
        _write(
            "delete_list",
            "delete",
            noop("delete"),
            CONTACT_LIST,
            confirm="DELETE",
            inverse="create_contact_list",
            restores=("name",),
            irreversible=noop(
                "Undoing makes a new one with another id and other dates, and its contacts must be put back."
            ),
        ),
        _write("update_campaign", "edit", noop("update"), CAMPAIGN, inverse="update_campaign"),
        _write("create_campaign", "create", noop("create"), CAMPAIGN, inverse="delete_campaign"),
        _write(
            "delete_campaign",
            "delete",
            noop("delete"),
            CAMPAIGN,
            confirm="DELETE",
            inverse="create_campaign",
            restores=_CAMPAIGN_FIELDS,
            irreversible=noop("Undoing makes a new one with another id and other dates: its figures are lost."),
        ),
        _write("create_ticket", "create", noop("create"), TICKET, inverse="delete_ticket"),
        _write("update_ticket", "edit", noop("update"), TICKET, inverse="update_ticket"),
        _write(
            "delete_ticket",
            "delete",
            noop("delete"),
            TICKET,
            confirm="DELETE",
            inverse="create_ticket",
            restores=_TICKET_FIELDS,
            irreversible=noop("Undoing makes a new one with another id and other dates: its owner is lost."),
        ),
        _write("create_custom_field", "create", noop("create"), CUSTOM_FIELD, inverse="delete_custom_field"),
        _write("update_custom_field", "edit", noop("update"), CUSTOM_FIELD, inverse="update_custom_field"),
        _write(
            "delete_custom_field",
            "delete",
            noop("delete"),
            CUSTOM_FIELD,
            confirm="DELETE",
            inverse="create_custom_field",
            restores=("label", "code", "field_type", "example"),
            irreversible=noop(
                "Undoing makes a new one with another id and other dates: the values that contacts have in it are lost."
            ),
        ),
        _write("create_template", "create", noop("create"), TEMPLATE, inverse="delete_template"),
        _write("update_template", "edit", noop("update"), TEMPLATE, inverse="update_template"),
        _write("clone_template", "act", noop("clone"), TEMPLATE, inverse="delete_template"),
        _write(
            "submit_template",
            "act",
            noop("submit"),
            TEMPLATE,
            confirm="SUBMIT",
            warning=noop("Asks Meta for approval; an approved template can be sent to customers."),
            irreversible=noop("A request to Meta cannot be taken back."),
        ),
        _write(
            "revert_template_to_draft",
            "act",
            noop("revert to draft"),
            TEMPLATE,
            confirm="REVERT",
            warning=noop("Removes the template from WhatsApp: automations and campaigns that use it stop sending."),
            irreversible=noop("The template must be submitted to Meta again."),
        ),
        _write(
            "delete_template",
            "delete",
            noop("delete"),
            TEMPLATE,
            confirm="DELETE",
            irreversible=noop("A template and its approval cannot be brought back."),
        ),
        _write("create_media_file", "create", noop("create"), MEDIA_FILE, inverse="delete_media_file"),
        _write("update_media", "edit", noop("update"), MEDIA_FILE, inverse="update_media"),
        _write(
            "delete_media_file",
            "delete",
            noop("delete"),
            MEDIA_FILE,
            confirm="DELETE",
            irreversible=noop("A media file cannot be brought back; register its address again."),
        ),
        _write("add_service_user", "create", noop("add service user"), ROLE, confirm="ADD", inverse="delete_role"),
        _write("update_role", "edit", noop("update"), ROLE, confirm="CHANGE", inverse="update_role"),
        _write(
            "generate_role_private_key",
            "act",
            noop("generate private key"),
            ROLE,
            confirm="GENERATE KEY FOR",
            warning=noop("A new key may replace the old one, which then stops working."),
            irreversible=noop("The old key cannot be brought back."),
            secret=True,
        ),
        _write(
            "delete_role",
            "delete",
            noop("delete"),
            ROLE,
            confirm="DELETE",
            irreversible=noop("A role cannot be brought back; invite the operator again."),
        ),
        _write(
            "create_invitation",
            "create",
            noop("invite"),
            INVITATION,
            inverse="delete_invitation",
            secret=True,
            warning=noop("Sends an e-mail to the invited person."),
        ),
        _write(
            "resend_invitation",
            "act",
            noop("resend"),
            INVITATION,
            warning=noop("Sends another e-mail to the invited person."),
            irreversible=noop("An e-mail cannot be taken back."),
            secret=True,
        ),
        _write(
            "update_invitation_role",
            "edit",
            noop("update"),
            INVITATION,
            confirm="CHANGE",
            inverse="update_invitation_role",
        ),
        _write(
            "delete_invitation",
            "delete",
            noop("delete"),
            INVITATION,
            confirm="DELETE",
            irreversible=noop("An invitation cannot be brought back; inviting again sends another e-mail."),
        ),
        _write(
            "create_channel",
            "create",
            noop("create"),
            CHANNEL,
            warning=noop("Starts the set-up of a new channel."),
            irreversible=noop("The API cannot delete a channel."),
        ),
        _write("update_channel", "edit", noop("update"), CHANNEL, inverse="update_channel"),
        _write(
            "set_primary_channel",
            "edit",
            noop("make primary"),
            CHANNEL,
            inverse="set_primary_channel",
            sets=(("is_primary", True),),
            one_per="platform",
        ),
        _write(
            "refresh_channel_status",
            "act",
            noop("refresh status"),
            CHANNEL,
            irreversible=noop("There is nothing to undo."),
        ),
        _write(
            "create_webhook",
            "create",
            noop("create"),
            WEBHOOK,
            inverse="delete_webhook",
            secret=True,
            warning=noop("Spoki will send events, personal data among them, to this address."),
        ),
        _write("update_webhook", "edit", noop("update"), WEBHOOK, inverse="update_webhook"),
        _write(
            "delete_webhook",
            "delete",
            noop("delete"),
            WEBHOOK,
            confirm="DELETE",
            inverse="create_webhook",
            restores=("event", "version", "url", "is_active"),
            irreversible=noop("Undoing makes a new one with another id and other dates and another secret."),
        ),
        _write(
            "set_webhook_expands",
            "edit",
            noop("update"),
            WEBHOOK,
            retrieve="list_webhook_expands",
            listing="",
            inverse="set_webhook_expands",
        ),
        _write(
            "test_webhook",
            "act",
            noop("test"),
            WEBHOOK,
            warning=noop("Sends a test event to the webhook's address."),
            irreversible=noop("There is nothing to undo."),
        ),
        _write(
            "rotate_webhook_secret",
            "act",
            noop("rotate secret"),
            WEBHOOK,
            confirm="ROTATE SECRET OF",
            secret=True,
            irreversible=noop("The old secret stops working and cannot be brought back."),
        ),
    )
}


def write_of(change: Change) -> Write:
    """The write operation of a change."""
    return WRITES[change.step.operation]
