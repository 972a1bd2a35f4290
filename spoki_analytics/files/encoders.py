"""Frames as files: CSV that starts no formula, JSON, and Parquet that keeps every type.

A spreadsheet runs a cell as a formula when its text starts with ``=``, ``+``, ``-``, ``@``, a tab or a line break, and
names and titles are written by strangers. Such text gets a leading apostrophe in CSV, which spreadsheets take for "this
is text"; so does a start after a semicolon, tab or line break inside the text, because a spreadsheet with Italian
settings cuts a line there. Text that is only a signed number, such as the phone ``+39333123456``, is left as it is: it
can start nothing, and other programs can read it. JSON and Parquet hold every value as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import nearest

if TYPE_CHECKING:
    import pandas as pd

_BLANKS = "\\s\x00-\x1f\u200b\ufeff"
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_START = re.compile(rf"(^|[;\t\n])(?=[{_BLANKS}]*[{_SIGNS}]|[\t\n])")
_DOUBTFUL = f"^[{_BLANKS}{_SIGNS}]|[;\t\r\n]"
"""What most cells lack, told fast for a whole column: only the cells that have it are looked at one by one."""
_DISARMED = re.compile(rf"(^|[;\t\n])'(?=[{_BLANKS}]*[{_SIGNS}]|[\t\n])")
_SIGNED_NUMBER = re.compile(r"[+-][0-9]+(?:[ .,][0-9]+)*")


class Format(StrEnum):
    """Formats that a frame can be written in."""

    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"


def chosen_format(wanted: Format | None, out: Path | None) -> Format:
    """The format asked for, else the one that the file name says, else CSV.

    Raises:
        UsageError: The file name has another ending and no format was asked for.
    """
    if wanted is not None or out is None:
        return wanted or Format.CSV
    return Format(require_ending(out, list(Format)))


def require_ending(path: Path, endings: Iterable[str]) -> str:
    """The ending of a file's name, in lower case and without its dot.

    Raises:
        UsageError: It is none of those that can be used here.
    """
    ending, usable = path.suffix.lstrip(".").lower(), list(endings)
    if ending in usable:
        return ending
    message = gettext(
        "{path}: there is no format {ending}; there are: {formats}.",
        path=path,
        ending=ending,
        formats=", ".join(usable),
    )
    raise UsageError(message + nearest(ending, usable))


def encoded(frame: pd.DataFrame, form: Format) -> bytes:
    """The frame as bytes of that format; sets are joined by ``; `` in CSV and are lists in the others."""
    writers: dict[Format, Callable[[pd.DataFrame], bytes]] = {
        Format.CSV: _csv,
        Format.JSON: _json,
        Format.PARQUET: _parquet,
    }
    return writers[form](frame)


def require_place(path: Path) -> None:
    """Refuse a place where no file can be.

    Raises:
        UsageError: It is a folder, or lies in one that does not exist.
    """
    if path.is_dir():
        raise UsageError(f"--out {path} is a folder; name a file.")
    if not path.parent.is_dir():
        raise UsageError(f"--out {path} lies in a folder that does not exist.")


def disarm(text: str) -> str:
    """Text that starts no formula in a spreadsheet, with plain line breaks: a lone CR would begin a row unquoted."""
    if _SIGNED_NUMBER.fullmatch(text):
        return text
    return _START.sub(r"\1'", text.replace("\r\n", "\n").replace("\r", "\n"))


def rearm(text: str) -> str:
    """The text that was disarmed; line breaks stay plain."""
    return _DISARMED.sub(r"\1", text)


def _csv(frame: pd.DataFrame) -> bytes:
    safe = frame.copy(deep=False)
    for name in frame.columns:
        if _is_text(frame[name]):
            safe[name] = _safe(frame[name])
    safe.columns = [disarm(str(name)) for name in frame.columns]
    return safe.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%dT%H:%M:%S.%fZ").encode()


def _safe(column: pd.Series[Any]) -> pd.Series[Any]:
    text = column.map(_joined) if column.dtype == "object" else column
    text = text.astype("str")
    doubtful = text.str.contains(_DOUBTFUL, na=False)
    return text.mask(doubtful, text[doubtful].map(disarm))


def _joined(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _is_text(column: pd.Series[Any]) -> bool:
    return column.dtype == "object" or column.dtype == "category" or column.dtype == "string" or column.dtype == "str"


def _json(frame: pd.DataFrame) -> bytes:
    text = frame.to_json(orient="records", date_format="iso", date_unit="us", force_ascii=False, double_precision=15)
    return f"{text}\n".encode()


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.to_parquet(buffer, engine="pyarrow", compression="zstd", index=False)
    return buffer.getvalue()
