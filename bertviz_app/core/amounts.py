"""Bytes and seconds in words."""

from __future__ import annotations


def in_bytes(count: float) -> str:
    """An amount of bytes with its unit: 640 bytes, 18 kB, 440 MB, 1.34 GB."""
    if count < 1000:
        return f"{count:.0f} byte{'' if round(count) == 1 else 's'}"
    for unit, size in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)):
        if count < 999.5 * size or unit == "TB":
            break
    amount = count / size
    return f"{amount:.2f} {unit}" if size >= 1e9 and amount < 10 else f"{amount:.0f} {unit}"


def in_time(seconds: float) -> str:
    """A length of time as one looks at it: 8 s, 3 min, 2 h."""
    if seconds < 99.5:
        return f"{max(round(seconds), 1)} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 99.5 else f"{minutes / 60:.0f} h"
