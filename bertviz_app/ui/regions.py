"""The regions of the window, in the order F6 and Tab go through them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget


class Regions:
    """The parts of the window that the keyboard goes through, top to bottom, left to right."""

    def __init__(self, parts: Sequence[QWidget]) -> None:
        self._parts = tuple(parts)
        stops = [stop for part in self._parts for stop in _stops(part)]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def go(self, focused: QWidget | None, by: int) -> None:
        """Move the keyboard to the next region on screen, or the one before."""
        usable = [part for part in self._parts if _first_usable(part) is not None]
        here = [
            number
            for number, part in enumerate(usable)
            if focused is not None and (part is focused or part.isAncestorOf(focused))
        ]
        if not usable:
            return
        start = here[-1] if here else (-1 if by > 0 else 0)
        stop = _first_usable(usable[(start + by) % len(usable)])
        if stop is not None:
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            # Qt draws where the keyboard is once a key has moved it, which it knows of Tab alone.
            stop.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


def put_before(made: QWidget, stop: QWidget) -> None:
    """Let Tab reach what was made later just before `stop`, which takes the keyboard with Tab."""
    before = stop.previousInFocusChain()
    while before and (before is made or not before.focusPolicy() & Qt.FocusPolicy.TabFocus):
        before = before.previousInFocusChain()
    if before:
        QWidget.setTabOrder(before, made)


def stop_at(chosen: QAbstractButton) -> None:
    """Let Tab reach, of buttons of which one is always chosen, that one.

    Qt keeps to the one that had the keyboard last, whichever is chosen meanwhile.
    """
    for button in chosen.group().buttons():
        here = Qt.FocusPolicy.StrongFocus if button is chosen else Qt.FocusPolicy.ClickFocus
        if button.focusPolicy() != here:
            button.setFocusPolicy(here)


def _stops(part: QWidget) -> list[QWidget]:
    """The widgets of a part that take the keyboard with Tab."""
    inside = [part, *part.findChildren(QWidget)]
    return [
        one
        for one in inside
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.window() is part.window()
    ]


def _first_usable(part: QWidget) -> QWidget | None:
    for stop in _stops(part):
        if stop.isVisible() and stop.isEnabled():
            return stop
    return None
