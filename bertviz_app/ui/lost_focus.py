"""Where the keyboard goes when what had it is gone: to what stands nearest, in the same part."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QToolButton, QWidget


class LostFocus(QObject):
    """Watches for buttons that vanish, or are switched off, while they have the keyboard.

    Qt hands it to whatever comes next in the order of Tab, which for what was made while the
    program runs is anywhere. Here it stays in the part of the window it was in, as long as that
    part takes the keyboard at all; else it goes to the part that follows.
    """

    def __init__(self, parts: Sequence[QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._parts = tuple(parts)
        self._part = 0
        self._point = QPoint()
        self._handed_to: QWidget | None = None
        # What takes the place of what is gone may be shown only after it.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_all_shown)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is None or (old.isVisible() and old.isEnabled()) or not old.window().isVisible():
            return
        there = [number for number, part in enumerate(self._parts) if _holds(part, old)]
        if there and not (self._timer.isActive() and old is self._handed_to):
            self._part = there[0]
            self._point = old.mapTo(old.window(), old.rect().center())
        if there:
            self._handed_to = new
            self._timer.start(0)

    @Slot()
    def _on_all_shown(self) -> None:
        handed_to, self._handed_to = self._handed_to, None
        if self._parts[0].window().focusWidget() is not handed_to:
            return  # somebody knew where it should go
        in_order = (*self._parts[self._part :], *reversed(self._parts[: self._part]))
        stops = next((stops for part in in_order if (stops := _usable(part))), [])
        if stops:
            stop = min(stops, key=self._distance)
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _distance(self, stop: QWidget) -> tuple[bool, int, int]:
        """How far a widget is from where the keyboard was: its edge, then its centre.

        What stands at the rim of every view, ? and ⋯, comes last.
        """
        area = QRect(stop.mapTo(stop.window(), QPoint()), stop.size())
        edge = QPoint(
            min(max(self._point.x(), area.left()), area.right()),
            min(max(self._point.y(), area.top()), area.bottom()),
        )
        to_edge, to_centre = edge - self._point, area.center() - self._point
        lengths = to_edge.manhattanLength(), to_centre.manhattanLength()
        return isinstance(stop, QToolButton), *lengths


def _holds(part: QWidget, widget: QWidget) -> bool:
    return part is widget or part.isAncestorOf(widget)


def _usable(part: QWidget) -> list[QWidget]:
    """What takes the keyboard with Tab in a part, now."""
    return [
        one
        for one in (part, *part.findChildren(QWidget))
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None
        and one.window() is part.window()
        and one.isVisible()
        and one.isEnabled()
    ]
