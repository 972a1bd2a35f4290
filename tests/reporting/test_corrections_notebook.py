"""The worked notebook of corrections: with somebody in front of it, with nobody, and on an account of one's own."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

from spoki_analytics.errors import UsageError
from spoki_analytics.reporting.dashboards import dashboards
from spoki_analytics.reporting.notebooks import find_notebook
from spoki_analytics.reporting.render import render
from spoki_analytics.sandbox import Sandbox

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "corrections.ipynb"


def run_all(*, attended: bool = True, parameters: str = "") -> dict[str, str]:
    """Run all cells in a kernel; gives what each shows, as HTML or text, by the cell's name."""
    manager, client = start_new_kernel(kernel_name="python3", env=dict(os.environ))
    shown: dict[str, str] = {}
    try:
        for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
            if cell.cell_type != "code":
                continue
            source = f"{cell.source}\n{parameters}" if cell.id == "parameters" else cell.source
            outputs: list[str] = []

            def keep(message: dict, outputs: list[str] = outputs) -> None:
                content = message["content"]
                if message["msg_type"] == "error":
                    raise AssertionError("\n".join(content["traceback"]))
                data = content.get("data", {})
                if content.get("name") != "stderr":
                    outputs.append(data.get("text/html") or data.get("text/plain") or content.get("text", ""))

            client.execute_interactive(source, allow_stdin=attended, output_hook=keep, timeout=60)
            shown[cell.id] = "".join(outputs)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return shown


def test_with_somebody_in_front_of_it_the_sandbox_is_corrected_and_put_back() -> None:
    shown = run_all()
    assert "<td>8</td>" in shown["find"]
    assert "6 to send in 6 requests, 0 already so, 1 refused" in shown["preview"]
    assert "The number that is there is not valid" in shown["preview"]
    assert "is not a valid phone number" in shown["preview"]
    assert shown["apply"].count("<td>applied</td>") == 6
    assert "+393330000597" in shown["verify"]
    assert "update_contact" in shown["journal"]
    assert "2 to send in 2 requests" in shown["undo"]
    assert shown["undone"].count("<td>applied</td>") == 2


def test_with_nobody_in_front_of_it_nothing_is_applied() -> None:
    shown = run_all(attended=False)
    assert "6 to send in 6 requests" in shown["preview"]
    assert shown["apply"] == "Nobody is in front of this run: nothing is applied here.\n"
    assert "+3933397" in shown["verify"]
    assert "update_contact" not in shown["journal"]
    assert "0 to send" in shown["undo"]
    assert "Nothing was undone" in shown["undone"]


def test_an_account_of_ones_own_is_corrected_only_after_the_plan_was_read(
    spoki_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPOKI_WRITES", "1")
    shown = run_all(parameters="demo = False")
    mark = shown["apply"].rpartition('approved = "')[2][:12]
    assert f"Plan {mark}: 6 to send" in shown["preview"]
    assert spoki_sandbox.writes() == []
    shown = run_all(parameters=f"demo, approved = False, {mark!r}")
    assert shown["apply"].count("<td>applied</td>") == 6
    assert "Nothing was undone" in shown["undone"]
    assert len(spoki_sandbox.writes("update_contact")) == len(spoki_sandbox.writes()) == 6


def test_it_is_no_report(tmp_path: Path) -> None:
    assert "corrections" not in [each.name for each in dashboards()]
    with pytest.raises(UsageError, match="There is no report called corrections"):
        find_notebook("corrections")


def test_as_a_report_it_writes_nothing(spoki_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPOKI_WRITES", "1")
    done = render(str(NOTEBOOK), parameters={"demo": False}, out=tmp_path / "out")
    assert done.ok, done.error
    assert done.html is not None
    assert "nothing is applied here" in done.html.read_text(encoding="utf-8")
    assert spoki_sandbox.writes() == []
