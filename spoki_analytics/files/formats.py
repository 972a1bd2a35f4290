"""Formats of files, and which one a file has."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.arguments import argument
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import suggest


class Format(StrEnum):
    """Formats of files that hold a frame."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON = "json"

    @property
    def is_text(self) -> bool:
        """Whether a terminal can show it."""
        return self in (Format.CSV, Format.JSON)


def format_of(path: Path, given: Format | str | None = None, usable: Iterable[Format] = tuple(Format)) -> Format:
    """The format that was given, else the one that the file's name ends in.

    Args:
        path: The file.
        given: The format, when the name does not matter.
        usable: Formats that can be used here.

    Raises:
        UsageError: It is none of them.
    """
    name = str(given) if given is not None else path.suffix.lstrip(".").lower()
    choices = [form.value for form in usable]
    if name in choices:
        return Format(name)
    message = gettext(
        "{path}: there is no format {name}; there are: {formats}.", path=path, name=name, formats=", ".join(choices)
    )
    raise UsageError(message + suggest(name, choices))


def require_sheet(form: Format) -> None:
    """Refuse a format that no spreadsheet opens.

    Raises:
        UsageError: It is none for Excel.
    """
    if form not in (Format.CSV, Format.XLSX):
        wrong = gettext("{excel} is for CSV, and this is {name}.", excel=argument("excel"), name=form.value)
        raise UsageError(wrong, advice=gettext("Leave it out, or write .csv or .xlsx."))
