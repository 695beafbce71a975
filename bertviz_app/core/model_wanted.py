"""Which model is to be opened, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bertviz_app.core.devices import CPU, FLOAT32


@dataclass(frozen=True, slots=True)
class ModelWanted:
    """A model that is to be opened.

    Attributes:
        path: its folder, or a file in it; None is the model that comes with the program.
        allow_pickle: weights as a Python pickle may be read: all, none, or the files with these
            SHA-256 digests.
        device: what shall compute (`core.devices`); None is the one that was asked for last.
        precision: of the matrix products; None likewise.
    """

    path: Path | None = None
    allow_pickle: bool | tuple[str, ...] = False
    device: str | None = None
    precision: str | None = None

    @property
    def name(self) -> str:
        """What to call it until it is open."""
        if self.path is None:
            return "the bundled model"
        return self.path.name or str(self.path)


BUNDLED = ModelWanted(device=CPU, precision=FLOAT32)
"""The model that opens where no other does."""
