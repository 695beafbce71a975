"""The menu of a right click: plain words, one function each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

Act = tuple[str, Callable[[], object]]
"""What an entry says, and what it does."""


def pop_up(parent: QWidget, where: QPoint, acts: Sequence[Act]) -> None:
    """Open a menu at a point of the screen; it is gone when it closes."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for words, act in acts:
        entry = menu.addAction(words.replace("&", "&&"))
        entry.triggered.connect(lambda _checked=False, act=act: act())
    menu.popup(where)
