"""Nearest words: the pieces whose vectors lie nearest to that of a token or of a typed word."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from bertviz_app.analysis.visible import cell_text, isolated, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.questions.nearest import Nearest, NearestAnswer
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.asking import Asking
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.entry_view import EntryView
from bertviz_app.ui.parts.nearest_rows import (
    NearestPainter,
    Nearness,
    NeighbourRow,
    neighbour_rows,
    two_best,
)
from bertviz_app.ui.parts.nearest_words import (
    NO_TOKEN,
    TABLE,
    about_token,
    about_word,
    sources,
    where,
)
from bertviz_app.ui.view import Pane


class NearestWords(EntryView):
    """A table: the nearest pieces, by cosine or by dot product."""

    name = "nearest"
    pane = Pane.ONE
    order = 2
    title = "Nearest words"
    differs = False
    sees = "vectors of the vocabulary beside one"
    explains = (
        "Every piece of the vocabulary has one vector in the token table.\n"
        "Computed: Its row there, or the vector of a token in your text after a layer, is "
        "compared with all V rows: by cosine, which looks at the direction only, and by dot "
        "product, which is cosine × both lengths, so that long rows win. Nothing is left out but "
        "what the box says. A typed word of several pieces is the mean of their rows.\n"
        "Caution: Near in the table means: used in the same places, not of the same meaning; "
        "opposites are near as well.\n"
        "After a layer the vector is no longer made to be compared with the table: what BERT "
        "would say there is in Lens (place 4), which puts the word-prediction head in between. "
        "The mean of all rows is not zero, so even unlike pieces have a cosine above 0."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(NearestPainter(), "A word; empty: the token", parent)
        self._asking = Asking[NearestAnswer]()
        self._source, self._measure, self._rest = TABLE, Nearness.COSINE, ""
        self.list.setAccessibleName("Nearest pieces")
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self.column.insertWidget(1, self._words)
        self._layers = ChoiceBox("Which vector of the token", (), self)
        self._layers.chosen.connect(self._on_source_chosen)
        measures = [(measure.value, measure) for measure in Nearness]
        self._measures = ChoiceBox("What nearness is measured by", measures, self)
        self._measures.show_value(self._measure)
        self._measures.chosen.connect(self._on_measure_chosen)
        self._ordinary = QCheckBox("no special pieces", self)
        self._ordinary.setToolTip("Leave special and unused pieces out")
        self._ordinary.setChecked(True)
        self._ordinary.clicked.connect(self._draw_again)
        for control in (self._layers, self._measures, self._ordinary):
            self.add_control(control)
        self.line.textChanged.connect(self._draw_again)

    @property
    def about(self) -> str:
        """What the line over the rows says: which vector is in question."""
        return self._words.text()

    @property
    def rows(self) -> tuple[NeighbourRow, ...]:
        """The rows that are shown."""
        return tuple(row for row in self.list.rows if isinstance(row, NeighbourRow))

    def run(self, snapshot: Snapshot) -> str:
        of_run = self._source != TABLE and not self.line.text().strip()
        return super().run(snapshot) if of_run else ""

    def draw(self, snapshot: Snapshot) -> None:
        trace, facts = snapshot.trace, snapshot.facts
        if trace is None or facts is None:
            return
        self._source = min(self._source, facts.spec.layers)
        self._layers.offer(sources(facts.spec.layers, snapshot.options.first_number))
        self._layers.show_value(self._source)
        self._layers.setVisible(not self.line.text().strip())
        question = self._question(snapshot, trace, facts)
        if question is None:
            self._words.setText(NO_TOKEN)
            self.list.clear_rows()
            self.read_out("")
            return
        # Until the answer is there, which takes some milliseconds, the rows before stay.
        answer = self._asking.answer(snapshot, question)
        if answer is not None:
            self._show(snapshot, answer, facts)
        if self._asking.is_due(snapshot, question):
            self.asked.emit(question)

    def numbers(self) -> str:
        lines: list[tuple[str, ...]] = [("piece", "id", "cosine", "dot product", "length")]
        for row in self.rows:
            one = row.neighbour
            values = [numbers.exact(value) for value in (one.cosine, one.dot, one.length)]
            lines.append((cell_text(row.piece), str(row.id), *values))
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._asking.forget()
        self.list.clear_rows()

    def say_rest(self) -> None:
        self.read_out(self._rest)

    def _question(self, snapshot: Snapshot, trace: Trace, facts: ModelFacts) -> Nearest | None:
        """What is to be compared; None without a token or a word."""
        ordinary, word = self._ordinary.isChecked(), self.line.text().strip()
        if word:
            return Nearest(word=word, ordinary=ordinary)
        token = snapshot.token
        if token is None or token >= len(trace):
            return None
        if self._source == TABLE:
            row = facts.token_table[trace.encoding.ids[token]]
            return Nearest(vectors=(tuple(row.tolist()),), ordinary=ordinary)
        runs = [trace]
        if snapshot.other is not None and snapshot.other is not trace:
            runs.append(snapshot.other)
        vectors = (run.hidden[self._source, token].tolist() for run in runs)
        return Nearest(vectors=tuple(map(tuple, vectors)), ordinary=ordinary)

    def _show(self, snapshot: Snapshot, answer: NearestAnswer, facts: ModelFacts) -> None:
        runs = [
            neighbour_rows(found, self._measure, facts, snapshot.word, own=self._own(answer))
            for found in answer.found
        ]
        length = answer.found[0].length if answer.found else None
        first, word = snapshot.options.first_number, self.line.text().strip()
        token = self._token(snapshot)
        place, name = f" {where(self._source, first)}", token
        if word:
            place, name = " in the token table", word
            self._words.setText(about_word(word, answer.ids, facts, length))
        elif length is not None:
            self._words.setText(about_token(token, self._source, first, length))
        rows = runs[0] if runs else ()
        if [row.id for row in rows] != [row.id for row in self.rows]:
            self.list.scrollToTop()
        self.list.show_rows(rows, next((at for at, row in enumerate(rows) if row.followed), -1))
        self.head.update()
        self._rest = ""
        if rows:
            self._rest = f"nearest to {isolated(visible(name))}{place}: {two_best(rows)}"
        if len(runs) > 1:
            self._rest += f" (as is {two_best(runs[1])})"
        if self.hovered is None:
            self.say_rest()

    def _own(self, answer: NearestAnswer) -> int | None:
        """The id whose very row the vector in question is, if it is one."""
        if self.line.text().strip():
            return answer.ids[0] if len(answer.ids) == 1 else None
        token, trace = self.snapshot.token, self.snapshot.trace
        if self._source != TABLE or token is None or trace is None:
            return None
        return trace.encoding.ids[token]

    @staticmethod
    def _token(snapshot: Snapshot) -> str:
        trace, token = snapshot.trace, snapshot.token
        return trace.encoding.tokens[token] if trace is not None and token is not None else ""

    @Slot()
    def _draw_again(self) -> None:
        self.redraw()  # with its title: no run moves the table

    @Slot(object)
    def _on_source_chosen(self, source: int) -> None:
        self._source = source
        self._draw_again()

    @Slot(object)
    def _on_measure_chosen(self, measure: Nearness) -> None:
        self._measure = measure
        self._measures.show_value(measure)
        self._draw_again()
