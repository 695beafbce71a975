"""A key is worked on once: drawn and painted when BERT has read it, neither before nor twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from bertviz_app.ui.answer.word_list import WordList
from bertviz_app.ui.parts.arcs_picture import ArcsPicture
from bertviz_app.ui.parts.mosaic_picture import MosaicPicture
from bertviz_app.ui.views.attention.all_heads import AllHeads
from bertviz_app.ui.views.attention.arcs import ArcsView
from tests.fixtures.desk import Desk

PICTURES = (WordList, ArcsPicture, MosaicPicture)


class Paints(QObject):
    """Counts how often each picture of a window paints itself."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self.count: Counter[type[QWidget]] = Counter()
        self._pictures = {
            picture.viewport(): kind for kind in PICTURES for picture in window.findChildren(kind)
        }
        for viewport in self._pictures:
            viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.count[self._pictures[watched]] += 1
        return False


def test_a_key_is_drawn_and_painted_once(
    open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    for kind in (AllHeads, ArcsView):
        draw = kind.draw
        monkeypatch.setattr(
            kind,
            "draw",
            lambda view, snapshot, draw=draw: (drawn.append(view.name), draw(view, snapshot)),
        )
    desk = open_desk("--text", "The woman washed [MASK] hand")
    desk.type("s")
    QApplication.processEvents()
    paints = Paints(desk.window)
    drawn.clear()
    desk.type(".")
    QApplication.processEvents()
    assert sorted(drawn) == ["all_heads", "arcs"]
    assert {kind.__name__: paints.count[kind] for kind in PICTURES} == {
        "WordList": 1,
        "ArcsPicture": 1,
        "MosaicPicture": 1,
    }
