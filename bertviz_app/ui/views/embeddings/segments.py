"""Segments: the two vectors that tell sentence A from sentence B."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from bertviz_app.analysis.embeddings import compared, scale_of
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import cell_text, isolated
from bertviz_app.core.order import ALL_A, SWAPPED, segment_ids
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.segments_picture import SegmentsPicture
from bertviz_app.ui.parts.signed_bar import SignedBar
from bertviz_app.ui.view import Pane, View

ONE_SEGMENT = "This model has one segment: every token carries A, there is nothing to exchange."


class SegmentsView(View):
    """Both vectors with their difference, and which of them each token carries."""

    name = "segments"
    pane = Pane.ONE
    order = 1
    moves = False
    title = "Segments"
    sees = "the vectors of A and B, and who carries which"
    explains = (
        "BERT adds one of two learned vectors of W numbers to each token: A for the first "
        "sentence, with [CLS] and the first [SEP], B for what follows (Devlin et al. 2019). A "
        "text without a second sentence is all A.\n"
        "Computed: The strips show both vectors and B − A on one scale; 1 % of the numbers, the "
        "largest, lie beyond it. Cosine is that of the two vectors, distance the length of B − A.\n"
        "Caution: That they are alike does not mean that they matter little: the layers were "
        "trained to tell them apart.\n"
        "By hand: Exchanging them, or giving all tokens A, changes what BERT is told of the "
        "sentences, not the text."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Array | None = None
        self._strips: tuple[Array, ...] = ()
        self._number: int | None = None
        self._segments = SegmentsPicture(self)
        self._segments.picked.connect(self.picked)
        self._segments.previewed.connect(self.previewed)
        self._segments.hidden.connect(self.hidden)
        self._segments.tried.connect(self._on_tried)
        self.set_picture(self._segments)
        self._swap = self._switch("Give A’s tokens B, and the reverse", SWAPPED)
        self._one = self._switch("All in one segment", ALL_A)
        self._bar = SignedBar("", self)
        self.add_control(self._bar)

    def draw(self, snapshot: Snapshot) -> None:
        trace, facts = snapshot.trace, snapshot.facts
        if trace is None or facts is None:
            return
        if len(facts.segment_table) < 2:
            self.forget()
            self.say(ONE_SEGMENT)
            return
        if facts.segment_table is not self._table:
            self._table = facts.segment_table
            a, b = self._table[:2]
            self._strips = (a, b, b - a)
        full = scale_of(*self._strips)
        self._bar.show_scale(full)
        a, b, apart = (numbers.length(float(np.linalg.norm(strip))) for strip in self._strips)
        cosine, _ = compared(*self._strips[:2])
        words = (
            f"length {a}",
            f"length {b}, cosine with A {numbers.length(cosine)}",
            f"length {apart}, the distance of A and B",
        )
        own, given = trace.encoding.segments, _given(trace)
        lines = (own,) if given == own else (own, given)
        self._segments.show_segments(snapshot, self._strips, words, full, lines)
        in_force = snapshot.state.interventions.segment_ids
        self._swap.setChecked(in_force == SWAPPED)
        self._one.setChecked(in_force == ALL_A)
        self._read_out()

    def numbers(self) -> str:
        trace = self.snapshot.trace
        if trace is None or not self._strips:
            return ""
        cosine, distance = compared(*self._strips[:2])
        lines = [["cosine", numbers.exact(cosine)], ["distance", numbers.exact(distance)]]
        for name, strip in zip(("A", "B", "B − A"), self._strips, strict=True):
            lines.append([name, *map(numbers.exact, strip.tolist())])
        lines += [[], ["token", "own segment", "given"]]
        rows = zip(trace.encoding.tokens, trace.encoding.segments, _given(trace), strict=True)
        lines += [[cell_text(piece), "AB"[own], "AB"[given]] for piece, own, given in rows]
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._table, self._strips, self._number = None, (), None
        self._segments.show_segments(Snapshot(), (), (), 1.0, ())

    def _switch(self, words: str, rule: str) -> QPushButton:
        """A button that gives the tokens other segments while it is down."""
        button = QPushButton(words, self)
        button.setCheckable(True)
        button.clicked.connect(lambda down: self._give(rule if down else None))
        self.add_control(button)
        return button

    def _give(self, rule: str | None) -> None:
        self.intervened.emit(replace(self.snapshot.state.interventions, segment_ids=rule))

    def _read_out(self) -> None:
        trace, number = self.snapshot.trace, self._number
        if trace is None or not self._strips:
            return
        if number is not None and number < len(self._strips[0]):
            a, b, apart = (numbers.term(float(strip[number])) for strip in self._strips)
            width = len(self._strips[0])
            self.read_out(f"number {number + 1} of {width}: A {a}, B {b}, B − A {apart}")
            return
        cosine, distance = map(numbers.length, compared(*self._strips[:2]))
        words = f"A and B: cosine {cosine}, distance {distance}"
        preview, token = self.snapshot.preview, self.snapshot.token
        if preview is not None and preview.token is not None:
            token = preview.token
        self.read_out(words if token is None else f"{words}; {_carried(trace, token)}")

    @Slot(object)
    def _on_tried(self, number: int | None) -> None:
        self._number = number
        self._read_out()


def _given(trace: Trace) -> tuple[int, ...]:
    """The segments that this run gave its tokens (T,)."""
    found = segment_ids(trace.request.interventions.segment_ids, trace.encoding, trace.spec)
    return trace.encoding.segments if found is None else found


def _carried(trace: Trace, token: int) -> str:
    """Which segment a token carries, and which it would by itself."""
    if token >= len(trace):
        return ""
    own, given = trace.encoding.segments[token], _given(trace)[token]
    words = f"{isolated(numbered(trace.encoding.tokens)[token])} carries {'AB'[given]}"
    return words if own == given else f"{words} (as is {'AB'[own]})"
