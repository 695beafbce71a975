"""One head: its whole map, with labels and exact values."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.heads import HeadMap, existing
from bertviz_app.analysis.visible import cell_text
from bertviz_app.analysis.weights import head_map
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.map_layout import Cross
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.parts.map_words import cell_in_words, missing
from bertviz_app.ui.parts.option_boxes import FoldBox, HeadBoxes, ScaleBox
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.parts.token_menu import pop_up_token_menu
from bertviz_app.ui.view import Pane, View


class Attention(View):
    """The map of one head: who looks (rows) at whom (columns)."""

    name = "attention"
    place = 3
    pane = Pane.ONE
    title = "Map"
    sees = "row looks at column"
    explains = (
        "One head of one layer. Each row is a token that looks, each column a token that is "
        "looked at, and ink is the weight: the softmax of query · key ÷ √D. Every row sums to 1, "
        "whatever is shown. Folding sums the columns of [CLS] and [SEP] in the column at the edge "
        "and leaves their rows out. The weight says where the head takes its information from, "
        "not how much of it there is, nor whether the answer depends on it. A click keeps a "
        "cell, arrows move it; a double click on a label hides its word; Ctrl and the wheel "
        "enlarge. Where cells are smaller than pixels, the largest weight under a pixel is drawn."
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
        self._scale, self._bar, self._fold = ScaleBox(self), ScaleBar(self), FoldBox(self)
        self.add_to_title(self._boxes)
        for control in (self._scale, self._bar, self._fold):
            self.add_control(control)
        for box in (self._scale, self._fold):
            box.optioned.connect(self.optioned)
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
        for box in (self._scale, self._fold):
            box.show_options(options)
        if self._shown is None:
            self._map.say(missing(snapshot))
            self.read_out(missing(snapshot))
            return
        pinned = Pick(token=snapshot.token, second=snapshot.second)
        self._map.show_map(self._shown, pinned, snapshot.preview)
        self._bar.show_scale(options.scale, signed=self._shown.signed, full=self._shown.full)
        self._read_cell()

    def numbers(self) -> str:
        """The map as it is drawn: a line a row, all digits."""
        shown, (layer, head) = self._shown, self._head
        if shown is None:
            return ""
        first = self.snapshot.options.first_number
        what = "changed − as is" if shown.signed else "row looks at column"
        columns = [cell_text(label) for label in shown.names]
        edge = ["+".join(shown.edge_labels)] if shown.edge_labels else []
        lines = [[f"layer {layer + first}, head {head + first}: {what}", *columns, *edge]]
        for row, label in enumerate(columns):
            values = [shown.drawn(row, column) for column in range(shown.columns)]
            lines.append([label, *map(numbers.exact, values)])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._shown, self._source = None, ()
        self._map.forget()

    @property
    def _head(self) -> Head:
        trace = self.snapshot.trace
        assert trace is not None
        return existing(self.snapshot.head, trace.spec)

    def _map_of(self, snapshot: Snapshot) -> HeadMap | None:
        """The map to draw: the one drawn last if nothing in it is different."""
        also = snapshot.state.selection.also
        source = (snapshot.trace, snapshot.other, self._head, snapshot.options, also)
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
        self.read_out(cell_in_words(snapshot, shown, cross))

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
