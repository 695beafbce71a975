"""The panes: Answer, All, One and Second side by side, in shares that follow the window's width."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.view import Pane, View
from bertviz_app.ui.view_pane import PaneSwitch, ViewPane

SHARES = ((1100, (26, 74)), (1600, (22, 36, 42)), (2200, (16, 28, 32, 24)))
"""Window width below which, shares of Answer, All, One and Second; two: All and One take turns."""

WIDEST = (14, 28, 34, 24)


class Spot(Enum):
    """Where a view stands: All, One or, where there is room for it, beside One."""

    ALL = "All"
    ONE = "One"
    SECOND = "Second"


class Panes(QSplitter):
    """Answer, All, One and Second; at small widths All and One share a pane with a switch.

    Signals:
        resized(): the person moved a splitter.
        rearranged(): other views are on screen, or what one of them needs is different.
    """

    resized = Signal()
    rearranged = Signal()

    def __init__(
        self, answer: QWidget, views: Iterable[View], parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._views = tuple(views)
        self._answer = answer
        self.panes = {spot: ViewPane(spot.value, self) for spot in Spot}
        self._switch = PaneSwitch(self)
        self._switch.switched.connect(self._on_switched)
        self._place = min(view.place for view in self._views)
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
            pane.chosen.connect(self._on_chosen)
        rows.addWidget(self._inner, 1)
        self.addWidget(answer)
        self.addWidget(right)
        for splitter in (self, self._inner):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            splitter.splitterMoved.connect(self._on_splitter_moved)
        self._settle_views()
        # It gets its width after the outer one; only then its shares can be right.
        self._inner.installEventFilter(self)

    @property
    def place(self) -> int:
        """The open place."""
        return self._place

    @property
    def shares(self) -> tuple[int, ...]:
        """Widths of Answer, All, One and Second in thousandths if the person chose them, else ().

        Without a second pane, One takes what is Second's.
        """
        return self._own_shares

    @property
    def detailed(self) -> ViewPane:
        """The pane of the thing that was picked, or the only one there is."""
        one = self.panes[Spot.ONE]
        return one if one.isVisible() else self.panes[Spot.ALL]

    def open_place(self, place: int) -> None:
        """Show the views of `place`."""
        self._place = place
        self._arrange()

    def choose(self, view: View) -> None:
        """Bring a view of the open place to the front."""
        self._preferred = view.pane
        for pane in self.panes.values():
            pane.choose(view)
        self._arrange()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the views that were brought to the front; that of the preferred pane last."""
        front = self.panes[Spot.ALL if self._preferred is Pane.ALL else Spot.ONE].current
        views = [view for pane in self.panes.values() for view in pane.chosen_views]
        last = [front] if front is not None else []
        return tuple(view.name for view in [*(one for one in views if one is not front), *last])

    def restore(self, chosen: Iterable[str]) -> None:
        """Bring views to the front again, and no others; names that are not known mean nothing."""
        self.forget_tabs()
        views = {view.name: view for view in self._views}
        for name in chosen:
            if name in views:
                self.choose(views[name])

    def forget_tabs(self) -> None:
        """Show the first view of every pane again."""
        for pane in self.panes.values():
            pane.forget_tabs()
        self._arrange()

    def step_tab(self, by: int) -> None:
        """Choose the next tab of the detailed pane, or the one before, round the end."""
        self.detailed.step(by)

    def visible_views(self) -> list[View]:
        """The views on screen, All before One."""
        return [
            view for pane in self.panes.values() for view in pane.views if view.isVisibleTo(self)
        ]

    def set_shares(self, shares: tuple[int, ...]) -> None:
        """Use the person's own widths in thousandths; () brings the usual ones back."""
        self._own_shares = shares if len(shares) == len(WIDEST) and min(shares) > 0 else ()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self.visible_views()
        self._settle_views()
        self._arrange()
        if self.visible_views() != before:
            self.rearranged.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inner and event.type() == QEvent.Type.Resize:
            self._divide_inner()
        return super().eventFilter(watched, event)

    def _settle_views(self) -> None:
        """Put each view into its pane; the second detailed one of a place beside the first."""
        has_second = len(_usual_shares(self.width())) == len(WIDEST)
        spots: dict[Spot, list[View]] = {spot: [] for spot in Spot}
        for view in self._views:
            if view.pane is Pane.ALL:
                spots[Spot.ALL].append(view)
                continue
            earlier = sum(other.place == view.place for other in spots[Spot.ONE])
            beside = any(other.place == view.place for other in spots[Spot.SECOND])
            second = has_second and earlier == 1 and not beside
            spots[Spot.SECOND if second else Spot.ONE].append(view)
        for spot, views in spots.items():
            self.panes[spot].hold(views)

    def _divide_inner(self) -> None:
        shares = self._shares()
        if len(shares) > 2:
            _divide(self._inner, shares[1:])

    def _arrange(self) -> None:
        for pane in self.panes.values():
            pane.open_place(self._place)
        there = [self.panes[spot].current is not None for spot in (Spot.ALL, Spot.ONE)]
        together = len(_usual_shares(self.width())) == 2 and all(there)
        self._switch.setVisible(together)
        if together:
            for spot, kind in ((Spot.ALL, Pane.ALL), (Spot.ONE, Pane.ONE)):
                self.panes[spot].setVisible(kind is self._preferred)
            self._switch.show_chosen(self._preferred)
        shares = self._shares()
        _divide(self, (shares[0], sum(shares[1:])))
        self._divide_inner()

    def _shares(self) -> tuple[int, ...]:
        """The shares in force: the person's own, fitted to the panes that this width has."""
        usual = _usual_shares(self.width())
        if not self._own_shares or len(usual) == len(WIDEST):
            return self._own_shares or usual
        answer, everything, one, second = self._own_shares
        return answer, everything, one + second

    @Slot(int, int)
    def _on_splitter_moved(self, _position: int, _index: int) -> None:
        outer, inner = self.sizes(), self._inner.sizes()
        if min(outer) <= 0:
            return
        usual = self._own_shares or WIDEST
        detailed = usual[2] + usual[3]
        if self.panes[Spot.ALL].isHidden() or self.panes[Spot.ONE].isHidden():
            widths: tuple[float, ...] = usual[1:]  # what is not in sight stays as it was
        elif self.panes[Spot.SECOND].isHidden():
            widths = inner[0], inner[1] * usual[2] / detailed, inner[1] * usual[3] / detailed
        else:
            widths = tuple(inner)
        right = outer[1] / sum(widths)
        whole = sum(outer)
        found = (outer[0], *(width * right for width in widths))
        self._own_shares = tuple(max(round(1000 * width / whole), 1) for width in found)
        self.resized.emit()

    @Slot(object)
    def _on_switched(self, pane: Pane) -> None:
        self._preferred = pane
        self._arrange()
        self.rearranged.emit()

    @Slot()
    def _on_chosen(self) -> None:
        self.rearranged.emit()


def _divide(splitter: QSplitter, shares: tuple[int, ...]) -> None:
    total = max(sum(shares), 1)
    splitter.setSizes([round(splitter.width() * share / total) for share in shares])


def _usual_shares(width: int) -> tuple[int, ...]:
    """Shares of a window so wide; all widths grow with the text."""
    scale = look.current().text_size
    return next((shares for below, shares in SHARES if width < below * scale), WIDEST)
