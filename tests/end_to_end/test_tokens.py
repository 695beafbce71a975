"""Place 1 in the real window: the text in pieces, and why these."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from bertviz_app.core.state import Pick
from bertviz_app.ui.examples import EXAMPLES
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.views.embeddings.nearest import NearestWords
from bertviz_app.ui.views.tokens.vocabulary import VocabularyView
from bertviz_app.ui.views.tokens.wordpiece import WordPieceView
from tests.fixtures.desk import Desk


def story(desk: Desk) -> list[str]:
    view = desk.view("wordpiece")
    assert isinstance(view, WordPieceView)
    return [row.spoken for row in view.rows]


def test_the_example_of_pieces_is_told_word_by_word_and_a_click_says_why(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.show_example(next(one for one in EXAMPLES if one.view == "wordpiece"))
    desk.settle()
    assert len(desk.view("tokens").numbers().splitlines()) == 15
    told = story(desk)
    assert told[1] == "“Unhappiness” is 4 pieces: un is the longest start in the vocabulary"
    assert told[-1] == "No piece of the vocabulary fits “😀”, so BERT reads [UNK]."
    rows = desk.view("wordpiece").picture
    assert isinstance(rows, RowList)
    where = rows.visualRect(rows.model().index(1, 0)).center()
    desk.qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
    told = story(desk)
    assert told[:2] == ["typed: Unhappiness,", "lower case: unhappiness,"]
    assert "“##ha” is in the vocabulary, id 3270: the longest start of “happiness”" in told
    assert "BERT reads: un ##ha ##pp ##iness" in told


def test_the_word_that_is_typed_is_told_at_every_key(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "a")
    desk.window.open_view("wordpiece")
    desk.settle()
    desk.retype("Some snowboard")
    assert story(desk)[0] == "typed: snowboard"
    desk.type("ing")
    assert story(desk)[0] == "typed: snowboarding"
    assert "BERT reads: snow ##boarding" in story(desk)


def test_the_word_at_the_text_cursor_is_told_by_keys_and_clicks_at_no_cost(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "Some snowboard")
    desk.window.open_view("wordpiece")
    desk.settle()
    assert story(desk)[0].startswith("typed, ")
    field, answer = desk.frame.text_row.fields[0], desk.snapshot.answer
    desk.qtbot.keyClick(field, Qt.Key.Key_Left)
    assert story(desk)[0] == "typed: snowboard"
    cursor = field.textCursor()
    cursor.setPosition(2)
    at = field.cursorRect(cursor).center()
    desk.qtbot.mouseClick(field.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert story(desk)[0] == "typed: Some"
    desk.settle()
    assert desk.snapshot.answer is answer
    assert not desk.snapshot.can_undo


def test_a_piece_of_the_vocabulary_is_followed_and_fills_the_blank(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.open_view("vocabulary")
    view = desk.view("vocabulary")
    assert isinstance(view, VocabularyView)
    desk.qtbot.keyClicks(view.line, "wash")
    assert view.readout == "6 of 30,522 pieces contain “wash”"
    wash = view.list.model().index(2, 0)
    where = view.list.visualRect(wash).center()
    desk.qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert desk.snapshot.word == "wash"
    desk.qtbot.mouseDClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    desk.settle()
    assert desk.session.state.text == "The woman washed wash hands."


def test_the_nearest_words_follow_the_pin_the_layer_and_what_is_typed(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.open_view("nearest")
    view = desk.view("nearest")
    assert isinstance(view, NearestWords)
    desk.frame.strip.picked.emit(Pick(token=2))
    desk.settle()
    assert view.readout.startswith("nearest to woman in the token table: women 0.")
    view.findChildren(ChoiceBox)[0].chosen.emit(6)
    desk.settle()
    assert view.readout.startswith("nearest to woman after layer 6: woman 0.")
    desk.qtbot.keyClicks(view.line, "unhappiness")
    desk.settle()
    assert view.about.startswith("“unhappiness” is 4 pieces, un ##ha ##pp ##iness: the mean")
