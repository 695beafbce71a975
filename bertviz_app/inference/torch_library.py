"""torch's own library, loaded so that the window goes on meanwhile."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

LIBRARY = "libtorch_cpu.so"


def load_ahead() -> bool:
    """Load the library that `import torch` would load; call it on a thread, before the import.

    Python imports with its lock held, and this library is most of the import: the window would
    stand still for a fifth of a second. Asked for through the system's own function, which is
    called without the lock, it is there when Python wants it. Linux only. Where this fails nothing
    is lost: the import does it all.

    Returns:
        Whether it is loaded now.
    """
    if "torch" in sys.modules:
        return True
    found = importlib.util.find_spec("torch") if sys.platform == "linux" else None
    if found is None or found.origin is None:
        return False
    path = Path(found.origin).parent / "lib" / LIBRARY
    try:
        load = ctypes.CDLL(None).dlopen
    except (OSError, AttributeError):
        return False
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    return bool(load(os.fsencode(path), os.RTLD_NOW))
