"""Measures: every head in numbers, of this text or over a file, and the finder of heads."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.analysis.head_finder import measure_for
from bertviz_app.analysis.head_table import HeadTable
from bertviz_app.analysis.heads import existing
from bertviz_app.analysis.measures import BY_NAME, MEASURES, NAMES, Measure
from bertviz_app.analysis.visible import visible
from bertviz_app.core.questions.heads_over_file import HeadsOverFile
from bertviz_app.core.request import Capture, Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Scale, Show, State
from bertviz_app.ui import look
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.head_rows import values_of
from bertviz_app.ui.parts.line_field import LineField
from bertviz_app.ui.parts.measure_tiles import MeasureTiles
from bertviz_app.ui.parts.measure_words import as_text, head_in_words, written
from bertviz_app.ui.parts.mosaic_marks import marks_of
from bertviz_app.ui.parts.over_file import OverFile
from bertviz_app.ui.parts.ranked_heads import Order, RankedHeads
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.view import Pane, View

NOT_FOUND = "No measure is called “{}”. Try previous, next, itself, same word, [CLS], comma."

MEASURING = "Measuring the heads …"
"""What is said while the trace holds no measures yet; the finder can be typed into already."""

FIRST = BY_NAME["previous"]
"""The measure that heads are sorted by before another is chosen."""


class Measures(View):
    """The tiles of one measure, and under them the table of all."""

    name = "measures"
    pane = Pane.ALL
    order = 1
    title = "Measures"
    sees = "every head in numbers"
    explains = (
        "Each measure is one number a head. Most are weight on something: on the token before, on "
        "the one after, on the token itself, on the same word elsewhere, on [CLS], [SEP] or "
        "punctuation; they are means over all rows that have such a key.\n"
        "Computed: Entropy says how evenly a row is spread: 0 bits if all is on one token, log₂ T "
        "bits if on all alike. Distance is the mean number of tokens to what is looked at.\n"
        "Over a file every line is read as a text of its own, by BERT as it is; a number is then "
        "the mean over the sentences ± their standard deviation.\n"
        "Caution: A measure says what a head does here, not what it is for: silence it to see.\n"
        "By hand: A click on a name sorts the heads by it, a second click the other way round; "
        "under the mouse it says how it is defined."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: HeadTable | None = None
        self._finding = False
        self._source: tuple[object, ...] = ()
        self._tiles = MeasureTiles(self)
        self._ranked = RankedHeads(FIRST, self)
        self._over = OverFile(self)
        self._bar, self._finder = ScaleBar(self), LineField(self)
        self._set_up()
        self._connect()

    @property
    def ranked(self) -> RankedHeads:
        """The table of heads."""
        return self._ranked

    @property
    def over_file(self) -> OverFile:
        """What deals with a file."""
        return self._over

    @property
    def shows_something(self) -> bool:
        return super().shows_something and self._table is not None

    def needs(self, state: State) -> Capture:
        return Capture(measures=True)

    def draw(self, snapshot: Snapshot) -> None:
        trace = snapshot.trace
        assert trace is not None
        self._over.show_job(snapshot)
        table = self._table_of(snapshot)
        if table is None:
            self._over.line.show_job(None, MEASURING, running=False, offered=False)
            self.forget()
            return
        if self._ranked.measure not in table.offered:
            self._ranked.measure = FIRST
        measure, marks = self._ranked.measure, marks_of(snapshot, trace)
        values = values_of(table, measure)
        self._tiles.show_heads(values, marks)
        self._ranked.show_table(table, values, marks)
        self._over.show_sentences(measure, marks.pinned, marks.first_number)
        self._fit_tiles()
        self._show_scale(table, measure)
        self._read_head()
        if self._finding:
            self._on_find()

    def numbers(self) -> str:
        table = self._table
        return as_text(table, self.snapshot.options.first_number) if table is not None else ""

    def forget(self) -> None:
        self._table, self._source = None, ()
        self._tiles.forget()
        self._ranked.forget()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tiles()

    def _table_of(self, snapshot: Snapshot) -> HeadTable | None:
        """The numbers to show: those shown last if nothing in them is different."""
        trace, other, answer = snapshot.trace, snapshot.other, self._over.answer
        signed = snapshot.options.show is Show.DIFFERENCE
        source = (trace, other, signed) if answer is None else (answer,)
        if trace is not None and (self._table is None or source != self._source):
            self._source = source
            self._table = (
                HeadTable.over_file(answer)
                if answer is not None
                else HeadTable.of_text(trace, other, signed=signed)
            )
        return self._table

    def _show_scale(self, table: HeadTable, measure: Measure) -> None:
        full = table.full(measure)
        self._bar.show_scale(Scale.LINEAR, signed=table.signed, full=full)
        self._bar.setToolTip(f"Full ink is {measure.name} {written(measure, full)}.")

    def _fit_tiles(self) -> None:
        self._tiles.fit(self.picture.height(), beside_sentences=self._over.answer is not None)

    def _set_up(self) -> None:
        self._tiles.setObjectName("picture.measures")
        self._tiles.setAccessibleName("One measure of all heads")
        self._finder.setObjectName("findHead")
        self._finder.setMinimumWidth(look.current().px(188))
        self._finder.setPlaceholderText("find a head that looks at …")
        self._finder.setAccessibleName("Find a head that looks at")
        self._finder.setToolTip(f"One of: {', '.join(NAMES)}")
        picture = QWidget(self)
        rows = QVBoxLayout(picture)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(look.current().px(4))
        rows.addWidget(self._over.line)
        rows.addWidget(self._tiles)
        rows.addWidget(self._ranked, 3)
        rows.addWidget(self._over.sentences, 2)
        self.set_picture(picture)
        for control in (self._bar, self._finder, self._over.switch):
            self.add_control(control)
        for measure in MEASURES:
            self.more.addAction(f"Sort by {measure.name}", partial(self._ranked.choose, measure))

    def _connect(self) -> None:
        self._over.line.asked.connect(self._on_file_wanted)
        self._over.line.cancelled.connect(self._on_cancelled)
        self._over.sentences.opened.connect(self._on_opened)
        self._over.switched.connect(self.redraw)
        self._tiles.picked.connect(self.picked)
        self._tiles.previewed.connect(self.previewed)
        self._tiles.pointed.connect(self._read_head)
        self._tiles.menu_wanted.connect(self._on_menu_wanted)
        self._ranked.turned.connect(self.redraw)
        self._ranked.kept.connect(self._on_kept)
        self._ranked.tried.connect(self._on_tried)
        self._ranked.read.connect(self._on_read)
        self._ranked.menu_wanted.connect(self._on_menu_wanted)
        self._finder.returnPressed.connect(self._on_find)

    @Slot()
    def _read_head(self) -> None:
        table, trace = self._table, self.snapshot.trace
        if table is not None and trace is not None:
            head = existing(self._tiles.hovered or self.snapshot.head, trace.spec)
            first = self.snapshot.options.first_number
            self.read_out(head_in_words(table, head, self._ranked.measure, first))

    @Slot(object, bool)
    def _on_kept(self, head: Head, also: bool) -> None:
        self.picked.emit(Pick(layer=head[0], head=head[1], also=also))

    @Slot(object)
    def _on_tried(self, head: Head | None) -> None:
        self.previewed.emit(Pick(layer=head[0], head=head[1]) if head is not None else None)

    @Slot(object)
    def _on_read(self, measure: Measure | None) -> None:
        if measure is None:
            self._read_head()
        else:
            self.read_out(f"{measure.name}: {measure.means}")

    @Slot(object, QPoint)
    def _on_menu_wanted(self, head: Head, where: QPoint) -> None:
        pop_up_head_menu(self, where, self.snapshot, head)

    @Slot()
    def _on_find(self) -> None:
        """Sort by the measure that was meant, and keep the head with most of it."""
        measure, table = measure_for(self._finder.text()), self._table
        self._finding = table is None
        if table is None:
            return
        if measure is None or measure not in table.offered or measure.name in table.nothing:
            self.read_out(NOT_FOUND.format(visible(self._finder.text())))
            return
        self._ranked.measure, self._ranked.order = measure, Order.MOST
        self.draw(self.snapshot)
        self._on_kept(table.order(measure)[0], False)

    @Slot()
    def _on_file_wanted(self) -> None:
        self.acted.emit("measures.file")

    @Slot()
    def _on_cancelled(self) -> None:
        self.cancelled.emit(HeadsOverFile)

    @Slot(str)
    def _on_opened(self, sentence: str) -> None:
        self.retexted.emit(sentence, None)
