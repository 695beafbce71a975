"""A table of facts: plain rows under heads, to read, to search by keys and to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from bertviz_app.analysis.visible import cell_text, visible
from bertviz_app.ui import look

Index = QModelIndex | QPersistentModelIndex
Rows = Sequence[tuple[str, ...]]

NOTHING = QModelIndex()
_WIDEST = 48
"""Characters a column is made wide for; what is longer is cut and stands in the tool tip."""


class FactModel(QAbstractTableModel):
    """Rows of text that never change; `right` are the columns that hold numbers."""

    def __init__(
        self, heads: tuple[str, ...], rows: Rows, right: frozenset[int], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.heads = heads
        self.rows = tuple(rows)
        self._right = right

    def rowCount(self, parent: Index = NOTHING) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOTHING) -> int:
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        text = self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(text, len(text))
        if role == Qt.ItemDataRole.ToolTipRole and len(text) > _WIDEST:
            return visible(text, len(text))
        return self._side(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self._right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class FactTable(QTableView):
    """The table; Ctrl+C copies the chosen rows with tabs between the cells."""

    def __init__(
        self,
        name: str,
        heads: tuple[str, ...],
        rows: Rows,
        right: frozenset[int] = frozenset(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._facts = FactModel(heads, rows, right, self)
        self.setModel(self._facts)
        style = look.current()
        self.setFont(style.mono())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerWidget(QWidget(self))  # where both bars meet there is nothing to see
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Two heights in one table would have every row measured.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(style.px(20))
        self.verticalHeader().hide()
        self._dress_heads()
        self._fit_columns()

    @property
    def text(self) -> str:
        """The whole table, with its heads."""
        return _as_text([self._facts.heads, *self._facts.rows])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
            rows = [self._facts.rows[number] for number in chosen]
            QGuiApplication.clipboard().setText(_as_text(rows))
            return
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self._facts.rowCount() - 1}
        if event.key() in ends:
            self.selectRow(ends[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def _dress_heads(self) -> None:
        style = look.current()
        heads = self.horizontalHeader()
        heads.setFont(style.sans())
        heads.setHighlightSections(False)
        heads.setStretchLastSection(True)
        heads.setFixedHeight(style.px(22))
        heads.setStyleSheet(
            f"QHeaderView::section {{ color: {style.theme.muted};"
            f" background: {style.theme.chrome}; border: none;"
            f" border-bottom: 1px solid {style.theme.hairline}; padding: 0 {style.px(4)}px; }}"
        )

    def _fit_columns(self) -> None:
        """Make every column as wide as its longest cell, up to a limit."""
        style = look.current()
        letter = look.text_width(style.mono(), "0")
        for column, head in enumerate(self._facts.heads):
            longest = max((len(row[column]) for row in self._facts.rows), default=0)
            cells = letter * min(longest, _WIDEST)
            wide = max(cells, look.text_width(style.sans(), head)) + style.px(16)
            self.setColumnWidth(column, round(wide))


def _as_text(rows: Rows) -> str:
    return "\n".join("\t".join(map(cell_text, row)) for row in rows)
