"""The kinds of number and what is kept, in the real window with the shipped model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QColor

from bertviz_app.core.state import Pick, WeightKind
from bertviz_app.ui.parts.keep_slider import KeepSlider
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.theme import PALETTES
from tests.fixtures.desk import Desk


def test_kept_weights_are_the_same_in_every_picture_and_nothing_is_lost(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.frame.open_view("attention")
    view = desk.view("attention")
    keep = view.findChild(KeepSlider)
    assert keep is not None
    keep.slider.setValue(60)
    assert desk.snapshot.options.keep == 0.6
    assert view.readout == (
        "layer 6, head 9: [MASK] looks at woman with 0.43, its 1st of those shown; "
        "not drawn 0.16, folded 0.06"
    )
    rows = [line.split("\t")[1:] for line in view.numbers().splitlines()[1:]]
    assert np.array(rows, float).sum(axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-6)


def test_every_kind_is_computed_when_it_is_chosen(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.frame.open_view("attention")
    view = desk.view("attention")
    starts = {
        "norm": "layer 6, head 9, norm-weighted: [MASK] looks at woman with 2.51, its 1st",
        "gradient": "layer 6, head 9, gradient × weight for her: [MASK] looks at ",
        "mean": "mean of 12 heads of layer 6: [MASK] looks at ",
        "rollout": "rollout of layers 1 to 6: [MASK] looks at ",
        "weight": "layer 6, head 9: [MASK] looks at woman with 0.43",
    }
    for name, start in starts.items():
        desk.window.actions_by_name[f"kind.{name}"].trigger()
        desk.wait(lambda start=start: view.readout.startswith(start))


def test_a_text_that_becomes_shorter_has_its_gradient_too(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The children are [MASK] in the garden of the old house.")
    desk.frame.open_view("attention")
    desk.window.actions_by_name["kind.gradient"].trigger()
    desk.retype("A [MASK].")
    desk.wait(lambda: desk.snapshot.trace is not None and desk.snapshot.trace.gradients is not None)
    assert desk.snapshot.options.kind is WeightKind.GRADIENT
    assert desk.snapshot.fault is None
    assert desk.view("attention").readout.startswith("layer 6, head 9, gradient × weight for ")
    desk.retype("Nothing is hidden.")
    assert desk.view("attention").readout.startswith("Nothing is hidden, so there is no word")


def test_flow_is_computed_when_asked_for(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "Her hands.")
    desk.frame.answer.picked.emit(Pick(layer=0, head=0))
    desk.frame.open_view("attention")
    view = desk.view("attention")
    desk.window.actions_by_name["kind.flow"].trigger()
    assert "search of its own" in view.readout
    desk.press("Compute")
    desk.wait(lambda: view.readout.startswith("flow through layer 1: "))
    flows = [line.split("\t")[1:] for line in view.numbers().splitlines()[1:]]
    rows = np.array(flows, float)
    assert rows.sum(axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)  # of one layer alone
    desk.type(" So")
    assert "search of its own" in view.readout


def test_the_colours_of_weights_are_chosen_and_remembered(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    assert desk.window.actions_by_name["palette.ink"].isChecked()
    desk.window.actions_by_name["palette.viridis"].trigger()
    yellow = QColor(PALETTES["viridis"][-1])
    bar = desk.view("all_heads").findChild(ScaleBar)
    assert bar is not None
    image = bar.grab().toImage()
    seen = {image.pixelColor(x, 6).name() for x in range(image.width())}
    assert yellow.name() in seen
    assert desk.window.appearance.settings.palette == "viridis"
