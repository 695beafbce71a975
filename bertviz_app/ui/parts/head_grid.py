"""A number for each head: layers from top to bottom, heads from left to right, as colour and words.

Two of them: a grid that shows, and a pad whose fields are keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from PySide6.QtCore import QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.scales import code
from bertviz_app.core.request import Head
from bertviz_app.ui import look, numbers
from bertviz_app.ui.colours import hatch, ink_table, readable_on, signed_table
from bertviz_app.ui.parts.canvas import CONTROL, SHIFT
from bertviz_app.ui.parts.head_canvas import ENTER, HeadCanvas
from bertviz_app.ui.parts.mosaic_layout import MosaicLayout
from bertviz_app.ui.parts.mosaic_marks import TileMarks, paint_frames, paint_marks, paint_numbers
from bertviz_app.ui.parts.painting import CENTRE, outline, plain_text

LEAST_WRITTEN = 24
"""Pixels of a field below which no number fits."""


@dataclass(frozen=True, slots=True)
class HeadValues:
    """What the fields show.

    Attributes:
        shape: layers and heads.
        values: the number of each head that has one.
        full: the size that has full colour.
        signed: there are numbers below 0, in colours of their own.
    """

    shape: tuple[int, int] = (1, 1)
    values: Mapping[Head, float] = field(default_factory=dict)
    full: float = 1.0
    signed: bool = False

    def words(self, head: Head) -> str:
        """The number of a head as it is written in its field; empty without one."""
        value = self.values.get(head)
        if value is None:
            return ""
        return numbers.signed(value) if self.signed else numbers.weight(value)

    def colour(self, head: Head) -> QColor:
        """The colour of a head's field; paper without a number."""
        value = self.values.get(head)
        if value is None:
            return look.current().colour("paper")
        theme = look.current().theme
        table = signed_table(theme) if self.signed else ink_table(theme)
        return QColor.fromRgb(int(table[code(value / self.full, signed=self.signed)]))


class HeadGrid(HeadCanvas):
    """The grid that shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = HeadValues()

    @property
    def shape(self) -> tuple[int, int]:
        return self._shown.shape

    @property
    def shown(self) -> HeadValues:
        """What the fields show now."""
        return self._shown

    def show_heads(self, shown: HeadValues, marks: TileMarks) -> None:
        """Show other numbers, or mark other heads."""
        self._shown = shown
        self.show_marks(marks)

    def paint_field(self, painter: QPainter, area: QRectF, head: Head) -> None:
        """Paint the field of one head."""
        colour = self._shown.colour(head)
        painter.fillRect(area, colour)
        outline(painter, area, look.current().colour("hairline"), 1)
        self.write_value(painter, area, head, readable_on(colour))

    def paint_around(self, painter: QPainter, layout: MosaicLayout, marks: TileMarks) -> None:
        """Mark heads over their fields."""
        paint_marks(painter, layout, self.offset, marks)

    def write_value(self, painter: QPainter, area: QRectF, head: Head, colour: QColor) -> None:
        """Write the number of a head where there is room for it."""
        style = look.current()
        if area.width() < style.px(LEAST_WRITTEN):
            return
        words, font = self._shown.words(head), style.mono()
        if words and look.text_width(font, words) <= area.width() - 2:
            painter.setPen(colour)
            plain_text(painter, area, words, font, CENTRE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, layout, marks = self.begin_painting(), self.layout_now, self.marks
        fields = QRectF(self.viewport().rect()).adjusted(layout.left, layout.top, 0, 0)
        painter.setClipRect(fields.adjusted(-3, -3, 0, 0))
        for layer, head in product(range(layout.layers), range(layout.heads)):
            area = layout.area((layer, head), self.offset)
            self.paint_field(painter, area, (layer, head))
        self.paint_around(painter, layout, marks)
        painter.setClipping(False)
        paint_numbers(painter, layout, self.offset, marks)
        self.end_painting(painter)


class HeadPad(HeadGrid):
    """The pad: each head is a key; a click silences it or lets it speak again.

    Signals:
        pressed(Head, bool): a key was pressed; True with Shift: the whole layer.
    """

    pressed = Signal(object, bool)

    def act_on(self, head: Head, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & CONTROL:
            super().act_on(head, modifiers)
        else:
            self.pressed.emit(head, bool(modifiers & SHIFT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*ENTER, Qt.Key.Key_Space):
            self.act_on(self.marks.pinned, event.modifiers())
        else:
            super().keyPressEvent(event)

    def paint_around(self, painter: QPainter, layout: MosaicLayout, marks: TileMarks) -> None:
        paint_frames(painter, layout, self.offset, marks)

    def paint_field(self, painter: QPainter, area: QRectF, head: Head) -> None:
        style, colour = look.current(), self._shown.colour(head)
        silenced, rise = head in self.marks.silenced, max(2, style.px(2))
        key = area.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("change" if silenced else "muted"), 1))
        painter.setBrush(style.colour("hairline"))
        radius = style.px(4)
        painter.drawRoundedRect(key, radius, radius)
        top = key if silenced else key.adjusted(0, 0, 0, -rise)  # a silenced key stays down
        painter.setBrush(colour)
        painter.drawRoundedRect(top, radius, radius)
        if silenced:
            _strike(painter, top)
        painter.restore()
        if not silenced or not self._shown.signed:
            self.write_value(painter, top, head, readable_on(colour))


def _strike(painter: QPainter, key: QRectF) -> None:
    """A stroke over a hatched corner: the head is off."""
    style = look.current()
    size = key.width() * 0.5
    corner = QRectF(key.right() - size, key.bottom() - size, size, size)
    painter.fillRect(corner.adjusted(0, 0, -1, -1), hatch())
    painter.setPen(QPen(style.colour("change"), style.px(2)))
    inner = key.adjusted(4, 4, -4, -4)
    painter.drawLine(QLineF(inner.bottomLeft(), inner.topRight()))
