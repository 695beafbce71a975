"""Path of a word: its rank, or its probability, from the embedding to the last layer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import isolated
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, State
from bertviz_app.ui import look
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.lens_words import lens_of, place_in_question
from bertviz_app.ui.parts.path_chart import PROBABILITY, RANK, axes_of, curves_of
from bertviz_app.ui.parts.path_words import path_in_words, point_in_words, table
from bertviz_app.ui.parts.plot import Plot
from bertviz_app.ui.parts.word_paths import WordPaths
from bertviz_app.ui.parts.words import NO_MLM_HEAD, READING_LAYERS, not_one_piece
from bertviz_app.ui.view import Pane, View

NOTHING_HIDDEN = "Click a token to see it here."


class PathView(View):
    """Lines: the word in question and its rivals at the blank, or at the pinned token."""

    name = "path"
    pane = Pane.ONE
    order = 0
    title = "Path of a word"
    sees = "how the word climbs from layer to layer"
    explains = (
        "The head that turns the last vector of a token into words is laid on its vectors after "
        "every layer (logit lens, nostalgebraist 2020), and each line follows one word: the one "
        "in question, those you asked about, and the best of the last layer.\n"
        "“Between” adds the states inside the layers, after attention and before the "
        "feed-forward. With a change in force the dashed line is the word in question as it is "
        "without the change. Of a difference each line is the rank or the probability of a word "
        "with the changes minus that without them; what stands above 0 has gained, ranks on an "
        "axis that is logarithmic on either side of 0.\n"
        "Computed: A rank is 1 + the number of words with a larger logit; the axis is "
        "logarithmic, with the first on top. Probabilities are over the whole vocabulary.\n"
        "Caution: The head was trained for the last layer only: an early rank says what this head "
        "can read there, not what the layer knows."
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
        return table(self._paths, self.snapshot.options.first_number)

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
        measure, first = self._measure.currentText(), self.snapshot.options.first_number
        self.plot.show_curves(curves_of(self._paths, measure), axes_of(self._paths, measure, first))

    def _read_out(self) -> None:
        snapshot, paths = self.snapshot, self._paths.paths
        trace, token = snapshot.trace, place_in_question(snapshot)
        if not paths or trace is None or token is None:
            self.read_out("")
            return
        first = snapshot.options.first_number
        if self._point is not None and self._point[0] < len(paths):
            curve, point = self._point
            self.read_out(point_in_words(self._paths, paths[curve], point, first))
            return
        preview = snapshot.preview
        hovered = preview.word if preview is not None else None
        told = [path for path in paths if path.word == hovered]
        path = [*told, *(path for path in paths if path.followed), *paths][0]
        piece = isolated(numbered(trace.encoding.tokens)[token])
        word, facts = snapshot.word, snapshot.facts
        text = path_in_words(self._paths, path, first)
        if word is not None and facts is not None and word not in facts.ids:
            text += f"; {not_one_piece(word)} and has no path"
        self.read_out(f"{text}; read at {piece}")

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
