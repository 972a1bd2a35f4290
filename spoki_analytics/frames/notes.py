"""What a reader of a frame should know of its columns: counted, kept with the table, and said when it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spoki_analytics.wording.messages import gettext, ngettext, ngettext_noop

UNFIT = ngettext_noop(
    "{count} value of the wrong type ({example} in place of {expected}); the column is kept as text.",
    "{count} values of the wrong type ({example} in place of {expected}); the column is kept as text.",
)
STRAY = ngettext_noop(
    "{count} value of the wrong type ({example} in place of {expected}); kept as text.",
    "{count} values of the wrong type ({example} in place of {expected}); kept as text.",
)
UNREAD = ngettext_noop(
    "{count} value cannot be read as {expected}; the column is kept as text.",
    "{count} values cannot be read as {expected}; the column is kept as text.",
)
NAIVE = ngettext_noop(
    "{count} value without an offset; read in the time zone {timezone}.",
    "{count} values without an offset; read in the time zone {timezone}.",
)
MIXED = ngettext_noop(
    "{count} value, of one type on one page and of another on the next; the column is kept as text.",
    "{count} values, of one type on one page and of another on the next; the column is kept as text.",
)
DROPPED = ngettext_noop(
    "{count} row was not an object and is left out.",
    "{count} rows were not objects and are left out.",
)


@dataclass(frozen=True)
class Note:
    """One fact about a column.

    Attributes:
        path: The column, or the family when it is about whole rows.
        sentence: What is said of one value, and of several; a table is kept longer than a language is spoken.
        count: How many values.
        values: What goes into the sentence, by name.
    """

    path: str
    sentence: tuple[str, str]
    count: int
    values: dict[str, str]

    def below(self, path: str) -> Note:
        """The same of a column inside another."""
        return Note(f"{path}.{self.path}", self.sentence, self.count, self.values)

    def text(self) -> str:
        """The note in the language of the reader."""
        one, many = self.sentence
        values = {name: gettext(value) for name, value in self.values.items()}
        return f"{self.path}: {ngettext(one, many, self.count, **values)}"

    def spell(self) -> list[Any]:
        """The note as JSON."""
        return [self.path, self.sentence, self.count, self.values]


def read_note(spelled: list[Any]) -> Note:
    """The note that ``spell`` wrote."""
    path, (one, many), count, values = spelled
    return Note(path, (one, many), count, values)
