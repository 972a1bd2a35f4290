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
    with _lock:
        hide = _SLOW not in sys.modules
        if hide:
            sys.modules[_SLOW] = cast(ModuleType, None)
        try:
            return importlib.import_module("papermill")
        finally:
            if hide:
                sys.modules.pop(_SLOW, None)
