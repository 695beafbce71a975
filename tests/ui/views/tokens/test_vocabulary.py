"""Tests of Vocabulary: what is found, what each row says, and what its gestures ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from bertviz_app.analysis.vocabulary import Matching
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.vocabulary_rows import VocabularyRow, VocabularyRows
from bertviz_app.ui.views.tokens.vocabulary import VocabularyView
from tests.synthetic import snapshot
from tests.ui.menus import menu, opens_a_menu

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> VocabularyView:
    look.load_fonts()
    look.apply(look.Look())
    made = VocabularyView()
    qtbot.addWidget(made)
    made.resize(520, 500)
    made.show()
    return made


def known(*pieces: str, specials: tuple[int, ...] = ()) -> Snapshot:
    """A snapshot of a model that knows these pieces beside its own."""
    made = snapshot(8)
    assert made.facts is not None
    vocabulary = (*made.facts.vocabulary, *pieces)
    facts = replace(made.facts, vocabulary=vocabulary, specials=frozenset(specials))
    return replace(made, facts=facts)


def pieces(view: VocabularyView) -> list[str]:
    return [row.piece for row in view.list.rows if isinstance(row, VocabularyRow)]


def middle(view: VocabularyView, row: int) -> QPoint:
    return view.list.visualRect(view.list.model().index(row, 0)).center()


def test_all_pieces_are_there_until_letters_are_typed(view: VocabularyView, qtbot: QtBot) -> None:
    view.show_snapshot(known("Handsome", "<b>hand</b>"))
    assert len(pieces(view)) == 66
    assert view.readout == "66 pieces"
    qtbot.keyClicks(view.line, "hand")
    assert pieces(view) == ["hands", "Handsome", "<b>hand</b>"]
    assert view.readout == "3 of 66 pieces contain “hand”"
    qtbot.keyClicks(view.line, "so")
    assert view.readout == "1 of 66 pieces contains “handso”"


def test_letters_may_stand_at_the_start_or_be_all(view: VocabularyView, qtbot: QtBot) -> None:
    view.show_snapshot(known("##hands", "handsome"))
    qtbot.keyClicks(view.line, "hands")
    box = view.findChild(ChoiceBox)
    assert isinstance(box, ChoiceBox)
    box.chosen.emit(Matching.START)
    assert pieces(view) == ["hands", "handsome"]
    assert view.readout == "2 of 66 pieces start with “hands”"
    box.chosen.emit(Matching.EXACT)
    assert view.readout == "1 of 66 pieces is exactly “hands”"


def test_each_row_says_what_it_is(view: VocabularyView) -> None:
    view.show_snapshot(known("[unused7]", "", specials=(0,)))
    rows = view.list.rows
    assert [rows[at].spoken for at in (0, 5, 17, 18, 64, 65)] == [
        "[PAD]: id 0, special",
        "the: id 5, word or start of one, once in your text",
        "un: id 17, word or start of one",
        "##ha: id 18, inside a word",
        "[unused7]: id 64, unused",
        "id 65: the model has a row for it, but the vocabulary no piece",
    ]
    assert not rows[65].choosable


def test_of_a_repeated_piece_the_last_row_counts(view: VocabularyView, qtbot: QtBot) -> None:
    view.show_snapshot(known("the", "new", "new"))
    qtbot.keyClicks(view.line, "the")
    assert [row.spoken for row in view.list.rows][::2] == [
        "the: id 5, repeated as id 64, which texts are read as",
        "the: id 64, word or start of one",
    ]


def test_only_rows_that_are_seen_are_made(
    view: VocabularyView, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    made: list[int] = []
    make = VocabularyRows.__getitem__

    def counted(rows: VocabularyRows, at: int) -> VocabularyRow:
        made.append(at)
        return make(rows, at)

    monkeypatch.setattr(VocabularyRows, "__getitem__", counted)
    view.show_snapshot(snapshot(8, V=50_000))
    view.grab()
    assert len(view.list.rows) == 50_000
    qtbot.keyClick(view.list, Qt.Key.Key_End)
    assert len(made) < 2_000


def test_gestures_speak_of_the_word(view: VocabularyView, qtbot: QtBot) -> None:
    view.show_snapshot(snapshot(8))
    said: list[object] = []
    view.picked.connect(said.append)
    view.previewed.connect(said.append)
    view.filled.connect(lambda at, word: said.append((at, word)))
    qtbot.keyClicks(view.line, "w")
    on = view.list.viewport()
    qtbot.mouseMove(on, middle(view, 1))
    assert view.readout.startswith("washed: id 7")
    qtbot.mouseClick(on, LEFT, pos=middle(view, 1))
    qtbot.mouseDClick(on, LEFT, pos=middle(view, 1))
    assert said == [Pick(word="washed"), Pick(word="washed"), (3, "washed")]


@opens_a_menu
def test_without_a_blank_nothing_is_filled_in(view: VocabularyView, qtbot: QtBot) -> None:
    view.show_snapshot(snapshot(8, masks=()))
    filled: list[object] = []
    view.filled.connect(lambda at, word: filled.append(word))
    qtbot.mouseDClick(view.list.viewport(), LEFT, pos=middle(view, 1))
    with menu(view.list.viewport(), middle(view, 6)) as entries:
        assert list(entries) == ["Follow woman"]
    view.show_snapshot(snapshot(8))
    with menu(view.list.viewport(), middle(view, 6)) as entries:
        entries["Put woman into the blank"].trigger()
    assert filled == ["woman"]


def test_keys_go_from_the_line_into_the_list_and_on_from_the_word(
    view: VocabularyView, qtbot: QtBot
) -> None:
    made = snapshot(8)
    selection = replace(made.state.selection, word="woman")
    view.show_snapshot(replace(made, state=replace(made.state, selection=selection)))
    view.line.setFocus()
    qtbot.keyClick(view.line, Qt.Key.Key_Down)
    assert view.list.hasFocus()
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    qtbot.keyClick(view.list, Qt.Key.Key_Down)
    assert picks == [Pick(word="washed")]


def test_another_model_has_another_vocabulary(view: VocabularyView) -> None:
    view.show_snapshot(snapshot(8))
    view.show_snapshot(snapshot(8, V=30))
    assert view.readout == "30 pieces"


def test_numbers_are_of_what_was_found(view: VocabularyView, qtbot: QtBot) -> None:
    view.show_snapshot(known("=1", specials=(0,)))
    qtbot.keyClicks(view.line, "=")
    assert view.numbers().splitlines() == ["id\tpiece\tsort", "64\t'=1\tword or start of one"]
