"""Arrays that are put aside on the disk, so that a listing of any length is read in the memory of a few pages."""

from __future__ import annotations

import tempfile
import weakref
from dataclasses import dataclass
from typing import Any

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Aside:
    """An array that lies on a shelf; what one asks of arrays most often is known without reading it.

    Attributes:
        shelf: Where it lies.
        start: Where it begins there.
        size: How many bytes it takes.
        length: Its length.
        type: Its type.
        null_count: How many of its values are missing.
    """

    shelf: Shelf
    start: int
    size: int
    length: int
    type: pa.DataType
    null_count: int

    def __len__(self) -> int:
        return self.length

    def array(self) -> pa.Array:
        """The array itself."""
        return self.shelf.take(self.start, self.size)


class Shelf:
    """A file without a name, of its owner alone, that is gone with the process."""

    def __init__(self) -> None:
        self._file: Any = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the shelf
        self._end = 0
        weakref.finalize(self, self._file.close)

    def put(self, array: pa.Array) -> Aside:
        """Put an array aside."""
        batch = pa.record_batch([array], ["values"])
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
            stream.write_batch(batch)
        content = sink.getvalue()
        self._file.seek(self._end)
        self._file.write(content)
        aside = Aside(self, self._end, content.size, len(array), array.type, array.null_count)
        self._end += content.size
        return aside

    def take(self, start: int, size: int) -> pa.Array:
        """The array that lies there."""
        self._file.seek(start)
        with pa.ipc.open_stream(self._file.read(size)) as stream:
            return stream.read_next_batch().column(0)


def as_array(chunk: pa.Array | Aside) -> pa.Array:
    """An array, wherever it lies."""
    return chunk.array() if isinstance(chunk, Aside) else chunk
