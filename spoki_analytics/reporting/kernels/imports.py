"""papermill without an import that costs over a second for nothing."""

from __future__ import annotations

import functools
import importlib
import sys
import threading
from types import ModuleType
from typing import cast

_SLOW = "rfc3987_syntax"
_lock = threading.Lock()


@functools.cache
def papermill() -> ModuleType:
    """The papermill module.

    papermill imports jsonschema, which imports ``rfc3987_syntax`` where JupyterLab has installed it: that compiles
    some 35 grammars for a text format that no notebook schema uses. jsonschema does without when it is missing, so it
    is hidden for the length of this one import.
    """
    # A lazy import was asked for upstream: https://github.com/python-jsonschema/jsonschema/issues/1428
    # With jsonschema 4.26 and rfc3987-syntax 1.1 papermill's import takes 1.54 s of processor time, and 0.46 s so.
    with _lock:
        hide = _SLOW not in sys.modules
        if hide:
            sys.modules[_SLOW] = cast("ModuleType", None)
        try:
            return importlib.import_module("papermill")
        finally:
            if hide:
                sys.modules.pop(_SLOW, None)
