"""The loop that sends a plan: wait for the turn, announce, send once, note the outcome, forget what is old."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from spoki_analytics.api.progress import Meter
from spoki_analytics.api.session import Session
from spoki_analytics.api.writes import Fate, Sent, Writes
from spoki_analytics.catalogue import Cache, catalogue
from spoki_analytics.corrections.batches import Request, requests_of, seconds
from spoki_analytics.corrections.change import Change, State
from spoki_analytics.corrections.log import Log
from spoki_analytics.corrections.readback import news_of
from spoki_analytics.corrections.reader import Reader, is_slow
from spoki_analytics.corrections.writes import Write, write_of
from spoki_analytics.errors import AuthenticationError, JournalError, SpokiError
from spoki_analytics.frames.columns import as_text
from spoki_analytics.frames.phones import Region
from spoki_analytics.wording.masking import mask_personal
from spoki_analytics.wording.messages import gettext

STATES = {
    Fate.DONE: State.APPLIED,
    Fate.REFUSED: State.FAILED,
    Fate.UNSENT: State.UNSENT,
    Fate.UNKNOWN: State.UNKNOWN,
}
GIVE_UP = 3
"""Lost answers in a row after which the rest of a plan is left for later."""
NO_CREDIT = "spoki::1029"
SECRET = "[secret: shown once by plan.reveal()]"  # noqa: S105 - says where a secret is, is none


@dataclass(slots=True)
class Run:
    """One application of a plan, or of what is left of it.

    Attributes:
        session: Reads, and knows what is kept.
        region: Country of phone numbers that come without a country code.
        sender: Sends.
        log: The journal.
        plan_id: The plan.
        changes: All its changes.
        force: Send also what has changed since the preview.
        meter: Shows progress.
        answers: Answers by change, credentials hidden.
        secrets: Answers that hold credentials, by change.
        stopped: Why the rest was not sent; empty when it was.
    """

    session: Session
    region: Region
    sender: Writes
    log: Log
    plan_id: str
    changes: Sequence[Change]
    force: bool
    meter: Meter
    answers: dict[int, str] = field(default_factory=dict)
    secrets: dict[int, Any] = field(default_factory=dict)
    stopped: str = ""
    _lost: int = 0
    _listed: tuple[float, Reader] | None = None

    def send(self, positions: Sequence[int]) -> None:
        """Send these changes, each once, until all are sent or it makes no sense to go on."""
        requests = requests_of(self.changes, positions)
        left = Counter(request.entry for request in requests)
        for request in requests:
            try:
                live = request if self.force else self._unmoved(request)
                if live.positions:
                    self.sender.wait_turn(live.entry, self.meter.waiting)
                    self._send(live)
            except JournalError:  # without it nothing that is said of this run could be relied on
                raise
            except SpokiError as problem:
                self.stopped = str(problem)
            if self.stopped:
                return
            left[request.entry] -= 1
            if self.meter.shown:
                waiting = seconds(left, self.session.pace)
                self.meter.page(len(request.positions), len(positions), waiting)

    def _unmoved(self, request: Request) -> Request:
        """The changes whose targets are as the preview showed them; what became of the others is noted.

        One that is sent alone is read by itself; for many in one request one listing is read, fresh as well.
        """
        reader = self._reader(request)
        news = {
            position: outcome
            for position, change in zip(request.positions, request.changes, strict=True)
            if (outcome := news_of(change, reader))
        }
        if news:
            self._note(news)
        return request.only(position for position in request.positions if position not in news)

    def _reader(self, request: Request) -> Reader:
        """Reads targets afresh; of records that are seldom answered one by one, a listing serves for one window."""
        if len(self.changes) == 1 or not is_slow(write_of(request.changes[0]).retrieve):
            return Reader(self.session, len(request.positions), self.region, fresh=True)
        now = time.monotonic()
        if self._listed is None or now - self._listed[0] > self.session.settings.rate_window:
            self._listed = now, Reader(self.session, len(self.changes), self.region, fresh=True)
        return self._listed[1]

    def _send(self, request: Request) -> None:
        first = request.changes[0].step
        self.log.append(
            "intent", self.plan_id, changes=request.positions, operation=first.operation, path=dict(first.path)
        )
        forget(self.session, write_of(request.changes[0]))
        self.meter.requests += 1
        sent = self.sender.send(request.entry, first.path, request.body, first.query)
        self._keep_answer(request, sent)
        self._note(self._states(request, sent), sent, _created(request, sent))
        forget(self.session, write_of(request.changes[0]))
        self._consider(sent)

    def _states(self, request: Request, sent: Sent) -> dict[int, tuple[State, str]]:
        note = str(sent.error) if sent.error else ""
        # What the key was refused did not happen, and may once the key works, or has credit, again.
        state = State.UNSENT if _is_refused_to_all(sent) else STATES[sent.fate]
        states = dict.fromkeys(request.positions, (state, note))
        if sent.fate is Fate.DONE and isinstance(sent.body, dict) and sent.body.get("errors"):
            states |= _refused_items(request, sent.body["errors"])
        return states

    def _note(self, states: dict[int, tuple[State, str]], sent: Sent | None = None, created: Any = None) -> None:
        self.log.append(
            "outcome",
            self.plan_id,
            states={str(position): news for position, news in states.items()},
            created={} if created is None else {str(position): created for position in states},
            status=sent.status if sent else None,
        )

    def _keep_answer(self, request: Request, sent: Sent) -> None:
        secret = write_of(request.changes[0]).secret and sent.fate is Fate.DONE
        for position in request.positions:
            if secret:
                self.secrets[position] = sent.body
            self.answers[position] = SECRET if secret else as_text(sent.body) or ""

    def _consider(self, sent: Sent) -> None:
        """Stop where every further request would end alike."""
        self._lost = self._lost + 1 if sent.fate is Fate.UNKNOWN else 0
        no_connection = sent.fate is Fate.UNSENT and sent.status is None
        if no_connection or _is_refused_to_all(sent) or self._lost >= GIVE_UP:
            self.stopped = str(sent.error)


def _is_refused_to_all(sent: Sent) -> bool:
    """Whether Spoki refused the key itself, so that every further request would end alike."""
    no_credit = getattr(sent.error, "code", None) == NO_CREDIT
    return sent.fate is Fate.REFUSED and (isinstance(sent.error, AuthenticationError) or no_credit)


def forget(session: Session, write: Write) -> None:
    """Serve nothing from the cache that a write has made old."""
    for entry in catalogue():
        if entry.family in write.touches and entry.cache is Cache.LIST:
            session.forget(entry)


def _created(request: Request, sent: Sent) -> Any:
    """The id of what was made; an answer to a batch, or with the id of the target itself, does not tell it."""
    (change, *others) = request.changes
    if others or write_of(change).batch > 1 or not isinstance(sent.body, dict):
        return None
    created = sent.body.get("id")
    return None if created == change.step.path.get("id") else created


def _refused_items(request: Request, errors: Any) -> dict[int, tuple[State, str]]:
    """What the errors inside a success say of single changes; all are unknown when an error names none of them."""
    digits = {
        position: re.sub(r"\D", "", str(change.step.body.get("phone", "")))
        for position, change in zip(request.positions, request.changes, strict=True)
    }
    states: dict[int, tuple[State, str]] = {}
    for error in errors if isinstance(errors, list) else [errors]:
        text = orjson.dumps(error).decode()
        named = [position for position, number in digits.items() if number and number in text]
        state, shown = State.FAILED if len(named) == 1 else State.UNKNOWN, mask_personal(text)[:300]
        for position in named if len(named) == 1 else digits:
            states.setdefault(position, (state, gettext("Spoki reports: {text}", text=shown)))
    return states
