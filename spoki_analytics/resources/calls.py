"""Every way to use an operation, collected from the families: the client's methods and the commands of the shell.

The frame ``spoki.operations``, the commands ``load`` and ``correct`` and ``docs/operations.md`` all read these tables.
Nothing is added here for a new method: it says itself which operation it is.
"""

from __future__ import annotations

from spoki_analytics.resources.accounts import Accounts
from spoki_analytics.resources.agencies import Agencies
from spoki_analytics.resources.automations import Automations
from spoki_analytics.resources.campaigns import Campaigns
from spoki_analytics.resources.channels import Channels
from spoki_analytics.resources.contacts import Contacts
from spoki_analytics.resources.custom_fields import CustomFields
from spoki_analytics.resources.invitations import Invitations
from spoki_analytics.resources.lists import Lists
from spoki_analytics.resources.media import Media
from spoki_analytics.resources.methods import Call, calls_of
from spoki_analytics.resources.partners import Partners
from spoki_analytics.resources.reports import Reports
from spoki_analytics.resources.roles import Roles
from spoki_analytics.resources.tags import Tags
from spoki_analytics.resources.templates import Templates
from spoki_analytics.resources.tickets import Tickets
from spoki_analytics.resources.webhooks import Webhooks

FAMILIES = (
    Accounts,
    Reports,
    Campaigns,
    Contacts,
    Tickets,
    Lists,
    Tags,
    CustomFields,
    Templates,
    Automations,
    Media,
    Roles,
    Invitations,
    Channels,
    Webhooks,
    Agencies,
    Partners,
)
"""Every family, in the order in which a reader is shown them."""
_CALLS = tuple(call for family in FAMILIES for call in calls_of(family))
READS = tuple(call for call in _CALLS if call.entry.is_read)
"""Every read: ``load``, ``get`` and what else each family has."""
CORRECTIONS = tuple(call for call in _CALLS if not call.entry.is_read)
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
    return next((call for call in _CALLS if call.operation == slug), None)
