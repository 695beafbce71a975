"""Arcs: who looks at whom, as lines between two columns of tokens."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.arcs import Arcs, Pairs
from bertviz_app.analysis.heads import existing
from bertviz_app.analysis.visible import cell_text
from bertviz_app.analysis.weights import PER_HEAD, head_map, map_source
from bertviz_app.core.changes import head_name
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.arcs_painting import HeadArcs
from bertviz_app.ui.parts.arcs_picture import ArcsPicture
from bertviz_app.ui.parts.arcs_words import arcs_in_words
from bertviz_app.ui.parts.head_view import HeadView
from bertviz_app.ui.parts.map_layout import Cross
from bertviz_app.ui.parts.map_words import missing, source_in_words
from bertviz_app.ui.parts.pairs_box import PairsBox
from bertviz_app.ui.parts.weight_kinds import ALL_MEAN
from bertviz_app.ui.view import Pane

BESIDE = 8
"""Heads that are drawn beside the one in question."""


class ArcsView(HeadView):
    """The lines of the head in question and of those kept beside it."""

    name = "arcs"
    pane = Pane.ONE
    order = 0
    follows_typing = False
    title = "Arcs"
    sees = "left looks at right"
    explains = (
        "Each line leads from a token that looks, at the left, to one that is looked at, at the "
        "right; the darker it is, the more weight it has, on the scale that the bar states. With "
        "a token pinned or under the mouse only its lines are drawn, with their numbers at the "
        "end; else those of all tokens.\n"
        "Computed: What is folded, not kept or filtered out is never spread over other lines: the "
        "row below says how much it is. Every row of weights sums to 1. Lines too faint to be "
        "seen are left out, and where there are too many the strongest are drawn and the picture "
        "says so. Several heads have a hue each, then dashes.\n"
        "Caution: A line says where a head takes its information from, not how much of it there "
        "is, nor whether the answer depends on it.\n"
        "By hand: A click keeps a token or a line, Ctrl and a click the token that is looked at; "
        "arrows move; a double click hides the word.\n"
        "Source: Vig 2019, A Multiscale Visualization of Attention in the Transformer Model.\n"
        f"By choice: Behind ⋯ other numbers can be chosen.\n{ALL_MEAN}"
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        picture = ArcsPicture()
        super().__init__(picture, parent)
        self._arcs = picture
        self._arcs.setObjectName("picture.arcs")
        self._arcs.setAccessibleName("Attention as lines between tokens")
        self._source: tuple[object, ...] = ()
        self._heads: tuple[HeadArcs, ...] = ()
        self._pairs = PairsBox(self)
        for control in (self.bar, self.keep, self._pairs, self.flow):
            self.add_control(control)
        self._every = self.more.addAction("Lines of all tokens")
        self._every.setCheckable(True)
        self._every.toggled.connect(self._on_filtered)
        self._pairs.currentIndexChanged.connect(self._on_filtered)
        self._arcs.pointed.connect(self._on_pointed)

    def draw(self, snapshot: Snapshot) -> None:
        trace, options = snapshot.trace, snapshot.options
        assert trace is not None
        self._pairs.setVisible(1 in trace.encoding.segments)
        self._heads = self._heads_of(snapshot)
        self.show_controls(snapshot, known=bool(self._heads))
        if not self._heads:
            self._arcs.say(missing(snapshot))
            self.read_out(missing(snapshot))
            return
        shown = self._heads[0].arcs.shown
        self.bar.show_scale(options.scale, signed=shown.signed, full=shown.full)
        self._arcs.show_heads(
            self._heads,
            Pick(token=snapshot.token, second=snapshot.second),
            snapshot.preview,
            every=self._every.isChecked(),
            note=_heads_in_words(snapshot, self._heads),
        )
        self._read_out()

    def numbers(self) -> str:
        """Head by head and row by row what is drawn, all digits."""
        if not self._heads:
            return ""
        shown = self._heads[0].arcs.shown
        what = "changed − as is" if shown.compares else "row looks at column"
        beside = ["beside"] if self._heads[0].arcs.has_beside else []
        first = f"{cell_text(source_in_words(self.snapshot))}: {what}"
        lines = [["head", first, *map(cell_text, shown.names), *beside]]
        focus = self._arcs.scene.focus.row
        for of in self._heads:
            for row in range(shown.fold.rows) if focus is None else (focus,):
                values = (of.arcs.shown.sides[0][row] * of.arcs.allowed[row]).tolist()
                values += [of.arcs.beside(row)] if beside else []
                lines.append([of.name, cell_text(shown.names[row]), *map(numbers.exact, values)])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._heads, self._source = (), ()
        self._arcs.forget()

    def _heads_of(self, snapshot: Snapshot) -> tuple[HeadArcs, ...]:
        """The heads to draw: those drawn last if nothing in them is different."""
        options = snapshot.options
        pairs = self._pairs.pairs if self._pairs.isVisibleTo(self) else Pairs.ALL
        source = (*map_source(snapshot), pairs)
        if source == self._source:
            return self._heads
        self._source = source
        heads = [self.head, *_beside(snapshot, self.head)[:BESIDE]]
        maps = [head_map(snapshot, head) for head in heads]
        return tuple(
            HeadArcs(
                head, head_name(*head, options.first_number), Arcs(shown, pairs), number, len(heads)
            )
            for number, (head, shown) in enumerate(zip(heads, maps, strict=True))
            if shown is not None
        )

    def _read_out(self) -> None:
        if not self._heads:
            return
        scene, cross = self._arcs.scene, self._arcs.hovered
        if cross == Cross():
            cross = Cross(scene.pinned.row, scene.pinned.column)
        self.read_out(arcs_in_words(self._heads[0].arcs, cross))

    @Slot()
    def _on_pointed(self) -> None:
        self._read_out()

    @Slot()
    def _on_filtered(self) -> None:
        if self._heads:
            self.draw(self.snapshot)


def _beside(snapshot: Snapshot, head: Head) -> list[Head]:
    """The heads kept beside the one in question, as far as they have numbers of their own."""
    trace = snapshot.trace
    assert trace is not None
    if snapshot.options.kind not in PER_HEAD:
        return []
    also = snapshot.state.selection.also
    return [one for one in also if existing(one, trace.spec) == one and one != head]


def _heads_in_words(snapshot: Snapshot, drawn: tuple[HeadArcs, ...]) -> str:
    """How many of the heads that were kept beside the first are drawn, if not all are."""
    there, shown = len(_beside(snapshot, drawn[0].head)), len(drawn) - 1
    return f"{shown} of {there} heads drawn beside {drawn[0].name}" if shown < there else ""
