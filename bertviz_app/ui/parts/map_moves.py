"""From rows and columns of a map to tokens, and from one cell to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.core.state import Pick
from bertviz_app.ui.parts.map_layout import Cross

STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
"""Rows down and columns to the right that an arrow goes."""


def stepped(shown: HeadMap, pinned: Cross, key: int) -> Cross | None:
    """The cell that a key goes to; from nowhere, the strongest of the pinned row."""
    last, row, column = shown.fold.rows - 1, pinned.row, pinned.column
    if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        return Cross(row or 0, 0 if key == Qt.Key.Key_Home else last)
    if key not in STEPS:
        return None
    if row is None or column is None:
        return Cross(*shown.strongest_cell(row or 0, column))
    down, right = STEPS[Qt.Key(key)]
    return Cross(min(max(row + down, 0), last), min(max(column + right, 0), last))


def pick_of(shown: HeadMap, cross: Cross) -> Pick:
    """The tokens of a row and a column; the edge column stands for no single one."""
    kept = shown.fold.kept
    token = kept[cross.row] if cross.row is not None else None
    if cross.column is None or cross.column == len(kept):
        return Pick(token=token)
    return Pick(token=token, second=kept[cross.column])


def token_of(shown: HeadMap, cross: Cross) -> int | None:
    """The token of a label; None for a cell, where two meet."""
    pick = Pick() if cross.is_cell else pick_of(shown, cross)
    return pick.token if pick.token is not None else pick.second
