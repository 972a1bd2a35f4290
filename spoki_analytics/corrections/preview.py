"""How a plan looks: as a table, as HTML in a notebook, as text in a terminal; every value as text that cannot run."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from spoki_analytics.corrections.batches import Request
from spoki_analytics.corrections.change import Change, Values
from spoki_analytics.corrections.refusals import Refusal
from spoki_analytics.corrections.writes import write_of
from spoki_analytics.wording.messages import gettext, ngettext, noop
from spoki_analytics.wording.names import describe, escape
from spoki_analytics.wording.numbers import format_span

LIMIT = 50
"""Rows that HTML and text show; ``plan.frame`` has all."""
_STYLE = "text-align:left;vertical-align:top;white-space:pre-wrap;unicode-bidi:isolate"
_TITLES = {
    "target": noop("Target"),
    "action": noop("Action"),
    "change": noop("Before → after"),
    "reason": noop("Reason"),
    "warning": noop("Mind"),
    "irreversible": noop("Cannot be undone"),
    "request": noop("Request"),
}
_VALUES = ("before", "after")
_COLUMNS = ("target", "action", "change", *_VALUES, "reason", "row", "warning", "irreversible", "as_of", "request")


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown of a plan.

    Attributes:
        fingerprint: Of the plan.
        changes: All its changes.
        refusals: What was refused.
        requests: What would be sent.
        totals: Counts, as ``Plan.totals`` gives them.
        confirmation: The phrase that it needs; None when it needs none.
        seconds: How long sending takes.
        applied_as: Its id in the journal, once it was applied; else empty.
    """

    fingerprint: str
    changes: Sequence[Change]
    refusals: Sequence[Refusal]
    requests: Sequence[Request]
    totals: Mapping[str, int]
    confirmation: str | None
    seconds: float
    applied_as: str = ""

    def frame(self) -> pd.DataFrame:
        """The plan as a table, one row a change."""
        rows = self._rows(None)
        table = pd.DataFrame({name: [row[name] for row in rows] for name in (*_COLUMNS, "number")}, dtype=object)
        texts = {name: "str" for name in _COLUMNS if name not in _VALUES}
        return table.astype({**texts, "number": "Int64"})

    def as_text(self, *, limit: int | None = LIMIT, advise: bool = True) -> str:
        """The plan for a terminal.

        Args:
            limit: Rows to show; None shows all.
            advise: Say how it is confirmed in Python.
        """
        parts = self.summary(advise=advise)
        for change, row in zip(self.changes, self._rows(limit), strict=False):
            parts += _change_text(change, row)
        parts += _more_text("\n", len(self.changes), limit)
        if self.refusals:
            parts.append("\n" + gettext("Refused:"))
            parts += [f"    {_refusal_text(refusal)}" for refusal in self.refusals[:limit]]
            parts += _more_text("    ", len(self.refusals), limit)
        return "\n".join(parts)

    def as_html(self) -> str:
        """The plan for a notebook; the class keeps MathJax from reading values as formulas."""
        parts = [f"<p>{'<br>'.join(html.escape(line) for line in self.summary())}</p>"]
        if rows := self._rows(LIMIT):
            used = [name for name in _TITLES if any(row[name] for row in rows)]
            titles = [gettext(_TITLES[name]) for name in used]
            parts += [_table(titles, [[row[name] for name in used] for row in rows]), _more_html(len(self.changes))]
        if self.refusals:
            titles = [gettext("Row"), gettext("Column"), gettext("Problem")]
            refused = [[each.row, each.column, each.problem] for each in self.refusals[:LIMIT]]
            head = html.escape(gettext("Refused:"))
            parts += [f"<p>{head}</p>", _table(titles, refused)]
            parts.append(_more_html(len(self.refusals)))
        return f'<div class="tex2jax_ignore mathjax_ignore">{"".join(parts)}</div>'

    def summary(self, *, advise: bool = True) -> list[str]:
        """What is to be known before the plan is applied, one sentence a line.

        Args:
            advise: Say how it is confirmed in Python.
        """
        if self.applied_as:
            return [" ".join([self._counts(), gettext("It was applied as {plan}.", plan=self.applied_as)])]
        lines = [" ".join([self._counts(), gettext("Nothing was sent yet.")]), *self._facts()]
        if self.confirmation and advise:
            lines.append(gettext('To apply it, say plan.apply(confirm="{phrase}").', phrase=self.confirmation))
        return lines

    def _counts(self) -> str:
        return gettext(
            "Plan {fingerprint}: {to_send} to send in {requests}, {already_so} already so, {refused} refused.",
            fingerprint=self.fingerprint,
            to_send=self.totals["to_send"],
            requests=ngettext("{count} request", "{count} requests", self.totals["requests"]),
            already_so=self.totals["already_so"],
            refused=self.totals["refused"],
        )

    def _facts(self) -> Iterator[str]:
        """How long it takes, what is final, and how old what it was compared with is."""
        if self.seconds:
            span = format_span(self.seconds)
            yield gettext("At Spoki's rate limit it takes about {span}.", span=span)
        if final := self.totals["irreversible"]:
            yield gettext("{number} of them cannot be undone, or not wholly.", number=final)
        if ages := [change.as_of for change in self.changes if change.as_of]:
            moment = min(ages)[:16].replace("T", " ")
            yield gettext("What is there was read at {moment} UTC.", moment=moment)

    def _rows(self, limit: int | None) -> list[dict[str, Any]]:
        numbers = {index: number for number, request in enumerate(self.requests, 1) for index in request.positions}
        return [_row(change, numbers.get(index)) for index, change in enumerate(self.changes[:limit])]


def _row(change: Change, number: int | None) -> dict[str, Any]:
    skip = gettext("skip: {reason}", reason=change.skip)
    return {
        "target": escape(change.target),
        "action": skip if change.skip else gettext(write_of(change).verb),
        "change": "\n".join(lines(change.before, change.after)),
        "before": None if change.before is None else dict(change.before),
        "after": None if change.after is None else dict(change.after),
        "reason": escape(change.step.reason),
        "row": escape(change.step.row),
        "warning": escape(" ".join(change.warnings)),
        "irreversible": change.irreversible,
        "as_of": change.as_of,
        "request": "" if number is None else f"{number}: {change.step.entry.method} {_address(change)}",
        "number": number,
    }


def _address(change: Change) -> str:
    query = urlencode(change.step.query)
    return change.step.entry.target(**change.step.path) + (f"?{query}" if query else "")


def lines(before: Values | None, after: Values | None) -> Iterator[str]:
    """Each value before → after, one a line."""
    for name in {**(before or {}), **(after or {})}:
        left, right = (before or {}).get(name), (after or {}).get(name)
        if isinstance(left, Mapping) or isinstance(right, Mapping):
            inner = lines(*(value if isinstance(value, Mapping) else None for value in (left, right)))
            yield from (f"{escape(name)}.{line}" for line in inner)
        else:
            yield f"{escape(name)}: {_arrow(before, left, after, right)}"


def _arrow(before: Values | None, left: Any, after: Values | None, right: Any) -> str:
    """One value before → after; only the new one of a record that is not there yet."""
    if before is None:
        return describe(right)
    becomes = gettext("(gone)") if after is None else describe(right)
    return f"{describe(left)} → {becomes}"


def _change_text(change: Change, row: Mapping[str, Any]) -> list[str]:
    because = f" · {row['reason']}" if row["reason"] else ""
    head = f"\n{row['target']} · {row['action']}{because}"
    notes = [f"    ! {row[name]}" for name in ("warning", "irreversible") if row[name]]
    return [head, *(f"    {line}" for line in lines(change.before, change.after)), *notes]


def _refusal_text(refusal: Refusal) -> str:
    where = gettext("row {label}", label=escape(refusal.row)) if refusal.row else gettext("frame")
    column = f", {escape(refusal.column)}" if refusal.column else ""
    return f"{where}{column}: {escape(refusal.problem)}"


def _more_text(indent: str, count: int, limit: int | None) -> list[str]:
    return [indent + gettext("… and {more} more", more=count - limit)] if limit and count > limit else []


def _more_html(count: int) -> str:
    if count <= LIMIT:
        return ""
    sentence = gettext("… and {more} more in {frame}.", more=count - LIMIT, frame="<code>plan.frame</code>")
    return f"<p>{sentence}</p>"


def _table(titles: Iterable[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th style="{_STYLE}">{html.escape(title)}</th>' for title in titles)
    body = "".join(f"<tr>{''.join(_cell(text) for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    """A cell; line breaks between values are the only invisible characters that are kept."""
    safe = "<br>".join(html.escape(escape(line)) for line in text.split("\n"))
    return f'<td style="{_STYLE}">{safe}</td>'
