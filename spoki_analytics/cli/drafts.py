"""From the words of ``correct`` to a plan: which method of the client, and what it is given."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import orjson

from spoki_analytics.cli.words import known
from spoki_analytics.errors import UsageError
from spoki_analytics.resources.calls import CORRECTIONS
from spoki_analytics.resources.methods import Call
from spoki_analytics.resources.spelling import in_shell, spelled
from spoki_analytics.wording.messages import gettext, noop

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.client import Spoki
    from spoki_analytics.corrections.plan import Plan

FIELD = "field."
"""Start of the names of custom values, as in the columns that ``load`` gives."""
_STRUCTURES = ("object", "list[object]", "list[int]", "list[str]")
_MEMBERS = {"id": "ids", "phone": "phones", "email": "emails"}


@dataclass(frozen=True)
class Given:
    """What was typed after the name of a correction.

    Attributes:
        ids: What ``--id`` gave.
        values: What ``--set`` gave, by name.
        frame: The rows of ``--from-file``.
        options: ``missing``, ``keep_text`` and ``reason``, where they were given.
    """

    ids: list[int]
    values: dict[str, str]
    frame: pd.DataFrame | None
    options: dict[str, str | bool]


Arguments = tuple[list[Any], dict[str, Any]]


def choose(family: str, method: str) -> Call:
    """The correction that two words mean.

    Raises:
        UsageError: There is no such correction.
    """
    calls = {spelled(call): call for call in CORRECTIONS}
    first, second = (word.strip().lower().replace("_", "-") for word in (family, method))
    known(first, {name.split()[0]: None for name in calls}, noop("There is no family {word}"))
    own = [name.split()[1] for name in calls if name.split()[0] == first]
    known(second, own, noop("{family} has no operation {word}"), family=first)
    return calls[f"{first} {second}"]


def columns_of(call: Call) -> tuple[list[str], list[str]]:
    """The columns that a file of rows may have, and those that it must; custom values have one each, `field.CODE`.

    Raises:
        UsageError: The correction takes no file.
    """
    from spoki_analytics.corrections.writes import WRITES

    if call.takes == ("id", "members"):
        return ["phone"], ["phone"]
    _require(bool({"targets", "ids", "rows"} & set(call.takes)), call, gettext("It takes no --from-file."))
    ids = [] if "rows" in call.takes else ["id"]
    if "ids" in call.takes:
        return ids, ids
    values = [each for each in WRITES[call.operation].parameters if each.name != "custom_fields"]
    names = [each.name for each in values]
    return [*ids, *names, "reason"], [*ids, *(each.name for each in values if each.required)]


def draft(call: Call, spoki: Spoki, given: Given) -> Plan:
    """The plan that was asked for; nothing is sent.

    Raises:
        UsageError: Something is missing, or is given that the method does not take.
        RemovedOperationError: Spoki has removed the operation.
    """
    method: Callable[..., Plan] = attrgetter(call.path)(spoki)
    subject, named = _TAKES[call.takes](call, given)
    takes = list(inspect.signature(method).parameters.values())[len(subject) :]
    by_name = {parameter.name: parameter for parameter in takes}
    named |= given.options
    for name in named:
        known(name, by_name, noop("{operation} does not take {word}"), operation=spelled(call))
    if lacking := [name for name, parameter in by_name.items() if parameter.default is parameter.empty]:
        _require(all(name in named for name in lacking), call)
    return method(*subject, **{name: _switched(value, name, by_name, call) for name, value in named.items()})


def _targets(call: Call, given: Given) -> Arguments:
    if given.frame is None:
        return _ids(call, given)
    _require(not given.ids, call, gettext("The rows of --from-file have their ids in a column id."))
    return [_filled(call, given)], {}


def _ids(call: Call, given: Given) -> Arguments:
    if given.frame is None:
        _require(bool(given.ids), call, gettext("Or --from-file FILE, with a column id."))
        return [given.ids], _values(call, given)
    _require(
        not given.ids and list(given.frame.columns) == ["id"], call, gettext("The rows hold nothing but a column id.")
    )
    return [given.frame["id"]], _values(call, given)


def _id(call: Call, given: Given) -> Arguments:
    _require(len(given.ids) == 1, call)
    _require(given.frame is None, call)
    return [given.ids[0]], _values(call, given)


def _rows(call: Call, given: Given) -> Arguments:
    _require(not given.ids, call)
    return [_filled(call, given)], {}


def _id_and_rows(call: Call, given: Given) -> Arguments:
    _require(len(given.ids) == 1, call)
    return [given.ids[0], _filled(call, given)], {}


def _id_and_members(call: Call, given: Given) -> Arguments:
    _require(len(given.ids) == 1, call)
    if given.frame is None:
        return [given.ids[0]], _values(call, given)
    columns = list(given.frame.columns)
    _require(
        len(columns) == 1 and columns[0] in _MEMBERS, call, gettext("The rows hold one column: id, phone or email.")
    )
    return [given.ids[0]], {_MEMBERS[columns[0]]: given.frame[columns[0]].tolist()}


def _record(call: Call, given: Given) -> Arguments:
    _require(not given.ids and given.frame is None, call)
    return [], _values(call, given)


def _rows_or_record(call: Call, given: Given) -> Arguments:
    return _record(call, given) if given.frame is None else _rows(call, given)


_TAKES: Mapping[tuple[str, ...], Callable[[Call, Given], Arguments]] = {
    ("targets",): _targets,
    ("ids",): _ids,
    ("id",): _id,
    ("rows",): _rows,
    ("id", "rows"): _id_and_rows,
    ("id", "members"): _id_and_members,
    ("values",): _record,
    ("rows", "values"): _rows_or_record,
}


def _require(good: bool, call: Call, advice: str = "") -> None:
    if not good:
        raise _usage(call, advice)


def _usage(call: Call, advice: str = "") -> UsageError:
    return UsageError(gettext("It is given like this: {command}", command=in_shell(call)), advice=advice)


def _values(call: Call, given: Given) -> dict[str, Any]:
    """The named values, custom ones together."""
    named: dict[str, Any] = {}
    for name, text in given.values.items():
        if name.startswith(FIELD):
            named.setdefault("custom_fields", {})[name.removeprefix(FIELD)] = text
        else:
            named[name] = _parsed(call, name, text)
    return named


def _filled(call: Call, given: Given) -> pd.DataFrame:
    """The rows, with the named values in every one of them, and what is written as a list as a list."""
    if given.frame is None:
        raise _usage(call)
    frame = given.frame.assign(**dict(given.values))
    lists = {name for name, kind in _kinds(call).items() if kind.startswith(("list", "object"))}
    return frame.assign(
        **{name: [_parsed_cell(call, name, cell) for cell in frame[name]] for name in frame.columns if name in lists}
    )


def _parsed_cell(call: Call, name: str, cell: Any) -> Any:
    """A cell as its type wants it; one that is no JSON stays the text that it is, and is judged with its row."""
    try:
        return _parsed(call, name, cell)
    except UsageError:
        return cell


def _kinds(call: Call) -> dict[str, str]:
    """The documented type of each value, of the rows of a batch too."""
    from spoki_analytics.corrections.writes import WRITES

    rows = WRITES[call.operation].parameters if call.operation in WRITES else ()
    return {parameter.name: parameter.type for parameter in (*rows, *call.entry.accepts("body"))}


def _parsed(call: Call, name: str, text: Any) -> Any:
    """A value as its type wants it: ``1, 2`` is a list, as is JSON of one; everything else stays the text that it is.

    Raises:
        UsageError: It should be JSON and is not.
    """
    kind = _kinds(call).get(name, "str")
    if not isinstance(text, str):
        return text
    if kind in ("list[int]", "list[str]") and not text.startswith("["):
        return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if kind not in _STRUCTURES:
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise UsageError(gettext("--set {name} must be JSON.", name=name)) from None


def _switched(value: Any, name: str, by_name: Mapping[str, inspect.Parameter], call: Call) -> Any:
    """A switch of the method itself, such as the ``force`` of a deletion, as true or false."""
    if by_name[name].default is not False or name in _kinds(call):
        return value
    if str(value).lower() not in ("true", "false"):
        raise UsageError(gettext("--set {name} must be true or false.", name=name))
    return str(value).lower() == "true"
