"""The parameters that a notebook declares, and the check of given values against them before any kernel starts.

Shell, Python and form use the same check, so that a value means the same whichever way it came.
"""

from __future__ import annotations

import ast
import difflib
import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import UsageError
from spoki_analytics.reporting.conversion import CONVERTERS, Json, converted
from spoki_analytics.reporting.kernels.imports import papermill
from spoki_analytics.reporting.parameters import period

if TYPE_CHECKING:
    from nbformat import NotebookNode

SECRET_NAMES = ("*key*", "*token*", "*secret*", "*password*")


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
        """The value as JSON can hold it.

        Raises:
            UsageError: The value does not fit the parameter.
        """
        return converted(self.name, self.kind, value)


def declared(notebook: NotebookNode) -> dict[str, Parameter]:
    """The parameters that a notebook declares in its cell tagged ``parameters``, one annotated line each.

    Raises:
        UsageError: The cell holds something else than such lines, or asks for a secret.
    """
    cell = next((cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())), None)
    names = _assigned(cell.source) if cell else []
    refuse_secrets(names)
    found = papermill().inspect_notebook(notebook)
    if list(found) != names:
        odd = sorted(set(names).symmetric_difference(found)) or names
        raise UsageError(f"Write each parameter on one line of its own, as name: type = value  # help (see {odd[0]}).")
    return {name: _parameter(fact) for name, fact in found.items()}


def validated(given: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> dict[str, Json]:
    """The given values, converted; nothing is added.

    Raises:
        UsageError: An unknown or secret-looking name, or a value that does not fit.
    """
    refuse_secrets(given)
    unknown = [name for name in given if name not in parameters]
    if unknown:
        raise UsageError(_unknown(unknown[0], parameters))
    return {name: parameters[name].convert(value) for name, value in given.items()}


def completed(values: Mapping[str, Json], parameters: Mapping[str, Parameter], today: date) -> dict[str, Json]:
    """The values with the period spelled out, so that a run says which days it is about.

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
                f"Parameter {name} looks like a secret, and parameters are stored in the report.",
                advice="Set SPOKI_API_KEY, or store the key once with `spoki-analytics login`.",
            )


def _unknown(name: str, parameters: Iterable[str]) -> str:
    known = sorted(parameters)
    near = difflib.get_close_matches(name.casefold(), known, n=1)
    if near:
        return f"Unknown parameter {name}; did you mean {near[0]}?"
    return f"Unknown parameter {name}; this report knows {', '.join(known) or 'none'}."


def _assigned(source: str) -> list[str]:
    targets: list[ast.expr] = []
    try:
        lines = ast.parse(source).body
    except SyntaxError as wrong:
        raise UsageError(f"The parameters cell is not Python: {wrong.msg} in line {wrong.lineno}.") from None
    for node in lines:
        if isinstance(node, ast.AnnAssign):
            targets.append(node.target)
        elif isinstance(node, ast.Assign):
            targets.extend(node.targets)
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _parameter(fact: Mapping[str, str]) -> Parameter:
    name, kind = fact["name"], fact["inferred_type_name"].replace(" ", "")
    try:
        default = ast.literal_eval(fact["default"])
    except (ValueError, SyntaxError):
        raise UsageError(f"The default of parameter {name} must be a plain value on one line.") from None
    kind = type(default).__name__ if kind == "None" else kind
    if kind not in CONVERTERS:
        raise UsageError(f"Parameter {name} has the type {kind}; use one of {', '.join(CONVERTERS)}.")
    return Parameter(name, kind, default, fact["help"])
