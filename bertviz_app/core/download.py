"""A download as it is said on screen: how far it is, how fast, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bertviz_app.core.errors import Fault
from bertviz_app.core.hub import HubName


class Stage(Enum):
    """Where a download stands."""

    ASKING = "the hub is asked what there is"
    LARGE = "it is large: a person must want it"
    WAITING = "another window downloads the same"
    FETCHING = "bytes come"
    RETRYING = "the connection was lost, or the hub asks for patience"
    PLACING = "all is there; it is checked and put in its place"
    DONE = "the model is complete"
    FAILED = "it stopped; what has come is kept if it is of use"
    CANCELLED = "it was given up, and what had come was deleted"


@dataclass(frozen=True, slots=True)
class Download:
    """One moment of a download.

    Attributes:
        name: of the model.
        stage: where it stands.
        done: bytes that are here; `total`, of all its files, 0 while unknown.
        files: how many files it is.
        licence: as the model's card names it; empty if it names none.
        rate: bytes a second over the last seconds, None while unknown.
        silent: seconds since the last byte.
        tries: which try this is, of `most_tries`; 0 while all goes well.
        wait: seconds until the next try.
        folder: of the complete model.
        fault: why it failed.
    """

    name: HubName
    stage: Stage
    done: int = 0
    total: int = 0
    files: int = 0
    licence: str = ""
    rate: float | None = None
    silent: float = 0.0
    tries: int = 0
    most_tries: int = 0
    wait: float = 0.0
    folder: Path | None = None
    fault: Fault | None = None

    @property
    def runs(self) -> bool:
        """Whether something is still under way."""
        return self.stage in _UNDER_WAY

    @property
    def begun(self) -> bool:
        """Whether the hub has said what it consists of: else there is nothing to go on with."""
        return self.total > 0

    @property
    def fraction(self) -> float:
        """How much is here, 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def left(self) -> float | None:
        """Seconds until the last byte at the present rate, None if there is none to go by."""
        return (self.total - self.done) / self.rate if self.rate else None


_UNDER_WAY = {Stage.ASKING, Stage.WAITING, Stage.FETCHING, Stage.RETRYING, Stage.PLACING}
