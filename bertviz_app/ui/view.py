"""What a view is: one file, one picture, drawn from a snapshot and from nothing else."""

from __future__ import annotations

import logging
import traceback
from enum import Enum
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import State
from bertviz_app.ui import look
from bertviz_app.ui.look import LARGE

log = logging.getLogger(__name__)


class Pane(Enum):
    """Where a view lives inside its place: everything there, or the thing that was picked."""

    ALL = "All"
    ONE = "One"


class View(QWidget):
    """The base of all views: title row, picture, controls, readout; `draw` is what to write.

    Attributes:
        name: short name; the object name is `view.<name>`.
        place: number of the place it belongs to (3 = Attention).
        pane: All or One.
        title: what its tab says.
        sees: one line, "what you see".
        explains: a paragraph for F1: what is drawn, how it is computed, what it does not mean.

    Signals:
        picked(Pick): a click; kept by the session.
        previewed(Pick | None): a hover; shown by all views, stored by none.
        intervened(Interventions): a change inside BERT is asked for.
        asked(Question): a job is asked for.
        optioned(ViewOptions): things shall be drawn differently, everywhere.
        hidden(int, bool): hide the word of the token at this position, or give it back; with
            True, one [MASK] a piece.
        cancelled(): the job under way shall stop.
        explained(): what is drawn here shall be explained.
    """

    picked = Signal(object)
    previewed = Signal(object)
    intervened = Signal(object)
    asked = Signal(object)
    optioned = Signal(object)
    hidden = Signal(int, bool)
    cancelled = Signal()
    explained = Signal()

    name: ClassVar[str]
    place: ClassVar[int]
    pane: ClassVar[Pane]
    title: ClassVar[str]
    sees: ClassVar[str]
    explains: ClassVar[str]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"view.{self.name}")
        self.setAccessibleName(f"{self.title}: {self.sees}")
        self._snapshot: Snapshot | None = None
        self._drawn: Snapshot | None = None
        self._fault_detail = ""
        self._title_controls: list[QWidget] = []
        self._title = _label(self, wraps=False)
        self._explain = QToolButton(self)
        self._explain.setText("?")
        self._explain.setProperty("flat", True)
        self._explain.setAccessibleName("This view explained")
        self._explain.clicked.connect(self.explained)
        self._message = _label(self, wraps=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._copy = QPushButton("Copy details", self)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._readout = _label(self, wraps=True)
        self._readout.setObjectName(f"readout.{self.name}")
        self.picture = QWidget(self)
        self._lay_out()
        self._dress()
        self.say("")

    def draw(self, snapshot: Snapshot) -> None:
        """Show `snapshot`, whose `trace` exists and holds at least one typed piece."""
        raise NotImplementedError

    def needs(self, state: State) -> Capture:
        """What the trace must hold beside its usual content for this view to draw."""
        return Capture()

    def numbers(self) -> str:
        """The numbers of the picture as tab-separated text, for the clipboard."""
        return ""

    def forget(self) -> None:
        """Let go of all that was drawn: what is not seen keeps no old answer alive.

        For views that keep more than the snapshot; `draw` comes before the next look at them.
        """

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot drawn last; only inside and after `draw`."""
        if self._snapshot is None:
            raise RuntimeError(f"{self.name} has not been given anything to draw yet.")
        return self._snapshot

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw `snapshot` now if this view is visible, else when it is shown next."""
        self._snapshot = snapshot
        if self.isVisible():
            self._draw_if_new()

    def set_picture(self, picture: QWidget) -> None:
        """Put the widget that paints in the middle; it takes all free space."""
        self._rows.replaceWidget(self.picture, picture)
        self.picture.deleteLater()
        self.picture = picture

    def add_control(self, control: QWidget) -> None:
        """Append a control to the slim row under the picture (three at most)."""
        self._controls.insertWidget(self._controls.count() - 1, control)

    def add_to_title(self, control: QWidget) -> None:
        """Put a control at the right end of the title row."""
        self._title_row.addWidget(control)
        self._title_controls.append(control)

    def read_out(self, text: str) -> None:
        """Say in words what is under the mouse, or what is pinned; also the accessible value."""
        self._readout.setText(text)
        self.picture.setAccessibleDescription(text)

    @property
    def readout(self) -> str:
        """What the readout says now."""
        return self._readout.text()

    def say(self, message: str) -> None:
        """Show a sentence instead of the picture; an empty one brings the picture back."""
        self._message.setText(message)
        self._message.setVisible(bool(message))
        self._copy.setVisible(False)
        for drawn in (self.picture, self._control_row, *self._title_controls):
            drawn.setVisible(not message)
        if message:
            self.read_out("")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw_if_new()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._drawn = None
        self.forget()

    def _draw_if_new(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or snapshot is self._drawn:
            return
        self._drawn = snapshot
        self._dress()
        waiting = waiting_for(snapshot)
        if waiting or snapshot.trace is None:
            self.forget()  # first: the picture has nothing to say of this snapshot
            self.say(waiting)
            return
        self.say("")
        try:
            self.draw(snapshot)
        except Exception as error:  # one broken picture must not take the window with it
            log.exception("The view %s could not be drawn.", self.name)
            self._fault_detail = traceback.format_exc()
            self.forget()
            self.say(f"This view could not be drawn: {error}. The others go on.")
            self._copy.setVisible(True)

    def _dress(self) -> None:
        """Bring title and lengths in line with the look and the newest snapshot."""
        style = look.current()
        snapshot = self._snapshot
        words = [self.title]
        if snapshot is not None and snapshot.other is not None:
            words.append(snapshot.options.show.value)
        if snapshot is not None and snapshot.behind and snapshot.answer is not None:
            words.append(f"of: “{shortened(snapshot.answer.shown.request.text)}”")
        self._title.setText("  ".join(words))
        self._title.setFont(style.sans(LARGE))
        self._title_row.setSpacing(style.px(8))
        self._readout.setFont(style.sans())
        self._readout.setFixedHeight(style.px(36))
        self._control_row.setFixedHeight(style.px(28))
        self._rows.setContentsMargins(style.px(8), style.px(4), style.px(8), style.px(4))

    def _lay_out(self) -> None:
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(0)
        self._title_row = QHBoxLayout()
        self._title_row.addWidget(self._title)
        what = QLabel(self.sees, self)
        what.setTextFormat(Qt.TextFormat.PlainText)
        what.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._title_row.addWidget(what, 1)
        self._title_row.addWidget(self._explain)
        self._rows.addLayout(self._title_row)
        self._rows.addWidget(self._message, 1)
        self._rows.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignHCenter)
        self._rows.addWidget(self.picture, 1)
        self._control_row = QWidget(self)
        self._controls = QHBoxLayout(self._control_row)
        self._controls.setContentsMargins(0, 0, 0, 0)
        self._controls.addStretch(1)
        self._rows.addWidget(self._control_row)
        self._rows.addWidget(self._readout)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._fault_detail)


def waiting_for(snapshot: Snapshot) -> str:
    """The sentence to show while there is nothing to draw; empty if there is none to say."""
    if snapshot.answer is None:
        if snapshot.loading is not None:
            return f"Reading {snapshot.loading} … you can type already."
        return snapshot.fault.sentence if snapshot.fault is not None else ""
    trace = snapshot.trace
    if trace is None or len(trace.encoding) == len(trace.encoding.added):
        return "Type a sentence above, or choose an example."
    return ""


def shortened(text: str, limit: int = 24) -> str:
    """`text` on one line, with … after `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _label(parent: QWidget, *, wraps: bool) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    return label
