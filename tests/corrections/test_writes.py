"""What is special about a write stands in the table of writes, and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from spoki_analytics import corrections
from spoki_analytics.catalogue import operation
from spoki_analytics.corrections.kinds import KINDS
from spoki_analytics.corrections.writes import WRITES, Write

ROOM = Path(corrections.__file__).parent
TABLE = ROOM / "writes.py"


def trees() -> Iterator[tuple[str, ast.AST]]:
    """Every module of the room but the table."""
    for path in sorted(ROOM.rglob("*.py")):
        if path != TABLE:
            yield path.name, ast.parse(path.read_text(encoding="utf-8"))


def test_no_module_names_a_write_but_the_table() -> None:
    named = [
        f"{name}, line {node.lineno}: {node.value}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in WRITES
    ]
    assert named == []


def test_no_module_decides_by_the_name_of_a_write_or_family() -> None:
    decided = [
        f"{name}, line {node.lineno}: {ast.unparse(node)}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Attribute) and side.attr in ("slug", "family")
        if any(isinstance(other, ast.Constant | ast.Tuple) for other in (node.left, *node.comparators))
    ]
    assert decided == []


@pytest.mark.parametrize("write", WRITES.values(), ids=lambda write: write.slug)
def test_every_fact_of_a_write_is_known_elsewhere(write: Write) -> None:
    assert write.kind in KINDS
    assert {write.inverse, write.unmakes, write.leaves} <= {*WRITES, ""}
    assert write.touches
    reads = {write.retrieve, write.listing, *(slug for slug, _ in write.subject.references.values())}
    assert all(operation(slug).is_read for slug in reads if slug)
    assert write.batch == 1 or write.entry.accepts("body")
    assert {each.name for each in write.parameters}.isdisjoint(write.without)


@pytest.mark.parametrize(
    ("slug", "items", "body"),
    [
        ("update_ticket", [{"status": "Open"}], {"status": "Open"}),
        ("bulk_sync_contacts", [{"phone": "1"}, {"phone": "2"}], [{"phone": "1"}, {"phone": "2"}]),
        ("sync_contacts_to_list", [{"phone": "1"}], {"contacts": [{"phone": "1"}]}),
        (
            "remove_contacts_from_list",
            [{"ids": [1]}, {"phones": ["2"]}, {"ids": [3]}],
            {"ids": [1, 3], "phones": ["2"]},
        ),
    ],
)
def test_items_are_packed_as_spoki_takes_them(slug: str, items: list[object], body: object) -> None:
    assert WRITES[slug].pack(items) == body
