"""Pieces: every token as a row, with its id, its place and the word it was cut from."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.analysis.visible import cell_text
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Trace
from bertviz_app.ui.parts.piece_rows import (
    PiecePainter,
    PieceRow,
    TokenFacts,
    UnreadRow,
    token_facts,
)
from bertviz_app.ui.parts.row_head import RowHead
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.parts.row_marks import RowMarks
from bertviz_app.ui.parts.token_menu import pop_up_token_menu
from bertviz_app.ui.view import Pane, View


class Tokens(View):
    """A table: one row a token."""

    name = "tokens"
    pane = Pane.ALL
    moves = False
    title = "Pieces"
    sees = "your text, cut up as BERT reads it"
    explains = (
        "BERT does not read letters or words but pieces: entries of a fixed list, its vocabulary. "
        "Each piece has a number there, its id, and the id is all that BERT gets to see of it. A "
        "piece that begins with ## goes on with the word before it. [CLS] and [SEP] are put "
        "around the text.\n"
        "A/B is the sentence, “at” the position, counted from 0 as BERT counts; both have vectors "
        "of their own (place 2). The characters are those of the text that was typed, counted "
        "from 1.\n"
        "Caution: The number of pieces of a word says how common it was in the text the "
        "vocabulary was made from, nothing about its meaning."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: tuple[Encoding, tuple[TokenFacts, ...]] | None = None
        self._painter = PiecePainter()
        self._table = RowList(self._painter, self)
        self._table.setUniformItemSizes(True)
        self._table.setAccessibleName("Pieces of the text")
        self._table.tried.connect(self._on_tried)
        self._table.kept.connect(self._on_kept)
        self._table.edited.connect(self._on_edited)
        self._table.menu_wanted.connect(self._on_menu_wanted)
        self._head = RowHead(self._painter, self._table, self)
        picture = QWidget(self)
        column = QVBoxLayout(picture)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._table, 1)
        self.set_picture(picture)

    @property
    def rows(self) -> tuple[PieceRow | UnreadRow, ...]:
        """The rows of the table."""
        return tuple(row for row in self._table.rows if isinstance(row, PieceRow | UnreadRow))

    def draw(self, snapshot: Snapshot) -> None:
        trace = snapshot.trace
        if trace is None:
            return
        rows: list[PieceRow | UnreadRow] = []
        tokens = self._facts_of(trace)
        unread = dict(
            zip(
                trace.encoding.added[1:],
                (trace.encoding.first.unread, trace.encoding.second.unread),
                strict=False,
            )
        )
        for token in tokens:
            if unread.get(token.position):
                rows.append(UnreadRow(unread[token.position], token.letter))
            rows.append(PieceRow(token, RowMarks.of(snapshot, token.position)))
        self._painter.arrange(tokens)
        chosen = (
            at
            for at, row in enumerate(rows)
            if isinstance(row, PieceRow) and (row.marks.pinned or row.marks.rests)
        )
        self._table.show_rows(rows, next(chosen, -1))
        self._head.update()
        self._read_out(tokens)

    def numbers(self) -> str:
        names = ("piece", "id", "sentence", "position", "from character", "to", "word")
        lines = [names]
        for row in self.rows:
            if isinstance(row, PieceRow):
                token = row.facts
                span = ("", "") if token.added else (str(token.span[0] + 1), str(token.span[1]))
                piece, word = cell_text(token.piece), cell_text(token.word)
                place = (str(token.id), token.letter, str(token.position))
                lines.append((piece, *place, *span, word))
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._told = None

    def _facts_of(self, trace: Trace) -> tuple[TokenFacts, ...]:
        """What is known of the tokens; a hover changes nothing of that."""
        if self._told is None or self._told[0] is not trace.encoding:
            self._told = trace.encoding, token_facts(trace)
        return self._told[1]

    def _read_out(self, tokens: tuple[TokenFacts, ...]) -> None:
        preview = self.snapshot.preview
        at = preview.token if preview is not None else None
        at = self.snapshot.token if at is None else at
        self.read_out(tokens[at].spoken if at is not None and at < len(tokens) else "")

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        at = row.facts.position if isinstance(row, PieceRow) else None
        self.previewed.emit(Pick(token=at) if at is not None else None)

    @Slot(object, bool)
    def _on_kept(self, row: object, also: bool) -> None:
        if isinstance(row, PieceRow):
            at = row.facts.position
            self.picked.emit(Pick(second=at) if also else Pick(token=at))

    @Slot(object, bool)
    def _on_edited(self, row: object, each: bool) -> None:
        if isinstance(row, PieceRow):
            self.hidden.emit(row.facts.position, each)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, row: object, where: QPoint) -> None:
        if isinstance(row, PieceRow):
            at, picked, hidden = row.facts.position, self.picked.emit, self.hidden.emit
            pop_up_token_menu(self, where, self.snapshot, at, picked, hidden)
