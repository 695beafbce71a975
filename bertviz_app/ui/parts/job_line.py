"""How far a job is, in words, with the buttons that begin and stop it."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from bertviz_app.core.jobs import JobReport
from bertviz_app.ui import look

SAID_AFTER = 0.3
"""Seconds after which a job says how far it is."""


def takes_long(report: JobReport[Any] | None) -> bool:
    """Whether a job has gone on so long that it says how far it is."""
    return report is not None and report.seconds >= SAID_AFTER


def how_far(report: JobReport[Any] | None, *, running: bool) -> str:
    """How far a job is that is not finished; empty while there is nothing to say."""
    if report is None or report.finished:
        return ""
    task, done, total = report.question.task, report.done, report.total
    if not running:
        return f"{task} stopped at {done:,} of {total:,}; what you see is that part."
    if not takes_long(report):
        return ""
    left = math.ceil(report.seconds / done * (total - done)) if done else 0
    return f"{task}: {done:,} of {total:,}" + (f", about {left:,} s left" if done else "")


class Waiting(QObject):
    """Knows whether a job has gone on so long that its view says so, even without a report.

    Attributes:
        long: it has.

    Signals:
        lasted(): `long` has become true.
    """

    lasted = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.long = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(SAID_AFTER * 1000))
        self._timer.timeout.connect(self._on_timeout)

    def go_on(self, *, running: bool) -> None:
        """The job is under way, or it is not."""
        if not running:
            self.long = False
            self._timer.stop()
        elif not self.long and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        self.long = True
        self.lasted.emit()


class JobLine(QWidget):
    """A line of words, and one of two buttons.

    Attributes:
        ask: begins the job; `cancel` stops it.

    Signals:
        asked(): the job shall begin.
        cancelled(): it shall stop.
    """

    asked = Signal()
    cancelled = Signal()

    def __init__(self, offer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.ask = QPushButton(offer, self)
        self.ask.clicked.connect(self.asked)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStrut(look.current().px(26))
        row.addWidget(self._words, 1)
        row.addWidget(self.ask)
        row.addWidget(self.cancel)

    @property
    def words(self) -> str:
        """What the line says."""
        return self._words.text()

    def show_job(
        self, report: JobReport[Any] | None, words: str, *, running: bool, offered: bool
    ) -> None:
        """Say how far a job is, or else `words`; `offered`, it can be begun now."""
        self._words.setText(how_far(report, running=running) or words)
        self.ask.setVisible(offered and not running)
        self.cancel.setVisible(running and takes_long(report))
