"""The status line: which model computes, what it read, and whether the picture is up to date."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.steady import Steady


class StatusLine(QWidget):
    """One line at the bottom; it never folds away.

    Signals:
        opened(): what is said of the download was clicked.
    """

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._words = _label(self)
        self._fresh = _label(self)
        self._download = QPushButton(self)
        self._download.setFlat(True)
        self._download.setProperty("flat", True)
        self._download.setToolTip("More in Open a model")
        self._download.clicked.connect(self.opened)
        self._download.hide()
        row = QHBoxLayout(self)
        row.addWidget(Steady(self._words, self), 1)
        row.addWidget(self._download)
        row.addWidget(self._fresh)
        self._row = row

    @property
    def text(self) -> str:
        """All it says."""
        parts = (self._words.text(), self._download.text(), self._fresh.text())
        return "  ".join(part for part in parts if part)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Say what is computed, and how far it is."""
        style = look.current()
        self.setFixedHeight(style.px(22))
        self._row.setContentsMargins(style.px(8), 0, style.px(8), 0)
        self._words.setText(status_words(snapshot))
        self._fresh.setText(freshness(snapshot))
        self._fresh.setVisible(bool(self._fresh.text()))
        self.setAccessibleDescription(self.text)

    def show_download(self, words: str) -> None:
        """Say how far a download is; nothing if `words` is empty."""
        self._download.setText(words)
        self._download.setVisible(bool(words))
        self.setAccessibleDescription(self.text)


def status_words(snapshot: Snapshot) -> str:
    """The model, the device, the pieces read and the time it took."""
    facts, trace = snapshot.facts, snapshot.trace
    if facts is None:
        return f"Reading {snapshot.loading} … you can type already." if snapshot.loading else ""
    parts = [_model_words(facts)]
    if trace is not None:
        parts += _trace_words(trace, facts)
    if snapshot.loading is not None:
        parts.append(f"reading {snapshot.loading} …")
    return " · ".join(parts)


def freshness(snapshot: Snapshot) -> str:
    """Whether the picture belongs to the newest text."""
    if snapshot.fault is not None:
        return "○ not computed"
    if snapshot.catching_up or snapshot.behind:
        return "◌ catching up"
    return "● up to date" if snapshot.answer is not None else ""


def _model_words(facts: ModelFacts) -> str:
    spec = facts.spec
    layers, heads = numbers.counted(spec.layers, "layer"), numbers.counted(spec.heads, "head")
    words = f"{facts.name} · {layers} × {heads} × {spec.width}"
    lacks = [
        name
        for name, there in (("word-prediction", facts.has_mlm), ("next-sentence", facts.has_nsp))
        if not there
    ]
    if lacks:
        words += f" · no {' and no '.join(lacks)} head"
    return f"{words} · {facts.device}"


def _trace_words(trace: Trace, facts: ModelFacts) -> list[str]:
    first, second = trace.encoding.first, trace.encoding.second
    if first.unread or second.unread:
        read = (
            f"BERT reads {facts.spec.positions} pieces: {first.read} of {first.pieces} read from A"
        )
        if trace.request.pair:
            read += f", {second.read} of {second.pieces} from B"
        pieces = f"{read}."
    else:
        pieces = numbers.counted(len(trace.encoding), "piece")
    return [pieces, f"{max(trace.seconds * 1000, 1):.0f} ms"]


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
