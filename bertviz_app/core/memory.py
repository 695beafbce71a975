"""How much memory the machine could give to a program now, as its system says."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def free_memory() -> int | None:
    """Bytes that can be taken without anything being swapped out; None where nobody says."""
    read = _READERS.get(sys.platform)
    try:
        return read() if read is not None else None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def linux_free(meminfo: str) -> int | None:
    """What /proc/meminfo calls available: free, and taken by what can be dropped."""
    for line in meminfo.splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return None


def macos_free(vm_stat: str) -> int | None:
    """The pages that vm_stat calls free, inactive or speculative, in bytes."""
    pages = {}
    for line in vm_stat.splitlines():
        name, _, value = line.partition(":")
        pages[name] = value.strip().rstrip(".")
    head = next(iter(pages.values()), "")
    sizes = [word for word in head.split() if word.isdecimal()]
    kinds = ("Pages free", "Pages inactive", "Pages speculative")
    if not sizes or kinds[0] not in pages:
        return None
    return int(sizes[0]) * sum(int(pages.get(kind, "0")) for kind in kinds)


def _read_linux() -> int | None:
    return linux_free(Path("/proc/meminfo").read_text("ascii"))


def _read_macos() -> int | None:
    done = subprocess.run(["/usr/bin/vm_stat"], capture_output=True, text=True, timeout=2)
    return macos_free(done.stdout)


def _read_windows() -> int | None:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    return int(status.physical_free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("physical", ctypes.c_uint64),
        ("physical_free", ctypes.c_uint64),
        ("page_file", ctypes.c_uint64),
        ("page_file_free", ctypes.c_uint64),
        ("virtual", ctypes.c_uint64),
        ("virtual_free", ctypes.c_uint64),
        ("extended_free", ctypes.c_uint64),
    )


_READERS: dict[str, Callable[[], int | None]] = {
    "linux": _read_linux,
    "darwin": _read_macos,
    "win32": _read_windows,
}
