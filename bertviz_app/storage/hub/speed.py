"""How fast bytes come, over the last seconds."""

from __future__ import annotations

from collections import deque

WINDOW = 5.0
"""Seconds that are looked back on."""


class Speed:
    """The rate of a counter that is read from time to time."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, now: float, count: int) -> None:
        """At `now` (seconds) the counter stood at `count`; one that goes back begins anew."""
        if self._seen and count < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, count))
        while len(self._seen) > 2 and now - self._seen[1][0] >= WINDOW:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """Per second; None before there is anything to go by."""
        if len(self._seen) < 2:
            return None
        (begun, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - begun) if now > begun else None
