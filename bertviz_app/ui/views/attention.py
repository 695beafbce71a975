"""One head: its whole map, with labels and exact values."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.heads import HeadMap, existing
from bertviz_app.analysis.visible import cell_text
from bertviz_app.analysis.weights import head_map, map_source, wanted
from bertviz_app.core.request import Capture, Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, State, WeightKind
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.flow_line import FlowLine
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.keep_slider import KeepSlider
from bertviz_app.ui.parts.map_layout import Cross
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.parts.map_words import cell_in_words, missing, source_in_words
from bertviz_app.ui.parts.option_boxes import HeadBoxes
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.parts.token_menu import pop_up_token_menu
from bertviz_app.ui.parts.weight_editing import WeightEditing
from bertviz_app.ui.parts.weight_kinds import ALL_MEAN
from bertviz_app.ui.parts.weights_menu import WeightsMenu
from bertviz_app.ui.view import Pane, View


class Attention(View):
    """The map of one head: who looks (rows) at whom (columns)."""

    name = "attention"
    place = 3
    pane = Pane.ONE
    order = 1
    title = "Map"
    sees = "row looks at column"
    explains = (
        "One head of one layer. Each row is a token that looks, each column a token that is "
        "looked at, and ink is the weight: the softmax of query · key ÷ √D. Every row sums to 1, "
        "whatever is shown. Folding sums the columns of [CLS], [SEP] or punctuation in the column "
        "at the edge and leaves their rows out; what is not kept is added to it, so nothing is "
        "spread over the cells that are drawn. Merged to words, the pieces of a word are one "
        "column, their sum, and one row, their mean. A click keeps a cell, arrows move it; a "
        "double click on a label hides its word; Ctrl and the wheel enlarge. Where cells are "
        "smaller than pixels, the largest weight under a pixel is drawn. Behind ⋯ other numbers "
        f"can be chosen. {ALL_MEAN} While weights are edited, a cell that is dragged up or down "
        "takes a weight by hand, the rest of its row shares what is left in its old proportions, "
        "and everything after it is computed anew."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map = MapPicture(self)
        self._map.setObjectName("picture.attention")
        self._map.setAccessibleName("Attention of one head")
        self.set_picture(self._map)
        self._shown: HeadMap | None = None
        self._source: tuple[object, ...] = ()
        self._boxes = HeadBoxes(self)
        self._bar, self._keep = ScaleBar(self), KeepSlider(self)
        self._menu = WeightsMenu(self.more)
        self._editing = WeightEditing(self._map, self.more)
        self.add_to_title(self._boxes)
        self.add_control(self._bar)
        self.add_control(self._keep)
        self._flow = FlowLine(self)
        self.add_control(self._flow)
        self.add_control(self._editing.reset)
        self._editing.adjusted.connect(self.adjusted)
        self._editing.intervened.connect(self.intervened)
        self._editing.picked.connect(self.picked)
        self._editing.switched.connect(self._on_editing_switched)
        self._flow.questioned.connect(self.asked)
        self._flow.stopped.connect(self.cancelled)
        self._keep.optioned.connect(self.optioned)
        self._menu.optioned.connect(self.optioned)
        self._boxes.picked.connect(self.picked)
        self._map.picked.connect(self.picked)
        self._map.previewed.connect(self.previewed)
        self._map.hidden.connect(self.hidden)
        self._map.pointed.connect(self._on_pointed)
        self._map.menu_wanted.connect(self._on_menu_wanted)

    def draw(self, snapshot: Snapshot) -> None:
        trace, options = snapshot.trace, snapshot.options
        assert trace is not None
        self._shown = self._map_of(snapshot)
        self._boxes.show_head(self._head, trace.spec, options.first_number)
        self._keep.show_options(options)
        self._menu.show_options(options)
        waits = self._flow.show_snapshot(snapshot, known=self._shown is not None)
        self._bar.setVisible(not waits)
        self._keep.setVisible(not waits and not self._editing.on)
        self._editing.show_snapshot(snapshot, self._head, self._shown)
        if self._shown is None:
            self._map.say(missing(snapshot))
            self.read_out(missing(snapshot))
            return
        pinned = Pick(token=snapshot.token, second=snapshot.second)
        self._map.show_map(self._shown, pinned, snapshot.preview)
        self._bar.show_scale(options.scale, signed=self._shown.signed, full=self._shown.full)
        self._read_cell()

    def needs(self, state: State) -> Capture:
        return wanted(self._snapshot) if self._snapshot is not None else Capture()

    def subject(self, snapshot: Snapshot) -> str:
        if self._editing.on:
            return "editing weights"
        kind = snapshot.options.kind
        return kind.value if kind is not WeightKind.WEIGHT else ""

    def numbers(self) -> str:
        """The map as it is drawn: a line a row, all digits."""
        shown = self._shown
        if shown is None:
            return ""
        what = "changed − as is" if shown.compares else "row looks at column"
        columns = [cell_text(label) for label in shown.names]
        edge = ["+".join(shown.edge_parts)] if shown.edge_parts else []
        lines = [[f"{cell_text(source_in_words(self.snapshot))}: {what}", *columns, *edge]]
        for row, label in enumerate(columns):
            values = [shown.drawn(row, column) for column in range(shown.columns)]
            lines.append([label, *map(numbers.exact, values)])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._shown, self._source = None, ()
        self._editing.forget()
        self._map.forget()

    @property
    def _head(self) -> Head:
        trace = self.snapshot.trace
        assert trace is not None
        return existing(self.snapshot.head, trace.spec)

    def _map_of(self, snapshot: Snapshot) -> HeadMap | None:
        """The map to draw: the one drawn last if nothing in it is different."""
        source = map_source(snapshot)
        if source != self._source:
            self._source, self._shown = source, head_map(snapshot)
        return self._shown

    def _read_cell(self) -> None:
        shown, snapshot = self._shown, self.snapshot
        if shown is None:
            return
        cross = self._map.hovered
        if cross == Cross():
            cross = Cross(shown.fold.row(snapshot.token), shown.fold.row(snapshot.second))
        words = [cell_in_words(snapshot, shown, cross), self._editing.words]
        self.read_out("; ".join(filter(None, words)))

    @Slot()
    def _on_editing_switched(self) -> None:
        self.show_snapshot(replace(self.snapshot))

    @Slot()
    def _on_pointed(self) -> None:
        self._read_cell()

    @Slot(object, QPoint)
    def _on_menu_wanted(self, token: int | None, where: QPoint) -> None:
        if token is None:
            pop_up_head_menu(self, where, self.snapshot, self._head)
        else:
            picked, hidden = self.picked.emit, self.hidden.emit
            pop_up_token_menu(self, where, self.snapshot, token, picked, hidden)
