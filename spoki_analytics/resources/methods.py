"""What a method of a family is: the operation that it uses, said where the method stands.

``@reads("list_contacts", about="...")`` and ``@corrects("update_contact", takes="targets")`` leave the function as it
is, so that type checkers, Shift+Tab and ``help()`` see its own signature. They note the call for ``resources.calls``
and complete the docstring with what is the same everywhere (``docstrings``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from spoki_analytics.catalogue import Operation, operation
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.resources.docstrings import complete, parameters

Method = TypeVar("Method", bound=Callable[..., Any])


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
        schema: Name of the schema of its rows; empty where there is none.
    """

    family: str
    method: str
    operation: str
    takes: tuple[str, ...]
    resource: str = ""
    about: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    schema: str = ""

    @property
    def entry(self) -> Operation:
        """Row of the catalogue."""
        return operation(self.operation)

    @property
    def path(self) -> str:
        """The method below the client, such as ``contacts.load``."""
        return f"{self.family}.{self.method}"

    @property
    def needs(self) -> tuple[str, ...]:
        """Named values that it cannot do without."""
        if self.resource:
            return self.takes[1:]
        parameters = () if "rows" in self.takes else self.entry.accepts("body")
        return tuple(parameter.name for parameter in parameters if parameter.required)


def reads(
    slug: str, *, takes: str = "filters", about: str = "", which: str = "", schema: str | None = None
) -> Callable[[Method], Method]:
    """Say that a method of a family is a read; several may stand above one method, in the order of their listing.

    Args:
        slug: The operation.
        takes: What it is given: ``filters``, or the name of what names one record; needed filters follow with a plus.
        about: What its rows are, for the list of what can be loaded; the second way to the same rows has none.
        which: Name of the side table that it gives.
        schema: Schema of its rows, for the columns in the docstring; None is the family's own, empty is none.
    """

    def note(method: Method) -> Method:
        family = family_of(method)
        resource = _resource(family, method.__name__, which)
        fixed = {"which": which} if "which" in parameters(method) else {}
        shape = family if schema is None else schema
        _add(method, Call(family, method.__name__, slug, tuple(takes.split("+")), resource, about, fixed, shape))
        complete(method, takes, SCHEMAS.get(shape), which)
        return method

    return note


def corrects(slug: str, *, takes: str) -> Callable[[Method], Method]:
    """Say that a method of a family gives the plan of a correction.

    Args:
        slug: The operation.
        takes: What it is given (see ``Call``); two things are joined by a plus.
    """

    def note(method: Method) -> Method:
        _add(method, Call(family_of(method), method.__name__, slug, tuple(takes.split("+"))))
        complete(method, takes)
        return method

    return note


def calls_of(family: type) -> tuple[Call, ...]:
    """The calls of a family, in the order in which its methods stand."""
    methods = (method for name, method in vars(family).items() if getattr(method, "__name__", "") == name)
    return tuple(call for method in methods for call in getattr(method, "calls", ()))


def family_of(member: Any) -> str:
    """The attribute of the client under which a family stands: the name of its module."""
    return str(member.__module__).rpartition(".")[2]


def typed(name: str) -> str:
    """A name of Python as it is typed in a shell."""
    return name.replace("_", "-")


def _add(method: Any, call: Call) -> None:
    # Decorators are applied from the lowest to the highest, and read from the highest to the lowest.
    method.calls = (call, *getattr(method, "calls", ()))


def _resource(family: str, method: str, which: str) -> str:
    """What a read is called in ``load``: its family, its side table, or its method."""
    if method in ("load", "get"):
        return typed(family)
    return typed(method) if method == "current_report" else typed(f"{family}.{which or method}")
