"""Sizes: how long the vectors are that attention and feed-forward add, layer by layer."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.difference import difference
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import cell_text, isolated
from bertviz_app.core.request import Capture
from bertviz_app.core.sizes import Sizes
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, State
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.ink_bar import InkBar
from bertviz_app.ui.parts.signed_bar import SignedBar
from bertviz_app.ui.parts.sizes_layout import SizeCell
from bertviz_app.ui.parts.sizes_picture import Panel, SizesPicture
from bertviz_app.ui.parts.words import READING_LAYERS
from bertviz_app.ui.view import Pane, View

PANELS = (
    ("state x", "state before"),
    ("+ attention", "attention output"),
    ("= sum", "state + attention output"),
    ("LayerNorm", "LayerNorm of it"),
    ("+ feed-forward", "feed-forward output"),
    ("= sum", "LayerNorm of it + feed-forward output"),
    ("state after", "state after"),
    ("cosine", "cosine of state before and after"),
)
"""What stands over each picture, and what it is called where there is room; the cosine last."""


class LayersView(View):
    """Eight pictures: rows are tokens, columns the layers."""

    name = "layers"
    pane = Pane.ONE
    order = 2
    title = "Sizes"
    sees = "how long the vectors are that each layer adds"
    explains = (
        "Each layer adds what its heads found to the state x of a token and normalises the sum "
        "(LayerNorm); then it adds what its feed-forward makes of that, and normalises again.\n"
        "Drawn are the lengths (root of the sum of squares) of these vectors, a row a token, a "
        "column a layer, on one scale, the root of the length; over each picture stands the curve "
        "of one token, from 0 to its own largest.\n"
        "Computed: The cosine is that of a token’s state with its own state one layer before: 1 "
        "means that the layer kept its direction.\n"
        "Caution: BERT normalises after each sum (post-LN; Vaswani et al. 2017, Devlin et al. "
        "2019), so no stream of sums runs through it as in GPT: LayerNorm sets the length anew "
        "each time, and a long output is one that weighs much against the state it is added to, "
        "not one that lasts."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sizes_picture = SizesPicture(self)
        self.sizes_picture.picked.connect(self.picked)
        self.sizes_picture.previewed.connect(self.previewed)
        self.sizes_picture.hidden.connect(self.hidden)
        self.sizes_picture.tried.connect(self._on_tried)
        self.set_picture(self.sizes_picture)
        self._lengths = InkBar("lengths", self)
        self._differences = SignedBar("lengths", self)
        self._cosines = SignedBar("cosine", self)
        for bar in (self._lengths, self._differences, self._cosines):
            self.add_control(bar)
        self._drawn_sizes: tuple[Sizes | None, Sizes | None] = (None, None)
        self._panels: tuple[Panel, ...] = ()
        self._cell: SizeCell | None = None
        self._token = 0

    def needs(self, state: State) -> Capture:
        return Capture(sizes=True)

    def draw(self, snapshot: Snapshot) -> None:
        trace = snapshot.trace
        if trace is None:
            return
        if trace.sizes is None:  # just asked for
            self.forget()
            self.read_out("")
            self.say(READING_LAYERS)
            return
        self._token = min(1, len(trace) - 1) if snapshot.token is None else snapshot.token
        before = self._before(snapshot, trace)
        if self._drawn_sizes != (trace.sizes, before):  # a hover changes no number
            self._drawn_sizes = trace.sizes, before
            self._panels = tuple(_panels(trace.sizes, before))
        signed = before is not None
        self._lengths.setVisible(not signed)
        self._differences.setVisible(signed)
        self._lengths.show_scale(self._panels[0].full)
        self._differences.show_scale(self._panels[0].full)
        self._cosines.show_scale(self._panels[-1].full)
        self._show()

    def numbers(self) -> str:
        trace = self.snapshot.trace
        if trace is None or trace.sizes is None:
            return ""
        first = self.snapshot.options.first_number
        lines = [["token", "layer", *(name for _, name in PANELS)]]
        columns = _differing(trace.sizes, self._before(self.snapshot, trace))
        for token, piece in enumerate(trace.encoding.tokens):
            for layer in range(1, trace.spec.layers + 1):
                values = (numbers.exact(float(part[layer, token])) for part in columns)
                lines.append([cell_text(piece), str(layer - 1 + first), *values])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._drawn_sizes, self._panels, self._cell, self._token = (None, None), (), None, 0
        self.sizes_picture.show_panels(Snapshot(), (), 0)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The pictures that are shown."""
        return self._panels

    @staticmethod
    def _before(snapshot: Snapshot, trace: Trace) -> Sizes | None:
        """The run to take away from the one that is drawn, if differences are shown."""
        other = snapshot.other if snapshot.options.show is Show.DIFFERENCE else None
        return None if other is None or other is trace or len(other) != len(trace) else other.sizes

    def _show(self) -> None:
        """Draw, with the numbers of the token and the layer that are looked at."""
        snapshot, trace = self.snapshot, self.snapshot.trace
        if trace is None or trace.sizes is None or not self._panels:
            return
        preview, cell = snapshot.preview, self._cell
        token = preview.token if preview is not None and preview.token is not None else self._token
        layer = trace.spec.layers if cell is None else min(cell.layer, trace.spec.layers)
        token = min(token if cell is None else cell.token, len(trace) - 1)
        piece = isolated(numbered(trace.encoding.tokens)[token])
        number = f"layer {layer - 1 + snapshot.options.first_number}" if layer else "embedding"
        write = numbers.length if self._drawn_sizes[1] is None else numbers.signed
        panels = [
            replace(panel, number=write(float(panel.values[layer, token])))
            if layer >= panel.first
            else panel
            for panel in self._panels
        ]
        self.sizes_picture.show_panels(snapshot, panels, self._token)
        other = snapshot.other if snapshot.other is not trace else None
        text = _said(trace.sizes, layer, token)
        as_is = _said(other.sizes, layer, token) if other is not None and other.sizes else ""
        self.read_out(f"{piece}, {number}: {text}" + (f" (as is {as_is})" if as_is else ""))

    @Slot(object)
    def _on_tried(self, cell: object) -> None:
        self._cell = cell if isinstance(cell, SizeCell) else None
        if self._panels:
            self._show()


def up_to_two_digits(size: float) -> float:
    """The least number of two digits that is not below `size`; 1 if that is 0."""
    if size <= 0:
        return 1.0
    unit = 10.0 ** (math.floor(math.log10(size)) - 1)
    return float(f"{math.ceil(size / unit - 1e-9) * unit:.2g}")


def _panels(sizes: Sizes, before: Sizes | None) -> list[Panel]:
    """The pictures of one run, or of its difference to the run as is."""
    *lengths, cosine = _differing(sizes, before)
    full = up_to_two_digits(max(_largest(values) for values in lengths))
    turned = 1.0 if before is None else up_to_two_digits(_largest(cosine))
    panels = [
        Panel(name, values, full, signed=before is not None, first=1)
        for (name, _), values in zip(PANELS, lengths, strict=False)
    ]
    panels[-1] = replace(panels[-1], first=0)  # after the embedding there is a state too
    return [*panels, Panel(PANELS[-1][0], cosine, turned, signed=True, first=1)]


def _largest(values: Array) -> float:
    return float(np.max(np.abs(values), where=np.isfinite(values), initial=0))


def _columns(sizes: Sizes) -> list[Array]:
    """The numbers of each panel, with a column a depth (L + 1, T); 0 where there are none."""
    none = np.zeros_like(sizes.state[:1])
    before = np.concatenate([none, sizes.state[:-1]])
    inside = (sizes.attention, sizes.attended, sizes.between, sizes.feed_forward, sizes.fed)
    after = [np.concatenate([none, values]) for values in (*inside, sizes.cosine)]
    return [before, *after[:-1], sizes.state, after[-1]]


def _differing(sizes: Sizes, before: Sizes | None) -> list[Array]:
    """The numbers of each panel; with a run as is, less those of that run."""
    now = _columns(sizes)
    if before is None:
        return now
    return list(map(difference, now, _columns(before)))


def _said(sizes: Sizes, layer: int, token: int) -> str:
    if not layer:
        return numbers.length(float(sizes.state[0, token]))
    lengths = (sizes.state, sizes.attention, sizes.feed_forward)
    x, a, f = (numbers.length(float(part[layer - 1, token])) for part in lengths)
    return f"{x} before, attention output {a}, feed-forward output {f}"
