"""What is free is read as each system writes it; where nobody says, nothing is claimed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bertviz_app.core.memory import free_memory, linux_free, macos_free

VM_STAT = """Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10000.
Pages active:                            300000.
Pages inactive:                            2000.
Pages speculative:                          500.
"""


def test_linux_says_what_can_be_had_without_swapping() -> None:
    assert linux_free("MemTotal: 16 kB\nMemFree: 1 kB\nMemAvailable:    5 kB\n") == 5 * 1024
    assert linux_free("MemTotal: 16 kB\nMemFree: 1 kB\n") is None  # before Linux 3.14


def test_macos_says_it_in_pages() -> None:
    assert macos_free(VM_STAT) == 12_500 * 16_384
    assert macos_free("") is None
    assert macos_free("Mach Virtual Memory Statistics:\n") is None


@pytest.mark.skipif(sys.platform != "linux", reason="the figure is checked against /proc")
def test_this_machine_has_less_free_than_it_has() -> None:
    total = int(Path("/proc/meminfo").read_text().split()[1]) * 1024
    free = free_memory()
    assert free is not None
    assert 0 < free <= total


def test_an_unknown_system_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    assert free_memory() is None
