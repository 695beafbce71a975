"""Tests of the view of measures: sorting, finding, readout, difference, and a file's numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.analysis.measures import BY_NAME, MEASURES, NAMES
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.heads_over_file import HeadsOverFile, HeadsOverFileAnswer
from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, State, ViewOptions
from bertviz_app.core.trace import Answer, Array
from bertviz_app.ui import look
from bertviz_app.ui.parts.head_grid import HeadGrid
from bertviz_app.ui.parts.head_rows import HeadList
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.views.attention.measures import Measures
from tests.synthetic import snapshot
from tests.ui.menus import menu, opens_a_menu

T = 6
FILE = HeadsOverFile(Path("brown.txt"))
SENTENCES = tuple(f"sentence {number}" for number in range(12))


@pytest.fixture
def view(qtbot: QtBot) -> Measures:
    look.load_fonts()
    look.apply(look.Look())
    made = Measures()
    qtbot.addWidget(made)
    made.resize(460, 620)
    made.show()
    return made


def looking(by: int, share: float = 1.0) -> Array:
    """Every token puts a share on the one `by` places after it, the rest evenly on all."""
    weights = np.full((T, T), (1 - share) / T) + share * np.eye(T, k=by)
    weights[0 if by < 0 else -1] = 1 / T
    return weights.astype(np.float32)


def maps() -> Array:
    """Head 1.2 looks at the token before, 2.3 half as much, 2.1 at the one after; others evenly."""
    made = np.full((2, 3, T, T), 1 / T, np.float32)
    made[0, 1], made[1, 2], made[1, 0] = looking(-1), looking(-1, 0.5), looking(1)
    return made


def known(**changes: object) -> Snapshot:
    return snapshot(T, attention=maps(), head=(0, 0), masks=(), **changes)


def names(view: Measures) -> list[str]:
    """The heads in the order of the rows."""
    return [f"{row.head[0] + 1}.{row.head[1] + 1}" for row in view.ranked.rows]


def rows(view: Measures) -> HeadList:
    found = view.findChild(HeadList)
    assert found is not None
    return found


def click_name(qtbot: QtBot, view: Measures, name: str) -> None:
    where = view.ranked.name_area(BY_NAME[name]).center().toPoint()
    target = view.ranked.childAt(where)
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(view.ranked, where))


def find(qtbot: QtBot, view: Measures, words: str) -> None:
    field = view.findChild(QLineEdit, "findHead")
    assert isinstance(field, QLineEdit)
    field.setText(words)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def over_file(done: int = 12, total: int = 12, *, seconds: float = 1.0) -> JobReport:
    shape = (len(MEASURES), 2, 3)
    mean = np.linspace(0, 1, int(np.prod(shape)), dtype=np.float32).reshape(shape)
    strongest = np.broadcast_to(np.arange(10), (*shape, 10)).copy()
    strongest[..., 2:] = -1
    values = np.where(strongest >= 0, np.float32(0.5), np.float32(np.nan))
    answer = HeadsOverFileAnswer(
        SENTENCES,
        False,
        done,
        np.full(len(MEASURES), done),
        mean,
        np.full(shape, 0.25, np.float32),
        strongest,
        values,
    )
    return JobReport(FILE, done, total, answer, seconds)


def with_file(report: JobReport, *, running: bool = False) -> Snapshot:
    kinds = frozenset({HeadsOverFile} if running else ())
    return replace(known(), reports={HeadsOverFile: report}, running=kinds)


def test_it_asks_for_measures_and_waits_for_them(qtbot: QtBot, view: Measures) -> None:
    assert view.needs(State()).measures
    made = known()
    assert isinstance(made.answer, Answer)
    view.show_snapshot(replace(made, answer=Answer(replace(made.answer.as_is, measures=None))))
    assert view.over_file.line.words == "Measuring the heads …"
    assert not view.shows_something
    assert not view.ranked.rows
    find(qtbot, view, "the token after")
    with qtbot.waitSignal(view.picked) as kept:
        view.show_snapshot(made)
    assert kept.args == [Pick(layer=1, head=0)]
    assert view.over_file.line.words == "of this text"


def test_at_first_the_heads_that_look_at_the_token_before_come_first(view: Measures) -> None:
    view.show_snapshot(known())
    assert names(view)[:2] == ["1.2", "2.3"]
    assert view.readout == "layer 1, head 1: previous 0.17, 3rd of 6"


def test_a_click_on_a_name_sorts_by_it_and_a_second_one_the_other_way(
    qtbot: QtBot, view: Measures
) -> None:
    view.show_snapshot(known())
    click_name(qtbot, view, "next")
    assert names(view)[0] == "2.1"
    click_name(qtbot, view, "next")
    assert names(view)[-1] == "2.1"
    click_name(qtbot, view, "next")
    assert names(view)[0] == "2.1"
    qtbot.mouseClick(view.ranked.childAt(8, 8), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert names(view) == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]


def test_sorted_anew_the_first_rows_are_in_sight_and_a_pin_scrolls_to_its_own(
    view: Measures,
) -> None:
    made = snapshot(T, 6, 12, masks=(), head=(0, 0))
    view.show_snapshot(made)
    bar = rows(view).verticalScrollBar()
    assert bar.value() == 0
    last = view.ranked.rows[-1].head
    selection = replace(made.state.selection, layer=last[0], head=last[1])
    pinned = replace(made, state=replace(made.state, selection=selection))
    view.show_snapshot(pinned)
    assert bar.value() == bar.maximum() > 0
    bar.setValue(30)
    view.show_snapshot(replace(pinned, preview=Pick(layer=1, head=1)))
    assert bar.value() == 30
    view.ranked.choose(BY_NAME["next"])
    assert bar.value() == 0


def test_in_a_small_window_the_tiles_give_way_to_the_table(view: Measures) -> None:
    view.show_snapshot(known())
    tiles = view.findChild(HeadGrid)
    assert tiles is not None
    assert tiles.isVisible()
    view.resize(460, 380)
    view.grab()
    assert not tiles.isVisible()
    assert rows(view).isVisible()


def test_a_row_is_tried_and_kept(qtbot: QtBot, view: Measures) -> None:
    view.show_snapshot(known())
    where = rows(view).visualRect(rows(view).model().index(1, 0)).center()
    with qtbot.waitSignal(view.previewed) as tried:
        rows(view).tried.emit(rows(view).rows[1])
    assert tried.args == [Pick(layer=1, head=2)]
    with qtbot.waitSignal(view.picked) as kept:
        qtbot.mouseClick(rows(view).viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert kept.args == [Pick(layer=1, head=2)]


def test_a_tile_under_the_mouse_is_read_out_and_a_click_keeps_it(
    qtbot: QtBot, view: Measures
) -> None:
    view.show_snapshot(known())
    tiles = view.findChild(HeadGrid)
    assert tiles is not None
    where = tiles.tile((0, 1)).center()
    tiles.point_at(where)
    assert view.readout == "layer 1, head 2: previous 1.00, 1st of 6"
    with qtbot.waitSignal(view.picked) as kept:
        qtbot.mouseClick(tiles.viewport(), Qt.MouseButton.LeftButton, pos=where.toPoint())
    assert kept.args == [Pick(layer=0, head=1)]
    tiles.point_at(QPointF(1, 1))
    assert view.readout.startswith("layer 1, head 1: ")


def test_the_keys_go_through_heads_and_measures(qtbot: QtBot, view: Measures) -> None:
    view.show_snapshot(known())
    qtbot.keyClick(rows(view), Qt.Key.Key_Right)
    assert view.ranked.measure is BY_NAME["next"]
    qtbot.keyClick(rows(view), Qt.Key.Key_Left)
    assert view.ranked.measure is BY_NAME["previous"]
    with qtbot.waitSignal(view.picked) as kept:
        qtbot.keyClick(rows(view), Qt.Key.Key_Home)
    assert kept.args == [Pick(layer=0, head=1)]


def test_under_the_mouse_a_name_says_its_definition(view: Measures) -> None:
    view.show_snapshot(known())
    view.ranked.read.emit(BY_NAME["same word"])
    assert view.readout.startswith("same word: The weight on the other places where the same word")
    view.ranked.read.emit(None)
    assert view.readout.startswith("layer 1, head 1: ")


def test_a_head_is_found_by_what_it_looks_at(qtbot: QtBot, view: Measures) -> None:
    view.show_snapshot(known())
    with qtbot.waitSignal(view.picked) as kept:
        find(qtbot, view, "the token after")
    assert kept.args == [Pick(layer=1, head=0)]
    assert view.ranked.measure is BY_NAME["next"]


@pytest.mark.parametrize("words", ["qwxz", "the other sentence", "the same word"])
def test_what_no_measure_fits_or_the_text_has_not_got_is_said(
    qtbot: QtBot, view: Measures, words: str
) -> None:
    view.show_snapshot(snapshot(tokens=("the", "woman", "washed"), attention=None))
    with qtbot.assertNotEmitted(view.picked):
        find(qtbot, view, words)
    assert words in view.readout


def test_undo_in_the_finder_is_left_to_the_session(qtbot: QtBot, view: Measures) -> None:
    view.show_snapshot(known())
    field = view.findChild(QLineEdit, "findHead")
    assert isinstance(field, QLineEdit)
    field.insert("next")
    undo = QKeyEvent(
        QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
    )
    undo.ignore()
    QApplication.sendEvent(field, undo)
    assert not undo.isAccepted()


def test_what_the_text_has_nothing_of_has_no_number(view: Measures) -> None:
    view.show_snapshot(known())
    view.ranked.choose(BY_NAME["same word"])
    assert view.readout == "layer 1, head 1: same word: there is nothing of that here"
    assert view.ranked.rows[0].number(BY_NAME["same word"]) == "–"


def test_measures_of_a_pair_give_way_to_the_first_one_with_the_pair(view: Measures) -> None:
    view.show_snapshot(snapshot(9, pair=True))
    view.ranked.choose(BY_NAME["A to B"])
    assert "A to B" in view.readout
    view.show_snapshot(known())
    assert view.ranked.measure is BY_NAME["previous"]


def test_with_changes_in_force_every_number_has_two_values(view: Measures) -> None:
    changed = maps()
    changed[0, 0] = looking(-1)
    made = known(changed=True, changed_attention=changed)
    view.show_snapshot(made)
    assert view.readout == "layer 1, head 1: previous 1.00, 1st of 6 (as is 0.17)"
    view.show_snapshot(replace(made, options=ViewOptions(show=Show.DIFFERENCE)))
    assert view.readout == "layer 1, head 1: previous +0.83, 1st of 6 (as is 0.17)"
    bar = view.findChild(ScaleBar)
    assert bar is not None
    assert bar.ticks[0].value < 0


def test_room_decides_how_many_columns_there_are_but_the_chosen_one_stays(view: Measures) -> None:
    view.show_snapshot(known())
    view.ranked.choose(BY_NAME["entropy ÷ log₂ T"])
    view.resize(200, 620)
    view.grab()
    assert not view.ranked.name_area(BY_NAME["entropy ÷ log₂ T"]).isEmpty()
    assert view.ranked.name_area(BY_NAME["entropy"]).isEmpty()
    view.resize(900, 620)
    view.grab()
    shown = [name for name in NAMES if not view.ranked.name_area(BY_NAME[name]).isEmpty()]
    assert shown == list(NAMES[:-2])


@opens_a_menu
def test_a_head_is_silenced_from_the_menu_of_its_row(qtbot: QtBot, view: Measures) -> None:
    view.show_snapshot(known())
    where = rows(view).visualRect(rows(view).model().index(0, 0)).center()
    with menu(rows(view).viewport(), where) as entries, qtbot.waitSignal(view.intervened) as asked:
        entries["Silence head 1.2"].trigger()
    assert asked.args == [Interventions(heads_off=[(0, 1)])]


def test_its_numbers_hold_a_line_a_head_with_all_digits(view: Measures) -> None:
    made = known()
    view.show_snapshot(made)
    trace = made.trace
    assert trace is not None
    assert trace.measures is not None
    header, *lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert header == ["layer", "head", *NAMES]
    assert lines[1][:2] == ["1", "2"]
    found = np.array([np.float32(cell) for cell in lines[1][2:]])
    np.testing.assert_array_equal(found, trace.measures[:, 0, 1])


def test_a_file_is_asked_for(qtbot: QtBot, view: Measures) -> None:
    view.show_snapshot(known())
    with qtbot.waitSignal(view.acted) as acted:
        qtbot.mouseClick(view.over_file.line.ask, Qt.MouseButton.LeftButton)
    assert acted.args == ["measures.file"]


def test_while_a_file_is_read_it_says_how_far_and_can_be_stopped(
    qtbot: QtBot, view: Measures
) -> None:
    view.show_snapshot(with_file(over_file(3), running=True))
    assert view.over_file.line.words == "Heads over a file: 3 of 12, about 3 s left"
    with qtbot.waitSignal(view.cancelled) as cancelled:
        qtbot.mouseClick(view.over_file.line.cancel, Qt.MouseButton.LeftButton)
    assert cancelled.args == [HeadsOverFile]
    view.show_snapshot(with_file(over_file(3)))
    words = "Heads over a file stopped at 3 of 12; what you see is that part."
    assert view.over_file.line.words == words
    assert "over 3 sentences" in view.readout


def test_over_a_file_numbers_are_means_with_their_spread(view: Measures) -> None:
    view.show_snapshot(known())
    view.show_snapshot(with_file(over_file()))
    assert view.over_file.line.words == "brown.txt: mean of 12 sentences"
    assert view.readout == "layer 1, head 1: previous 0.31 ± 0.25 over 12 sentences, 6th of 6"
    assert view.ranked.rows[-1].number(BY_NAME["previous"]) == "0.31 ± 0.25"
    assert "± previous" in view.numbers().splitlines()[0].split("\t")


def test_one_goes_from_the_file_to_the_text_and_back(qtbot: QtBot, view: Measures) -> None:
    report = over_file()
    view.show_snapshot(with_file(report))
    switch = view.over_file.switch
    assert isinstance(switch, QPushButton)
    assert switch.text() == "This text"
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert view.readout == "layer 1, head 1: previous 0.17, 3rd of 6"
    assert switch.text() == "brown.txt"
    view.show_snapshot(with_file(report))
    assert "sentences" not in view.readout
    view.show_snapshot(known())
    assert not switch.isVisible()


def test_the_strongest_sentences_of_the_head_stand_below_and_a_click_reads_one(
    qtbot: QtBot, view: Measures
) -> None:
    view.show_snapshot(with_file(over_file()))
    sentences = view.over_file.sentences
    assert sentences.words == "most previous in head 1.1; a click reads one"
    assert [row.sentence for row in sentences.rows] == list(SENTENCES[:2])
    with qtbot.waitSignal(view.retexted) as read:
        sentences.opened.emit(sentences.rows[1].sentence)
    assert read.args == ["sentence 1", None]
