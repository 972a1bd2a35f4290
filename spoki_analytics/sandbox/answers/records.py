"""Which function answers which operation: listings and single records from the collections, the rest by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any
from urllib.parse import urlencode

from spoki_analytics.catalogue import Operation
from spoki_analytics.sandbox.answers.bodies import read_body
from spoki_analytics.sandbox.answers.call import HOP, Call
from spoki_analytics.sandbox.answers.families import Family, find_family
from spoki_analytics.sandbox.answers.query import read_page, read_parameters, select
from spoki_analytics.sandbox.answers.replies import Reply, encode, no_content, not_allowed, not_found
from spoki_analytics.sandbox.world.accounts import Account
from spoki_analytics.sandbox.world.collection import Collection, Record

Answer = Callable[[Call], Reply]

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


def _removed(call: Call) -> Reply:
    raise not_found()


def _list(call: Call) -> Reply:
    """A listing of a collection: selected, cut into pages, encoded once."""
    key = (call.identity, call.origin, call.space.version)
    body: bytes = call.memory.recall(key, lambda: _encode_listing(call))
    return Reply(body=body)


def _encode_listing(call: Call) -> bytes:
    family, space = find_family(call.operation), call.space
    collection = space.collection(family.name)
    filters = read_parameters(call.operation, call.query)
    key = ("ids", call.account.id, family.name, *sorted(filters.items()), space.version)
    ids = call.memory.recall(key, lambda: _select(call, family, filters))
    return paginate(call, ids, lambda part: [family.show(space, collection.get(i) or {}) for i in part])


def _select(call: Call, family: Family, filters: dict[str, Any]) -> list[int]:
    """Ids of the rows that the filters let through."""
    collection = call.space.collection(family.name)
    if not filters:
        return collection.ids()
    records = reversed(call.space.phones.find(filters["phone"])) if "phone" in filters else collection.records()
    rows = ({**record, **family.show(call.space, record)} for record in records)
    return select(family, rows, filters)


def paginate(call: Call, whole: Sequence[Any], show: Callable[[Sequence[Any]], list[Any]]) -> bytes:
    """The page that a call asks for, in the envelope of its operation; ``next`` and ``previous`` are absolute.

    Raises:
        RefusedError: There is no such page.
    """
    family = find_family(call.operation)
    if family.is_bare or call.operation.response == "array":
        return encode(show(whole))
    page = read_page(family.page_size, call.query, len(whole))
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
    record = _collection(call).get(call.path["id"])
    if record is None:
        raise not_found()
    return record


def present(collection: Collection, ids: list[int]) -> list[Record]:
    """Those of the records that still exist."""
    return [record for record in map(collection.get, ids) if record is not None]


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
    return show(call, _collection(call).put({**record, **changes}))


def create(call: Call, record: Record) -> Reply:
    """Keep a new record and show it."""
    return show(call, _collection(call).add(record), status=201)


def update(call: Call) -> Reply:
    """Keep the documented values that were sent, for families without a rule of their own; the others stay."""
    return save(call, find_record(call), read_body(call))


def delete(call: Call) -> Reply:
    """Forget the record for good, for families without a rule of their own."""
    _collection(call).remove(find_record(call)["id"])
    return no_content()


def show(call: Call, record: Record, status: int = 200) -> Reply:
    """A record as its family is shown."""
    return Reply(status, encode(find_family(call.operation).show(call.space, record)))


def _collection(call: Call) -> Collection:
    return call.space.collection(find_family(call.operation).name)


def remember_report(call: Call, key: Hashable, make: Callable[[], Any]) -> Any:
    """A report that stays the same for thirty minutes, whichever of its pages is asked for."""
    return call.memory.report((call.account.id, call.operation.slug, key), call.now, make)[1]
