"""Invitations of operators, the account's and the partner's."""

from __future__ import annotations

from spoki_analytics.sandbox.answers.bodies import read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import show_plainly, shows
from spoki_analytics.sandbox.answers.records import answers, create, delete, find_record, show, update
from spoki_analytics.sandbox.answers.replies import Reply

shows("invitations", searched=("id", "email", "additional_info.first_name", "additional_info.last_name"))(show_plainly)


@answers("create_invitation", "create_partner_invitation")
def create_invitation(call: Call) -> Reply:
    """An invitation."""
    return create(call, {"additional_info": {}, **read_body(call), "created_datetime": call.moment})


@answers("resend_invitation", "resend_partner_invitation")
def resend_invitation(call: Call) -> Reply:
    """The e-mail once more."""
    return show(call, find_record(call))


answers("update_invitation_role", "update_partner_invitation_role")(update)
answers("delete_invitation", "delete_partner_invitation")(delete)
