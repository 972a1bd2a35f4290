"""The long and the wide form of report rows: their columns, their dtypes, and the way from one to the other."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from spoki_analytics.frames.reports.words import CATEGORIES, STATUSES, status_of
from spoki_analytics.frames.tables import TEXT, categorical
from spoki_analytics.frames.times import days, instants

INSTANTS = pd.DatetimeTZDtype("us", "UTC")
LONG = ("period_start", "account", "channel", "category", "status", "count")
COUNTED = (
    "sent",
    "delivered",
    "read",
    "failed",
    "pending",
    "incoming",
    "template",
    "free",
    "conversations",
    "contacts_reached",
)
WIDE = ("period_start", "account", *COUNTED)

_INCLUDED = {
    "sent": ("Sent", "Delivered", "Read"),
    "delivered": ("Delivered", "Read"),
    "read": ("Read",),
    "failed": ("Error",),
    "pending": ("Pending",),
}
"""Which exclusive states each counter of the wide form sums."""
_LATEST_FIRST = (("read", "Read"), ("delivered", "Delivered"), ("sent", "Sent"))
_ALONE = (("failed", "Error"), ("pending", "Pending"), ("incoming", "Incoming"))


def as_texts(values: pd.Series) -> pd.Series:
    """Values of any dtype as text."""
    return values.astype(TEXT)


def as_days(values: pd.Series) -> pd.Series:
    """Periods as midnight UTC of their first day; missing where they cannot be read."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.astype(INSTANTS)
    moments, _, _ = days(_arrow_texts(values))
    return _indexed(moments, values)


def as_instants(values: pd.Series) -> pd.Series:
    """Date-times as UTC; missing where they cannot be read."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.astype(INSTANTS)
    moments, _, _ = instants(_arrow_texts(values), "UTC")
    return _indexed(moments, values)


def as_categories(values: pd.Series, choices: tuple[str, ...]) -> pd.Series:
    """Texts as a categorical with these choices first."""
    return pd.Series(categorical(_arrow_texts(values), choices), values.index)


def as_counts(values: pd.Series) -> pd.Series:
    """Whole numbers; missing where a value is none."""
    if values.dtype == pd.Int64Dtype():
        return values
    numbers = pd.to_numeric(values.astype(object).where(values.notna(), None), errors="coerce").astype("Float64")
    return numbers.where((numbers % 1 == 0).fillna(False)).astype("Int64")


def type_long(frame: pd.DataFrame) -> pd.DataFrame:
    """The same columns with the dtypes of the long form."""
    typed = {"period_start": as_days(frame["period_start"]), "channel": as_texts(frame["channel"])}
    for name, choices in (("category", CATEGORIES), ("status", tuple(STATUSES)[:-1])):
        typed[name] = as_categories(frame[name], choices)
    for name in {"account", "count"} & set(frame.columns):
        typed[name] = as_counts(frame[name])
    return frame.assign(**typed)


def type_wide(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of the wide form with their dtypes, missing where there were none."""
    full = frame.reindex(columns=list(WIDE))
    counts = {name: as_counts(full[name]) for name in WIDE[1:]}
    return full.assign(period_start=as_days(full["period_start"]), **counts)


def normalise(long: pd.DataFrame) -> pd.DataFrame:
    """The columns of the long form only, with one spelling for each known state and category."""
    only = long.reindex(columns=list(LONG))
    statuses = {word: status_of(word) or word for word in only["status"].cat.categories}
    categories = {word: word.upper() for word in only["category"].cat.categories if word.upper() in CATEGORIES}
    only["status"] = as_texts(only["status"]).replace(statuses)
    only["category"] = as_texts(only["category"]).replace(categories)
    return type_long(only)


def split_counters(wide: pd.DataFrame) -> pd.DataFrame:
    """Counters, each of which includes those of later states, as long rows of exclusive states.

    What is delivered and read after midnight makes a day's read exceed its delivered, and then the day's *Delivered* is
    negative. It stays so: only uncapped do the days add up to what was reported, and to what longer periods report.
    """
    counts: dict[str, pd.Series] = {}
    later = pd.Series(0, wide.index, dtype="Int64")
    for counter, status in _LATEST_FIRST:
        counts[status] = wide[counter] - later
        later = wide[counter].fillna(later)
    counts |= {status: wide[counter] for counter, status in _ALONE}
    keys = wide[["period_start", "account"]]
    pieces = [keys.assign(channel=None, category=None, status=status, count=n) for status, n in counts.items()]
    long = pd.concat([piece[piece["count"].notna()] for piece in pieces]).sort_index(kind="stable")
    return type_long(long.reset_index(drop=True)[list(LONG)])


def sum_states(long: pd.DataFrame) -> pd.DataFrame:
    """Exclusive states as counters, each of which includes those of later states; one row a period and account."""
    counts, status = long["count"], long["status"]
    seen = set(status.dropna())
    columns = {"period_start": long["period_start"], "account": long["account"]}
    if seen & {label for labels in _INCLUDED.values() for label in labels}:
        columns |= {counter: counts.where(status.isin(labels), 0) for counter, labels in _INCLUDED.items()}
    if "Incoming" in seen:
        columns["incoming"] = counts.where(status == "Incoming", 0)
    return sum_periods(pd.DataFrame(columns, long.index))


def sum_periods(wide: pd.DataFrame) -> pd.DataFrame:
    """One row a period and account, in that order; a sum of nothing but missing values is missing."""
    grouped = type_wide(wide).groupby(["period_start", "account"], dropna=False, sort=True)
    return type_wide(grouped.sum(min_count=1).reset_index())


def _arrow_texts(values: pd.Series) -> pa.Array:
    texts = pa.array(as_texts(values), pa.string(), from_pandas=True)
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def _indexed(moments: pa.Array, like: pd.Series) -> pd.Series:
    read: pd.Series = moments.to_pandas()
    return read.set_axis(like.index).astype(INSTANTS)
