"""The Lens: what the word-prediction head would say after every layer."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Scale, Show, State
from bertviz_app.ui import look
from bertviz_app.ui.parts.lens_grid import LensCell, LensTable
from bertviz_app.ui.parts.lens_picture import LensPicture
from bertviz_app.ui.parts.lens_readout import difference_readout, lens_readout, said
from bertviz_app.ui.parts.lens_words import lens_of, place_in_question
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.parts.word_menu import pop_up_word_menu
from bertviz_app.ui.parts.words import NO_MLM_HEAD, READING_LAYERS
from bertviz_app.ui.view import Pane, View

SHORT = 64
"""Texts of at most this many tokens are read as a whole, longer ones where they are in sight."""

STEP = 16
"""What is in sight begins and ends at multiples of this, so that scrolling asks less often."""

ROOM = 92
"""Pixels that a column of best words wants."""


class LensView(View):
    """A table: a row a layer, and for the blank its best words or for all tokens the best one."""

    name = "lens"
    pane = Pane.ALL
    title = "Lens"
    sees = "the word head, trained for the last layer only"
    explains = (
        "The head that turns the last vector of a token into words is laid on its vectors after "
        "every layer: the softmax over the whole vocabulary of what it makes of them (logit lens, "
        "nostalgebraist 2020). The uppermost row is BERT’s own answer, the lowest the embedding.\n"
        "Of a difference each cell holds the probability of the word over it with the changes in "
        "force minus that without them: at the blank of the word in question and of the best "
        "words of either run, at all tokens of the word in question alone.\n"
        "Computed: “Between” reads inside a layer too, after its attention and before its "
        "feed-forward: the head reads LayerNorm(x + attention output), as the feed-forward does.\n"
        "A rank is 1 + the number of words with a larger logit.\n"
        "Caution: The head was trained for the last layer only. What it reads earlier is not what "
        "that layer “thinks”: a vector may hold a word in a form that the head cannot read yet."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lens_picture = LensPicture(self)
        self.lens_picture.tried.connect(self._on_tried)
        self.lens_picture.kept.connect(self._on_kept)
        self.lens_picture.edited.connect(self._on_edited)
        self.lens_picture.menu_wanted.connect(self._on_menu_wanted)
        self.lens_picture.scrolled.connect(self._on_scrolled)
        self.set_picture(self.lens_picture)
        self._bar = ScaleBar(self)
        self._everywhere = QCheckBox("all tokens", self)
        self._everywhere.setToolTip("The best word at every token, not the best ones at the blank")
        self._between = QCheckBox("between", self)
        self._between.setToolTip("Read between attention and feed-forward too")
        self.add_control(self._bar)
        for box in (self._everywhere, self._between):
            box.clicked.connect(self._on_clicked)
            self.add_control(box)
        self._wants_all = False
        self._made_of: tuple[object, ...] = ()
        self._cell: LensCell | None = None
        self._window = (0, SHORT)

    def needs(self, state: State) -> Capture:
        snapshot = self._snapshot
        positions: range | tuple[int, ...] = ()
        if self._shows_all:
            positions = range(*self._window)
        elif snapshot is not None and (at := place_in_question(snapshot)) is not None:
            positions = (at,)
        return Capture(lens=lens_of(snapshot, state, positions, between=self._between.isChecked()))

    def subject(self, snapshot: Snapshot) -> str:
        word = snapshot.word if self._shows_all and self._differs(snapshot) else None
        return said(word) if word is not None else ""

    def run(self, snapshot: Snapshot) -> str:
        show = snapshot.options.show
        if show is Show.DIFFERENCE and not self._differs(snapshot):
            show = Show.CHANGED
        return show.value

    def draw(self, snapshot: Snapshot) -> None:
        trace, facts = snapshot.trace, snapshot.facts
        if trace is None or facts is None:
            return
        if not facts.has_mlm:
            self.say(NO_MLM_HEAD)
            return
        if trace.lens is None:  # just asked for
            self.forget()
            self.read_out("")
            self.say(READING_LAYERS)
            return
        token = place_in_question(snapshot)
        before = snapshot.other if self._differs(snapshot) else None
        word = facts.ids.get(snapshot.word) if snapshot.word is not None else None
        between, grid = self._between.isChecked(), self.lens_picture.grid
        drawn = (self._shows_all, self._columns, between, look.current())
        made_of = (trace, before, word, token, *drawn)
        if made_of != self._made_of:  # a hover changes no cell
            self._made_of = made_of
            table = LensTable(trace, before, facts.vocabulary, word, between)
            at = None if self._shows_all else token
            grid = table.of_all() if at is None else table.of_token(at, self._columns)
        self._everywhere.setChecked(self._shows_all)
        self._everywhere.setEnabled(not self._is_open)
        self._bar.show_scale(Scale.ROOT, signed=before is not None)
        if not grid.columns:  # just asked for
            self.forget()
            self.say(READING_LAYERS)
            return
        self.lens_picture.show_grid(snapshot, grid, token)
        self._look_again()
        self._read_out()

    def numbers(self) -> str:
        grid, options = self.lens_picture.grid, self.snapshot.options
        what = f"{self.subject(self.snapshot)} {self.run(self.snapshot)}" if grid.signed else ""
        return grid.table(what.strip(), options.first_number)

    def forget(self) -> None:
        self._made_of, self._cell = (), None
        self.lens_picture.forget()

    @property
    def _shows_all(self) -> bool:
        """Every token has a column; so it is where no token is in question."""
        return self._wants_all or self._snapshot is None or self._is_open

    @property
    def _is_open(self) -> bool:
        """No token is in question."""
        return self._snapshot is not None and place_in_question(self._snapshot) is None

    @property
    def _columns(self) -> int:
        """How many best words there is room for."""
        wide = self.lens_picture.viewport().width() // look.current().px(ROOM)
        return min(max(wide - 1, 1), 5)

    def _differs(self, snapshot: Snapshot) -> bool:
        """Whether differences are drawn: at all tokens only of a word that is in question."""
        trace, other, facts = snapshot.trace, snapshot.other, snapshot.facts
        if snapshot.options.show is not Show.DIFFERENCE or None in (trace, other, facts):
            return False
        return not self._shows_all or (facts is not None and snapshot.word in facts.ids)

    def _look_again(self) -> None:
        """Ask for what is in sight, if the trace is not of it."""
        trace = self.snapshot.trace
        window = (0, SHORT)
        if trace is not None and len(trace) > SHORT:
            seen = self.lens_picture.layout_now.seen
            window = seen.start // STEP * STEP, -(-seen.stop // STEP) * STEP
        if window != self._window:
            self._window = window
            self.needed.emit()

    def _read_out(self) -> None:
        snapshot, cell = self.snapshot, self._cell or self.lens_picture.cursor_cell
        trace, preview = snapshot.trace, snapshot.preview
        if trace is None or cell is None:
            self.read_out("")
            return
        if self.lens_picture.grid.signed:
            lit = preview if self._cell is None else None
            self.read_out(difference_readout(snapshot, self.lens_picture.grid.like(cell, lit)))
            return
        token, word = cell.token, snapshot.word
        if self._cell is None and preview is not None:  # hovered in another view
            token = token if preview.token is None else preview.token
            word = preview.word or word
        self.read_out(lens_readout(snapshot, token, cell.depth, word))

    @Slot(bool)
    def _on_clicked(self, _checked: bool) -> None:
        self._wants_all = self._everywhere.isChecked()
        self.redraw()
        self.needed.emit()

    @Slot()
    def _on_scrolled(self) -> None:
        if self._snapshot is not None and self._snapshot.trace is not None and self._shows_all:
            self._look_again()

    @Slot(object)
    def _on_tried(self, cell: object) -> None:
        self._cell = cell if isinstance(cell, LensCell) else None
        pick = Pick(token=self._cell.token, word=self._cell.word) if self._cell else None
        self.previewed.emit(pick)
        if self._made_of:
            self._read_out()

    @Slot(object, bool)
    def _on_kept(self, cell: object, also: bool) -> None:
        if isinstance(cell, LensCell):
            token = cell.token if self._shows_all and not also else None
            self.picked.emit(Pick(token=token, word=cell.word, also=also))

    @Slot(object, bool)
    def _on_edited(self, cell: object, each: bool) -> None:
        if isinstance(cell, LensCell):
            if self._is_blank(cell):
                self.filled.emit(cell.token, cell.word)
            else:
                self.hidden.emit(cell.token, each)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, cell: object, where: QPoint) -> None:
        if isinstance(cell, LensCell):
            fill = partial(self.filled.emit, cell.token, cell.word)
            fills = fill if self._is_blank(cell) else None
            pop_up_word_menu(self, where, cell.word, self.picked.emit, fills)

    def _is_blank(self, cell: LensCell) -> bool:
        trace = self.snapshot.trace
        return trace is not None and cell.token in trace.encoding.masks
