"""Folders and files are taken wherever on the window they are dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.ui.drop_target import DropTarget, dropped_path
from bertviz_app.ui.text_field import TextField

COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def enter(window: QWidget, data: QMimeData) -> bool:
    event = QDragEnterEvent(QPointF(5, 5).toPoint(), COPY, data, LEFT, NONE)
    event.ignore()
    QCoreApplication.sendEvent(window, event)
    return event.isAccepted()


def card(window: QWidget) -> QLabel:
    found = window.findChild(QLabel, "drop")
    assert isinstance(found, QLabel)
    return found


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    return window


def test_a_folder_is_announced_while_it_hovers_and_said_when_dropped(
    window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    target, data = DropTarget(window), files(tmp_path / "my bert", tmp_path)
    assert enter(window, data)
    assert card(window).isVisible()
    assert card(window).text() == "Open my bert"
    drop = QDropEvent(QPointF(5, 5), COPY, data, LEFT, NONE)
    with qtbot.waitSignal(target.dropped) as dropped:
        QCoreApplication.sendEvent(window, drop)
    assert dropped.args == [tmp_path / "my bert"]
    assert not card(window).isVisible()


def test_what_leaves_again_is_not_announced_any_more(window: QWidget, tmp_path: Path) -> None:
    target = DropTarget(window)
    enter(window, files(tmp_path))
    QCoreApplication.sendEvent(window, QDragLeaveEvent())
    assert not card(window).isVisible()
    del target


def test_text_and_addresses_of_elsewhere_are_not_taken(window: QWidget) -> None:
    target = DropTarget(window)
    data = QMimeData()
    data.setText("a sentence")
    assert not enter(window, data)
    data.setUrls([QUrl("https://huggingface.co/bert-base-uncased")])
    assert not enter(window, data)
    assert dropped_path(data) is None
    assert not card(window).isVisible()
    del target


def test_the_text_leaves_files_to_the_window_and_takes_text(qtbot: QtBot, tmp_path: Path) -> None:
    field = TextField("textA", "a text")
    qtbot.addWidget(field)
    assert not field.canInsertFromMimeData(files(tmp_path))
    data = QMimeData()
    data.setText("a sentence")
    assert field.canInsertFromMimeData(data)
