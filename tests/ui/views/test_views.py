"""Tests that every view passes as soon as its file exists."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.core.request import Request
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, NoteKind, Pick, Scale, Show, ViewOptions
from bertviz_app.core.trace import Answer, Embeddings, Trace
from bertviz_app.ui import look
from bertviz_app.ui.figure import FigureLine, figure
from bertviz_app.ui.theme import DARK
from bertviz_app.ui.view import Pane, View
from bertviz_app.ui.views import PLACES, place_of, views_of
from tests.synthetic import snapshot

VIEWS = [view for place in PLACES for view in views_of(place)]
STRANGE = ("<b>bold</b>", "שלום", "x" * 300, "\u202eevil", "a\nb\tc", "\x00", "[SEP]", "👩‍👩‍👧")

pytestmark = pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.name)


@pytest.fixture(autouse=True)
def dressed(qtbot: QtBot) -> Iterator[None]:
    look.load_fonts()
    look.apply(look.Look())
    yield
    look.apply(look.Look())


def shown(qtbot: QtBot, kind: type[View], first: Snapshot) -> View:
    view = kind()
    qtbot.addWidget(view)
    view.resize(460, 560)
    view.show_snapshot(first)
    view.show()
    return view


def assert_drawn(view: View) -> None:
    assert "could not be drawn" not in " ".join(said(view))
    assert not view.grab().isNull()


def seen_part(view: View) -> QWidget:
    """What of the picture the mouse is over."""
    picture = view.picture
    return picture.viewport() if isinstance(picture, QAbstractScrollArea) else picture


def said(view: View) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view)]


def test_it_says_what_it_is(qtbot: QtBot, kind: type[View]) -> None:
    view = shown(qtbot, kind, snapshot())
    assert view.objectName() == f"view.{kind.name}"
    assert kind.title
    assert kind.sees
    assert len(kind.explains) > 80
    paragraphs = kind.explains.splitlines()
    assert max(len(paragraph.split()) for paragraph in paragraphs) <= 100
    assert any(paragraph.startswith("Caution: ") for paragraph in paragraphs)
    assert kind in views_of(place_of(kind.name))
    assert isinstance(kind.pane, Pane)
    assert view.accessibleName()


@pytest.mark.parametrize("T", [1, 2, 16, 512])
def test_it_draws_any_number_of_tokens(qtbot: QtBot, kind: type[View], T: int) -> None:
    assert_drawn(shown(qtbot, kind, snapshot(T)))


@pytest.mark.parametrize("folds", [False, True])
def test_it_draws_a_longer_and_then_a_shorter_text(
    qtbot: QtBot, kind: type[View], folds: bool
) -> None:
    options = ViewOptions(fold=folds)
    view = shown(qtbot, kind, snapshot(8, options=options))
    for T in (40, 3, 16, 1):
        view.show_snapshot(snapshot(T, seed=T, options=options))
        assert_drawn(view)


@pytest.mark.parametrize("shape", [(1, 1), (3, 16), (24, 2)])
def test_it_draws_any_shape_of_model(
    qtbot: QtBot, kind: type[View], shape: tuple[int, int]
) -> None:
    view = shown(qtbot, kind, snapshot(8, 6, 12, head=(5, 11)))
    view.show_snapshot(snapshot(8, *shape, head=(5, 11)))
    assert_drawn(view)


def test_while_a_newer_text_waits_it_says_of_which_one_it_is(
    qtbot: QtBot, kind: type[View]
) -> None:
    made = snapshot()
    assert made.answer is not None
    older = replace(made.answer.as_is, request=Request("she \u202ewashed"))
    view = shown(qtbot, kind, replace(made, answer=Answer(older), behind=True))
    assert any("of: “she ‹202E›washed”" in words for words in said(view))


def rounded_otherwise(run: Trace) -> Trace:
    """The same run on a device that rounds otherwise."""

    def noisy(value: object) -> object:
        return value * np.float32(1 + 2.4e-7) if isinstance(value, np.ndarray) else value

    parts = Embeddings(*(noisy(getattr(run.embeddings, part.name)) for part in fields(Embeddings)))
    arrays = {item.name: noisy(getattr(run, item.name)) for item in fields(run)}
    lens, sizes = run.lens, run.sizes
    assert lens is not None
    assert sizes is not None
    inside = {item.name: noisy(getattr(sizes, item.name)) for item in fields(sizes)}
    return replace(
        run,
        **arrays
        | {
            "embeddings": parts,
            "lens": replace(lens, chances=noisy(lens.chances)),
            "sizes": replace(sizes, **inside),
        },
    )


def test_it_does_not_speak_of_rounding_as_of_a_difference(qtbot: QtBot, kind: type[View]) -> None:
    made = snapshot(8, changed=True, options=ViewOptions(show=Show.DIFFERENCE))
    assert made.answer is not None
    as_is = made.answer.as_is
    answer = replace(made.answer, changed=rounded_otherwise(as_is))
    view = shown(qtbot, kind, replace(made, answer=answer))
    assert_drawn(view)
    assert not re.search(r"[+−]\d+e−", view.readout)


@pytest.mark.parametrize("show", Show)
def test_it_draws_both_runs_and_their_difference(
    qtbot: QtBot, kind: type[View], show: Show
) -> None:
    made = snapshot(12, pair=True, changed=True, options=ViewOptions(show=show, first_number=0))
    view = shown(qtbot, kind, made)
    assert_drawn(view)
    for scale in Scale:
        view.show_snapshot(replace(made, options=replace(made.options, scale=scale)))
        assert_drawn(view)


def test_it_draws_numbers_that_are_none(qtbot: QtBot, kind: type[View]) -> None:
    made = snapshot(8, attention=np.full((2, 3, 8, 8), np.nan), masks=())
    assert_drawn(shown(qtbot, kind, made))


@pytest.mark.parametrize("folds", [False, True])
def test_it_draws_strange_tokens_as_plain_text(qtbot: QtBot, kind: type[View], folds: bool) -> None:
    made = snapshot(tokens=STRANGE, token=3, second=1, options=ViewOptions(fold=folds))
    view = shown(qtbot, kind, made)
    assert_drawn(view)
    assert "\n" not in view.readout
    assert "\u202e" not in view.numbers()


def test_it_draws_in_dark_and_in_large_type(qtbot: QtBot, kind: type[View]) -> None:
    look.apply(look.Look(DARK, 2.0))
    assert_drawn(shown(qtbot, kind, snapshot(16, pair=True)))


def test_it_survives_being_hidden_and_shown(qtbot: QtBot, kind: type[View]) -> None:
    view = shown(qtbot, kind, snapshot(8))
    view.hide()
    view.show_snapshot(snapshot(20, seed=3))
    view.show()
    assert_drawn(view)


def test_it_waits_for_an_answer_and_for_a_text(qtbot: QtBot, kind: type[View]) -> None:
    view = shown(qtbot, kind, Snapshot(loading="synthetic"))
    assert any("synthetic" in words for words in said(view))
    view.show_snapshot(snapshot(8))
    assert_drawn(view)
    view.show_snapshot(snapshot(tokens=()))
    assert any("Type a sentence" in words for words in said(view))


@pytest.mark.parametrize("emptied", [snapshot(tokens=()), Snapshot(loading="synthetic")])
def test_its_text_may_go_under_the_mouse(qtbot: QtBot, kind: type[View], emptied: Snapshot) -> None:
    view = shown(qtbot, kind, snapshot(16, masks=(12,)))
    tried: list[Pick | None] = []
    view.previewed.connect(tried.append)
    target = seen_part(view)
    for part in (3, 2):  # no event comes of a mouse that stays where it was
        qtbot.mouseMove(target, QPoint(target.width() // part, target.height() // part))
    view.show_snapshot(emptied)
    assert not view.picture.isVisible()
    assert view.readout == ""
    assert not tried or tried[-1] is None


@pytest.mark.parametrize("changed", [False, True])
def test_out_of_sight_it_keeps_no_run_alive(qtbot: QtBot, kind: type[View], changed: bool) -> None:
    options = ViewOptions(show=Show.DIFFERENCE)
    made = snapshot(6, masks=(), changed=changed, options=options)
    view = shown(qtbot, kind, made)
    view.grab()
    assert isinstance(made.answer, Answer)
    runs = made.answer.as_is, made.answer.shown
    gone = [weakref.ref(kept) for run in runs for kept in (run, run.attention)]
    view.hide()
    view.show_snapshot(snapshot(5, masks=()))
    del made, runs
    gc.collect()
    assert not any(kept() is not None for kept in gone)


def test_waiting_it_keeps_no_run_alive(qtbot: QtBot, kind: type[View]) -> None:
    made = snapshot(6, masks=())
    view = shown(qtbot, kind, made)
    view.grab()
    assert isinstance(made.answer, Answer)
    gone = weakref.ref(made.answer.as_is), weakref.ref(made.answer.as_is.attention)
    view.show_snapshot(snapshot(tokens=()))
    del made
    gc.collect()
    assert [kept() for kept in gone] == [None, None]


def test_it_is_drawn_anew_only_when_it_would_look_different(
    qtbot: QtBot, kind: type[View], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Snapshot] = []
    draw = kind.draw
    monkeypatch.setattr(kind, "draw", lambda view, one: (drawn.append(one), draw(view, one)))
    made = snapshot(8)
    view = shown(qtbot, kind, made)
    view.show_snapshot(replace(made, note=Note("Undo", NoteKind.RECOVERY), can_undo=True))
    assert drawn == [made]
    typed = replace(made, state=replace(made.state, text=made.state.text + "s"))
    view.show_snapshot(typed)
    assert drawn == [made, typed] if kind.follows_typing else drawn == [made]
    assert view.snapshot is typed  # what is clicked now is about this text
    hovered = replace(typed, preview=Pick(layer=1, head=1))
    view.show_snapshot(hovered)
    assert drawn[-1] is hovered
    look.apply(look.Look(theme=DARK))
    view.show_snapshot(hovered)
    view.redraw()
    assert drawn[-3:] == [hovered] * 3


def test_it_goes_into_a_figure(qtbot: QtBot, kind: type[View]) -> None:
    view = shown(qtbot, kind, snapshot(8, changed=True))
    if not view.shows_something:
        return
    lines = [FigureLine(view.heading, look.current().sans())]
    bare, whole = figure(view, [], []), figure(view, lines, lines)
    assert view.heading.startswith(view.title)
    assert whole.width() == bare.width() > 320
    assert whole.height() >= bare.height() + 2 * (8 + 12)


def test_its_question_mark_asks_for_words(qtbot: QtBot, kind: type[View]) -> None:
    view = shown(qtbot, kind, snapshot(8))
    button = view.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert button.accessibleName() == "This view explained"
    with qtbot.waitSignal(view.explained, timeout=1000):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_picks_only_what_exists(qtbot: QtBot, kind: type[View]) -> None:
    made = snapshot(8, token=3)
    view = shown(qtbot, kind, made)
    picks: list[Pick | None] = []
    view.picked.connect(picks.append)
    view.previewed.connect(picks.append)
    target = seen_part(view)
    for x in range(4, target.width(), 23):
        for y in range(4, target.height(), 19):
            qtbot.mouseMove(target, QPoint(x, y))
            if (x + y) % 3 == 0:
                qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(view.picture, key)
    assert isinstance(made.answer, Answer)
    trace = made.answer.shown
    for pick in picks:
        if pick is not None:
            assert pick.layer is None or 0 <= pick.layer < trace.spec.layers
            assert pick.head is None or 0 <= pick.head < trace.spec.heads
            assert (pick.layer is None) == (pick.head is None)
            assert all(
                token is None or 0 <= token < len(trace) for token in (pick.token, pick.second)
            )
