"""Tests of the sizes: which numbers stand where, curves, the readout, differences, gestures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from bertviz_app.core.sizes import Sizes
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.ui import look, numbers
from bertviz_app.ui.views.layers.layers import PANELS, LayersView, up_to_two_digits
from tests.synthetic import snapshot

TOKEN = 4


@pytest.fixture
def view(qtbot: QtBot) -> LayersView:
    look.load_fonts()
    look.apply(look.Look())
    made = LayersView()
    qtbot.addWidget(made)
    made.resize(540, 620)
    made.show()
    return made


def sizes_of(made: Snapshot) -> Sizes:
    assert made.trace is not None
    assert made.trace.sizes is not None
    return made.trace.sizes


def point_on(view: LayersView, panel: int, token: int, layer: int) -> QPoint:
    row = view.sizes_picture.layout_now.row_area(panel, token)
    layers = len(view.panels[0].values)
    return QPoint(round(row.left() + (layer + 0.5) / layers * row.width()), round(row.center().y()))


def test_each_row_of_pictures_is_a_sum(view: LayersView) -> None:
    made = snapshot(T=8, L=3, token=TOKEN)
    view.show_snapshot(made)
    sizes, panels = sizes_of(made), view.panels
    assert [panel.name for panel in panels] == [name for name, _ in PANELS]
    fields = (sizes.attention, sizes.attended, sizes.between, sizes.feed_forward, sizes.fed)
    for panel, values in zip(panels, (sizes.state[:-1], *fields), strict=False):
        assert panel.values[1:].tolist() == values.tolist()
        assert panel.first == 1
    assert panels[-2].values.tolist() == sizes.state.tolist()
    assert panels[-1].values[1:].tolist() == sizes.cosine.tolist()
    assert len({panel.full for panel in panels[:-1]}) == 1
    largest = max(float(panel.values.max()) for panel in panels[:-1])
    assert largest <= panels[0].full <= 1.1 * largest
    assert panels[-1].full == 1


def test_the_readout_says_what_the_layer_adds(qtbot: QtBot, view: LayersView) -> None:
    made = snapshot(T=8, token=TOKEN)
    view.show_snapshot(made)
    sizes = sizes_of(made)
    x, a, f = (
        numbers.length(float(part[1, TOKEN]))
        for part in (sizes.state, sizes.attention, sizes.feed_forward)
    )
    said = f"layer 2: {x} before, attention output {a}, feed-forward output {f}"
    assert view.readout == f"hands, {said}"
    assert view.needs(made.state).sizes
    for layer in (1, 0):
        qtbot.mouseMove(view.sizes_picture, point_on(view, 1, 6, layer))
    assert view.readout == f"his, embedding: {numbers.length(float(sizes.state[0, 6]))}"


def test_with_a_change_it_says_both_and_draws_the_difference(view: LayersView) -> None:
    made = snapshot(T=8, token=TOKEN, changed=True, options=ViewOptions(show=Show.DIFFERENCE))
    view.show_snapshot(made)
    assert made.answer is not None
    now, then = made.answer.shown.sizes, made.answer.as_is.sizes
    assert now is not None
    assert then is not None
    np.testing.assert_array_equal(view.panels[1].values[1:], now.attention - then.attention)
    assert all(panel.signed for panel in view.panels)
    as_is = numbers.length(float(then.state[1, TOKEN]))
    assert f"(as is {as_is} before, " in view.readout
    drawn = view.sizes_picture._panels  # noqa: SLF001
    assert [panel.number for panel in drawn] == [
        numbers.signed(float(panel.values[-1, TOKEN])) for panel in drawn
    ]
    cells = view.numbers().splitlines()[1].split("\t")
    assert float(cells[3]) == pytest.approx(float(now.attention[0, 0] - then.attention[0, 0]))


def test_a_click_and_the_keys_keep_the_token(qtbot: QtBot, view: LayersView) -> None:
    view.show_snapshot(snapshot(T=8, token=TOKEN))
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    button = Qt.MouseButton.LeftButton
    qtbot.mouseClick(view.sizes_picture, button, pos=point_on(view, 5, 6, 1))
    qtbot.keyClick(view.sizes_picture, Qt.Key.Key_Down)
    assert picks == [Pick(token=6), Pick(token=TOKEN + 1)]


def test_it_waits_for_sizes_that_were_just_asked_for(view: LayersView) -> None:
    made = snapshot(T=8)
    assert made.answer is not None
    bare = replace(made, answer=replace(made.answer, as_is=replace(made.answer.as_is, sizes=None)))
    view.show_snapshot(made)
    view.show_snapshot(bare)
    assert view.panels == ()
    assert view.readout == ""
    assert not view.picture.isVisible()
    view.show_snapshot(made)
    assert view.panels


def test_the_numbers_are_exact(view: LayersView) -> None:
    made = snapshot(T=8)
    view.show_snapshot(made)
    lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert len(lines) == 1 + 8 * 2
    assert lines[2][:2] == ["[CLS]", "2"]
    assert float(lines[2][3]) == pytest.approx(float(sizes_of(made).attention[1, 0]), rel=1e-7)


@pytest.mark.parametrize(
    ("size", "full"), [(285.29, 290.0), (1.0, 1.0), (0.0331, 0.034), (0.0, 1.0), (9.99, 10.0)]
)
def test_a_scale_ends_at_a_short_number_that_is_not_below(size: float, full: float) -> None:
    assert up_to_two_digits(size) == pytest.approx(full)


def test_where_there_is_little_height_every_picture_is_still_seen(view: LayersView) -> None:
    view.resize(700, 360)
    view.show_snapshot(snapshot(T=16))
    layout, room = view.sizes_picture.layout_now, view.sizes_picture.rect()
    areas = [layout.map_area(number).toRect() for number in range(len(view.panels))]
    assert all(room.contains(area) and area.height() >= 16 for area in areas)
    assert not any(one.intersects(other) for one in areas for other in areas if one is not other)
