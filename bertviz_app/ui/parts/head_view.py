"""What the views that draw one head have in common, besides their pictures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.heads import existing
from bertviz_app.analysis.weights import wanted
from bertviz_app.core.request import Capture, Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import State, WeightKind
from bertviz_app.ui.parts.cross_canvas import CrossCanvas
from bertviz_app.ui.parts.flow_line import FlowLine
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.keep_slider import KeepSlider
from bertviz_app.ui.parts.menu import Act
from bertviz_app.ui.parts.option_boxes import HeadBoxes
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.parts.token_menu import pop_up_token_menu
from bertviz_app.ui.parts.weights_menu import WeightsMenu
from bertviz_app.ui.view import View


class HeadView(View):
    """Shows a `CrossCanvas` of the head in question, and says how its weights are drawn.

    Attributes:
        bar: the scale; `keep` what is kept; `flow` stands in their place while the flow is to be
            found. A view puts them into its row of controls, with its own among them.
    """

    def __init__(self, picture: CrossCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_picture(picture)
        self._boxes = HeadBoxes(self)
        self.add_to_title(self._boxes)
        self.bar, self.keep, self.flow = ScaleBar(self), KeepSlider(self), FlowLine(self)
        self._menu = WeightsMenu(self.more)
        self._boxes.picked.connect(self.picked)
        self.keep.optioned.connect(self.optioned)
        self._menu.optioned.connect(self.optioned)
        self.flow.questioned.connect(self.asked)
        self.flow.stopped.connect(self.cancelled)
        picture.picked.connect(self.picked)
        picture.previewed.connect(self.previewed)
        picture.hidden.connect(self.hidden)
        picture.menu_wanted.connect(self._on_menu_wanted)

    @property
    def head(self) -> Head:
        """The head in question, as far as the model has it."""
        trace = self.snapshot.trace
        assert trace is not None
        return existing(self.snapshot.head, trace.spec)

    def show_controls(self, snapshot: Snapshot, *, known: bool) -> bool:
        """Show how weights are drawn; whether the flow is waited for, because it is not `known`."""
        trace, options = snapshot.trace, snapshot.options
        assert trace is not None
        self._boxes.show_head(self.head, trace.spec, options.first_number)
        self.keep.show_options(options)
        self._menu.show_options(options)
        waits = self.flow.show_snapshot(snapshot, known=known)
        self.bar.setVisible(not waits)
        self.keep.setVisible(not waits)
        return waits

    def needs(self, state: State) -> Capture:
        return wanted(self._snapshot) if self._snapshot is not None else Capture()

    def subject(self, snapshot: Snapshot) -> str:
        kind = snapshot.options.kind
        return kind.value if kind is not WeightKind.WEIGHT else ""

    def acts(self) -> Sequence[Act]:
        """What a right click offers beside what can be done with the token or the head."""
        return ()

    @Slot(object, QPoint)
    def _on_menu_wanted(self, token: int | None, where: QPoint) -> None:
        if token is None:
            pop_up_head_menu(self, where, self.snapshot, self.head, self.acts())
        else:
            picked, hidden = self.picked.emit, self.hidden.emit
            pop_up_token_menu(self, where, self.snapshot, token, picked, hidden, self.acts())
