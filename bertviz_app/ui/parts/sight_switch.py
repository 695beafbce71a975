"""Who may look at whom: both ways, left only, right only, and a token that no one may look at."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import isolated
from bertviz_app.core.changes import Sight, hidden_from_all, looking, sight_of
from bertviz_app.core.request import UNCHANGED
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts.words import LEFT_ONLY

GPT = "GPT predicts the next word; here every blank is still guessed from where it stands."


class SightSwitch(QWidget):
    """Three buttons of which one is in, the words that belong to them, and a switch for a token.

    Signals:
        intervened(Interventions): the switch was turned.
    """

    intervened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes = UNCHANGED
        self._token: int | None = None
        self._group = QButtonGroup(self)
        self.buttons = {sight: QRadioButton(sight.value, self) for sight in Sight}
        self.no_one = QCheckBox(self)
        self._said = QLabel(LEFT_ONLY, self)
        self._said.setToolTip(GPT)
        self._said.setWordWrap(True)
        self._said.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout()
        row.setSpacing(look.current().px(12))
        row.addWidget(QLabel("look", self))
        for sight, button in self.buttons.items():
            button.setAccessibleName(f"Every token looks: {sight.value}")
            button.clicked.connect(lambda _, chosen=sight: self._on_chosen(chosen))
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, look.current().px(4))
        rows.setSpacing(look.current().px(4))
        rows.addLayout(row)
        rows.addWidget(self._said)
        rows.addWidget(self.no_one)
        self.no_one.clicked.connect(self._on_no_one_clicked)

    @property
    def said(self) -> str:
        """What stands beside the switch."""
        return self._said.text()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the changes in force, and name the token that is pinned."""
        self._changes = changes = snapshot.state.interventions
        now = sight_of(changes)
        self._group.setExclusive(now is not None)  # else none of them could be out
        for sight, button in self.buttons.items():
            button.setChecked(sight is now)
        self._group.setExclusive(True)
        self._said.setText(f"{LEFT_ONLY} {GPT}" if changes.causal else LEFT_ONLY)
        self._token = snapshot.second if snapshot.second is not None else snapshot.token
        self.no_one.setEnabled(self._token is not None)
        self.no_one.setChecked(self._token in changes.hidden_keys)
        name = "a token: click one to choose it"
        if self._token is not None and snapshot.trace is not None:
            name = isolated(numbered(snapshot.trace.encoding.tokens)[self._token])
        self.no_one.setText(f"no one may look at {name}".replace("&", "&&"))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _on_chosen(self, sight: Sight) -> None:
        self.intervened.emit(looking(self._changes, sight))

    @Slot()
    def _on_no_one_clicked(self) -> None:
        if self._token is not None:
            self.intervened.emit(hidden_from_all(self._changes, self._token))
