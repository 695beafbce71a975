"""Tests of Answer: the words for the blank, their numbers, every gesture, every empty state."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from bertviz_app.core.encoding import Reading
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import HiddenWord, Pick, Selection, Show, ViewOptions
from bertviz_app.core.trace import Answer, Array, MaskPrediction, Trace
from bertviz_app.ui import look
from bertviz_app.ui.answer.answer import AnswerPane
from bertviz_app.ui.answer.columns import Columns, Shown
from bertviz_app.ui.answer.menu import AnswerMenu
from bertviz_app.ui.answer.rows import ColumnNames, RestRow, WordRow
from bertviz_app.ui.parts.row_list import RowList
from tests.synthetic import best, snapshot
from tests.ui.looking import colours, shows
from tests.ui.menus import menu, opens_a_menu

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def answer(qtbot: QtBot) -> AnswerPane:
    look.load_fonts()
    look.apply(look.Look())
    made = AnswerPane()
    qtbot.addWidget(made)
    made.resize(280, 560)
    made.show()
    return made


def run(made: Snapshot) -> Trace:
    assert made.trace is not None
    return made.trace


def with_logits(made: Snapshot, *rows: dict[str, float], rest: float = -20.0) -> Snapshot:
    """`made`, whose as-is run gives these words these logits, one row a blank; others `rest`."""
    assert made.facts is not None
    assert made.answer is not None
    logits = np.full((len(rows), made.facts.spec.vocabulary), rest, np.float32)
    for row, words in zip(logits, rows, strict=True):
        for word, logit in words.items():
            row[made.facts.ids[word]] = logit
    masks = made.answer.as_is.encoding.masks
    predictions = tuple(
        MaskPrediction(at, best(row, made.facts.vocabulary))
        for at, row in zip(masks, logits, strict=True)
        if np.isfinite(row).all()
    )
    as_is = replace(made.answer.as_is, mask_logits=logits, predictions=predictions)
    return replace(made, answer=Answer(as_is, made.answer.changed))


def changed_logits(made: Snapshot, logits: Array) -> Snapshot:
    assert made.answer is not None
    assert made.answer.changed is not None
    changed = replace(made.answer.changed, mask_logits=logits)
    return replace(made, answer=Answer(made.answer.as_is, changed))


def following(made: Snapshot, word: str) -> Snapshot:
    return replace(made, state=replace(made.state, selection=Selection(word=word)))


def words(answer: AnswerPane) -> list[str]:
    return [row.candidate.token for row in answer.content.rows]


def listed(answer: AnswerPane) -> RowList:
    found = answer.findChild(RowList)
    assert isinstance(found, RowList)
    return found


def area(answer: AnswerPane, word: str) -> QRect:
    rows = listed(answer)
    row = next(
        at
        for at, row in enumerate(rows.rows)
        if isinstance(row, WordRow) and row.candidate.token == word
    )
    return rows.visualRect(rows.model().index(row, 0))


def texts(answer: AnswerPane) -> str:
    labels = [label for label in answer.findChildren(QLabel) if label.isVisible()]
    return "\n".join(label.text() for label in labels)


# The list


def test_ten_words_by_probability_and_what_is_left(answer: AnswerPane) -> None:
    made = snapshot()
    answer.show_snapshot(made)
    exact = run(made).mask_logits
    assert exact is not None
    probabilities = np.exp(exact[0].astype(np.float64))
    probabilities /= probabilities.sum()
    rows, rest = answer.content.rows, answer.content.rest
    assert rest is not None
    assert len(rows) == 10
    for rank, row in enumerate(rows):
        assert row.candidate.rank == rank + 1
        assert row.candidate.probability == pytest.approx(probabilities[row.candidate.id])
    assert rest.probability == pytest.approx(1 - sum(row.candidate.probability for row in rows))


def test_rows_are_words_for_those_who_listen(answer: AnswerPane) -> None:
    answer.show_snapshot(with_logits(snapshot(), {"her": math.log(3), "his": 0.0}))
    model = listed(answer).model()
    spoken = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert spoken[:3] == [
        "word, probability, logit",
        "her: probability 0.75, logit +1.10, 1st of 64",
        "his: probability 0.25, logit 0, 2nd of 64",
    ]
    assert spoken[-1].startswith("not in this list ")


def test_the_followed_word_has_its_dot_and_is_read_out(answer: AnswerPane) -> None:
    made = with_logits(snapshot(), {"her": 3.0, "his": 1.0})
    answer.show_snapshot(made)
    assert answer.readout.startswith("his: ") is False
    answer.show_snapshot(following(made, "his"))
    dots = [row.candidate.token for row in answer.content.rows if row.followed]
    assert dots == ["his"]
    assert answer.readout == "his: probability 0.12, logit +1.00, 2nd of 64"
    dot = QRect(4, area(answer, "his").top(), 10, 20)
    assert shows(listed(answer).viewport(), "text", dot) > 10


def test_a_followed_word_outside_the_ten_is_listed_apart(answer: AnswerPane) -> None:
    made = snapshot()
    logits = run(made).mask_logits
    assert logits is not None
    assert made.facts is not None
    worst = made.facts.vocabulary[int(logits[0].argmin())]
    answer.show_snapshot(following(made, worst))
    assert words(answer)[10:] == [worst]
    last, rest = answer.content.rows[-1], answer.content.rest
    assert last.apart
    assert last.candidate.rank == 64
    assert rest is not None
    assert rest.probability + sum(
        row.candidate.probability for row in answer.content.rows
    ) == pytest.approx(1)


def test_the_word_you_hid_is_marked(answer: AnswerPane) -> None:
    made = with_logits(snapshot(), {"her": 3.0, "his": 1.0})
    span = run(made).encoding.spans[3]
    hidden = replace(made, state=replace(made.state, hidden=(HiddenWord(0, span, "Hís", "his"),)))
    answer.show_snapshot(hidden)
    assert [row.candidate.token for row in answer.content.rows if row.hidden] == ["his"]
    assert answer.readout.endswith("; the word you hid")
    assert "The word you hid: Hís" in texts(answer)
    assert shows(listed(answer).viewport(), "mask_edge", area(answer, "his"))
    several = replace(made, state=replace(made.state, hidden=(HiddenWord(0, span, "Zorblax"),)))
    answer.show_snapshot(several)
    assert "You hid Zorblax, which is not one piece of the vocabulary." in texts(answer)


def test_bars_are_as_long_as_the_probability(answer: AnswerPane) -> None:
    answer.resize(900, 560)
    answer.show_snapshot(with_logits(snapshot(), {"her": math.log(4), "his": 0.0}))
    view = listed(answer).viewport()

    def ink(word: str) -> int:
        row = area(answer, word)
        return shows(view, "text", QRect(70, row.center().y(), 690, 1))

    assert ink("her") == pytest.approx(4 * ink("his"), abs=3)


@pytest.mark.parametrize("width", [150, 210, 232, 272, 352, 900])
@pytest.mark.parametrize("compared", [False, True])
@pytest.mark.parametrize("bars", [False, True])
@pytest.mark.parametrize("what_if", [False, True])
def test_columns_keep_their_order_at_every_width(
    width: int, compared: bool, bars: bool, what_if: bool
) -> None:
    columns = Columns.fitting(width, 70, Shown(bars=bars, compared=compared, what_if=what_if))
    ends = [*columns.word, *(columns.bar or ())]
    for column in (columns.probability, columns.what_if, columns.logit, columns.difference):
        if column is not None:
            ends += [column.left, column.point, column.right]
    assert ends == sorted(ends)
    assert ends[-1] <= width
    assert columns.difference is None or compared
    assert (columns.what_if is not None) == what_if or width < 232
    assert columns.logit is not None or width < 272 or compared or what_if
    assert width < 232 or compared or what_if or (columns.bar is not None) == bars
    signed = Shown(bars=bars, compared=True, what_if=what_if, differs=True)
    differing = Columns.fitting(width, 70, signed)
    assert differing.logit is None
    room = differing.probability.point - differing.probability.left
    assert room >= look.text_width(look.current().mono(), "−0")


# Beside a changed run


def test_a_change_shows_both_runs_and_their_difference(answer: AnswerPane) -> None:
    made = with_logits(snapshot(changed=True), {"her": math.log(4), "his": 0.0})
    ids = made.facts.ids if made.facts is not None else {}
    logits = np.full((1, 64), -20, np.float32)
    logits[0, [ids["her"], ids["his"]]] = 0.0, math.log(4)
    made = changed_logits(made, logits)
    answer.show_snapshot(made)
    his, her = answer.content.rows[:2]
    assert [his.candidate.token, her.candidate.token] == ["his", "her"]
    assert his.difference == pytest.approx(0.6, abs=1e-5)
    assert her.difference == pytest.approx(-0.6, abs=1e-5)
    assert answer.readout == "her: probability 0.20, logit 0, 2nd of 64 (as is 0.80)"
    assert shows(listed(answer).viewport(), "change", area(answer, "her"))
    assert listed(answer).rows[0] == ColumnNames(compared=True)
    assert "changed" in texts(answer)


def test_a_difference_lists_what_moved_most_of_either_run(answer: AnswerPane) -> None:
    made = with_logits(snapshot(changed=True), {"her": math.log(4), "his": 0.0, "the": -1.0})
    ids = made.facts.ids if made.facts is not None else {}
    logits = np.full((1, 64), -20, np.float32)
    logits[0, [ids["her"], ids["his"], ids["the"]]] = -9.0, math.log(4), -1.0
    made = replace(changed_logits(made, logits), options=ViewOptions(show=Show.DIFFERENCE))
    answer.show_snapshot(made)
    rows, rest = answer.content.rows, answer.content.rest
    assert rest is not None
    assert [row.candidate.token for row in rows[:2]] == ["her", "his"]
    sizes = [abs(row.difference or 0) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0.7
    total = sum(row.difference or 0 for row in rows) + (rest.difference or 0)
    assert total == pytest.approx(0, abs=1e-6)
    ends = answer.readout.split("; ")
    assert ends[0].startswith("her: probability 0.75 → ")
    assert ends[0].endswith(", −0.75")
    assert ends[1:] == ["logit −10.39", "1st → 3rd of 64"]
    assert listed(answer).rows[0] == ColumnNames(compared=True, differs=True)
    theme = look.current().theme
    for word, end in (("his", -1), ("her", 0)):
        painted = colours(listed(answer).viewport(), area(answer, word))
        assert theme.diverging[end].lower() in painted


def test_as_is_shows_no_difference(answer: AnswerPane) -> None:
    made = replace(snapshot(changed=True), options=ViewOptions(show=Show.AS_IS))
    answer.show_snapshot(made)
    assert all(row.before is None for row in answer.content.rows)
    assert not shows(answer, "change")


# More words, and a what-if


def test_the_list_is_as_long_as_asked_and_what_is_left_goes_with_it(answer: AnswerPane) -> None:
    made = replace(snapshot(), options=ViewOptions(listed=30))
    answer.show_snapshot(made)
    assert [row.candidate.rank for row in answer.content.rows] == list(range(1, 31))
    rest = answer.content.rest
    assert rest is not None
    listed_mass = sum(row.candidate.probability for row in answer.content.rows)
    assert rest.probability == pytest.approx(1 - listed_mass)
    answer.resize(280, 300)  # low: a list that was asked for scrolls instead of shrinking
    assert len(answer.content.rows) == 30


def test_a_temperature_stands_beside_the_untouched_probability(answer: AnswerPane) -> None:
    made = with_logits(snapshot(), {"her": math.log(16), "his": 0.0}, rest=-400.0)
    answer.show_snapshot(replace(made, options=ViewOptions(temperature=2.0)))
    her, his = answer.content.rows[:2]
    assert [her.candidate.probability, his.candidate.probability] == pytest.approx(
        [16 / 17, 1 / 17]
    )
    assert [her.what_if, his.what_if] == pytest.approx([4 / 5, 1 / 5])
    assert answer.readout == "her: probability 0.94, logit +2.77, 1st of 64; what if: 0.80"
    assert listed(answer).rows[0].spoken == "word, probability, at 2, logit"
    answer.show_snapshot(made)
    assert all(row.what_if is None for row in answer.content.rows)


def test_the_menu_asks_for_another_number_of_words_and_temperature(answer: AnswerPane) -> None:
    answer.show_snapshot(snapshot())
    menu = answer.findChild(AnswerMenu)
    assert isinstance(menu, AnswerMenu)
    wanted: list[ViewOptions] = []
    answer.optioned.connect(wanted.append)
    menu.listed.setValue(100)
    menu.temperature.setValue(1.5)
    assert wanted[0].listed == 100
    assert wanted[-1].temperature == 1.5


# Gestures


def test_hover_tries_a_word(answer: AnswerPane, qtbot: QtBot) -> None:
    answer.show_snapshot(with_logits(snapshot(), {"her": 3.0, "his": 1.0}))
    said: list[Pick | None] = []
    answer.previewed.connect(said.append)
    view = listed(answer).viewport()
    qtbot.mouseMove(view, area(answer, "his").center())
    qtbot.mouseMove(view, listed(answer).visualRect(listed(answer).model().index(0, 0)).center())
    assert said == [Pick(word="his"), None]


def test_a_word_tried_elsewhere_is_read_out(answer: AnswerPane) -> None:
    made = with_logits(snapshot(), {"her": 3.0, "his": 1.0})
    answer.show_snapshot(replace(made, preview=Pick(word="his")))
    assert answer.readout.startswith("his: ")


def test_click_keeps_and_double_click_fills(answer: AnswerPane, qtbot: QtBot) -> None:
    answer.show_snapshot(with_logits(snapshot(), {"her": 3.0, "his": 1.0}))
    picks: list[Pick] = []
    fills: list[tuple[int, str]] = []
    answer.picked.connect(picks.append)
    answer.filled.connect(lambda at, word: fills.append((at, word)))
    view, where = listed(answer).viewport(), area(answer, "his").center()
    qtbot.mouseClick(view, LEFT, pos=where)
    qtbot.mouseClick(view, LEFT, CONTROL, where)
    assert picks == [Pick(word="his"), Pick(word="his", also=True)]
    qtbot.mouseDClick(view, LEFT, pos=where)
    assert fills == [(3, "his")]


def test_the_button_at_the_end_of_a_row_fills_once(answer: AnswerPane, qtbot: QtBot) -> None:
    answer.show_snapshot(with_logits(snapshot(), {"her": 3.0, "his": 1.0}))
    fills: list[tuple[int, str]] = []
    answer.filled.connect(lambda at, word: fills.append((at, word)))
    view, row = listed(answer).viewport(), area(answer, "his")
    end = QPoint(row.right() - 4, row.center().y())
    qtbot.mouseClick(view, LEFT, pos=end)
    qtbot.mouseDClick(view, LEFT, pos=end)
    assert fills == [(3, "his")]


def test_keys_move_and_enter_fills(answer: AnswerPane, qtbot: QtBot) -> None:
    made = following(with_logits(snapshot(), {"her": 3.0, "his": 2.0, "their": 1.0}), "his")
    answer.show_snapshot(made)
    picks: list[Pick] = []
    fills: list[tuple[int, str]] = []
    answer.picked.connect(picks.append)
    answer.filled.connect(lambda at, word: fills.append((at, word)))
    rows = listed(answer)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_Return):
        qtbot.keyClick(rows, key)
    assert [pick.word for pick in picks] == ["her", "their", "her"]
    assert fills == [(3, "his")]


@opens_a_menu
def test_menu_follows_and_fills(answer: AnswerPane) -> None:
    answer.show_snapshot(with_logits(snapshot(), {"her": 3.0, "his": 1.0}))
    said: list[object] = []
    answer.picked.connect(said.append)
    answer.filled.connect(lambda at, word: said.append((at, word)))
    with menu(listed(answer).viewport(), area(answer, "his").center()) as entries:
        assert list(entries) == ["Follow his", "What about his?", "Put his into the blank"]
        for entry in entries.values():
            entry.trigger()
    assert said == [Pick(word="his"), Pick(word="his", also=True), (3, "his")]


def test_only_words_are_chosen(answer: AnswerPane, qtbot: QtBot) -> None:
    answer.show_snapshot(snapshot())
    picks: list[Pick] = []
    answer.picked.connect(picks.append)
    rows = listed(answer)
    for at in (0, len(rows.rows) - 1):
        where = rows.visualRect(rows.model().index(at, 0)).center()
        qtbot.mouseClick(rows.viewport(), LEFT, pos=where)
    assert isinstance(rows.rows[-1], RestRow)
    assert picks == []


# Several blanks


def test_tabs_choose_the_blank(answer: AnswerPane, qtbot: QtBot) -> None:
    made = with_logits(snapshot(masks=(1, 3)), {"her": 3.0}, {"his": 3.0})
    answer.show_snapshot(made)
    picks: list[Pick] = []
    answer.picked.connect(picks.append)
    tabs = answer.findChild(QTabBar)
    assert isinstance(tabs, QTabBar)
    assert [tabs.tabText(at) for at in range(tabs.count())] == ["1", "2"]
    assert words(answer)[0] == "her"
    assert "what is at [MASK] 1 of 2?" in texts(answer)
    assert "by itself" in texts(answer)
    qtbot.mouseClick(tabs, LEFT, pos=tabs.tabRect(1).center())
    assert picks == [Pick(token=4)]


def test_all_blanks_are_filled_on_demand(answer: AnswerPane, qtbot: QtBot) -> None:
    made = with_logits(snapshot(masks=(1, 3)), {"her": 3.0}, {"his": 3.0})
    answer.show_snapshot(made)
    button = next(one for one in answer.findChildren(QPushButton) if one.text().startswith("Fill"))
    assert button.isVisible()
    with qtbot.waitSignal(answer.acted, timeout=1000) as wanted:
        qtbot.mouseClick(button, LEFT)
    assert wanted.args == ["text.fill"]
    answer.show_snapshot(snapshot())
    assert not button.isVisible()


def test_showing_another_blank_is_not_a_click(answer: AnswerPane) -> None:
    made = with_logits(snapshot(masks=(1, 3), token=4), {"her": 3.0}, {"his": 3.0})
    selection = made.state.selection
    chosen = replace(made.state, selection=replace(selection, blank=selection.token))
    picks: list[Pick] = []
    answer.picked.connect(picks.append)
    answer.show_snapshot(replace(made, state=chosen))
    assert words(answer)[0] == "his"
    assert picks == []


def test_two_hundred_blanks_have_two_hundred_tabs(answer: AnswerPane) -> None:
    answer.show_snapshot(snapshot(256, masks=range(200)))
    tabs = answer.findChild(QTabBar)
    assert isinstance(tabs, QTabBar)
    assert tabs.count() == 200
    assert tabs.width() <= answer.width()
    answer.show_snapshot(snapshot(masks=(2,)))
    assert not tabs.isVisible()


# Without an answer


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Snapshot(loading="bundled model"), "Reading bundled model … you can type already."),
        (snapshot(2), "No text yet."),
        (
            snapshot(masks=()),
            "Nothing is hidden. Double click a word under the text and BERT will guess it.",
        ),
    ],
)
def test_empty_states(answer: AnswerPane, made: Snapshot, said: str) -> None:
    if made.trace is not None and len(made.trace) == 2:
        encoded = replace(made.trace.encoding, added=(0, 1))
        made = replace(made, answer=Answer(replace(made.trace, encoding=encoded)))
    answer.show_snapshot(made)
    assert said in texts(answer)
    assert answer.content.rows == ()
    assert answer.readout == ""


def test_the_word_left_in_is_shown_where_its_logits_are_there(answer: AnswerPane) -> None:
    made = snapshot(masks=(), token=2)
    assert answer.needs(made) == Capture(logits_at=(2,))
    typed = replace(made, state=replace(made.state, text=made.state.text[:-1]))
    assert answer.needs(typed) == Capture()
    logits = np.linspace(0, 1, 64, dtype=np.float32)[None]
    seen = replace(run(made), logits_at=logits)
    seen = replace(seen, request=replace(seen.request, capture=Capture(logits_at=(2,))))
    answer.show_snapshot(replace(made, answer=Answer(seen)))
    assert [row.candidate.id for row in answer.content.rows] == [63, 62, 61, 60, 59]
    assert "with the word left in" in texts(answer)
    assert not answer.content.fills


def test_a_blank_behind_the_cut_is_not_called_nothing(answer: AnswerPane) -> None:
    made = snapshot(masks=())
    trace = run(made)
    cut = replace(trace.encoding, first=Reading(6, 8, cut_at=20))
    request = replace(trace.request, text="a" * 20 + " [MASK] b")
    answer.show_snapshot(
        replace(made, answer=Answer(replace(trace, encoding=cut, request=request)))
    )
    assert "The blank stands behind the cut" in texts(answer)
    assert "Nothing is hidden" not in texts(answer)


def test_a_model_without_the_head_offers_the_bundled_one(answer: AnswerPane, qtbot: QtBot) -> None:
    made = snapshot()
    assert made.facts is not None
    answer.show_snapshot(replace(made, facts=replace(made.facts, has_mlm=False)))
    assert (
        "This model cannot fill a blank: it has no word-prediction head. "
        "Attention and embeddings work." in texts(answer)
    )
    buttons = {one.text(): one for one in answer.findChildren(QPushButton)}
    button = buttons["Open the bundled model"]
    with qtbot.waitSignal(answer.acted, timeout=1000) as wanted:
        qtbot.mouseClick(button, LEFT)
    assert wanted.args == ["model.bundled"]
    answer.show_snapshot(made)
    assert not button.isVisible()


def test_a_model_without_a_mask_token_says_so(answer: AnswerPane) -> None:
    made = snapshot(masks=())
    assert made.facts is not None
    answer.show_snapshot(replace(made, facts=replace(made.facts, mask_token="")))
    assert "This model cannot hide a word" in texts(answer)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_logits_that_are_no_numbers_are_said(answer: AnswerPane, bad: float) -> None:
    made = with_logits(snapshot(), {"her": bad})
    answer.show_snapshot(made)
    assert "not a number" in texts(answer)
    assert answer.content.rows == ()


# Room and text


def test_low_it_has_five_rows_without_bars(answer: AnswerPane) -> None:
    answer.resize(280, 260)
    answer.show_snapshot(with_logits(snapshot(), {"her": 3.0}))
    assert len(answer.content.rows) == 5
    rest = answer.content.rest
    assert rest is not None
    assert rest.probability == pytest.approx(
        1 - sum(row.candidate.probability for row in answer.content.rows), abs=1e-9
    )
    answer.resize(280, 560)
    assert len(answer.content.rows) == 10


def test_hostile_words_are_painted_as_they_are(answer: AnswerPane) -> None:
    made = snapshot()
    assert made.facts is not None
    hostile = ("<img src=x>", "x" * 300, "אבגד", "a\u202eb", "&amp;")
    vocabulary = (*hostile, *made.facts.vocabulary[len(hostile) :])
    facts = replace(made.facts, vocabulary=vocabulary)
    logits = np.linspace(9, 0, 64, dtype=np.float32)[None]
    made = replace(made, facts=facts, answer=Answer(replace(run(made), mask_logits=logits)))
    answer.show_snapshot(made)
    spoken = [row.spoken.split(":")[0] for row in answer.content.rows[:5]]
    assert spoken == ["<img src=x>", "x" * 31 + "…", "\u2068אבגד\u2069", "a‹202E›b", "&amp;"]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels(answer))
    assert shows(listed(answer).viewport(), "text") > 20


def labels(answer: AnswerPane) -> list[QLabel]:
    return answer.findChildren(QLabel)


def test_a_small_vocabulary_has_a_short_list(answer: AnswerPane) -> None:
    answer.show_snapshot(snapshot(V=7))
    assert len(answer.content.rows) == 7
    assert answer.content.rest == RestRow(0.0, None)


def test_the_list_is_one_tab_stop(answer: AnswerPane, qtbot: QtBot) -> None:
    answer.show_snapshot(snapshot())
    rows = listed(answer)
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Tab)
    assert not rows.tabKeyNavigation()
