"""A session as it is kept: texts, changes and selection, how they are drawn, and of which model."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.state import State, ViewOptions


@dataclass(frozen=True, slots=True)
class Layout:
    """What of BERT is open.

    Attributes:
        place: the open place; 0 is the usual one.
        views: names of the views that were brought to the front, the last one last.
    """

    place: int = 0
    views: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelReference:
    """The model a session is about.

    Attributes:
        path: its folder, or a file in it; None is the model that comes with the program.
        name: what it is called on screen.
        fingerprint: what tells it from any other, or empty if that is not known.
    """

    path: Path | None = None
    name: str = ""
    fingerprint: str = ""

    @property
    def wanted(self) -> ModelWanted:
        """How to open it again."""
        return ModelWanted(self.path)


@dataclass(frozen=True, slots=True)
class SavedSession:
    """One session as a file keeps it."""

    state: State = field(default_factory=State)
    options: ViewOptions = field(default_factory=ViewOptions)
    layout: Layout = Layout()
    model: ModelReference = ModelReference()
