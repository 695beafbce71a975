"""A session as it is kept: texts, changes and selection, how they are drawn, and of which model."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.paths import default_model
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

    @classmethod
    def of(cls, facts: ModelFacts) -> ModelReference:
        """The reference to an open model."""
        folder = facts.folder.absolute()
        bundled = folder == default_model()
        return cls(None if bundled else folder, facts.name, facts.fingerprint)

    @classmethod
    def to(cls, wanted: ModelWanted) -> ModelReference:
        """The reference to a model that is not open yet."""
        return cls(wanted.path, wanted.name)

    @property
    def wanted(self) -> ModelWanted:
        """How to open it again."""
        return ModelWanted(self.path)

    def may_be(self, other: ModelReference) -> bool:
        """Whether nothing says that the two are different models."""
        known = self.fingerprint and other.fingerprint
        return not known or self.fingerprint == other.fingerprint

    def is_same(self, other: ModelReference) -> bool:
        """Whether they are one model, wherever it lies; unknown ones are told apart by place."""
        if self.fingerprint and other.fingerprint:
            return self.fingerprint == other.fingerprint
        return self.path == other.path


BUNDLED_MODEL = ModelReference()


@dataclass(frozen=True, slots=True)
class SavedSession:
    """One session as a file keeps it."""

    state: State = field(default_factory=State)
    options: ViewOptions = field(default_factory=ViewOptions)
    layout: Layout = Layout()
    model: ModelReference = ModelReference()
