"""Text that starts no formula.

A spreadsheet runs a cell as a formula when its text starts with ``=``, ``+``, ``-``, ``@``, a tab or a line break, and
names and titles are written by strangers. Such text gets a leading apostrophe in CSV, which spreadsheets take for "this
is text"; so does a start after a semicolon, tab or line break inside the text, because a spreadsheet with Italian
settings cuts a line there. Text that is only a signed number, such as the phone ``+39333123456``, is left as it is: it
can start nothing, and other programs can read it.

Source: OWASP, "CSV Injection" (the characters); https://github.com/raphaelm/defusedcsv puts an apostrophe before phones
and none after a semicolon, which is why this is our own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_BLANKS = "\\s\x00-\x1f\u200b\ufeff"
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_START = re.compile(rf"(^|[;\t\n])(?=[{_BLANKS}]*[{_SIGNS}]|[\t\n])")
_DOUBTFUL = f"^[{_BLANKS}{_SIGNS}]|[;\t\r\n]"
"""What most cells lack, searched fast in a whole column: only the cells that have it are looked at one by one."""
_DISARMED = re.compile(rf"(^|[;\t\n])'(?=[{_BLANKS}]*[{_SIGNS}]|[\t\n])")
_SIGNED_NUMBER = re.compile(r"[+-][0-9]+(?:[ .,][0-9]+)*")


def disarm(text: str) -> str:
    """Text that starts no formula in a spreadsheet, with plain line breaks: a lone CR would begin a row unquoted."""
    if _SIGNED_NUMBER.fullmatch(text):
        return text
    return _START.sub(r"\1'", text.replace("\r\n", "\n").replace("\r", "\n"))


def disarm_column(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column of text with each value disarmed."""
    doubtful = column.str.contains(_DOUBTFUL, na=False)
    return column.mask(doubtful, column[doubtful].map(disarm))


def rearm(text: str) -> str:
    """The text that was disarmed; line breaks stay plain."""
    return _DISARMED.sub(r"\1", text)
