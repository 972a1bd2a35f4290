"""Loads that go to a file part by part, so that a listing of any length needs the memory of a few pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from spoki_analytics.files import write
from spoki_analytics.files.formats import Format, format_of
from spoki_analytics.files.parts import IN_PARTS, write_parts
from spoki_analytics.files.targets import require_writable
from spoki_analytics.frames.parts import Parts, PartsCodec
from spoki_analytics.frames.provenance import Provenance, provenance, stamp
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.private_files import replacing
from spoki_analytics.resources.client import Client
from spoki_analytics.resources.family import Family
from spoki_analytics.resources.loading import Loader, stamp_answer
from spoki_analytics.resources.methods import family_of
from spoki_analytics.resources.selection import Choice, Rows


class FileLoader(Loader):
    """Writes a listing to a file instead of giving its frame.

    Args:
        client: Whose answers they are.
        family: Name of the family.
        path: The file.
        form: Its format.
        excel: Whether it is a CSV that Excel opens right.

    Attributes:
        written: The provenance of what was written, once it is.
    """

    def __init__(self, client: Client, family: str, path: Path, form: Format, *, excel: bool = False) -> None:
        super().__init__(client, family)
        self._path = path
        self._form = form
        self._excel = excel
        self.written: Provenance | None = None

    def listing(
        self,
        slug: str,
        query: Mapping[str, Any],
        limit: int | None = None,
        refresh: bool | None = None,
        columns: Iterable[str] | None = None,
        *,
        schema: str = "",
        rows: Rows | None = None,
    ) -> pd.DataFrame:
        """Write the listing; the frame that is given has its columns and no rows."""
        shape = SCHEMAS[schema or self._family]
        choice = Choice.of(columns, shape, rows, limit, slug)
        codec = PartsCodec(shape, self._client.session.settings.naive_timezone)
        answer = self._answer(slug, codec, query, choice.asked_limit, refresh)
        parts = Parts(answer.value, shape, self._client.home.region)
        count = choice.count(parts.frames(choice.key, tells=False)) if rows else parts.rows
        last = pd.DataFrame()

        def frames() -> Iterator[pd.DataFrame]:
            nonlocal last
            left = count
            for part in parts.frames(choice.read):
                frame = choice.apply(stamp_answer(part, answer), left)
                left -= len(frame)
                last = stamp(frame, rows=count)
                yield last

        with replacing(self._path, keep_mode=True) as file:
            write_parts(file, frames(), self._form, excel=self._excel)
        self.written = provenance(last)
        return last.head(0)


def load_to_file(
    family: Family,
    load: Callable[..., pd.DataFrame],
    path: str | Path,
    given: Iterable[Any],
    named: Mapping[str, Any],
    form: Format | None = None,
    *,
    excel: bool = False,
) -> Provenance:
    """Load into a file, in parts where the format and the load allow it.

    Args:
        family: Whose load it is.
        load: The method.
        path: The file.
        given: Arguments of the method.
        named: Arguments of the method by name.
        form: The format; else what the file's name ends in.
        excel: Write a CSV that Excel opens right.

    Raises:
        UsageError: Before any request: the file cannot be written, or has no such format.
    """
    target = Path(path)
    written = format_of(target, form)
    require_writable(target, force=True)
    loader = FileLoader(family.client, family_of(type(family)), target, written, excel=excel and written is Format.CSV)
    frame = load(family.reading_with(loader) if written in IN_PARTS else family, *given, **named)
    if loader.written is None:
        write(frame, target, written, excel=excel)
    return loader.written or provenance(frame)
