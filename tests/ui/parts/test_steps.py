"""Tests of the blocks of a calculation: what is painted where."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.parts.step_columns import term_columns
from bertviz_app.ui.parts.steps import Term

AREA = QRectF(0, 0, 520, 20)


@pytest.fixture
def picture(qtbot: QtBot) -> QImage:
    look.load_fonts()
    look.apply(look.Look())
    made = QImage(520, 20, QImage.Format.Format_RGB32)
    made.fill(look.current().colour("chrome"))
    return made


def test_no_number_stands_under_the_bar_of_a_term(picture: QImage) -> None:
    painter = QPainter(picture)
    Term("B follows A", ("+1.50", "0.50", "0.88"), 0.0).paint(painter, AREA, None)
    painter.end()
    bar = term_columns(AREA)[2].toAlignedRect().adjusted(1, 0, -1, 0)
    paper, chrome = (look.current().colour(role).name() for role in ("paper", "chrome"))
    seen = {
        picture.pixelColor(x, y).name()
        for x in range(bar.left(), bar.right())
        for y in range(bar.top(), bar.bottom())
    }
    assert seen == {paper, chrome}
