"""The panes: Answer, All, One and Second side by side, in shares that follow the window's width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.view import Pane, View
from bertviz_app.ui.view_pane import Kind, PaneSwitch, ViewPane

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

    Attributes:
        views: those that have been shown; the others are not built yet.
        chosen: names of the views that were brought to the front, the last one last.

    Args:
        answer: the pane on the left.
        kinds: gives the views of a place, All before One, in the order of their tabs.

    Signals:
        built(View): this view is going to be shown for the first time.
        resized(): the person moved a splitter.
        rearranged(): other views are on screen, or what one of them needs is different.
    """

    built = Signal(object)
    resized = Signal()
    rearranged = Signal()

    def __init__(
        self, answer: QWidget, kinds: Callable[[int], Sequence[Kind]], parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.views: list[View] = []
        self.chosen: tuple[str, ...] = ()
        self._answer = answer
        self._kinds = kinds
        self._here: tuple[Kind, ...] = ()
        self.panes = {spot: ViewPane(spot.value, self._view, self) for spot in Spot}
        self._switch = PaneSwitch(self)
        self._switch.switched.connect(self._on_switched)
        self._place = 0
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
        # It gets its width after the outer one, and a view may need less once it has been drawn;
        # only then its shares can be right.
        self._inner.installEventFilter(self)

    @property
    def place(self) -> int:
        """The open place; 0 before the first one."""
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
        self._place, self._here = place, tuple(self._kinds(place))
        self._arrange()

    def choose(self, name: str) -> None:
        """Bring the view of this name to the front, here or when its place is opened."""
        self.chosen = (*(one for one in self.chosen if one != name), name)
        self._arrange()

    def restore(self, place: int, chosen: Iterable[str]) -> None:
        """Open a place, and bring views to the front again, and no others."""
        self.chosen = tuple(dict.fromkeys(chosen))
        self.open_place(place)

    def forget_tabs(self) -> None:
        """Show the first view of every pane again."""
        self.chosen = ()
        self._arrange()

    def step_tab(self, by: int) -> None:
        """Choose the next tab of the detailed pane, or the one before, round the end."""
        self.detailed.step(by)

    def visible_views(self) -> list[View]:
        """The views on screen, All before One."""
        shown = [pane.view for pane in self.panes.values()]
        return [view for view in shown if view is not None and view.isVisibleTo(self)]

    def set_shares(self, shares: tuple[int, ...]) -> None:
        """Use the person's own widths in thousandths; () brings the usual ones back."""
        self._own_shares = shares if len(shares) == len(WIDEST) and min(shares) > 0 else ()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self.visible_views()
        self._arrange()
        if self.visible_views() != before:
            self.rearranged.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inner and event.type() in (
            QEvent.Type.Resize,
            QEvent.Type.LayoutRequest,
        ):
            self._divide_inner()
        return super().eventFilter(watched, event)

    def _view(self, kind: Kind) -> View:
        """The view of a kind; it is built when it is first shown."""
        found = next((view for view in self.views if type(view) is kind), None)
        if found is None:
            found = kind(self)
            found.hide()
            self.views.append(found)
            self.built.emit(found)
        return found

    def _by_spot(self) -> dict[Spot, list[Kind]]:
        """Where each view of the open place stands; the second detailed one beside the first."""
        every = [kind for kind in self._here if kind.pane is Pane.ALL]
        one = [kind for kind in self._here if kind.pane is Pane.ONE]
        has_second = len(_usual_shares(self.width())) == len(WIDEST)
        second = [one.pop(1)] if has_second and len(one) > 1 else []
        return {Spot.ALL: every, Spot.ONE: one, Spot.SECOND: second}

    def _divide_inner(self) -> None:
        shares = self._shares()
        if len(shares) > 2:
            _divide(self._inner, shares[1:])

    def _arrange(self) -> None:
        for kind in self._here:
            if kind.name in self.chosen[-1:]:
                self._preferred = kind.pane
        spots = self._by_spot()
        there = all(spots[spot] for spot in (Spot.ALL, Spot.ONE))
        together = len(_usual_shares(self.width())) == 2 and there
        self._switch.setVisible(together)
        self._switch.show_chosen(self._preferred)
        turned_away = {Pane.ALL: Spot.ONE, Pane.ONE: Spot.ALL}[self._preferred]
        for spot, kinds in spots.items():
            self.panes[spot].hold(kinds, self.chosen, seen=not (together and spot is turned_away))
        shares = self._shares()
        self._inner.updateGeometry()  # else room is kept for the panes that have just been hidden
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
        names = [kind.name for kind in self._here if kind.pane is pane]
        self._on_chosen(next((name for name in reversed(self.chosen) if name in names), names[0]))

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        self.choose(name)
        self.rearranged.emit()


def _divide(splitter: QSplitter, shares: tuple[int, ...]) -> None:
    total = max(sum(shares), 1)
    splitter.setSizes([round(splitter.width() * share / total) for share in shares])


def _usual_shares(width: int) -> tuple[int, ...]:
    """Shares of a window so wide; all widths grow with the text."""
    scale = look.current().text_size
    return next((shares for below, shares in SHARES if width < below * scale), WIDEST)
