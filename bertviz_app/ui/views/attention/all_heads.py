"""All heads at once: one small map per head, in one picture."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.analysis.heads import existing, mean_largest, on_ends
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.measures import BY_NAME, NAMES
from bertviz_app.analysis.visible import cell_text
from bertviz_app.analysis.weights import PER_HEAD, of_every_head, wanted
from bertviz_app.core.request import Capture, Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, State, WeightKind
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.head_words import ENDS, drawn_in_words, head_in_words
from bertviz_app.ui.parts.measure_words import in_words
from bertviz_app.ui.parts.mosaic_composition import Mosaic
from bertviz_app.ui.parts.mosaic_marks import marks_of
from bertviz_app.ui.parts.mosaic_picture import MosaicPicture
from bertviz_app.ui.parts.option_boxes import FoldBox
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.parts.sort_button import SortButton
from bertviz_app.ui.parts.weights_menu import WeightsMenu
from bertviz_app.ui.view import Pane, View


class AllHeads(View):
    """The mosaic: layers from top to bottom, heads from left to right."""

    name = "all_heads"
    pane = Pane.ALL
    follows_typing = False
    title = "Heads"
    sees = "one map per head"
    explains = (
        "Each small square is the attention of one head: a row for each token that looks, a "
        "column for each token that is looked at, and ink for the weight. Every row of weights "
        "sums to 1.\n"
        "Computed: The scale is the same in every square unless you choose another; where a "
        "square has fewer pixels than the text has tokens, the largest weight under a pixel is "
        "drawn.\n"
        "Folding sums the columns of [CLS] and [SEP] in one column at the edge and leaves their "
        "rows out; what the Map does not keep is added to it; nothing is ever spread over the "
        "other words. Sorted by a measure, the heads with most of it come first, and the readout "
        "says how much.\n"
        "Caution: A head that looks somewhere moves information from there; whether the answer "
        "needs it is seen only when the head is silenced."
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
        self._menu = WeightsMenu(self.more, PER_HEAD)
        self._menu.optioned.connect(self.optioned)
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
        self._menu.show_options(options)
        self._read_head()

    def needs(self, state: State) -> Capture:
        if self._snapshot is None:
            return Capture()
        measures = Capture(measures=self._snapshot.options.sorting is not None)
        return measures | wanted(self._snapshot)

    def subject(self, snapshot: Snapshot) -> str:
        kind = snapshot.options.kind
        if kind is WeightKind.WEIGHT or snapshot.trace is None:
            return ""
        return of_every_head(snapshot.trace, kind).kind.value

    def numbers(self) -> str:
        """One line a head: its numbers as a whole, then the row of the token that looks."""
        trace = self.snapshot.trace
        assert trace is not None
        first, query = self.snapshot.options.first_number, self.snapshot.token
        maps = of_every_head(trace, self.snapshot.options.kind)
        labels = [cell_text(label) for label in numbered(trace.encoding.tokens)]
        header = ["layer", "head", "mean of row maxima", f"mean weight on {ENDS}"]
        if query is not None:
            kind = "" if maps.kind is WeightKind.WEIGHT else f", {maps.kind.value}"
            header += [f"{labels[query]} looks at {label}{kind}" for label in labels]
        lines = [header]
        for layer, heads in enumerate(trace.attention):
            for head, weights in enumerate(heads):
                found = [mean_largest(weights), on_ends(weights, trace.encoding.tokens)]
                found += maps[layer, head][query].tolist() if query is not None else []
                cells = [str(layer + first), str(head + first), *map(numbers.exact, found)]
                lines.append(cells)
        return "\n".join("\t".join(line) for line in lines)

    def finish(self) -> None:
        self._mosaic.finish()

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
        words = head_in_words(self.snapshot, head) + _measure_in_words(self.snapshot, head)
        drawn = drawn_in_words(self.snapshot.options)
        self.read_out(f"{words}; {drawn}" if drawn else words)


def _measure_in_words(snapshot: Snapshot, head: Head) -> str:
    """The number that the heads are sorted by, if they are."""
    trace, sorting = snapshot.trace, snapshot.options.sorting
    if trace is None or trace.measures is None or sorting is None:
        return ""
    values = trace.measures[NAMES.index(sorting.measure)]
    value = float(values[existing(head, trace.spec)])
    return f"; {in_words(BY_NAME[sorting.measure], value)}"


def _mosaic(snapshot: Snapshot, trace: Trace) -> Mosaic:
    options = snapshot.options
    maps = of_every_head(trace, options.kind)
    compared = snapshot.other if options.show is Show.DIFFERENCE else None
    return Mosaic(
        maps,
        of_every_head(compared, options.kind) if compared is not None else None,
        Fold.of(trace.encoding.tokens, options),
        options.scale,
        signed=compared is not None or maps.signed,
    )
