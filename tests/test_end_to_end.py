"""The real window, a real worker and the shipped model, driven by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QSpinBox, QWidget

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Pick, Scale, Show
from bertviz_app.ui.examples import EXAMPLES, FIRST
from tests.fixtures.desk import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def words(widget: QWidget) -> str:
    """All that the labels in a widget say."""
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_first_start_shows_a_computed_sentence(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    assert desk.session.state.text == FIRST.text
    assert desk.best() == "her"
    assert desk.snapshot.head == (5, 8)
    assert desk.snapshot.options.fold
    readout = desk.view("arcs").readout
    assert readout == "[MASK] looks at woman 0.43, the 0.35; folded 0.06; the other 4 share 0.16"
    assert "bundled model · 6 layers × 12 heads × 384" in desk.frame.status.text
    assert desk.frame.status.text.endswith("● up to date")


def test_every_key_is_computed_and_the_answer_follows(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    field = desk.frame.text_row.fields[0]
    field.select((4, 9))
    desk.type("man")
    assert desk.session.state.text == "The man washed [MASK] hands."
    assert desk.best() == "his"
    assert desk.snapshot.options.fold
    assert desk.snapshot.note is not None
    assert desk.snapshot.note.text == FIRST.notice[-1]
    desk.key(Qt.Key.Key_Z, CONTROL)
    desk.settle()
    desk.key(Qt.Key.Key_Z, CONTROL)
    desk.settle()
    assert field.text == "The woman washed [MASK] hands."
    assert desk.best() == "her"


def test_typed_before_the_model_is_there_is_kept(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(bundled=False)
    field = desk.frame.text_row.fields[0]
    field.selectAll()
    desk.qtbot.keyClicks(field, "The children [MASK] playing.")
    assert "Reading" not in field.text
    desk.open_bundled()
    assert desk.best() == "were"


def test_double_click_on_the_strip_hides_a_word_and_gives_it_back(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "The woman washed her hands.")
    strip = desk.frame.strip
    assert "Nothing is hidden." in words(desk.frame.answer)
    strip.hidden.emit(4, False)
    desk.settle()
    assert desk.session.state.text == "The woman washed [MASK] hands."
    hidden = desk.snapshot.hidden_at(4)
    assert hidden is not None
    assert (hidden.word, hidden.piece) == ("her", "her")
    assert desk.snapshot.word == "her"
    strip.hidden.emit(4, False)
    desk.settle()
    assert desk.session.state.text == "The woman washed her hands."


def test_silencing_a_head_shows_both_values_and_restore_brings_bert_back(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    bar = desk.frame.change_bar
    assert not bar.isVisible()
    desk.window.actions_by_name["change.silence"].trigger()
    desk.settle()
    assert desk.session.state.interventions == Interventions(heads_off=[(5, 8)])
    assert bar.isVisible()
    assert "her as is 0.90 → changed 0.63" in bar.accessibleName()
    assert desk.view("arcs").readout.startswith("[MASK] looks at woman 0.43 (as is 0.43), ")
    desk.press("difference")
    assert desk.snapshot.options.show is Show.DIFFERENCE
    desk.key(Qt.Key.Key_R, CONTROL | SHIFT)
    desk.settle()
    assert not bar.isVisible()
    assert desk.best() == "her"


def test_as_is_is_shown_while_f9_is_held(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.window.actions_by_name["change.left_only"].trigger()
    desk.settle()
    assert desk.snapshot.options.show is Show.CHANGED
    desk.qtbot.keyPress(desk.window, Qt.Key.Key_F9)
    assert desk.snapshot.options.show is Show.AS_IS
    assert desk.best() == "her"
    desk.qtbot.keyRelease(desk.window, Qt.Key.Key_F9)
    desk.qtbot.keyPress(desk.window, Qt.Key.Key_F9)  # as X11 repeats a held key
    assert desk.snapshot.options.show is Show.AS_IS
    desk.qtbot.keyRelease(desk.window, Qt.Key.Key_F9)
    desk.wait(lambda: desk.snapshot.options.show is Show.CHANGED)


def test_second_sentence_and_swap(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "My dog is cute.", "--pair", "He likes playing.")
    trace = desk.snapshot.trace
    assert trace is not None
    assert trace.encoding.tokens[:6] == ("[CLS]", "my", "dog", "is", "cute", ".")
    assert trace.encoding.segments == (0,) * 7 + (1,) * 5
    assert trace.nsp is not None
    follows = np.exp(trace.nsp[0]) / np.exp(trace.nsp).sum()
    assert follows > 0.9
    desk.press("Swap")
    desk.settle()
    assert [field.text for field in desk.frame.text_row.fields] == [
        "He likes playing.",
        "My dog is cute.",
    ]
    desk.press("− second sentence")
    desk.settle()
    assert desk.session.state.pair is None
    desk.press("+ second sentence")
    desk.settle()
    assert desk.session.state.texts == ("He likes playing.", "My dog is cute.")
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.session.state.pair is None


def test_keys_step_through_heads_places_and_scales(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.window.open_view("attention")
    desk.key(Qt.Key.Key_F8)
    assert desk.snapshot.head == (5, 9)
    desk.key(Qt.Key.Key_F7, SHIFT)
    assert desk.snapshot.head == (4, 9)
    boxes = [box.value() for box in desk.view("attention").findChildren(QSpinBox)]
    assert boxes == [5, 10]
    desk.key(Qt.Key.Key_2, CONTROL)
    assert desk.view("embeddings").isVisible()
    assert not desk.view("attention").isVisible()
    desk.key(Qt.Key.Key_PageDown, CONTROL)
    assert desk.view("attention").isVisible()
    scale = next(one for one in desk.view("attention").more.actions() if one.text() == "Scale")
    next(one for one in scale.menu().actions() if one.data() is Scale.LOG).trigger()
    assert desk.snapshot.options.scale is Scale.LOG
    assert desk.window.actions_by_name["scale.log"].isChecked()
    desk.window.actions_by_name["view.count_from_zero"].trigger()
    assert [box.value() for box in desk.view("attention").findChildren(QSpinBox)] == [4, 9]


def test_surprise_at_every_position_is_computed_when_its_place_opens(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "She drank a cup of bricks.")
    desk.key(Qt.Key.Key_5, CONTROL)
    desk.wait(lambda: EveryPosition in desk.snapshot.reports and not desk.snapshot.running)
    report = desk.snapshot.reports[EveryPosition]
    surprises = {report.answer.tokens[one.position]: one.surprise for one in report.answer.guesses}
    assert max(surprises, key=lambda token: surprises[token]) == "bricks"
    assert "bricks surprises by 21.9 bits" in desk.view("every_position").readout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "No text yet."),
        ("   ", "No text yet."),
        ("[SEP] [CLS] [PAD]", ""),
        ("😀 \u200d \u202e", ""),
        ("<img src=file:///etc/passwd> %s {0}", ""),
    ],
)
def test_odd_texts_leave_the_window_alive(
    open_desk: Callable[..., Desk], text: str, says: str
) -> None:
    desk = open_desk("--text", text)
    for place in desk.frame.places.present:
        desk.window.open_place(place)
        desk.settle()
    assert says in words(desk.frame.answer)
    assert "could not be drawn" not in words(desk.window)


def test_text_longer_than_the_model_is_cut_and_counted(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "cat " * 600)
    assert "BERT reads 512 pieces: 510 of 600 read from A." in desk.frame.status.text
    assert desk.snapshot.trace is not None
    assert len(desk.snapshot.trace) == 512


def test_long_paste_is_cut_and_said(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    field = desk.frame.text_row.fields[0]
    field.selectAll()
    data = QMimeData()
    data.setText("word " * 2_000_000)
    field.insertFromMimeData(data)
    desk.settle()
    assert len(desk.session.state.text) == 100_000
    assert desk.snapshot.note is not None
    cut, seen = desk.snapshot.note.text.split(". ", 1)
    assert cut == "The paste was cut to 100,000 characters"
    assert seen.startswith("BERT reads 512 pieces at most")


def test_keyboard_goes_back_to_the_text_after_finding(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.key(Qt.Key.Key_F, CONTROL)
    desk.key(Qt.Key.Key_Escape)
    assert desk.frame.text_row.fields[0].hasFocus()


def test_window_closed_while_a_bad_model_is_read_ends(
    open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = open_desk(bundled=False)
    desk.session.open_model(ModelWanted(tmp_path))
    # The fixture closes the window now and waits for the last worker.
    assert desk.snapshot.loading == tmp_path.name


def test_mask_in_lower_case_is_offered_to_be_fixed(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.retype("the [mask] sat")
    note = desk.snapshot.note
    assert note is not None
    assert note.text == "“[mask]” is read as letters."
    desk.press("Make it [MASK]")
    desk.settle()
    assert desk.session.state.text == "the [MASK] sat"
    assert desk.snapshot.note is None


def test_folder_that_is_no_model_leaves_model_and_text(
    open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = open_desk()
    desk.window.door.open_path(tmp_path)
    desk.wait(lambda: desk.snapshot.loading is None)
    note = desk.snapshot.note
    assert note is not None
    assert "config.json" in note.text
    assert note.text.endswith("The bundled model stays open.")
    desk.retype("The [MASK] sat on the mat.")
    assert desk.best()


def test_another_model_opens_beside_and_takes_over(
    open_desk: Callable[..., Desk], tiny_folder: Callable[..., Path]
) -> None:
    desk = open_desk()
    folder = tiny_folder(layers=1, heads=2, width=8, feed_forward=16)
    desk.window.door.open_path(folder)
    desk.wait(lambda: desk.snapshot.facts is not None and desk.snapshot.facts.spec.layers == 1)
    desk.settle()
    assert desk.snapshot.trace is not None
    assert desk.snapshot.trace.spec.heads == 2
    assert desk.snapshot.head == (0, 1)
    assert "1 layer × 2 heads × 8" in desk.frame.status.text


def test_view_is_copied_as_picture_and_numbers(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.key(Qt.Key.Key_C, CONTROL | SHIFT)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert "woman" in data.text()


def test_sheets_open_over_the_picture_and_escape_closes_them(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.key(Qt.Key.Key_F1, SHIFT)
    assert desk.frame.sheet.isVisible()
    desk.key(Qt.Key.Key_Escape)
    assert not desk.frame.sheet.isVisible()
    assert desk.frame.text_row.fields[0].hasFocus()


def test_regions_are_reached_by_f6_and_each_has_a_name(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    seen = set()
    for _ in range(20):
        desk.key(Qt.Key.Key_F6)
        focused = desk.window.focusWidget()
        assert focused is not None
        seen.add(focused)
    assert len(seen) >= 6
    unnamed = [
        one.objectName() or type(one).__name__
        for one in desk.window.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isVisible()
        and not (one.accessibleName() or (hasattr(one, "text") and one.text()))
    ]
    assert unnamed == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(960, 600), (1280, 800), (2560, 1440)])
def test_panes_fill_the_window_at_every_size(
    open_desk: Callable[..., Desk], theme: str, size: tuple[int, int]
) -> None:
    desk = open_desk("--theme", theme)
    desk.window.resize(*size)
    desk.settle()
    both = size[0] >= 1100
    assert desk.view("all_heads").isVisible()
    assert desk.view("arcs").isVisible() == both
    right = desk.frame.panes.mapTo(desk.window, QPoint(desk.frame.panes.width(), 0)).x()
    assert right == size[0]
    paper = desk.window.grab().toImage().pixelColor(size[0] // 2, 3).lightness()
    assert (paper > 128) == (theme == "light")


def test_examples_show_what_they_claim(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    for example in EXAMPLES:
        desk.session.intervene(Interventions())  # else the note says that they were removed
        desk.window.show_example(example)
        desk.settle()
        assert desk.session.state.text == example.text
        assert desk.view(example.view).isVisible()
        assert desk.snapshot.head == example.head
        assert desk.snapshot.note is not None
        assert desk.snapshot.note.text == example.notice[0]


def test_an_example_says_what_it_removed_and_draws_whole_weights(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.open_view("measures")
    desk.session.intervene(Interventions(causal=True))
    desk.session.choose(replace(desk.snapshot.options, keep=0.4, words=True))
    desk.window.show_example(FIRST)
    desk.settle()
    note = desk.snapshot.note
    assert note is not None
    assert note.text == f"{FIRST.notice[0]} (1 change was removed.)"
    assert note.action == "edit.undo"
    assert (desk.snapshot.options.keep, desk.snapshot.options.words) == (1.0, False)
    assert desk.view("all_heads").isVisible()


def test_hover_shows_another_head_and_leaving_brings_the_own_back(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.open_view("attention")
    desk.session.preview(Pick(layer=0, head=2))
    assert desk.view("attention").readout.startswith("layer 1, head 3")
    desk.session.preview(None)
    assert desk.view("attention").readout.startswith("layer 6, head 9")
