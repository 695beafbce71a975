"""Tests of the place of a label: other words lay nothing out anew, and all of them are seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.ui.parts.steady import Steady


class LayoutsCounted(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LayoutRequest
        return False


def test_other_words_lay_nothing_out_anew_until_they_need_another_line(qtbot: QtBot) -> None:
    window, label, counted = QWidget(), QLabel("one"), LayoutsCounted()
    qtbot.addWidget(window)
    label.setWordWrap(True)
    place = Steady(label, window)
    rows = QVBoxLayout(window)
    rows.addWidget(place)
    rows.addStretch(1)
    window.resize(200, 300)
    window.show()
    place.fit(20)
    QApplication.processEvents()
    window.installEventFilter(counted)
    label.setText("two words")
    place.fit(20)
    QApplication.processEvents()
    assert counted.count == 0
    assert label.size() == place.size()
    label.setText("many words " * 20)
    place.fit(20)
    QApplication.processEvents()
    assert counted.count > 0
    assert label.height() >= label.heightForWidth(label.width())
