"""Scales: how a weight becomes ink, a difference becomes a signed ink, and an ink becomes a byte.

Ink runs from 0 (paper) to 1. A difference has the ink of its size with its own sign, so the five
scales serve both. NaN stays NaN all the way and has a byte of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.state import Scale
from bertviz_app.core.trace import Array

Codes = NDArray[np.uint8]

FULL = 254
"""The byte of ink 1; of a signed ink -1 is 0, 0 is 127 and +1 is 254."""

NOT_A_NUMBER = 255
"""The byte of NaN."""

LOG_FLOOR = 1e-4
"""The logarithmic scale runs from here to 1; smaller weights are paper."""

RELATIVE = {Scale.ROW: "row's largest", Scale.MAP: "map's largest"}
"""What full ink means on the scales that are not fixed."""

_TICKS = {
    Scale.ROOT: (0.0, 0.05, 0.25, 0.5, 1.0),
    Scale.LINEAR: (0.0, 0.25, 0.5, 0.75, 1.0),
    Scale.ROW: (0.0, 1.0),
    Scale.MAP: (0.0, 1.0),
    Scale.LOG: (0.0001, 0.001, 0.01, 0.1, 1.0),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the bar: `value` stands at the ink `at`, 0..1, or -1..1 where there are signs."""

    at: float
    value: float


def relative(
    scale: Scale, *sides: Array, signed: bool = False, full: float = 1.0
) -> tuple[Array, ...]:
    """Numbers as parts of what full ink means: the largest of the row, of the map, or `full`.

    `sides` are parts of the same maps that stand side by side (..., rows, columns).
    """
    inks = full_ink(scale, *sides, signed=signed, full=full)
    return sides if inks is None else tuple(side / inks for side in sides)


def full_ink(scale: Scale, *sides: Array, signed: bool = False, full: float = 1.0) -> Array | None:
    """What full ink means in such sides: (..., rows, 1) or (..., 1, 1), or None if it is 1.

    The largest is the largest in size, NaN left aside; it is 1 where there are only zeros. On the
    scales that are the same in every map it is `full`.
    """
    if scale not in RELATIVE:
        return None if full == 1 else np.full((1, 1), full, np.float32)
    axes = -1 if scale is Scale.ROW else (-2, -1)
    most: Array = np.zeros(1, np.float32)
    for side in sides:
        most = np.maximum(most, np.fmax.reduce(side, axis=axes, keepdims=True, initial=0))
        if signed:
            most = np.maximum(most, -np.fmin.reduce(side, axis=axes, keepdims=True, initial=0))
    return np.where(most > 0, most, np.float32(1))


def curve(parts: Array, scale: Scale, *, signed: bool = False) -> Array:
    """The ink of parts of full ink: rising everywhere, so the largest stays the darkest.

    Parts beyond 1 have ink beyond 1.
    """
    if scale is Scale.ROOT:
        sizes = np.sqrt(np.abs(parts) if signed else parts)
    elif scale is Scale.LOG:
        sizes = np.maximum(np.abs(parts) if signed else parts, np.float32(LOG_FLOOR))
        sizes = np.float32(1) - np.log10(sizes) / np.float32(np.log10(LOG_FLOOR))
    else:
        return parts
    return np.copysign(sizes, parts) if signed else sizes


def codes(inks: Array, *, signed: bool = False) -> Codes:
    """Bytes for a colour table: 0..254 for ink 0..1 (or -1..1 if `signed`), 255 for NaN.

    Ink beyond 1 is full ink.
    """
    scaled = inks * np.float32(FULL / 2 if signed else FULL)
    scaled += np.float32(FULL / 2 + 0.5 if signed else 0.5)
    if not scaled.size or (scaled.min() >= 0 and scaled.max() < FULL + 1):
        return scaled.astype(np.uint8)
    clipped = np.clip(scaled, np.float32(0), np.float32(FULL))
    return np.where(np.isnan(scaled), np.float32(NOT_A_NUMBER), clipped).astype(np.uint8)


def code(ink: float, *, signed: bool = False) -> int:
    """The byte of one ink, as `codes` has it."""
    if math.isnan(ink):
        return NOT_A_NUMBER
    scaled = (ink + 1) * (FULL / 2) if signed else ink * FULL
    return int(min(max(scaled + 0.5, 0), FULL))


def ticks(scale: Scale, *, signed: bool = False) -> tuple[Tick, ...]:
    """The marks of the bar that states `scale`, least first."""
    values = _TICKS[scale]
    inks = curve(np.array(values, np.float32), scale).tolist()
    found = tuple(Tick(at, value) for at, value in zip(inks, values, strict=True))
    if not signed:
        return found
    above = found[1:]
    below = (Tick(-tick.at, -tick.value) for tick in reversed(above))
    return (*below, Tick(0.0, 0.0), *above)


def rounded_up(value: float) -> float:
    """The least of 1, 2 or 5 with zeros that is not below a `value` over 0."""
    power = 10.0 ** math.floor(math.log10(value))
    step = next(step for step in (1.0, 2.0, 5.0, 10.0) if value <= step * power * (1 + 1e-6))
    return float(f"{step * power:.1g}")


def full_of(values: Iterable[float], least: float = 1e-6) -> float:
    """A scale for signed numbers: `rounded_up` of the largest size, never under `least`."""
    sizes = [abs(value) for value in values if math.isfinite(value)]
    return rounded_up(max([*sizes, least]))
