"""Fields to type into whose own undo gives way to the session's."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit


def leaves_undo(event: QEvent) -> bool:
    """Leave undo and redo to the window if `event` is a field's claim to their keys; whether it is.

    Qt's fields claim these keys even while their own undo is off.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    undo = event.matches(QKeySequence.StandardKey.Undo)
    if not undo and not event.matches(QKeySequence.StandardKey.Redo):
        return False
    event.ignore()
    return True


class LineField(QLineEdit):
    """One line of text; Ctrl+Z takes back the last step of the session, not of the line."""

    def event(self, event: QEvent) -> bool:
        return False if leaves_undo(event) else super().event(event)
