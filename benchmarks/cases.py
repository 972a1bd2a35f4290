"""The comparisons, as data. The aims are ratios to the hand-written loop unless said."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.processes import Way
from benchmarks.rounds import Aim, Case
from benchmarks.stages import contact_server, nothing, pages_on_disk, sandbox, throttling_server

SPOKI, BY_HAND = "spoki_analytics", "by hand"
COLD, WARM = f"{SPOKI}, cold", f"{SPOKI}, warm"
SYSTEM = f"{SPOKI}, Arrow on the system's allocator"
ARROW_JSON = "floor: pyarrow.json, two threads"
REPORT, COMMAND_LINES = "spoki-analytics report", "papermill, then jupyter nbconvert"
RENDER, MANY = "render(), imports included", "render_many(), imports included"
BARE = "papermill.execute_notebook, no page, imports included"
SIX = "the first six charts of the usage page"
IMPORT, IMPORT_CLIENT = "import spoki_analytics", "from spoki_analytics import Spoki"
IMPORT_PANDAS = "import pandas"
PLAIN = "requests.Session, JSON, no cache"
_IDEAL = 4.0
_LISTINGS = {"lists": (23, 5), "campaigns": (275, 60), "tickets": (550, 120)}
_BLOCKS = (
    "most of so small an amount is the block size of Arrow's own allocator: on the system's allocator, the last row "
    "of its table, the same work needs less. With 100,000 contacts the question does not arise."
)
_THREADS = (
    "pyarrow.json reads with all cores and gives up on the first value of an unexpected type; this package does not."
)
_IMPORTS = "the imports are a fixed part of it, and the floor has to pay for most of them too."
_SCALED = (
    "each window is made 2 % longer than Spoki's, at least 50 ms, for the way to the server: 5 % of one second, 2 % "
    "of a real one of 60 s. The rest is work: 185 requests at once, on cores that the server uses too; the loop by "
    "hand has that part as well."
)
_STARTS = (
    "what is left is mostly the import of pandas, matplotlib, nbclient and nbconvert, which both sides pay. This "
    "package does it in two processes side by side, which gains least where the cores are busy with something else."
)
_DRAWING = "what remains is the work of the notebook itself, on as many kernels at a time as there are workers (two)."
_ON_TOP = (
    "requests, requests-cache, pydantic-settings and pyrate-limiter are more than half of what comes on top of pandas. "
    "`import spoki_analytics` alone loads none of them."
)
A_PAGE: dict[str, Any] = {
    "unit": "ms a page",
    "scale": 1000 / 200,
    "note": "200 pages one after the other, 20,000 contacts.",
}


def _frames(contacts: int, *more: Way, why_memory: str = "") -> Case:
    return Case(
        name=f"frames-{contacts}",
        title=f"JSON pages to four typed frames, {contacts:,} contacts",
        ways=(
            Way(SPOKI, "frames:spoki"),
            Way(BY_HAND, "frames:by_hand"),
            Way(ARROW_JSON, "frames:floor"),
            *more,
        ),
        stage=partial(pages_on_disk, contacts),
        aims=(
            Aim(f"frames of {contacts:,} contacts, time", SPOKI, 0.20, BY_HAND),
            Aim(f"frames of {contacts:,} contacts, peak memory", SPOKI, 0.40, BY_HAND, "memory", why=why_memory),
            Aim(f"frames of {contacts:,} contacts, time, to pyarrow.json", SPOKI, 2.0, ARROW_JSON, why=_THREADS),
        ),
        note="The pages are in memory before the clock starts.",
        reference=BY_HAND,
        shows_memory=True,
    )


def _end_to_end(contacts: int, cold: float, warm: float) -> Case:
    return Case(
        name=f"load-{contacts}",
        title=f"{contacts:,} contacts end to end, imports included",
        ways=(
            Way(COLD, "end_to_end:spoki", "process"),
            Way(WARM, "end_to_end:spoki", "process", warm=True),
            Way(BY_HAND, "end_to_end:by_hand", "process"),
            Way("floor: urllib3, orjson, Arrow", "end_to_end:floor", "process"),
        ),
        stage=partial(contact_server, contacts, fill=True),
        warm_up=partial(contact_server, 100, fill=True),
        aims=(
            Aim(f"{contacts:,} contacts end to end, cold", COLD, cold, BY_HAND, why=_IMPORTS),
            Aim(f"{contacts:,} contacts end to end, warm", WARM, warm, BY_HAND, why=_IMPORTS),
            Aim(f"{contacts:,} contacts, calls of a repeat", WARM, 0, fact="calls"),
        ),
        facts=(("calls", "calls"),),
        reference=BY_HAND,
        shows_memory=True,
    )


CASES = (
    _frames(10_000, Way(SYSTEM, "frames:spoki", options={"pool": "system"}), why_memory=_BLOCKS),
    _frames(100_000),
    Case(
        name="page-cold",
        title="A page of 100 contacts from the server",
        ways=(
            Way(PLAIN, "pages:requests_session"),
            Way("requests-cache, pages kept one by one, cold", "pages:cached_pages", options={"warm": False}),
            Way(f"{SPOKI}: rate, request, checks, JSON", "pages:answers"),
            Way(f"{SPOKI}: the same, typed and kept", "pages:kept", options={"warm": False}),
            Way("floor: urllib3, orjson", "pages:floor"),
        ),
        stage=partial(contact_server, 20_000),
        reference=PLAIN,
        **A_PAGE,
    ),
    Case(
        name="page-warm",
        title="The same page from the cache",
        ways=(
            Way(PLAIN, "pages:requests_session"),
            Way("requests-cache, pages kept one by one, warm", "pages:cached_pages", options={"warm": True}),
            Way(f"{SPOKI}: the listing as one table", "pages:kept", options={"warm": True}),
        ),
        stage=partial(contact_server, 20_000),
        reference=PLAIN,
        **A_PAGE,
    ),
    _end_to_end(20_000, 0.70, 0.35),
    _end_to_end(100_000, 0.40, 0.15),
    Case(
        name="limiter",
        title="Rate limits: 23 requests at 5, 275 at 60 and 550 at 120 in a window",
        ways=(
            Way(f"{SPOKI}, together", "limits:spoki"),
            Way("by hand: a thread each, obeying Retry-After", "limits:by_hand"),
        ),
        stage=partial(throttling_server, **_LISTINGS),
        aims=(
            Aim("limiter, wall time to the ideal", f"{SPOKI}, together", 1.10, ideal=_IDEAL, why=_SCALED),
            Aim("limiter, refused calls", f"{SPOKI}, together", 0, fact="refused"),
        ),
        note="Windows are scaled from 60 s to 1 s, so that the least time is 4 s. The listings are walked at the same "
        "time. The server refuses as Django REST framework does: by a log of the last window, in which refused calls "
        "do not count.",
        facts=(("calls", "calls"), ("refused", "refused (429)")),
    ),
    Case(
        name="report",
        title="One cold report",
        ways=(
            Way(REPORT, "reports:command", warm=True),
            Way(COMMAND_LINES, "reports:command_lines", warm=True),
            Way(RENDER, "reports:render_one", "process", warm=True),
            Way(BARE, "reports:papermill_alone", "process", warm=True),
        ),
        stage=partial(sandbox, "small", 1),
        note="The usage notebook, on the same data in a warm cache: nothing is asked of Spoki. Commands are timed from "
        "their start to their end.",
        aims=(
            Aim("one cold report, to the two command lines", REPORT, 0.55, COMMAND_LINES, why=_STARTS),
            Aim("one report, to bare papermill", RENDER, 1.10, BARE),
        ),
    ),
    Case(
        name="reports-20",
        title="Twenty reports, one for each of twenty accounts",
        ways=(
            Way(MANY, "reports:many", "process", warm=True),
            Way(COMMAND_LINES, "reports:command_lines", warm=True, options={"pairs": 5}),
        ),
        stage=partial(sandbox, "medium", 20),
        rounds=2,
        note="The same notebook, caches warm. Of the command lines, five reports one after the other are timed in each "
        "round, and scaled to twenty.",
        aims=(Aim("twenty reports, to the command lines", MANY, 0.25, COMMAND_LINES, why=_DRAWING),),
    ),
    Case(
        name="page-size",
        title="Size of a page",
        ways=(
            Way(SIX, "reports:six_charts", warm=True),
            Way("the usage page", "reports:whole_page", warm=True),
            Way("the usage notebook as nbconvert exports it", "reports:plain_export", warm=True),
        ),
        stage=partial(sandbox, "small", 1),
        rounds=1,
        unit="",
        aims=(Aim("a page of six charts", SIX, 150, fact="kb", unit="kB"),),
        facts=(("charts", "charts"), ("kb", "kB")),
    ),
    Case(
        name="start",
        title="Starts, in a fresh interpreter",
        ways=(
            Way("python -c pass", "starts:python", options={"line": "pass"}),
            *(Way(line, "starts:python", options={"line": line}) for line in (IMPORT, IMPORT_CLIENT, IMPORT_PANDAS)),
            Way("spoki-analytics --help", "starts:command_help"),
        ),
        stage=nothing,
        warm_up=nothing,
        note="The interpreter's own start included.",
        rounds=7,
        aims=(
            Aim(f"{IMPORT}, to pandas", IMPORT, 1.3, IMPORT_PANDAS),
            Aim(f"{IMPORT_CLIENT}, to pandas", IMPORT_CLIENT, 1.3, IMPORT_PANDAS, why=_ON_TOP),
        ),
    ),
)
