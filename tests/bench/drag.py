"""How often the picture follows while a weight of the map is dragged, with the shipped model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui.parts.map_picture import MapPicture
from tests.bench.desk import Desk, open_desk
from tests.bench.table import Figure

SECONDS = 10
MOVES_A_SECOND = 60
FRAMES = 20
TRAVEL = 80


def figures() -> Iterator[Figure]:
    """A cell goes up and down; each answer that is shown is a frame."""
    with open_desk() as desk:
        frames = _dragged(desk)
    yield Figure(
        f"a weight dragged for {SECONDS} s, shipped model",
        f"{frames / SECONDS:.0f} frames a second",
        f"≥ {FRAMES}",
        frames >= FRAMES * SECONDS,
    )


def _dragged(desk: Desk) -> int:
    desk.window.open_view("attention")
    view = next(view for view in desk.window.frame.views if view.name == "attention")
    next(act for act in view.more.actions() if act.text() == "Edit weights").trigger()
    picture = view.findChild(MapPicture)
    desk.wait(lambda: picture is not None and picture.layout_now is not None)
    assert picture is not None
    layout, target = picture.layout_now, picture.viewport()
    assert layout is not None
    start = QPoint(round(layout.column_span(1)[0]) + 5, round(layout.rows.middle(2)))
    shown = []

    def note(snapshot: Snapshot) -> None:
        # The moment it was sent tells answers apart, and keeps none alive.
        sent = snapshot.answer.timings.sent if snapshot.answer is not None else 0.0
        if not shown or shown[-1] != sent:
            shown.append(sent)

    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
    desk.session.changed.connect(note)
    up_and_down = cycle([*range(TRAVEL), *range(TRAVEL, 0, -1)])
    began = time.perf_counter()
    for number in range(SECONDS * MOVES_A_SECOND):
        QTest.mouseMove(target, start - QPoint(0, next(up_and_down)))
        desk.wait(lambda: False, began + (number + 1) / MOVES_A_SECOND)
    desk.session.changed.disconnect(note)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=start)
    return len(shown)
