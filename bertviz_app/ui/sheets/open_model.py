"""Open a model: the bundled one, one that was opened or downloaded before, or one of the hub."""

from __future__ import annotations

from pathlib import Path

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
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.shelf import Shelf
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts.download_words import act_about, said
from bertviz_app.ui.parts.model_rows import (
    ModelPainter,
    ModelRow,
    first_choice,
    model_rows,
    why_none,
)
from bertviz_app.ui.parts.row_list import WholeRows
from bertviz_app.ui.sheets.page import SheetPage

FINE = 1000
"""Steps of the bar."""

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
        self._act, words = act_about(download)
        self._button.setText(words)
        self._button.setVisible(bool(words))
        self.show()

    @Slot()
    def _on_clicked(self) -> None:
        self.acted.emit(self._act)


class OpenModel(SheetPage):
    """A field, the models that fit what is typed there, and the download under way.

    It stays while a model is read, and says why one was not opened.

    Attributes:
        tried: the model that was chosen last.

    Signals:
        fetched(HubName): download this model.
        browsed(): choose a folder with the system's own window.
    """

    fetched = Signal(object)
    browsed = Signal()

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__("Open a model", parent)
        self._shelf = shelf
        self.tried: ModelWanted | None = None
        self._fault = ""
        self._loading: str | None = None
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
        self._fill()

    @property
    def rows(self) -> list[ModelRow]:
        """What can be chosen now, headings too."""
        return [row for row in self._list.rows if isinstance(row, ModelRow)]

    def show_shelf(self, shelf: Shelf) -> None:
        """Show what there is now; the chosen row stays, if it is still there."""
        before = self._list.rows[self._list.chosen] if self._list.chosen >= 0 else None
        self._shelf = shelf
        self._fill()
        if before in self._list.rows:
            self._list.show_rows(self._list.rows, self._list.rows.index(before))

    def show_download(self, download: Download) -> None:
        """Say how far a download is."""
        self.download.show_download(download)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Say which model is being read."""
        self._loading = snapshot.loading
        self._say()

    def show_fault(self, sentence: str) -> None:
        """Say why the model that was chosen did not open; what was typed stays, to be mended."""
        self._fault = sentence
        self._say()

    def open_path(self, path: Path) -> None:
        """Choose the model in a folder, as if its path had been typed."""
        self._field.setText(str(path))
        self._open(ModelWanted(path))

    def _open(self, wanted: ModelWanted) -> None:
        self.tried, self._fault = wanted, ""
        self._say()
        self.opened.emit(wanted)

    def _fill(self) -> None:
        """Show the rows that fit what is typed."""
        typed = self._field.text()
        rows = model_rows(typed, self._shelf)
        self._list.show_rows(rows, first_choice(typed, rows))
        self._list.scrollToTop()
        self._say()

    def _say(self) -> None:
        """Say the one thing that is to be said of what was typed or chosen."""
        words = "" if self._list.rows else why_none(self._field.text())
        if self._fault or self._loading is not None:
            words = self._fault or f"Reading {self._loading} …"
        palette = self._why.palette()
        role = "error" if self._fault else "text"
        palette.setColor(self._why.foregroundRole(), look.current().colour(role))
        self._why.setPalette(palette)
        self._why.setText(words)
        self._why.setVisible(bool(words))

    @Slot()
    def _on_typed(self) -> None:
        self._fault = ""
        self._fill()

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
            self._open(row.wanted)
        elif row.hub is not None:
            self.fetched.emit(row.hub)
