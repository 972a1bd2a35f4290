"""Contact lists: the lists themselves, and who is in them."""

from __future__ import annotations

from collections.abc import Iterable

from spoki_analytics.sandbox.answers.bodies import Values, read_body, read_contacts
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.contact_values import upsert_all
from spoki_analytics.sandbox.answers.families import shows
from spoki_analytics.sandbox.answers.records import answers, create, find_record
from spoki_analytics.sandbox.answers.replies import Reply, encode, forbidden_now, no_content
from spoki_analytics.sandbox.world.collection import Record, Row
from spoki_analytics.sandbox.world.workspace import Workspace


@shows("lists", searched=("name",))
def show_list(space: Workspace, record: Record) -> Row:
    """A list with its size."""
    return {
        "id": record["id"],
        "name": record["name"],
        "color": record["color"],
        "contacts_count": space.list_sizes[record["id"]],
        "created_datetime": record["created_datetime"],
    }


@answers("create_contact_list")
def create_list(call: Call) -> Reply:
    """An empty list; two lists may have the same name."""
    return create(call, {**read_body(call), "color": None, "created_datetime": call.moment})


@answers("delete_list")
def delete_list(call: Call) -> Reply:
    """A list; its contacts stay."""
    call.space.lists.remove(find_record(call)["id"])
    return no_content()


@answers("sync_contacts_to_list")
def sync_contacts(call: Call) -> Reply:
    """Create or update contacts, and put them in the list."""
    list_id = find_record(call)["id"]
    _, _, errors = upsert_all(call, read_contacts(call), into=list_id)
    return Reply(body=encode({"errors": errors}))


@answers("remove_contacts_from_list")
def remove_contacts(call: Call) -> Reply:
    """Take contacts out of the list, by id, number or e-mail; those that are not in it are passed over."""
    list_id, values = find_record(call)["id"], read_body(call)
    if not any(values.values()):
        raise forbidden_now("Give emails, phones or ids.")
    chosen = {each["id"]: each for each in _chosen(call, values) if list_id in each["lists"]}
    return Reply(body=encode({"removed": _take_out(call, list_id, list(chosen.values()))}))


@answers("remove_all_list_contacts")
def remove_all_contacts(call: Call) -> Reply:
    """Empty the list."""
    list_id = find_record(call)["id"]
    members = [each for each in call.space.contacts.records() if list_id in each["lists"]]
    return Reply(body=encode({"removed": _take_out(call, list_id, members)}))


def _chosen(call: Call, values: Values) -> Iterable[Record]:
    for each in values.get("ids", ()):
        if contact := call.space.contacts.get(each):
            yield contact
    for phone in values.get("phones", ()):
        yield from call.space.phones.find(phone)
    emails = {email.casefold() for email in values.get("emails", ()) if email}
    if emails:
        yield from (each for each in call.space.contacts.records() if (each["email"] or "").casefold() in emails)


def _take_out(call: Call, list_id: int, contacts: list[Record]) -> int:
    """Take contacts out of a list; gives how many."""
    for contact in contacts:
        kept = [each for each in contact["lists"] if each != list_id]
        call.space.save_contact({**contact, "lists": kept})
    return len(contacts)
