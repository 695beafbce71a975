"""Tests of Nearest words: what is asked for each source, what is said, what the rows do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.nearest import Nearest, NearestAnswer, Neighbour, Neighbours
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.core.trace import Trace
from bertviz_app.ui import look
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.nearest_rows import Nearness
from bertviz_app.ui.parts.nearest_words import NO_TOKEN
from bertviz_app.ui.views.embeddings.nearest import NearestWords
from tests.synthetic import snapshot

LEFT = Qt.MouseButton.LeftButton

WOMAN = Neighbour(6, 1.0, 2.0, 1.4)
HER = Neighbour(9, 0.71, 1.5, 1.5)
HIS = Neighbour(10, 0.6, 2.5, 3.0)
FOUND = Neighbours(1.41, (WOMAN, HER, HIS), (HIS, WOMAN, HER))


@pytest.fixture
def view(qtbot: QtBot) -> NearestWords:
    look.load_fonts()
    look.apply(look.Look())
    made = NearestWords()
    qtbot.addWidget(made)
    made.resize(520, 500)
    made.show()
    return made


def run(made: Snapshot) -> Trace:
    assert made.trace is not None
    return made.trace


def questions(view: NearestWords) -> list[Nearest]:
    asked: list[Nearest] = []
    view.asked.connect(asked.append)
    return asked


def answered(made: Snapshot, asked: list[Nearest], answer: NearestAnswer) -> Snapshot:
    """`made` with this answer to the newest question."""
    return replace(made, reports={Nearest: JobReport(asked[-1], 1, 1, answer)})


def row_of(made: Snapshot, number: int) -> tuple[float, ...]:
    assert made.facts is not None
    return tuple(made.facts.token_table[number].tolist())


def box(view: NearestWords, words: str) -> ChoiceBox:
    return next(one for one in view.findChildren(ChoiceBox) if words in one.accessibleName())


def test_the_row_of_the_pinned_token_is_asked_about_first(view: NearestWords) -> None:
    asked = questions(view)
    made = snapshot(8, token=2)
    view.show_snapshot(made)
    view.show_snapshot(replace(made, preview=Pick(token=4)))
    assert asked == [Nearest(vectors=(row_of(made, 6),))]
    view.show_snapshot(answered(made, asked, NearestAnswer((FOUND,))))
    assert view.about == "woman in the token table: length 1.41"
    assert view.readout == "nearest to woman in the token table: her 0.71, his 0.60"
    assert [row.itself for row in view.rows] == [True, False, False]


def test_by_dot_product_the_order_is_another(view: NearestWords) -> None:
    asked = questions(view)
    made = snapshot(8, token=2)
    view.show_snapshot(made)
    view.show_snapshot(answered(made, asked, NearestAnswer((FOUND,))))
    box(view, "measured").chosen.emit(Nearness.DOT)
    assert len(asked) == 1
    assert [row.piece for row in view.rows] == ["his", "woman", "her"]
    assert view.readout == "nearest to woman in the token table: his +2.50, her +1.50"
    assert view.rows[2].spoken == (
        "her: cosine 0.71, dot product +1.50, length 1.50; 3rd by dot product"
    )


@pytest.mark.parametrize(
    ("source", "first", "where"),
    [(0, 1, "at the embedding"), (2, 1, "after layer 2"), (2, 0, "after layer 1")],
)
def test_after_a_layer_it_is_the_vector_of_the_run(
    view: NearestWords, source: int, first: int, where: str
) -> None:
    asked = questions(view)
    made = snapshot(8, token=2, options=ViewOptions(first_number=first))
    view.show_snapshot(made)
    box(view, "Which vector").chosen.emit(source)
    assert asked[-1] == Nearest(vectors=(tuple(run(made).hidden[source, 2].tolist()),))
    view.show_snapshot(answered(made, asked, NearestAnswer((FOUND,))))
    assert view.readout == f"nearest to woman {where}: woman 1.00, her 0.71"
    assert box(view, "Which vector").currentText() == where


def test_with_something_changed_both_runs_are_told(view: NearestWords) -> None:
    asked = questions(view)
    made = snapshot(8, token=2, changed=True, options=ViewOptions(show=Show.CHANGED))
    view.show_snapshot(made)
    box(view, "Which vector").chosen.emit(1)
    assert made.other is not None
    vectors = [tuple(one.hidden[1, 2].tolist()) for one in (run(made), made.other)]
    assert asked[-1] == Nearest(vectors=tuple(vectors))
    other = Neighbours(1.0, (HIS, HER), (HIS, HER))
    view.show_snapshot(answered(made, asked, NearestAnswer((FOUND, other))))
    assert view.readout == (
        "nearest to woman after layer 1: woman 1.00, her 0.71 (as is his 0.60, her 0.71)"
    )


def test_under_difference_it_says_that_it_lists_the_changed_run(view: NearestWords) -> None:
    view.show_snapshot(snapshot(8, changed=True, options=ViewOptions(show=Show.DIFFERENCE)))
    assert view._title.text() == "Nearest words"  # noqa: SLF001 - of the table, which none moves
    box(view, "Which vector").chosen.emit(1)
    assert view._title.text() == "Nearest words  changed"  # noqa: SLF001


@pytest.mark.parametrize(
    ("answer", "about"),
    [
        (NearestAnswer((FOUND,), (9,)), "“Her” is the piece her: its row in the token table, "),
        (
            NearestAnswer((FOUND,), (17, 18)),
            "“Her” is 2 pieces, un ##ha: the mean of their rows, length 1.41",
        ),
        (NearestAnswer((), ()), "“Her” holds nothing that BERT reads."),
    ],
)
def test_a_typed_word_comes_before_the_token(
    view: NearestWords, qtbot: QtBot, answer: NearestAnswer, about: str
) -> None:
    made = snapshot(8, token=2)
    view.show_snapshot(made)
    asked = questions(view)
    qtbot.keyClicks(view.line, "Her ")
    assert asked[-1] == Nearest(word="Her")
    assert not box(view, "Which vector").isVisible()
    view.show_snapshot(answered(made, asked, answer))
    assert view.about.startswith(about)
    assert bool(view.rows) is bool(answer.found)
    view.line.clear()
    assert asked[-1] == Nearest(vectors=(row_of(made, 6),))


def test_special_pieces_are_left_out_until_they_are_wanted(
    view: NearestWords, qtbot: QtBot
) -> None:
    made = snapshot(8, token=2)
    view.show_snapshot(made)
    asked = questions(view)
    box = view.findChild(QCheckBox)
    assert isinstance(box, QCheckBox)
    assert box.text() == "no special pieces"  # which is what is left out, no more
    box.click()
    assert asked == [Nearest(vectors=(row_of(made, 6),), ordinary=False)]


def test_without_a_token_it_says_how_to_get_one(view: NearestWords) -> None:
    asked = questions(view)
    view.show_snapshot(snapshot(8, masks=()))
    assert (asked, view.about, view.rows, view.readout) == ([], NO_TOKEN, (), "")


def test_gestures_speak_of_the_word(view: NearestWords, qtbot: QtBot) -> None:
    asked = questions(view)
    made = snapshot(8, token=2)
    view.show_snapshot(made)
    view.show_snapshot(answered(made, asked, NearestAnswer((FOUND,))))
    said: list[object] = []
    view.picked.connect(said.append)
    view.previewed.connect(said.append)
    view.filled.connect(lambda at, word: said.append((at, word)))
    on, where = view.list.viewport(), view.list.visualRect(view.list.model().index(1, 0)).center()
    qtbot.mouseMove(on, where)
    assert view.readout == "her: cosine 0.71, dot product +1.50, length 1.50; 2nd by cosine"
    qtbot.mouseClick(on, LEFT, pos=where)
    qtbot.mouseDClick(on, LEFT, pos=where)
    assert said == [Pick(word="her"), Pick(word="her"), (3, "her")]
    assert not view.grab().isNull()


def test_numbers_have_all_digits(view: NearestWords) -> None:
    asked = questions(view)
    made = snapshot(8, token=2)
    view.show_snapshot(made)
    view.show_snapshot(answered(made, asked, NearestAnswer((FOUND,))))
    assert view.numbers().splitlines()[:2] == [
        "piece\tid\tcosine\tdot product\tlength",
        "woman\t6\t1\t2\t1.4",
    ]
