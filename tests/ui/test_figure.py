"""A figure holds what is drawn and said, and nothing that is there to be touched."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.exhibit import Exhibit
from bertviz_app.ui.figure import FigureLine, at_rest, figure
from bertviz_app.ui.parts.painting import focus_ring

RED, GREEN, BLUE = 0xFFFF0000, 0xFF00FF00, 0xFF0000FF


class Patch(QWidget):
    """Paints itself in one colour, with the ring of the keyboard, and in blue under the mouse."""

    def __init__(self, parent: QWidget, colour: int) -> None:
        super().__init__(parent)
        self.colour = colour
        self.setFixedSize(QSize(100, 40))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), BLUE if self.underMouse() else self.colour)
        painter.end()
        if self.hasFocus():
            focus_ring(self)


class Shown(Exhibit):
    """Two patches, with a button and a slider between them."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.scale = Patch(self, RED), Patch(self, GREEN)
        self.middle = QWidget(self)
        column = QVBoxLayout(self.middle)
        column.addWidget(self.first)
        column.addWidget(QPushButton("Compute", self.middle))
        column.addWidget(QSlider(Qt.Orientation.Horizontal, self.middle))
        rows = QVBoxLayout(self)
        rows.addWidget(self.middle)
        rows.addWidget(self.scale)

    @property
    def pictures(self) -> tuple[QWidget, ...]:
        return (self.middle,)

    @property
    def legends(self) -> tuple[QWidget, ...]:
        return (self.scale,)


@pytest.fixture
def exhibit(qtbot: QtBot) -> Shown:
    look.load_fonts()
    look.apply(look.Look())
    made = Shown()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.first.hasFocus)
    made.first.clearFocus()
    return made


def colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def made(exhibit: Shown, words: str = "") -> QImage:
    lines = [FigureLine(words, look.current().sans())] if words else []
    return figure(exhibit, lines, [])


def test_buttons_and_sliders_stay_out_and_leave_no_hole_below(exhibit: Shown) -> None:
    image = made(exhibit)
    chrome = look.current().colour("chrome").rgb()
    assert colours(image) == {RED, GREEN, chrome}
    assert image.height() == 12 + 40 + 8 + 40 + 12


def test_long_words_take_the_lines_they_need(exhibit: Shown) -> None:
    short, long = made(exhibit, "Map"), made(exhibit, "antidisestablishmentarianism" * 20)
    assert short.width() == long.width()
    assert long.height() > short.height() + 60


def test_mouse_and_keyboard_are_elsewhere_for_a_moment(exhibit: Shown) -> None:
    plain = made(exhibit)
    exhibit.first.setFocus()
    exhibit.first.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    assert made(exhibit) != plain
    with at_rest(exhibit):
        assert made(exhibit) == plain
    assert exhibit.first.hasFocus()
