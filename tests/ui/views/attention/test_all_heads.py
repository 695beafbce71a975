"""Tests of the view of all heads: readout, controls, menu, difference, numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Scale, Show, Sorting, State, ViewOptions, WeightKind
from bertviz_app.core.trace import Answer, Array
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.mosaic_picture import MosaicPicture
from bertviz_app.ui.parts.option_boxes import FoldBox
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.parts.sort_button import SortButton
from bertviz_app.ui.views.attention.all_heads import AllHeads
from tests.synthetic import snapshot
from tests.ui.looking import shows
from tests.ui.menus import KEYBOARD, menu, opens_a_menu

# [CLS] the woman [MASK] hands [SEP]
WEIGHTS = np.array(
    [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.5, 0.1, 0.2, 0.1, 0.1, 0.0],
        [0.1, 0.6, 0.1, 0.1, 0.1, 0.0],
        [0.4, 0.1, 0.3, 0.1, 0.0, 0.1],
        [0.0, 0.2, 0.2, 0.3, 0.1, 0.2],
        [0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    ],
    np.float32,
)
TOKENS = ("the", "woman", "[MASK]", "hands")


@pytest.fixture
def view(qtbot: QtBot) -> AllHeads:
    look.load_fonts()
    look.apply(look.Look())
    made = AllHeads()
    qtbot.addWidget(made)
    made.resize(460, 560)
    made.show()
    return made


def maps(head: Array, L: int = 2, H: int = 3) -> Array:
    return np.broadcast_to(head, (L, H, *head.shape)).copy()


def known(**changes: object) -> Snapshot:
    return snapshot(tokens=TOKENS, attention=maps(WEIGHTS), head=(1, 2), **changes)


def mosaic(view: AllHeads) -> MosaicPicture:
    assert isinstance(view.picture, MosaicPicture)
    return view.picture


def hover(view: AllHeads, layer: int, head: int) -> None:
    mosaic(view).point_at(mosaic(view).tile((layer, head)).center())


def test_at_rest_it_speaks_of_the_pinned_head_and_of_the_blank(view: AllHeads) -> None:
    view.show_snapshot(known())
    assert view.readout == (
        "layer 2, head 3: [MASK] looks most at [CLS], 0.40; "
        "0.50 of its weight is on [CLS] and [SEP]"
    )


def test_with_fold_it_names_the_strongest_key_that_is_drawn(view: AllHeads) -> None:
    view.show_snapshot(known(options=ViewOptions(fold=True, first_number=0)))
    assert view.readout == (
        "layer 1, head 2: [MASK] looks most at woman, 0.30, of those shown; "
        "0.50 of its weight is on [CLS] and [SEP]"
    )


def test_it_speaks_of_the_pinned_token_before_the_blank(view: AllHeads) -> None:
    view.show_snapshot(known(token=2))
    assert "head 3: woman looks most at the, 0.60; 0.10 of its weight" in view.readout


def test_without_a_token_it_speaks_of_the_head_as_a_whole(view: AllHeads) -> None:
    view.show_snapshot(
        snapshot(tokens=("the", "woman", "washed", "hands"), attention=maps(WEIGHTS))
    )
    assert view.readout == (
        "layer 1, head 1: the largest weight of a row is 0.63 on average; "
        "0.55 of its weight is on [CLS] and [SEP]"
    )


def test_under_the_mouse_it_speaks_of_that_head_at_once(view: AllHeads) -> None:
    view.show_snapshot(known())
    hover(view, 0, 1)
    assert view.readout.startswith("layer 1, head 2: ")
    mosaic(view).point_at(None)
    assert view.readout.startswith("layer 2, head 3: ")


def test_with_changes_in_force_every_number_has_two_values(view: AllHeads) -> None:
    changed = WEIGHTS.copy()
    changed[3] = [0.2, 0.1, 0.1, 0.1, 0.4, 0.1]
    made = known(changed=True, changed_attention=maps(changed), options=ViewOptions(fold=True))
    view.show_snapshot(made)
    assert view.readout.endswith(
        "looks most at hands, 0.40 (as is 0), of those shown; "
        "0.30 of its weight is on [CLS] and [SEP]"
    )
    view.show_snapshot(replace(made, options=ViewOptions(fold=True, show=Show.DIFFERENCE)))
    assert view.readout.endswith(
        "[MASK] changes most at hands, +0.40, to 0.40 (as is 0), of those shown"
    )
    same = known(changed=True, changed_attention=maps(WEIGHTS), options=made.options)
    view.show_snapshot(replace(same, options=ViewOptions(show=Show.DIFFERENCE)))
    assert view.readout.endswith(": [MASK] changes nowhere")
    view.show_snapshot(replace(made, options=ViewOptions(fold=True, show=Show.AS_IS)))
    assert "looks most at woman, 0.30 (as is 0.30), of those shown; " in view.readout


def test_it_says_that_not_all_of_a_row_is_drawn(view: AllHeads) -> None:
    view.show_snapshot(known(options=ViewOptions(keep=0.39)))
    assert view.readout.endswith("[CLS] and [SEP]; at least 39 % of each row is drawn")
    view.show_snapshot(known(options=ViewOptions(fold=True, keep=0.39)))
    assert view.readout.endswith("; at least 39 % of what is not folded is drawn")
    view.show_snapshot(known(options=ViewOptions(above=0.1)))
    assert view.readout.endswith("; nothing under 0.1 is drawn")
    view.show_snapshot(known())
    assert "drawn" not in view.readout


def test_weights_that_are_not_numbers_are_said(view: AllHeads) -> None:
    view.show_snapshot(snapshot(tokens=TOKENS, attention=maps(WEIGHTS * np.nan)))
    assert view.readout == "layer 1, head 1: [MASK] looks nowhere: its weights are not numbers"


def test_the_difference_has_its_own_bar_and_colours(view: AllHeads) -> None:
    options = ViewOptions(show=Show.DIFFERENCE, scale=Scale.MAP)
    view.show_snapshot(known(changed=True, options=options))
    bar = view.findChild(ScaleBar)
    assert bar is not None
    assert [tick.value for tick in bar.ticks] == [-1, 0, 1]
    view.show_snapshot(known(changed=True, options=ViewOptions()))
    assert [tick.value for tick in bar.ticks] == [0, 0.05, 0.25, 0.5, 1]


def test_fold_is_asked_for_and_shown(qtbot: QtBot, view: AllHeads) -> None:
    view.show_snapshot(known(options=ViewOptions(scale=Scale.LOG)))
    box = view.findChild(FoldBox)
    assert box is not None
    assert not box.isChecked()
    with qtbot.waitSignal(view.optioned) as asked:
        box.click()
    assert asked.args == [ViewOptions(fold=True, scale=Scale.LOG)]


@opens_a_menu
def test_a_head_is_silenced_from_the_menu_and_let_speak_again(qtbot: QtBot, view: AllHeads) -> None:
    made = known()
    view.show_snapshot(made)
    viewport, where = mosaic(view).viewport(), mosaic(view).tile((1, 0)).center().toPoint()
    with menu(viewport, where) as entries, qtbot.waitSignal(view.intervened) as asked:
        entries["Silence head 2.1"].trigger()
    assert asked.args == [Interventions(heads_off=[(1, 0)])]

    state = replace(made.state, interventions=Interventions(heads_off=[(0, 0), (1, 2)]))
    view.show_snapshot(replace(made, state=state, options=ViewOptions(first_number=0)))
    with menu(viewport, where, KEYBOARD) as entries, qtbot.waitSignal(view.intervened) as asked:
        entries["Let head 1.2 speak again"].trigger()
    assert asked.args == [Interventions(heads_off=[(0, 0)])]


@opens_a_menu
def test_a_head_whose_menu_was_dismissed_is_hovered_no_more(qtbot: QtBot, view: AllHeads) -> None:
    view.show_snapshot(known())
    picture, tried = mosaic(view), list[Pick | None]()
    view.previewed.connect(tried.append)
    for where in (picture.tile((0, 0)), picture.tile((1, 0))):  # two, so that an event comes of it
        qtbot.mouseMove(picture.viewport(), where.center().toPoint())
    qtbot.waitUntil(lambda: tried == [Pick(layer=1, head=0)])
    centre = picture.tile((1, 0)).center()
    with menu(picture.viewport(), centre.toPoint()):
        picture.point_at(centre)  # not every platform says that the menu has the mouse now
    assert picture.hovered is None
    assert not picture.marks.hovered


def test_a_silenced_head_is_marked(view: AllHeads) -> None:
    made = known()
    view.show_snapshot(made)
    assert shows(mosaic(view), "change") == 0
    silenced = replace(made.state, interventions=Interventions(heads_off=[(0, 1), (7, 7)]))
    view.show_snapshot(replace(made, state=silenced))
    assert shows(mosaic(view), "change") > 100


def test_a_pin_and_a_preview_move_the_frames_but_a_missing_head_gives_way(view: AllHeads) -> None:
    made = known()
    for head, drawn in (((0, 0), (0, 0)), ((11, 11), (1, 2))):
        selection = replace(made.state.selection, layer=head[0], head=head[1], also=((5, 5),))
        state = replace(made.state, selection=selection)
        view.show_snapshot(replace(made, state=state, facts=None))
        area = mosaic(view).tile(drawn).adjusted(-4, -4, 4, 4)
        assert shows(mosaic(view).viewport(), "text", area) > 100


def test_hover_reaches_the_session(qtbot: QtBot, view: AllHeads) -> None:
    view.show_snapshot(known())
    with qtbot.waitSignal(view.previewed) as tried:
        hover(view, 1, 0)
    assert tried.args == [Pick(layer=1, head=0)]
    with qtbot.waitSignal(view.previewed) as left:
        mosaic(view).point_at(None)
    assert left.args == [None]


def test_its_numbers_hold_a_line_a_head_with_all_digits(view: AllHeads) -> None:
    made = snapshot(tokens=TOKENS, L=2, H=3)
    view.show_snapshot(made)
    trace = made.trace
    assert trace is not None
    header, *lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert header[:3] == ["layer", "head", "mean of row maxima"]
    assert header[4:6] == ["[MASK] looks at [CLS]", "[MASK] looks at the"]
    assert len(lines) == 6
    assert lines[5][:2] == ["2", "3"]
    assert [np.float32(value) for value in lines[5][4:]] == trace.attention[1, 2, 3].tolist()


def test_a_point_outside_says_nothing_new(view: AllHeads) -> None:
    view.show_snapshot(known())
    before = view.readout
    mosaic(view).point_at(QPointF(3, 3))
    assert view.readout == before


def test_sorted_by_a_measure_it_asks_for_it_and_says_it(qtbot: QtBot, view: AllHeads) -> None:
    view.show_snapshot(known())
    assert not view.needs(State()).measures
    button = view.findChild(SortButton)
    assert button is not None
    assert button.text() == "sort ▾"
    actions = {
        action.text(): action
        for menu in button.menu().findChildren(QMenu)
        if menu.title() == "Sort all heads by"
        for action in menu.actions()
    }
    with qtbot.waitSignal(view.optioned) as asked:
        actions["previous"].trigger()
    options = asked.args[0]
    assert options == ViewOptions(sorting=Sorting("previous", within_layers=False))

    weights = maps(WEIGHTS)
    weights[0, 1] = np.eye(6, k=-1)
    weights[0, 1, 0, 0] = 1
    view.show_snapshot(snapshot(tokens=TOKENS, attention=weights, options=options))
    assert view.needs(State()).measures
    assert button.text() == "by previous ▾"
    first = mosaic(view).layout_now.area_at((0, 0), QPointF())
    assert mosaic(view).tile((0, 1)) == first
    hover(view, 0, 1)
    assert view.readout.startswith("layer 1, head 2: [MASK] looks most at woman")
    assert view.readout.endswith("; previous 1.00")


def test_until_the_measures_are_there_heads_stand_as_in_the_model(view: AllHeads) -> None:
    made = known(options=ViewOptions(sorting=Sorting("previous", within_layers=True)))
    assert isinstance(made.answer, Answer)
    bare = Answer(replace(made.answer.as_is, measures=None))
    view.show_snapshot(replace(made, answer=bare))
    assert mosaic(view).tile((0, 1)) == mosaic(view).layout_now.area_at((0, 1), QPointF())


def test_another_kind_of_number_is_named_and_read_out(view: AllHeads) -> None:
    made = known(options=ViewOptions(fold=True, kind=WeightKind.NORM))
    assert made.answer is not None
    lengths = np.ones((2, 3, 6), np.float32)
    lengths[1, 2, 1] = 50.0
    run = replace(made.answer.as_is, value_norms=lengths)
    view.show_snapshot(replace(made, answer=Answer(run)))
    words = "layer 2, head 3, norm-weighted: [MASK] looks most at the, "
    assert view.readout == f"{words}{numbers.weight(50 * float(WEIGHTS[3, 1]))}, of those shown"
    assert view.subject(view.snapshot) == "norm-weighted"
    header, *_, last = (line.split("\t") for line in view.numbers().splitlines())
    assert header[-1].endswith(", norm-weighted")
    assert float(last[-5]) == pytest.approx(50 * WEIGHTS[3, 1])


def test_where_heads_have_no_numbers_of_a_kind_the_weights_are_drawn_and_named(
    view: AllHeads,
) -> None:
    for kind in (WeightKind.ROLLOUT, WeightKind.NORM):  # the run holds no lengths yet
        view.show_snapshot(known(options=ViewOptions(kind=kind)))
        assert view.subject(view.snapshot) == "weight"
        assert view.readout.startswith("layer 2, head 3: [MASK] looks most at [CLS], 0.40")


def test_pieces_of_a_word_look_and_are_looked_at_together(view: AllHeads) -> None:
    pieces = ("un", "##ha", "[MASK]", "hands")
    made = snapshot(tokens=pieces, attention=maps(WEIGHTS), head=(1, 2), token=2)
    view.show_snapshot(replace(made, options=ViewOptions(words=True, fold=True)))
    together = float(WEIGHTS[1:3, 1:3].sum() / 2)
    assert f"unha looks most at unha, {numbers.weight(together)}, of those shown; " in view.readout
