"""What about …: a field for up to eight words, and how probable each is in the blank."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.questions.what_about import LIMIT, Scored, WhatAboutAnswer, words_in
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.answer.asked import AskedRow, asked_rows, question_about
from bertviz_app.ui.answer.columns import ENTER, between
from bertviz_app.ui.answer.content import AnswerContent, Softmaxes
from bertviz_app.ui.answer.painter import AnswerPainter, paint_dot, paint_enter
from bertviz_app.ui.parts.asking import Asking
from bertviz_app.ui.parts.line_field import LineField
from bertviz_app.ui.parts.menu import pop_up
from bertviz_app.ui.parts.painting import RIGHT, hover_tint, plain_text
from bertviz_app.ui.parts.row_list import Row, RowList, RowPainter

LONGEST = 400
"""Characters the field holds."""


class WhatAboutPanel(QWidget):
    """The field and its rows; the words are the session's, so that undo brings them back.

    Signals:
        worded(tuple): these are the words now.
        asked(Question): words of several pieces are to be scored.
        picked(Pick): a word was clicked; with Ctrl it is taken away.
        previewed(Pick | None): the mouse is over a word.
        filled(int, str): put this word into the blank at this token.
        tried(AskedRow | None): the mouse is over another row.
    """

    worded = Signal(object)
    asked = Signal(object)
    picked = Signal(object)
    previewed = Signal(object)
    filled = Signal(int, str)
    tried = Signal(object)

    def __init__(self, words: AnswerPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._position: int | None = None
        self._fills = False
        self._asking: Asking[WhatAboutAnswer] = Asking()
        self._label = QLabel("What about", self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self.field = WordField(self)
        self.field.textEdited.connect(self._on_text_edited)
        self.rows = RowList(AskedPainter(words), self)
        self.rows.setAccessibleName("Words asked about")
        self.rows.tried.connect(self._on_tried)
        self.rows.kept.connect(self._on_kept)
        self.rows.edited.connect(self._on_edited)
        self.rows.menu_wanted.connect(self._on_menu_wanted)
        line = QHBoxLayout()
        line.addWidget(self._label)
        line.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self.rows)

    def show_snapshot(
        self, snapshot: Snapshot, content: AnswerContent, softmaxes: Softmaxes
    ) -> None:
        """Show the words at the token that `content` is about; ask for what is missing."""
        px = look.current().px
        self._label.setContentsMargins(px(4), 0, 0, 0)
        self._position, self._fills = content.position, content.fills
        self.field.show_words(snapshot.state.asked)
        question = question_about(snapshot)
        rows = asked_rows(snapshot, content.position, softmaxes, self.scores(snapshot))
        self.rows.edit_width = px(ENTER) if content.fills else 0
        self.rows.show_rows(rows, min(max(self.rows.chosen, 0), len(rows) - 1))
        self.rows.setVisible(bool(rows))
        self.rows.setMinimumHeight(px(20))
        self.rows.setMaximumHeight(len(rows) * px(20))
        if question is not None and self._asking.is_due(snapshot, question):
            self.asked.emit(question)

    def scores(self, snapshot: Snapshot) -> dict[str, Scored]:
        """What is known of the words that are no pieces; of several pieces, once it is counted."""
        question = question_about(snapshot)
        answer = self._asking.answer(snapshot, question) if question is not None else None
        if answer is None:
            return {}
        known = (one for one in answer.scores if self._asking.whole or not one.waits)
        return {score.word: score for score in known}

    @property
    def followed(self) -> AskedRow | None:
        """The row of the word that is followed, if it has one here."""
        rows = (row for row in self.rows.rows if isinstance(row, AskedRow))
        return next((row for row in rows if row.followed), None)

    @Slot()
    def begin(self) -> None:
        """Take the keyboard, ready for other words."""
        self.field.setFocus()
        self.field.selectAll()

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        self.worded.emit(words_in(text))

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        piece = row.piece if isinstance(row, AskedRow) else None
        self.tried.emit(row if isinstance(row, AskedRow) else None)
        self.previewed.emit(Pick(word=piece) if piece is not None else None)

    @Slot(object, bool)
    def _on_kept(self, row: object, also: bool) -> None:
        if not isinstance(row, AskedRow):
            return
        self.rows.show_rows(self.rows.rows, self.rows.rows.index(row))
        if also:
            self.picked.emit(Pick(word=row.word, also=True))
        elif row.to_follow is not None:
            self.picked.emit(Pick(word=row.to_follow))

    @Slot(object, bool)
    def _on_edited(self, row: object, _each: bool) -> None:
        if isinstance(row, AskedRow) and self._fills and self._position is not None:
            self.filled.emit(self._position, row.piece or row.word)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, row: object, where: QPoint) -> None:
        if not isinstance(row, AskedRow):
            return
        word = isolated(visible(row.word))
        acts: list[tuple[str, Callable[[], object]]] = []
        if row.to_follow is not None:
            acts.append((f"Follow {word}", partial(self._on_kept, row, False)))
        if self._fills:
            acts.append((f"Put {word} into the blank", partial(self._on_edited, row, False)))
        acts.append((f"Take {word} away", partial(self._on_kept, row, True)))
        pop_up(self, where, acts)


class WordField(LineField):
    """The line the words are typed into."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("whatAbout")
        self.setAccessibleName("What about these words?")
        self.setPlaceholderText("a word, or up to eight")
        self.setToolTip(
            f"Up to {LIMIT} words, with spaces or commas between them. A word of several pieces is "
            "hidden piece by piece: its score is the sum of their log probabilities. A click on "
            "its row follows it."
        )
        self.setMaxLength(LONGEST)

    def show_words(self, words: tuple[str, ...]) -> None:
        """Show `words`; what is typed stays as it is as long as it means them."""
        if words_in(self.text()) != words:
            self.setText(" ".join(words))


class AskedPainter(RowPainter):
    """Paints the rows in the columns of the list above; the rank stands before the probability."""

    def __init__(self, words: AnswerPainter) -> None:
        super().__init__()
        self._words = words

    def row_height(self, row: Row) -> int:
        return look.current().px(20)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        if not isinstance(row, AskedRow):
            return
        box, style, columns = QRectF(area), look.current(), self._words.columns(area.width())
        if hovered:
            painter.fillRect(box, hover_tint())
        if row.followed:
            paint_dot(painter, box)
        start, end, font = columns.word[0], columns.probability.left, style.mono(bold=row.followed)
        word = visible(row.word)
        room = end - start - style.px(8) - look.text_width(font, word)
        said = row.said if look.text_width(style.mono(), row.said) <= room else row.briefly
        width = look.text_width(style.mono(), said) + 1
        painter.setPen(style.colour("muted"))
        plain_text(painter, between(box, end - width, end), said, style.mono(), RIGHT)
        painter.setPen(style.colour("text"))
        plain_text(painter, between(box, start, end - width - style.px(6)), word, font)
        self._words.paint_numbers(painter, box, columns, row, style.mono())
        if self._words.enters and hovered:
            paint_enter(painter, box, style.colour("text"))
