"""Opens the menu of a right click and reads it, without a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

MOUSE = QContextMenuEvent.Reason.Mouse
KEYBOARD = QContextMenuEvent.Reason.Keyboard

opens_a_menu = pytest.mark.qt_log_ignore("does not support grabbing the keyboard")
"""The offscreen platform says so of every menu."""


@contextmanager
def menu(
    on: QWidget, point: QPoint, reason: QContextMenuEvent.Reason = MOUSE
) -> Iterator[dict[str, QAction]]:
    """The entries of the menu that a right click at `point` of `on` opens, by their words."""
    QApplication.sendEvent(on, QContextMenuEvent(reason, point, on.mapToGlobal(point)))
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    menus = [one for one in shown if isinstance(one, QMenu)]
    yield {action.text(): action for one in menus for action in one.actions()}
    for one in menus:
        one.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
