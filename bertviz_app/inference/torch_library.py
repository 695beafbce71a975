"""torch, imported so that a window goes on meanwhile, and without what only its compilers need."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

from bertviz_app.core.devices import CPU

LIBRARY = "libtorch_cpu.so"

SHAPE_RULES = "torch._meta_registrations"
"""Rules in Python for the shape of every result, by which torch's compilers look ahead.

They and what they stand on are a third of the time that torch takes to be imported.
"""


def import_torch(device: str = CPU) -> None:
    """Import torch, for the processor without `SHAPE_RULES`: a model is read there without them.

    Import them when there is time: what stands on them in torch, its generators of random numbers
    among it, takes for granted that they came first. Other devices may ask more of torch than the
    processor does, and get all of it.
    """
    if "torch" in sys.modules:
        return
    load_ahead()
    if device != CPU:
        importlib.import_module("torch")
        return
    stand_in = sys.modules[SHAPE_RULES] = ModuleType(SHAPE_RULES)
    try:
        torch = importlib.import_module("torch")
    finally:
        if sys.modules.get(SHAPE_RULES) is stand_in:
            del sys.modules[SHAPE_RULES]
    name = SHAPE_RULES.rpartition(".")[2]
    if vars(torch).get(name) is stand_in:
        delattr(torch, name)


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
