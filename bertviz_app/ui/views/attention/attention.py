"""One head: its whole map, with labels and exact values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.analysis.visible import cell_text
from bertviz_app.analysis.weights import head_map, map_source
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.head_view import HeadView
from bertviz_app.ui.parts.map_layout import Cross
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.parts.map_words import cell_in_words, missing, source_in_words
from bertviz_app.ui.parts.menu import Act
from bertviz_app.ui.parts.weight_editing import WeightEditing
from bertviz_app.ui.parts.weight_kinds import ALL_MEAN
from bertviz_app.ui.view import Pane


class AttentionView(HeadView):
    """The map of one head: who looks (rows) at whom (columns)."""

    name = "attention"
    pane = Pane.ONE
    order = 1
    title = "Map"
    sees = "row looks at column"
    explains = (
        "One head of one layer. Each row is a token that looks, each column a token that is "
        "looked at, and ink is the weight: the softmax of query · key ÷ √D. Every row sums to 1, "
        "whatever is shown.\n"
        "Computed: Folding sums the columns of [CLS], [SEP] or punctuation in the column at the "
        "edge and leaves their rows out; what is not kept is added to it, so nothing is spread "
        "over the cells that are drawn. Merged to words, the pieces of a word are one column, "
        "their sum, and one row, their mean.\n"
        "Where cells are smaller than pixels, the largest weight under a pixel is drawn.\n"
        "Caution: A large weight says where the head takes its information from; whether the "
        "answer needs it is seen only when the head is silenced.\n"
        "By hand: A click keeps a cell, arrows move it; a double click on a label hides its word; "
        "Ctrl and the wheel enlarge.\n"
        "Edit weights is in Experiment, behind ⋯ and under a right click. While it is on, a cell "
        "that is dragged up or down takes a weight by hand, the rest of its row shares what is "
        "left in its old proportions, and everything after it is computed anew.\n"
        f"By choice: Behind ⋯ other numbers can be chosen.\n{ALL_MEAN}"
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        picture = MapPicture()
        super().__init__(picture, parent)
        self._map = picture
        self._map.setObjectName("picture.attention")
        self._map.setAccessibleName("Attention of one head")
        self._shown: HeadMap | None = None
        self._source: tuple[object, ...] = ()
        self._editing = WeightEditing(self._map, self.more)
        for control in (self.bar, self.keep, self.flow, self._editing.reset):
            self.add_control(control)
        self._editing.adjusted.connect(self.adjusted)
        self._editing.intervened.connect(self.intervened)
        self._editing.picked.connect(self.picked)
        self._editing.switched.connect(self._on_editing_switched)
        self._map.pointed.connect(self._on_pointed)

    def draw(self, snapshot: Snapshot) -> None:
        trace, options = snapshot.trace, snapshot.options
        assert trace is not None
        self._shown = self._map_of(snapshot)
        waits = self.show_controls(snapshot, known=self._shown is not None)
        self.keep.setVisible(not waits and not self._editing.on)
        self._editing.show_snapshot(snapshot, self.head, self._shown)
        if self._shown is None:
            self._map.say(missing(snapshot))
            self.read_out(missing(snapshot))
            return
        pinned = Pick(token=snapshot.token, second=snapshot.second)
        self._map.show_map(self._shown, pinned, snapshot.preview)
        self.bar.show_scale(options.scale, signed=self._shown.signed, full=self._shown.full)
        self._read_cell()

    def subject(self, snapshot: Snapshot) -> str:
        if self._editing.on:
            return "editing weights"
        return super().subject(snapshot)

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

    def acts(self) -> Sequence[Act]:
        return [(self._editing.offer, self._editing.switch)]

    def leave(self) -> bool:
        return self._editing.leave()

    def forget(self) -> None:
        self._shown, self._source = None, ()
        self._editing.forget()
        self._map.forget()

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
        self.redraw()

    @Slot()
    def _on_pointed(self) -> None:
        self._read_cell()
