"""Tests of the token strip: what the boxes say, how they are marked, and every gesture on them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from bertviz_app.core.encoding import Reading
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import HiddenWord, Pick
from bertviz_app.core.trace import Answer, Candidate, MaskPrediction, Trace
from bertviz_app.ui import look
from bertviz_app.ui.parts.pieces import Kind, described, pieces
from bertviz_app.ui.token_strip import OVERVIEW_WORDS, TokenStrip
from tests.synthetic import encoding, model_facts, snapshot, trace
from tests.ui.looking import colours, shows
from tests.ui.menus import KEYBOARD, MOUSE, menu, opens_a_menu

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def strip(qtbot: QtBot) -> TokenStrip:
    look.load_fonts()
    look.apply(look.Look())
    made = TokenStrip()
    qtbot.addWidget(made)
    made.resize(1280, made.height())
    made.show()
    return made


def centre(strip: TokenStrip, token: int) -> QPoint:
    return strip.area_of(token).center().toPoint()


def told(strip: TokenStrip) -> list[Pick | tuple[int, bool] | None]:
    """What the strip says from now on, in order."""
    said: list[Pick | tuple[int, bool] | None] = []
    strip.picked.connect(said.append)
    strip.hidden.connect(lambda token, each: said.append((token, each)))
    return said


def first_trace(made: Snapshot) -> Trace:
    assert made.trace is not None
    return made.trace


def answered(made: Snapshot, **changes: object) -> Snapshot:
    """`made`, with its run as is changed."""
    return replace(made, answer=Answer(replace(first_trace(made), **changes)))


def best(position: int, word: str, probability: float = 0.5) -> MaskPrediction:
    return MaskPrediction(position, (Candidate(word, 9, probability, 1.0, 1),))


def help_event(strip: TokenStrip, point: QPoint) -> QHelpEvent:
    return QHelpEvent(QEvent.Type.ToolTip, point, strip.mapToGlobal(point))


def turn(strip: TokenStrip, by: int) -> None:
    where = QPointF(centre(strip, 0))
    event = QWheelEvent(
        where,
        strip.mapToGlobal(where),
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(strip, event)


# What the boxes say


def test_a_blank_shows_the_word_a_double_click_puts_there() -> None:
    typed = answered(snapshot(masks=(2,)), predictions=(best(3, "her"),))
    (blank,) = (piece for piece in pieces(typed) if piece.kind is Kind.MASK)
    assert (blank.position, blank.text, blank.note) == (3, "[MASK]", "her")
    span = first_trace(typed).encoding.spans[3]
    hidden = replace(typed, state=replace(typed.state, hidden=(HiddenWord(0, span, "His"),)))
    assert pieces(hidden)[3].note == "His"


def test_of_several_masks_for_one_word_the_first_shows_it() -> None:
    made = answered(snapshot(masks=(2, 3)), predictions=())
    spans = first_trace(made).encoding.spans
    word = HiddenWord(0, (spans[3][0], spans[4][1]), "unhappy")
    made = replace(made, state=replace(made.state, hidden=(word,)))
    assert [pieces(made)[at].note for at in (3, 4)] == ["unhappy", ""]


def test_a_change_of_the_best_candidate_is_said() -> None:
    made = snapshot(masks=(2,), changed=True)
    assert made.answer is not None
    assert made.answer.changed is not None
    as_is = replace(made.answer.as_is, predictions=(best(3, "her"),))
    changed = replace(made.answer.changed, predictions=(best(3, "his"),))
    blank = pieces(replace(made, answer=Answer(as_is, changed)))[3]
    assert (blank.note, blank.changed) == ("her → his", True)
    same = replace(changed, predictions=(best(3, "her"),))
    assert not pieces(replace(made, answer=Answer(as_is, same)))[3].changed


def test_a_candidate_that_is_no_number_is_not_said() -> None:
    made = answered(snapshot(masks=(2,)), predictions=(best(3, "her", math.nan),))
    assert pieces(made)[3].note == ""


def test_an_unknown_word_shows_what_was_typed() -> None:
    encoded = replace(encoding(("the", "the")), unknown=(2,))
    made = Snapshot(facts=model_facts(), answer=Answer(trace(encoded, model_facts())))
    unknown = pieces(made)[2]
    assert (unknown.kind, unknown.note) == (Kind.UNKNOWN, "the")
    words = described(made, 2)
    assert words.endswith("No piece of the vocabulary fits “the”, so BERT reads [UNK].")


def test_a_cut_is_marked_where_it_was_made() -> None:
    encoded = encoding(("the", "woman"), ("a", "farmer"))
    encoded = replace(encoded, first=Reading(2, 1234), second=Reading(2, 5))
    made = Snapshot(facts=model_facts(), answer=Answer(trace(encoded, model_facts())))
    texts = [piece.text for piece in pieces(made)]
    assert texts[2:5] == ["woman", "1,232 pieces not read", "[SEP]"]
    assert texts[-2:] == ["3 pieces not read", "[SEP]"]


def test_pieces_of_one_word_stand_together(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(tokens=("un", "##ha", "the")))
    un, ha, the = (strip.area_of(token) for token in (1, 2, 3))
    assert ha.left() - un.right() < the.left() - ha.right()


def test_readout_names_piece_id_position_and_sentence(strip: TokenStrip) -> None:
    made = snapshot(8, pair=True, masks=(), token=6)
    strip.show_snapshot(made)
    encoded = first_trace(made).encoding
    expected = f"{encoded.tokens[6]}: id {encoded.ids[6]}, position 6, sentence B"
    assert strip.readout == f"{expected}; double click: hide its word"
    assert strip.accessibleDescription() == f"{strip.readout}. {OVERVIEW_WORDS}"


def test_readout_says_what_a_double_click_does_to_a_blank(strip: TokenStrip) -> None:
    made = answered(snapshot(masks=(2,), token=3), predictions=(best(3, "her"),))
    strip.show_snapshot(made)
    assert strip.readout.endswith("; double click: put her here")
    span = first_trace(made).encoding.spans[3]
    hidden = replace(made, state=replace(made.state, hidden=(HiddenWord(0, span, "His"),)))
    strip.show_snapshot(hidden)
    assert strip.readout.endswith("; double click: give back His")
    strip.show_snapshot(answered(made, predictions=()))
    assert "double click" not in strip.readout


def test_the_second_sentence_is_b_even_to_a_model_with_one_segment() -> None:
    made = snapshot(8, pair=True, masks=())
    encoded = first_trace(made).encoding
    made = answered(made, encoding=replace(encoded, segments=(0,) * 8))
    assert [piece.sentence for piece in pieces(made)] == list(encoded.segments)
    assert "sentence B" in described(made, 6)
    assert "sentence B" in described(made, 7)


# What it looks like


def test_marks_have_their_colours(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(8, token=2, second=4))
    assert shows(strip, "query", strip.area_of(2)) > 100
    assert shows(strip, "key", strip.area_of(4)) > 100
    assert not shows(strip, "query", strip.area_of(4))


def test_a_blank_is_yellow_and_rests_in_query_orange(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(8, masks=(2,)))
    assert shows(strip, "mask_fill", strip.area_of(3)) > 100
    assert shows(strip, "query", strip.area_of(3))
    assert not shows(strip, "mask_fill", strip.area_of(2))


def test_a_change_is_written_in_the_colour_of_changes(strip: TokenStrip) -> None:
    made = snapshot(masks=(2,), changed=True)
    strip.show_snapshot(made)
    assert pieces(made)[3].changed
    assert shows(strip, "change")
    strip.show_snapshot(snapshot(masks=(2,)))
    assert not shows(strip, "change")


def test_sentences_are_underlined_once_and_twice(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(8, pair=True, masks=()))
    a, b = strip.area_of(1), strip.area_of(6)
    assert shows(strip, "sentence_a", a)
    assert not shows(strip, "sentence_b", a)
    assert shows(strip, "sentence_b", b)
    rows = [
        shows(strip, "sentence_b", QRectF(b.left(), b.top() + down, b.width(), 1))
        for down in range(int(b.height()))
    ]
    lines = "".join("#" if pixels else " " for pixels in rows).split()
    assert len(lines) == 2


def test_hovering_in_another_view_lights_the_token(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(8, masks=()))
    before = shows(strip, "query", strip.area_of(5))
    strip.show_snapshot(replace(snapshot(8, masks=()), preview=Pick(token=5)))
    assert before == 0
    assert shows(strip, "query", strip.area_of(5))


def test_marks_move_nothing(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(8, masks=()))
    before = [strip.area_of(token) for token in range(8)]
    strip.show_snapshot(snapshot(8, masks=(), token=2, second=2, preview=Pick(token=4)))
    assert [strip.area_of(token) for token in range(8)] == before


@pytest.mark.parametrize("T", [1, 2, 16, 512])
@pytest.mark.parametrize("lines", [1, 2])
def test_every_number_of_tokens_is_painted(strip: TokenStrip, T: int, lines: int) -> None:
    strip.most_lines = lines
    strip.show_snapshot(snapshot(T, masks=() if T < 3 else (0,)))
    assert shows(strip, "text") > 10


def test_hostile_pieces_are_painted_as_they_are(strip: TokenStrip) -> None:
    hostile = ("<img src=x>", "x" * 300, "אבגד", "&amp;", "a\u202eb", "\0", "z" + "\u0301" * 80)
    made = snapshot(tokens=hostile)
    strip.show_snapshot(made)
    texts = [piece.text for piece in pieces(made)[1:-1]]
    assert texts[0] == "<img src=x>"
    assert texts[1] == "x" * 31 + "…"
    assert texts[3:6] == ["&amp;", "a‹202E›b", "␀"]
    lefts = [strip.area_of(token).left() for token in range(len(hostile) + 2)]
    assert lefts == sorted(lefts)
    assert shows(strip, "text")


def test_a_tooltip_is_never_rich_text(strip: TokenStrip, qtbot: QtBot) -> None:
    strip.show_snapshot(snapshot(tokens=("<b>bold</b>", "the")))
    point = centre(strip, 1)
    qtbot.mouseMove(strip, point)
    QApplication.sendEvent(strip, help_event(strip, point))
    assert "&lt;b&gt;bold&lt;/b&gt;" in QToolTip.text()
    assert OVERVIEW_WORDS not in QToolTip.text()
    QApplication.sendEvent(strip, help_event(strip, QPoint(point.x(), strip.height() - 5)))
    assert OVERVIEW_WORDS in QToolTip.text()
    QToolTip.hideText()


def test_tints_colour_the_overview(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(8, masks=()))
    ink = look.current().theme.ink[-1].lower()
    assert not colours(strip)[ink]
    strip.tints = {3: QColor(ink)}
    assert colours(strip)[ink]


def test_nothing_is_painted_before_the_first_answer(strip: TokenStrip) -> None:
    strip.show_snapshot(Snapshot(loading="bundled model"))
    assert strip.readout == ""
    strip.clearFocus()
    assert len(colours(strip)) == 1


# Gestures


def test_hover_previews_and_leaving_takes_it_back(strip: TokenStrip, qtbot: QtBot) -> None:
    said: list[Pick | None] = []
    strip.previewed.connect(said.append)
    strip.show_snapshot(snapshot(8))
    qtbot.mouseMove(strip, centre(strip, 2))
    qtbot.mouseMove(strip, centre(strip, 2) + QPoint(2, 0))
    qtbot.mouseMove(strip, centre(strip, 5))
    strip.hide()
    assert said == [Pick(token=2), Pick(token=5), None]


def test_click_keeps_and_control_keeps_the_second(strip: TokenStrip, qtbot: QtBot) -> None:
    strip.show_snapshot(snapshot(8))
    said = told(strip)
    qtbot.mouseClick(strip, LEFT, pos=centre(strip, 2))
    qtbot.mouseClick(strip, LEFT, CONTROL, centre(strip, 5))
    assert said == [Pick(token=2), Pick(second=5)]


def test_double_click_hides_the_word(strip: TokenStrip, qtbot: QtBot) -> None:
    strip.show_snapshot(snapshot(8))
    said = told(strip)
    for modifier in (Qt.KeyboardModifier.NoModifier, SHIFT):
        qtbot.mouseClick(strip, LEFT, modifier, centre(strip, 4))
        qtbot.mouseDClick(strip, LEFT, modifier, centre(strip, 4))
    assert [what for what in said if isinstance(what, tuple)] == [(4, False), (4, True)]


def test_double_click_means_the_token_of_its_first_click(strip: TokenStrip, qtbot: QtBot) -> None:
    made = snapshot(512, masks=())
    strip.show_snapshot(made)
    said = told(strip)
    edge = QPoint(strip.width() - 4, centre(strip, 0).y())
    token = strip.token_at(QPointF(edge))
    assert token is not None
    qtbot.mouseClick(strip, LEFT, pos=edge)
    strip.show_snapshot(snapshot(512, masks=(), token=token))
    assert strip.token_at(QPointF(edge)) != token
    qtbot.mouseDClick(strip, LEFT, pos=edge)
    assert said[-1] == (token, False)


def test_added_tokens_are_not_hidden(strip: TokenStrip, qtbot: QtBot) -> None:
    strip.show_snapshot(snapshot(8))
    said = told(strip)
    qtbot.mouseClick(strip, LEFT, pos=centre(strip, 0))
    qtbot.mouseDClick(strip, LEFT, pos=centre(strip, 0))
    assert not [what for what in said if isinstance(what, tuple)]


def test_keys_move_the_pin_and_stop_at_the_ends(strip: TokenStrip, qtbot: QtBot) -> None:
    strip.show_snapshot(snapshot(8, masks=(), token=6))
    said = told(strip)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(strip, key)
    strip.show_snapshot(snapshot(8, masks=(), token=7))
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert said == [Pick(token=at) for at in (5, 7, 0, 7, 7)]


def test_keys_hide_and_keep_the_second(strip: TokenStrip, qtbot: QtBot) -> None:
    strip.show_snapshot(snapshot(8, masks=(), token=3))
    said = told(strip)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    qtbot.keyClick(strip, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClick(strip, Qt.Key.Key_Return, CONTROL)
    assert said == [(3, False), (3, True), Pick(second=3)]


def test_an_arrow_begins_at_the_first_token(strip: TokenStrip, qtbot: QtBot) -> None:
    strip.show_snapshot(snapshot(8, masks=()))
    said = told(strip)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert said == [Pick(token=0)]


@opens_a_menu
def test_menu_offers_what_can_be_done(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(tokens=("the", "un", "##ha"), token=2))
    said = told(strip)
    for reason, where in ((MOUSE, centre(strip, 2)), (KEYBOARD, QPoint())):
        with menu(strip, where, reason) as entries:
            assert list(entries) == [
                "Follow what un looks at",
                "Follow who looks at un",
                "Hide its word",
                "Hide its word, one [MASK] a piece",
            ]
            for entry in entries.values():
                entry.trigger()
    assert said == 2 * [Pick(token=2), Pick(second=2), (2, False), (2, True)]


@opens_a_menu
def test_menu_of_a_blank_gives_the_word_back(strip: TokenStrip) -> None:
    made = answered(snapshot(masks=(2,)), predictions=(best(3, "her"),))
    strip.show_snapshot(made)
    with menu(strip, centre(strip, 3)) as entries:
        assert "Put her here" in entries
    span = first_trace(made).encoding.spans[3]
    hidden = replace(made, state=replace(made.state, hidden=(HiddenWord(0, span, "A&B"),)))
    strip.show_snapshot(hidden)
    with menu(strip, centre(strip, 3)) as entries:
        assert "Give back A&&B" in entries
    with menu(strip, centre(strip, 0)) as entries:
        assert len(entries) == 2
    with menu(strip, QPoint(1270, 2)) as entries:
        assert entries == {}


# Scrolling


def test_a_pin_out_of_sight_is_scrolled_to(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(512, masks=()))
    assert strip.area_of(400).left() > strip.width()
    strip.show_snapshot(snapshot(512, masks=(), token=400))
    area = strip.area_of(400)
    assert area.left() > 0
    assert area.right() < strip.width()


def test_what_is_typed_is_scrolled_to_and_stays_where_the_wheel_brings_it(
    strip: TokenStrip,
) -> None:
    made = snapshot(400)
    encoded = first_trace(made).encoding
    end = encoded.spans[390][1]
    typed = replace(made, state=replace(made.state, cursor=(0, end)))
    strip.show_snapshot(made)
    assert strip.area_of(390).left() > strip.width()
    strip.show_snapshot(typed)
    assert 0 <= strip.area_of(390).left() < strip.area_of(390).right() <= strip.width()
    turn(strip, 120 * 1000)
    assert strip.area_of(390).left() > strip.width()
    strip.show_snapshot(replace(typed, preview=Pick(token=3)))
    assert strip.area_of(390).left() > strip.width()
    elsewhere = replace(typed.state, text="a text that is not read yet", cursor=(0, end))
    strip.show_snapshot(replace(typed, state=elsewhere))
    assert strip.area_of(390).left() > strip.width()


def test_the_wheel_scrolls_and_stops_at_the_ends(strip: TokenStrip) -> None:
    strip.show_snapshot(snapshot(512, masks=()))
    start = strip.area_of(0).left()
    turn(strip, 120)
    assert strip.area_of(0).left() == start
    turn(strip, -120)
    assert strip.area_of(0).left() < start
    turn(strip, -10_000_000)
    assert strip.area_of(511).right() <= strip.width()


def test_two_lines_wrap_and_scroll_by_lines(strip: TokenStrip) -> None:
    strip.most_lines = 2
    strip.show_snapshot(snapshot(512, masks=()))
    high = strip.height()
    tops = {strip.area_of(token).top() for token in range(40)}
    assert len(tops) >= 2
    assert all(strip.area_of(token).right() <= strip.width() for token in range(512))
    strip.show_snapshot(snapshot(512, masks=(), token=500))
    assert 0 <= strip.area_of(500).top() < high
    strip.most_lines = 1
    assert strip.height() < high
    assert 0 < strip.area_of(500).left() < strip.width()


def test_a_second_line_is_there_only_for_a_text_that_needs_it(strip: TokenStrip) -> None:
    high = strip.height()
    strip.most_lines = 2
    assert strip.height() == high
    strip.show_snapshot(snapshot(8, masks=()))
    assert strip.height() == high
    strip.show_snapshot(snapshot(40, masks=()))
    taller = strip.height()
    assert taller > high
    strip.show_snapshot(snapshot(512, masks=()))
    assert strip.height() == taller
    strip.show_snapshot(snapshot(8, masks=()))
    assert strip.height() == high


def test_the_overview_leads_to_every_token(strip: TokenStrip, qtbot: QtBot) -> None:
    strip.show_snapshot(snapshot(512, masks=()))
    said = told(strip)
    bottom = strip.height() - 5
    qtbot.mouseClick(strip, LEFT, pos=QPoint(8, bottom))
    qtbot.mouseClick(strip, LEFT, pos=QPoint(strip.width() - 9, bottom))
    assert said == [Pick(token=0), Pick(token=511)]


def test_where_all_pieces_are_seen_each_has_its_stripe_under_it(
    strip: TokenStrip, qtbot: QtBot
) -> None:
    strip.show_snapshot(snapshot(8, masks=()))
    ink = look.current().theme.ink[-1].lower()
    strip.tints = {5: QColor(ink)}
    image, bottom, box = strip.grab().toImage(), strip.height() - 5, strip.area_of(5)
    stripe = [x for x in range(strip.width()) if image.pixelColor(x, bottom).name() == ink]
    assert (stripe[0], stripe[-1]) == pytest.approx((box.left(), box.right()), abs=2)
    said = told(strip)
    qtbot.mouseClick(strip, LEFT, pos=QPoint(centre(strip, 6).x(), bottom))
    qtbot.mouseClick(strip, LEFT, pos=QPoint(strip.width() - 9, bottom))
    assert said == [Pick(token=6)]


def test_larger_text_makes_larger_boxes(strip: TokenStrip) -> None:
    made = snapshot(8)
    strip.show_snapshot(made)
    wide, high = strip.area_of(2).width(), strip.height()
    look.apply(look.Look(text_size=1.5))
    strip.show_snapshot(replace(made))
    assert strip.area_of(2).width() > 1.3 * wide
    assert strip.height() > 1.3 * high
    look.apply(look.Look())


def test_numbers_that_are_none_do_not_stop_the_strip(strip: TokenStrip) -> None:
    made = snapshot(8, attention=np.full((2, 3, 8, 8), np.nan))
    strip.show_snapshot(made)
    assert shows(strip, "text")
