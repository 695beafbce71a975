"""Curves over the positions: what some dimensions hold, learned and sinusoidal."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.core.questions.positions import PositionTables
from bertviz_app.ui.parts.plot import Axes, Curve, Plot
from bertviz_app.ui.parts.positions_picture import PositionCell, curve_colour

FIRST = (0, 1, 64)
"""The dimensions whose curves are drawn first."""

MOST, NEAR = 4, 64
"""Curves of one table that are drawn at a time, and over how many positions."""


class PositionCurves(QWidget):
    """A line for what was learned, and a dashed one for the sinusoids, scaled to its length.

    Signals:
        chosen(): other dimensions are drawn.
        hovered(PositionCell | None): the mouse is near this number.
    """

    chosen = Signal()
    hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tables: PositionTables | None = None
        self._dimensions: tuple[int, ...] = FIRST
        self._whole = False
        self._drawn: tuple[object, ...] = ()
        self._plot = Plot(self)
        self._plot.hovered.connect(self._on_hovered)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._plot)

    @property
    def dimensions(self) -> tuple[int, ...]:
        """The dimensions that are drawn."""
        width = self._tables.learned.shape[1] if self._tables is not None else 0
        return tuple(at for at in self._dimensions if at < width)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is drawn: two curves for each dimension."""
        return self._plot.curves

    def show_tables(self, tables: PositionTables) -> None:
        """Draw the curves of these tables."""
        self._tables = tables
        drawn = (tables, self.dimensions, self._whole, curve_colour(0).name())
        if drawn == self._drawn:
            return
        self._drawn = drawn
        count = len(tables.learned)
        some = slice(count if self._whole else min(NEAR, count))
        positions = range(some.stop)
        curves = []
        for number, at in enumerate(self.dimensions):
            colour, learned = curve_colour(number), tables.learned[some, at]
            fixed = tables.sinusoidal[some, at] * tables.factor
            curves.append(Curve(str(at), positions, learned.tolist(), colour))
            curves.append(Curve("", positions, fixed.tolist(), colour, dashed=True))
        self._plot.show_curves(
            curves, Axes(x="position; lines are learned, dashes sinusoidal and scaled", y="value")
        )

    def forget(self) -> None:
        """Draw nothing."""
        self._tables, self._drawn = None, ()
        self._plot.forget()

    def toggle(self, dimension: int) -> None:
        """Draw a dimension, or draw it no more; beyond four the oldest gives way."""
        left = tuple(at for at in self._dimensions if at != dimension)
        self._dimensions = (*left, dimension)[-MOST:] if left == self._dimensions else left
        self.chosen.emit()

    def choose(self, text: str) -> None:
        """Draw the dimensions that are written in `text`, four at most."""
        words = text.replace(",", " ").split()
        found = dict.fromkeys(int(word) for word in words if word.isascii() and word.isdigit())
        self._dimensions = tuple(found)[:MOST]
        self.chosen.emit()

    def show_whole(self, whole: bool) -> None:
        """Draw them over all positions, or over the first ones."""
        self._whole = whole
        self.chosen.emit()

    @Slot(object)
    def _on_hovered(self, point: tuple[int, int] | None) -> None:
        spot = None
        if point is not None:
            spot = PositionCell(point[1], self.dimensions[point[0] // 2], in_table=True)
        self.hovered.emit(spot)
