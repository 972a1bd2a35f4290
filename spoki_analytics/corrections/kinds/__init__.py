"""One way to plan a write, and to read it back, for each kind of write."""

from __future__ import annotations

from spoki_analytics.corrections.change import Change
from spoki_analytics.corrections.kinds.acts import Acts
from spoki_analytics.corrections.kinds.creations import Creations
from spoki_analytics.corrections.kinds.deletions import Deletions
from spoki_analytics.corrections.kinds.edits import Edits
from spoki_analytics.corrections.kinds.kind import Kind
from spoki_analytics.corrections.kinds.list_members import Clearings, Leavers
from spoki_analytics.corrections.kinds.operators import Operators
from spoki_analytics.corrections.kinds.upserts import Upserts
from spoki_analytics.corrections.writes import write_of

KINDS: dict[str, Kind] = {
    "act": Acts(),
    "assign": Operators(assigned=True),
    "create": Creations(),
    "delete": Deletions(),
    "edit": Edits(),
    "empty": Clearings(),
    "leave": Leavers(),
    "unassign": Operators(assigned=False),
    "upsert": Upserts(),
}
"""Every kind by its name in the table of writes."""


def kind_of(change: Change) -> Kind:
    """The kind of a change's write."""
    return KINDS[write_of(change).kind]
