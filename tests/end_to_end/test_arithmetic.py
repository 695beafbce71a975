"""One weight followed in the real window: its steps, silenced, edited, in another layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Pick, Show
from bertviz_app.ui.parts.steps import Result, Strip
from bertviz_app.ui.parts.steps_picture import StepsPicture
from tests.fixtures.desk import Desk


def blocks(desk: Desk) -> tuple[object, ...]:
    steps = desk.view("arithmetic").picture
    assert isinstance(steps, StepsPicture)
    return steps.blocks


def reaches_the_layer_norm(desk: Desk) -> bool:
    return any(isinstance(block, Strip) and block.name == "LayerNorm" for block in blocks(desk))


def errors(desk: Desk) -> list[str]:
    return [
        block.name for block in blocks(desk) if isinstance(block, Result) and block.role == "error"
    ]


def test_a_weight_is_followed_from_the_first_start_on(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.window.open_view("arithmetic")
    view = desk.view("arithmetic")
    desk.wait(lambda: reaches_the_layer_norm(desk))
    assert "softmax over 8: 0.4286; model 0.4286, apart " in view.readout
    assert not errors(desk)

    desk.window.actions_by_name["change.silence"].trigger()
    desk.settle()
    assert view.readout.endswith("(as is 0.4286)")
    assert any(isinstance(block, Result) and block.number == "0" for block in blocks(desk))

    desk.session.choose(replace(desk.snapshot.options, show=Show.DIFFERENCE))
    desk.settle()
    assert ", changed − as is = 0, ÷ √32 = 0; " in view.readout  # off, it looks as before
    assert any(isinstance(block, Strip) and block.values.any() for block in blocks(desk))
    assert not errors(desk)
    desk.session.choose(replace(desk.snapshot.options, show=Show.CHANGED))

    view.picked.emit(Pick(second=2))
    row = np.full(8, 0.125)
    desk.session.intervene(Interventions(attention={(5, 8, 4): row}))
    desk.settle()
    assert "; by hand 0.1250; model 0.1250, apart 0 (as is 0.4286)" in view.readout
    assert not errors(desk)

    desk.session.intervene(Interventions(causal=True))
    view.picked.emit(Pick(second=6))
    desk.settle()
    assert "softmax over 8: 0; model 0, apart 0" in view.readout
    assert not errors(desk)

    view.picked.emit(Pick(layer=0, head=2))
    desk.wait(lambda: reaches_the_layer_norm(desk))
    assert not errors(desk)
    assert view.numbers().startswith("head 1.3: [MASK] looks at .")
