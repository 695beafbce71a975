"""Edit weights: while it is on, a cell of the map is dragged up or down."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.analysis.row_edit import with_weight
from bertviz_app.core.changes import with_row
from bertviz_app.core.request import Head, RowKey
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, WeightKind
from bertviz_app.ui import look
from bertviz_app.ui.parts.map_layout import Cross
from bertviz_app.ui.parts.map_picture import MapPicture

TRAVEL = 200
"""Pixels from weight 0 to weight 1."""

STEP = 0.05
"""What + and − change a weight by."""

KEYS = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: -STEP}

EDIT_WEIGHTS = "map.edit_weights"
"""What the switch is called in the object tree."""

HINT = "drag a cell up or down; + and − change the pinned one"
EQUAL = "the rest of the row was 0 and has equal shares"


@dataclass(frozen=True, slots=True, eq=False)
class Drag:
    """A drag under way: the row as it was when it began, and where the mouse was."""

    row: RowKey
    key: int
    weights: NDArray[np.float64]
    y: float
    step: str


class WeightEditing(QObject):
    """Watches a map for drags and keys, and turns them into edited rows.

    Attributes:
        on: weights are edited now.
        reset: the button that gives every row back.

    Signals:
        adjusted(Interventions, str): a row changes while the mouse moves; one drag is one step.
        intervened(Interventions): a row was changed by a key, or all were given back.
        picked(Pick): the cell whose weight is changed.
        switched(): `on` is different.
    """

    adjusted = Signal(object, str)
    intervened = Signal(object)
    picked = Signal(object)
    switched = Signal()

    def __init__(self, picture: MapPicture, menu: QMenu) -> None:
        super().__init__(picture)
        self.on = False
        self.reset = QPushButton("Reset rows")
        self.reset.setToolTip("Give every edited row back as BERT has it")
        self.reset.clicked.connect(self._on_reset_clicked)
        self._picture = picture
        self._snapshot: Snapshot | None = None
        self._head: Head = (0, 0)
        self._shown: HeadMap | None = None
        self._drag: Drag | None = None
        self._drags = 0
        self._equal = False
        self._action = menu.addAction("Edit weights")
        self._action.setObjectName(EDIT_WEIGHTS)
        self._action.setCheckable(True)
        self._action.triggered.connect(self.switch)
        picture.installEventFilter(self)
        picture.viewport().installEventFilter(self)

    @property
    def offer(self) -> str:
        """What `switch` does, for a menu."""
        return "Edit weights no more" if self.on else "Edit weights"

    @property
    def words(self) -> str:
        """What is to be said while weights are edited, or why they cannot be."""
        if not self.on:
            return ""
        return self._blocked or (EQUAL if self._equal else HINT)

    def show_snapshot(self, snapshot: Snapshot, head: Head, shown: HeadMap | None) -> None:
        """Edit this head from now on; its edited rows are marked."""
        self._snapshot, self._head, self._shown = snapshot, head, shown
        changes = snapshot.state.interventions
        rows = [key[2] for key, _ in changes.attention if key[:2] == head]
        self._picture.mark_edited(rows)
        self.reset.setVisible(self.on)
        self.reset.setEnabled(bool(changes.attention))
        self._action.setChecked(self.on)

    def leave(self) -> bool:
        """Edit no more; False if nothing was edited."""
        was_on = self.on
        if was_on:
            self.switch()
        return was_on

    def forget(self) -> None:
        """Let go of what was drawn; a drag ends."""
        self._snapshot = self._shown = self._drag = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.on:
            return False
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._press_key(event)
        if isinstance(event, QMouseEvent) and watched is self._picture.viewport():
            return self._follow_mouse(event)
        return False

    @property
    def _blocked(self) -> str:
        """Why nothing can be edited now."""
        if self._snapshot is None or self._shown is None:
            return ""
        options = self._snapshot.options
        if options.kind is not WeightKind.WEIGHT:
            return "only the weights themselves can be edited: choose that kind of number"
        if options.words or options.keep < 1 or options.above > 0:
            return "unmerge the words and keep 100 % of each row to edit weights"
        other = self._snapshot.other is not None and options.show is not Show.CHANGED
        if other and self._drag is None:  # a drag goes on whatever is shown
            return "show changed to edit weights"
        return ""

    def _follow_mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            return self._begin(event.position())
        if kind is QEvent.Type.MouseMove and self._drag is not None:
            self._move(event.position().y())
            return True
        if kind is QEvent.Type.MouseButtonRelease and self._drag is not None:
            self._drag = None
            return True
        return (
            kind is QEvent.Type.MouseButtonDblClick and self._cell_at(event.position()) is not None
        )

    def _begin(self, point: QPointF) -> bool:
        cell = self._cell_at(point)
        if cell is None:
            return False
        self._picture.setFocus()
        self._drags += 1
        query, key = cell
        weights = self._weights(query)
        self._drag = Drag((*self._head, query), key, weights, point.y(), f"weight {self._drags}")
        self._equal = False
        self.picked.emit(Pick(token=query, second=key))
        return True

    def _move(self, y: float) -> None:
        drag, snapshot = self._drag, self._snapshot
        if drag is None or snapshot is None:
            return
        moved = (drag.y - y) / look.current().px(TRAVEL)
        row = self._edited(drag.weights, drag.key, moved)
        changes = with_row(snapshot.state.interventions, drag.row, row)
        self.adjusted.emit(changes, drag.step)

    def _press_key(self, event: QKeyEvent) -> bool:
        step, snapshot = KEYS.get(Qt.Key(event.key())), self._snapshot
        if (
            step is None
            or snapshot is None
            or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            return False
        query, key = snapshot.token, snapshot.second
        if query is None or key is None or not self._editable:
            return False
        row = self._edited(self._weights(query), key, step)
        changes = with_row(snapshot.state.interventions, (*self._head, query), row)
        self.intervened.emit(changes)
        return True

    @property
    def _editable(self) -> bool:
        """Whether rows can be edited: what is drawn is of the text as it is now."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.trace is None or self._shown is None:
            return False
        return not self._blocked and snapshot.state.same_texts(snapshot.trace.request)

    def _edited(self, weights: NDArray[np.float64], key: int, by: float) -> list[float]:
        weight = min(max(float(weights[key]) + by, 0.0), 1.0)
        self._equal = len(weights) > 1 and not np.delete(weights, key).any()
        row: list[float] = with_weight(weights, key, weight).tolist()
        return row

    def _weights(self, query: int) -> NDArray[np.float64]:
        """The row as it is in force: the one given by hand, else that of the run."""
        assert self._snapshot is not None
        assert self._snapshot.trace is not None
        given = dict(self._snapshot.state.interventions.attention).get((*self._head, query))
        row = self._snapshot.trace.attention[self._head][query] if given is None else given
        return np.array(row, np.float64)

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """The query and the key of the cell at a point, if its weight can be edited."""
        layout, shown = self._picture.layout_now, self._shown
        if layout is None or shown is None or not self._editable:
            return None
        cross: Cross = layout.cross_at(point.x(), point.y())
        kept = shown.fold.kept
        if cross.row is None or cross.column is None or cross.column >= len(kept):
            return None
        return kept[cross.row], kept[cross.column]

    @Slot()
    def switch(self) -> None:
        """Edit weights from now on, or no more."""
        self.on = not self.on
        self._drag = None
        if self.on:
            self._picture.setFocus()
        self.switched.emit()

    @Slot()
    def _on_reset_clicked(self) -> None:
        if self._snapshot is not None:
            changes = self._snapshot.state.interventions
            self.intervened.emit(replace(changes, attention=()))
