"""Place 4 in the real window: the lens, the path of a word and the fact in the row of places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QCheckBox

from bertviz_app.core.lens import Depth
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.session import gestures
from bertviz_app.ui.examples import EXAMPLES
from bertviz_app.ui.parts.vectors import Source
from bertviz_app.ui.places import live_fact
from bertviz_app.ui.views.layers.lens import LensView
from bertviz_app.ui.views.layers.path import PathView
from bertviz_app.ui.views.layers.projection import ProjectionView
from tests.fixtures.desk import Desk


def read(snapshot: Snapshot) -> bool:
    return snapshot.trace is not None and snapshot.trace.lens is not None


def test_the_example_shows_where_her_takes_the_lead(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    assert live_fact(4, desk.snapshot).words == "6 layers"
    example = next(one for one in EXAMPLES if one.view == "path")
    desk.window.show_example(example)
    desk.wait(lambda: read(desk.snapshot))
    assert live_fact(4, desk.snapshot).words == "her from 6"
    lens, path = desk.view("lens"), desk.view("path")
    assert isinstance(lens, LensView)
    assert isinstance(path, PathView)
    best = {cell.depth: cell.text for cell in lens.lens_picture.grid.columns[0].cells}
    assert (best[Depth(5)], best[Depth(6)]) == ("his", "her")
    top = lens.lens_picture.grid.columns[0].cells[-1]
    assert desk.snapshot.trace is not None
    candidate = desk.snapshot.trace.predictions[0].candidates[0]
    assert top.word == candidate.token
    assert abs(top.value - candidate.probability) < 1e-6
    assert path.readout == "her: 75th at the embedding, 1st after layer 6; read at [MASK]"


def test_the_lens_follows_the_typing_and_lets_go_out_of_sight(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.open_view("lens")
    desk.wait(lambda: read(desk.snapshot))
    desk.frame.text_row.fields[0].select((4, 9))
    desk.type("man")
    desk.wait(lambda: read(desk.snapshot))
    assert desk.view("lens").readout.startswith("[MASK] after layer 6: his ")
    desk.window.open_view("attention")
    desk.wait(lambda: not read(desk.snapshot))


def test_all_tokens_are_read_as_soon_as_they_are_wanted(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.window.open_view("lens")
    lens = desk.view("lens")
    assert isinstance(lens, LensView)
    desk.wait(lambda: bool(lens.lens_picture.grid.columns))
    desk.wait(lambda: desk.frame.turns.are_over)
    box = next(one for one in lens.findChildren(QCheckBox) if one.text() == "all tokens")
    box.click()
    desk.wait(lambda: all(column.cells for column in lens.lens_picture.grid.columns))
    assert len(lens.lens_picture.grid.columns) == 8


def test_river_bank_and_money_bank_part(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "He lay on the bank of the river.")
    desk.window.open_view("projection")
    view = desk.view("projection")
    assert isinstance(view, ProjectionView)
    desk.wait(lambda: len(view.scatter.cloud.dots) == 11)
    desk.session.do(gestures.picked(desk.snapshot, Pick(token=5)))
    desk.press("Keep bank")
    desk.retype("He went to the bank to get money.")
    desk.wait(lambda: len(view.scatter.cloud.dots) == 12)
    dots = view.scatter.cloud.dots
    assert [dot.piece for dot in dots if dot.source is Source.KEPT] == ["bank"]
    assert desk.snapshot.trace is not None
    river, money = view.kept[0].states[:, 0], desk.snapshot.trace.hidden[:, 5]
    parted = np.linalg.norm(river - money, axis=-1)
    assert parted[-2] > 2 * parted[0] + 1
    assert "of the spread" in view.readout
