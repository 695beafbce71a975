"""Which model is to be opened, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ModelWanted:
    """A model that is to be opened.

    Attributes:
        path: its folder, or a file in it; None is the model that comes with the program.
    """

    path: Path | None = None

    @property
    def name(self) -> str:
        """What to call it until it is open."""
        if self.path is None:
            return "the bundled model"
        return self.path.name or str(self.path)


BUNDLED = ModelWanted()
