"""The status line: which model computes, what it read, and whether the picture is up to date."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bertviz_app.analysis.trust import doubts
from bertviz_app.analysis.visible import visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.link_button import LinkButton
from bertviz_app.ui.parts.steady import Steady
from bertviz_app.ui.stopwatch import Keystroke

OPEN, TRUST = "model.open", "model.trust"
LONGEST_NAME = 40


class StatusLine(QWidget):
    """One line at the bottom; it never folds away. The model's name opens what was loaded.

    Signals:
        asked(str): trigger the action of this name.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._model = LinkButton("muted", self)
        self._warnings = LinkButton("error", self)
        for button in (self._model, self._warnings):
            button.setToolTip("What was loaded")
            button.clicked.connect(lambda: self.asked.emit(TRUST))
        self._words = _label(self)
        self._fresh = _label(self)
        self._download = LinkButton("muted", self)
        self._download.setToolTip("More in Open a model")
        self._download.clicked.connect(lambda: self.asked.emit(OPEN))
        row = QHBoxLayout(self)
        row.setSpacing(0)
        row.addWidget(self._model)
        row.addWidget(self._warnings)
        row.addWidget(Steady(self._words, self), 1)
        row.addWidget(self._download)
        row.addSpacing(12)
        row.addWidget(self._fresh)
        self._row = row

    @property
    def text(self) -> str:
        """All it says."""
        model = f"{self._model.words}{self._warnings.words}{self._words.text()}"
        parts = (model, self._download.words, self._fresh.text())
        return "  ".join(part for part in parts if part)

    @Slot(object)
    def show_key(self, key: Keystroke) -> None:
        """Let the tool tip say where the time of the last key went."""
        self.setToolTip(key.words)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Say what is computed, and how far it is."""
        style = look.current()
        self.setFixedHeight(style.px(22))
        self._row.setContentsMargins(style.px(8), 0, style.px(8), 0)
        facts = snapshot.facts
        self._model.show_words(visible(facts.name, LONGEST_NAME) if facts is not None else "")
        self._warnings.show_words(warning_words(snapshot))
        self._words.setText(status_words(snapshot))
        self._fresh.setText(freshness(snapshot))
        self._fresh.setVisible(bool(self._fresh.text()))
        self.setAccessibleDescription(self.text)

    def show_download(self, words: str) -> None:
        """Say how far a download is; nothing if `words` is empty."""
        self._download.show_words(words)
        self.setAccessibleDescription(self.text)


def status_words(snapshot: Snapshot) -> str:
    """What stands behind the model's name: sizes, device, the pieces read, the time it took."""
    facts, trace = snapshot.facts, snapshot.trace
    if facts is None:
        return f"Reading {snapshot.loading} … you can type already." if snapshot.loading else ""
    parts = ["", *_model_words(facts)]
    if trace is not None:
        parts += _trace_words(trace, facts)
    if snapshot.loading is not None:
        parts.append(f"reading {snapshot.loading} …")
    return " · ".join(parts)


def warning_words(snapshot: Snapshot) -> str:
    """How many things may be wrong with the model; empty if nothing is known."""
    facts, answer = snapshot.facts, snapshot.answer
    if facts is None:
        return ""
    found = doubts(facts, answer.as_is if answer is not None else None, snapshot.changed_files)
    return f" · {numbers.counted(len(found), 'warning')}" if found else ""


def freshness(snapshot: Snapshot) -> str:
    """Whether the picture belongs to the newest text."""
    if snapshot.fault is not None:
        return "○ not computed"
    if snapshot.catching_up or snapshot.behind:
        return "◌ catching up"
    return "● up to date" if snapshot.answer is not None else ""


def _model_words(facts: ModelFacts) -> list[str]:
    spec = facts.spec
    layers, heads = numbers.counted(spec.layers, "layer"), numbers.counted(spec.heads, "head")
    words = [f"{layers} × {heads} × {spec.width}"]
    lacks = [
        name
        for name, there in (("word-prediction", facts.has_mlm), ("next-sentence", facts.has_nsp))
        if not there
    ]
    if lacks:
        words.append(f"no {' and no '.join(lacks)} head")
    return [*words, facts.device]


def _trace_words(trace: Trace, facts: ModelFacts) -> list[str]:
    first, second = trace.encoding.first, trace.encoding.second
    if first.unread or second.unread:
        most, count = facts.spec.positions, numbers.count
        read = f"BERT reads {count(most)} pieces: {count(first.read)} of {count(first.pieces)}"
        read += " read from A"
        if trace.request.pair:
            read += f", {count(second.read)} of {count(second.pieces)} from B"
        pieces = f"{read}."
    else:
        pieces = numbers.counted(len(trace.encoding), "piece")
    return [pieces, f"{max(trace.seconds * 1000, 1):.0f} ms"]


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
