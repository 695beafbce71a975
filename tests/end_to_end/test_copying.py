"""Copying and explaining, with the real window: a view or Answer, as picture and as numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Note, NoteKind, Show
from bertviz_app.core.trace import Trace
from bertviz_app.ui.answer.menu import AnswerMenu
from bertviz_app.ui.figure import at_rest, figure
from bertviz_app.ui.panes import Spot
from tests.fixtures.desk import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def copied(desk: Desk) -> list[dict[str, str]]:
    """The numbers that Ctrl+Shift+C puts on the clipboard, a row a line."""
    QGuiApplication.clipboard().clear()
    desk.key(Qt.Key.Key_C, CONTROL | SHIFT)
    head, *lines = QGuiApplication.clipboard().text().split("\n")
    names = head.split("\t")
    return [dict(zip(names, line.split("\t"), strict=False)) for line in lines]


def hover(widget: QWidget) -> None:
    """Let the mouse enter a widget."""
    point = QPointF(widget.rect().center())
    QApplication.sendEvent(widget, QEnterEvent(point, point, point))


def probability_and_rank(trace: Trace, blank: int, word: int) -> tuple[float, int]:
    """Straight from the logits."""
    assert trace.mask_logits is not None
    logits = trace.mask_logits[trace.encoding.masks.index(blank)].astype(np.float64)
    top = logits.max()
    exact = math.exp(logits[word] - top) / np.exp(logits - top).sum()
    return exact, 1 + int((logits > logits[word]).sum())


def test_answer_copies_every_blank_in_both_runs(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The [MASK] washed [MASK] hands.")
    desk.frame.answer.what_about.begin()
    desk.qtbot.keyClicks(desk.frame.answer.what_about.field, "our snowboarding")
    desk.session.intervene(Interventions(causal=True))
    desk.settle()
    desk.wait(lambda: all(row.said != "…" for row in desk.frame.answer.what_about.rows.rows))
    rows = copied(desk)
    answer, facts = desk.snapshot.answer, desk.snapshot.facts
    assert answer is not None
    assert answer.changed is not None
    assert facts is not None
    assert [int(row["position"]) for row in rows if row["word"] == "our"] == [2, 4]
    for row in rows:
        if row["word"] not in facts.ids:
            continue
        for name, trace in (("as is", answer.as_is), ("changed", answer.changed)):
            blank, word = int(row["position"]), facts.ids[row["word"]]
            exact, rank = probability_and_rank(trace, blank, word)
            assert float(row[f"probability {name}"]) == pytest.approx(exact, rel=1e-8)
            assert int(row[f"rank {name}"]) == rank
    for blank in ("2", "4"):
        here = [row for row in rows if row["position"] == blank]
        kept = [row for row in here if row["row"] in ("listed", "not in this list")]
        assert sum(float(row["probability changed"]) for row in kept) == pytest.approx(1, abs=1e-6)
    several = [row for row in rows if row["word"] == "snowboarding"]
    assert several[0]["row"] == "asked, 2 pieces"
    assert 0 < float(several[0]["probability as is"]) < 1e-3
    assert several[1]["row"] == "asked"  # of another blank nothing is known


def test_answer_copies_both_runs_whatever_is_shown(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.session.intervene(Interventions(heads_off={(5, 8)}))
    desk.settle()
    desk.frame.answer.what_about.begin()
    found = []
    for show in Show:
        desk.frame.change_bar.shown.emit(show)
        desk.settle()
        found.append({row["word"]: row for row in copied(desk)}["her"])
    assert found[0] == found[1] == found[2]
    before, after = (float(found[0][f"probability {run}"]) for run in ("as is", "changed"))
    assert float(found[0]["probability changed − as is"]) == pytest.approx(after - before)


def test_the_what_if_of_answer_is_a_column_of_its_own(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.session.choose(replace(desk.snapshot.options, temperature=2.0))
    desk.settle()
    desk.frame.answer.what_about.begin()
    rows = copied(desk)
    trace = desk.snapshot.trace
    assert trace is not None
    assert trace.mask_logits is not None
    powers = np.exp(trace.mask_logits[0].astype(np.float64) / 2)
    assert desk.snapshot.facts is not None
    her = desk.snapshot.facts.ids["her"]
    found = next(row for row in rows if row["word"] == "her")
    assert float(found["probability at temperature 2"]) == pytest.approx(powers[her] / powers.sum())
    assert all(len(row) == len(rows[0]) for row in rows)


def test_with_nothing_hidden_the_words_at_the_pinned_token_are_copied(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "The woman washed her hands.")
    desk.frame.strip.setFocus()
    desk.key(Qt.Key.Key_Home)
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_Right)
    desk.wait(lambda: bool(desk.frame.answer.content.rows))
    desk.frame.answer.what_about.begin()
    rows = copied(desk)
    assert desk.frame.answer.heading == "Answer  At woman, with the word left in"
    assert rows[0]["at"] == "woman"
    assert rows[0]["word"] == "woman"
    assert rows[0]["rank"] == "1"


def test_what_has_the_keyboard_is_copied_and_explained(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.window.open_view("attention")
    desk.settle()
    answer, map_view = desk.frame.answer, desk.view("attention")

    def explained() -> str:
        desk.key(Qt.Key.Key_F1)
        page = desk.frame.sheet.page
        assert page is not None
        desk.frame.sheet.close_sheet()
        return page.title

    desk.frame.text_row.fields[0].setFocus()
    assert explained() == "Map explained"  # neither keyboard nor mouse is in a view
    hover(answer)
    assert explained() == "Answer explained"
    map_view.picture.setFocus()
    assert explained() == "Map explained"
    QApplication.sendEvent(answer, QEvent(QEvent.Type.Leave))
    answer.what_about.field.setFocus()
    assert explained() == "Answer explained"


@pytest.mark.parametrize("wide", [1280, 1920])
def test_a_view_is_explained_beside_it(open_desk: Callable[..., Desk], wide: int) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.window.resize(wide, 800)
    desk.settle()
    for view in desk.frame.panes.visible_views():
        view.explained.emit()
        sheet = desk.frame.sheet
        assert sheet.isVisible()
        assert sheet.page is not None
        assert sheet.page.title == f"{view.title} explained"
        corner = view.mapTo(desk.frame, QPoint(0, 0))
        assert not sheet.geometry().intersects(QRect(corner, view.size()))
        sheet.close_sheet()


def test_the_menu_of_answer_explains_it(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    more = desk.frame.answer.findChild(AnswerMenu)
    assert isinstance(more, AnswerMenu)
    entry = next(one for one in more.menu().actions() if one.text() == "Answer explained")
    entry.trigger()
    page = desk.frame.sheet.page
    assert page is not None
    assert page.title == "Answer explained"


def figure_of(desk: Desk) -> QImage:
    QGuiApplication.clipboard().clear()
    desk.window.act("view.copy")
    return QGuiApplication.clipboard().image()


def test_the_figure_is_the_same_wherever_the_mouse_is(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.window.open_view("attention")
    desk.settle()
    picture = desk.view("attention").picture
    assert isinstance(picture, QAbstractScrollArea)
    figure_of(desk)
    desk.settle()  # the note has come, and the map is lower now
    without = figure_of(desk)
    picture.setFocus()
    point = picture.viewport().rect().center()
    desk.qtbot.mouseMove(picture.viewport(), point)
    hover(picture.viewport())
    hovered = desk.view("attention").readout
    desk.wait(lambda: desk.snapshot.preview is not None)
    assert figure_of(desk) == without
    assert desk.view("attention").readout != hovered
    assert picture.hasFocus()


def test_nothing_in_the_figure_of_answer_invites_to_be_clicked(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    seen = figure(desk.frame.answer, [], [])  # with ↵ in the row of the word that is followed
    with at_rest(desk.frame.answer):
        assert figure(desk.frame.answer, [], []) != seen
    assert figure(desk.frame.answer, [], []) == seen


def test_copying_is_said_and_pushes_no_fault_away(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.window.open_view("attention")
    desk.settle()
    figure_of(desk)
    note = desk.snapshot.note
    assert note is not None
    assert note.text == "Copied the picture and the numbers of Map, 8 rows."
    desk.window.open_view("switchboard")  # where nothing is computed before it is asked for
    desk.settle()
    desk.frame.panes.panes[Spot.ALL].tabs.setFocus()
    hover(desk.view("switchboard"))
    figure_of(desk)
    note = desk.snapshot.note
    assert note is not None
    assert note.text == "Copied the picture of Switchboard."
    fault = Note("It broke.", NoteKind.FAULT)
    desk.session.note(fault)
    figure_of(desk)
    assert desk.snapshot.note is fault


def test_a_sentence_in_the_place_of_a_picture_is_not_copied(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "The woman washed her hands.")
    desk.window.open_view("effects")
    desk.settle()
    QGuiApplication.clipboard().setText("mine")
    desk.window.act("view.copy")
    assert QGuiApplication.clipboard().text() == "mine"
    note = desk.snapshot.note
    assert note is not None
    assert note.text == "Effect shows nothing to copy."


def test_what_stood_before_comes_back(
    open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bertviz_app.session.passing.LEGIBLE", 0.05)
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.window.open_view("attention")
    desk.settle()
    offer = Note("A change is gone.", NoteKind.RECOVERY, "edit.undo")
    desk.session.note(offer)
    said: list[Note | None] = []
    desk.session.changed.connect(lambda snapshot: said.append(snapshot.note))
    figure_of(desk)
    desk.wait(lambda: len(said) > 1 and said[-1] is offer)
    assert any(note is not None and note.text.startswith("Copied") for note in said)
