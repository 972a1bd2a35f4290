"""``load_to``: what ``load`` gives, written to a file; it has the signature of ``load`` behind the path."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from spoki_analytics.resources.docstrings import join, split

if TYPE_CHECKING:
    import pandas as pd

    from spoki_analytics.frames.provenance import Provenance
    from spoki_analytics.resources.family import Family

P = ParamSpec("P")
F = TypeVar("F", bound="Family")
_SUMMARY = """What ``load`` gives, written to a file: the same file as ``files.write`` makes of it, in bounded memory.

The listing is read and written part by part, so that a million rows need no more memory than some thousands (Excel
apart, which has to be whole). The file appears in one step; a new one can be read by its owner only."""
_PATH = "path: The file; csv, parquet, json or xlsx, as its name ends."
_RETURNS = "Its provenance, as that of the frame: account, operation, filters, as_of, rows, requests and more."
_REFUSED = "UsageError: The file cannot be written, or its name ends in no such format; before any request."


def to_file(
    load: Callable[Concatenate[F, P], pd.DataFrame],
) -> Callable[Concatenate[F, str | Path, P], Provenance]:
    """The method that writes to a file what another one loads."""

    def load_to(self: F, path: str | Path, *given: P.args, **named: P.kwargs) -> Provenance:
        from spoki_analytics.resources.file_loading import load_to_file

        return load_to_file(self, load, path, given, named)

    made: Any = load_to
    own = inspect.signature(load)
    first, *others = own.parameters.values()
    where = inspect.Parameter("path", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation="str | Path")
    made.__signature__ = own.replace(parameters=[first, where, *others], return_annotation="Provenance")
    made.__module__ = load.__module__
    made.__qualname__ = load.__qualname__ + "_to"
    made.__doc__ = _docstring(inspect.getdoc(load) or "", load.__module__.rpartition(".")[2])
    function: Callable[Concatenate[F, str | Path, P], Provenance] = made
    return function


def _docstring(of_load: str, family: str) -> str:
    sections = split(of_load)
    sections[""] = _SUMMARY
    sections["Args"] = f"{_PATH}\n{sections.get('Args', '')}".strip()
    sections["Returns"] = _RETURNS
    sections["Raises"] = f"{_REFUSED}\n{sections.get('Raises', '')}".strip()
    sections["Example"] = f'>>> spoki.{family}.load_to("{family}.parquet")'
    return join(sections)
