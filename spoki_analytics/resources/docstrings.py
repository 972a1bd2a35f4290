"""The parts of docstrings that are the same everywhere, written once and filled in when a method is declared.

A method's own docstring says what is its own. Here it gets the arguments that mean the same in every method (``limit``,
``refresh``, ``reason``, ``missing``, ``keep_text``, and what names the records), the columns that its rows have by
their schema, and the errors that every read may raise. What the method says itself always stays.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from spoki_analytics.frames.descriptions import describe_columns, describe_side_table
from spoki_analytics.frames.schemas import Schema

SECTIONS = ("Args", "Returns", "Raises", "Warns", "Example")
"""The sections of a docstring, in their order; what stands above them is the summary."""
COMMON = {
    "columns": "Only these columns, in this order; the cache keeps all.",
    "limit": "Stop after so many rows.",
    "refresh": "Ask Spoki again instead of using the cache.",
    "reason": "Why; shown in the preview and kept in the journal.",
    "keep_text": "Send texts as they are, also those that look garbled or as if a program had made them.",
    "missing": "What an empty cell of a frame means: ``refuse`` it, or ``keep`` that value as Spoki has it.",
}
"""Arguments that mean the same in every method."""
SUBJECTS = {
    "ids": "An id or several.",
    "targets": "An id, several ids that all get these values, or a frame with a column ``id`` and the columns to "
    "change.",
    "id": "Its id.",
    "phone": "The phone number, with its plus.",
}
"""The first argument, by what the method takes."""
ERRORS = "SpokiError: See ``spoki_analytics.errors``."
_WIDTH = 104
_HEAD = re.compile(rf"^({'|'.join(SECTIONS)}):$", re.MULTILINE)

Sections = dict[str, str]


def complete(method: Callable[..., Any], takes: str, schema: Schema | None = None, which: str = "") -> None:
    """Fill in the docstring of a method.

    Args:
        method: The method; its ``__doc__`` changes.
        takes: What it is given, as in ``Call``.
        schema: Schema of its rows, where it reads many.
        which: The side table that it gives; each of several adds its own columns.
    """
    sections = split(inspect.getdoc(method) or "")
    sections["Args"] = _arguments(method, takes.split("+", maxsplit=1)[0], sections.get("Args", ""))
    if schema and which:
        own = textwrap.fill(f"{which}: {describe_side_table(schema, which)}.", _WIDTH, subsequent_indent="    ")
        sections["Returns"] = f"{own}\n{sections.get('Returns', '')}".strip()
    elif schema and takes == "filters" and schema.fields and "Returns" not in sections:
        sections["Returns"] = textwrap.fill(
            f"{describe_columns(schema)}; fields that no source documents follow.", _WIDTH
        )
    if "refresh" in parameters(method) and "SpokiError" not in sections.get("Raises", ""):
        sections["Raises"] = f"{sections.get('Raises', '')}\n{ERRORS}".strip()
    method.__doc__ = join(sections)


def parameters(method: Callable[..., Any]) -> tuple[str, ...]:
    """Names of the parameters of a method, without ``self``."""
    # Not inspect.signature: at a hundred methods it is felt in every --help.
    code = method.__code__
    return code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]


def split(docstring: str) -> Sections:
    """The sections of a docstring by their heads, the summary under an empty one."""
    parts = _HEAD.split(docstring)
    bodies = (textwrap.dedent(body.strip("\n")) for body in parts[2::2])
    return {"": parts[0].rstrip(), **dict(zip(parts[1::2], bodies, strict=True))}


def join(sections: Sections) -> str:
    """The docstring of some sections."""
    kept = (f"{name}:\n{textwrap.indent(sections[name].rstrip(), '    ')}" for name in SECTIONS if sections.get(name))
    return "\n\n".join([sections[""], *kept])


def _arguments(method: Callable[..., Any], subject: str, own: str) -> str:
    """The section of arguments in the order of the signature, completed with those that are the same everywhere."""
    said = dict(_entries(own))
    names = parameters(method)
    known = {**({names[0]: SUBJECTS[subject]} if names and subject in SUBJECTS else {}), **COMMON}
    lines = {name: f"{name}: {known[name]}" for name in names if name in known} | said
    filled = (textwrap.fill(lines[name], _WIDTH, subsequent_indent="    ") for name in names if name in lines)
    return "\n".join(filled)


def _entries(section: str) -> Iterator[tuple[str, str]]:
    """Each argument with its text, lines joined."""
    for entry in re.split(r"\n(?=\S)", section):
        if entry:
            yield entry.partition(":")[0], " ".join(entry.split())
