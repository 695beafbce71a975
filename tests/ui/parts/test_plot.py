"""Tests of the plot: curves stand where their numbers say, and the mouse finds their points."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.parts.canvas import CONTROL
from bertviz_app.ui.parts.plot import Axes, Curve, Plot


@pytest.fixture
def plot(qtbot: QtBot) -> Plot:
    look.load_fonts()
    look.apply(look.Look())
    made = Plot()
    qtbot.addWidget(made)
    made.resize(420, 300)
    red = look.current().colour("error")
    curves = [Curve("falls", (0, 1, 2), (1000.0, 10.0, 1.0), red), Curve("", (), (), red)]
    made.show_curves(curves, Axes("layer", "rank", y_log=True, y_inverted=True))
    made.show()
    qtbot.waitExposed(made)
    made.grab()
    return made


def pixel_of(plot: Plot, x: float, y: float) -> QPoint:
    """Where a point of the chart's own numbers is on the chart's viewport."""
    chart = plot.children()[-1]
    scene: QPointF = chart.getViewBox().mapViewToScene(QPointF(x, y))
    found: QPoint = chart.mapFromScene(scene)
    return found


def test_small_ranks_stand_on_top_on_a_logarithmic_axis(plot: Plot) -> None:
    high, middle, low = (pixel_of(plot, at, y) for at, y in ((2, 0), (1, 1), (0, 3)))
    assert high.y() < middle.y() < low.y()
    assert (low.y() - middle.y()) == pytest.approx(2 * (middle.y() - high.y()), abs=3)


def test_numbers_below_zero_have_a_true_minus(plot: Plot) -> None:
    axis = plot.children()[-1].getAxis("bottom")
    assert axis.tickStrings([-0.5, 0.5], 1.0, 0.5) == ["−0.5", "0.5"]


def test_the_mouse_finds_the_nearest_point(qtbot: QtBot, plot: Plot) -> None:
    chart = plot.children()[-1]
    found: list[object] = []
    plot.hovered.connect(found.append)
    qtbot.mouseMove(chart.viewport(), pixel_of(plot, 1, 1) + QPoint(4, 4))
    qtbot.waitUntil(lambda: found[-1:] == [(0, 1)])
    qtbot.mouseMove(chart.viewport(), QPoint(chart.width() // 2, 4))
    qtbot.waitUntil(lambda: found[-1:] == [None])


def test_a_click_names_the_point(qtbot: QtBot, plot: Plot) -> None:
    chart = plot.children()[-1]
    with qtbot.waitSignal(plot.clicked, timeout=1000) as clicked:
        where = pixel_of(plot, 2, 0)
        qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, CONTROL, pos=where)
    assert clicked.args == [(0, 2), True]


def test_the_program_starts_without_pyqtgraph() -> None:
    code = "import sys, bertviz_app.ui.window; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
