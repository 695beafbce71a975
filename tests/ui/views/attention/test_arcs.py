"""Tests of the arcs view: what it says, heads beside each other, filters, numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from pytestqt.qtbot import QtBot

from bertviz_app.analysis.arcs import Pairs
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.attention_flow import AttentionFlow, Flows
from bertviz_app.core.request import Capture, Interventions
from bertviz_app.core.state import Pick, Scale, Show, State, ViewOptions, WeightKind
from bertviz_app.ui import look
from bertviz_app.ui.parts.arcs_picture import ArcsPicture
from bertviz_app.ui.parts.flow_line import FlowLine
from bertviz_app.ui.parts.keep_slider import KeepSlider
from bertviz_app.ui.parts.option_boxes import HeadBoxes
from bertviz_app.ui.parts.pairs_box import PairsBox
from bertviz_app.ui.views.attention.arcs import ArcsView
from tests.synthetic import snapshot
from tests.synthetic_head import WEIGHTS, known, maps
from tests.ui.looking import shows
from tests.ui.menus import menu, opens_a_menu

FOLDED = ViewOptions(fold=True)


@pytest.fixture
def view(qtbot: QtBot) -> ArcsView:
    look.load_fonts()
    look.apply(look.Look())
    made = ArcsView()
    qtbot.addWidget(made)
    made.resize(537, 606)
    made.show()
    return made


def picture(view: ArcsView) -> ArcsPicture:
    assert isinstance(view.picture, ArcsPicture)
    return view.picture


def label(view: ArcsView, token: int, *, right: bool = False) -> QPoint:
    """The label of a row at the left, or at the right."""
    layout = picture(view).layout_now
    assert layout is not None
    x = layout.right + 20 if right else layout.left - 20
    return QPointF(x, layout.rows.middle(token)).toPoint()


def hover(view: ArcsView, token: int, *, right: bool = False) -> None:
    picture(view).point_at(QPointF(label(view, token, right=right)))


def test_where_no_line_is_drawn_it_says_in_the_middle_what_to_do(view: ArcsView) -> None:
    view.show_snapshot(snapshot(T=300, masks=()))
    layout = picture(view).layout_now
    assert layout is not None
    middle = layout.lines.adjusted(8, layout.lines.height() / 3, -8, -layout.lines.height() / 3)
    assert shows(picture(view).viewport(), "muted", middle) > 100


def test_weights_of_a_row_are_read_out_so_that_they_add_up(view: ArcsView) -> None:
    made = snapshot(T=300, masks=(), token=60)
    assert made.trace is not None
    view.show_snapshot(made)
    written = [float(part.split()[-1]) for part in view.readout.replace(",", ";").split(";")]
    assert sum(written) == pytest.approx(1, abs=5e-5)


def test_the_token_that_looks_is_read_out_whole(view: ArcsView) -> None:
    view.show_snapshot(known())
    assert view.readout == "[MASK] looks at [CLS] 0.40, woman 0.30; the other 4 share 0.30"
    view.show_snapshot(known(options=FOLDED))
    assert view.readout == (
        "[MASK] looks at woman 0.30, [MASK] 0.15; folded 0.50; the other 2 share 0.05"
    )
    view.show_snapshot(known(second=1, options=FOLDED))
    assert view.readout == "[MASK] looks at the₁ 0.05; folded 0.50; the other 3 share 0.45"


def test_under_the_mouse_both_directions_are_read_out(view: ArcsView) -> None:
    view.show_snapshot(known())
    hover(view, 2)
    assert view.readout == "woman looks at the₁ 0.60, [CLS] 0.10; the other 4 share 0.30"
    hover(view, 2, right=True)
    assert view.readout == "woman is looked at by [MASK] 0.30, the₁ 0.20; mean of 6 tokens 0.13"
    picture(view).point_at(None)
    assert view.readout.startswith("[MASK] looks at")


def test_what_is_not_kept_is_said_and_never_spread(view: ArcsView) -> None:
    view.show_snapshot(known(options=ViewOptions(keep=0.5)))
    assert view.readout == "[MASK] looks at [CLS] 0.40, woman 0.30; not drawn 0.30"
    view.show_snapshot(known(options=ViewOptions(above=0.1, fold=True)))
    assert view.readout == "[MASK] looks at woman 0.30, [MASK] 0.15; not drawn 0.55"


def test_with_changes_in_force_every_number_has_two_values(view: ArcsView) -> None:
    changed = WEIGHTS.copy()
    changed[3] = [0.2, 0.1, 0.1, 0.15, 0.4, 0.05]
    made = known(changed=True, changed_attention=maps(changed), options=FOLDED)
    view.show_snapshot(made)
    both = "the₂ 0.40 (as is 0), [MASK] 0.15 (as is 0.15)"
    assert view.readout.startswith(f"[MASK] looks at {both}; folded ")
    view.show_snapshot(replace(made, options=replace(FOLDED, show=Show.DIFFERENCE)))
    assert view.readout == (
        "[MASK] changes at the₂ +0.40 to 0.40 (as is 0), woman −0.20 to 0.10 (as is 0.30); "
        "folded −0.25; the other 2 share +0.05"
    )
    same = known(changed=True, changed_attention=maps(WEIGHTS), options=made.options)
    view.show_snapshot(replace(same, options=replace(FOLDED, show=Show.DIFFERENCE)))
    assert view.readout == "[MASK] changes nowhere"


def test_other_heads_are_drawn_beside_it_and_counted(view: ArcsView) -> None:
    also = [(layer, head) for layer in range(2) for head in range(6)]
    view.show_snapshot(snapshot(8, 2, 6, head=(0, 1), also=also))
    drawn = picture(view).scene.heads
    assert [of.name for of in drawn] == [
        "1.2",
        "1.1",
        "1.3",
        "1.4",
        "1.5",
        "1.6",
        "2.1",
        "2.2",
        "2.3",
    ]
    assert picture(view).scene.note == "8 of 11 heads drawn beside 1.2"
    view.show_snapshot(snapshot(8, 2, 6, head=(0, 1), also=also[:3]))
    assert [of.name for of in picture(view).scene.heads] == ["1.2", "1.1", "1.3"]
    assert picture(view).scene.note == ""


def test_the_mean_of_heads_is_drawn_alone(view: ArcsView) -> None:
    options = ViewOptions(kind=WeightKind.MEAN)
    view.show_snapshot(snapshot(8, 2, 6, also=[(0, 1), (0, 2)], options=options))
    assert len(picture(view).scene.heads) == 1


def test_numbers_that_are_not_there_yet_are_asked_for(view: ArcsView) -> None:
    view.show_snapshot(known(options=ViewOptions(kind=WeightKind.NORM)))
    assert picture(view).scene.heads == ()
    assert view.needs(State()) == Capture(value_norms=True)


def test_the_flow_is_offered_and_then_drawn(qtbot: QtBot, view: ArcsView) -> None:
    made = known(options=ViewOptions(kind=WeightKind.FLOW))
    view.show_snapshot(made)
    line = view.findChild(FlowLine)
    assert line is not None
    assert line.isVisible()
    with qtbot.waitSignal(view.asked) as asked:
        line.ask.click()
    question = asked.args[0]
    report = JobReport(question, 36, 36, Flows(WEIGHTS))
    view.show_snapshot(replace(made, reports={AttentionFlow: report}))
    assert not line.isVisible()
    assert view.readout == "[MASK] looks at [CLS] 0.40, woman 0.30; the other 4 share 0.30"


def test_pairs_are_filtered_only_with_a_second_sentence(view: ArcsView) -> None:
    box = view.findChild(PairsBox)
    assert box is not None
    view.show_snapshot(known())
    assert not box.isVisible()
    view.show_snapshot(snapshot(12, pair=True, token=2))
    assert box.isVisible()
    box.setCurrentIndex(list(Pairs).index(Pairs.A_TO_B))
    assert "; not drawn 0." in view.readout
    hover(view, 9)
    assert "looks at nothing that is drawn; not drawn 1.00" in view.readout
    view.show_snapshot(known())
    assert "not drawn" not in view.readout


def test_lines_of_all_tokens_are_a_choice(view: ArcsView) -> None:
    view.show_snapshot(known(token=2))
    assert picture(view).scene.focus.row == 2
    next(one for one in view.more.actions() if one.text() == "Lines of all tokens").trigger()
    assert picture(view).scene.focus.row is None
    assert picture(view).scene.pinned.row == 2


def test_controls_ask_and_show_what_is_so(qtbot: QtBot, view: ArcsView) -> None:
    view.show_snapshot(known(options=ViewOptions(scale=Scale.LOG)))
    slider, boxes = view.findChild(KeepSlider), view.findChild(HeadBoxes)
    assert slider is not None
    assert boxes is not None
    with qtbot.waitSignal(view.optioned) as asked:
        slider.slider.setValue(50)
    assert asked.args == [ViewOptions(scale=Scale.LOG, keep=0.5)]
    with qtbot.waitSignal(view.picked) as kept:
        boxes.head.stepDown()
    assert kept.args == [Pick(layer=1, head=1)]


@opens_a_menu
def test_menus_of_a_token_and_of_the_head(qtbot: QtBot, view: ArcsView) -> None:
    view.show_snapshot(known())
    viewport, layout = picture(view).viewport(), picture(view).layout_now
    assert layout is not None
    between = QPoint(layout.left + 8, layout.rows.start + 2)
    with menu(viewport, between) as entries, qtbot.waitSignal(view.intervened) as asked:
        entries["Silence head 2.3"].trigger()
    assert asked.args == [Interventions(heads_off=[(1, 2)])]
    with menu(viewport, label(view, 2)) as entries, qtbot.waitSignal(view.hidden) as hidden:
        entries["Hide its word"].trigger()
    assert hidden.args == [2, False]


def test_the_clipboard_gets_what_is_drawn(view: ArcsView) -> None:
    view.show_snapshot(known(options=FOLDED))
    header, row = (line.split("\t") for line in view.numbers().splitlines())
    assert header[2:] == ["the₁", "woman", "[MASK]", "the₂", "beside"]
    assert row[:2] == ["2.3", "[MASK]"]
    drawn = np.array([float(value) for value in row[2:]], np.float32)
    assert drawn[:4].tolist() == WEIGHTS[3, 1:5].tolist()
    assert drawn[4] == pytest.approx(0.5)
    view.show_snapshot(snapshot(tokens=("a", "b"), also=[(0, 1)]))
    assert len(view.numbers().splitlines()) == 1 + 2 * 4


def test_where_everything_is_folded_the_readout_says_so(view: ArcsView) -> None:
    view.show_snapshot(snapshot(tokens=("[SEP]",), options=FOLDED))
    assert view.readout == "everything is folded"
