"""What ``spoki-analytics load`` knows, from the table of calls, and how its words become arguments."""

from __future__ import annotations

import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterable
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from spoki_analytics.cli.words import known, pairs
from spoki_analytics.errors import UsageError
from spoki_analytics.resources.calls import READS
from spoki_analytics.resources.methods import Call
from spoki_analytics.resources.wording import in_shell

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.client import Spoki

_NO_FILTERS = frozenset({"limit", "refresh", "column_map"})
_MEANINGS = {int: "a whole number", bool: "true or false"}

LOADABLE = {call.resource: call for call in READS if call.takes == ("filters",) and call.about}
"""What gives many rows, by its name."""
SINGLE = {call.resource: call for call in READS if call.takes != ("filters",)}
"""What gives the one thing that ``--id`` names, by its name; most have the name of a listing too."""


def chosen(resource: str, wanted: str | None) -> Call:
    """The call that a resource means, with or without ``--id``.

    Raises:
        UsageError: There is no such resource, or it is not had that way.
    """
    name = known(resource.strip().lower().replace("_", "-"), LOADABLE | SINGLE, "There is no resource")
    calls = LOADABLE if wanted is None else SINGLE
    if name not in calls:
        raise UsageError(f"It takes {'an' if wanted is None else 'no'} --id: {in_shell((LOADABLE | SINGLE)[name])}.")
    return calls[name]


def loaded(
    call: Call, spoki: Spoki, words: Iterable[str], *, wanted: str | None, limit: int | None, refresh: bool | None
) -> pd.DataFrame:
    """The rows that match the filters, at most so many, or the one thing that is wanted."""
    method = _method(call, spoki)
    given = _arguments(call, spoki, words)
    if missing := [name for name in call.needs if name not in given]:
        raise UsageError(f"{call.resource} needs --filter {' and --filter '.join(f'{name}=...' for name in missing)}.")
    arguments: dict[str, Any] = {**call.fixed, **given, "refresh": refresh}
    if wanted is not None:
        subject = next(iter(inspect.signature(method).parameters))
        arguments[subject] = _value("--id", wanted, _kind(method, subject))
    if "limit" in inspect.signature(method).parameters:
        arguments["limit"] = limit
    return _as_frame(method(**arguments), call).head(limit or sys.maxsize)


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
    found: dict[str, Any] = {}
    for name, text in pairs(words, "--filter"):
        known(name, kinds, f"{call.resource} has no filter")
        value = _value(f"--filter {name}", text, kinds[name])
        if _takes_several(method, name):
            found.setdefault(name, []).append(value)
        elif name in found:
            raise UsageError(f"--filter {name} is given twice; {call.resource} takes one value.")
        else:
            found[name] = value
    return found


def _as_frame(found: Any, call: Call) -> pd.DataFrame:
    """What a call gives as a table: a row as a table of one, a yes or no as a table of one cell."""
    import pandas as pd

    if isinstance(found, pd.DataFrame):
        return found
    if isinstance(found, pd.Series):
        frame = pd.DataFrame([found.to_dict()]).convert_dtypes()
        frame.attrs = found.attrs
        return frame
    return pd.DataFrame({call.method: [found]})


def _kind(method: Callable[..., Any], name: str) -> type:
    """The type that a parameter takes from a command line: int, bool, or else text."""
    return next((kind for kind in _MEANINGS if kind in _types(method, name)), str)


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
    try:
        return TypeAdapter(kind).validate_strings(text.strip())
    except ValidationError:
        raise UsageError(f"{option} must be {_MEANINGS[kind]}.") from None
