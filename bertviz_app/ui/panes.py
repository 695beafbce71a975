"""The panes: Answer, All and One side by side, in shares that follow the width of the window."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.ui import look
from bertviz_app.ui.view import Pane, View

SHARES = ((1100, (26, 74)), (1600, (22, 36, 42)), (2200, (16, 28, 56)))
"""Window width below which, shares of Answer, All and One; two: All and One take turns."""

WIDEST = (14, 28, 58)


class ViewPane(QWidget):
    """The views of one pane of one place at a time; tabs if there is more than one."""

    def __init__(self, views: Iterable[View], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views = tuple(views)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for view in self.views:
            rows.addWidget(view)
            view.hide()
        self._chosen: dict[int, View] = {}
        for view in reversed(self.views):
            self._chosen[view.place] = view

    def open_place(self, place: int) -> None:
        """Show this pane's view of `place`; the pane hides itself if the place has none here."""
        chosen = self._chosen.get(place)
        self.setVisible(chosen is not None)
        for view in self.views:
            view.setVisible(view is chosen)

    def current(self, place: int) -> View | None:
        """The view this pane shows at `place`."""
        return self._chosen.get(place)


class Panes(QSplitter):
    """Answer, All and One; at small widths All and One share a pane with a switch.

    Signals:
        resized(): the person moved a splitter.
    """

    resized = Signal()

    def __init__(
        self, answer: QWidget, views: Iterable[View], parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        found = tuple(views)
        self._answer = answer
        self.panes = {
            pane: ViewPane([view for view in found if view.pane is pane], self) for pane in Pane
        }
        self._switch = _Switch(self)
        self._switch.switched.connect(self._on_switched)
        self._place = min(view.place for view in found)
        self._preferred = Pane.ALL
        self._own_shares: tuple[int, ...] = ()
        right = QWidget(self)
        rows = QVBoxLayout(right)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._switch)
        self._inner = QSplitter(Qt.Orientation.Horizontal, right)
        for pane in self.panes.values():
            self._inner.addWidget(pane)
        rows.addWidget(self._inner, 1)
        self.addWidget(answer)
        self.addWidget(right)
        for splitter in (self, self._inner):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            splitter.splitterMoved.connect(self._on_splitter_moved)
        # It gets its width after the outer one; only then its shares can be right.
        self._inner.installEventFilter(self)

    @property
    def place(self) -> int:
        """The open place."""
        return self._place

    @property
    def shares(self) -> tuple[int, ...]:
        """Widths of Answer, All and One in thousandths if the person chose them, else ()."""
        return self._own_shares

    def open_place(self, place: int) -> None:
        """Show the views of `place`."""
        self._place = place
        self._arrange()

    def visible_views(self) -> list[View]:
        """The views on screen, All before One."""
        return [
            view for pane in self.panes.values() for view in pane.views if view.isVisibleTo(self)
        ]

    def set_shares(self, shares: tuple[int, ...]) -> None:
        """Use the person's own widths in thousandths; () brings the usual ones back."""
        self._own_shares = shares if len(shares) == 3 and min(shares) > 0 else ()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inner and event.type() == QEvent.Type.Resize:
            self._divide_inner()
        return super().eventFilter(watched, event)

    def _divide_inner(self) -> None:
        usual = self._usual_shares(self.width())
        if len(usual) == 3:
            self._divide(self._inner, (self._own_shares or usual)[1:])

    def _arrange(self) -> None:
        width = self.width()
        for pane in self.panes.values():
            pane.open_place(self._place)
        there = [pane for pane in Pane if self.panes[pane].current(self._place) is not None]
        usual = self._usual_shares(width)
        together = len(usual) == 2 and len(there) == 2
        self._switch.setVisible(together)
        if together:
            for kind, widget in self.panes.items():
                widget.setVisible(kind is self._preferred)
            self._switch.show_chosen(self._preferred)
        shares = self._own_shares or (*usual, 0)[:3]
        self._divide(self, (shares[0], shares[1] + shares[2]))
        self._divide_inner()

    def _usual_shares(self, width: int) -> tuple[int, ...]:
        scale = look.current().text_size
        for below, shares in SHARES:
            if width < below * scale:
                return shares
        return WIDEST

    @staticmethod
    def _divide(splitter: QSplitter, shares: tuple[int, ...]) -> None:
        total = max(sum(shares), 1)
        splitter.setSizes([round(splitter.width() * share / total) for share in shares])

    @Slot(int, int)
    def _on_splitter_moved(self, _position: int, _index: int) -> None:
        outer, inner = self.sizes(), self._inner.sizes()
        if min(outer) > 0:
            if min(inner) == 0:  # one pane only: the share of the other stays as it was
                usual = self._own_shares or (*self._usual_shares(self.width()), 1)[:3]
                inner = list(usual[1:])
            whole = sum(outer)
            right = outer[1] / sum(inner)
            widths = (outer[0], inner[0] * right, inner[1] * right)
            self._own_shares = tuple(max(round(1000 * width / whole), 1) for width in widths)
            self.resized.emit()

    @Slot(object)
    def _on_switched(self, pane: Pane) -> None:
        self._preferred = pane
        self._arrange()


class _Switch(QWidget):
    """All or One, where both do not fit side by side."""

    switched = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 0)
        row.addStretch(1)
        self._group = QButtonGroup(self)
        self._buttons = {}
        for pane in Pane:
            button = QPushButton(pane.value, self)
            button.setCheckable(True)
            button.clicked.connect(lambda _, chosen=pane: self.switched.emit(chosen))
            self._group.addButton(button)
            row.addWidget(button)
            self._buttons[pane] = button

    def show_chosen(self, pane: Pane) -> None:
        """Mark the pane that is shown."""
        self._buttons[pane].setChecked(True)
