"""The mosaic: one small map per head, all of them one image."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.raster import Colouring, Pixels, paint_tiles
from bertviz_app.core.request import Head
from bertviz_app.core.state import Pick, Scale
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.colours import blank, ink_table, pixel, signed_table
from bertviz_app.ui.look import Look
from bertviz_app.ui.parts.canvas import CONTROL, Canvas, is_plain
from bertviz_app.ui.parts.mosaic_layout import MosaicLayout
from bertviz_app.ui.parts.mosaic_marks import TileMarks, margins, paint_marks, paint_numbers

HOVER_AFTER = 80
"""Milliseconds the mouse rests on a tile before its head is previewed."""


@dataclass(frozen=True, eq=False)
class Mosaic:
    """What the tiles show.

    Attributes:
        maps: weights of all heads (L, H, T, T).
        before: the same as is, if what has changed is shown.
        fold: which tokens are drawn.
        scale: how a weight becomes ink.
    """

    maps: Array = field(repr=False)
    before: Array | None = field(repr=False)
    fold: Fold
    scale: Scale

    def same_as(self, other: Mosaic | None) -> bool:
        """Whether another mosaic would be painted the same."""
        return (
            other is not None
            and self.maps is other.maps
            and self.before is other.before
            and (self.fold, self.scale) == (other.fold, other.scale)
        )


class MosaicPicture(Canvas):
    """All heads at once: layers from top to bottom, heads from left to right.

    Signals:
        picked(Pick): a head was kept.
        previewed(Pick | None): the mouse rests on a head, or has left.
        pointed(): the mouse is over another head; see `hovered`.
        menu_wanted(Head, QPoint): the menu of a head was asked for, at a point of the screen.
    """

    picked = Signal(object)
    previewed = Signal(object)
    pointed = Signal()
    menu_wanted = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered: Head | None = None
        self._point: QPointF | None = None
        self._previewed = False
        self._mosaic: Mosaic | None = None
        self._marks = TileMarks()
        self._image: tuple[QImage, Pixels] | None = None
        self._composed: tuple[Mosaic, MosaicLayout, Look] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(HOVER_AFTER)
        self._rest.timeout.connect(self._on_rest_timeout)

    def show_mosaic(self, mosaic: Mosaic, marks: TileMarks) -> None:
        """Show other maps, or mark other heads; the same maps are not composed again."""
        if not mosaic.same_as(self._mosaic):
            self._mosaic = mosaic
        self._update_scrolling()
        self.hovered = self._head_at(self._point)
        if marks.pinned != self._marks.pinned:
            self._scroll_to(marks.pinned)
        self._marks = marks
        self.viewport().update()

    def forget(self) -> None:
        """Show nothing, and hover nothing."""
        self._mosaic = self._composed = self._image = None
        self._point = self.hovered = None
        self._end_preview()

    def tile(self, head: Head) -> QRectF:
        """Where a tile is in the viewport."""
        return self._layout().area(head, self.offset)

    def point_at(self, point: QPointF | None) -> None:
        self._point = point
        found = self._head_at(point)
        if found == self.hovered:
            return
        self.hovered = found
        if found is not None:
            self._rest.start()
        else:
            self._end_preview()
        self.pointed.emit()
        self.viewport().update()

    def open_menu(self, point: QPointF | None, where: QPoint) -> None:
        if self._mosaic is None:
            return
        if point is None:
            head: Head | None = self._marks.pinned
            where = self.viewport().mapToGlobal(self.tile(self._marks.pinned).center().toPoint())
        else:
            head = self._head_at(point)
        if head is not None:
            self.menu_wanted.emit(head, where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.point_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and self.hovered is not None:
            self._pick(self.hovered, also=bool(event.modifiers() & CONTROL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        target = self._stepped(event.key()) if is_plain(event) else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & CONTROL:
            self._pick(self._marks.pinned, also=True)
        elif target is None:
            event.ignore()
        else:
            self._pick(target)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_scrolling()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin_painting()
        if self._mosaic is not None:
            layout, marks = self._layout(), self._marks
            if self.hovered is not None:
                marks = replace(marks, hovered=self.hovered)
            tiles = QRectF(self.viewport().rect()).adjusted(layout.left, layout.top, 0, 0)
            painter.setClipRect(tiles.adjusted(-3, -3, 0, 0))
            painter.drawImage(tiles.topLeft() - self.offset, self._composed_image(layout))
            paint_marks(painter, layout, self.offset, marks)
            painter.setClipping(False)
            paint_numbers(painter, layout, self.offset, marks)
        self.end_painting(painter)

    def _stepped(self, key: int) -> Head | None:
        """The head that a key goes to; at an end it stays."""
        (layer, head), layout = self._marks.pinned, self._layout()
        targets = {
            Qt.Key.Key_Left: (layer, head - 1),
            Qt.Key.Key_Right: (layer, head + 1),
            Qt.Key.Key_Up: (layer - 1, head),
            Qt.Key.Key_Down: (layer + 1, head),
            Qt.Key.Key_Home: (layer, 0),
            Qt.Key.Key_End: (layer, layout.heads - 1),
        }
        target = targets.get(Qt.Key(key))
        if target is None:
            return None
        return min(max(target[0], 0), layout.layers - 1), min(max(target[1], 0), layout.heads - 1)

    def _composed_image(self, layout: MosaicLayout) -> QImage:
        """All tiles in one image, composed only if something is different."""
        assert self._mosaic is not None
        key = (self._mosaic, layout, look.current())
        if self._image is None or key != self._composed:
            same_place = self._composed is not None and key[1:] == self._composed[1:]
            self._image = compose(self._mosaic, layout, self._image if same_place else None)
            self._composed = key
        return self._image[0]

    def _layout(self) -> MosaicLayout:
        shape = self._mosaic.maps.shape[:2] if self._mosaic is not None else (1, 1)
        room = self.maximumViewportSize()
        return MosaicLayout.fitted(
            (shape[0], shape[1]),
            (room.width(), room.height()),
            margins(),
            self.devicePixelRatioF(),
        )

    def _head_at(self, point: QPointF | None) -> Head | None:
        if point is None or self._mosaic is None:
            return None
        return self._layout().head_at(point, self.offset)

    def _update_scrolling(self) -> None:
        layout = self._layout()
        width, height = layout.left + layout.width, layout.top + layout.height
        self.set_scrolled_size(width, height, layout.pitch / layout.ratio)

    def _scroll_to(self, head: Head) -> None:
        tile, layout = self.tile(head), self._layout()
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        sides = (
            (tile.left() - layout.left, tile.right() - self.viewport().width()),
            (tile.top() - layout.top, tile.bottom() - self.viewport().height()),
        )
        for bar, (before, beyond) in zip(bars, sides, strict=True):
            if before < 0 or beyond > 0:
                bar.setValue(bar.value() + round(before if before < 0 else beyond))

    def _pick(self, head: Head, *, also: bool = False) -> None:
        self.picked.emit(Pick(layer=head[0], head=head[1], also=also))

    def _end_preview(self) -> None:
        self._rest.stop()
        if self._previewed:
            self._previewed = False
            self.previewed.emit(None)

    @Slot()
    def _on_rest_timeout(self) -> None:
        if self.hovered is not None:
            self._previewed = True
            self.previewed.emit(Pick(layer=self.hovered[0], head=self.hovered[1]))


def compose(
    mosaic: Mosaic, layout: MosaicLayout, over: tuple[QImage, Pixels] | None = None
) -> tuple[QImage, Pixels]:
    """The image of all tiles, and its pixels.

    `over` is an image of the same layout and look to paint over, which saves a new one.
    """
    theme, pitch = look.current().theme, layout.pitch
    if over is None:
        over = blank(layout.heads * pitch, layout.layers * pitch)
        over[0].setDevicePixelRatio(layout.ratio)
        over[1][...] = pixel(theme.chrome)
    signed = mosaic.before is not None
    colouring = Colouring(mosaic.scale, signed_table(theme) if signed else ink_table(theme), signed)
    tiles = over[1].reshape(layout.layers, pitch, layout.heads, pitch)
    target = tiles[:, : layout.tile, :, : layout.tile].transpose(0, 2, 1, 3)
    paint_tiles(target, mosaic.maps, mosaic.before, mosaic.fold, colouring)
    return over
