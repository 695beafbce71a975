"""A plot: named curves over labelled axes, drawn by pyqtgraph in the program's own look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.analysis.labels import spread
from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import focus_ring

NEAR, LINE = 24, 15
"""Pixels within which a point counts as under the mouse; height of the name of a curve."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line through points; what is not a number leaves a gap."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    colour: QColor
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Axes:
    """What the axes say.

    Attributes:
        x: name of the horizontal axis; `y` of the vertical one.
        x_ticks: (where, what it says), or () to let the plot choose; `y_ticks` likewise.
        y_log: the vertical axis is logarithmic; all y must be above 0.
        y_inverted: small values stand on top.
    """

    x: str = ""
    y: str = ""
    x_ticks: tuple[tuple[float, str], ...] = ()
    y_ticks: tuple[tuple[float, str], ...] = ()
    y_log: bool = False
    y_inverted: bool = False


class Plot(QWidget):
    """Curves; the mouse finds the nearest point, the wheel scrolls what is around it.

    pyqtgraph is imported when the first curves are drawn, so that the start does not wait for it.

    Signals:
        hovered(tuple[int, int] | None): the curve and the point under the mouse, or None.
        clicked(tuple[int, int]): a point was clicked.
    """

    hovered = Signal(object)
    clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(2, 2, 2, 2)  # the ring of the focus stands around the chart
        self._chart: Any = None
        self._curves: tuple[Curve, ...] = ()
        self._axes = Axes()
        self._near: tuple[int, int] | None = None
        self._names: list[Any] = []

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is drawn."""
        return self._curves

    def show_curves(self, curves: Sequence[Curve], axes: Axes) -> None:
        """Draw these curves instead; each has its name behind its last point."""
        self._curves, self._axes = tuple(curves), axes
        if self._chart is None:
            self._chart = self._new_chart()
        self._draw()

    def forget(self) -> None:
        """Draw nothing."""
        self._curves, self._near = (), None
        if self._chart is not None:
            self._chart.clear()
            self._names = []

    def _new_chart(self) -> Any:  # noqa: ANN401 - pyqtgraph has no types
        import pyqtgraph

        # Else a mouse that comes to rest soon after it moved is not heard.
        pyqtgraph.setConfigOption("mouseRateLimit", -1)
        chart = pyqtgraph.PlotWidget(self, enableMenu=False)
        menu = chart.plotItem.ctrlMenu  # made even so, and owned by nobody
        menu.setParent(chart, menu.windowFlags())
        chart.setMouseEnabled(False, False)
        chart.hideButtons()
        chart.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chart.scene().sigMouseMoved.connect(self._on_mouse_moved)
        chart.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        chart.getViewBox().sigResized.connect(self._write_names)
        self._rows.addWidget(chart)
        return chart

    def _draw(self) -> None:
        import pyqtgraph

        style, chart, axes = look.current(), self._chart, self._axes
        chart.clear()
        self._names = []
        chart.setBackground(style.colour("paper"))
        chart.setLogMode(False, axes.y_log)
        chart.getViewBox().invertY(axes.y_inverted)
        for side, words in (("bottom", axes.x), ("left", axes.y)):
            axis = chart.getAxis(side)
            axis.setPen(style.colour("hairline"))
            axis.setTextPen(style.colour("muted"))
            axis.setStyle(tickFont=style.mono())
            axis.setLabel(words)
            axis.label.setFont(style.sans())
            axis.setSIPrefixEnableRanges(())  # else 0.8 is written as 800
        for side, ticks in (("bottom", axes.x_ticks), ("left", axes.y_ticks)):
            chart.getAxis(side).setTicks([self._ticks(side, ticks)] if ticks else None)
        for curve in self._curves:
            line = Qt.PenStyle.DashLine if curve.dashed else Qt.PenStyle.SolidLine
            pen = pyqtgraph.mkPen(curve.colour, width=style.px(1) * curve.width, style=line)
            ys = np.asarray(curve.ys, float)
            chart.plot(np.asarray(curve.xs, float), ys, pen=pen, connect="finite", antialias=True)
        self._write_names()

    def _ticks(self, side: str, ticks: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
        log = self._axes.y_log and side == "left"
        return [(float(np.log10(at)) if log else at, words) for at, words in ticks]

    @Slot()
    def _write_names(self) -> None:
        """Write the name of each curve behind its last point, none over another."""
        import pyqtgraph

        for label in self._names:
            self._chart.removeItem(label)
        self._chart.autoRange()
        box, style = self._chart.getViewBox(), look.current()
        (left, right), (low, high) = box.viewRange()
        ends = sorted(self._ends(), key=lambda end: end[1], reverse=not self._axes.y_inverted)
        wide = max([look.text_width(style.sans(), curve.name) for curve, _ in ends], default=0.0)
        room = max(box.width(), 2 * wide + style.px(32))
        if ends:
            right = left + (right - left) * room / (room - wide - style.px(8))
            box.setXRange(left, right, padding=0)
        pixel = (high - low) / max(box.height(), 1.0)
        top, sign = (low, 1) if self._axes.y_inverted else (high, -1)
        wanted = [sign * (y - top) / pixel for _, (_, y) in ends]
        middles = spread(wanted, style.px(LINE), max(box.height(), 1.0))
        self._names = []
        for (curve, (x, _)), middle in zip(ends, middles, strict=True):
            label = pyqtgraph.TextItem(curve.name, color=curve.colour, anchor=(0.0, 0.5))
            label.setFont(style.sans())
            label.setPos(x, top + sign * middle * pixel)
            self._chart.addItem(label, ignoreBounds=True)
            self._names.append(label)

    def _ends(self) -> list[tuple[Curve, tuple[float, float]]]:
        """Where each curve that has a name ends."""
        found = []
        for curve in self._curves:
            seen = [at for at, y in enumerate(curve.ys) if np.isfinite(y)]
            if curve.name and seen:
                found.append((curve, self._place(curve, seen[-1])))
        return found

    def _place(self, curve: Curve, point: int) -> tuple[float, float]:
        """Where a point stands in the chart's own numbers."""
        y = float(curve.ys[point])
        return float(curve.xs[point]), float(np.log10(y)) if self._axes.y_log else y

    def _nearest(self, scene: QPointF) -> tuple[int, int] | None:
        best, found = float(look.current().px(NEAR)), None
        for number, curve in enumerate(self._curves):
            distances = self._distances(curve, scene)
            if not distances.size:
                continue
            point = int(distances.argmin())
            if distances[point] < best:
                best, found = float(distances[point]), (number, point)
        return found

    def _distances(self, curve: Curve, scene: QPointF) -> NDArray[np.float64]:
        """How far each point of a curve is from a point of the scene, in pixels."""
        box = self._chart.getViewBox()
        zero, right, up = (
            np.array([at.x(), at.y()])
            for at in (box.mapViewToScene(QPointF(x, y)) for x, y in ((0, 0), (1, 0), (0, 1)))
        )
        xs, ys = np.asarray(curve.xs, float)[:, None], np.asarray(curve.ys, float)[:, None]
        ys = np.log10(ys) if self._axes.y_log else ys
        places = zero + xs * (right - zero) + ys * (up - zero)
        distances = np.hypot(*(places - (scene.x(), scene.y())).T)
        return np.where(np.isfinite(distances), distances, np.inf)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            focus_ring(self)

    def leaveEvent(self, event: Any) -> None:  # noqa: ANN401 - PySide says QEvent, Qt sends more
        super().leaveEvent(event)
        self._set_near(None)

    def _set_near(self, found: tuple[int, int] | None) -> None:
        if found != self._near:
            self._near = found
            self.hovered.emit(found)

    @Slot(object)
    def _on_mouse_moved(self, scene: QPointF) -> None:
        self._set_near(self._nearest(scene))

    @Slot(object)
    def _on_mouse_clicked(self, event: Any) -> None:  # noqa: ANN401 - pyqtgraph's own event
        found = self._nearest(event.scenePos())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(found)
