"""Tests of Why these pieces: which word it tells, its steps and tries, and when it keeps quiet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.wordpiece import (
    Fate,
    Step,
    Stretch,
    WhyThesePieces,
    WordPieceAnswer,
    WordStory,
)
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.parts.wordpiece_rows import FoldRow, StoryRow, TryRow
from bertviz_app.ui.views.tokens.wordpiece import DISAGREES, WordPieceView
from tests.synthetic import model_facts, snapshot

LEFT = Qt.MouseButton.LeftButton

UNHAPP = WordStory(
    sentence=0,
    span=(0, 6),
    stretch=Stretch(
        "Unhapp,",
        (Step("clean text", "Unhapp,"), Step("lower case", "unhapp,")),
        ("unhapp", ","),
    ),
    at=0,
    fate=Fate.CUT,
    ends=(2, 4, 6),
    token=1,
    pieces=("un", "##ha", "##pp"),
    read=3,
)


@pytest.fixture
def view(qtbot: QtBot) -> WordPieceView:
    look.load_fonts()
    look.apply(look.Look())
    made = WordPieceView()
    qtbot.addWidget(made)
    made.resize(520, 500)
    made.show()
    return made


def told(made: Snapshot, *words: WordStory, agrees: bool = True) -> Snapshot:
    """`made` with these stories of its words instead of its own."""
    assert made.trace is not None
    question = WhyThesePieces(made.trace.request.text, made.trace.request.pair)
    answer = WordPieceAnswer(words, 100, agrees)
    return replace(made, reports={WhyThesePieces: JobReport(question, 1, 1, answer)})


def box(view: WordPieceView, words: str) -> QCheckBox:
    return next(one for one in view.findChildren(QCheckBox) if one.text() == words)


def spoken(view: WordPieceView) -> list[str]:
    return [row.spoken for row in view.rows]


def of_a_word(**changes: object) -> Snapshot:
    """A text of one word, pinned, with its story."""
    made = snapshot(tokens=("un", "##ha", "##pp", "."), token=1)
    return told(made, replace(UNHAPP, **changes))  # type: ignore[arg-type]


# Which word


def test_the_pinned_word_is_told(view: WordPieceView) -> None:
    view.show_snapshot(snapshot(tokens=("her", "un", "##ha", "##pp"), token=3))
    assert spoken(view)[0] == "typed: unhapp"
    assert view.readout == "“unhapp” is 3 pieces: un is the longest start in the vocabulary"


@pytest.mark.parametrize(("at", "word"), [(1, "her"), (3, "her"), (6, "unhapp"), (10, "unhapp")])
def test_with_none_pinned_it_is_the_word_at_the_cursor(
    view: WordPieceView, at: int, word: str
) -> None:
    made = snapshot(tokens=("her", "un", "##ha", "##pp"), masks=())
    view.show_snapshot(replace(made, state=replace(made.state, cursor=(0, at))))
    assert spoken(view)[0] == f"typed: {word}"


def test_between_a_word_and_a_mark_it_is_the_word(view: WordPieceView) -> None:
    made = snapshot(tokens=("her", "."), masks=())
    words = [
        replace(UNHAPP, span=(0, 3), stretch=Stretch("her.", (), ("her", ".")), pieces=("her",)),
        replace(UNHAPP, span=(3, 4), stretch=Stretch("her.", (), ("her", ".")), at=1, token=2),
    ]
    made = told(made, *words[::-1])
    view.show_snapshot(replace(made, state=replace(made.state, cursor=(0, 3))))
    assert "split: her | ." in spoken(view)
    assert "“her" in view.readout


def test_else_it_is_the_whole_text(view: WordPieceView) -> None:
    view.show_snapshot(snapshot(tokens=("her", "un", "##ha", "[MASK]"), masks=()))
    rows = [row for row in view.rows if isinstance(row, StoryRow)]
    assert [row.typed for row in rows] == ["her", "unha", "[MASK]"]
    assert not box(view, "every try").isVisible()
    assert view.readout == "3 words and marks are 4 pieces; click one to see why"


def test_the_whole_text_can_be_asked_for(view: WordPieceView, qtbot: QtBot) -> None:
    view.show_snapshot(snapshot(tokens=("her", "un", "##ha"), token=2))
    qtbot.mouseClick(box(view, "whole text"), LEFT, pos=QPoint(8, 8))
    rows = [row for row in view.rows if isinstance(row, StoryRow)]
    assert [row.marks.pinned for row in rows] == [False, True]


def test_a_second_sentence_begins_with_a_row(view: WordPieceView) -> None:
    view.show_snapshot(snapshot(9, pair=True, masks=()))
    assert spoken(view).count("second sentence") == 1


# What is told


def test_steps_that_change_nothing_share_a_row(view: WordPieceView) -> None:
    view.show_snapshot(of_a_word())
    assert spoken(view)[:4] == [
        "typed: Unhapp,",
        "lower case: unhapp,",
        "clean text: nothing to do",
        "split: unhapp | ,",
    ]
    assert spoken(view)[-2:] == [
        "BERT reads: un ##ha ##pp",
        "## means: goes on with the word before it, without a space.",
    ]


def test_many_tries_in_vain_are_folded_until_each_is_asked_for(
    view: WordPieceView, qtbot: QtBot
) -> None:
    word, pieces = "unhahahaha", ("un", "##ha", "##ha", "##ha", "##ha")
    stretch = Stretch(word, (), (word,))
    view.show_snapshot(of_a_word(stretch=stretch, ends=(2, 4, 6, 8, 10), pieces=pieces, read=5))
    tries = [row for row in view.rows if isinstance(row, TryRow | FoldRow)]
    assert [row.spoken for row in tries[:4]] == [
        "“unhahahaha” is not in the vocabulary",
        "6 shorter ones, none is in the vocabulary",
        "“unh” is not in the vocabulary",
        "“un” is in the vocabulary, id 17: the longest start of “unhahahaha”",
    ]
    assert [row.token for row in tries if isinstance(row, TryRow) and row.choosable] == [
        *range(1, 6)
    ]
    qtbot.mouseClick(box(view, "every try"), LEFT, pos=QPoint(8, 8))
    assert sum(isinstance(row, TryRow) for row in view.rows) == 9 + 7 + 5 + 3 + 1


def test_a_word_that_found_only_some_room_says_so(view: WordPieceView) -> None:
    view.show_snapshot(of_a_word(read=2))
    assert "Only the first 2 found room." in spoken(view)
    assert [row.token for row in view.rows if isinstance(row, TryRow) and row.tried.found] == [
        *(1, 2, None)
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"fate": Fate.NOTHING_FITS, "ends": (2,), "pieces": ("[UNK]",), "read": 1},
            "No piece of the vocabulary fits “unhapp”, so BERT reads [UNK].",
        ),
        (
            {
                "fate": Fate.TOO_LONG,
                "stretch": Stretch("x" * 120, (), ("x" * 120,)),
                "ends": (),
                "pieces": ("[UNK]",),
                "read": 1,
            },
            "“unhapp” has 120 letters; over 100 a word is not looked up, and BERT reads [UNK]",
        ),
        (
            {"fate": Fate.SPECIAL, "ends": (), "pieces": ("[SEP]",), "read": 1},
            "“unhapp” is a token of its own, taken out of the text before it is cut",
        ),
        (
            {"ends": (6,), "pieces": ("unhapp",), "read": 1},
            "“unhapp” is 1 piece: the whole word is in the vocabulary",
        ),
    ],
)
def test_the_readout_says_why(view: WordPieceView, changes: dict[str, object], words: str) -> None:
    view.show_snapshot(of_a_word(**changes))
    assert view.readout == words
    view.grab()


def test_a_word_that_becomes_unknown_says_at_which_letter(view: WordPieceView) -> None:
    unknown = {"pieces": ("[UNK]",), "read": 1}
    view.show_snapshot(of_a_word(fate=Fate.NOTHING_FITS, ends=(2, 4), **unknown))
    assert "No piece fits the start of “pp”, so the whole word is unknown." in spoken(view)
    view.show_snapshot(of_a_word(fate=Fate.TOO_LONG, ends=(), **unknown))
    assert "6 letters are too many: the word is not looked up." in spoken(view)


def test_a_look_up_under_the_mouse_is_read_out_and_found_ones_are_tokens(
    view: WordPieceView, qtbot: QtBot
) -> None:
    view.show_snapshot(of_a_word())
    picks: list[Pick | None] = []
    view.picked.connect(picks.append)
    view.previewed.connect(picks.append)
    found = next(
        at for at, row in enumerate(view.rows) if isinstance(row, TryRow) and row.token == 2
    )
    target = view.picture.viewport()  # type: ignore[attr-defined]
    where = view.picture.visualRect(view.picture.model().index(found, 0)).center()  # type: ignore[attr-defined]
    qtbot.mouseMove(target, where)
    assert view.readout == "“##ha” is in the vocabulary, id 18: the longest start of “happ”"
    qtbot.mouseClick(target, LEFT, pos=where)
    assert picks == [Pick(token=2), Pick(token=2)]


def test_numbers_are_of_every_word(view: WordPieceView) -> None:
    view.show_snapshot(of_a_word())
    assert view.numbers().splitlines() == [
        "typed\tlooked up\tpieces\twhat became of it",
        "unhapp\tunhapp\tun ##ha ##pp\tcut into pieces",
    ]


# When it keeps quiet


def test_a_story_that_does_not_agree_is_not_told(view: WordPieceView) -> None:
    made = of_a_word()
    view.show_snapshot(made)
    view.show_snapshot(told(made, UNHAPP, agrees=False))
    labels = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert DISAGREES in labels
    assert view.rows == ()
    assert not view.picture.isVisible()


def test_each_text_is_asked_about_once_and_each_model(view: WordPieceView) -> None:
    asked: list[object] = []
    view.asked.connect(asked.append)
    first, second = (replace(snapshot(T, masks=()), reports={}) for T in (8, 9))
    again = replace(first, preview=Pick(token=2))
    for made in (first, again, second, first, replace(first, facts=model_facts())):
        view.show_snapshot(made)
    texts = [made.trace.request.text for made in (first, second, first, first) if made.trace]
    assert asked == [WhyThesePieces(text) for text in texts]


def test_while_a_new_text_is_looked_up_the_old_rows_stay_and_mean_nothing(
    view: WordPieceView, qtbot: QtBot
) -> None:
    view.show_snapshot(snapshot(16, masks=()))
    rows = view.rows
    picks: list[Pick | None] = []
    view.picked.connect(picks.append)
    view.show_snapshot(replace(snapshot(5, masks=()), reports={}))
    assert view.rows == rows
    qtbot.mouseClick(view.picture.viewport(), LEFT, pos=QPoint(40, 70))  # type: ignore[attr-defined]
    assert picks == []
