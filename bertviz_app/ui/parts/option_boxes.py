"""Small controls that several views share; each asks for something and shows what is so."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QWidget

from bertviz_app.core.request import Head
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.state import Pick, ViewOptions
from bertviz_app.ui import look

BARE = """
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button, QComboBox::drop-down {
    border: none; background: transparent; }
"""
"""Takes the bevels off the buttons inside a box; their arrows are painted anew."""


class FoldBox(QCheckBox):
    """Folds [CLS] and [SEP].

    Signals:
        optioned(ViewOptions): the switch was turned.
    """

    optioned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("fold [CLS] [SEP]", parent)
        self.setToolTip(
            "Sum the keys [CLS] and [SEP] in one column at the edge and leave their rows out"
        )
        self._options = ViewOptions()
        self.clicked.connect(self._on_clicked)

    def show_options(self, options: ViewOptions) -> None:
        """Show whether they are folded."""
        self._options = options
        self.setChecked(options.fold)

    @Slot(bool)
    def _on_clicked(self, checked: bool) -> None:
        self.optioned.emit(replace(self._options, fold=checked))


class HeadBoxes(QWidget):
    """The layer and the head as two numbers.

    Signals:
        picked(Pick): another head was chosen.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = 1
        self.layer, self.head = (_NumberBox(name, self) for name in ("layer", "head"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.current().px(4))
        for box in (self.layer, self.head):
            row.addWidget(box)
            box.valueChanged.connect(self._on_value_changed)

    def show_head(self, head: Head, spec: ModelSpec, first_number: int) -> None:
        """Show a head of a model; both numbers count from `first_number`."""
        self._first = first_number
        counts = (spec.layers, spec.heads)
        for box, value, count in zip((self.layer, self.head), head, counts, strict=True):
            box.blockSignals(True)
            ends, number = (first_number, first_number + count - 1), first_number + value
            if ends != (box.minimum(), box.maximum()):  # Qt would lay the row out anew
                box.setRange(*ends)
            if number != box.value():
                box.setValue(number)
            box.blockSignals(False)
        self.setAccessibleDescription(f"{self.layer.text()}, {self.head.text()}")

    @Slot()
    def _on_value_changed(self) -> None:
        layer, head = self.layer.value() - self._first, self.head.value() - self._first
        self.picked.emit(Pick(layer=layer, head=head))


class _NumberBox(QSpinBox):
    """A number with its name inside the box; a typed one counts when it is complete."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPrefix(f"{name} ")
        self.setObjectName(name)
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        self.setStyleSheet(BARE)
        self.lineEdit().setTextMargins(look.current().px(4), 0, 0, 0)

    def sizeHint(self) -> QSize:
        style = look.current()
        wide = look.text_width(style.sans(), f"{self.prefix()}{self.maximum()}")
        return QSize(round(wide) + style.px(34), style.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel never changes a value

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrows(self, (-1, 1))


def paint_arrows(box: QWidget, directions: tuple[int, ...]) -> None:
    """Small arrows at the right end of a box: 1 points down, -1 up."""
    style, painter = look.current(), QPainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("muted"))
    x, size = box.width() - style.px(10), style.px(3)
    for direction in directions:
        y = box.height() / 2 + (direction * style.px(2) if len(directions) > 1 else -size / 2)
        corners = ((-size, 0), (size, 0), (0, size * 1.3 * direction))
        painter.drawPolygon(QPolygonF([QPointF(x + across, y + down) for across, down in corners]))
    painter.end()
