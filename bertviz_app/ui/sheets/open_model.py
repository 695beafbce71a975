"""Open a model: the bundled one, one that was opened or downloaded before, or one of the hub."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.core.download import Download, Stage
from bertviz_app.core.shelf import Shelf
from bertviz_app.ui import look
from bertviz_app.ui.parts.download_words import said
from bertviz_app.ui.parts.model_rows import (
    ModelPainter,
    ModelRow,
    first_choice,
    model_rows,
    why_none,
)
from bertviz_app.ui.parts.row_list import WholeRows
from bertviz_app.ui.sheets.page import Page

FINE = 1000
"""Steps of the bar."""

ACTS = {
    Stage.LARGE: ("model.resume", "Download"),
    Stage.FAILED: ("model.resume", "Try again"),
}
"""What the button does at a stage, if not to cancel."""


STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}
"""Rows that a key goes on by, in the field as in the list."""


class ModelField(QLineEdit):
    """The line to type into; the keys that mean nothing there go through the list.

    Signals:
        stepped(int): by so many rows.
    """

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


class ModelList(WholeRows):
    """The models; a click chooses, as Enter does.

    Signals:
        stepped(int): by so many rows.
        returned(): Enter was pressed.
    """

    stepped = Signal(int)
    returned = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returned.emit()
        else:
            event.ignore()


class DownloadLine(QWidget):
    """How far a download is, and the one thing to do about it.

    Signals:
        acted(str): trigger the action of this name.
    """

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act = ""
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Downloaded so far")
        self._bar.setRange(0, FINE)
        self._button = QPushButton(self)
        self._button.clicked.connect(self._on_clicked)
        column = QVBoxLayout()
        column.addWidget(self._words)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(column, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def show_download(self, download: Download) -> None:
        """Say how far it is."""
        style = look.current()
        self._words.setText(said(download))
        colour = style.colour("error" if download.stage is Stage.FAILED else "text")
        palette = self._words.palette()
        palette.setColor(self._words.foregroundRole(), colour)
        self._words.setPalette(palette)
        self._bar.setFixedHeight(style.px(8))
        self._bar.setVisible(download.runs and download.total > 0)
        self._bar.setValue(round(download.fraction * FINE))
        cancels = ("model.cancel_download", "Cancel")
        self._act, words = cancels if download.runs else ACTS.get(download.stage, ("", ""))
        self._button.setText(words)
        self._button.setVisible(bool(words))
        self.show()

    @Slot()
    def _on_clicked(self) -> None:
        self.acted.emit(self._act)


class OpenModel(Page):
    """A field, the models that fit what is typed there, and the download under way.

    Signals:
        fetched(HubName): download this model.
        browsed(): choose a folder with the system's own window.
    """

    fetched = Signal(object)
    browsed = Signal()

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__("Open a model", parent)
        self._shelf = shelf
        words = "A name, an address of the hub, or a folder"
        self._field = ModelField(self)
        self._field.setPlaceholderText(words)
        self._field.setAccessibleName(words)
        self._field.setClearButtonEnabled(True)
        self._field.textChanged.connect(self._on_typed)
        self._field.stepped.connect(self._on_stepped)
        self._field.returnPressed.connect(self._on_returned)
        self.setFocusProxy(self._field)
        browse = QPushButton("Folder …", self)
        browse.clicked.connect(self.browsed)
        line = QHBoxLayout()
        line.addWidget(self._field, 1)
        line.addWidget(browse)
        self._list = ModelList(ModelPainter(), self)
        self._list.setAccessibleName("Models")
        self._list.setUniformItemSizes(True)
        self._list.stepped.connect(self._on_stepped)
        self._list.returned.connect(self._on_returned)
        self._list.kept.connect(self._on_chosen)
        self._why = QLabel(self)
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        self._why.setWordWrap(True)
        self.download = DownloadLine(self)
        self.download.acted.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.current().px(8))
        column.addLayout(line)
        column.addWidget(self._why)
        column.addWidget(self._list, 1)
        column.addWidget(self.download)
        self._on_typed("")

    @property
    def rows(self) -> list[ModelRow]:
        """What can be chosen now, headings too."""
        return [row for row in self._list.rows if isinstance(row, ModelRow)]

    def show_shelf(self, shelf: Shelf) -> None:
        """Show what there is now; the chosen row stays, if it is still there."""
        before = self._list.rows[self._list.chosen] if self._list.chosen >= 0 else None
        self._shelf = shelf
        self._on_typed(self._field.text())
        if before in self._list.rows:
            self._list.show_rows(self._list.rows, self._list.rows.index(before))

    def show_download(self, download: Download) -> None:
        """Say how far a download is."""
        self.download.show_download(download)

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        rows = model_rows(typed, self._shelf)
        self._list.show_rows(rows, first_choice(typed, rows))
        self._why.setText("" if rows else why_none(typed))
        self._why.setVisible(not rows)
        self._list.scrollToTop()

    @Slot(int)
    def _on_stepped(self, by: int) -> None:
        places = [at for at, row in enumerate(self._list.rows) if row.choosable]
        if places:
            here = places.index(self._list.chosen) if self._list.chosen in places else 0
            place = places[min(max(here + by, 0), len(places) - 1)]
            self._list.show_rows(self._list.rows, place)
            self._list.scrollTo(self._list.model().index(place, 0))

    @Slot()
    def _on_returned(self) -> None:
        if self._list.chosen >= 0:
            self._on_chosen(self._list.rows[self._list.chosen], False)

    @Slot(object, bool)
    def _on_chosen(self, row: object, _more: bool) -> None:
        if not isinstance(row, ModelRow):
            return
        if row.wanted is not None:
            self.opened.emit(row.wanted)
        elif row.hub is not None:
            self.fetched.emit(row.hub)
