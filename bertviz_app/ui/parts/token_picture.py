"""The gestures that mean the same on every picture of tokens: try, keep, hide, menu, keys."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Trace
from bertviz_app.ui.parts.token_menu import pop_up_token_menu


class TokenPicture(QWidget):
    """A picture in which tokens have a place; `token_at` and `area_of` are what to write.

    Attributes:
        keys: the arrow to the token before, and the one to the token after.

    Signals:
        picked(Pick): a click on a token, or an arrow key; with Ctrl it is the one looked at.
        previewed(Pick | None): the mouse is over another token.
        hidden(int, bool): hide the word of this token, or give it back; True: one [MASK] a piece.
    """

    picked = Signal(object)
    previewed = Signal(object)
    hidden = Signal(int, bool)

    keys: ClassVar[tuple[Qt.Key, Qt.Key]] = (Qt.Key.Key_Left, Qt.Key.Key_Right)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.snapshot = Snapshot()
        self.hovered: int | None = None
        self._pressed: int | None = None

    def token_at(self, point: QPointF) -> int | None:
        """The token at a point of this widget."""
        raise NotImplementedError

    def area_of(self, token: int) -> QRectF:
        """Where a token is, in pixels of this widget."""
        raise NotImplementedError

    @property
    def trace(self) -> Trace | None:
        """The run that is drawn."""
        return self.snapshot.trace

    @property
    def current(self) -> int | None:
        """The token the keys start from."""
        return self.snapshot.token

    def hover(self, token: int | None) -> None:
        """The mouse is over `token`."""
        if token != self.hovered:
            self.hovered = token
            self.previewed.emit(None if token is None else Pick(token=token))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hover(self.token_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.hover(None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self.token_at(event.position())
        if self._pressed is not None and event.button() is Qt.MouseButton.LeftButton:
            self._keep(self._pressed, second=_held(event, Qt.KeyboardModifier.ControlModifier))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The token of the first click: the click may have moved another one under the mouse.
        if self._pressed is not None and event.button() is Qt.MouseButton.LeftButton:
            self._edit(self._pressed, each=_held(event, Qt.KeyboardModifier.ShiftModifier))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        token, where = self.current, event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            token = self.token_at(QPointF(event.pos()))
        elif token is not None:
            where = self.mapToGlobal(self.area_of(token).bottomLeft().toPoint())
        if token is not None:
            picked, hidden = self.picked.emit, self.hidden.emit
            pop_up_token_menu(self, where, self.snapshot, token, picked, hidden)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        token, count = self.current, len(self.trace) if self.trace is not None else 0
        target = self._target(event.key(), token, count)
        if count and target is not None:
            self._keep(target, second=False)
        elif token is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if _held(event, Qt.KeyboardModifier.ControlModifier):
                self._keep(token, second=True)
            else:
                self._edit(token, each=_held(event, Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def _target(self, key: int, token: int | None, count: int) -> int | None:
        """The token a key goes to; None if it means nothing here."""
        if key == Qt.Key.Key_End:
            return count - 1
        if key == Qt.Key.Key_Home or (token is None and key in self.keys):
            return 0
        if token is None or key not in self.keys:
            return None
        step = 1 if key == self.keys[1] else -1
        return min(max(token + step, 0), count - 1)

    def _keep(self, token: int, *, second: bool) -> None:
        self.picked.emit(Pick(second=token) if second else Pick(token=token))

    def _edit(self, token: int, *, each: bool) -> None:
        if self.trace is not None and token not in self.trace.encoding.added:
            self.hidden.emit(token, each)


def _held(event: QMouseEvent | QKeyEvent, key: Qt.KeyboardModifier) -> bool:
    return bool(event.modifiers() & key)
