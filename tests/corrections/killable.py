"""A process that forks workers which apply or resume a correction, so that a test can kill them anywhere at no cost.

It reads one JSON order a line: what to do, for which account data, with how many tickets; and answers with the worker's
process id, then with its exit status once it has ended.
"""

from __future__ import annotations

import json
import os
import sys

from spoki_analytics import Spoki


def work(order: dict[str, object]) -> None:
    os.environ.update(order["environment"])
    with Spoki(writes=True, progress=False) as spoki:
        if order["do"] == "apply":
            spoki.tickets.update(list(range(1, order["rows"] + 1)), status="Closed").apply()
        else:
            (plan,) = spoki.journal.show()["plan"]
            frame = spoki.journal.resume(plan)
            outcome = frame["outcome"]
            assert set(outcome) == {"applied"}, frame[outcome != "applied"].to_dict("records")


def main() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        worker = os.fork()
        if not worker:
            work(json.loads(line))
            os._exit(0)
        print(worker, flush=True)
        _, status = os.waitpid(worker, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
