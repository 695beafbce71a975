"""Effect: what the changes in force did to the words for the blank, and to every head's map."""

from __future__ import annotations

from itertools import product

import numpy as np
from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from bertviz_app.analysis.difference import difference
from bertviz_app.analysis.effects import OtherBest, map_changes, other_best, word_effects
from bertviz_app.analysis.heads import existing
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.scales import full_of
from bertviz_app.analysis.visible import cell_text, isolated, visible
from bertviz_app.core.changes import head_name
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.effect_rows import EffectPainter, EffectRow, HeadingRow
from bertviz_app.ui.parts.head_grid import HeadGrid, HeadValues
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.mosaic_marks import marks_of
from bertviz_app.ui.parts.row_list import WholeRows
from bertviz_app.ui.parts.target_word import target_word, why_not
from bertviz_app.ui.view import Pane, View

SAME = "the best word is the same"
NO_MAP_MOVES = "No map moves: what the last layer passes on does."

NOTHING_CHANGED = (
    "Nothing is changed inside BERT. Silence a head, look left only, or drag a part of the "
    "embeddings: what that does to the words stands here."
)


class Effects(View):
    """A table of words, as is and changed, over the change of every head's map."""

    name = "effects"
    pane = Pane.ONE
    title = "Effect"
    sees = "as is, changed, and the difference"
    explains = (
        "The best words for the blank in both runs: as BERT is, and with the changes that stand "
        "in the bar. The difference is always changed minus as is; the probabilities are over all "
        "words of the vocabulary in both runs. The bar shows the run that is chosen in the bar of "
        "changes, with a hollow one for as is behind it; of a difference it goes from −1 to 1.\n"
        "Below, each field is one head: the mean size of the difference of its weights between "
        "the runs, over all T × T of them.\n"
        "Caution: A silenced head keeps its own map, so the field of that head speaks of the "
        "layers before it only. With left only or right only most maps change because they must: "
        "half of every row is hidden."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = WholeRows(EffectPainter(), self)
        self._words.setUniformItemSizes(True)
        self._words.setAccessibleName("Words, as is and changed")
        self._heads = HeadGrid(self)
        self._heads.setObjectName("picture.effects")
        self._heads.setAccessibleName("Map change of every head")
        self._best, self._scale = self._label(), self._label()
        self._scale.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._runs: tuple[Trace, Trace] | None = None
        self._values = HeadValues()
        self.set_picture(self._laid_out())
        self._words.tried.connect(self._on_tried)
        self._words.kept.connect(self._on_kept)
        self._words.edited.connect(self._on_edited)
        self._heads.picked.connect(self.picked)
        self._heads.previewed.connect(self.previewed)
        self._heads.pointed.connect(self._on_pointed)
        self._heads.menu_wanted.connect(self._on_menu_wanted)

    @property
    def rows(self) -> tuple[EffectRow, ...]:
        """The rows of the table."""
        return tuple(row for row in self._words.rows if isinstance(row, EffectRow))

    @property
    def best(self) -> str:
        """What is said of the blanks whose best word is another one."""
        return self._best.text()

    def draw(self, snapshot: Snapshot) -> None:
        answer, trace = snapshot.answer, snapshot.trace
        if answer is None or answer.changed is None or trace is None:
            self.forget()
            self.say(NOTHING_CHANGED)
            return
        before, after = answer.as_is, answer.changed
        if self._runs is None or self._runs[0] is not before or self._runs[1] is not after:
            self._runs, self._values = (before, after), _map_values(before, after)
        best = [_best_words(other, before) for other in other_best(before, after)]
        self._best.setText("best word " + ", ".join(best) if best else why_not(snapshot) or SAME)
        rows = self._word_rows(snapshot, before, after)
        chosen = next((at for at, row in enumerate(rows) if row.followed), -1)
        heading = HeadingRow(f"word{_at(snapshot.blank, before)}")
        self._words.show_rows((heading, *rows) if rows else (), chosen + 1 if rows else -1)
        self._words.setVisible(bool(rows))
        self._heads.show_heads(self._values, marks_of(snapshot, trace))
        scale = f"map change of each head, mean |ΔA|; full ink {self._values.full:g}"
        self._scale.setText(NO_MAP_MOVES if self._moves_after_the_maps(before, after) else scale)
        self._read_out()

    def numbers(self) -> str:
        lines = [["word", "as is", "changed", "difference"]]
        for row in self.rows:
            effect = row.effect
            found = (effect.before, effect.after, effect.difference)
            lines.append([cell_text(effect.token), *map(numbers.exact, found)])
        first = self.snapshot.options.first_number
        lines += [[], ["layer", "head", "mean |ΔA|"]]
        for (layer, head), value in sorted(self._values.values.items()):
            lines.append([str(layer + first), str(head + first), numbers.exact(value)])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._runs, self._values = None, HeadValues()
        self._words.show_rows(())
        self._heads.forget()

    def _word_rows(self, snapshot: Snapshot, before: Trace, after: Trace) -> tuple[EffectRow, ...]:
        target, facts = target_word(snapshot), snapshot.facts
        if facts is None or snapshot.blank is None:
            return ()
        word = target.word if target is not None else None
        found = word_effects(before, after, snapshot.blank, facts.vocabulary, word)
        at = [other for other in other_best(before, after) if other.blank == snapshot.blank]
        best = f"best word {_change(at[0])}" if at else SAME
        show = snapshot.options.show
        return tuple(EffectRow(effect, show, effect.id == word, best) for effect in found)

    def _read_out(self) -> None:
        head = self._heads.hovered
        tried = self._words.hovered
        if head is not None:
            self.read_out(self._of_head(head))
        elif 0 < tried < len(self._words.rows):
            self.read_out(self._words.rows[tried].spoken)
        elif self.rows:
            followed = [row for row in self.rows if row.followed]
            self.read_out((followed or list(self.rows))[0].spoken)
        else:
            self.read_out(self._of_head(self.snapshot.head))

    def _of_head(self, head: Head) -> str:
        trace, first = self.snapshot.trace, self.snapshot.options.first_number
        assert trace is not None
        head = existing(head, trace.spec)
        value = numbers.weight(self._values.values[head])
        return f"head {head_name(*head, first)}: its map changed by {value} (mean |ΔA|)"

    def _moves_after_the_maps(self, before: Trace, after: Trace) -> bool:
        """Whether every map is as it was, and the last vectors are not."""
        if any(self._values.values.values()):
            return False
        return bool(difference(after.hidden[-1], before.hidden[-1]).any())

    def _label(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label

    def _laid_out(self) -> QWidget:
        picture = QWidget(self)
        rows = QVBoxLayout(picture)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(look.current().px(4))
        rows.addWidget(self._best)
        rows.addWidget(self._words, 3)
        rows.addWidget(self._scale)
        rows.addWidget(self._heads, 4)
        return picture

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        if self._runs is not None:
            self._read_out()

    @Slot(object, bool)
    def _on_kept(self, row: object, _also: bool) -> None:
        if isinstance(row, EffectRow):
            self.picked.emit(Pick(word=row.effect.token))

    @Slot(object, bool)
    def _on_edited(self, row: object, _each: bool) -> None:
        if isinstance(row, EffectRow) and self.snapshot.blank is not None:
            self.filled.emit(self.snapshot.blank, row.effect.token)

    @Slot()
    def _on_pointed(self) -> None:
        if self._runs is not None:
            self._read_out()

    @Slot(object, QPoint)
    def _on_menu_wanted(self, head: Head, where: QPoint) -> None:
        pop_up_head_menu(self, where, self.snapshot, head)


def _map_values(before: Trace, after: Trace) -> HeadValues:
    changes = map_changes(before.attention, after.attention)
    heads = product(*map(range, changes.shape))
    values = {(layer, head): float(changes[layer, head]) for layer, head in heads}
    layers, count = changes.shape
    return HeadValues((layers, count), values, full_of(np.ravel(changes).tolist(), least=0.01))


def _change(other: OtherBest) -> str:
    return f"{isolated(visible(other.before))} → {isolated(visible(other.after))}"


def _best_words(other: OtherBest, run: Trace) -> str:
    return f"{_at(other.blank, run)} {_change(other)}".strip()


def _at(blank: int | None, run: Trace) -> str:
    """Which blank it is, after a space; empty if there are not several."""
    if blank is None or len(run.encoding.masks) == 1:
        return ""
    return f" at {isolated(numbered(run.encoding.tokens)[blank])}"
