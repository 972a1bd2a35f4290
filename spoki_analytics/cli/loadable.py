"""What ``spoki-analytics load`` knows, from the table of calls, and how its words become arguments."""

from __future__ import annotations

import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from spoki_analytics.cli.words import known, pairs
from spoki_analytics.errors import UsageError
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.resources.calls import READS
from spoki_analytics.resources.methods import Call
from spoki_analytics.resources.spelling import in_shell
from spoki_analytics.wording.inputs import to_bool, to_int
from spoki_analytics.wording.messages import gettext, noop

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.client import Spoki
    from spoki_analytics.frames.provenance import Provenance

_NO_FILTERS = frozenset({"columns", "limit", "refresh", "column_map"})
_READERS: Mapping[type, tuple[Callable[[str], Any], str]] = {
    int: (to_int, noop("{option} must be a whole number.")),
    bool: (to_bool, noop("{option} must be true or false.")),
}
"""What reads a value of the command line, and what is wrong with one that it cannot read."""

LOADABLE = {call.resource: call for call in READS if call.takes == ("filters",) and call.about}
"""What gives many rows, by its name."""
SINGLE = {call.resource: call for call in READS if call.takes != ("filters",)}
"""What gives the one thing that ``--id`` names, by its name; most have the name of a listing too."""


def choose(resource: str, subject: str | None) -> Call:
    """The call that a resource means, with or without ``--id``.

    Raises:
        UsageError: There is no such resource, or it is not had that way.
    """
    name = known(resource.strip().lower().replace("_", "-"), LOADABLE | SINGLE, noop("There is no resource {word}"))
    calls = LOADABLE if subject is None else SINGLE
    if name not in calls:
        command = in_shell((LOADABLE | SINGLE)[name])
        if subject is None:
            raise UsageError(gettext("It takes an --id: {command}.", command=command))
        raise UsageError(gettext("It takes no --id: {command}.", command=command))
    return calls[name]


def load_frame(
    call: Call,
    spoki: Spoki,
    words: Iterable[str],
    *,
    subject: str | None = None,
    columns: Iterable[str] | None = None,
    limit: int | None = None,
    refresh: bool | None = None,
    into: Callable[[Callable[..., Any], Mapping[str, Any]], Provenance] | None = None,
) -> pd.DataFrame | Provenance:
    """The chosen columns of the rows that match the filters, at most so many, or of the one that ``--id`` names.

    Args:
        call: The call.
        spoki: The client.
        words: The filters, as ``name=value``.
        subject: What ``--id`` names.
        columns: Only these columns.
        limit: Stop after so many rows.
        refresh: Ask Spoki again.
        into: Writes a load to a file, given the method and its arguments; used for a family's own ``load``.
    """
    from spoki_analytics.frames.chosen import choose_of, pick

    method = _method(call, spoki)
    given = _arguments(call, spoki, words)
    if missing := [name for name in call.needs if name not in given]:
        filters = " ".join(f"--filter {name}=..." for name in missing)
        raise UsageError(gettext("{resource} needs {filters}.", resource=call.resource, filters=filters))
    arguments: dict[str, Any] = {**call.fixed, **given, "refresh": refresh}
    if subject is not None:
        name = next(iter(inspect.signature(method).parameters))
        arguments[name] = _value("--id", subject, _kind(method, name))
    takes = inspect.signature(method).parameters
    arguments |= {name: value for name, value in (("columns", columns), ("limit", limit)) if name in takes}
    if into is not None and call.method == "load":
        return into(method, arguments)
    chosen = None if "columns" in takes else choose_of(columns, SCHEMAS.get(call.schema, SCHEMAS["generic"]))
    return pick(_as_frame(method(**arguments), call), chosen, call.family).head(limit or sys.maxsize)


def filters(call: Call, spoki: Spoki) -> dict[str, type]:
    """Names and types of the filters of a read, as the method's signature has them."""
    method = _method(call, spoki)
    names = list(inspect.signature(method).parameters)
    own = names if call.takes == ("filters",) else names[1:]
    return {name: _kind(method, name) for name in own if name not in _NO_FILTERS | set(call.fixed)}


def _method(call: Call, spoki: Spoki) -> Callable[..., Any]:
    method: Callable[..., Any] = attrgetter(call.path)(spoki)
    return method


def _arguments(call: Call, spoki: Spoki, words: Iterable[str]) -> dict[str, Any]:
    """The arguments that ``name=value`` words mean, converted to what the method takes.

    Raises:
        UsageError: An unknown name, a value of another type, or a name given twice that takes one value.
    """
    method, kinds = _method(call, spoki), filters(call, spoki)
    if words and not kinds:
        option = "--id" if call.takes != ("filters",) else call.resource
        raise UsageError(gettext("{option} takes no filters.", option=option))
    arguments: dict[str, Any] = {}
    for name, text in pairs(words, "--filter"):
        known(name, kinds, noop("{resource} has no filter {word}"), resource=call.resource)
        value = _value(f"--filter {name}", text, kinds[name])
        if _takes_several(method, name):
            arguments.setdefault(name, []).append(value)
        elif name in arguments:
            sentence = gettext(
                "--filter {name} is given twice; {resource} takes one value.", name=name, resource=call.resource
            )
            raise UsageError(sentence)
        else:
            arguments[name] = value
    return arguments


def _as_frame(result: Any, call: Call) -> pd.DataFrame:
    """What a call gives as a table: a row as a table of one, a yes or no as a table of one cell."""
    import pandas as pd

    if isinstance(result, pd.DataFrame):
        return result
    if isinstance(result, pd.Series):
        frame = pd.DataFrame([result.to_dict()]).convert_dtypes()
        frame.attrs = result.attrs
        return frame
    return pd.DataFrame({call.method: [result]})


def _kind(method: Callable[..., Any], name: str) -> type:
    """The type that a parameter takes from a command line: int, bool, or else text."""
    return next((kind for kind in _READERS if kind in _types(method, name)), str)


def _takes_several(method: Callable[..., Any], name: str) -> bool:
    """Whether a parameter may be given more than once, to mean any of the values."""
    return any(typing.get_origin(kind) is Iterable for kind in _types(method, name))


def _types(method: Callable[..., Any], name: str) -> tuple[Any, ...]:
    """What a parameter may be, one type after the other."""
    annotation = inspect.signature(method).parameters[name].annotation
    scope = getattr(inspect.unwrap(method), "__globals__", {})
    hint = typing.get_type_hints(SimpleNamespace(__annotations__={name: annotation}), scope)[name]
    return typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)


def _value(option: str, text: str, kind: type) -> Any:
    if kind is str:
        return text
    read, wrong = _READERS[kind]
    try:
        return read(text)
    except ValueError:
        raise UsageError(gettext(wrong, option=option)) from None
