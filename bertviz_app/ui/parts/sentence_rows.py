"""Sentences of a file with a number each: a click opens one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.ui import look
from bertviz_app.ui.parts.canvas import is_plain
from bertviz_app.ui.parts.painting import RIGHT, hover_tint, outline, plain_text
from bertviz_app.ui.parts.row_list import Row, RowList, RowPainter

HEIGHT, NUMBER = 20, 44

SHOWN = 400
"""Letters of a sentence that are looked at to draw it."""


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence and the number it stands for, as it is written."""

    number: str
    sentence: str

    choosable = True

    @property
    def spoken(self) -> str:
        """The row in words."""
        return f"{self.number}: {isolated(visible(self.sentence, SHOWN))}"


class SentencePainter(RowPainter):
    """Paints the number, then the sentence, with … where it does not fit."""

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        if not isinstance(row, SentenceRow):
            return
        style, box = look.current(), QRectF(area)
        if hovered:
            painter.fillRect(box, hover_tint())
        painter.setPen(style.colour("text"))
        number = QRectF(box.left(), box.top(), style.px(NUMBER), box.height())
        plain_text(painter, number, row.number, style.mono(), RIGHT)
        words = box.adjusted(style.px(NUMBER + 8), 0, -style.px(4), 0)
        plain_text(painter, words, visible(row.sentence, SHOWN), style.sans())
        rows = cast("SentenceList", self.parent())
        if rows.hasFocus() and rows.chosen >= 0 and rows.rows[rows.chosen] is row:
            outline(painter, box, style.colour("text"), 1)


class SentenceList(RowList):
    """Such rows; ↑ and ↓ only go to another one, Enter opens it as a click does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key())) if is_plain(event) else None
        if step is not None and self.rows:
            self.show_rows(self.rows, min(max(self.chosen + step, 0), len(self.rows) - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen >= 0:
            self.kept.emit(self.rows[self.chosen], False)
        else:
            event.ignore()


class SentenceLines(QWidget):
    """A line of words, and the sentences under it.

    Signals:
        opened(str): a sentence was clicked.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._list = SentenceList(SentencePainter(), self)
        self._list.setUniformItemSizes(True)
        self._list.kept.connect(self._on_kept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.current().px(4), 0, 0)
        column.setSpacing(look.current().px(2))
        column.addWidget(self._words)
        column.addWidget(self._list, 1)

    @property
    def words(self) -> str:
        """What stands over the sentences."""
        return self._words.text()

    @property
    def rows(self) -> tuple[SentenceRow, ...]:
        """The sentences that are shown."""
        return tuple(row for row in self._list.rows if isinstance(row, SentenceRow))

    def show_sentences(self, words: str, rows: Sequence[SentenceRow]) -> None:
        """Show sentences under `words`; the keys start from the first."""
        self._words.setText(words)
        self._list.setAccessibleName(words)
        if tuple(rows) != self._list.rows:
            self._list.show_rows(rows, 0 if rows else -1)

    @Slot(object, bool)
    def _on_kept(self, row: object, _also: bool) -> None:
        if isinstance(row, SentenceRow):
            self.opened.emit(row.sentence)
