"""How a plan looks: as a table, as HTML in a notebook, as text in a terminal; every value as text that cannot run."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd

from spoki_analytics.corrections.change import Change, Values
from spoki_analytics.corrections.writes import write_of
from spoki_analytics.wording.names import describe, escape
from spoki_analytics.wording.numbers import format_span

if TYPE_CHECKING:
    from spoki_analytics.corrections.plan import Plan

LIMIT = 50
"""Rows that HTML and text show; ``plan.frame`` has all."""
_STYLE = "text-align:left;vertical-align:top;white-space:pre-wrap;unicode-bidi:isolate"
_COLUMNS = {
    "target": "Target",
    "action": "Action",
    "change": "Before → after",
    "reason": "Reason",
    "warning": "Mind",
    "irreversible": "Cannot be undone",
    "request": "Request",
}


def frame(plan: Plan) -> pd.DataFrame:
    """The plan as a table, one row a change."""
    numbers = {place: number for number, request in enumerate(plan.requests, 1) for place in request.places}
    rows = [_row(change, numbers.get(place)) for place, change in enumerate(plan.changes)]
    names = [*_NAMES, "number"]
    table = pd.DataFrame({name: [row[name] for row in rows] for name in names}, dtype=object)
    texts = {name: "str" for name in _NAMES if name not in ("before", "after")}
    return table.astype({**texts, "number": "Int64"})


_NAMES = (
    "target",
    "action",
    "change",
    "before",
    "after",
    "reason",
    "row",
    "warning",
    "irreversible",
    "as_of",
    "request",
)


def _row(change: Change, number: int | None) -> dict[str, Any]:
    entry = change.step.entry
    return {
        "target": escape(change.target),
        "action": f"skip: {change.skip}" if change.skip else write_of(change).verb,
        "change": "\n".join(lines(change.before, change.after)),
        "before": None if change.before is None else dict(change.before),
        "after": None if change.after is None else dict(change.after),
        "reason": escape(change.step.reason),
        "row": escape(change.step.row),
        "warning": escape(" ".join(change.warnings)),
        "irreversible": change.irreversible,
        "as_of": change.as_of,
        "request": "" if number is None else f"{number}: {entry.method} {_address(change)}",
        "number": number,
    }


def _address(change: Change) -> str:
    query = urlencode(change.step.query)
    return change.step.entry.target(**change.step.path) + (f"?{query}" if query else "")


def lines(before: Values | None, after: Values | None) -> Iterator[str]:
    """Each value before → after, one a line."""
    for name in {**(before or {}), **(after or {})}:
        left, right = (before or {}).get(name), (after or {}).get(name)
        if isinstance(right, Mapping) or isinstance(left, Mapping):
            inner = [value if isinstance(value, Mapping) else None for value in (left, right)]
            yield from (f"{escape(name)}.{line}" for line in lines(*inner))
        elif before is None:
            yield f"{escape(name)}: {describe(right)}"
        else:
            yield f"{escape(name)}: {describe(left)} → {'(gone)' if after is None else describe(right)}"


def summary(plan: Plan, *, advise: bool = True) -> list[str]:
    """What is to be known before the plan is applied, one sentence a line."""
    totals = plan.totals
    requests = f"{totals['requests']} request{'' if totals['requests'] == 1 else 's'}"
    found = [
        f"Plan {plan.fingerprint}: {totals['to_send']} to send in {requests}, "
        f"{totals['already_so']} already so, {totals['refused']} refused. "
        f"{f'It was applied as {plan.id}.' if plan.is_applied else 'Nothing was sent yet.'}"
    ]
    if plan.is_applied:
        return found
    if plan.seconds:
        found.append(f"At Spoki's rate limit it takes about {format_span(plan.seconds)}.")
    if totals["irreversible"]:
        found.append(f"{totals['irreversible']} of them cannot be undone, or not wholly.")
    ages = sorted({change.as_of for change in plan.changes if change.as_of})
    if ages:
        found.append(f"What is there was read at {ages[0][:16].replace('T', ' ')} UTC.")
    if plan.confirmation and advise:
        found.append(f'To apply it, say plan.apply(confirm="{plan.confirmation}").')
    return found


def as_text(plan: Plan, *, limit: int | None = LIMIT, advise: bool = True) -> str:
    """The plan for a terminal.

    Args:
        plan: The plan.
        limit: Rows to show; None shows all.
        advise: Say how it is confirmed in Python.
    """
    parts = list(summary(plan, advise=advise))
    for change in plan.changes[:limit]:
        row = _row(change, None)
        parts.append(f"\n{row['target']} · {row['action']}{_because(row['reason'])}")
        parts += [f"    {line}" for line in lines(change.before, change.after)]
        parts += [f"    ! {row[name]}" for name in ("warning", "irreversible") if row[name]]
    parts += [f"\n… and {len(plan.changes[limit:])} more"] if limit and plan.changes[limit:] else []
    parts += ["\nRefused:"] if plan.refusals else []
    for refusal in plan.refusals[:limit]:
        place = f"row {escape(refusal.row)}" if refusal.row else "frame"
        column = f", {escape(refusal.column)}" if refusal.column else ""
        parts.append(f"    {place}{column}: {escape(refusal.problem)}")
    parts += [f"    … and {len(plan.refusals[limit:])} more"] if limit and plan.refusals[limit:] else []
    return "\n".join(parts)


def as_html(plan: Plan) -> str:
    """The plan for a notebook; the class keeps MathJax from reading values as formulas."""
    numbers = {place: number for number, request in enumerate(plan.requests, 1) for place in request.places}
    rows = [_row(change, numbers.get(place)) for place, change in enumerate(plan.changes[:LIMIT])]
    used = {name: title for name, title in _COLUMNS.items() if any(row[name] for row in rows)}
    parts = [f"<p>{'<br>'.join(html.escape(line) for line in summary(plan))}</p>"]
    if rows:
        parts.append(_table(used.values(), [[row[name] for name in used] for row in rows]))
        parts.append(_more(len(plan.changes)))
    if plan.refusals:
        refused = [[r.row, r.column, r.problem] for r in plan.refusals[:LIMIT]]
        parts += ["<p>Refused:</p>", _table(("Row", "Column", "Problem"), refused), _more(len(plan.refusals))]
    return f'<div class="tex2jax_ignore mathjax_ignore">{"".join(parts)}</div>'


def _table(titles: Any, rows: list[list[str]]) -> str:
    head = "".join(f'<th style="{_STYLE}">{html.escape(title)}</th>' for title in titles)
    body = "".join(f"<tr>{''.join(_cell(text) for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    """A cell; line breaks between values are the only invisible characters that are kept."""
    safe = "<br>".join(html.escape(escape(line)) for line in text.split("\n"))
    return f'<td style="{_STYLE}">{safe}</td>'


def _more(count: int) -> str:
    return f"<p>… and {count - LIMIT} more in <code>plan.frame</code>.</p>" if count > LIMIT else ""


def _because(reason: str) -> str:
    return f" · {reason}" if reason else ""
