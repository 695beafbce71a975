"""All heads at once: one small map per head, in one picture."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.fold import FOLDED, Fold
from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.analysis.heads import existing, mean_largest, on_ends, strongest_key
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.measures import BY_NAME, NAMES
from bertviz_app.analysis.visible import cell_text, isolated
from bertviz_app.analysis.weights import EveryHead
from bertviz_app.core.request import Capture, Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, State
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.measure_words import in_words
from bertviz_app.ui.parts.mosaic_marks import marks_of
from bertviz_app.ui.parts.mosaic_picture import Mosaic, MosaicPicture
from bertviz_app.ui.parts.option_boxes import FoldBox
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.parts.sort_button import SortButton
from bertviz_app.ui.view import Pane, View

ENDS = " and ".join(FOLDED)


class AllHeads(View):
    """The mosaic: layers from top to bottom, heads from left to right."""

    name = "all_heads"
    place = 3
    pane = Pane.ALL
    title = "Heads"
    sees = "one map per head"
    explains = (
        "Each small square is the attention of one head: a row for each token that looks, a "
        "column for each token that is looked at, and ink for the weight. Every row of weights "
        "sums to 1. The scale is the same in every square unless you choose another; where a "
        "square has fewer pixels than the text has tokens, the largest weight under a pixel is "
        "drawn. Folding sums the columns of [CLS] and [SEP] in one column at the edge and leaves "
        "their rows out; the weight is never spread over the other words. Sorted by a measure, the "
        "heads with most of it come first, and the readout says how much. A head that looks "
        "somewhere moves information from there; whether the answer needs it is seen only when "
        "the head is silenced."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mosaic = MosaicPicture(self)
        self._mosaic.setObjectName("picture.all_heads")
        self._mosaic.setAccessibleName("All heads")
        self.set_picture(self._mosaic)
        self._bar, self._fold, self._sort = ScaleBar(self), FoldBox(self), SortButton(self)
        for control in (self._bar, self._fold, self._sort):
            self.add_control(control)
        self._sort.optioned.connect(self.optioned)
        self._fold.optioned.connect(self.optioned)
        self._mosaic.picked.connect(self.picked)
        self._mosaic.previewed.connect(self.previewed)
        self._mosaic.pointed.connect(self._on_pointed)
        self._mosaic.menu_wanted.connect(self._on_menu_wanted)

    def draw(self, snapshot: Snapshot) -> None:
        trace, options = snapshot.trace, snapshot.options
        assert trace is not None
        mosaic = _mosaic(snapshot, trace)
        order = HeadOrder.of(options.sorting, trace.measures)
        self._mosaic.show_mosaic(mosaic, marks_of(snapshot, trace), order)
        self._bar.show_scale(options.scale, signed=mosaic.signed, full=mosaic.full)
        self._fold.show_options(options)
        self._sort.show_options(options)
        self._read_head()

    def needs(self, state: State) -> Capture:
        sorting = self._snapshot.options.sorting if self._snapshot is not None else None
        return Capture(measures=sorting is not None)

    def numbers(self) -> str:
        """One line a head: its numbers as a whole, then the row of the token that looks."""
        trace = self.snapshot.trace
        assert trace is not None
        first, query = self.snapshot.options.first_number, self.snapshot.token
        labels = [cell_text(label) for label in numbered(trace.encoding.tokens)]
        header = ["layer", "head", "mean of row maxima", f"mean weight on {ENDS}"]
        if query is not None:
            header += [f"{labels[query]} looks at {label}" for label in labels]
        lines = [header]
        for layer, heads in enumerate(trace.attention):
            for head, weights in enumerate(heads):
                found = [mean_largest(weights), on_ends(weights, trace.encoding.tokens)]
                found += weights[query].tolist() if query is not None else []
                cells = [str(layer + first), str(head + first), *map(numbers.exact, found)]
                lines.append(cells)
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._mosaic.forget()

    @Slot()
    def _on_pointed(self) -> None:
        self._read_head()

    @Slot(object, QPoint)
    def _on_menu_wanted(self, head: Head, where: QPoint) -> None:
        pop_up_head_menu(self, where, self.snapshot, head)

    def _read_head(self) -> None:
        head = self._mosaic.hovered or self.snapshot.head
        self.read_out(head_in_words(self.snapshot, head) + _measure_in_words(self.snapshot, head))


def head_in_words(snapshot: Snapshot, head: Head) -> str:
    """What a head does: with the token that looks, or as a whole if there is none."""
    trace, other, query = snapshot.trace, snapshot.other, snapshot.token
    assert trace is not None
    head = existing(head, trace.spec)
    weights = trace.attention[head]
    before = other.attention[head] if other is not None else None
    first = snapshot.options.first_number
    start = f"layer {head[0] + first}, head {head[1] + first}:"
    if query is None:
        value = numbers.weight(mean_largest(weights))
        folded = numbers.weight(on_ends(weights, trace.encoding.tokens))
        words = f"{start} the largest weight of a row is {value} on average; {folded} of its weight"
        words += f" is on {ENDS}"
        return words if before is None else words + _as_is(mean_largest(before))
    row = _row_in_words(snapshot, weights[query], before[query] if before is not None else None)
    return f"{start} {isolated(numbered(trace.encoding.tokens)[query])} {row}"


def _measure_in_words(snapshot: Snapshot, head: Head) -> str:
    """The number that the heads are sorted by, if they are."""
    trace, sorting = snapshot.trace, snapshot.options.sorting
    if trace is None or trace.measures is None or sorting is None:
        return ""
    values = trace.measures[NAMES.index(sorting.measure)]
    value = float(values[existing(head, trace.spec)])
    return f"; {in_words(BY_NAME[sorting.measure], value)}"


def _row_in_words(snapshot: Snapshot, row: Array, before: Array | None) -> str:
    """What one row (T,) does most, among the keys that are drawn."""
    assert snapshot.trace is not None
    tokens = snapshot.trace.encoding.tokens
    among = Fold.of(tokens, snapshot.options).kept or tuple(range(len(tokens)))
    if before is not None and snapshot.options.show is Show.DIFFERENCE:
        change = row - before
        key = strongest_key(abs(change), among)
        name, difference = isolated(numbered(tokens)[key]), numbers.signed(float(change[key]))
        words = f"changes most at {name}, {difference}, to {numbers.weight(float(row[key]))}"
        return words + _as_is(float(before[key]))
    key = strongest_key(row, among)
    if math.isnan(row[key]):
        return "looks nowhere: its weights are not numbers"
    name, folded = isolated(numbered(tokens)[key]), numbers.weight(on_ends(row, tokens))
    words = f"looks most at {name}, {numbers.weight(float(row[key]))}; "
    words += f"{folded} of its weight is on {ENDS}"
    return words if before is None else words + _as_is(float(before[key]))


def _as_is(value: float) -> str:
    return f" (as is {numbers.weight(value)})"


def _mosaic(snapshot: Snapshot, trace: Trace) -> Mosaic:
    options, before = snapshot.options, snapshot.other
    return Mosaic(
        EveryHead(trace.attention),
        EveryHead(before.attention) if before and options.show is Show.DIFFERENCE else None,
        Fold.of(trace.encoding.tokens, options),
        options.scale,
        signed=before is not None and options.show is Show.DIFFERENCE,
    )
