"""What every kind of write can do: plan one step, read its target back, find what it made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from spoki_analytics.corrections.change import Change, Step, Values
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Reason, Refusal
from spoki_analytics.corrections.writes import Write
from spoki_analytics.wording.messages import noop

ALREADY_SO = noop("already so")
"""Why a change is skipped that is there already."""
OPPOSITE = noop("Spoki does not show {name} as it is: undoing does the opposite, whatever was there.")
"""Why an undoing may put back something else than what was there."""


class UntellableError(Exception):
    """Reading back cannot tell whether a change happened; the message says why."""


class Kind(ABC):
    """How one kind of write is planned and read back.

    Attributes:
        settles: Whether reading back before sending can tell that somebody else has changed the target.
    """

    settles: ClassVar[bool] = True

    @abstractmethod
    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """The change that a step amounts to, or why it is refused."""

    @abstractmethod
    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """The touched values of the target as they are now, None when there is no such record.

        Raises:
            UntellableError: Spoki does not show enough to tell.
        """

    def find_created(self, write: Write, change: Change, reader: Reader) -> Any:
        """The id of the record that a change made, None when there is none.

        Raises:
            UntellableError: Spoki does not show enough to tell.
        """
        return None


def read_at(reader: Reader) -> str:
    """When what the reader read was so, in ISO 8601."""
    return (reader.as_of or reader.clock()).isoformat()


def refuse_missing(write: Write, step: Step, reader: Reader) -> Refusal:
    """There is no such record."""
    target = write.named(step.path["id"])
    return Refusal(step.row, "id", Reason.NO_SUCH_RECORD, {"target": target, "moment": read_at(reader)[:16]})
