"""Report rows of whatever shape, recognised: flat long rows, maps of states, or rows of counters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from spoki_analytics.errors import UsageError
from spoki_analytics.frames.builder import TableBuilder
from spoki_analytics.frames.reports.forms import as_counts, as_days, as_texts
from spoki_analytics.frames.reports.words import (
    CATEGORIES,
    CHANNEL_WRAPPERS,
    COUNTERS,
    NO_STATES,
    ROLES,
    STATE_WRAPPERS,
    WRAPPERS,
    aliases,
    counter_of,
    snake,
    status_of,
)
from spoki_analytics.frames.schemas import SCHEMAS
from spoki_analytics.frames.tables import TEXT, to_frame
from spoki_analytics.wording.messages import gettext, noop


@dataclass(frozen=True)
class Cell:
    """Where in a map of states a column belongs."""

    status: str
    category: str | None = None
    channel: str | None = None


@dataclass
class Shape:
    """What was recognised in a frame of report rows.

    Attributes:
        frame: The rows, lists of objects in them spread over several rows.
        roles: For each column of the long form, the columns that may fill it, the likeliest first.
        cells: The columns of a map of states.
        counters: For each counter of the wide form, the columns that may fill it.
    """

    frame: pd.DataFrame
    roles: dict[str, list[str]] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    counters: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_dated(self) -> bool:
        """Whether the rows say which period they are about."""
        return bool(self.roles.get("period_start"))

    @property
    def is_long(self) -> bool:
        """Whether each row is one count; a total beside a map of states does not make it one."""
        parts = any(self.roles.get(name) for name in ("status", "category", "channel"))
        total = bool(self.cells) and not self.roles.get("status")
        return self.is_dated and bool(self.roles.get("count")) and parts and not total

    @property
    def is_map(self) -> bool:
        """Whether each row holds counts by state."""
        return self.is_dated and bool(self.cells)

    @property
    def is_wide(self) -> bool:
        """Whether each row holds counters, as those of the legacy endpoint do."""
        return self.is_dated and bool(self.counters)

    def column(self, role: str) -> pd.Series:
        """The values of a role: of its likeliest column, and where that is missing of the next."""
        return merged(self.frame, self.roles.get(role, []))

    def unread(self) -> list[str]:
        """The columns that mean nothing to this module."""
        read = {name for names in (*self.roles.values(), *self.counters.values()) for name in names}
        return [name for name in self.frame.columns if name not in read and name not in self.cells]

    def others(self) -> list[str]:
        """The columns that none of the shapes needs; ids of channels are among them."""
        ids = {name for name in self.roles.get("channel", []) if snake(name).endswith("channel_id")}
        kept = {*self.unread(), *ids}
        return [name for name in self.frame.columns if name in kept]


def recognise(frame: pd.DataFrame, column_map: Mapping[str, str] | None) -> Shape:
    """What the columns of a frame of report rows mean.

    Args:
        frame: Rows as ``to_frame`` flattened them.
        column_map: Column of the frame to column of the long or wide form; wins over everything recognised.

    Raises:
        UsageError: ``column_map`` names a column or a target that does not exist.
    """
    mapped = dict(column_map or {})
    spread = _spread(frame)
    _check(mapped, spread)
    shape = Shape(spread)
    free = _by_alias(name for name in spread.columns if name not in mapped)
    for role, spellings in ROLES.items():
        if chosen := [name for name, target in mapped.items() if target == role]:
            shape.roles[role] = chosen
        else:
            shape.roles[role] = [free[word] for word in spellings if word in free]
    shape.roles["period_start"] = [name for name in shape.roles["period_start"] if _is_dated(spread[name])]
    taken = {*mapped, *(name for names in shape.roles.values() for name in names)}
    _find_numbers(shape, mapped, taken)
    return shape


def merged(frame: pd.DataFrame, names: list[str]) -> pd.Series:
    """The first of these columns, gaps filled from the next ones; all missing when there are none."""
    if not names:
        return pd.Series(pd.NA, frame.index, dtype=TEXT)
    result = frame[names[0]]
    for name in names[1:]:
        if result.isna().any():
            other = frame[name]
            result = result.fillna(other) if result.dtype == other.dtype else as_texts(result).fillna(as_texts(other))
    return result


def _check(mapped: dict[str, str], frame: pd.DataFrame) -> None:
    targets = [*ROLES, *COUNTERS]
    if wrong := sorted({str(target) for target in mapped.values()} - set(targets)):
        sentence = noop("column_map: unknown target {names}; the targets are {targets}.")
        raise UsageError(gettext(sentence, names=", ".join(wrong), targets=", ".join(targets)))
    if absent := [name for name in mapped if name not in frame.columns]:
        sentence = noop("column_map: no column {names}; the columns are {columns}.")
        raise UsageError(gettext(sentence, names=", ".join(absent), columns=", ".join(frame.columns)))


def _by_alias(names: Iterable[str]) -> dict[str, str]:
    """Each column by what it may be called; whole names come before parts of names, left before right."""
    spelled = [(rank, alias, name) for name in names for rank, alias in enumerate(aliases(name))]
    return {alias: name for _, alias, name in sorted(spelled, key=lambda entry: entry[0], reverse=True)}


def _find_numbers(shape: Shape, mapped: dict[str, str], taken: set[str]) -> None:
    for name, target in mapped.items():
        if target in COUNTERS:
            shape.counters.setdefault(target, []).append(name)
    for name in shape.frame.columns:
        if name in taken or not _is_number(shape.frame[name]):
            continue
        if cell := _cell(name):
            shape.cells[name] = cell
        elif counter := counter_of(name.split(".")[-1]):
            shape.counters.setdefault(counter, []).append(name)
    _find_unknown_states(shape, taken)


def _find_unknown_states(shape: Shape, taken: set[str]) -> None:
    """States that nobody documented, by where they stand: beside known ones in a map, or in a map named after states.

    They keep their own names. The list of known states is open: Held, Deleted and Warning turned up in 2026.
    """
    maps = {_hole(name.split("."), at) for name in shape.cells if (at := _state_at(name.split("."))) is not None}
    for name in shape.unread():
        segments = name.split(".")
        at = next(
            (i for i in range(len(segments)) if _hole(segments, i) in maps or _is_named_states(segments, i)), None
        )
        no_state = at is None or snake(segments[at]) in NO_STATES or snake(segments[at]).endswith("_id")
        if at is not None and not no_state and name not in taken and _is_number(shape.frame[name]):
            shape.cells[name] = _cell_at(segments, at)


def _hole(segments: list[str], at: int) -> tuple[str | None, ...]:
    """The name with a hole where its state stands: what all columns of one map share."""
    return tuple(None if i == at else segment for i, segment in enumerate(segments))


def _is_named_states(segments: list[str], at: int) -> bool:
    return at == len(segments) - 1 and at > 0 and snake(segments[at - 1]) in STATE_WRAPPERS


def _state_at(segments: list[str]) -> int | None:
    """Where the one known state stands in a name such as ``MARKETING.Delivered``; None where there is not just one."""
    states = [i for i, segment in enumerate(segments) if status_of(segment)]
    if len(segments) < 2 or len(states) != 1 or snake(segments[states[0]]).endswith("_message_count"):
        return None
    return states[0]


def _cell(name: str) -> Cell | None:
    """Where ``statuses.sent`` or ``MARKETING.Delivered`` belongs in a map; None for what is no part of one."""
    at = _state_at(name.split("."))
    return None if at is None else _cell_at(name.split("."), at)


def _cell_at(segments: list[str], at: int) -> Cell:
    """The cell of a name whose state stands there; the rest of the name is category and channel."""
    status = segments.pop(at)
    rest = [segment for segment in segments if snake(segment) not in WRAPPERS]
    under_channels = any(snake(segment) in CHANNEL_WRAPPERS for segment in segments)
    category = next((segment for segment in rest if segment.upper() in CATEGORIES), None)
    if category is not None:
        rest.remove(category)
    elif rest and not (under_channels and len(rest) == 1):
        category = rest.pop()
    return Cell(status, category, ".".join(rest) or None)


def _is_number(values: pd.Series) -> bool:
    """Whether a column may hold counts; numbers written as text are counts, too."""
    if pd.api.types.is_bool_dtype(values):
        return bool(values.isna().all())
    return bool(as_counts(values).notna().equals(values.notna()))


def _is_dated(values: pd.Series) -> bool:
    return bool(values.isna().all() or as_days(values).notna().any())


def _spread(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with each list of objects spread over several rows, its fields flattened with a dot."""
    for name in frame.columns:
        if lists := _lists(frame[name]):
            return _spread(_spread_one(frame, name, lists))
    return frame


def _lists(values: pd.Series) -> list[list[dict[str, Any]]] | None:
    """The lists of objects in a column of JSON text; None when it holds anything else."""
    if values.dtype != TEXT or not values.str.startswith("[{").any():
        return None
    try:
        lists = [json.loads(text) for text in values.fillna("[]")]
    except ValueError:
        return None
    right = all(isinstance(items, list) and all(isinstance(item, dict) for item in items) for items in lists)
    return lists if right else None


def _spread_one(frame: pd.DataFrame, name: str, lists: list[list[dict[str, Any]]]) -> pd.DataFrame:
    """The rows repeated for each item of their list; a row without items stays one row."""
    owners = [row for row, items in enumerate(lists) for _ in items or [{}]]
    builder = TableBuilder(SCHEMAS["generic"])
    builder.add([item for items in lists for item in items or [{}]])
    inner = to_frame(builder.finish(), SCHEMAS["generic"]).add_prefix(f"{name}.").reindex(range(len(owners)))
    outer = frame.drop(columns=name).iloc[owners].reset_index(drop=True)
    return pd.concat([outer, inner.drop(columns=outer.columns, errors="ignore")], axis=1)
