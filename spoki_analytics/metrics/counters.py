"""What the message counters of campaigns mean, decided from the campaigns themselves.

Spoki's own page shows states that exclude each other: sent (one tick), received (delivered, not known as read), read
and failed. Whether the API counts like that, or a read message as received and sent too, no source says (contract,
section 7.1). Either reading leaves traces that the other one can't leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from spoki_analytics.metrics.lifecycle import is_settled
from spoki_analytics.metrics.numbers import counts
from spoki_analytics.metrics.periods import moments
from spoki_analytics.wording.units import SMALL

Reading = Literal["cumulative", "exclusive"]
Basis = Literal["data", "setting", "undecided", "contradictory"]

COUNTERS = {
    "contacts": "contacts_count",
    "sent": "messages_sent",
    "received": "messages_received",
    "read": "messages_read",
    "failed": "messages_failed",
    "started": "automation_started",
    "completed": "automation_completed",
    "interacted": "automation_interacted_with",
}

MANY = 3
"""Fewer campaigns with more states than contacts prove nothing: an automation may send a contact several messages."""

CLEARLY = 1.1
"""States that exclude each other and add up to this many times the contacts are clearly too many."""


@dataclass(frozen=True)
class Counters:
    """How counters are read, and why.

    Attributes:
        reading: ``cumulative`` (a read message counts as received and sent, too) or ``exclusive`` (each message counts
            once, under its latest state).
        basis: ``data`` (the campaigns refute the other reading), ``setting`` (the user fixed it), ``undecided`` (they
            refute neither) or ``contradictory`` (they refute both); in the last two cases it is the one that fewer
            campaigns contradict.
        campaigns: How many campaigns were heard.
        against_cumulative: In how many of them fewer messages were sent than received, or received than read.
        against_exclusive: In how many the four counters add up to clearly more than the contacts.
    """

    reading: Reading
    basis: Basis
    campaigns: int
    against_cumulative: int
    against_exclusive: int

    @property
    def is_sure(self) -> bool:
        """Whether only this reading is to be shown."""
        return self.basis in ("data", "setting")

    @property
    def contradicting(self) -> int:
        """How many campaigns contradict the reading that is taken."""
        return self.against_cumulative if self.reading == "cumulative" else self.against_exclusive

    def complete(self, numbers: pd.DataFrame) -> pd.DataFrame:
        """Counts that mean the same whatever the reading.

        Args:
            numbers: Columns of `COUNTERS` as Spoki reports them (Int64).

        Returns:
            The same with ``sent`` as all messages sent, whatever became of them, ``delivered`` as all that arrived,
            those read among them, and ``attempted`` as all that were tried. Where failed messages are no part of the
            cumulative ``sent``, which no source says, received + failed may be larger, and is what was tried.
        """
        if self.reading == "exclusive":
            delivered = numbers["received"] + numbers["read"]
            attempted = numbers["sent"] + delivered + numbers["failed"].fillna(0)
            return numbers.assign(sent=attempted, delivered=delivered, attempted=attempted)
        ended = (numbers["received"] + numbers["failed"]).fillna(numbers["sent"])
        attempted = numbers["sent"].where(~(ended > numbers["sent"]).fillna(False), ended)
        return numbers.assign(delivered=numbers["received"], attempted=attempted)

    def turned(self) -> Counters:
        """The same evidence, read the other way."""
        return replace(self, reading="exclusive" if self.reading == "cumulative" else "cumulative")

    def facts(self) -> dict[str, Any]:
        """The reading and its evidence as plain data."""
        return dict(vars(self))


def read_counters(campaigns: pd.DataFrame, as_of: pd.Timestamp, fixed: str | None = None) -> Counters:
    """Decide how the counters of a key's campaigns are to be read.

    Only campaigns that have come to rest are heard, and those of fewer than 20 messages only where there are no larger
    ones: a test sent to two colleagues says little.

    Args:
        campaigns: ``spoki.campaigns.load()``, all of the key.
        as_of: When they were read.
        fixed: ``exclusive`` or ``cumulative``, where the user knows it.

    Source: support article of Spoki on campaigns (exclusive states); composio-types (names of the counters).
    """
    heard = _witnesses(campaigns, as_of)
    not_cumulative = (heard["sent"] < heard["received"]) | (heard["received"] < heard["read"])
    most = heard[["contacts", "started"]].max(axis=1)
    told = most[(most > 0).fillna(False)]
    not_exclusive = heard.loc[told.index, ["sent", "received", "read", "failed"]].sum(axis=1) > CLEARLY * told
    against: Mapping[Reading, int] = {"cumulative": int(not_cumulative.sum()), "exclusive": int(not_exclusive.sum())}
    many = against["exclusive"] >= MANY and against["exclusive"] * 2 >= len(told)
    refuted: list[Reading] = ["cumulative"] if against["cumulative"] else []
    refuted += ["exclusive"] if many else []
    reading, basis = _decide(against, refuted)
    if fixed is not None:
        reading, basis = ("exclusive" if fixed == "exclusive" else "cumulative"), "setting"
    return Counters(reading, basis, len(heard), against["cumulative"], against["exclusive"])


def _decide(against: Mapping[Reading, int], refuted: list[Reading]) -> tuple[Reading, Basis]:
    if refuted == ["cumulative"]:
        return "exclusive", "data"
    if refuted == ["exclusive"]:
        return "cumulative", "data"
    # a part above its whole is impossible, too many states only unlikely: where as many say so, the former counts
    likelier: Reading = "cumulative" if against["cumulative"] < max(against["exclusive"], 1) else "exclusive"
    return likelier, "contradictory" if refuted else "undecided"


def _witnesses(campaigns: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Counts of the campaigns that can tell, as numbers that add up without overflow."""
    dated = campaigns.assign(scheduled_datetime=moments(campaigns["scheduled_datetime"]))
    rows = dated[is_settled(dated, as_of).fillna(False)].reset_index(drop=True)
    numbers = counts(rows, COUNTERS.values()).rename(columns={v: k for k, v in COUNTERS.items()}).astype("Float64")
    messages = numbers[["sent", "received", "read"]].sum(axis=1, skipna=False)
    known = numbers[(messages > 0).fillna(False)].assign(failed=numbers["failed"].fillna(0))
    large = known[(known[["sent", "received", "read", "failed"]].sum(axis=1) >= SMALL).fillna(False)]
    return large if len(large) else known
