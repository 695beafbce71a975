"""The menu Examples: example sentences, those that were left last, and those that were saved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.storage.sentences import Sentence, Sentences
from bertviz_app.ui.examples import EXAMPLES

LETTERS = 60
"""Letters of a sentence that a menu shows."""


class SentenceMenu(QMenu):
    """Lists what can stand in the text; it is filled when it opens.

    Attributes:
        sentences: those that are remembered.

    Signals:
        chosen(Example): an example shall be shown.
        recalled(Sentence): a sentence shall stand in the text again.
    """

    chosen = Signal(object)
    recalled = Signal(object)

    def __init__(self, save: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self.sentences = Sentences()
        self._save = save
        self.aboutToShow.connect(self._on_about_to_show)
        self._on_about_to_show()

    @Slot()
    def _on_about_to_show(self) -> None:
        self.clear()
        for example in EXAMPLES:
            words = entry_text(Sentence(example.text, example.pair))
            entry = self.addAction(f"{example.title}  “{words}”")
            entry.triggered.connect(lambda _, taken=example: self.chosen.emit(taken))
        self._list("Recent", self.sentences.recent)
        self._list("Saved", self.sentences.saved)
        self.addSeparator()
        self.addAction(self._save)

    def _list(self, title: str, sentences: Sequence[Sentence]) -> None:
        if sentences:
            self.addSeparator()
            self.addAction(title).setEnabled(False)
        for sentence in sentences:
            entry = self.addAction(entry_text(sentence))
            entry.triggered.connect(lambda _, taken=sentence: self.recalled.emit(taken))


def entry_text(sentence: Sentence) -> str:
    """A sentence as an entry of a menu: plain, on one line, and not too long."""
    first, second = (
        isolated(_shortened(" ".join(text.split())))
        for text in (sentence.text, sentence.pair or "")
    )
    words = f"{first} / {second}" if second else first
    return words.replace("&", "&&")


def _shortened(text: str) -> str:
    """A long text by its beginning and its end: those left one after the other begin alike."""
    if len(text) <= LETTERS:
        return visible(text, LETTERS)
    end = LETTERS // 3
    return visible(text[: LETTERS - end - 1], LETTERS) + "…" + visible(text[-end:], LETTERS)
