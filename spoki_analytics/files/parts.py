"""A file written from a frame that comes part by part: the same file as ``files.write`` makes of the whole frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from spoki_analytics.files.encoders import encode, to_arrow
from spoki_analytics.files.formats import Format

if TYPE_CHECKING:
    import pandas as pd

Write = Callable[[BinaryIO, Iterator["pd.DataFrame"]], None]


def write_parts(file: BinaryIO, frames: Iterator[pd.DataFrame], form: Format, *, excel: bool = False) -> None:
    """Write the parts of a frame, one at least, all of the same columns and dtypes.

    Args:
        file: Where to.
        frames: The parts; the provenance of each is that of the whole.
        form: One of ``IN_PARTS``.
        excel: Write a CSV that Excel opens right.
    """
    if excel:
        _csv(file, frames, excel=True)
    else:
        IN_PARTS[form](file, frames)


def _csv(file: BinaryIO, frames: Iterator[pd.DataFrame], *, excel: bool = False) -> None:
    head = b""
    for frame in frames:
        content = encode(frame, Format.CSV, excel=excel)
        file.write(content[len(head) :])
        head = head or encode(frame.head(0), Format.CSV, excel=excel)


def _json(file: BinaryIO, frames: Iterator[pd.DataFrame]) -> None:
    file.write(b"[")
    separator = b""
    for frame in frames:
        if rows := encode(frame, Format.JSON).strip()[1:-1]:
            file.write(separator + rows)
            separator = b","
    file.write(b"]\n")


def _parquet(file: BinaryIO, frames: Iterator[pd.DataFrame]) -> None:
    import pyarrow.parquet as pq

    first = to_arrow(next(frames))
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for frame in frames:
            writer.write_table(to_arrow(frame).cast(first.schema))


IN_PARTS: Mapping[Format, Any] = {Format.CSV: _csv, Format.JSON: _json, Format.PARQUET: _parquet}
"""The formats that can be written in parts; a workbook has to be whole."""
