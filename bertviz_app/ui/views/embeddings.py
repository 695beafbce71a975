"""The Mixer: what the embedding of each token is the sum of, and its LayerNorm."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.embeddings import Mix, rows, scale_of
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import cell_text, isolated
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.mixer_picture import Cell, MixerPicture, Part
from bertviz_app.ui.parts.signed_bar import SignedBar
from bertviz_app.ui.view import Pane, View

NAMES = ("token", "segment", "position", "sum", "after LayerNorm")
NONE = "–"
HEADINGS = ("token", "+ segment", "+ position", "= sum", "after LayerNorm")


class EmbeddingsView(View):
    """Five parts; in each the numbers of the pinned token over those of all tokens."""

    name = "embeddings"
    place = 2
    pane = Pane.ALL
    title = "Mixer"
    sees = "token + segment + position = sum, then LayerNorm"
    explains = (
        "Before its first layer BERT looks up three rows of W numbers for each token: one for the "
        "piece, one for the sentence it stands in, one for its position. They are added, and "
        "LayerNorm (subtract the mean of the W numbers, divide by their spread, scale and shift "
        "each by what was learned) makes what enters layer 1. The strip holds the numbers of one "
        "token, the picture under it those of all tokens, one a row. The four parts before "
        "LayerNorm share one scale, LayerNorm has its own; 1 % of the numbers, the largest, lie "
        "beyond it and have full colour. Length is the root of the sum of squares. The share of a "
        "part is part · sum / ‖sum‖²; it can be negative, and the three shares add to 1. A long "
        "part is not thereby an important one: what the layers make of it is not shown here."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mixer = MixerPicture(self)
        self._mixer.picked.connect(self.picked)
        self._mixer.previewed.connect(self.previewed)
        self._mixer.hidden.connect(self.hidden)
        self._mixer.tried.connect(self._on_tried)
        self.set_picture(self._mixer)
        self._bars = (SignedBar("parts, sum", self), SignedBar("LayerNorm", self))
        for bar in self._bars:
            self.add_control(bar)
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
        self._mixer.show_parts(snapshot, parts, self._token, _cosines(now))
        for bar, full in zip(self._bars, self._scales, strict=True):
            bar.show_scale(full)
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
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._drawn_runs, self._arrays = (None, None), ()
        self._token, self._cell = 0, None
        self._mixer.show_parts(Snapshot(), (), 0, "")

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
            self._arrays = tuple(a - b for a, b in zip(self._arrays, before, strict=True))
            stated = self._arrays
        self._scales = scale_of(*stated[:4]), scale_of(stated[4])

    def _part(self, number: int, now: Mix, before: Mix | None) -> Part:
        share = ""
        if number < len(now.shares):
            share = numbers.percent(now.shares[number]) if now.lengths[3] else NONE
        length = numbers.length(now.lengths[number])
        if before is not None:
            length, share = numbers.signed(now.lengths[number] - before.lengths[number]), ""
        full = self._scales[number == 4]
        return Part(HEADINGS[number], length, share, self._arrays[number], full)

    def _read_out(self) -> None:
        snapshot, cell = self.snapshot, self._cell
        trace, other = snapshot.trace, snapshot.other
        if trace is None:
            return
        if other is trace or (other is not None and len(other) != len(trace)):
            other = None
        if cell is not None and cell.token < len(trace) and cell.number < trace.spec.width:
            self.read_out(_of_cell(trace, other, cell))
            return
        preview = snapshot.preview
        lit = preview.token if preview is not None else None
        self.read_out(_of_token(trace, other, self._token if lit is None else lit))

    @Slot(object)
    def _on_tried(self, cell: object) -> None:
        self._cell = cell if isinstance(cell, Cell) else None
        if self._arrays:
            self._read_out()


def _of_cell(trace: Trace, other: Trace | None, cell: Cell) -> str:
    """The readout of one number of each part."""
    a, b, c, total, normed = (numbers.term(value) for value in _column(trace, cell))
    piece = isolated(numbered(trace.encoding.tokens)[cell.token])
    text = (
        f"{piece}, number {cell.number + 1} of {trace.spec.width}: "
        f"{a} + {b} + {c} = {total}, after LayerNorm {normed}"
    )
    if other is None:
        return text
    *_, total, normed = (numbers.term(value) for value in _column(other, cell))
    return f"{text} (as is {total}, {normed})"


def _of_token(trace: Trace, other: Trace | None, token: int) -> str:
    """The readout of a whole token."""
    a, b, c, total, normed = map(numbers.length, Mix.of(trace.embeddings, token).lengths)
    piece = isolated(numbered(trace.encoding.tokens)[token])
    text = (
        f"{piece}: lengths token {a}, segment {b}, position {c}; sum {total}; "
        f"after LayerNorm {normed}"
    )
    if other is None:
        return text
    *parts, total, normed = map(numbers.length, Mix.of(other.embeddings, token).lengths)
    return f"{text} (as is {', '.join(parts)}; {total}; {normed})"


def _column(trace: Trace, cell: Cell) -> list[float]:
    return [float(part[cell.token, cell.number]) for part in rows(trace.embeddings)]


def _cosines(mix: Mix) -> str:
    """The cosines between the parts; a part that is 0 has none."""
    written = []
    for (one, other), cosine in zip(itertools.combinations(range(3), 2), mix.cosines, strict=True):
        there = mix.lengths[one] and mix.lengths[other]
        pair = f"{NAMES[one]}–{NAMES[other]}"
        written.append(f"{pair} {numbers.length(cosine) if there else NONE}")
    return "cosines: " + ", ".join(written)
