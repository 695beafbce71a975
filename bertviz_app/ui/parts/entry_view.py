"""A view whose rows are entries of the vocabulary, with a line to type into over them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.parts.entries import Entry, EntryPainter
from bertviz_app.ui.parts.menu import Act, pop_up
from bertviz_app.ui.parts.row_head import RowHead
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.parts.search_line import SearchLine
from bertviz_app.ui.view import View


class EntryView(View):
    """Hovering a row tries its word everywhere, a click follows it, a double click fills it in.

    Attributes:
        line: what is typed into.
        list: the rows.
        hovered: the row under the mouse.
        column: the line, the names of the columns and the rows, one under the other.
        top: the line and what stands beside it.
    """

    def __init__(self, painter: EntryPainter, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered: Entry | None = None
        self.line = SearchLine(words, self)
        self.list = RowList(painter, self)
        self.list.setUniformItemSizes(True)
        self.list.setAutoScroll(False)  # another word that is followed moves nothing
        self.list.tried.connect(self._on_tried)
        self.list.kept.connect(self._on_kept)
        self.list.edited.connect(self._on_edited)
        self.list.menu_wanted.connect(self._on_menu_wanted)
        self.line.left.connect(self.list.setFocus)
        self.head = RowHead(painter, self.list, self)
        picture = QWidget(self)
        picture.setFocusProxy(self.list)
        self.column = QVBoxLayout(picture)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(look.current().px(4))
        self.top = QHBoxLayout()
        self.top.setSpacing(look.current().px(8))
        self.top.addWidget(self.line, 1)
        self.column.addLayout(self.top)
        self.column.addWidget(self.head)
        self.column.addWidget(self.list, 1)
        self.set_picture(picture)

    def say_rest(self) -> None:
        """Read out what is so while no row is hovered."""
        raise NotImplementedError

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        self.hovered = row if isinstance(row, Entry) else None
        self.previewed.emit(Pick(word=row.piece) if isinstance(row, Entry) else None)
        if not self.isVisible():
            return
        if self.hovered is not None:
            self.read_out(self.hovered.spoken)
        else:
            self.say_rest()

    @Slot(object, bool)
    def _on_kept(self, row: object, also: bool) -> None:
        if isinstance(row, Entry):
            self.picked.emit(Pick(word=row.piece, also=also))

    @Slot(object, bool)
    def _on_edited(self, row: object, _each: bool) -> None:
        blank = self.snapshot.blank
        if isinstance(row, Entry) and blank is not None:
            self.filled.emit(blank, row.piece)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, row: object, where: QPoint) -> None:
        if not isinstance(row, Entry):
            return
        piece = isolated(visible(row.piece))
        acts: list[Act] = [(f"Follow {piece}", lambda: self._on_kept(row, False))]
        if self.snapshot.blank is not None:
            acts.append((f"Put {piece} into the blank", lambda: self._on_edited(row, False)))
        pop_up(self, where, acts)
