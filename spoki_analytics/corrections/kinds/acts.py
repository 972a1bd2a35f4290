"""Acts that leave nothing to compare: e-mails, keys, clones, requests to Meta."""

from __future__ import annotations

from spoki_analytics.corrections.change import CREATED, Change, Step, Values
from spoki_analytics.corrections.kinds.kind import Kind, UntellableError, read_at, refuse_missing
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.refusals import Refusal
from spoki_analytics.corrections.writes import Write
from spoki_analytics.wording.messages import gettext


class Acts(Kind):
    """Does something with a record that must exist."""

    settles = False

    def plan(self, write: Write, step: Step, reader: Reader) -> Change | Refusal:
        """The act, with nothing before and after."""
        if reader.record(write.retrieve, write.listing, step.path["id"]) is None:
            return refuse_missing(write, step, reader)
        return Change(
            step,
            write.named(step.path["id"]),
            {},
            {},
            body=None if write.entry.method == "GET" else {},
            as_of=read_at(reader),
            warnings=(gettext(write.warning),) if write.warning else (),
            confirm=write.confirm,
            irreversible=gettext(write.irreversible) if write.irreversible else "",
            inverse=(Step(write.inverse, {"id": CREATED}),) if write.inverse else (),
        )

    def read(self, write: Write, change: Change, reader: Reader) -> Values | None:
        """Nothing that could be compared.

        Raises:
            UntellableError: Always.
        """
        raise UntellableError(gettext("Spoki does not show whether it happened ({verb}).", verb=gettext(write.verb)))
