"""Arguments of the client as options of the shell."""

from __future__ import annotations

import pytest

from spoki_analytics.cli.arguments import REPORT_OPTIONS, in_shell
from spoki_analytics.wording.arguments import argument, call, spelling


@pytest.mark.parametrize(
    ("name", "values", "typed"),
    [
        ("limit", (), "--limit"),
        ("again", (True,), "--again"),
        ("missing", ("keep",), "--missing keep"),
        ("confirm", ("DELETE 3 contacts",), '--confirm "DELETE 3 contacts"'),
        ("frame", (), "--from-file"),
        ("writes", (True,), "--apply"),
        ("base_url", (), "SPOKI_BASE_URL"),
        ("max_attempts", (1,), "SPOKI_MAX_ATTEMPTS=1"),
        ("some_other", (), "--some-other"),
    ],
    ids=lambda value: value if isinstance(value, str) and value else "",
)
def test_an_argument_is_typed_as_its_option(name: str, values: tuple[object, ...], typed: str) -> None:
    with spelling(in_shell()):
        assert argument(name, *values) == typed


def test_a_call_is_typed_as_its_command() -> None:
    with spelling(in_shell()):
        assert call("journal.resume", "20261122-1") == "spoki-analytics journal resume 20261122-1"
        assert call("journal.show") == "spoki-analytics journal show"


def test_what_a_command_collects_stands_behind_its_option() -> None:
    with spelling(in_shell("--filter")):
        assert (argument("status"), argument("status", "Open")) == ("--filter status", "--filter status=Open")
    with spelling(in_shell("-p", REPORT_OPTIONS)):
        assert (argument("start"), argument("threshold")) == ("--from", "-p threshold")
