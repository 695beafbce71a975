"""Tests of a cloud of points: where their labels stand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSizeF
from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.parts.cloud import around, free_places

ROOM = QSizeF(400, 300)


def test_only_what_must_be_named_is_named_amid_a_crowd(qtbot: QtBot) -> None:
    look.apply(look.Look())
    middle = QPointF(200, 150)
    crowd = [middle, *(area.center() for area in around(middle, 40, ROOM))]
    widths, order = [40.0] * len(crowd), [0]
    assert free_places(crowd, widths, order, ROOM) == {}
    assert set(free_places(crowd, widths, order, ROOM, sure={0})) == {0}
    assert free_places([middle], widths, order, ROOM) == free_places(
        [middle], widths, order, ROOM, sure={0}
    )
