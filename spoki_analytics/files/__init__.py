"""Frames to and from files that are safe in spreadsheets: CSV, Excel, Parquet, JSON.

    >>> from spoki_analytics import files
    >>> files.write(contacts, "contacts.xlsx")
    >>> files.read("contacts.xlsx", dtypes=contacts.dtypes)

What each format keeps:

=======  =========================================  ==========================  ==============================
Format   Text                                       Lists, such as a contact's  Read back without ``dtypes``
=======  =========================================  ==========================  ==============================
csv      whatever starts a formula gets an          joined by ``; ``            text, so that a phone stays
         apostrophe, which ``read`` takes away                                  ``+39...`` and ``007`` stays so
xlsx     as it came, in cells that are text         joined by ``; ``            text, as from CSV
json     as it came                                 lists                       text, numbers, truths, lists
parquet  as it came                                 lists                       every dtype and the provenance
=======  =========================================  ==========================  ==============================

``dtypes`` (what ``frame.dtypes`` gives) makes the columns of the first three what they were, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spoki_analytics.errors import warn
from spoki_analytics.files.formats import Format, format_of
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Format", "read", "write"]


def write(
    frame: pd.DataFrame,
    path: str | Path,
    format: Format | str | None = None,  # noqa: A002, as the shell
    *,
    excel: bool = False,
) -> Path:
    """Write a frame to a file that no spreadsheet runs a formula from.

    The file appears in one step, whole; a new one can be read by its owner only.

    Args:
        frame: What to write; its index is left out.
        path: The file.
        format: ``csv``, ``xlsx``, ``parquet`` or ``json``; else what the file's name ends in.
        excel: Write a CSV that Excel opens right by a double click: with a mark that says UTF-8, with semicolons and
            decimal commas where the language has them. Phones and codes stay text in ``xlsx`` only.

    Returns:
        Where the file is.

    Raises:
        UsageError: There is no such format or folder, the frame does not fit an Excel sheet, or ``excel`` is not for a
            CSV.

    Example:
        >>> files.write(spoki.contacts.load(status="Subscribed"), "contacts.csv")
    """
    from spoki_analytics.files.encoders import encode
    from spoki_analytics.files.targets import require_folder
    from spoki_analytics.private_files import write_private

    target = Path(path)
    content_format = format_of(target, format)
    require_folder(target)
    write_private(target, encode(frame, content_format, excel=excel), keep_mode=True)
    return target


def read(
    path: str | Path,
    format: Format | str | None = None,  # noqa: A002, as the shell
    dtypes: Mapping[str, Any] | pd.Series[Any] | None = None,
) -> pd.DataFrame:
    """Read a frame from a file: CSV and Excel as text, so that no phone and no code becomes a number.

    Args:
        path: The file. In CSV and Excel the first row names the columns; rows without any value are no rows.
        format: ``csv``, ``xlsx``, ``parquet`` or ``json``; else what the file's name ends in.
        dtypes: What the columns are, by name, as ``frame.dtypes`` gives it; columns that it does not name stay as
            they were read. An empty cell is missing; in a column of lists it is an empty list.

    Returns:
        The frame, rows numbered from 0.

    Warns:
        SpokiWarning: The sheet hides rows or columns, or shows numbers as the computer's language has them.

    Raises:
        UsageError: There is no such file or format, the file is damaged, or a value does not fit its dtype.

    Example:
        >>> files.read("contacts.csv", dtypes={"id": "Int64", "created_datetime": "datetime64[us, UTC]"})
    """
    from spoki_analytics.files.decoders import SHEET, decode
    from spoki_analytics.files.dtypes import restore

    source = Path(path)
    frame = decode(source, format_of(source, format)).reset_index(drop=True)
    sheet = frame.attrs.pop(SHEET, {"hidden": "", "notes": []})
    for sentence in filter(None, [sheet["hidden"], *sheet["notes"]]):
        warn(gettext("{path}: {sentence}", path=source, sentence=sentence))
    return frame if dtypes is None else restore(frame, dtypes)
