"""From steps to a plan: each step is compared with what is there now."""

from __future__ import annotations

from collections.abc import Iterable

from spoki_analytics.api.session import Session
from spoki_analytics.corrections.change import Change, Step
from spoki_analytics.corrections.checks import Terms, Zone
from spoki_analytics.corrections.kinds import KINDS
from spoki_analytics.corrections.plan import Applier, Plan
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Refusal
from spoki_analytics.corrections.writes import WRITES
from spoki_analytics.frames.phones import Region


class Planner:
    """Makes the plans of one client; nothing is sent.

    Args:
        session: The session of the key.
        region: Country of phone numbers that come without a country code.
        zone: Time zone of times that come without one.
        applier: Who applies the plans, and remembers them.
    """

    def __init__(self, session: Session, region: Region, zone: Zone, applier: Applier) -> None:
        self._session = session
        self.region = region
        self._zone = zone
        self._applier = applier

    def plan(self, steps: Iterable[Step], refusals: Iterable[Refusal] = (), reader: Reader | None = None) -> Plan:
        """The plan of some steps: each is compared with what is there now.

        Args:
            steps: What was asked for.
            refusals: Rows that were not acceptable.
            reader: What has read the targets already; else they are read now.

        Raises:
            SpokiError: What is there could not be read.
        """
        asked = list(steps)
        source = reader or self.reader(len(asked))
        outcomes = [_examine(step, source) for step in asked]
        changes = [each for each in outcomes if isinstance(each, Change)]
        unfit = [each for each in outcomes if isinstance(each, Refusal)]
        return Plan(self._session, self._applier, changes, [*refusals, *unfit])

    def terms(self, reader: Reader, *, keep_text: bool = False) -> Terms:
        """How values are read.

        Args:
            reader: Reads the targets.
            keep_text: Whether texts that look garbled, or made by a program, are meant.
        """
        return Terms(self.region, self._zone, keep_text, reader.holds)

    def reader(self, size: int = 0) -> Reader:
        """Reads what is there, for so many targets."""
        return Reader(self._session, size, self.region, zone=self._zone)


def _examine(step: Step, reader: Reader) -> Change | Refusal:
    """The change that a step amounts to, or why it does not fit what is there."""
    write = WRITES[step.operation]
    return KINDS[write.kind].plan(write, step, reader)
