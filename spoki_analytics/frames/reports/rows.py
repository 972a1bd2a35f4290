"""Report rows in three forms: as they came, long (one row a count) and wide (one row a period).

``/reports/detailed/`` has no documented body and ``/reports/`` was announced for removal, so rows are recognised by
their words (``words``) and shape (``shapes``). What is not recognised stays as it was flattened, with a
warning that shows how to name the columns.

States are read as exclusive: a message counts once, under the last state it reached. So, in the wide form, *sent* is
Sent + Delivered + Read and *delivered* is Delivered + Read. No source states this; it is this package's assumption.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from spoki_analytics.errors import warn
from spoki_analytics.frames.provenance import KEY
from spoki_analytics.frames.reports.forms import (
    COUNTED,
    LONG,
    WIDE,
    as_categories,
    as_counts,
    as_days,
    as_instants,
    as_texts,
    normalise,
    split_counters,
    sum_periods,
    sum_states,
    type_long,
    type_wide,
)
from spoki_analytics.frames.reports.shapes import Shape, merged, recognise
from spoki_analytics.frames.reports.words import API_NAMES, STATUSES, snake
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.wording.messages import gettext, noop


def natural_form(rows: pd.DataFrame, column_map: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The rows in the form in which they came, with the names and dtypes of this package.

    Args:
        rows: Rows as ``to_frame`` gave them.
        column_map: Column of ``rows`` to column of the long or wide form, such as
            ``{"giorno": "period_start", "tot": "count"}``; wins over everything recognised.

    Returns:
        Detailed rows long (period_start, channel, category, status, count, then the other columns), legacy rows
        under the API's names (account, granularity, period_start, sent_message_count, …), rows that are not
        recognised unchanged.

    Raises:
        UsageError: ``column_map`` names a column or a target that does not exist.

    Warns:
        SpokiWarning: The rows were not recognised.
    """
    return _by_shape(rows, column_map, long=_detailed, wide=_legacy, unknown=lambda: rows)


def long_form(rows: pd.DataFrame, column_map: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The rows as one row a count.

    Args:
        rows: Rows as ``to_frame`` or ``natural_form`` gave them.
        column_map: As for ``natural_form``.

    Returns:
        period_start (datetime64[us, UTC], midnight of the calendar day), account (Int64), channel (text), category
        and status (category; recognised words in the API's spelling), count (Int64, messages). Counters of legacy
        rows are taken apart into exclusive states: Sent is those sent and not yet delivered. Rows that are not
        recognised keep their columns at the right of these, which are then missing.

    Raises:
        UsageError: ``column_map`` names a column or a target that does not exist.

    Warns:
        SpokiWarning: The rows were not recognised.
    """
    return _by_shape(
        rows,
        column_map,
        long=lambda shape: normalise(_detailed(shape)),
        wide=lambda shape: split_counters(_counted(shape)),
        unknown=lambda: type_long(_beside(LONG, rows)),
    )


def _by_shape(
    rows: pd.DataFrame,
    column_map: Mapping[str, str] | None,
    *,
    long: Callable[[Shape], pd.DataFrame],
    wide: Callable[[Shape], pd.DataFrame],
    unknown: Callable[[], pd.DataFrame],
) -> pd.DataFrame:
    """What is made of rows by their shape; a page without columns counts as long, as it has nothing to be told by."""
    shape = recognise(rows, column_map)
    if shape.is_long or shape.is_map or rows.shape[1] == 0:
        made = long(shape)
    elif shape.is_wide:
        made = wide(shape)
    else:
        _warn_unrecognised(shape)
        made = unknown()
    return _with_attributes(made, rows)


def wide_form(rows: pd.DataFrame, column_map: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The rows as one row a period and account.

    Args:
        rows: Rows as ``to_frame`` or ``natural_form`` gave them.
        column_map: As for ``natural_form``.

    Returns:
        period_start (datetime64[us, UTC]), account (Int64), then messages by outcome: sent, delivered, read, failed,
        pending, incoming, template, free, and conversations, contacts_reached (all Int64; missing where the source
        does not know it). In order of period. Rows that are not recognised keep their columns at the right of these.

    Raises:
        UsageError: ``column_map`` names a column or a target that does not exist.

    Warns:
        SpokiWarning: The rows were not recognised, or some states of messages were not.
    """
    shape = recognise(rows, column_map)
    if shape.is_long or shape.is_map or rows.shape[1] == 0:
        long = normalise(_detailed(shape))
        _warn_unsummed(long)
        wide = sum_states(long)
    elif shape.is_wide:
        wide = sum_periods(_counted(shape))
    else:
        _warn_unrecognised(shape)
        missing = _beside(WIDE, rows)
        wide = missing.assign(**type_wide(missing))
    return _with_attributes(wide, rows)


def _detailed(shape: Shape) -> pd.DataFrame:
    """Long rows in the API's own words, other columns at the right."""
    source = shape.frame
    if shape.is_long or not shape.cells:
        columns = {name: shape.column(name) for name in ("period_start", "channel", "category", "status", "count")}
        others = [name for name in shape.others() if name not in columns]
        return type_long(pd.DataFrame({**columns, **_account(shape), **source[others]}, source.index))
    pieces = [_melt(shape, name) for name in shape.cells]
    long = pd.concat(pieces).sort_index(kind="stable").reset_index(drop=True)
    return type_long(long[long["count"].notna()].reset_index(drop=True))


def _melt(shape: Shape, name: str) -> pd.DataFrame:
    """One column of a map of states as long rows."""
    cell, source = shape.cells[name], shape.frame
    columns = {
        "period_start": as_days(shape.column("period_start")),
        "channel": as_texts(shape.column("channel")) if cell.channel is None else cell.channel,
        "category": as_texts(shape.column("category")) if cell.category is None else cell.category,
        "status": cell.status,
        "count": as_counts(source[name]),
    }
    others = [other for other in shape.others() if other not in columns]
    return pd.DataFrame({**columns, **_account(shape), **source[others]}, source.index)


def _account(shape: Shape) -> dict[str, pd.Series]:
    return {"account": as_counts(shape.column("account"))} if shape.roles.get("account") else {}


def _legacy(shape: Shape) -> pd.DataFrame:
    """Counters under the API's names with all documented columns, other columns at the right."""
    named = {API_NAMES.get(name, name): names for name, names in shape.counters.items()}
    documented = {path: field.kind for path, field in SCHEMAS["reports"].leaves()}
    columns = {path: _documented(shape, path, kind, named.get(path)) for path, kind in documented.items()}
    columns |= {name: as_counts(merged(shape.frame, names)) for name, names in named.items() if name not in columns}
    others = [name for name in shape.others() if name not in columns]
    return pd.DataFrame({**columns, **shape.frame[others]}, shape.frame.index)


def _documented(shape: Shape, path: str, kind: str, names: list[str] | None) -> pd.Series:
    """One documented column of legacy rows with its documented dtype."""
    if path in shape.roles:
        values = shape.column(path)
    else:
        values = merged(shape.frame, names or [name for name in shape.frame.columns if snake(name) == path])
    if kind == "enum":
        return as_categories(values, ("Day", "Month", "Year"))
    readers = {"date": as_days, "datetime": as_instants}
    return readers.get(kind, as_counts)(values)


def _counted(shape: Shape) -> pd.DataFrame:
    """Counters under the names of the wide form."""
    columns = {"period_start": shape.column("period_start"), "account": shape.column("account")}
    columns |= {name: merged(shape.frame, shape.counters.get(name, [])) for name in COUNTED}
    return type_wide(pd.DataFrame(columns, shape.frame.index))


def _beside(names: tuple[str, ...], rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of a form, missing, with what was not recognised at their right."""
    renamed = rows.rename(columns={name: f"{name}_api" for name in rows.columns if name in names})
    return pd.concat([pd.DataFrame(columns=list(names), index=rows.index), renamed], axis=1)


def _with_attributes(result: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The result with the provenance of its rows."""
    result.attrs = dict(rows.attrs)
    if KEY in result.attrs:
        result.attrs[KEY] = {**result.attrs[KEY], "rows": len(result)}
    return result


def _warn_unrecognised(shape: Shape) -> None:
    missing = [role for role in ("period_start", "status", "count") if not shape.roles.get(role)]
    example = dict(zip(shape.unread() or shape.frame.columns, missing, strict=False))
    warn(
        gettext(
            "reports: the columns {columns} were not recognised and are left as they came. Say what they mean, for "
            "example {example}; the targets are {targets}.",
            columns=", ".join(shape.frame.columns),
            example=f"column_map={example!r}",
            targets=", ".join((*LONG, *COUNTED)),
        )
    )


def _warn_unsummed(long: pd.DataFrame) -> None:
    states = sorted(set(long["status"].dropna()) - set(STATUSES))
    if states:
        sentence = noop("reports: no counter for messages in state {states}; they are in no sum of the wide form.")
        warn(gettext(sentence, states=", ".join(states)))
