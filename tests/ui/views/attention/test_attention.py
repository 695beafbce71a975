"""Tests of the view of one head: readout, spin boxes, controls, difference, numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Pick, Show, ViewOptions, WeightKind
from bertviz_app.ui import look
from bertviz_app.ui.parts.keep_slider import KeepSlider
from bertviz_app.ui.parts.map_layout import Cross
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.parts.option_boxes import HeadBoxes
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.parts.weight_editing import WeightEditing
from bertviz_app.ui.theme import LIGHT
from bertviz_app.ui.views.attention.attention import AttentionView
from tests.synthetic import snapshot
from tests.synthetic_head import TOKENS, WEIGHTS, known, maps
from tests.ui.menus import KEYBOARD, menu, opens_a_menu


@pytest.fixture
def view(qtbot: QtBot) -> AttentionView:
    look.load_fonts()
    look.apply(look.Look())
    made = AttentionView()
    qtbot.addWidget(made)
    made.resize(537, 606)
    made.show()
    return made


def picture(view: AttentionView) -> MapPicture:
    assert isinstance(view.picture, MapPicture)
    return view.picture


def cell(view: AttentionView, row: int, column: int) -> QPoint:
    layout = picture(view).layout_now
    assert layout is not None
    left, right = layout.column_span(column)
    return QPoint((left + right) // 2, int(layout.rows.middle(row)))


def hover(view: AttentionView, row: int, column: int) -> None:
    picture(view).point_at(QPointF(cell(view, row, column)))


def boxes(view: AttentionView) -> HeadBoxes:
    found = view.findChild(HeadBoxes)
    assert found is not None
    return found


def test_the_pinned_cell_is_read_out_exactly(view: AttentionView) -> None:
    view.show_snapshot(known(token=3, second=2))
    assert view.readout == "layer 2, head 3: [MASK] looks at woman with 0.30, its 2nd"


def test_with_only_a_row_or_nothing_pinned_the_strongest_cell_is_named(view: AttentionView) -> None:
    view.show_snapshot(known())  # the row rests on the blank
    assert view.readout == "layer 2, head 3: [MASK] looks at [CLS] with 0.40, its 1st"
    view.show_snapshot(known(options=ViewOptions(fold=True, first_number=0)))
    assert (
        view.readout
        == "layer 1, head 2: [MASK] looks at woman with 0.30, its 1st of those shown; folded 0.50"
    )
    bare = snapshot(tokens=("a", "b", "c", "d"), attention=maps(WEIGHTS), head=(1, 2))
    view.show_snapshot(bare)
    assert view.readout == "layer 2, head 3: [CLS] looks at [CLS] with 1.00, its 1st"


def test_under_the_mouse_twins_are_told_apart(view: AttentionView) -> None:
    view.show_snapshot(known())
    hover(view, 4, 1)
    assert view.readout == "layer 2, head 3: the₂ looks at the₁ with 0.20, its 2nd"
    picture(view).point_at(None)
    assert "[MASK]" in view.readout


def test_the_edge_column_is_read_out_as_what_it_sums(view: AttentionView) -> None:
    view.show_snapshot(known(options=ViewOptions(fold=True)))
    hover(view, 2, 4)
    assert view.readout == "layer 2, head 3: [MASK] looks at [CLS] and [SEP] with 0.50 together"


def test_with_changes_in_force_every_number_has_two_values(view: AttentionView) -> None:
    changed = WEIGHTS.copy()
    changed[3] = [0.2, 0.1, 0.1, 0.1, 0.4, 0.1]
    made = known(changed=True, changed_attention=maps(changed), token=3, second=4)
    view.show_snapshot(made)
    assert view.readout == "layer 2, head 3: [MASK] looks at the₂ with 0.40 (as is 0), its 1st"
    view.show_snapshot(replace(made, options=ViewOptions(show=Show.DIFFERENCE)))
    assert view.readout.endswith("[MASK] looks at the₂ with 0.40, +0.40 (as is 0)")
    view.show_snapshot(replace(made, options=ViewOptions(show=Show.AS_IS)))
    assert view.readout.endswith("[MASK] looks at the₂ with 0 (as is 0), its 6th")


def test_a_row_that_is_the_same_in_both_runs_is_said_to_change_nowhere(view: AttentionView) -> None:
    made = known(changed=True, changed_attention=maps(WEIGHTS), token=3)
    view.show_snapshot(replace(made, options=ViewOptions(show=Show.DIFFERENCE)))
    assert view.readout == "layer 2, head 3: [MASK] changes nowhere"
    hover(view, 3, 2)
    assert view.readout.endswith("[MASK] looks at woman with 0.30, 0 (as is 0.30)")


def test_as_is_stands_behind_its_number_and_before_what_is_folded(view: AttentionView) -> None:
    changed = WEIGHTS.copy()
    changed[3] = [0.2, 0.1, 0.1, 0.1, 0.4, 0.1]
    made = known(changed=True, changed_attention=maps(changed), token=3, second=2)
    view.show_snapshot(replace(made, options=ViewOptions(fold=True)))
    assert view.readout.endswith(
        "woman with 0.10 (as is 0.30), its 2nd of those shown; folded 0.30"
    )
    hover(view, 2, 4)
    assert view.readout.endswith("[CLS] and [SEP] with 0.30 (as is 0.50) together")


def test_the_difference_is_drawn_in_signed_colours_with_its_own_bar(view: AttentionView) -> None:
    changed = np.zeros((6, 6), np.float32)
    changed[1, 1] = 1.1
    options = ViewOptions(show=Show.DIFFERENCE)
    made = known(changed=True, changed_attention=maps(changed), options=options)
    view.show_snapshot(made)
    layout = picture(view).layout_now
    bar = view.findChild(ScaleBar)
    assert layout is not None
    assert bar is not None
    assert bar.ticks[0].value == -1
    image = picture(view).viewport().grab().toImage()
    corner = QPoint(layout.columns.span(1)[0] + 1, layout.rows.span(1)[0] + 1)
    assert image.pixelColor(corner).name().upper() == LIGHT.diverging[4]
    corner = QPoint(layout.columns.span(0)[0] + 1, layout.rows.span(0)[0] + 1)
    assert image.pixelColor(corner).name().upper() == LIGHT.diverging[0]


def test_the_hovered_head_is_shown_meanwhile(view: AttentionView) -> None:
    made = known()
    view.show_snapshot(replace(made, preview=Pick(layer=0, head=1)))
    assert (boxes(view).layer.value(), boxes(view).head.value()) == (1, 2)
    assert view.readout.startswith("layer 1, head 2: ")
    view.show_snapshot(made)
    assert (boxes(view).layer.value(), boxes(view).head.value()) == (2, 3)


def test_what_moved_away_under_a_resting_mouse_is_hovered_no_more(view: AttentionView) -> None:
    view.show_snapshot(known())
    told: list[Pick | None] = []
    view.previewed.connect(told.append)
    hover(view, 2, 1)
    assert picture(view).hovered != Cross()
    view.resize(view.width(), view.height() - 60)
    assert picture(view).hovered == Cross()
    assert told[-1] is None


def test_the_boxes_pick_the_head(qtbot: QtBot, view: AttentionView) -> None:
    view.show_snapshot(known())
    with qtbot.waitSignal(view.picked) as kept:
        boxes(view).layer.stepDown()
    assert kept.args == [Pick(layer=0, head=2)]


def test_what_is_kept_and_what_is_folded_is_asked_for_and_shown(
    qtbot: QtBot, view: AttentionView
) -> None:
    view.show_snapshot(known(options=ViewOptions(fold=True, keep=0.8)))
    keep = view.findChild(KeepSlider)
    assert keep is not None
    assert keep.words == "keep 80 %"
    with qtbot.waitSignal(view.optioned) as asked:
        keep.slider.setValue(50)
    assert asked.args == [ViewOptions(fold=True, keep=0.5)]
    fold = next(entry for entry in view.more.actions() if entry.text() == "Fold [CLS] and [SEP]")
    assert fold.isChecked()
    with qtbot.waitSignal(view.optioned) as asked:
        fold.trigger()
    assert asked.args == [ViewOptions(fold=False, keep=0.8)]


def test_what_is_not_kept_is_said_where_it_stands_and_at_the_edge(view: AttentionView) -> None:
    view.show_snapshot(known(token=3, second=1, options=ViewOptions(fold=True, above=0.1)))
    assert view.readout == (
        "layer 2, head 3: [MASK] looks at the₁ with 0.05, its 3rd of those shown, not kept; "
        "not drawn 0.05, folded 0.50"
    )
    hover(view, 2, 4)
    assert view.readout == (
        "layer 2, head 3: [MASK] looks at [CLS], [SEP] and what is not kept with 0.55 together"
    )
    picture(view).point_at(None)
    view.show_snapshot(known(token=3, second=0, options=ViewOptions(keep=0.5)))
    assert view.readout.endswith("looks at [CLS] with 0.40, its 1st; not drawn 0.30")


def test_pieces_merged_to_a_word_have_one_row_and_one_column(view: AttentionView) -> None:
    pieces = ("un", "##ha", "[MASK]", "the")
    made = snapshot(tokens=pieces, attention=maps(WEIGHTS), head=(1, 2), token=2, second=4)
    view.show_snapshot(replace(made, options=ViewOptions(words=True)))
    assert view.readout == "layer 2, head 3: unha looks at the with 0.10, its 3rd"
    assert view.numbers().splitlines()[0].split("\t")[1:] == [
        *("[CLS]", "unha", "[MASK]", "the", "[SEP]")
    ]


def test_a_mean_says_over_how_many_heads_it_is(view: AttentionView) -> None:
    options = ViewOptions(kind=WeightKind.MEAN)
    view.show_snapshot(known(token=3, second=2, options=options))
    assert view.readout == "mean of 3 heads of layer 2: [MASK] looks at woman with 0.10, its 2nd"
    view.show_snapshot(known(token=3, second=2, also=[(0, 0)], options=options))
    assert view.readout.startswith("mean of 2 heads: [MASK] looks at woman with 0.15")


def test_without_a_blank_there_is_no_gradient_and_that_is_said(view: AttentionView) -> None:
    options = ViewOptions(kind=WeightKind.GRADIENT)
    view.show_snapshot(snapshot(masks=(), options=options))
    assert view.readout == "Nothing is hidden, so there is no word whose gradient could be taken."
    assert view.numbers() == ""
    view.show_snapshot(known())
    assert view.readout.startswith("layer 2, head 3: [MASK] looks at [CLS]")


def test_a_click_on_a_cell_and_a_hover_reach_the_session(qtbot: QtBot, view: AttentionView) -> None:
    view.show_snapshot(known())
    with qtbot.waitSignals([view.previewed, view.picked]):
        qtbot.mouseClick(picture(view).viewport(), Qt.MouseButton.LeftButton, pos=cell(view, 4, 2))
    with qtbot.waitSignal(view.previewed) as left:
        picture(view).point_at(None)
    assert left.args == [None]


@opens_a_menu
def test_the_head_is_silenced_from_the_menu(qtbot: QtBot, view: AttentionView) -> None:
    view.show_snapshot(known())
    viewport = picture(view).viewport()
    with menu(viewport, cell(view, 1, 1)) as entries, qtbot.waitSignal(view.intervened) as asked:
        entries["Silence head 2.3"].trigger()
    assert asked.args == [Interventions(heads_off=[(1, 2)])]
    with menu(viewport, QPoint(), KEYBOARD) as entries:
        assert list(entries) == ["Silence head 2.3", "Edit weights"]


@opens_a_menu
def test_weights_are_edited_from_the_menu_of_a_cell_and_of_a_label(
    qtbot: QtBot, view: AttentionView
) -> None:
    view.show_snapshot(known())
    viewport, editing = picture(view).viewport(), view.findChild(WeightEditing)
    assert isinstance(editing, WeightEditing)
    with menu(viewport, cell(view, 1, 1)) as entries:
        entries["Edit weights"].trigger()
    assert editing.on
    with menu(viewport, QPoint(30, cell(view, 1, 1).y())) as entries:
        entries["Edit weights no more"].trigger()
    assert not editing.on


@opens_a_menu
def test_a_label_has_the_menu_of_its_token(qtbot: QtBot, view: AttentionView) -> None:
    view.show_snapshot(known(options=ViewOptions(fold=True)))
    label = QPoint(30, cell(view, 1, 1).y())
    with menu(picture(view).viewport(), label) as entries, qtbot.waitSignal(view.hidden) as asked:
        entries["Hide its word"].trigger()
    assert asked.args == [2, False]


def test_a_double_click_on_a_label_hides_its_word(qtbot: QtBot, view: AttentionView) -> None:
    view.show_snapshot(known(options=ViewOptions(fold=True)))
    asked: list[tuple[int, bool]] = []
    view.hidden.connect(lambda token, each: asked.append((token, each)))
    where, left = cell(view, 1, 3), Qt.MouseButton.LeftButton
    shift = Qt.KeyboardModifier.ShiftModifier
    layout = picture(view).layout_now
    assert layout is not None
    viewport = picture(view).viewport()
    qtbot.mouseDClick(viewport, left, pos=QPoint(30, where.y()))
    qtbot.mouseDClick(viewport, left, shift, QPoint(where.x(), layout.rows.start - 18))
    qtbot.mouseDClick(viewport, left, pos=where)
    assert asked == [(2, False), (4, True)]


def test_a_weight_that_is_not_a_number_is_said(view: AttentionView) -> None:
    weights = WEIGHTS.copy()
    weights[3, 2] = np.nan
    view.show_snapshot(
        snapshot(tokens=TOKENS, attention=maps(weights), head=(1, 2), token=3, second=2)
    )
    assert view.readout == "layer 2, head 3: [MASK] looks at woman with not a number"


def test_where_everything_is_folded_the_readout_says_so(view: AttentionView) -> None:
    view.show_snapshot(snapshot(tokens=("[SEP]",), options=ViewOptions(fold=True)))
    assert view.readout == "layer 1, head 1: everything is folded"
    assert view.numbers().splitlines()[1:] == []


def test_its_numbers_are_the_map_as_drawn_with_labels_and_all_digits(view: AttentionView) -> None:
    made = snapshot(tokens=TOKENS, head=(1, 2), options=ViewOptions(fold=True))
    view.show_snapshot(made)
    trace = made.trace
    assert trace is not None
    header, *lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert header == [
        *("layer 2, head 3: row looks at column", "the₁", "woman", "[MASK]", "the₂"),
        "[CLS]+[SEP]",
    ]
    assert [line[0] for line in lines] == header[1:5]
    drawn = np.array([[float(value) for value in line[1:]] for line in lines], np.float32)
    weights = trace.attention[1, 2]
    assert np.array_equal(drawn[:, :4], weights[1:5, 1:5])
    assert drawn[:, 4] == pytest.approx(weights[1:5, 0] + weights[1:5, 5])


def test_a_flow_is_of_one_run_and_that_is_said(view: AttentionView) -> None:
    options = ViewOptions(kind=WeightKind.FLOW, show=Show.DIFFERENCE)
    view.show_snapshot(known(changed=True, options=options))
    assert view.readout == "A flow is of one run: show the changed one or the one as is."
    offers = [one for one in view.findChildren(QPushButton) if one.text() == "Compute"]
    assert not offers[0].isVisible()
    view.show_snapshot(known(changed=True, options=replace(options, show=Show.CHANGED)))
    assert offers[0].isVisible()
