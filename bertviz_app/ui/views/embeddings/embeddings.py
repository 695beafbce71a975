"""The Mixer: what the embedding of each token is the sum of, and its LayerNorm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from bertviz_app.analysis.apart import Apart, Reordered
from bertviz_app.analysis.difference import change, difference
from bertviz_app.analysis.embeddings import Mix, rows, scale_of
from bertviz_app.analysis.visible import cell_text
from bertviz_app.core.changes import with_part
from bertviz_app.core.order import ALL_A, REVERSED, SHUFFLED, SWAPPED
from bertviz_app.core.request import UNCHANGED, Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.mixer_layout import Cell
from bertviz_app.ui.parts.mixer_picture import MixerPart, MixerPicture
from bertviz_app.ui.parts.mixer_words import (
    NONE,
    against_as_is,
    cosines,
    in_another_order,
    of_cell,
    of_token,
)
from bertviz_app.ui.view import Pane, View

NAMES = ("token", "segment", "position", "sum", "after LayerNorm")
ORDERS = (("order typed", None), ("order reversed", REVERSED), ("order shuffled", SHUFFLED))
SEGMENTS = (("segments as is", None), ("all segment A", ALL_A), ("segments swapped", SWAPPED))
HEADINGS = ("token", "+ segment", "+ position", "= sum", "after LayerNorm")


class EmbeddingsView(View):
    """Five parts; in each the numbers of the pinned token over those of all tokens."""

    name = "embeddings"
    pane = Pane.ALL
    title = "Mixer"
    sees = "token + segment + position = sum, then LayerNorm"
    explains = (
        "Before its first layer BERT looks up three rows of W numbers for each token: one for the "
        "piece, one for the sentence it stands in, one for its position. They are added, and "
        "LayerNorm (subtract the mean of the W numbers, divide by their spread, scale and shift "
        "each by what was learned) makes what enters layer 1.\n"
        "The strip holds the numbers of one token, the picture under it those of all tokens, one "
        "a row. The four parts before LayerNorm share one scale, LayerNorm has its own; 1 % of "
        "the numbers, the largest, lie beyond it and have full colour.\n"
        "Computed: Length is the root of the sum of squares. The share of a part is part · sum / "
        "‖sum‖²; it can be negative, and the three shares add to 1.\n"
        "Caution: A long part is not thereby an important one: what the layers make of it is not "
        "shown here.\n"
        "By hand: The sliders take less of a part for all tokens. Order gives the typed tokens "
        "each other's positions, within each sentence; what is said to stand reversed is read as "
        "if it were typed in reverse. Shuffled is always the same shuffle.\n"
        "With positions at 0 % nothing tells BERT the order: the words reversed have the same "
        "last vectors, but for rounding. How far they are apart is measured and stands under the "
        "picture."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mixer = MixerPicture(self)
        self._mixer.picked.connect(self.picked)
        self._mixer.previewed.connect(self.previewed)
        self._mixer.hidden.connect(self.hidden)
        self._mixer.tried.connect(self._on_tried)
        self.set_picture(self._mixer)
        for number, slider in enumerate(self._mixer.sliders):
            slider.dragged.connect(partial(self._on_dragged, number))
        self._order = ChoiceBox("Which positions the tokens are given", ORDERS, self)
        self._order.chosen.connect(self._on_order_chosen)
        self._segments = ChoiceBox("Which segments the tokens are given", SEGMENTS, self)
        self._segments.chosen.connect(self._on_segments_chosen)
        reverse = QPushButton("Reverse the words", self)
        reverse.setToolTip("Edit the text: its words in reverse order")
        reverse.clicked.connect(lambda: self.acted.emit("text.reverse"))
        for control in (self._order, self._segments, reverse):
            self.add_control(control)
        self._reordered = Reordered()
        self._seen: tuple[Trace | int | None, ...] = ()
        self._apart: Apart | None = None
        self._token = 0
        self._cell: Cell | None = None
        self._drawn_runs: tuple[Trace | None, Trace | None] = (None, None)
        self._arrays: tuple[Array, ...] = ()
        self._scales = (1.0, 1.0)

    def draw(self, snapshot: Snapshot) -> None:
        trace = snapshot.trace
        if trace is None:
            return
        self._token = min(1, len(trace) - 1) if snapshot.token is None else snapshot.token
        self._mix_again(snapshot, trace)
        now, before = Mix.of(trace.embeddings, self._token), None
        if self._drawn_runs[1] is not None:
            before = Mix.of(self._drawn_runs[1].embeddings, self._token)
        parts = [self._part(number, now, before) for number in range(len(NAMES))]
        self._compare(snapshot)
        lines = (cosines(now), *self._differences(snapshot))
        for bar, full in zip(self._mixer.bars, self._scales, strict=True):
            bar.show_scale(full)
        self._mixer.show_parts(snapshot, parts, self._token, lines)
        self._show_changes(snapshot.state.interventions, trace)
        self._read_out()

    def numbers(self) -> str:
        trace = self.snapshot.trace
        if trace is None:
            return ""
        shares = (f"share {name}" for name in NAMES[:3])
        lines = [["token", *(f"length {name}" for name in NAMES), *shares]]
        for token, piece in enumerate(trace.encoding.tokens):
            mix = Mix.of(trace.embeddings, token)
            lines.append([cell_text(piece), *map(numbers.exact, (*mix.lengths, *mix.shares))])
        lines += [[], [f"numbers of {cell_text(trace.encoding.tokens[self._token])}"]]
        for name, values in zip(NAMES, rows(trace.embeddings), strict=True):
            lines.append([name, *map(numbers.exact, values[self._token].tolist())])
        lines += [[line] for line in self._differences(self.snapshot)]
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._drawn_runs, self._arrays = (None, None), ()
        self._token, self._cell = 0, None
        self._mixer.show_parts(Snapshot(), (), 0)
        self._reordered, self._seen, self._apart = Reordered(), (), None

    def _mix_again(self, snapshot: Snapshot, trace: Trace) -> None:
        """Take the numbers to draw from other runs than before; the same ones stay as they are."""
        other = snapshot.other if snapshot.options.show is Show.DIFFERENCE else None
        if other is not None and len(other) != len(trace):
            other = None
        if self._drawn_runs == (trace, other):
            return
        self._drawn_runs = (trace, other)
        self._arrays = rows(trace.embeddings)
        stated = self._arrays if snapshot.answer is None else rows(snapshot.answer.as_is.embeddings)
        if other is not None:
            before = rows(other.embeddings)
            self._arrays = tuple(map(difference, self._arrays, before))
            stated = self._arrays
        self._scales = scale_of(*stated[:4]), scale_of(stated[4])

    def _part(self, number: int, now: Mix, before: Mix | None) -> MixerPart:
        share = ""
        if number < len(now.shares):
            share = numbers.percent(now.shares[number]) if now.lengths[3] else NONE
        length = numbers.length(now.lengths[number])
        if before is not None:
            length, share = numbers.signed(change(now.lengths[number], before.lengths[number])), ""
        factors, full = self.snapshot.state.interventions.parts, self._scales[number == 4]
        factor = numbers.percent(factors[number]) if number < len(factors) else ""
        return MixerPart(HEADINGS[number], factor, length, share, self._arrays[number], full)

    def _compare(self, snapshot: Snapshot) -> None:
        """Measure how far the runs are apart, once for each answer and blank."""
        answer = snapshot.answer
        if answer is None or self._seen == (answer.as_is, answer.changed, snapshot.blank):
            return
        self._seen = (answer.as_is, answer.changed, snapshot.blank)
        self._reordered.see(*(run for run in (answer.as_is, answer.changed) if run is not None))
        self._apart = None
        if answer.changed is not None and len(answer.changed) == len(answer.as_is):
            self._apart = Apart.of(answer.as_is, answer.changed, snapshot.blank)

    def _differences(self, snapshot: Snapshot) -> Iterator[str]:
        """The lines on what the changes do, and on what the order does."""
        if self._apart is not None and snapshot.facts is not None:
            yield against_as_is(self._apart, snapshot.facts.vocabulary[self._apart.word])
        if snapshot.trace is None:
            return
        changes = snapshot.trace.request.interventions
        apart = self._reordered.apart(changes)
        if apart is not None:
            yield in_another_order(apart, self._reordered.apart(UNCHANGED) if changes else None)

    def _show_changes(self, changes: Interventions, trace: Trace) -> None:
        for slider, factor in zip(self._mixer.sliders, changes.parts, strict=True):
            slider.show_factor(factor)
        self._order.show_value(changes.position_ids)
        self._segments.show_value(changes.segment_ids)
        self._segments.setEnabled(trace.spec.segments > 1)

    @Slot(float, str)
    def _on_dragged(self, part: int, factor: float, step: str) -> None:
        changes = self.snapshot.state.interventions
        self.adjusted.emit(with_part(changes, part, factor), step)

    @Slot(object)
    def _on_order_chosen(self, order: str | None) -> None:
        self.intervened.emit(replace(self.snapshot.state.interventions, position_ids=order))

    @Slot(object)
    def _on_segments_chosen(self, segments: str | None) -> None:
        self.intervened.emit(replace(self.snapshot.state.interventions, segment_ids=segments))

    def _read_out(self) -> None:
        snapshot, cell = self.snapshot, self._cell
        trace, other = snapshot.trace, snapshot.other
        if trace is None:
            return
        if other is trace or (other is not None and len(other) != len(trace)):
            other = None
        if cell is not None and cell.token < len(trace) and cell.number < trace.spec.width:
            self.read_out(of_cell(trace, other, cell))
            return
        preview = snapshot.preview
        lit = preview.token if preview is not None else None
        self.read_out(of_token(trace, other, self._token if lit is None else lit))

    @Slot(object)
    def _on_tried(self, cell: object) -> None:
        self._cell = cell if isinstance(cell, Cell) else None
        if self._arrays:
            self._read_out()
