"""Tests of Positions: what is drawn, said and copied of both tables; BERT run with either."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.positions import Positions, PositionTables
from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.position_curves import PositionCurves
from bertviz_app.ui.parts.positions_picture import PositionsPicture
from bertviz_app.ui.views.embeddings.positions import PositionsView
from tests.synthetic import snapshot
from tests.ui.looking import alike

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> PositionsView:
    look.load_fonts()
    look.apply(look.Look())
    made = PositionsView()
    qtbot.addWidget(made)
    made.resize(540, 620)
    made.show()
    return made


def cosine_maps(size: int) -> list[Array]:
    return [np.full((size, size), value, np.float32) for value in (0.25, -0.5)]


def with_tables(made: Snapshot, P: int = 10, W: int = 8) -> Snapshot:
    learned = np.zeros((P, W), np.float32)
    learned[3, 5], learned[7, 1] = 1.0, -1.0
    fixed = np.full((P, W), 0.5, np.float32)
    tables = PositionTables(learned, fixed, (0.5, 2.0), *cosine_maps(P))
    return replace(made, reports={Positions: JobReport(Positions(), 1, 1, tables)})


def maps(view: PositionsView) -> PositionsPicture:
    found = view.findChild(PositionsPicture)
    assert isinstance(found, PositionsPicture)
    return found


def curves(view: PositionsView) -> PositionCurves:
    found = view.findChild(PositionCurves)
    assert isinstance(found, PositionCurves)
    return found


def spot(view: PositionsView, number: int, row: int, column: int, P: int, W: int) -> QPoint:
    area = maps(view).area(number)
    x, y = area.width() * (column + 0.5) / W, area.height() * (row + 0.5) / P
    return QPointF(area.left() + x, area.top() + y).toPoint()


def colour_at(view: PositionsView, *where: int) -> str:
    return maps(view).grab().toImage().pixelColor(spot(view, *where)).name()


@pytest.mark.parametrize("size", [(540, 620), (1400, 260)])
def test_no_word_stands_where_the_mark_of_a_column_is(
    view: PositionsView, size: tuple[int, int]
) -> None:
    view.resize(*size)
    view.show_snapshot(with_tables(snapshot(8)))
    image, area = maps(view).grab().toImage(), maps(view).area(2)
    band = range(round(area.top()) - 7, round(area.top()) - 1)
    words = range(round(area.left()), round(area.left() + area.width() / 4))
    seen = {image.pixelColor(x, y).name() for x in words for y in band}
    assert seen == {look.current().colour("chrome").name()}


def test_each_number_has_its_colour(view: PositionsView) -> None:
    view.show_snapshot(with_tables(snapshot()))
    minus, _, zero, half, full = look.current().theme.diverging
    assert alike(colour_at(view, 0, 3, 5, 10, 8), full)
    assert alike(colour_at(view, 0, 7, 1, 10, 8), minus)
    assert alike(colour_at(view, 0, 5, 4, 10, 8), zero)
    assert alike(colour_at(view, 1, 5, 4, 10, 8), half)
    assert alike(colour_at(view, 3, 8, 4, 10, 10), look.current().theme.diverging[1])


def test_at_rest_it_reads_out_the_positions_of_the_pinned_tokens(view: PositionsView) -> None:
    view.show_snapshot(with_tables(snapshot(token=3, second=6)))
    assert view.readout == "positions 3 and 6: cosine 0.25 learned, −0.50 sinusoidal"
    view.show_snapshot(with_tables(snapshot(token=4, masks=())))
    assert view.readout.startswith("positions 4 and 5:")


def test_a_hover_reads_out_and_lights_the_token(view: PositionsView, qtbot: QtBot) -> None:
    tried: list[Pick | None] = []
    view.previewed.connect(tried.append)
    view.show_snapshot(with_tables(snapshot(T=6)))
    qtbot.mouseMove(maps(view), spot(view, 0, 3, 5, 10, 8))
    assert view.readout == "position 3, dimension 5: 1.0000 learned, 0.5000 sinusoidal"
    qtbot.mouseMove(maps(view), spot(view, 2, 2, 8, 10, 10))
    assert view.readout == "positions 2 and 8: cosine 0.25 learned, −0.50 sinusoidal"
    assert tried == [Pick(token=3), None]


def test_a_click_keeps_two_positions_and_picks_their_tokens(
    view: PositionsView, qtbot: QtBot
) -> None:
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    view.show_snapshot(with_tables(snapshot(T=6)))
    qtbot.mouseClick(maps(view), LEFT, pos=spot(view, 3, 2, 8, 10, 10))
    assert picks == []
    qtbot.mouseClick(maps(view), LEFT, pos=spot(view, 3, 2, 4, 10, 10))
    assert picks == [Pick(token=2, second=4)]
    qtbot.keyClick(maps(view), Qt.Key.Key_Down)
    qtbot.keyClick(maps(view), Qt.Key.Key_Left)
    assert picks[1:] == [Pick(token=3, second=4), Pick(token=3, second=3)]
    qtbot.keyClick(maps(view), Qt.Key.Key_End)
    qtbot.mouseMove(maps(view), QPoint(1, 1))
    assert view.readout.startswith("positions 9 and 3:")
    view.show_snapshot(with_tables(snapshot(T=6, token=5)))
    assert view.readout.startswith("positions 5 and 6:")


def test_tokens_that_were_given_other_positions_are_not_picked(
    view: PositionsView, qtbot: QtBot
) -> None:
    made = with_tables(snapshot(T=6))
    changed = replace(made.state, interventions=Interventions(position_ids="reversed"))
    view.show_snapshot(replace(made, state=changed))
    with qtbot.assertNotEmitted(view.picked):
        qtbot.mouseClick(maps(view), LEFT, pos=spot(view, 2, 2, 4, 10, 10))


def test_dimensions_are_chosen_by_click_and_by_typing(view: PositionsView, qtbot: QtBot) -> None:
    view.show_snapshot(with_tables(snapshot()))
    typed = view.findChild(QLineEdit, "dimensions")
    assert isinstance(typed, QLineEdit)
    assert typed.text() == "0, 1"
    qtbot.mouseClick(maps(view), LEFT, pos=spot(view, 0, 3, 5, 10, 8))
    assert typed.text() == "0, 1, 5"
    qtbot.mouseClick(maps(view), LEFT, pos=spot(view, 1, 3, 1, 10, 8))
    assert typed.text() == "0, 5"
    learned, fixed = curves(view).curves[2:]
    assert (learned.name, learned.dashed, learned.ys[3]) == ("5", False, 1.0)
    assert fixed.dashed
    assert fixed.ys[0] == pytest.approx(0.5 * 0.25)
    typed.setText("7; 2, 2 99 1 0 3 4")
    typed.editingFinished.emit()
    assert typed.text() == "2, 1, 0"


def test_curves_are_over_the_first_positions_or_all(view: PositionsView) -> None:
    view.show_snapshot(snapshot())
    assert len(curves(view).curves[0].xs) == 64
    view.more.actions()[0].toggle()
    assert len(curves(view).curves[0].xs) == 512


def test_the_table_bert_runs_with_is_a_change(view: PositionsView, qtbot: QtBot) -> None:
    view.show_snapshot(with_tables(snapshot()))
    box = view.findChild(ChoiceBox)
    assert isinstance(box, ChoiceBox)
    with qtbot.waitSignal(view.intervened) as asked:
        box.activated.emit(2)
    assert asked.args == [Interventions(position_table="sinusoidal raw")]
    made = with_tables(snapshot())
    view.show_snapshot(replace(made, state=replace(made.state, interventions=asked.args[0])))
    assert box.currentIndex() == 2
    assert any("4.00 times as long" in line for line in maps(view)._lines)  # noqa: SLF001


def test_until_they_are_compared_it_asks_once_for_each_model(
    view: PositionsView, qtbot: QtBot
) -> None:
    waiting = replace(snapshot(), reports={})
    with qtbot.waitSignal(view.asked) as asked:
        view.show_snapshot(waiting)
    assert asked.args == [Positions()]
    words = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert "Comparing every position with every other …" in words
    with qtbot.assertNotEmitted(view.asked):
        view.show_snapshot(replace(waiting))
    other = replace(snapshot(W=6), reports={})
    with qtbot.waitSignal(view.asked):
        view.show_snapshot(other)
    view.show_snapshot(snapshot())
    assert view.readout.startswith("positions ")


def test_numbers_are_copied_in_full(view: PositionsView) -> None:
    view.show_snapshot(with_tables(snapshot(token=3, second=6)))
    lines = [line.split("\t") for line in view.numbers().split("\n")]
    assert lines[1] == ["", "0.5", "2"]
    assert lines[3][0] == "cosine of positions 3 and 6"
    assert lines[4] == ["", "0.25", "-0.5"]
    assert lines[6] == ["position", "learned 0", "sinusoidal 0", "learned 1", "sinusoidal 1"]
    assert lines[7 + 7] == ["7", "0", "0.5", "-1", "0.5"]
