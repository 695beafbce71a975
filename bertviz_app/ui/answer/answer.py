"""Answer: the words BERT would put into the blank, always in sight at the left."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.answer.asked import AskedRow, words_asked
from bertviz_app.ui.answer.content import AnswerContent, Softmaxes, content
from bertviz_app.ui.answer.explained import EXPLAINS
from bertviz_app.ui.answer.menu import AnswerMenu
from bertviz_app.ui.answer.table import table
from bertviz_app.ui.answer.what_about import WhatAboutPanel
from bertviz_app.ui.answer.word_list import WordList
from bertviz_app.ui.exhibit import Exhibit
from bertviz_app.ui.parts.blank_tabs import Blanks
from bertviz_app.ui.parts.one_line import OneLine
from bertviz_app.ui.parts.steady import Steady

COLLAPSED, USUAL = 5, 10
"""Rows that are left where the window is low; more than the usual ones scroll."""


class AnswerPane(Exhibit):
    """The candidates of the blank in question, with probability and logit.

    Probabilities are over the whole vocabulary; the last row says what the list leaves out.

    Signals:
        picked(Pick): a word, or another blank, was clicked.
        previewed(Pick | None): the mouse is over a word.
        filled(int, str): put this word into the blank at this token.
        worded(tuple): these are the words of *What about …* now.
        asked(Question): some of them are to be scored piece by piece.
        optioned(ViewOptions): more words, or another temperature, shall be shown.
        acted(str): an action of the program is wanted, by its name.
    """

    picked = Signal(object)
    previewed = Signal(object)
    filled = Signal(int, str)
    worded = Signal(object)
    asked = Signal(object)
    optioned = Signal(object)
    acted = Signal(str)

    title = "Answer"
    sees = "the words BERT would put into the blank"
    explains = EXPLAINS

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictions")
        self.setAccessibleName(f"{self.title}: {self.sees}")
        self._snapshot = Snapshot()
        self._softmaxes = Softmaxes()
        self._content = AnswerContent()
        self._made_of: tuple[object, ...] = ()
        self._dressed_for: look.Look | None = None
        self._tried: AskedRow | None = None
        self._title = _label(self, self.title)
        self._title.setProperty("heading", True)
        self._about = OneLine(self)
        self._about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._more = AnswerMenu(self)
        self._more.optioned.connect(self.optioned)
        self._more.explained.connect(self.explained)
        self._blanks = Blanks(self)
        self._blanks.chosen.connect(self._on_blank_chosen)
        self._blanks.filling_wanted.connect(lambda: self.acted.emit("text.fill"))
        self._message = _label(self)
        self._bundled = QPushButton("Open the bundled model", self)
        self._bundled.clicked.connect(lambda: self.acted.emit("model.bundled"))
        self._list = WordList(self)
        self.what_about = WhatAboutPanel(self._list.words, self)
        self.what_about.worded.connect(self.worded)
        self.what_about.asked.connect(self.asked)
        self.what_about.tried.connect(self._on_asked_tried)
        for part in (self._list, self.what_about):
            part.picked.connect(self.picked)
            part.previewed.connect(self.previewed)
            part.filled.connect(self.filled)
        self._hidden = _label(self)
        self._readout = _label(self)
        self._readout.setObjectName("readout.predictions")
        self._readout_place = Steady(self._readout, self)
        self._labels = (self._title, self._message, self._hidden, self._readout)
        self._lay_out()

    @property
    def readout(self) -> str:
        return self._readout.text()

    @property
    def heading(self) -> str:
        over = self._content.over.rstrip(":")
        return "  ".join(filter(None, (self.title, self._content.about, over)))

    @property
    def pictures(self) -> tuple[QWidget, ...]:
        there = (self._list, self._hidden, self.what_about.rows)
        return tuple(part for part in there if part.isVisible())

    def rest(self, resting: bool) -> None:
        self._list.words.enters = self._content.fills and not resting

    @property
    def shows_something(self) -> bool:
        return bool(self._content.rows)

    def numbers(self) -> str:
        return table(self._snapshot, self._content, self.what_about.scores(self._snapshot))

    @property
    def content(self) -> AnswerContent:
        """What is shown, as plain values."""
        return self._content

    def needs(self, snapshot: Snapshot) -> Capture:
        """With nothing hidden: the logits at the pinned token.

        Only once its text has been read: in another text that position may not exist.
        """
        trace, token = snapshot.trace, snapshot.token
        if trace is None or token is None or snapshot.blank is not None:
            return Capture()
        return Capture(logits_at=(token,) if snapshot.state.same_texts(trace.request) else ())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the answer of `snapshot`."""
        self._snapshot = snapshot
        self._show_sheet()
        self.what_about.show_snapshot(snapshot, self._content, self._softmaxes)
        self._read_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_sheet()
        self._readout_place.fit(look.current().px(36))

    def _show_sheet(self) -> None:
        snapshot = self._snapshot
        made_of = (
            *(snapshot.answer, snapshot.facts, snapshot.options, snapshot.token, snapshot.blank),
            *(snapshot.word, snapshot.state.selection, snapshot.state.hidden, snapshot.state.asked),
            *(snapshot.old_text, snapshot.loading, snapshot.fault, look.current(), self.size()),
        )
        if made_of == self._made_of:  # neither a hover nor a letter changes a row
            return
        self._made_of = made_of
        self._dress()
        options = snapshot.options
        self._more.show_options(options)
        full = content(snapshot, self._softmaxes, options.listed)
        low = bool(full.rows) and not self._has_room(full)
        few = low and options.listed <= USUAL  # a longer list was asked for: it scrolls
        self._content = content(snapshot, self._softmaxes, COLLAPSED) if few else full
        found = self._content
        self._about.say(found.about, found.briefly)
        self._message.setText("\n\n".join(filter(None, (found.message, found.over))))
        self._message.setVisible(bool(found.message))
        self._bundled.setVisible(found.offers_bundled)
        self._blanks.show_blanks(found.masks, found.position)
        self._list.show_content(found, bars=not low)
        self._hidden.setText(_about_hidden(found))
        self._hidden.setVisible(bool(self._hidden.text()))

    def _read_out(self) -> None:
        preview = self._snapshot.preview
        wanted = preview.word if preview is not None else None
        rows = self._content.rows
        named = next((row for row in rows if row.candidate.token == wanted), None)
        followed = next((row for row in rows if row.followed), self.what_about.followed)
        row = self._tried or named or followed or (rows[0] if rows else None)
        self._readout.setText(row.spoken if row is not None else "")
        self._readout_place.fit(look.current().px(36))
        self._list.setAccessibleDescription(self._readout.text())

    def _has_room(self, found: AnswerContent) -> bool:
        """Whether all rows fit between what stands above and below them."""
        px = look.current().px
        rows = (min(len(found.rows), USUAL + 2) + 2) * px(20) + px(8)
        asked = px(32) + px(20) * len(words_asked(self._snapshot))
        extras = px(28) + px(72) + asked + px(60) * (len(found.masks) > 1)
        return self.height() >= rows + extras

    def _dress(self) -> None:
        style = look.current()
        if style == self._dressed_for:
            return
        self._dressed_for = style
        self._rows.setContentsMargins(*(style.px(4),) * 4)
        self._rows.setSpacing(style.px(4))
        self._title_row.setSpacing(style.px(8))
        for label in self._labels:
            label.setContentsMargins(style.px(4), 0, style.px(4), 0)

    def _lay_out(self) -> None:
        self._rows = QVBoxLayout(self)
        self._title_row = QHBoxLayout()
        self._title_row.addWidget(self._title)
        self._title_row.addWidget(self._about, 1)
        self._title_row.addWidget(self._more)
        self._rows.addLayout(self._title_row)
        for part in (self._blanks, self._message, self._bundled):
            self._rows.addWidget(part)
        self._rows.addWidget(self._list, 1000)
        self._rows.addWidget(self._hidden)
        self._rows.addWidget(self.what_about)
        self._rows.addStretch(1)
        self._rows.addWidget(self._readout_place)
        for label in self._labels[1:]:
            label.setWordWrap(True)
        self._readout.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    @Slot(object)
    def _on_asked_tried(self, row: AskedRow | None) -> None:
        self._tried = row
        self._read_out()

    @Slot(int)
    def _on_blank_chosen(self, position: int) -> None:
        self.picked.emit(Pick(token=position))


def _about_hidden(found: AnswerContent) -> str:
    if found.hidden is None or not found.rows:
        return ""
    word = isolated(visible(found.hidden.word))
    if found.hidden.piece is not None:
        return f"The word you hid: {word}"
    return f"You hid {word}, which is not one piece of the vocabulary."


def _label(parent: QWidget, text: str = "") -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
