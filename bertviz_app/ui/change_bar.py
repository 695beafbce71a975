"""The bar of changes: what is changed inside BERT, what that does, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from bertviz_app.analysis.predictions import probability
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.changes import Chip, chips
from bertviz_app.core.questions.what_about import Scored, WhatAboutAnswer
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Answer, Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.answer.asked import question_about
from bertviz_app.ui.colours import hatch
from bertviz_app.ui.parts.asking import Asking
from bertviz_app.ui.parts.words import token_names
from bertviz_app.ui.regions import put_before, stop_at


class ChangeBar(QWidget):
    """Stands only while something is changed; every number then has two values.

    Signals:
        intervened(Interventions): a chip was taken away.
        shown(Show): the pictures shall show this run, or the difference.
        restored(): everything shall be as it was.
    """

    intervened = Signal(object)
    shown = Signal(object)
    restored = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("interventions")
        self._chips: tuple[Chip, ...] = ()
        self._chip_buttons: list[QPushButton] = []
        self._effect_of: tuple[object, ...] = ()
        self._scores: Asking[WhatAboutAnswer] = Asking()  # What about … asks
        self._title = _label(self, "Changed inside BERT:")
        chips_here = QWidget(self)  # so that chips, whenever made, come before what follows
        self._chip_row = QHBoxLayout(chips_here)
        self._chip_row.setContentsMargins(0, 0, 0, 0)
        self._more = QToolButton(self)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(QMenu(self._more))
        self._effect = _label(self, "")
        self._modes = QButtonGroup(self)
        self._mode_buttons = {show: self._mode_button(show) for show in Show}
        self._restore = QPushButton("Restore", self)
        self._restore.setToolTip("Bring BERT back as it was (Ctrl+Shift+R)")
        self._restore.clicked.connect(self.restored)
        self._row = QHBoxLayout(self)
        self._row.addSpacing(look.current().px(18))
        self._row.addWidget(self._title)
        self._row.addWidget(chips_here)
        self._row.addWidget(self._more)
        self._row.addSpacing(look.current().px(8))
        self._row.addWidget(self._effect)
        self._row.addStretch(1)
        self._row.addWidget(_label(self, "Show"))
        for button in self._mode_buttons.values():
            self._row.addWidget(button)
        self._row.addWidget(self._restore)
        self.hide()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the changes in force, or nothing if there are none."""
        changes = snapshot.state.interventions
        self.setVisible(bool(changes))
        if not changes:
            return
        style = look.current()
        self._row.setContentsMargins(style.px(8), style.px(4), style.px(8), style.px(4))
        for label in (self._title, self._effect):
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, style.colour("change"))
            label.setPalette(palette)
        names = token_names(snapshot) if changes.attention or changes.hidden_keys else ()
        found = chips(changes, snapshot.options.first_number, names)
        renamed = [chip.label for chip in found] != [chip.label for chip in self._chips]
        self._chips = found
        if renamed:
            self._name_chips()
        self._show_effect(snapshot)
        self._mode_buttons[snapshot.options.show].setChecked(True)
        stop_at(self._mode_buttons[snapshot.options.show])
        labels = ", ".join(chip.label for chip in found)
        self.setAccessibleName(f"Changed inside BERT: {labels}. {self._effect.text()}")
        self._fold_chips()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_chips()

    def paintEvent(self, event: QPaintEvent) -> None:
        style, painter = look.current(), QPainter(self)
        mark = QRectF(style.px(8), 0, style.px(10), self.height())
        painter.fillRect(mark.adjusted(0, style.px(6), 0, -style.px(6)), hatch())
        painter.end()

    def _show_effect(self, snapshot: Snapshot) -> None:
        """Say the effect; of the same answer it is not computed again."""
        score = self._score(snapshot)
        effect_of = (snapshot.answer, snapshot.facts, snapshot.word, snapshot.blank, score)
        if effect_of != self._effect_of:
            self._effect_of = effect_of
            self._effect.setText(effect_words(snapshot, score))

    def _score(self, snapshot: Snapshot) -> Scored | None:
        """That of the followed word, if it is one of several pieces."""
        question = question_about(snapshot)
        known = self._scores.answer(snapshot, question) if question is not None else None
        scores = known.scores if known is not None else ()
        return next((one for one in scores if one.word == snapshot.word and one.logs), None)

    def _name_chips(self) -> None:
        """Give each change its button and its line of the menu; those there are serve again."""
        menu = self._more.menu()
        while len(self._chip_buttons) < len(self._chips):
            self._add_chip()
        while len(self._chip_buttons) > len(self._chips):
            button = self._chip_buttons.pop()
            button.hide()  # it is deleted later, and must not be seen until then
            self._chip_row.removeWidget(button)
            button.deleteLater()
            menu.removeAction(menu.actions()[-1])
        for chip, button, entry in zip(
            self._chips, self._chip_buttons, menu.actions(), strict=True
        ):
            words = f"{chip.label} ×".replace("&", "&&")  # one alone names a key
            button.setText(words)
            button.setAccessibleName(f"{chip.label}: take this change away")
            entry.setText(words)

    def _add_chip(self) -> None:
        number = len(self._chip_buttons)
        button = QPushButton(self._chip_row.parentWidget())
        put_before(button, self._more)
        button.setToolTip("Take this change away")
        button.clicked.connect(lambda: self._take_away(number))
        self._chip_row.addWidget(button)
        self._chip_buttons.append(button)
        self._more.menu().addAction("").triggered.connect(lambda: self._take_away(number))

    def _fold_chips(self) -> None:
        """Show the chips that fit; the others are behind "+3 ▾"."""
        style = look.current()
        others = (self._title, self._effect, self._restore, *self._mode_buttons.values())
        taken = sum(widget.sizeHint().width() + style.px(8) for widget in others) + style.px(120)
        room, visible = self.width() - taken, 0
        for button in self._chip_buttons:
            room -= button.sizeHint().width() + style.px(8)
            if room < 0 and visible:
                break
            visible += 1
        for number, button in enumerate(self._chip_buttons):
            button.setVisible(number < visible)
        hidden = len(self._chip_buttons) - visible
        self._more.setVisible(hidden > 0)
        self._more.setText(f"+{hidden}")
        for number, entry in enumerate(self._more.menu().actions()):
            entry.setVisible(number >= visible)

    def _mode_button(self, show: Show) -> QPushButton:
        button = QPushButton(show.value, self)
        button.setCheckable(True)
        button.setAccessibleName(f"Show {show.value}")
        button.clicked.connect(lambda: self.shown.emit(show))
        self._modes.addButton(button)
        return button

    @Slot()
    def _take_away(self, number: int) -> None:
        self.intervened.emit(self._chips[number].without)


def effect_words(snapshot: Snapshot, score: Scored | None = None) -> str:
    """What the changes do to the word that is followed: "her as is 0.90 → changed 0.63".

    `score` is that of a word of several pieces, whose probabilities differ in digits that are not
    shown: "unhappy (2 pieces), log p as is −9.83 → changed −9.54".
    """
    word, answer, facts, blank = snapshot.word, snapshot.answer, snapshot.facts, snapshot.blank
    if score is not None and answer is not None:
        return _effect_on_pieces(answer, score)
    if answer is None or facts is None or word not in facts.ids or blank is None:
        return ""
    if answer.changed is None:
        return f"{word} as is …"
    before, after = (
        _probability(trace, blank, facts.ids[word]) for trace in (answer.as_is, answer.changed)
    )
    if before is None or after is None:
        return ""
    return f"{word} as is {numbers.weight(before)} → changed {numbers.weight(after)}"


def _effect_on_pieces(answer: Answer, score: Scored) -> str:
    """Nothing where the changes name tokens of this text: it was scored without them."""
    changed = answer.shown.request.interventions
    if changed != changed.of_any_text:
        return ""
    word = f"{isolated(visible(score.word))} ({len(score.ids)} pieces), log p as is"
    if len(score.logs) == 1:
        return f"{word} …"
    before, after = (numbers.length(score.log_probability(run)) for run in (0, 1))
    return f"{word} {before} → changed {after}"


def _probability(trace: Trace, blank: int, word: int) -> float | None:
    if trace.mask_logits is None or blank not in trace.encoding.masks:
        return None
    return probability(trace.mask_logits[trace.encoding.masks.index(blank)], word)


def _label(parent: QWidget, text: str) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
