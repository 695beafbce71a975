"""Positions: what BERT learned of them, beside the fixed encoding that came before."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from bertviz_app.analysis.embeddings import scale_of
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.questions.positions import Positions, PositionTables
from bertviz_app.core.request import LEARNED, RAW, SINUSOIDAL
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Array
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.position_curves import MOST, PositionCurves
from bertviz_app.ui.parts.positions_picture import (
    Pair,
    PositionCell,
    PositionMarks,
    PositionsPicture,
)
from bertviz_app.ui.parts.signed_bar import SignedBar
from bertviz_app.ui.view import Pane, View

TABLES = (
    ("BERT runs with: learned", LEARNED),
    ("BERT runs with: sinusoidal", SINUSOIDAL),
    ("BERT runs with: sinusoidal, raw", RAW),
)
FORMULA = "sinusoidal: dimension 2i of position p is sin(p ÷ 10000^(2i ÷ W)), 2i + 1 its cosine"


class PositionsView(View):
    """Both tables as pictures, the cosines of their rows, and curves of some dimensions."""

    name = "positions"
    pane = Pane.ONE
    order = 0
    moves = False
    title = "Positions"
    sees = "the vector of each position, and how alike they are"
    explains = (
        "BERT has a vector of W numbers for each of its P positions, learned like all its "
        "weights. The Transformer of 2017 used fixed ones: dimension 2i of position p is sin(p ÷ "
        "10000^(2i ÷ W)), dimension 2i + 1 its cosine (Vaswani et al. 2017, section 3.5).\n"
        "Each row of the upper pictures is a position, the first on top, each column a dimension; "
        "the lower ones show the cosine of every position with every other. Where several numbers "
        "share a pixel, the one farthest from zero is seen. The line at the left marks the "
        "positions of the text. Positions and dimensions are counted from 0.\n"
        "The curves are those of the dimensions ticked under the tables, over the first positions "
        "(all of them by choice, ⋯): learned as a line, sinusoidal dashed and scaled to the mean "
        "length of the learned rows.\n"
        "Caution: BERT can be run with the sinusoidal table; its layers never saw it, so what "
        "becomes worse says nothing against sinusoids. Raw, its rows are many times as long as "
        "those BERT learned with, and drown the words by scale alone."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tables: PositionTables | None = None
        self._asked_for: ModelFacts | None = None
        self._own_pair: Pair | None = None
        self._pinned: tuple[int | None, ...] = ()
        self._spot: PositionCell | None = None
        self._full = 1.0
        self._maps = PositionsPicture(self)
        self._maps.tried.connect(self._on_tried)
        self._maps.paired.connect(self._on_paired)
        self._curves = PositionCurves(self)
        self._curves.hovered.connect(self._on_tried)
        self._curves.chosen.connect(self._draw_again)
        self._maps.toggled.connect(self._curves.toggle)
        both = QWidget(self)
        rows = QVBoxLayout(both)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._maps, 5)
        rows.addWidget(self._curves, 2)
        self.set_picture(both)
        whole = self.more.addAction("Curves over all positions")
        whole.setCheckable(True)
        whole.toggled.connect(self._curves.show_whole)
        self._table = ChoiceBox("The position table BERT runs with", TABLES, self)
        self._table.chosen.connect(self._on_table_chosen)
        self._typed = QLineEdit(self)
        self._typed.setObjectName("dimensions")
        self._typed.setAccessibleName("Dimensions whose curves are drawn")
        self._typed.setToolTip(f"Dimensions whose curves are drawn, {MOST} at most; 0, 1, 64")
        self._typed.editingFinished.connect(self._on_dimensions_typed)
        self._bar = SignedBar("learned", self)
        for control in (self._table, self._typed, self._bar):
            self.add_control(control)

    def draw(self, snapshot: Snapshot) -> None:
        report = snapshot.report_of(Positions())
        if report is None or snapshot.trace is None:
            self._ask(snapshot)
            return
        if report.answer is not self._tables:
            self._tables = report.answer
            self._full = scale_of(self._tables.learned)
            self._bar.show_scale(self._full)
        table = snapshot.state.interventions.position_table
        self._table.show_value(table)
        pinned = (snapshot.token, snapshot.second)
        if pinned != self._pinned:
            self._pinned, self._own_pair = pinned, None
        self._draw_tables(self._tables, snapshot, raw=table == RAW)
        self._read_out()

    def numbers(self) -> str:
        tables = self._tables
        if tables is None:
            return ""
        i, j = self._pair
        chosen = self._curves.dimensions
        lines = [
            ["mean length", "learned", "sinusoidal"],
            ["", *map(numbers.exact, tables.lengths)],
            [],
            [f"cosine of positions {i} and {j}", "learned", "sinusoidal"],
            ["", *(numbers.exact(float(cosines[i, j])) for cosines in _cosines(tables))],
            [],
            ["position", *(f"{kind} {at}" for at in chosen for kind in ("learned", "sinusoidal"))],
        ]
        for position, (learned, fixed) in enumerate(
            zip(tables.learned, tables.sinusoidal, strict=True)
        ):
            values = (float(row[at]) for at in chosen for row in (learned, fixed))
            lines.append([str(position), *map(numbers.exact, values)])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._tables, self._spot = None, None
        self._maps.forget()
        self._curves.forget()

    @property
    def _pair(self) -> Pair:
        """The two positions in question: chosen here, else those of the pinned tokens."""
        count = len(self._tables.learned) if self._tables is not None else 1
        if self._own_pair is not None:
            return self._own_pair
        token, second = self.snapshot.token, self.snapshot.second
        one = 1 if token is None else token
        other = one + 1 if second is None else second
        return min(one, count - 1), min(other, count - 1)

    def _ask(self, snapshot: Snapshot) -> None:
        """Have the cosines computed, once for each model."""
        self.forget()
        self.say("Comparing every position with every other …")
        if snapshot.facts is not self._asked_for and not snapshot.is_running(Positions):
            self._asked_for = snapshot.facts
            self.asked.emit(Positions())

    def _draw_tables(self, tables: PositionTables, snapshot: Snapshot, *, raw: bool) -> None:
        learned, fixed = map(numbers.length, tables.lengths)
        lines = [
            FORMULA,
            f"mean length of a row: learned {learned}, sinusoidal {fixed} "
            f"(× {numbers.term(tables.factor)} when scaled)",
        ]
        if raw:
            times = numbers.length(1 / tables.factor) if tables.factor else numbers.INFINITE
            lines.append(f"raw: {times} times as long as learned, which breaks BERT by scale alone")
        self._curves.show_tables(tables)
        dimensions = self._curves.dimensions
        tokens = len(snapshot.trace) if snapshot.trace is not None else 0
        marks = PositionMarks(self._pair, dimensions, tokens)
        self._maps.show_tables(tables, self._full, marks, lines)
        self._typed.setText(", ".join(map(str, dimensions)))

    def _read_out(self) -> None:
        tables, spot = self._tables, self._spot
        if tables is None:
            return
        if spot is not None and spot.in_table:
            learned, fixed = (
                numbers.term(float(table[spot.row, spot.column]))
                for table in (tables.learned, tables.sinusoidal)
            )
            self.read_out(
                f"position {spot.row}, dimension {spot.column}: {learned} learned, "
                f"{fixed} sinusoidal"
            )
            return
        i, j = (spot.row, spot.column) if spot is not None else self._pair
        learned, fixed = (numbers.length(float(cosines[i, j])) for cosines in _cosines(tables))
        self.read_out(f"positions {i} and {j}: cosine {learned} learned, {fixed} sinusoidal")

    @Slot()
    def _draw_again(self) -> None:
        """Draw what was drawn, with other choices."""
        if self._tables is not None:
            self.draw(self.snapshot)

    def _pick(self, spot: PositionCell | None) -> Pick | None:
        """The tokens that stand at the positions of a spot, if tokens of the text do."""
        trace = self.snapshot.trace
        if spot is None or trace is None or self.snapshot.state.interventions.position_ids:
            return None
        if spot.in_table:
            return Pick(token=spot.row) if spot.row < len(trace) else None
        both = max(spot.row, spot.column) < len(trace)
        return Pick(token=spot.row, second=spot.column) if both else None

    @Slot(object)
    def _on_tried(self, spot: PositionCell | None) -> None:
        self._spot = spot
        self.previewed.emit(self._pick(spot))
        self._read_out()

    @Slot(int, int)
    def _on_paired(self, one: int, other: int) -> None:
        self._own_pair = (one, other)
        if pick := self._pick(PositionCell(one, other, in_table=False)):
            self.picked.emit(pick)
        self._draw_again()

    @Slot()
    def _on_dimensions_typed(self) -> None:
        self._curves.choose(self._typed.text())

    @Slot(object)
    def _on_table_chosen(self, table: str) -> None:
        self.intervened.emit(replace(self.snapshot.state.interventions, position_table=table))


def _cosines(tables: PositionTables) -> tuple[Array, Array]:
    return tables.learned_cosines, tables.sinusoidal_cosines
