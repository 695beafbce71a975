"""The menu of a right click: plain words, one function each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

Act = tuple[str, Callable[[], object]]
"""What an entry says, and what it does."""


def pop_up(parent: QWidget, where: QPoint, acts: Sequence[Act]) -> None:
    """Open a menu at a point of the screen; it is gone when it closes.

    While it is open the mouse is its own. What is at that point hears that the mouse has left: a
    click beside the menu closes it, and no other event tells what was hovered.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for words, act in acts:
        entry = menu.addAction(words.replace("&", "&&"))
        entry.triggered.connect(lambda _checked=False, act=act: act())
    window = parent.window()
    under = window.childAt(window.mapFromGlobal(where))
    if under is not None:
        menu.aboutToHide.connect(lambda: _leave(under))
    menu.popup(where)


def _leave(widget: QWidget) -> None:
    """Tell a widget, if it is still there, that the mouse has left it."""
    if shiboken6.isValid(widget):
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
