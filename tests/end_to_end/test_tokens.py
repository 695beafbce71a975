"""Place 1 in the real window: the text in pieces, and why these."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from bertviz_app.ui.examples import EXAMPLES
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.views.wordpiece import WordPiece
from tests.fixtures.desk import Desk


def story(desk: Desk) -> list[str]:
    view = desk.view("wordpiece")
    assert isinstance(view, WordPiece)
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
