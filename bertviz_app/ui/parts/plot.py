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
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.canvas import CONTROL
from bertviz_app.ui.parts.painting import focus_ring

NEAR, LINE = 24, 15
"""Pixels within which a point counts as under the mouse; height of the name of a curve."""

EDGE = 0.05
"""Part of a range that stays free at either end."""


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
        clicked(tuple[int, int], bool): a point was clicked; True with Ctrl.
    """

    hovered = Signal(object)
    clicked = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(2, 2, 2, 2)  # the ring of the focus stands around the chart
        self._chart: Any = None
        self._curves: tuple[Curve, ...] = ()
        self._axes = Axes()
        self._near: tuple[int, int] | None = None
        self._lines: list[Any] = []
        self._names: list[Any] = []
        self._dressed_for: tuple[look.Look, Axes] | None = None

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
            self._draw()

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
        for side in ("bottom", "left"):
            _write_true_minus(chart.getAxis(side))
        self._rows.addWidget(chart)
        return chart

    def _draw(self) -> None:
        """Draw the curves with the lines there are: they cost more to make than to move."""
        import pyqtgraph

        style, chart = look.current(), self._chart
        if self._dressed_for != (style, self._axes):
            self._dressed_for = (style, self._axes)
            _dress(chart, style, self._axes)
        while len(self._lines) < len(self._curves):
            self._lines.append(chart.plot(connect="finite", antialias=True))
        while len(self._lines) > len(self._curves):
            chart.removeItem(self._lines.pop())
        for line, curve in zip(self._lines, self._curves, strict=True):
            dashes = Qt.PenStyle.DashLine if curve.dashed else Qt.PenStyle.SolidLine
            width = style.px(1) * curve.width
            line.setPen(pyqtgraph.mkPen(curve.colour, width=width, style=dashes))
            line.setData(np.asarray(curve.xs, float), np.asarray(curve.ys, float))
        self._write_names()

    @Slot()
    def _write_names(self) -> None:
        """Write the name of each curve behind its last point, none over another."""
        import pyqtgraph

        box, style = self._chart.getViewBox(), look.current()
        ends = sorted(self._ends(), key=lambda end: end[1][1], reverse=not self._axes.y_inverted)
        low, high = self._show_range([curve.name for curve, _ in ends])
        pixel = (high - low) / max(box.height(), 1.0)
        top, sign = (low, 1) if self._axes.y_inverted else (high, -1)
        wanted = [sign * (y - top) / pixel for _, (_, y) in ends]
        middles = spread(wanted, style.px(LINE), max(box.height(), 1.0))
        while len(self._names) < len(ends):
            self._names.append(pyqtgraph.TextItem(anchor=(0.0, 0.5)))
            self._chart.addItem(self._names[-1], ignoreBounds=True)
        while len(self._names) > len(ends):
            self._chart.removeItem(self._names.pop())
        for label, (curve, (x, _)), middle in zip(self._names, ends, middles, strict=True):
            label.setFont(style.sans())
            label.setText(curve.name, curve.colour)
            label.setPos(x, top + sign * middle * pixel)

    def _show_range(self, names: Sequence[str]) -> tuple[float, float]:
        """Show all points, with room for `names` at the right; returns the range of y."""
        box, style = self._chart.getViewBox(), look.current()
        places = np.array(
            [
                self._place(curve, point)
                for curve in self._curves
                for point in range(len(curve.xs))
                if np.isfinite(curve.ys[point])
            ]
        ).reshape(-1, 2)
        if not len(places):
            return 0.0, 1.0
        (left, low), (right, high) = places.min(axis=0), places.max(axis=0)
        wide, tall = (right - left or 1.0) * EDGE, (high - low or 1.0) * EDGE
        left, right, low, high = left - wide, right + wide, low - tall, high + tall
        name = max([look.text_width(style.sans(), name) for name in names], default=0.0)
        room = max(box.width(), 2 * name + style.px(32))
        right = left + (right - left) * room / (room - name - style.px(8) * bool(names))
        box.setRange(xRange=(left, right), yRange=(low, high), padding=0)
        return float(low), float(high)

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
            self.clicked.emit(found, bool(event.modifiers() & CONTROL))


def _write_true_minus(axis: Any) -> None:  # noqa: ANN401 - as above
    """Write numbers below zero as they are written everywhere else."""
    written = axis.tickStrings
    axis.tickStrings = lambda *at: [text.replace("-", numbers.MINUS) for text in written(*at)]


def _dress(chart: Any, style: look.Look, axes: Axes) -> None:  # noqa: ANN401 - as above
    """Give the axes of a chart their colours, fonts and words."""
    chart.setBackground(style.colour("paper"))
    chart.setLogMode(False, axes.y_log)
    chart.getViewBox().invertY(axes.y_inverted)
    for side, words, ticks in (("bottom", axes.x, axes.x_ticks), ("left", axes.y, axes.y_ticks)):
        axis = chart.getAxis(side)
        axis.setPen(style.colour("hairline"))
        axis.setTextPen(style.colour("muted"))
        axis.setStyle(tickFont=style.mono())
        axis.setLabel(words)
        axis.label.setFont(style.sans())
        axis.setSIPrefixEnableRanges(())  # else 0.8 is written as 800
        log = axes.y_log and side == "left"
        marks = [(float(np.log10(at)) if log else at, said) for at, said in ticks]
        axis.setTicks([marks] if marks else None)
