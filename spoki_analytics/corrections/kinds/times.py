"""Times of a write: as Spoki takes them in custom fields, and as a reader checks them.

Values hold moments in UTC. A custom field takes them in the account's zone, month first, without an offset
(contract, section 4.12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from spoki_analytics.corrections.change import Values
from spoki_analytics.corrections.reader import Reader
from spoki_analytics.corrections.writes import Write
from spoki_analytics.wording.messages import gettext

CUSTOM = "custom_fields"
_WIRE = "%m/%d/%Y %H:%M"


def on_the_wire(values: Values, reader: Reader) -> dict[str, Any]:
    """Values as they are sent: the moments of custom fields in the account's zone."""
    custom = values.get(CUSTOM)
    if not isinstance(custom, Mapping) or not custom:
        return dict(values)
    return {**values, CUSTOM: {code: _sent(code, value, reader) for code, value in custom.items()}}


def times_in_zone(write: Write, values: Values, reader: Reader) -> tuple[str, ...]:
    """A sentence for each moment that would be written: what it is by the account's clocks."""
    return tuple(
        gettext("{name} is {moment} in {zone}.", name=name, moment=local.strftime("%Y-%m-%d %H:%M"), zone=local.tzinfo)
        for name, value in _moments(write, values, reader)
        if (local := _local(value, reader)) is not None
    )


def _moments(write: Write, values: Values, reader: Reader) -> Iterator[tuple[str, Any]]:
    dated = {parameter.name for parameter in write.parameters if parameter.type == "datetime"}
    yield from ((name, value) for name, value in values.items() if name in dated)
    custom = values.get(CUSTOM)
    if isinstance(custom, Mapping) and custom:
        yield from ((code, value) for code, value in custom.items() if code in reader.moment_codes)


def _sent(code: str, value: Any, reader: Reader) -> Any:
    local = _local(value, reader) if code in reader.moment_codes else None
    return value if local is None else local.strftime(_WIRE)


def _local(value: Any, reader: Reader) -> datetime | None:
    """A moment by the account's clocks; None for what is none, such as an empty text."""
    try:
        when = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return when.replace(tzinfo=reader.zone) if when.utcoffset() is None else when.astimezone(reader.zone)
