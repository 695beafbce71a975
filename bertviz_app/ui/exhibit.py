"""What can be copied and explained: every view, and Answer."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

HEADS = ("Computed", "Caution", "By hand", "Source", "By choice")
"""How it is computed, what it does not mean, what can be done there, who says so, and what else
can be drawn."""


class Exhibit(QWidget):
    """A part of the window that shows numbers; it knows nothing of BERT.

    Attributes:
        title: what it is called.
        sees: one line, "what you see".
        explains: for F1, a paragraph a line: what is drawn, then what stands under one of `HEADS`,
            named at its beginning, and goes on in the lines that name none.

    Signals:
        explained(): what is shown here shall be explained.
    """

    explained = Signal()

    title: ClassVar[str]
    sees: ClassVar[str]
    explains: ClassVar[str]

    @property
    def readout(self) -> str:
        """What is said in words of what is pinned, or under the mouse."""
        raise NotImplementedError

    @property
    def heading(self) -> str:
        """The title, with what it is of."""
        raise NotImplementedError

    @property
    def pictures(self) -> tuple[QWidget, ...]:
        """What is drawn, one under the other; buttons and the like among it go into no figure."""
        raise NotImplementedError

    @property
    def legends(self) -> tuple[QWidget, ...]:
        """What states the scales of the pictures."""
        return ()

    @property
    def shows_something(self) -> bool:
        """Whether a picture stands here, and not a sentence in its place."""
        raise NotImplementedError

    def numbers(self) -> str:
        """The numbers of the picture as tab-separated text, for the clipboard."""
        return ""

    def rest(self, resting: bool) -> None:
        """Leave out what is there to be clicked, for a figure, or show it again."""

    def finish(self) -> None:
        """Complete at once what is drawn a part at a time: it is going to be copied."""
