"""What can be made to go wrong, one row a kind; a tolerant client gets through every one that leaves a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from spoki_analytics.errors import UsageError
from spoki_analytics.sandbox.answers.call import Call
from spoki_analytics.sandbox.answers.replies import Reply
from spoki_analytics.sandbox.server import effects
from spoki_analytics.sandbox.server.effects import Seconds
from spoki_analytics.wording.messages import gettext


class When(Enum):
    """Which requests a standing fault hits."""

    FIRST = "the first request of every address"
    ALWAYS = "every request"


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Attributes:
        kind: Its name.
        description: What happens, in one line.
        when: Which requests it hits when it stands.
        instead: Answers in place of the operation, which then does not happen.
        before: Changes the world before the operation happens.
        after: Changes the answer after the operation happened.
        fits: Whether it can hit a call at all.
    """

    kind: str
    description: str
    when: When
    instead: Callable[[Call, Seconds], Reply] | None = None
    before: Callable[[Call], None] | None = None
    after: Callable[[Call, Reply, Seconds], Reply] | None = None
    fits: Callable[[Call], bool] = lambda call: True


Hit = tuple[Fault, Seconds]
"""A fault that hits a call, with its length."""


FAULTS: Mapping[str, Fault] = {
    fault.kind: fault
    for fault in (
        Fault("reset", "the connection is reset before an answer", When.FIRST, instead=effects.drop),
        Fault("lost", "the operation happens, but its answer is lost on the way", When.FIRST, after=effects.lose),
        Fault(
            "twice",
            "the answer to a write arrives twice on its connection",
            When.FIRST,
            after=effects.repeat,
            fits=effects.is_write,
        ),
        Fault("die", "the operation happens, then the server is gone", When.FIRST, after=effects.die),
        Fault("die_before", "the server is gone before the operation happens", When.FIRST, instead=effects.die_before),
        Fault("truncated", "half of the body arrives, then the connection ends", When.FIRST, after=effects.truncate),
        Fault("slow", "the answer takes half a second longer", When.ALWAYS, after=effects.wait),
        Fault("too_many", "429 with Retry-After", When.FIRST, instead=effects.too_many),
        Fault("server_error", "500 with a message", When.FIRST, instead=effects.server_error),
        Fault("html", "an HTML page with status 200", When.FIRST, instead=effects.html),
        Fault(
            "drift",
            "a row appears in front while pages are read",
            When.ALWAYS,
            before=effects.insert_row,
            fits=effects.is_later_page,
        ),
        Fault("wrong_types", "every seventh row has values of other types", When.ALWAYS, after=effects.change_types),
        Fault("unknown_fields", "every row has fields that nobody documented", When.ALWAYS, after=effects.add_fields),
        Fault(
            "redirect",
            "a redirect on the same origin",
            When.FIRST,
            instead=effects.redirect,
            fits=effects.is_not_redirected,
        ),
        Fault(
            "foreign_redirect",
            "a redirect to another origin",
            When.FIRST,
            effects.redirect_abroad,
            fits=effects.is_not_redirected,
        ),
        Fault("vary", "headers that defeat caching", When.ALWAYS, after=effects.vary),
        Fault("cookies", "an answer that sets a cookie", When.ALWAYS, after=effects.set_cookie),
        Fault("foreign_next", "links to the other pages lead to another origin", When.FIRST, after=effects.link_abroad),
    )
}
"""Every kind by name."""


@dataclass
class _Aim:
    fault: Fault
    left: int
    path: str
    seconds: Seconds


class Faults:
    """The faults of a sandbox: standing ones, and ones that were aimed at the next requests.

    Args:
        standing: Kinds that hit as their row says.

    Raises:
        UsageError: A kind is not known.
    """

    def __init__(self, standing: tuple[str, ...] = ()) -> None:
        self._standing = [find_fault(kind) for kind in standing]
        self._met: set[tuple[str, str]] = set()
        self._aims: list[_Aim] = []

    def aim(self, kind: str, times: int, path: str, seconds: Seconds) -> None:
        """Hit the next requests whose path contains ``path``."""
        self._aims.append(_Aim(find_fault(kind), times, path, seconds))

    def hits(self, call: Call, address: str) -> list[Hit]:
        """The faults that hit a call, with the seconds that were asked for."""
        return [
            *self._aimed(call, address),
            *((fault, None) for fault in self._standing if self._meets(fault, call, address)),
        ]

    def _aimed(self, call: Call, address: str) -> list[Hit]:
        for aim in self._aims:
            if aim.left and aim.path in address and aim.fault.fits(call):
                aim.left -= 1
                return [(aim.fault, aim.seconds)]
        return []

    def _meets(self, fault: Fault, call: Call, address: str) -> bool:
        if not fault.fits(call):
            return False
        is_first = (fault.kind, address) not in self._met
        self._met.add((fault.kind, address))
        return is_first or fault.when is When.ALWAYS


def find_fault(kind: str) -> Fault:
    """The row of a kind.

    Raises:
        UsageError: There is no such kind.
    """
    if kind not in FAULTS:
        raise UsageError(
            gettext("There is no fault {kind}.", kind=repr(kind)),
            advice=gettext("Choose from {faults}.", faults=", ".join(FAULTS)),
        )
    return FAULTS[kind]
