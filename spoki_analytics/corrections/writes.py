"""Every write operation that this package offers, as data: what it does to what, what it costs, what undoes it."""

from __future__ import annotations

from dataclasses import dataclass

from spoki_analytics.catalogue import Operation, operation


@dataclass(frozen=True, slots=True)
class Write:
    """One write operation.

    Attributes:
        slug: Its slug in the catalogue.
        kind: How it is planned and read back: ``edit``, ``create``, ``delete``, ``upsert``, ``join``, ``act``.
        verb: What it does, as shown.
        noun: What it does it to.
        retrieve: Slug of the read that gives one target.
        listing: Slug of the listing that targets are found in.
        confirm: First words of the confirmation that a destructive operation needs; empty when it needs none.
        warning: What it may cost, or whom it reaches.
        irreversible: Why it cannot be undone, or not wholly.
        inverse: Slug of the operation that undoes it.
        restores: The values that the inverse takes from what was there.
        secret: Whether the answer holds a credential.
        batch: How many changes one request carries.
        sets: What the target holds afterwards, where the body does not say it.
    """

    slug: str
    kind: str
    verb: str
    noun: str
    retrieve: str = ""
    listing: str = ""
    confirm: str = ""
    warning: str = ""
    irreversible: str = ""
    inverse: str = ""
    restores: tuple[str, ...] = ()
    secret: bool = False
    batch: int = 1
    sets: tuple[tuple[str, object], ...] = ()

    @property
    def entry(self) -> Operation:
        """Its row of the catalogue."""
        return operation(self.slug)

    def named(self, target: object) -> str:
        """A target as shown, such as ``contact 900001``."""
        return f"{self.noun} {target}"

    def phrase(self, count: int) -> str:
        """The confirmation for so many targets, such as ``DELETE 3 contacts``."""
        return f"{self.confirm} {count} {self.noun}{'' if count == 1 else 's'}"


BATCH = 500
"""Contacts that one request may carry (php-sdk)."""

_READS = {
    "contact": ("retrieve_contact", "list_contacts"),
    "list": ("retrieve_list", "list_lists"),
    "campaign": ("retrieve_campaign", "list_campaigns"),
    "ticket": ("retrieve_ticket", "list_tickets"),
    "custom field": ("retrieve_custom_field", "list_custom_fields"),
    "media file": ("retrieve_media", "list_media"),
    "template": ("retrieve_template", "list_templates"),
    "role": ("retrieve_role", "list_roles"),
    "invitation": ("retrieve_invitation", "list_invitations"),
    "channel": ("retrieve_channel", "list_channels"),
    "webhook": ("retrieve_webhook", "list_webhooks"),
}
"""The read of one target and the listing of all, by noun."""

CONTACT_FIELDS = ("phone", "first_name", "last_name", "email", "language", "status", "custom_fields")
_TICKET_FIELDS = ("contact_phone", "title", "status", "priority", "description", "reference")
_CAMPAIGN_FIELDS = ("name", "scheduled_datetime", "status", "lists", "automation", "template")
_CONSENT = "A change of consent may start automations, which send messages and cost credit."
_ANOTHER_ID = "Undoing makes a new one with another id and other dates"


def _write(slug: str, kind: str, verb: str, noun: str, **facts: object) -> Write:
    retrieve, listing = _READS[noun]
    return Write(slug, kind, verb, noun, **{"retrieve": retrieve, "listing": listing, **facts})  # type: ignore[arg-type]


WRITES: dict[str, Write] = {
    write.slug: write
    for write in (
        _write("update_contact", "edit", "update", "contact", inverse="update_contact"),
        _write("create_or_update_contact", "upsert", "create or update", "contact", warning=_CONSENT),
        _write("bulk_sync_contacts", "upsert", "create or update", "contact", warning=_CONSENT, batch=BATCH),
        _write(
            "delete_contact",
            "delete",
            "delete",
            "contact",
            confirm="DELETE",
            inverse="create_or_update_contact",
            restores=CONTACT_FIELDS,
            irreversible=f"{_ANOTHER_ID}: the chat, lists, tags and operators are lost.",
        ),
        _write("add_contact_operator", "join", "assign operator", "contact", inverse="remove_contact_operator"),
        _write("remove_contact_operator", "join", "unassign operator", "contact", inverse="add_contact_operator"),
        _write("create_contact_list", "create", "create", "list", inverse="delete_list"),
        _write("sync_contacts_to_list", "upsert", "put in list", "contact", batch=BATCH),
        _write(
            "remove_contacts_from_list",
            "join",
            "remove from list",
            "contact",
            inverse="sync_contacts_to_list",
            batch=BATCH,
        ),
        _write("remove_all_list_contacts", "join", "empty", "list", confirm="CLEAR", inverse="sync_contacts_to_list"),
        _write(
            "delete_list",
            "delete",
            "delete",
            "list",
            confirm="DELETE",
            inverse="create_contact_list",
            restores=("name",),
            irreversible=f"{_ANOTHER_ID}, and its contacts must be put back.",
        ),
        _write("update_campaign", "edit", "update", "campaign", inverse="update_campaign"),
        _write("create_campaign", "create", "create", "campaign", inverse="delete_campaign"),
        _write(
            "delete_campaign",
            "delete",
            "delete",
            "campaign",
            confirm="DELETE",
            inverse="create_campaign",
            restores=_CAMPAIGN_FIELDS,
            irreversible=f"{_ANOTHER_ID}: its figures are lost.",
        ),
        _write("create_ticket", "create", "create", "ticket", inverse="delete_ticket"),
        _write("update_ticket", "edit", "update", "ticket", inverse="update_ticket"),
        _write(
            "delete_ticket",
            "delete",
            "delete",
            "ticket",
            confirm="DELETE",
            inverse="create_ticket",
            restores=_TICKET_FIELDS,
            irreversible=f"{_ANOTHER_ID}: its owner is lost.",
        ),
        _write("create_custom_field", "create", "create", "custom field", inverse="delete_custom_field"),
        _write("update_custom_field", "edit", "update", "custom field", inverse="update_custom_field"),
        _write(
            "delete_custom_field",
            "delete",
            "delete",
            "custom field",
            confirm="DELETE",
            inverse="create_custom_field",
            restores=("label", "code", "field_type", "example"),
            irreversible=f"{_ANOTHER_ID}: the values that contacts have in it are lost.",
        ),
        _write("create_template", "create", "create", "template", inverse="delete_template"),
        _write("update_template", "edit", "update", "template", inverse="update_template"),
        _write("clone_template", "act", "clone", "template", inverse="delete_template"),
        _write(
            "submit_template",
            "act",
            "submit",
            "template",
            confirm="SUBMIT",
            warning="Asks Meta for approval; an approved template can be sent to customers.",
            irreversible="A request to Meta cannot be taken back.",
        ),
        _write(
            "revert_template_to_draft",
            "act",
            "revert to draft",
            "template",
            confirm="REVERT",
            warning="Removes the template from WhatsApp: automations and campaigns that use it stop sending.",
            irreversible="The template must be submitted to Meta again.",
        ),
        _write(
            "delete_template",
            "delete",
            "delete",
            "template",
            confirm="DELETE",
            irreversible="A template and its approval cannot be brought back.",
        ),
        _write("create_media_file", "create", "create", "media file", inverse="delete_media_file"),
        _write("update_media", "edit", "update", "media file", inverse="update_media"),
        _write(
            "delete_media_file",
            "delete",
            "delete",
            "media file",
            confirm="DELETE",
            irreversible="A media file cannot be brought back; register its address again.",
        ),
        _write("add_service_user", "create", "add service user", "role", confirm="ADD", inverse="delete_role"),
        _write("update_role", "edit", "update", "role", confirm="CHANGE", inverse="update_role"),
        _write(
            "generate_role_private_key",
            "act",
            "generate private key",
            "role",
            confirm="GENERATE KEY FOR",
            warning="A new key may replace the old one, which then stops working.",
            irreversible="The old key cannot be brought back.",
            secret=True,
        ),
        _write(
            "delete_role",
            "delete",
            "delete",
            "role",
            confirm="DELETE",
            irreversible="A role cannot be brought back; invite the operator again.",
        ),
        _write(
            "create_invitation",
            "create",
            "invite",
            "invitation",
            inverse="delete_invitation",
            secret=True,
            warning="Sends an e-mail to the invited person.",
        ),
        _write(
            "resend_invitation",
            "act",
            "resend",
            "invitation",
            warning="Sends another e-mail to the invited person.",
            irreversible="An e-mail cannot be taken back.",
            secret=True,
        ),
        _write(
            "update_invitation_role", "edit", "update", "invitation", confirm="CHANGE", inverse="update_invitation_role"
        ),
        _write(
            "delete_invitation",
            "delete",
            "delete",
            "invitation",
            confirm="DELETE",
            irreversible="An invitation cannot be brought back; inviting again sends another e-mail.",
        ),
        _write(
            "create_channel",
            "create",
            "create",
            "channel",
            warning="Starts the set-up of a new channel.",
            irreversible="The API cannot delete a channel.",
        ),
        _write("update_channel", "edit", "update", "channel", inverse="update_channel"),
        _write("set_primary_channel", "edit", "make primary", "channel", sets=(("is_primary", True),)),
        _write("refresh_channel_status", "act", "refresh status", "channel", irreversible="There is nothing to undo."),
        _write(
            "create_webhook",
            "create",
            "create",
            "webhook",
            inverse="delete_webhook",
            secret=True,
            warning="Spoki will send events, personal data among them, to this address.",
        ),
        _write("update_webhook", "edit", "update", "webhook", inverse="update_webhook"),
        _write(
            "delete_webhook",
            "delete",
            "delete",
            "webhook",
            confirm="DELETE",
            inverse="create_webhook",
            restores=("event", "version", "url", "is_active"),
            irreversible=f"{_ANOTHER_ID} and another secret.",
        ),
        Write(
            "set_webhook_expands",
            "edit",
            "update",
            "webhook",
            retrieve="list_webhook_expands",
            inverse="set_webhook_expands",
        ),
        _write(
            "test_webhook",
            "act",
            "test",
            "webhook",
            warning="Sends a test event to the webhook's address.",
            irreversible="There is nothing to undo.",
        ),
        _write(
            "rotate_webhook_secret",
            "act",
            "rotate secret",
            "webhook",
            confirm="ROTATE SECRET OF",
            secret=True,
            irreversible="The old secret stops working and cannot be brought back.",
        ),
    )
}

TOUCHED: dict[str, tuple[str, ...]] = {
    "contacts": ("contacts", "lists", "tickets"),
    "lists": ("lists", "contacts", "campaigns"),
    "roles": ("roles", "contacts", "tickets"),
    "custom_fields": ("custom_fields", "contacts"),
    "channels": ("channels", "accounts"),
    "templates": ("templates",),
}
"""Families whose kept answers a write of a family makes old, where these are more than its own."""
