"""Tests of Pieces: what each row says of its token, and what its gestures ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.core.encoding import Reading
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Answer
from bertviz_app.ui import look
from bertviz_app.ui.parts.piece_rows import PieceColumns, PieceRow, TokenFacts, UnreadRow
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.views.tokens.tokens import Tokens
from tests.synthetic import encoding, model_facts, snapshot, trace
from tests.ui.menus import menu, opens_a_menu

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot: QtBot) -> Tokens:
    look.load_fonts()
    look.apply(look.Look())
    made = Tokens()
    qtbot.addWidget(made)
    made.resize(460, 500)
    made.show()
    return made


def table(view: Tokens) -> RowList:
    found = view.findChild(RowList)
    assert isinstance(found, RowList)
    return found


def middle(view: Tokens, row: int) -> QPoint:
    rows = table(view)
    return rows.visualRect(rows.model().index(row, 0)).center()


def told(view: Tokens) -> list[tuple[int, str, int, str, str]]:
    """Position, piece, id, sentence and word of each token's row."""
    tokens = [row.facts for row in view.rows if isinstance(row, PieceRow)]
    return [(one.position, one.piece, one.id, one.letter, one.word) for one in tokens]


def test_each_token_is_told_with_its_id_and_its_word(view: Tokens) -> None:
    view.show_snapshot(snapshot(tokens=("un", "##ha", "##pp", ".")))
    assert told(view) == [
        (0, "[CLS]", 2, "A", ""),
        (1, "un", 17, "A", "unhapp"),
        (2, "##ha", 18, "A", "unhapp"),
        (3, "##pp", 19, "A", "unhapp"),
        (4, ".", 16, "A", "."),
        (5, "[SEP]", 3, "A", ""),
    ]


def test_the_characters_of_a_long_text_find_room(view: Tokens) -> None:
    far = TokenFacts(1, "cat", 1, "A", added=False, span=(99_995, 99_998))
    assert far.characters == "99996–99998"
    wide = look.text_width(look.current().mono(), far.characters)
    for width in (300, 460, 800):
        left, right = PieceColumns.of(width, 0, wide).span
        assert right - left > wide


def test_a_pair_has_two_letters(view: Tokens) -> None:
    view.show_snapshot(snapshot(9, pair=True))
    assert [letter for _, _, _, letter, _ in told(view)] == [*"AAAAA", *"BBBB"]


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (1, "un: id 17, position 1, letters 1–2 of “unhapp”"),
        (3, "##pp: id 19, position 3, letters 5–6 of “unhapp”"),
        (4, ".: id 16, position 4, letter 1 of “.”"),
        (0, "[CLS]: id 2, position 0, put before the text"),
        (5, "[SEP]: id 3, position 5, put at the end of sentence A"),
    ],
)
def test_readout_is_of_the_pin_and_under_the_mouse_of_what_is_hovered(
    view: Tokens, token: int, words: str
) -> None:
    made = snapshot(tokens=("un", "##ha", "##pp", "."), token=token)
    view.show_snapshot(made)
    assert view.readout == words
    view.show_snapshot(replace(made, preview=Pick(token=2)))
    assert view.readout == "##ha: id 18, position 2, letters 3–4 of “unhapp”"


def test_what_found_no_room_is_a_row(view: Tokens) -> None:
    facts = model_facts()
    read = replace(encoding(("the", "woman"), ("her",)), first=Reading(2, 613, 9))
    view.show_snapshot(Snapshot(facts=facts, answer=Answer(trace(read, facts))))
    assert [row.spoken for row in view.rows if isinstance(row, UnreadRow)] == [
        "611 pieces of A not read"
    ]
    assert isinstance(view.rows[3], UnreadRow)


@opens_a_menu
def test_gestures_mean_what_they_mean_everywhere(view: Tokens, qtbot: QtBot) -> None:
    view.show_snapshot(snapshot(8, masks=(), token=1))
    picks: list[Pick | None] = []
    hidden: list[tuple[int, bool]] = []
    view.picked.connect(picks.append)
    view.previewed.connect(picks.append)
    view.hidden.connect(lambda at, each: hidden.append((at, each)))
    on = table(view).viewport()
    qtbot.mouseMove(on, middle(view, 3))
    qtbot.mouseClick(on, LEFT, pos=middle(view, 3))
    qtbot.mouseClick(on, LEFT, CONTROL, middle(view, 4))
    qtbot.mouseDClick(on, LEFT, SHIFT, middle(view, 4))
    qtbot.keyClick(table(view), Qt.Key.Key_Down)
    assert picks == [Pick(token=3), Pick(token=3), Pick(second=4), Pick(token=2)]
    assert hidden == [(4, True)]
    with menu(on, middle(view, 5)) as entries:
        entries["Hide its word"].trigger()
    assert hidden[1:] == [(5, False)]


def test_what_is_changed_inside_bert_changes_no_piece(view: Tokens) -> None:
    view.show_snapshot(snapshot(8, changed=True))
    assert not any("changed" in label.text() for label in view.findChildren(QLabel))


def test_numbers_are_of_all_rows(view: Tokens) -> None:
    view.show_snapshot(snapshot(tokens=("=un", "##ha")))
    assert view.numbers().splitlines() == [
        "piece\tid\tsentence\tposition\tfrom character\tto\tword",
        "[CLS]\t2\tA\t0\t\t\t",
        "'=un\t1\tA\t1\t1\t3\t'=",
        "##ha\t18\tA\t2\t4\t5\tunha",
        "[SEP]\t3\tA\t3\t\t\t",
    ]
