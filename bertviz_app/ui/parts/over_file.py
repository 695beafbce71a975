"""Heads over a text file: how far the job is, what its numbers are of, and its sentences."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from bertviz_app.analysis.measures import NAMES, Measure
from bertviz_app.analysis.visible import visible
from bertviz_app.core.changes import head_name
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.heads_over_file import HeadsOverFile, HeadsOverFileAnswer
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.job_line import JobLine
from bertviz_app.ui.parts.measure_words import written
from bertviz_app.ui.parts.sentence_rows import SentenceLines, SentenceRow

OF_TEXT = "of this text"
"""What the line says while no file is shown."""

Report = JobReport[HeadsOverFileAnswer]


class OverFile(QObject):
    """The parts of a view that deal with a file, and which of text and file is shown.

    Attributes:
        line: what is measured, or how far the job is.
        switch: goes from the file to the text and back.
        sentences: those with most of a measure in a head.

    Signals:
        switched(): the other of text and file is to be shown.
    """

    switched = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._shown = False
        self.line = JobLine("Over a file…", parent)
        self.switch = QPushButton(parent)
        self.switch.clicked.connect(self._on_clicked)
        self.sentences = SentenceLines(parent)

    @property
    def answer(self) -> HeadsOverFileAnswer | None:
        """What is known of the file, if that is what is shown."""
        return self._report.answer if self._report is not None and self._shown else None

    def show_job(self, snapshot: Snapshot) -> None:
        """Show how far the job of a snapshot is; a new file is shown at once."""
        report = snapshot.reports.get(HeadsOverFile)
        running = snapshot.is_running(HeadsOverFile)
        if report is None:
            self._shown = False
        elif self._report is None or report.question is not self._report.question:
            self._shown = True
        self._report = report
        told = report if running or self._shown else None
        words = OF_TEXT if self.answer is None else _about(self.answer, self._name)
        self.line.show_job(told, words, running=running, offered=True)
        self.switch.setVisible(report is not None)
        self.switch.setText("This text" if self._shown else visible(self._name, 20))
        self.sentences.setVisible(self._shown)

    def show_sentences(self, measure: Measure, head: Head, first_number: int) -> None:
        """List the sentences in which a head has most of a measure."""
        if self.answer is not None:
            name = head_name(*head, first_number)
            words = f"most {measure.name} in head {name}; a click reads one"
            self.sentences.show_sentences(words, _strongest(self.answer, measure, head))

    @property
    def _name(self) -> str:
        if self._report is None:
            return ""
        return cast("HeadsOverFile", self._report.question).path.name

    @Slot()
    def _on_clicked(self) -> None:
        self._shown = not self._shown
        self.switched.emit()


def _about(answer: HeadsOverFileAnswer, name: str) -> str:
    """What a file's numbers are of."""
    words = f"{visible(name)}: mean of {numbers.counted(answer.read, 'sentence')}"
    return words + (", the first of more" if answer.more else "")


def _strongest(
    answer: HeadsOverFileAnswer, measure: Measure, head: Head
) -> tuple[SentenceRow, ...]:
    at = (NAMES.index(measure.name), *head)
    pairs = zip(answer.strongest[at].tolist(), answer.values[at].tolist(), strict=True)
    return tuple(
        SentenceRow(written(measure, value), answer.sentences[number])
        for number, value in pairs
        if number >= 0
    )
