"""Path of a word: its rank, or its probability, from the embedding to the last layer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import cell_text, isolated, visible
from bertviz_app.core.lens import Standing
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, State
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.lens_readout import said
from bertviz_app.ui.parts.lens_words import (
    layer_name,
    lens_of,
    place_in_question,
    rank,
    spoken_depth,
)
from bertviz_app.ui.parts.plot import Axes, Curve, Plot
from bertviz_app.ui.parts.word_paths import WordPath, WordPaths
from bertviz_app.ui.parts.words import NO_MLM_HEAD, READING_LAYERS
from bertviz_app.ui.view import Pane, View

NOTHING_HIDDEN = "Click a token to see it here."

RANK, PROBABILITY = "rank", "probability"


class PathView(View):
    """Lines: the word in question and its rivals at the blank, or at the pinned token."""

    name = "path"
    place = 4
    pane = Pane.ONE
    order = 0
    title = "Path of a word"
    sees = "how the word climbs from layer to layer"
    explains = (
        "The head that turns the last vector of a token into words is laid on its vectors after "
        "every layer (logit lens, nostalgebraist 2020), and each line follows one word: the one "
        "in question, those you asked about, and the best of the last layer. A rank is 1 + the "
        "number of words with a larger logit; the axis is logarithmic, with the first on top. "
        "Probabilities are over the whole vocabulary. “Between” adds the states inside the "
        "layers, after attention and before the feed-forward. With a change in force the dashed "
        "line is the word in question as it is without the change. The head was trained for the "
        "last layer only: an early rank says what this head can read there, not what the layer "
        "knows."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = Plot(self)
        self.plot.setAccessibleName("Rank of words from layer to layer")
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        self.plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_picture(self.plot)
        self._measure = ChoiceBox(
            "What the lines show", [(RANK, RANK), (PROBABILITY, PROBABILITY)], self
        )
        self._measure.show_value(RANK)
        self._measure.chosen.connect(self._on_changed)
        self.add_control(self._measure)
        self._between = QCheckBox("between", self)
        self._between.setToolTip("Read between attention and feed-forward too")
        self._between.toggled.connect(self._on_changed)
        self.add_control(self._between)
        self._paths = WordPaths()
        self._made_of: tuple[object, ...] = ()
        self._point: tuple[int, int] | None = None

    def needs(self, state: State) -> Capture:
        token = place_in_question(self._snapshot) if self._snapshot is not None else None
        positions = () if token is None else (token,)
        return Capture(
            lens=lens_of(self._snapshot, state, positions, between=self._between.isChecked())
        )

    def draw(self, snapshot: Snapshot) -> None:
        trace, facts, token = snapshot.trace, snapshot.facts, place_in_question(snapshot)
        if trace is None or facts is None:
            return
        if not facts.has_mlm or token is None:
            self.forget()
            self.say(NOTHING_HIDDEN if facts.has_mlm else NO_MLM_HEAD)
            return
        chosen = (self._measure.currentText(), self._between.isChecked(), look.current())
        made_of = (snapshot.answer, snapshot.state, snapshot.options, *chosen)
        if made_of != self._made_of:  # a hover moves no line
            self._made_of = made_of
            self._paths = WordPaths.at(snapshot, token, between=self._between.isChecked())
            if self._paths.paths:
                self._show_curves()
        if not self._paths.paths:  # just asked for
            self.forget()
            self.say(READING_LAYERS)
        self._read_out()

    def numbers(self) -> str:
        first = self.snapshot.options.first_number
        lines = [["word", "run", "", "logit", "probability", "rank"]]
        for path in self._paths.paths:
            for depth, one in zip(self._paths.depths, path.standings, strict=True):
                run = "as is" if path.as_is else "shown"
                name = [cell_text(path.word), run, spoken_depth(depth, first)]
                exact = [numbers.exact(one.logit), numbers.exact(one.probability)]
                lines.append([*name, *exact, str(one.rank)])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._paths, self._made_of, self._point = WordPaths(), (), None
        self.plot.forget()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = [path for path in self._paths.paths if not path.as_is]
        if not shown:
            super().keyPressEvent(event)
            return
        at = next((number for number, path in enumerate(shown) if path.followed), 0)
        last, key = len(shown) - 1, event.key()
        targets = {
            Qt.Key.Key_Up: max(at - 1, 0),
            Qt.Key.Key_Down: min(at + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        blank = self.snapshot.blank
        if key in targets:
            self.picked.emit(Pick(word=shown[targets[Qt.Key(key)]].word))
        elif blank is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.filled.emit(blank, shown[at].word)
        else:
            super().keyPressEvent(event)

    @property
    def paths(self) -> WordPaths:
        """What is drawn."""
        return self._paths

    def _show_curves(self) -> None:
        first, ranks = self.snapshot.options.first_number, self._measure.currentText() == RANK
        xs = [depth.at for depth in self._paths.depths]
        curves = [self._curve(number, path, xs) for number, path in enumerate(self._paths.paths)]
        whole = (depth for depth in self._paths.depths if not depth.between)
        ticks = tuple((depth.at, layer_name(depth, first)) for depth in whole)
        marks = tuple((10.0**power, numbers.count(10**power)) for power in range(7))
        axes = Axes(
            *("layer", self._measure.currentText(), ticks, marks if ranks else ()),
            y_log=ranks,
            y_inverted=ranks,
        )
        self.plot.show_curves(curves, axes)

    def _curve(self, number: int, path: WordPath, xs: list[float]) -> Curve:
        ys = [_height(one, self._measure.currentText()) for one in path.standings]
        role = "text" if path.followed else "muted"
        name = "as is" if path.as_is else f"● {visible(path.word)}" if path.followed else ""
        name = name or visible(path.word)
        width = 2.5 if path.followed and not path.as_is else 1.5
        return Curve(name, xs, ys, look.current().colour(role), width, dashed=path.as_is)

    def _read_out(self) -> None:
        snapshot, paths = self.snapshot, self._paths.paths
        trace, token = snapshot.trace, place_in_question(snapshot)
        if not paths or trace is None or token is None:
            self.read_out("")
            return
        if self._point is not None and self._point[0] < len(paths):
            self.read_out(self._of_point(*self._point))
            return
        preview = snapshot.preview
        hovered = preview.word if preview is not None else None
        told = [path for path in paths if path.word == hovered]
        path = [*told, *(path for path in paths if path.followed), *paths][0]
        before = next((o for o in paths if o.as_is and o.word == path.word), None)
        piece = isolated(numbered(trace.encoding.tokens)[token])
        ends = path.standings[0], path.standings[-1]
        start, end = (rank(one.rank, one.probability) for one in ends)
        depth = spoken_depth(self._paths.depths[-1], snapshot.options.first_number)
        text = f"{said(path.word)}: {start} at the embedding, {end} {depth}"
        if before is not None:
            last = before.standings[-1]
            text += f" (as is {rank(last.rank, last.probability)})"
        self.read_out(f"{text}; read at {piece}")

    def _of_point(self, curve: int, point: int) -> str:
        path = self._paths.paths[curve]
        one = path.standings[point]
        where = spoken_depth(self._paths.depths[point], self.snapshot.options.first_number)
        run = ", as is" if path.as_is else ""
        return (
            f"{said(path.word)} {where}{run}: {rank(one.rank, one.probability)}, "
            f"probability {numbers.weight(one.probability)}, logit {numbers.signed(one.logit)}"
        )

    @Slot()
    def _on_changed(self) -> None:
        if self._snapshot is not None and self.isVisible():
            self.draw(self._snapshot)
        self.needed.emit()

    @Slot(object)
    def _on_hovered(self, point: object) -> None:
        self._point = point if isinstance(point, tuple) else None
        paths = self._paths.paths
        path = paths[self._point[0]] if self._point and self._point[0] < len(paths) else None
        self.previewed.emit(Pick(word=path.word) if path is not None else None)
        if self._made_of:
            self._read_out()

    @Slot(object, bool)
    def _on_clicked(self, point: object, also: bool) -> None:
        if isinstance(point, tuple) and point[0] < len(self._paths.paths):
            self.picked.emit(Pick(word=self._paths.paths[point[0]].word, also=also))


def _height(one: Standing, measure: str) -> float:
    """Where a standing is on the axis; what is not a number leaves a gap."""
    if one.probability != one.probability:
        return float("nan")
    return float(one.rank) if measure == RANK else one.probability
