"""Consent: asks once for each content of a pickle whether its numbers may be read."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from bertviz_app.core.errors import Fault, Withheld
from bertviz_app.core.state import Note, NoteKind
from bertviz_app.session.engines import OpenFailed
from bertviz_app.session.notes import first_words
from bertviz_app.session.session import Session
from bertviz_app.ui.appearance import Appearance

MOST_REMEMBERED = 100

_WHY = (
    "Its weights are stored as a Python pickle, a format that can hold any program. Nothing of it "
    "is run: a separate process without a connection reads the numbers, refuses anything else, and "
    "hands them on in a safe format. Still, read only what comes from somebody you trust. You are "
    "asked once for each content."
)


class Consent(QObject):
    """Hears of models whose pickle nobody has allowed yet; a yes is remembered by its digest."""

    def __init__(self, session: Session, appearance: Appearance, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._appearance = appearance
        self._window = window
        self._box: QMessageBox | None = None
        session.not_opened.connect(self._on_not_opened)

    @Slot(object)
    def _on_not_opened(self, failed: OpenFailed) -> None:
        held = failed.fault
        if not isinstance(held, Withheld):
            return
        if held.digest in self._appearance.settings.pickles:
            self._open(failed, held)
        else:
            self._ask(failed, held)

    def _ask(self, failed: OpenFailed, held: Withheld) -> None:
        """Ask in front of the window, which goes on; an older question is withdrawn."""
        if self._box is not None:
            self._box.deleteLater()
        self._box = box = QMessageBox(self._window)
        box.setObjectName("consent")
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle("Read a pickle?")
        box.setText(f"Read the weights in {held.file}?")
        box.setInformativeText(_WHY)
        box.setDetailedText(f"{held.file}\nSHA-256 {held.digest}")
        allow = box.addButton("Read the numbers", QMessageBox.ButtonRole.AcceptRole)
        refuse = box.addButton("Do not read it", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(refuse)
        box.setEscapeButton(refuse)
        allow.clicked.connect(lambda: self._open(failed, held))
        refuse.clicked.connect(lambda: self._refuse(failed, held))
        box.open()

    def _open(self, failed: OpenFailed, held: Withheld) -> None:
        known = self._appearance.settings.pickles
        if held.digest not in known:
            self._appearance.keep(pickles=(*known, held.digest)[-MOST_REMEMBERED:])
        self._session.open_model(replace(failed.wanted, allow_pickle=(held.digest,)))

    def _refuse(self, failed: OpenFailed, held: Withheld) -> None:
        facts = self._session.snapshot.facts
        words = f"{held.file} was not read."
        stays = f" {first_words(facts)} stays open." if facts is not None else ""
        self._session.note(Note(words + stays, NoteKind.RECOVERY))
        self._session.do_without(replace(failed, fault=Fault(words)))
