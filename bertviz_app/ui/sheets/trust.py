"""What was loaded: the model's files, weights, names and tokenizer, and what may be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.analysis.trust import doubts
from bertviz_app.analysis.visible import cell_text
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.questions.check_files import CheckFiles
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts.copy_button import CopyButton
from bertviz_app.ui.parts.fact_table import FactTable
from bertviz_app.ui.parts.tabs import tab_style
from bertviz_app.ui.sheets import trust_words as words
from bertviz_app.ui.sheets.page import SheetPage
from bertviz_app.ui.sheets.text_page import TextPage

RELOAD = "model.reload"
_HALVES = re.compile(r"(?<=[0-9a-f]{32})\n(?=[0-9a-f]{32}\b)")
TABS = ("Summary", "Tensors", "config.json", "Names")


class TrustPage(SheetPage):
    """Four tabs about the model in use; it follows when another one opens."""

    def __init__(
        self,
        snapshot: Snapshot,
        ask: Callable[[CheckFiles], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("What was loaded", parent)
        self.setObjectName("sheet.trust")
        self._ask = ask
        self._facts: ModelFacts | None = None
        self._checked: words.Checked = None
        self._doubts = _error_label(self)
        self._reload = QPushButton("Read it again", self)
        self._reload.clicked.connect(lambda: self.acted.emit(RELOAD))
        self._tabs = QTabBar(self)
        self._tabs.setAccessibleName("What was loaded")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setStyleSheet(tab_style())
        self._stack = QStackedWidget(self)
        for name in TABS:
            self._tabs.addTab(name)
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.setFocusProxy(self._tabs)
        self._copy = CopyButton("Copy all", self)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._lay_out()
        self.show_snapshot(snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the model, its files as they are read, and what is found wrong."""
        facts = snapshot.facts
        checked = snapshot.report_of(CheckFiles())
        if facts is not None and (facts is not self._facts or checked is not self._checked):
            self._fill(facts, checked)
        run = snapshot.answer.as_is if snapshot.answer is not None else None
        found = doubts(facts, run, snapshot.changed_files) if facts is not None else ()
        self._doubts.setText("\n".join(f"Warning: {doubt}" for doubt in found))
        self._doubts.setVisible(bool(found))
        self._reload.setVisible(bool(snapshot.changed_files))
        if facts is not None and checked is None and not snapshot.is_running(CheckFiles):
            self._ask(CheckFiles())

    @property
    def text(self) -> str:
        """All that the sheet says, for the clipboard."""
        facts = self._facts
        if facts is None:
            return ""
        summary = words.summary(facts, self._checked)
        pages = (self._stack.widget(number) for number in range(self._stack.count()))
        tables = [page.text for page in pages if isinstance(page, FactTable)]
        rows = (f"{cell_text(head)}\t{_one_line(text)}" for head, text in summary)
        return "\n\n".join((self._doubts.text(), "\n".join(rows), *tables)).strip()

    def _fill(self, facts: ModelFacts, checked: words.Checked) -> None:
        """Say anew what differs: all of another model, of this one what was read meanwhile."""
        another = facts is not self._facts
        self._facts, self._checked = facts, checked
        chosen = self._tabs.currentIndex()
        if another:
            while self._stack.count():
                self._drop(0)
            self._stack.addWidget(QWidget(self))
            for table in self._tables(facts):
                self._stack.addWidget(table)
        self._drop(0)
        self._stack.insertWidget(0, TextPage("Summary", words.summary(facts, checked), self))
        self._stack.setCurrentIndex(max(chosen, 0))

    def _tables(self, facts: ModelFacts) -> tuple[FactTable, ...]:
        return (
            FactTable(
                "Tensors", words.TENSOR_HEADS, words.tensor_rows(facts), words.TENSOR_NUMBERS, self
            ),
            FactTable("config.json", words.CONFIG_HEADS, facts.origin.config, parent=self),
            FactTable("Names", words.NAME_HEADS, words.name_rows(facts), parent=self),
        )

    def _drop(self, number: int) -> None:
        widget = self._stack.widget(number)
        if widget is not None:
            self._stack.removeWidget(widget)
            widget.deleteLater()

    def _lay_out(self) -> None:
        style = look.current()
        top = QHBoxLayout()
        top.addWidget(self._doubts, 1)
        top.addWidget(self._reload, 0, Qt.AlignmentFlag.AlignTop)
        bar = QHBoxLayout()
        bar.addWidget(self._tabs, 1)
        bar.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(4))
        column.addLayout(top)
        column.addLayout(bar)
        column.addWidget(self._stack, 1)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self._copy.copy(self.text)


def _one_line(text: str) -> str:
    """A text of several lines as one cell; the two halves of a hash are one word again."""
    return cell_text(_HALVES.sub("", text).replace("\n", "; "))


def _error_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, look.current().colour("error"))
    label.setPalette(palette)
    return label
