"""A report's parameters: what a notebook declares, given values checked against it, and what the notebook uses.

Shell, Python and form use the same check, before any kernel starts, so that a value means the same by each way.
"""

from __future__ import annotations

import ast
import fnmatch
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from spoki_analytics import clock
from spoki_analytics.errors import UsageError
from spoki_analytics.reporting.kernels.imports import papermill
from spoki_analytics.wording import inputs
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.inputs import Json
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import nearest

if TYPE_CHECKING:
    from nbformat import NotebookNode

TIMEZONE = "Europe/Rome"
TODAY_VARIABLE = "SPOKI_REPORT_TODAY"
DEFAULT_DAYS = 30

Granularity = Literal["Day", "Week", "Month", "Year"]
SECRET_NAMES = ("*key*", "*token*", "*secret*", "*password*")

CONVERTERS: dict[str, Callable[[Any], Json]] = {
    "bool": inputs.to_bool,
    "int": inputs.to_int,
    "float": inputs.to_float,
    "str": inputs.to_text,
    "list": inputs.to_list,
    "list[int]": lambda value: [inputs.to_int(item) for item in inputs.to_items(value)],
    "list[str]": lambda value: [inputs.to_text(item) for item in inputs.to_items(value)],
    "dict": inputs.to_dict,
    "NoneType": inputs.to_json,
}
MEANINGS: dict[str, Callable[[Any], Json]] = {
    "accounts": inputs.to_ids,
    "start": inputs.to_day,
    "end": inputs.to_day,
    "granularity": inputs.to_granularity,
}


@dataclass(frozen=True)
class ReportParameters:
    """What a report is about, ready for use in its notebook.

    Attributes:
        accounts: Account ids; empty means all that the key sees.
        start: First day.
        end: Last day, included.
        granularity: Width of a step in time.
        refresh: Ask Spoki again instead of using the cache.
        today: The day of the run in the account's time zone.
    """

    accounts: tuple[int, ...]
    start: date
    end: date
    granularity: Granularity
    refresh: bool
    today: date


def report_parameters(
    *,
    accounts: Any = (),
    start: Any = "",
    end: Any = "",
    granularity: Any = "Day",
    refresh: Any = False,
    timezone: str = TIMEZONE,
    today: date | None = None,
) -> ReportParameters:
    """The parameters of a notebook, checked; call it in the first cell after the parameters cell.

    Args:
        accounts: Account ids; empty means all that the key sees.
        start: First day, ``YYYY-MM-DD``; empty means 30 days before ``end``.
        end: Last day, ``YYYY-MM-DD``; empty means yesterday.
        granularity: ``Day``, ``Week``, ``Month`` or ``Year``.
        refresh: Ask Spoki again instead of using the cache.
        timezone: Zone in which days begin and end.
        today: The day of the run; found from the clock when missing.

    Raises:
        UsageError: A value is not acceptable; the message says which and what to write.
    """
    day = today or today_in(timezone)
    first, last = period(convert("start", "str", start), convert("end", "str", end), day)
    return ReportParameters(
        accounts=tuple(cast("list[int]", convert("accounts", "list", accounts))),
        start=first,
        end=last,
        granularity=cast("Granularity", convert("granularity", "str", granularity)),
        refresh=bool(convert("refresh", "bool", refresh)),
        today=day,
    )


def today_in(timezone: str = TIMEZONE) -> date:
    """Today in a time zone; a running report keeps the day on which it was ordered.

    Raises:
        UsageError: There is no such time zone.
    """
    ordered = os.environ.get(TODAY_VARIABLE)
    if ordered:
        return date.fromisoformat(ordered)
    try:
        return clock.now().astimezone(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        message = gettext(
            "Unknown time zone {zone}; write an IANA name such as {example}.", zone=repr(timezone), example=TIMEZONE
        )
        raise UsageError(message) from None


def period(start: Json, end: Json, today: date) -> tuple[date, date]:
    """First and last day: the end is yesterday unless given, the start 30 days before it.

    Raises:
        UsageError: The start lies in the future, or after the end.
    """
    if start and date.fromisoformat(str(start)) > today:
        raise UsageError(
            gettext(
                "{start} {first} lies in the future, and nothing was reported yet: today is {today}.",
                start=argument("start"),
                first=start,
                today=today,
            )
        )
    last = date.fromisoformat(str(end)) if end else today - timedelta(days=1)
    first = date.fromisoformat(str(start)) if start else last - timedelta(days=DEFAULT_DAYS)
    if first > last:
        raise UsageError(gettext("The period starts on {start}, after its end on {end}.", start=first, end=last))
    return first, last


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's parameters cell.

    Attributes:
        name: The variable's name.
        kind: Its annotation, such as ``str`` or ``list``.
        default: The value it has when nothing is given.
        help: The comment at the end of the line.
    """

    name: str
    kind: str
    default: Json
    help: str

    def convert(self, value: Any) -> Json:
        """Convert a value to what JSON can hold.

        Raises:
            UsageError: The value does not fit the parameter.
        """
        return convert(self.name, self.kind, value)


def convert(name: str, kind: str, value: Any) -> Json:
    """Convert the value of a parameter to what JSON can hold.

    Args:
        name: The parameter's name; some names have a meaning of their own, such as ``start`` or ``accounts``.
        kind: Its annotation, such as ``str`` or ``list``.
        value: Text of a shell, a form entry or a Python object.

    Raises:
        UsageError: The value does not fit the parameter.
    """
    converter = MEANINGS.get(name) or CONVERTERS[kind]
    try:
        return converter(value)
    except ValueError as problem:
        raise UsageError(gettext("{parameter}: {problem}", parameter=argument(name), problem=problem)) from None


def read_parameters(notebook: NotebookNode) -> dict[str, Parameter]:
    """Read the parameters that a notebook declares in its cell tagged ``parameters``, one annotated line each.

    Raises:
        UsageError: The cell holds something else than such lines, or asks for a secret.
    """
    cell = next((cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())), None)
    names = _assigned_names(cell.source) if cell else []
    refuse_secrets(names)
    lines = papermill().inspect_notebook(notebook)
    if list(lines) != names:
        odd = sorted(set(names).symmetric_difference(lines)) or names
        message = gettext(
            "Write each parameter on one line of its own, as name: type = value  # help (see {name}).", name=odd[0]
        )
        raise UsageError(message)
    return {name: _read_line(line) for name, line in lines.items()}


def validate(given: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> dict[str, Json]:
    """Check and convert the given values; nothing is added.

    Raises:
        UsageError: An unknown or secret-looking name, or a value that does not fit.
    """
    refuse_secrets(given)
    unknown = [name for name in given if name not in parameters]
    if unknown:
        raise UsageError(_unknown_message(unknown[0], parameters))
    return {name: parameters[name].convert(value) for name, value in given.items()}


def complete(values: Mapping[str, Json], parameters: Mapping[str, Parameter], today: date) -> dict[str, Json]:
    """Spell out the period among the values, so that a run says which days it is about.

    Raises:
        UsageError: The start lies after the end.
    """
    if not {"start", "end"} <= set(parameters):
        return dict(values)
    chosen = {name: values.get(name, parameters[name].default) for name in ("start", "end")}
    first, last = period(chosen["start"], chosen["end"], today)
    return {**values, "start": first.isoformat(), "end": last.isoformat()}


def refuse_secrets(names: Iterable[str]) -> None:
    """Refuse parameters that look like secrets: papermill writes every parameter into the notebook.

    Raises:
        UsageError: A name looks like that of a key, token, secret or password.
    """
    for name in names:
        if any(fnmatch.fnmatchcase(name.casefold(), pattern) for pattern in SECRET_NAMES):
            raise UsageError(
                gettext("Parameter {name} looks like a secret, and parameters are stored in the report.", name=name),
                advice=gettext("Set SPOKI_API_KEY, or store the key once with `spoki-analytics login`."),
            )


def _unknown_message(name: str, parameters: Iterable[str]) -> str:
    known = sorted(parameters)
    near = nearest(name, known)
    if near:
        return gettext("Unknown parameter {name}; did you mean {near}?", name=name, near=near)
    if not known:
        return gettext("Unknown parameter {name}; this report knows none.", name=name)
    return gettext("Unknown parameter {name}; this report knows {known}.", name=name, known=", ".join(known))


def _assigned_names(source: str) -> list[str]:
    targets: list[ast.expr] = []
    try:
        lines = ast.parse(source).body
    except SyntaxError as error:
        message = gettext(
            "The parameters cell is not Python: {problem} in line {line}.", problem=error.msg, line=error.lineno
        )
        raise UsageError(message) from None
    for node in lines:
        if isinstance(node, ast.AnnAssign):
            targets.append(node.target)
        elif isinstance(node, ast.Assign):
            targets.extend(node.targets)
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _read_line(line: Mapping[str, str]) -> Parameter:
    name, kind = line["name"], line["inferred_type_name"].replace(" ", "")
    try:
        default = ast.literal_eval(line["default"])
    except (ValueError, SyntaxError):
        message = gettext("The default of parameter {name} must be a plain value on one line.", name=name)
        raise UsageError(message) from None
    kind = type(default).__name__ if kind == "None" else kind
    if kind not in CONVERTERS:
        kinds = ", ".join(CONVERTERS)
        raise UsageError(
            gettext("Parameter {name} has the type {kind}; use one of {kinds}.", name=name, kind=kind, kinds=kinds)
        )
    return Parameter(name, kind, default, line["help"])
