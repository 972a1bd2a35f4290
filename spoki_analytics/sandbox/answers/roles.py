"""Roles of operators: service users, private keys, the administrator who must stay."""

from __future__ import annotations

import secrets

from spoki_analytics.sandbox.answers.bodies import read_body
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.families import shows
from spoki_analytics.sandbox.answers.records import answers, create, find_record, update
from spoki_analytics.sandbox.answers.replies import RefusedError, Reply, encode, forbidden_now, no_content
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.inventory import ADMINISTRATOR
from spoki_analytics.sandbox.world.workspace import Workspace


@shows("roles", searched=("id", "user.email", "user.firstname", "user.surname"))
def show_role(space: Workspace, record: Record) -> Row:
    """An operator."""
    return {"id": record["id"], "role": record["role"], "user": record["user"]}


@answers("check_role_private_key", "check_partner_role_private_key")
def check_private_key(call: Call) -> Reply:
    """Whether a role has a private key."""
    return Reply(body=encode({"has_private_key": find_record(call)["has_key"]}))


@answers("add_service_user")
def add_service_user(call: Call) -> Reply:
    """A role for a program."""
    values = read_body(call)
    number = call.space.roles.ids()[-1] + 1
    user = {
        "id": number,
        "uid": f"usr-{number:06x}",
        "email": values.get("email") or f"service-{number}@example.invalid",
        "firstname": values["name"],
        "surname": "",
        "image": None,
        "is_service": True,
    }
    return create(call, {"role": values["role"], "user": user, "has_key": False})


@answers("generate_role_private_key", "generate_partner_role_private_key")
def generate_private_key(call: Call) -> Reply:
    """A new key, shown this once; the old one stops working."""
    role, value = find_record(call), f"sbx_private_{secrets.token_hex(16)}"
    call.space.roles.put({**role, "has_key": True, "private_key": value})
    return Reply(body=encode({"value": value}))


@answers("delete_role", "delete_partner_role")
def delete_role(call: Call) -> Reply:
    """A role; not the only administrator's."""
    role = find_record(call)
    others = [each for each in call.space.roles.records() if each["id"] != role["id"]]
    if role["role"] == ADMINISTRATOR and not any(each["role"] == ADMINISTRATOR for each in others):
        raise forbidden_now("The only administrator cannot be deleted.")
    call.space.roles.remove(role["id"])
    return no_content()


@answers("get_authentication_token")
def get_token(call: Call) -> Reply:
    """A token for whoever has the private key of an operator."""
    values = read_body(call)
    for role in call.space.roles.records():
        if role["user"]["email"] == values["email"] and role.get("private_key") == values["private_key"]:
            return Reply(body=encode({"token": secrets.token_hex(16), "uid": role["user"]["uid"]}))
    raise RefusedError(401, {"detail": "Invalid credentials."})


answers("update_role", "update_partner_role")(update)
