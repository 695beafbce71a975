"""Edit weights: cells are dragged, keys change the pinned one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, ViewOptions, WeightKind
from bertviz_app.ui import look
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.parts.weight_editing import EQUAL, HINT, WeightEditing
from bertviz_app.ui.views.attention.attention import AttentionView
from tests.synthetic import snapshot
from tests.ui.looking import shows

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ROW = [0.1, 0.2, 0.3, 0.4, 0.0, 0.0]
WEIGHTS = np.broadcast_to(np.array(ROW, np.float32), (2, 3, 6, 6))


class Hand:
    """A view that edits weights, and what it asks for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.view = AttentionView()
        qtbot.addWidget(self.view)
        self.view.resize(460, 560)
        self.view.show()
        self.adjusted: list[tuple[Interventions, str]] = []
        self.intervened: list[Interventions] = []
        self.picked: list[Pick] = []
        self.view.adjusted.connect(lambda changes, step: self.adjusted.append((changes, step)))
        self.view.intervened.connect(self.intervened.append)
        self.view.picked.connect(self.picked.append)
        picture, editing = self.view.findChild(MapPicture), self.view.findChild(WeightEditing)
        assert isinstance(picture, MapPicture)
        assert isinstance(editing, WeightEditing)
        self.picture, self.editing = picture, editing

    def show(self, **changes: object) -> Snapshot:
        made = snapshot(6, attention=WEIGHTS, masks=(), head=(1, 2), **changes)
        self.view.show_snapshot(made)
        return made

    def begin(self) -> None:
        entry = next(one for one in self.view.more.actions() if one.text() == "Edit weights")
        entry.trigger()
        assert self.editing.on

    def centre(self, row: int, column: int) -> QPointF:
        layout = self.picture.layout_now
        assert layout is not None
        return QPointF(layout.columns.middle(column), layout.rows.middle(row))

    def send(self, kind: QEvent.Type, point: QPointF) -> None:
        target = self.picture.viewport()
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else LEFT
        where = target.mapToGlobal(point)
        QApplication.sendEvent(target, QMouseEvent(kind, point, where, button, held, NONE))

    def drag(self, row: int, column: int, *up: float) -> None:
        start = self.centre(row, column)
        self.send(QEvent.Type.MouseButtonPress, start)
        for pixels in up:
            self.send(QEvent.Type.MouseMove, start - QPointF(0, pixels))
        self.send(QEvent.Type.MouseButtonRelease, start - QPointF(0, up[-1]))


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    look.load_fonts()
    look.apply(look.Look())
    return Hand(qtbot)


def rows(changes: Interventions) -> dict[tuple[int, int, int], list[float]]:
    return {key: list(row) for key, row in changes.attention}


def test_a_drag_gives_the_cell_its_weight_and_the_rest_what_is_left(hand: Hand) -> None:
    hand.show()
    hand.begin()
    hand.drag(4, 1, 50, 100, 120)
    (first, second, third) = [rows(changes)[1, 2, 4] for changes, _ in hand.adjusted]
    np.testing.assert_allclose(
        first, np.array([0.1, 0, 0.3, 0.4, 0, 0]) * 0.55 / 0.8 + np.eye(6)[1] * 0.45, atol=1e-6
    )
    assert second[1] == pytest.approx(0.7)
    assert third[1] == pytest.approx(0.8)
    assert len({step for _, step in hand.adjusted}) == 1
    assert hand.picked == [Pick(token=4, second=1)]
    hand.drag(4, 1, -400)
    assert rows(hand.adjusted[-1][0])[1, 2, 4][1] == 0
    assert hand.adjusted[-1][1] != hand.adjusted[0][1]


def test_without_it_a_press_only_keeps_the_cell(hand: Hand) -> None:
    hand.show()
    hand.drag(4, 1, 100)
    assert hand.adjusted == []
    assert hand.picked == [Pick(token=4, second=1)]


def test_keys_change_the_pinned_cell_until_it_is_left(hand: Hand, qtbot: QtBot) -> None:
    hand.show(token=2, second=0)
    hand.begin()
    assert HINT in hand.view.readout
    qtbot.keyClick(hand.picture, Qt.Key.Key_Plus)
    qtbot.keyClick(hand.picture, Qt.Key.Key_Minus)
    assert [rows(one)[1, 2, 2][0] for one in hand.intervened] == pytest.approx([0.15, 0.05])
    assert hand.view.leave()
    assert not hand.view.leave()
    assert not hand.editing.on
    assert HINT not in hand.view.readout
    qtbot.keyClick(hand.picture, Qt.Key.Key_Plus)
    assert len(hand.intervened) == 2


def test_an_edited_row_is_marked_goes_on_from_there_and_is_given_back(hand: Hand) -> None:
    made = hand.show()
    assert not shows(hand.picture.viewport(), "change")
    hand.begin()
    given = Interventions(attention={(1, 2, 3): [0, 0, 0, 0, 0, 1.0]}, heads_off=[(0, 0)])
    hand.view.show_snapshot(replace(made, state=replace(made.state, interventions=given)))
    assert shows(hand.picture.viewport(), "change") > 10
    hand.drag(3, 5, -100)
    assert rows(hand.adjusted[-1][0])[1, 2, 3] == pytest.approx([0.1] * 5 + [0.5])
    assert EQUAL in hand.editing.words
    assert hand.editing.reset.isVisible()
    hand.editing.reset.click()
    assert hand.intervened == [Interventions(heads_off=[(0, 0)])]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (ViewOptions(kind=WeightKind.MEAN), "only the weights themselves"),
        (ViewOptions(words=True), "unmerge the words"),
        (ViewOptions(keep=0.5), "keep 100 %"),
        (ViewOptions(show=Show.DIFFERENCE), "show changed"),
    ],
)
def test_where_it_cannot_be_done_it_says_why(hand: Hand, options: ViewOptions, words: str) -> None:
    hand.show(changed=True, options=options)
    hand.begin()
    hand.drag(2, 1, 100)
    assert hand.adjusted == []
    assert words in hand.editing.words


def test_the_edge_column_and_an_older_picture_are_not_edited(hand: Hand) -> None:
    made = hand.show(options=ViewOptions(fold=True))
    hand.begin()
    layout = hand.picture.layout_now
    assert layout is not None
    edge = QPoint(layout.edge[0] + 2, round(layout.rows.middle(1)))
    hand.send(QEvent.Type.MouseButtonPress, QPointF(edge))
    hand.send(QEvent.Type.MouseMove, QPointF(edge) - QPointF(0, 50))
    hand.drag(1, 1, 50)
    assert [list(rows(changes)) for changes, _ in hand.adjusted] == [[(1, 2, 2)]]
    hand.view.show_snapshot(replace(made, state=replace(made.state, text="another text")))
    hand.drag(1, 1, 50)
    assert len(hand.adjusted) == 1
