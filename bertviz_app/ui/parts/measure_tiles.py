"""The tiles of one measure over the table of all: as high as the rows of the table allow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.parts.head_grid import HeadGrid
from bertviz_app.ui.parts.mosaic_layout import FRAME
from bertviz_app.ui.parts.mosaic_marks import margins

ROW = 26
"""Height of a row of tiles, if there is room."""

SHARE, BESIDE_SENTENCES = 0.4, 0.28
"""The part of the room that the tiles take at most, and with sentences below the table."""

LEAST_ROOM = 300
"""Pixels of room below which the tiles give way to the table, whose column is tinted as well."""


class MeasureTiles(HeadGrid):
    """Tiles that may be small; the keyboard is at home in the table."""

    least = 10

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._height = 0

    def sizeHint(self) -> QSize:
        return QSize(0, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def forget(self) -> None:
        """Show nothing, until there is something to `fit`."""
        super().forget()
        self.hide()

    def fit(self, room: int, *, beside_sentences: bool) -> None:
        """Take their part of a height of `room`."""
        px = look.current().px
        wanted = margins()[1] + FRAME + self.shape[0] * px(ROW)
        share = BESIDE_SENTENCES if beside_sentences else SHARE
        self._height = min(wanted, round(share * room))
        self.setMaximumHeight(self._height)
        self.updateGeometry()
        self.setVisible(room >= px(LEAST_ROOM))
