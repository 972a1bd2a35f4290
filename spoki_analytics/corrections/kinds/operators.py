"""Operators of contacts: assigned and taken away."""

from __future__ import annotations

from typing import Any

from spoki_analytics.corrections.change import Change, Step, Values
from spoki_analytics.corrections.kinds.kind import ALREADY_SO, OPPOSITE, Kind, read_at, refuse_missing
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Refusal
from spoki_analytics.corrections.subjects import ApiRow, operators
from spoki_analytics.corrections.writes import Write
from spoki_analytics.wording.messages import gettext


class Operators(Kind):
    """Assigns a contact to an operator, or takes it away.

    Args:
        assigned: Whether the operator has the contact afterwards.
    """

    def __init__(self, *, assigned: bool) -> None:
        self._assigned = assigned

    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """The operators of the contact, before and after."""
        row = reader.record(write.retrieve, write.listing, step.path["id"])
        if row is None:
            return refuse_missing(write, step, reader)
        before, after = _current(row), {"operators": self._after(row, step.body["email"])}
        return Change(
            step,
            f"contact {row.get('id')}",
            before,
            after,
            body=dict(step.body),
            as_of=read_at(reader),
            skip=gettext(ALREADY_SO) if before and before == after else "",
            irreversible="" if before else gettext(OPPOSITE, name="operators"),
            inverse=(Step(write.inverse, step.path, step.body),),
        )

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """The operators of the contact as they are, None when there is no such contact."""
        row = reader.record(write.retrieve, write.listing, change.step.path["id"])
        return None if row is None else _current(row)

    def _after(self, row: ApiRow, email: str) -> list[str]:
        current = operators(row) or []
        others = [each for each in current if each.casefold() != email.casefold()]
        if not self._assigned:
            return others
        # Where the operator is assigned already, the e-mail is as Spoki spells it.
        spelled = next((each for each in current if each.casefold() == email.casefold()), email)
        return sorted([*others, spelled])


def _current(row: ApiRow) -> dict[str, Any]:
    emails = operators(row)
    return {} if emails is None else {"operators": emails}
