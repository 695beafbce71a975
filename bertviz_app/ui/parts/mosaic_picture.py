"""The mosaic: one small map per head, all of them one image."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.ui import look
from bertviz_app.ui.parts.head_canvas import HeadCanvas
from bertviz_app.ui.parts.mosaic_composition import AT_ONCE, Composition, Mosaic, TileImage
from bertviz_app.ui.parts.mosaic_layout import MosaicLayout
from bertviz_app.ui.parts.mosaic_marks import TileMarks, paint_marks, paint_numbers


class MosaicPicture(HeadCanvas):
    """All heads at once: one small map per head."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mosaic: Mosaic | None = None
        self._composition: Composition | None = None
        self._made_of: tuple[object, ...] = ()
        self._rest_of_it = QTimer(self)
        self._rest_of_it.setSingleShot(True)
        self._rest_of_it.timeout.connect(self.viewport().update)

    @property
    def shape(self) -> tuple[int, int] | None:
        if self._mosaic is None:
            return None
        layers, heads = self._mosaic.maps.shape[:2]
        return layers, heads

    def show_mosaic(self, mosaic: Mosaic, marks: TileMarks, order: HeadOrder | None = None) -> None:
        """Show other maps, or mark other heads; the same maps are not composed again."""
        made_of = (marks, order, look.current())
        if mosaic.same_as(self._mosaic) and made_of == self._made_of:
            return
        if not mosaic.same_as(self._mosaic):
            self._mosaic = mosaic
        self._made_of = made_of
        self.order = order
        self.show_marks(marks)

    def forget(self) -> None:
        """Show nothing, and hover nothing."""
        self._rest_of_it.stop()
        self._mosaic = self._composition = self.order = None
        super().forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin_painting()
        if self._mosaic is not None:
            layout, marks = self.layout_now, self.marks
            tiles = QRectF(self.viewport().rect()).adjusted(layout.left, layout.top, 0, 0)
            painter.setClipRect(tiles.adjusted(-3, -3, 0, 0))
            painter.drawImage(tiles.topLeft() - self.offset, self._composed_image(layout))
            paint_marks(painter, layout, self.offset, marks)
            painter.setClipping(False)
            paint_numbers(painter, layout, self.offset, marks)
        self.end_painting(painter)

    def finish(self) -> None:
        """Compose at once what is still to be composed."""
        if self._mosaic is not None:
            self._composed(self.layout_now, math.inf)

    def _composed_image(self, layout: MosaicLayout) -> QImage:
        """All tiles in one image; a costly one goes on in the next turn of the event loop."""
        assert self._mosaic is not None
        composition = self._composed(layout, AT_ONCE if self._mosaic.is_costly else math.inf)
        if not composition.finished:
            self._rest_of_it.start(0)
        return composition.painted.image

    def _composed(self, layout: MosaicLayout, seconds: float) -> Composition:
        """The composition of what is shown, further by some seconds."""
        assert self._mosaic is not None
        made = self._composition
        if made is None or not made.painted.fits(layout):
            made = Composition(self._mosaic, TileImage.blank(layout))
        elif made.mosaic is not self._mosaic:
            made = Composition(self._mosaic, made.painted)
        self._composition = made
        if not made.finished:
            made.advance(seconds)
        return made
