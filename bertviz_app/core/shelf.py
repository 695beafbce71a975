"""The shelf: which models can be opened from here, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is to open, at one moment.

    Attributes:
        recent: folders opened lately, the last one first; some may be gone.
        downloaded: folders of complete downloads, by their name on the hub.
        begun: bytes that are here of downloads that were broken off, by their name.
        gone: those of `recent` that are not there any more.
    """

    recent: tuple[Path, ...] = ()
    downloaded: Mapping[str, Path] = field(default_factory=dict)
    begun: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[Path] = frozenset()
