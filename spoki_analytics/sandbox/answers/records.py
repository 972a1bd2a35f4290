"""Which function answers which operation: listings and single records from the collections, the rest by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any
from urllib.parse import urlencode

from spoki_analytics.catalogue import Operation
from spoki_analytics.sandbox.answers.call import HOP, Call
from spoki_analytics.sandbox.answers.query import read_page, read_parameters, select
from spoki_analytics.sandbox.answers.replies import Reply, encode, not_allowed, not_found
from spoki_analytics.sandbox.answers.views import view
from spoki_analytics.sandbox.world.accounts import Account
from spoki_analytics.sandbox.world.collection import Record

Answer = Callable[[Call], Reply]

STORED_AS = {"partner_roles": "roles", "partner_invitations": "invitations"}
"""Families that mirror another one."""
BARE_ARRAYS = ("list_accounts", "list_agencies", "list_custom_fields")
"""Listings that answer a JSON array without an envelope."""

_answers: dict[str, Answer] = {}


def answers(*slugs: str) -> Callable[[Answer], Answer]:
    """Register the function that answers operations of a special kind."""

    def register(function: Answer) -> Answer:
        _answers.update(dict.fromkeys(slugs, function))
        return function

    return register


def answer(call: Call) -> Reply:
    """The answer to a call.

    Raises:
        RefusedError: An error is the answer.
    """
    return _find(call.operation)(call)


def _find(operation: Operation) -> Answer:
    if operation.removed:
        return _removed
    if operation.slug in _answers:
        return _answers[operation.slug]
    return _list if operation.is_listing else _retrieve


def family(operation: Operation) -> str:
    """The family whose collection an operation reads."""
    return STORED_AS.get(operation.family, operation.family)


def _removed(call: Call) -> Reply:
    raise not_found()


def _list(call: Call) -> Reply:
    """A listing of a collection: selected, cut into pages, encoded once."""
    key = (call.identity, call.origin, call.space.version)
    body: bytes = call.memory.recall(key, lambda: _encode_listing(call))
    return Reply(body=body)


def _encode_listing(call: Call) -> bytes:
    name, space = family(call.operation), call.space
    collection, show_record = space.collection(name), view(name)
    wanted = read_parameters(call.operation, call.query)
    key = ("ids", call.account.id, name, *sorted(wanted.items()), space.version)
    ids = call.memory.recall(key, lambda: _select(call, name, wanted))
    return paginate(call, ids, lambda part: [show_record(space, collection.get(i) or {}) for i in part])


def _select(call: Call, name: str, wanted: dict[str, Any]) -> list[int]:
    """Ids of the rows that the filters let through."""
    collection, show_record = call.space.collection(name), view(name)
    if not wanted:
        return collection.ids()
    records = reversed(call.space.phones.find(wanted["phone"])) if "phone" in wanted else collection.records()
    rows = ({**record, **show_record(call.space, record)} for record in records)
    return select(call.operation, rows, wanted)


def paginate(call: Call, whole: Sequence[Any], show: Callable[[Sequence[Any]], list[Any]]) -> bytes:
    """The page that a call asks for, in the envelope of its operation; ``next`` and ``previous`` are absolute.

    Raises:
        RefusedError: There is no such page.
    """
    if call.operation.slug in BARE_ARRAYS:
        return encode(show(whole))
    page = read_page(call.operation, call.query, len(whole))
    return encode(
        {
            "count": len(whole),
            "next": None if page.is_last else _link(call, page.number + 1),
            "previous": None if page.number == 1 else _link(call, page.number - 1),
            "results": show(whole[page.first : page.stop]),
        }
    )


def _link(call: Call, page: int) -> str:
    query = {name: value for name, value in call.query.items() if name != HOP} | {"page": str(page)}
    return f"{call.origin}{call.operation.target(**call.path)}?{urlencode(query)}"


def _retrieve(call: Call) -> Reply:
    record = find_record(call)
    read_parameters(call.operation, call.query)
    return show(call, record)


def find_record(call: Call) -> Record:
    """The record that a call's path names.

    Raises:
        RefusedError: There is none (any more).
    """
    record = call.space.collection(family(call.operation)).get(call.path["id"])
    if record is None:
        raise not_found()
    return record


def find_account(call: Call, account_id: int) -> Account:
    """An account that the key may see.

    Raises:
        RefusedError: There is none (404), or it is another's (403).
    """
    account = call.world.account(account_id)
    if account is None:
        raise not_found()
    if account not in call.seen:
        raise not_allowed()
    return account


def save(call: Call, record: Record, changes: Record) -> Reply:
    """Keep a new state of a record and show it."""
    return show(call, call.space.collection(family(call.operation)).put({**record, **changes}))


def create(call: Call, record: Record) -> Reply:
    """Keep a new record and show it."""
    return show(call, call.space.collection(family(call.operation)).add(record), status=201)


def show(call: Call, record: Record, status: int = 200) -> Reply:
    """A record as its family is shown."""
    return Reply(status, encode(view(family(call.operation))(call.space, record)))


def remember_report(call: Call, key: Hashable, make: Callable[[], Any]) -> Any:
    """A report that stays the same for thirty minutes, whichever of its pages is asked for."""
    return call.memory.report((call.account.id, call.operation.slug, key), call.now, make)[1]
