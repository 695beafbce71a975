"""The list of Answer: the words for the blank, and what is done with them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.answer.columns import ENTER
from bertviz_app.ui.answer.content import AnswerContent
from bertviz_app.ui.answer.painter import AnswerPainter
from bertviz_app.ui.answer.rows import ColumnNames, WordRow
from bertviz_app.ui.parts.row_list import Row, RowList
from bertviz_app.ui.parts.word_menu import pop_up_word_menu


class WordList(RowList):
    """The words that Answer shows, between the names of the columns and what the list leaves out.

    Attributes:
        words: paints them; it knows the columns.

    Signals:
        picked(Pick): a word was clicked.
        previewed(Pick | None): the mouse is over a word.
        filled(int, str): put this word into the blank at this token.
    """

    picked = Signal(object)
    previewed = Signal(object)
    filled = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.words = AnswerPainter()
        super().__init__(self.words, parent)
        self._content = AnswerContent()
        self._made_of: tuple[object, ...] = ()
        self.setAccessibleName("Words for the blank")
        self.tried.connect(self._on_tried)
        self.kept.connect(self._on_kept)
        self.edited.connect(self._on_edited)
        self.menu_wanted.connect(self._on_menu_wanted)

    def show_content(self, content: AnswerContent, *, bars: bool) -> None:
        """Show the words of `content`; without any, nothing."""
        made_of = (content, bars, look.current())
        if made_of == self._made_of:
            return
        self._content, self._made_of = content, made_of
        self.setVisible(bool(content.rows))
        if not content.rows or content.rest is None:
            self.show_rows(())
            return
        self.words.arrange(content.rows, bars=bars, enters=content.fills)
        self.edit_width = look.current().px(ENTER) if content.fills else 0
        differs = any(row.differs for row in content.rows)
        head = ColumnNames(content.rest.before is not None, content.temperature, differs)
        rows: list[Row] = [head, *content.rows, content.rest]
        chosen = next((at for at, row in enumerate(rows) if getattr(row, "followed", False)), 1)
        self.show_rows(rows, chosen)
        # Where even five rows have no room they scroll; the readout below is never painted over.
        self.setMinimumHeight(self.words.row_height(rows[0]))
        self.setMaximumHeight(sum(self.words.row_height(row) for row in rows))

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        word = row.candidate.token if isinstance(row, WordRow) else None
        self.previewed.emit(Pick(word=word) if word is not None else None)

    @Slot(object, bool)
    def _on_kept(self, row: object, also: bool) -> None:
        if isinstance(row, WordRow):
            self.picked.emit(Pick(word=row.candidate.token, also=also))

    @Slot(object, bool)
    def _on_edited(self, row: object, _each: bool) -> None:
        if isinstance(row, WordRow) and self._content.fills and self._content.position is not None:
            self.filled.emit(self._content.position, row.candidate.token)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, row: object, where: QPoint) -> None:
        if isinstance(row, WordRow):
            fill = partial(self._on_edited, row, False) if self._content.fills else None
            pop_up_word_menu(self, where, row.candidate.token, self.picked.emit, fill)
