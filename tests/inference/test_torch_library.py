"""Tests of loading torch's library ahead of torch, in processes that have not imported it yet."""

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
