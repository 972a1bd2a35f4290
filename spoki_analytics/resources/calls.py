"""Every way to use an operation, as data: the client's method and the command of the shell.

The frame ``spoki.operations``, the commands ``load`` and ``correct`` and ``docs/operations.md`` all read this table; a
new method is a new row, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spoki_analytics.catalogue import Operation, operation


@dataclass(frozen=True, slots=True)
class Call:
    """One way to use an operation.

    Attributes:
        family: Attribute of the client.
        method: Method of it.
        operation: Slug of the operation.
        takes: What it is given. A read takes ``filters``, or what names one record (``id``, ``phone``), then the names
            of filters that it needs. A correction takes ``targets`` (an id, several ids, or a frame with a column
            ``id`` and the values), ``ids`` (one or several), ``id`` (one), ``rows`` (a frame), ``values`` (named
            values of one record), or two of these: a list's ``id`` and its ``members``, ``rows`` or ``values``.
        resource: What a read is called in ``load``; empty for a correction.
        about: What its rows are.
        fixed: Arguments that make it this resource.
    """

    family: str
    method: str
    operation: str
    takes: tuple[str, ...]
    resource: str = ""
    about: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def entry(self) -> Operation:
        """Row of the catalogue."""
        return operation(self.operation)

    @property
    def place(self) -> str:
        """The method below the client, such as ``contacts.load``."""
        return f"{self.family}.{self.method}"

    @property
    def needs(self) -> tuple[str, ...]:
        """Named values that it cannot do without."""
        if self.resource:
            return self.takes[1:]
        parameters = () if "rows" in self.takes else self.entry.accepts("body")
        return tuple(parameter.name for parameter in parameters if parameter.required)


def typed(name: str) -> str:
    """A name of Python as it is typed in a shell."""
    return name.replace("_", "-")


_READS = """
accounts.load                    list_accounts                   filters      accounts, their credit and limits
accounts.get                     retrieve_account                id
accounts.by_phone                retrieve_account_by_phone       phone        the account with that number
accounts.current_report          get_account_current_report      filters      figures of the current period
accounts.current_report          get_account_current_report      id
reports.load                     list_detailed_reports           filters      messages and conversations by period
reports.load                     list_reports                    filters
campaigns.load                   list_campaigns                  filters      campaigns and their funnels
campaigns.get                    retrieve_campaign               id
campaigns.memberships(lists)     list_campaigns                  filters      target lists of each campaign
contacts.load                    list_contacts                   filters      contacts, their consent and custom fields
contacts.get                     retrieve_contact                id
contacts.memberships(lists)      list_contacts                   filters      lists of each contact
contacts.memberships(tags)       list_contacts                   filters      tags of each contact
contacts.memberships(operators)  list_contacts                   filters      operators of each contact
contacts.memberships(fields)     list_contacts                   filters      custom values of each contact
tickets.load                     list_tickets                    filters      support tickets
tickets.get                      retrieve_ticket                 id
lists.load                       list_lists                      filters      contact lists
lists.get                        retrieve_list                   id
tags.load                        list_tags                       filters      tags
tags.get                         retrieve_tag                    id
custom_fields.load               list_custom_fields              filters      custom fields of contacts
custom_fields.get                retrieve_custom_field           id
templates.load                   list_templates                  filters      message templates
templates.get                    retrieve_template               id
templates.localizations          list_templates                  filters      languages of each template, with texts
automations.load                 list_automations                filters      automations
automations.get                  retrieve_automation             id
automations.memberships(webhooks) list_automations                filters      webhooks of each automation, redacted
automations.custom_fields_used   list_custom_fields_of_automation id           custom fields that an automation uses
media.load                       list_media                      filters      media files
media.get                        retrieve_media                  id
roles.load                       list_roles                      filters      users of the account and what they may do
roles.get                        retrieve_role                   id
roles.has_private_key            check_role_private_key          id           whether a role has a private key
invitations.load                 list_invitations                filters      invitations of users
invitations.get                  retrieve_invitation             id
channels.load                    list_channels                   filters      WhatsApp channels
channels.get                     retrieve_channel                id
channels.by_phone                retrieve_channel_by_phone       phone        the channel with that number
webhooks.load                    list_webhooks                   filters      webhooks
webhooks.get                     retrieve_webhook                id
webhooks.expands                 list_webhook_expands            id           what a webhook expands
agencies.load                    list_agencies                   filters      agencies and their accounts
agencies.get                     retrieve_agency                 id
partners.load                    list_partners                   filters      partners
partners.accounts                list_partner_accounts           filters      accounts of a partner (partner key)
partners.account_report          get_account_report              id+start+end report of an account (partner key)
partners.account_forecasts       get_account_forecasts           id+country_code forecasts of an account (partner key)
"""
_CORRECTIONS = """
accounts       onboarding_link       create_account_onboarding_link  id
contacts       update                update_contact                  targets
contacts       create_or_update      create_or_update_contact        values
contacts       sync                  bulk_sync_contacts              rows
contacts       assign_operator       add_contact_operator            ids
contacts       unassign_operator     remove_contact_operator         ids
contacts       block                 update_contact                  ids
contacts       unblock               update_contact                  ids
contacts       delete                delete_contact                  ids
lists          create                create_contact_list             values
lists          sync_contacts         sync_contacts_to_list           id+rows
lists          remove_contacts       remove_contacts_from_list       id+members
lists          clear                 remove_all_list_contacts        id
lists          delete                delete_list                     ids
campaigns      create                create_campaign                 values
campaigns      update                update_campaign                 targets
campaigns      delete                delete_campaign                 ids
tickets        create                create_ticket                   rows+values
tickets        update                update_ticket                   targets
tickets        delete                delete_ticket                   ids
custom_fields  create                create_custom_field             values
custom_fields  update                update_custom_field             targets
custom_fields  delete                delete_custom_field             ids
templates      create                create_template                 values
templates      update                update_template                 targets
templates      clone                 clone_template                  ids
templates      submit                submit_template                 ids
templates      revert_to_draft       revert_template_to_draft        ids
templates      delete                delete_template                 ids
media          create                create_media_file               values
media          update                update_media                    targets
media          delete                delete_media_file               ids
roles          add_service_user      add_service_user                values
roles          update                update_role                     targets
roles          generate_private_key  generate_role_private_key       ids
roles          delete                delete_role                     ids
invitations    create                create_invitation               values
invitations    resend                resend_invitation               ids
invitations    update_role           update_invitation_role          targets
invitations    delete                delete_invitation               ids
channels       create                create_channel                  values
channels       update                update_channel                  targets
channels       set_primary           set_primary_channel             id
channels       refresh_status        refresh_channel_status          ids
webhooks       create                create_webhook                  values
webhooks       update                update_webhook                  targets
webhooks       set_expands           set_webhook_expands             targets
webhooks       test                  test_webhook                    ids
webhooks       rotate_secret         rotate_webhook_secret           ids
webhooks       delete                delete_webhook                  ids
"""


def _rows(table: str) -> Iterator[list[str]]:
    """The cells of each line of a table; the fourth one may be missing, or be several words."""
    return (line.split(maxsplit=3) for line in table.strip().splitlines())


def _read(place: str, slug: str, takes: str, about: str = "") -> Call:
    family, _, method = place.partition(".")
    method, _, which = method.rstrip(")").partition("(")
    resource = _resource(family, method, which)
    return Call(family, method, slug, tuple(takes.split("+")), resource, about, {"which": which} if which else {})


def _resource(family: str, method: str, which: str) -> str:
    """What a read is called in ``load``: its family, its side table, or its method."""
    if method in ("load", "get"):
        return typed(family)
    return typed(method) if method == "current_report" else typed(f"{family}.{which or method}")


READS = tuple(_read(*cells) for cells in _rows(_READS))
"""Every read: ``load``, ``get`` and what else each family has."""
CORRECTIONS = tuple(
    Call(family, method, slug, tuple(takes.split("+"))) for family, method, slug, takes in _rows(_CORRECTIONS)
)
"""Every corrective method, each of which gives a plan; the removed onboarding link raises at once instead."""

_SENDING = "reaches customers and costs credit: this client analyses and corrects, it sends no messages"
_MONEY = "moves money between accounts: do it in Spoki"
_OPENING = "opens accounts and hands out their keys: do it in Spoki"
_PARTNER = "a partner's own operators: do it in Spoki"
ABSENT = {
    "send_message": _SENDING,
    "start_automation": _SENDING,
    "start_automation_in_bulk": _SENDING,
    "create_automation": "automations are built in Spoki's editor",
    "get_authentication_token": "logs somebody in to Spoki from another site",
    "start_partner_onboarding": _OPENING,
    "create_api_key_for_account": _OPENING,
    "revoke_api_key_for_account": _OPENING,
    "create_accounts": _OPENING,
    "create_subrecharge": _MONEY,
    "move_credit_from_account": _MONEY,
    "set_profits": _MONEY,
    "create_conversations_subrecharge": _MONEY,
    "list_partner_roles": _PARTNER,
    "retrieve_partner_role": _PARTNER,
    "check_partner_role_private_key": _PARTNER,
    "generate_partner_role_private_key": _PARTNER,
    "update_partner_role": _PARTNER,
    "delete_partner_role": _PARTNER,
    "list_partner_invitations": _PARTNER,
    "retrieve_partner_invitation": _PARTNER,
    "create_partner_invitation": _PARTNER,
    "resend_partner_invitation": _PARTNER,
    "update_partner_invitation_role": _PARTNER,
    "delete_partner_invitation": _PARTNER,
}
"""Operations that this client leaves alone on purpose, and why."""


def call_of(slug: str) -> Call | None:
    """The first way to use an operation; None for those that are left alone."""
    return next((call for call in (*READS, *CORRECTIONS) if call.operation == slug), None)
