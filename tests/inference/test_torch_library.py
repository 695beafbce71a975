"""Tests of how torch is imported, in processes that have not imported it yet."""

from __future__ import annotations

import subprocess
import sys

import pytest

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the library is loaded ahead on Linux")

AHEAD = """
from bertviz_app.inference.torch_library import load_ahead
print(load_ahead())
assert "torch" not in __import__("sys").modules
assert "libtorch_cpu" in open("/proc/self/maps").read()
import torch
print(torch.ones(2).sum().item(), load_ahead())
"""

NOT_THERE = """
from bertviz_app.inference import torch_library
torch_library.LIBRARY = "no such library"
print(torch_library.load_ahead())
import torch
print(torch.ones(2).sum().item())
"""

WITHOUT_RULES = """
import sys
from bertviz_app.inference.torch_library import SHAPE_RULES, import_torch
import_torch()
import torch
print(SHAPE_RULES in sys.modules, "torch._prims" in sys.modules)
print(torch.nn.functional.gelu(torch.ones(2, device="meta")).shape == (2,))
__import__(SHAPE_RULES)
print("torch._prims" in sys.modules, torch._meta_registrations.__file__ is not None)
print(torch.vmap(torch.sum)(torch.ones(2, 3)).tolist() == [3, 3])
print(torch.Generator().initial_seed() > 0)
"""

WHOLE = """
import sys
from bertviz_app.inference.torch_library import SHAPE_RULES, import_torch
import_torch("cuda")
print(SHAPE_RULES in sys.modules, "torch._prims" in sys.modules)
"""


def said(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@LINUX
def test_it_is_there_before_torch_and_torch_takes_it() -> None:
    assert said(AHEAD) == ["True", "2.0", "True"]


@LINUX
def test_where_it_cannot_be_loaded_the_import_does_it_all() -> None:
    assert said(NOT_THERE) == ["False", "2.0"]


def test_the_rules_of_its_compilers_are_imported_when_somebody_wants_them() -> None:
    assert said(WITHOUT_RULES) == ["False", "False", "True", "True", "True", "True", "True"]


def test_for_another_device_than_the_processor_they_come_at_once() -> None:
    assert said(WHOLE) == ["True", "True"]
